/* Asks several questions at once, each in a child with a deadline. */

#include "agent/core/children.h"

#include "agent/core/descriptors.h"
#include "agent/core/monotonic.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long killed children may take to be gone. */
#define DEATH_MS 20
/* Where a child writes its answer: behind its standard files, which are /dev/null. */
#define OUT      3
#define FAR_AWAY 10

struct child {
        pid_t pid;
        int64_t deadline;
};

void children_tie(pid_t parent, int number)
{
        prctl(PR_SET_PDEATHSIG, number);
        /* One that ended before that sends no signal any more. 0: it lives outside of the namespace of this child. */
        if (getppid() != parent && getppid() != 0)
                raise(number);
}

/* Whatever else is open here would stay open as long as the child: a pipe that a reader waits on, the lock of an apply. */
static _Noreturn void begin(const struct task *task, pid_t parent, int out)
{
        int null, keep;

        /* A session without a terminal, and so a process group, too: who holds the terminal of root can type there (TIOCSTI). */
        setsid();
        /* Who ignores the end of children is not told how they ended. */
        signal(SIGCHLD, SIG_DFL);
        children_tie(parent, SIGKILL);
        keep = fcntl(out, F_DUPFD_CLOEXEC, FAR_AWAY);
        null = open("/dev/null", O_RDWR | O_NOCTTY);
        /* In a chroot without devices: something that takes the place of the three, and can be neither read nor written. */
        if (null < 0)
                null = open("/", O_PATH | O_DIRECTORY);
        if (keep < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
            dup2(null, STDERR_FILENO) < 0 || dup3(keep, OUT, O_CLOEXEC) < 0 || clearenv() != 0)
                _exit(1);
        descriptors_close_from(OUT + 1);
        task->work(task->about, OUT);
        _exit(0);
}

static void start(struct task *task, struct child *child, struct pollfd *poller)
{
        pid_t parent = getpid();
        int pipes[2];

        poller->fd = -1;
        child->deadline = monotonic_ms() + task->timeout_ms;
        child->pid = -1;
        task->result = 0;
        if (pipe2(pipes, O_CLOEXEC) < 0) {
                task->result = -errno;
                return;
        }
        child->pid = fork();
        if (child->pid == 0)
                begin(task, parent, pipes[1]);
        close(pipes[1]);
        if (child->pid < 0) {
                close(pipes[0]);
                task->result = -EAGAIN;
                return;
        }
        *poller = (struct pollfd){ .fd = pipes[0], .events = POLLIN };
}

/* The group is killed before its leader is waited for: until then nobody else can get its number. A child that leads no group yet has not
 * begun anything either. */
static void end(const struct child *child, struct pollfd *poller)
{
        close(poller->fd);
        poller->fd = -1;
        kill(-child->pid, SIGKILL);
        kill(child->pid, SIGKILL);
}

/* Takes what is there; false when that was all, or enough. */
static bool take(struct task *task, int in, size_t most)
{
        char bytes[4096];
        size_t room = most - task->answer.size;
        ssize_t count = read(in, bytes, room < sizeof bytes ? room : sizeof bytes);

        if (count < 0)
                return errno == EINTR;
        text_add_bytes(&task->answer, bytes, (size_t)count);
        return count > 0 && task->answer.size < most;
}

/* Until the next deadline; -1: nobody is waited for. */
static int time_left(const struct child *children, const struct pollfd *polls, size_t count)
{
        int64_t next = INT64_MAX, left;

        for (size_t i = 0; i < count; i++)
                if (polls[i].fd >= 0 && children[i].deadline < next)
                        next = children[i].deadline;
        if (next == INT64_MAX)
                return -1;
        left = next - monotonic_ms();
        return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

static void bury(struct child *children, size_t count)
{
        const struct timespec moment = { .tv_nsec = 1000000 };
        bool left = true;

        for (unsigned i = 0; left && i < DEATH_MS; i++) {
                left = false;
                for (size_t j = 0; j < count; j++) {
                        if (children[j].pid > 0 && waitpid(children[j].pid, NULL, WNOHANG) != 0)
                                children[j].pid = -1;
                        left = left || children[j].pid > 0;
                }
                if (left)
                        nanosleep(&moment, NULL);
        }
}

void children_run(struct task *tasks, size_t count, size_t most)
{
        autofree struct pollfd *polls = memory_zero((count + 1) * sizeof *polls);
        autofree struct child *children = memory_zero((count + 1) * sizeof *children);
        int left;

        for (size_t i = 0; i < count; i++)
                start(&tasks[i], &children[i], &polls[i]);
        while ((left = time_left(children, polls, count)) >= 0) {
                poll(polls, count, left);
                for (size_t i = 0; i < count; i++) {
                        bool late = polls[i].fd >= 0 && children[i].deadline <= monotonic_ms();

                        if (polls[i].fd >= 0 && polls[i].revents && !take(&tasks[i], polls[i].fd, most))
                                end(&children[i], &polls[i]);
                        else if (late) {
                                tasks[i].result = -ETIMEDOUT;
                                end(&children[i], &polls[i]);
                        }
                }
        }
        bury(children, count);
        for (size_t i = 0; i < count; i++)
                if (tasks[i].result == 0 && tasks[i].answer.size == 0)
                        tasks[i].result = -EIO;
}

struct errand {
        int (*ask)(const void *about, struct text_buffer *text);
        const void *about;
};

/* Goes before the text: an answer that was cut off does not hold what it announces. */
struct announcement {
        int result;
        size_t size;
};

static void run_errand(const void *about, int out)
{
        autobuffer struct text_buffer text = { 0 };
        const struct errand *errand = about;
        struct announcement head = { 0 };

        head.result = errand->ask(errand->about, &text);
        head.size = text.size;
        children_answer(out, &head, sizeof head);
        children_answer(out, text.at, text.size);
}

static int read_errand(const struct text_buffer *bytes, size_t most, struct pool *pool, const void **answer, size_t *size)
{
        struct announcement head;

        if (bytes->size < sizeof head)
                return -EIO;
        memcpy(&head, bytes->at, sizeof head);
        if (head.result < 0)
                return head.result;
        if (head.size > most)
                return -EFBIG;
        if (bytes->size - sizeof head != head.size)
                return -EIO;
        *answer = pool_copy(pool, bytes->at + sizeof head, head.size);
        *size = head.size;
        return 0;
}

int children_ask(int (*ask)(const void *about, struct text_buffer *text), const void *about, unsigned timeout_ms, size_t most,
                 struct pool *pool, const void **answer, size_t *size)
{
        const struct errand errand = { ask, about };
        struct task task = { .work = run_errand, .about = &errand, .timeout_ms = timeout_ms };
        int r;

        children_run(&task, 1, sizeof(struct announcement) + most);
        r = task.result < 0 ? task.result : read_errand(&task.answer, most, pool, answer, size);
        text_buffer_free(&task.answer);
        return r;
}

void children_answer(int out, const void *bytes, size_t size)
{
        const char *at = bytes;

        while (size > 0) {
                ssize_t count = write(out, at, size);

                if (count < 0 && errno == EINTR)
                        continue;
                if (count < 0)
                        _exit(1);
                at += count;
                size -= (size_t)count;
        }
}

/* Asks in a child with a deadline what may hang inside the kernel, where no signal reaches. */

#include "agent/core/child.h"

#include "agent/core/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a killed child may take to be gone. */
#define DEATH_MS 20

struct message {
        int result;
        unsigned char answer[CHILD_ANSWER_MAX];
};

static int64_t now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static _Noreturn void answer_and_end(int (*ask)(const char *name, void *answer, size_t size), const char *name, size_t size,
                                     int out)
{
        struct message message = { 0 };
        ssize_t written = -1;

        if (dup2(out, STDIN_FILENO) == STDIN_FILENO) {
                descriptors_close_from(STDIN_FILENO + 1);
                message.result = ask(name, message.answer, size);
                written = write(STDIN_FILENO, &message, offsetof(struct message, answer) + size);
        }
        _exit(written < 0);
}

static bool wait_for_answer(int in, int64_t deadline)
{
        struct pollfd poller = { .fd = in, .events = POLLIN };
        int64_t left = deadline - now_ms();

        while (left > 0) {
                if (poll(&poller, 1, left > INT32_MAX ? INT32_MAX : (int)left) > 0)
                        return true;
                left = deadline - now_ms();
        }
        return false;
}

static void end(pid_t pid)
{
        const struct timespec moment = { .tv_nsec = 1000000 };

        kill(pid, SIGKILL);
        for (unsigned i = 0; i < DEATH_MS; i++) {
                if (waitpid(pid, NULL, WNOHANG) != 0)
                        return;
                nanosleep(&moment, NULL);
        }
}

int child_run(int (*ask)(const char *name, void *answer, size_t size), const char *name, unsigned timeout_ms, void *answer,
              size_t size)
{
        int64_t deadline = now_ms() + timeout_ms;
        struct message message;
        ssize_t count = -1;
        bool answered;
        int pipes[2];
        pid_t pid;

        if (size > sizeof message.answer)
                return -E2BIG;
        if (pipe2(pipes, O_CLOEXEC) < 0)
                return -errno;
        pid = fork();
        if (pid == 0)
                answer_and_end(ask, name, size, pipes[1]);
        close(pipes[1]);
        if (pid < 0) {
                close(pipes[0]);
                return -EAGAIN;
        }
        answered = wait_for_answer(pipes[0], deadline);
        if (answered)
                count = read(pipes[0], &message, sizeof message);
        close(pipes[0]);
        end(pid);
        if (!answered)
                return -ETIMEDOUT;
        if (count != (ssize_t)(offsetof(struct message, answer) + size))
                return -EIO;
        if (message.result == 0)
                memcpy(answer, message.answer, size);
        return message.result;
}

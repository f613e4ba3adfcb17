/* Asking by a program: run by an unprivileged user, without a shell, in an environment of its own. */

#include "agent/core/children.h"
#include "agent/core/endpoint_inside.h"
#include "agent/core/pool.h"
#include "agent/core/program.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEARCH_PATH "PATH=/usr/local/bin:/usr/bin:/bin"
/* More than anybody is in, and less than a stack holds. */
#define GROUPS_MAX 4096
/* How often to look whether the program has ended, where the kernel or a filter gives no descriptor for it. */
#define LOOK_MS 20

static void end_group(int number)
{
        (void)number;
        kill(0, SIGKILL);
}

/* When who asks ends, however that may be, this child does not end alone: the kernel tells it, and not what the command has started. */
static void take_along(pid_t parent)
{
        sigset_t end;

        signal(SIGTERM, end_group);
        sigemptyset(&end);
        sigaddset(&end, SIGTERM);
        sigprocmask(SIG_UNBLOCK, &end, NULL);
        children_tie(parent, SIGTERM);
}

/* All groups that the user is in. Returns how many, or a negative errno. */
static int find_groups(const struct passwd *user, gid_t groups[GROUPS_MAX])
{
        int count = GROUPS_MAX;

        return getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0 ? -E2BIG : count;
}

/* Root's group owns what root alone shall read or write. */
static bool is_of_root(const struct passwd *user, const gid_t *groups, int count)
{
        for (int i = 0; i < count; i++)
                if (groups[i] == 0)
                        return true;
        return user->pw_uid == 0 || user->pw_gid == 0;
}

/* Becomes the user for good. False after an answer. */
static bool become(const struct passwd *user, const char *name, int out)
{
        pid_t parent = getppid();
        gid_t groups[GROUPS_MAX];
        int count;

        if (!user) {
                endpoint_unasked(out, -ENOENT, "there is no user %s", name);
                return false;
        }
        count = find_groups(user, groups);
        if (count < 0 || is_of_root(user, groups, count)) {
                endpoint_unasked(out, -EOPNOTSUPP,
                                 count < 0 ? "the user %s is in too many groups" : "the user %s is root, or of its group",
                                 name);
                return false;
        }
        if (geteuid() != user->pw_uid &&
            (setgroups((size_t)count, groups) < 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
             setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0)) {
                endpoint_unasked(out, -errno, "becoming the user %s: %s", name, strerror(errno));
                return false;
        }
        take_along(parent);
        /* No program that is started from here gains anything. */
        if (chdir("/") < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
                endpoint_unasked(out, -errno, "becoming the user %s: %s", name, strerror(errno));
                return false;
        }
        return true;
}

/* In the process group of this child, with which it is killed. */
static int start(const struct endpoint *endpoint, const struct passwd *user, int output, pid_t *pid)
{
        autopool struct pool *pool = pool_new();
        const char *const environment[] = { SEARCH_PATH,
                                            "LC_ALL=C.UTF-8",
                                            pool_format(pool, "HOME=%s", user->pw_dir),
                                            pool_format(pool, "USER=%s", user->pw_name),
                                            pool_format(pool, "LOGNAME=%s", user->pw_name),
                                            NULL };

        return program_start(endpoint->argv, environment, output, pid);
}

/* Takes what is there, and keeps it as far as there is room; false at the end. */
static bool drain(int in, struct text_buffer *output)
{
        char bytes[4096];
        ssize_t count = read(in, bytes, sizeof bytes);
        size_t room = ENDPOINT_ANSWER_MAX - output->size;

        if (count < 0)
                return errno == EINTR;
        text_add_bytes(output, bytes, (size_t)count < room ? (size_t)count : room);
        return count > 0;
}

/* Until the program has ended: what it left running may hold its output open for ever, and is not waited for. */
static int follow(pid_t pid, int in, struct text_buffer *output, int *status)
{
        int process = (int)syscall(__NR_pidfd_open, pid, 0);
        pid_t ended;
        struct pollfd polls[] = { { .fd = process, .events = POLLIN }, { .fd = in, .events = POLLIN } };

        fcntl(in, F_SETFL, O_NONBLOCK);
        while ((ended = waitpid(pid, status, WNOHANG)) == 0) {
                poll(polls, 2, process < 0 ? LOOK_MS : -1);
                if (polls[1].revents && !drain(in, output) && errno != EAGAIN)
                        polls[1].fd = -1;
        }
        while (polls[1].fd >= 0 && output->size < ENDPOINT_ANSWER_MAX && drain(in, output))
                ;
        return ended == pid ? 0 : -ECHILD;
}

void endpoint_ask_command(const struct endpoint *endpoint, int out)
{
        autobuffer struct text_buffer output = { 0 }, answer = { 0 };
        const struct passwd *user = getpwnam(endpoint->user);
        int pipes[2], r, status = 0;
        pid_t pid;

        if (!become(user, endpoint->user, out))
                return;
        if (pipe2(pipes, O_CLOEXEC) < 0) {
                endpoint_unasked(out, -errno, "%s", strerror(errno));
                return;
        }
        r = start(endpoint, user, pipes[1], &pid);
        close(pipes[1]);
        if (r == -EACCES || r == -EPERM) {
                /* Nothing that root could do about it by asking once more. */
                endpoint_unasked(out, -ENOEXEC, "%s may not run %s", endpoint->user, endpoint->argv[0]);
                return;
        }
        if (r < 0) {
                endpoint_unasked(out, r, "%s: %s", endpoint->argv[0], strerror(-r));
                return;
        }
        r = follow(pid, pipes[0], &output, &status);
        if (r < 0) {
                endpoint_unasked(out, r, "%s: %s", endpoint->argv[0], strerror(-r));
                return;
        }
        if (WIFSIGNALED(status))
                text_addf(&answer, "signal %d\n\n", WTERMSIG(status));
        else
                text_addf(&answer, "exit %d\n\n", WEXITSTATUS(status));
        text_add_bytes(&answer, output.at ? output.at : "", output.size);
        children_answer(out, answer.at, answer.size);
}

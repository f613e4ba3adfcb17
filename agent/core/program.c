/* Runs child programs with a deadline; the only place that does. */

#include "agent/core/program.h"

#include "agent/core/children.h"
#include "agent/core/descriptors.h"
#include "agent/core/monotonic.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENVIRONMENT_MAX 16
#define SEARCH_PATH     "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
/* Time to leave in good order after SIGTERM. */
#define GRACE_MS 5000
/* Children of the program may keep its output open after it has ended; what they print is not waited for. */
#define LINGER_MS 200

static void close_descriptor(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}
#define autodescriptor __attribute__((cleanup(close_descriptor)))

static bool find_program(const char *name, char *path, size_t size)
{
        static const char *const folders[] = { "/usr/sbin", "/usr/bin", "/sbin", "/bin" };

        if (strchr(name, '/'))
                return false;
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                int length = snprintf(path, size, "%s/%s", folders[i], name);

                if (length > 0 && (size_t)length < size && access(path, X_OK) == 0)
                        return true;
        }
        return false;
}

/* posix_spawn(3) wants lists of plain char pointers, and changes none of them. */
static char **plain(const char *const *list)
{
        char **result;

        memcpy(&result, &list, sizeof result);
        return result;
}

/* In a session of its own, and so without a terminal: what runs for a package is not all from root's hand. */
static int spawn(const char *path, const char *const *argv, const char *const *environment, int out, pid_t *pid)
{
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        sigset_t none, all;
        int r;

        descriptors_keep_from(STDERR_FILENO + 1);
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
        r = posix_spawn(pid, path, &actions, &attributes, plain(argv), plain(environment));
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
        return -r;
}

static _Noreturn void become(pid_t parent, const char *const *argv, const char *const *environment, int out, int failure)
{
        sigset_t none;
        int r;

        for (int number = 1; number < NSIG; number++)
                signal(number, SIG_DFL);
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        children_tie(parent, SIGKILL);
        if (dup2(out, STDOUT_FILENO) >= 0)
                execve(argv[0], plain(argv), plain(environment));
        r = -errno;
        if (write(failure, &r, sizeof r) < 0)
                _exit(126);
        _exit(127);
}

/* No posix_spawn: it cannot tie what it starts. */
int program_start(const char *const *argv, const char *const *environment, int out, pid_t *pid)
{
        pid_t parent = getpid();
        int failure[2], r = 0;

        if (pipe2(failure, O_CLOEXEC) < 0)
                return -errno;
        *pid = fork();
        if (*pid == 0)
                become(parent, argv, environment, out, failure[1]);
        r = *pid < 0 ? -errno : 0;
        close(failure[1]);
        /* Nothing comes when it runs: the other end is closed by that. */
        if (*pid > 0 && read(failure[0], &r, sizeof r) == (ssize_t)sizeof r)
                waitpid(*pid, NULL, 0);
        close(failure[0]);
        return r;
}

/* Keeps the end of what is printed: that is where the reason of a failure stands. */
static void keep_tail(char *output, size_t size, const char *bytes, size_t count)
{
        size_t used, room;

        if (size < 2)
                return;
        room = size - 1;
        used = strlen(output);
        if (count > room) {
                bytes += count - room;
                count = room;
        }
        if (used + count > room) {
                size_t drop = used + count - room;

                memmove(output, output + drop, used - drop);
                used -= drop;
        }
        memcpy(output + used, bytes, count);
        output[used + count] = '\0';
}

/* Takes what is there; false at the end of the output. */
static bool drain(int in, char *output, size_t size)
{
        char bytes[4096];
        ssize_t count = read(in, bytes, sizeof bytes);

        if (count < 0)
                return errno == EAGAIN || errno == EINTR;
        for (ssize_t i = 0; i < count; i++)
                if (bytes[i] == '\0')
                        bytes[i] = '?';
        keep_tail(output, size, bytes, (size_t)count);
        return count > 0;
}

/* Waits until the program has ended or the time is up, reading what it prints. */
static bool wait_until(pid_t pid, int in, int64_t deadline, char *output, size_t size, int *status)
{
        autodescriptor int process = (int)syscall(__NR_pidfd_open, pid, 0);
        struct pollfd polls[] = { { .fd = process, .events = POLLIN }, { .fd = in, .events = POLLIN } };

        for (;;) {
                int64_t left = deadline - monotonic_ms();

                if (waitpid(pid, status, WNOHANG) == pid)
                        break;
                if (left <= 0)
                        return false;
                /* Without a pidfd (a filter may refuse it) look again soon. */
                if (process < 0 && left > 50)
                        left = 50;
                poll(polls, 2, left > INT32_MAX ? INT32_MAX : (int)left);
                if (polls[1].fd >= 0 && polls[1].revents && !drain(in, output, size))
                        polls[1].fd = -1;
        }
        deadline = monotonic_ms() + LINGER_MS;
        while (polls[1].fd >= 0 && monotonic_ms() < deadline && poll(&polls[1], 1, LINGER_MS) > 0)
                if (!drain(in, output, size))
                        break;
        return true;
}

static void end(pid_t pid, int in, char *output, size_t size)
{
        int status;

        kill(-pid, SIGTERM);
        if (wait_until(pid, in, monotonic_ms() + GRACE_MS, output, size, &status))
                return;
        kill(-pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
}

int program_run(const char *const *argv, const char *const *environment, unsigned timeout_ms, char *output, size_t size)
{
        const char *list[ENVIRONMENT_MAX + 4] = { SEARCH_PATH, "HOME=/root", "LC_ALL=C.UTF-8" };
        autodescriptor int in = -1;
        char path[256];
        int pipes[2], status, r;
        pid_t pid;

        if (size > 0)
                output[0] = '\0';
        for (size_t i = 0; environment && environment[i]; i++) {
                if (i == ENVIRONMENT_MAX)
                        return -E2BIG;
                list[3 + i] = environment[i];
        }
        if (!find_program(argv[0], path, sizeof path))
                return -ENOENT;
        if (pipe2(pipes, O_CLOEXEC) < 0)
                return -errno;
        in = pipes[0];
        fcntl(in, F_SETFL, O_NONBLOCK);
        r = spawn(path, argv, list, pipes[1], &pid);
        close(pipes[1]);
        if (r < 0)
                return r;
        if (!wait_until(pid, in, monotonic_ms() + timeout_ms, output, size, &status)) {
                end(pid, in, output, size);
                return -ETIMEDOUT;
        }
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

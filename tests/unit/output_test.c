/* Where an answer goes, and what stands in the place of files that the caller has closed. */

#include "agent/output.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a process without those of the three standard files whose bits are set: 0, or the number of the check that did not hold. */
static int fill_without(unsigned closed)
{
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
                if (closed & 1U << fd)
                        close(fd);
        output_fill();
        if (open("/", O_PATH | O_CLOEXEC) <= STDERR_FILENO)
                return 1;
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
                if (fcntl(fd, F_GETFD) != 0)
                        return 2;
        /* What is written to a file that was closed fails, and so does reading from one. */
        if (closed & 2 && (write(STDOUT_FILENO, "x", 1) >= 0 || errno != EBADF))
                return 3;
        if (closed & 4 && (write(STDERR_FILENO, "x", 1) >= 0 || errno != EBADF))
                return 4;
        return 0;
}

static void fill(void)
{
        for (unsigned closed = 0; closed < 8; closed++) {
                int status = 0;
                pid_t pid = fork();

                if (pid == 0)
                        _exit(fill_without(closed));
                waitpid(pid, &status, 0);
                EXPECT_NUMBER(NULL, WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
        }
}

static const struct test tests[] = {
        { "closed files", fill },
        { NULL, NULL },
};

const struct suite suite_output = { "output", tests };

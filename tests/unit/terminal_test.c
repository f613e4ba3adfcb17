/* No program that is started from here has the terminal of who started plumbline: who holds it can type there (TIOCSTI). */

#include "agent/core/children.h"
#include "agent/core/program.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_TERMINAL 99

static int open_terminal(void)
{
        int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

        return fd < 0 ? -errno : fd;
}

/* Runs it in a process that has a terminal; returns what it returned. */
static int with_terminal(int (*run)(void))
{
        int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), status = 0;
        char name[64] = "";
        pid_t pid;

        if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 || ptsname_r(master, name, sizeof name) != 0)
                return NO_TERMINAL;
        pid = fork();
        if (pid == 0) {
                setsid();
                if (open(name, O_RDWR | O_CLOEXEC) < 0 || open_terminal() < 0)
                        _exit(NO_TERMINAL);
                _exit(run());
        }
        waitpid(pid, &status, 0);
        close(master);
        return WIFEXITED(status) ? WEXITSTATUS(status) : NO_TERMINAL;
}

static void try_to_open(const void *about, int out)
{
        int r = open_terminal();

        (void)about;
        children_answer(out, &r, sizeof r);
}

static int ask_child(void)
{
        struct task task = { .work = try_to_open, .timeout_ms = 30000 };
        int r = 0;

        children_run(&task, 1, sizeof r);
        if (task.answer.size == sizeof r)
                memcpy(&r, task.answer.at, sizeof r);
        text_buffer_free(&task.answer);
        return r < 0 ? -r : 0;
}

static int ask_program(void)
{
        static const char *const argv[] = { "sh", "-c", "(: </dev/tty) 2>/dev/null && echo there; true", NULL };
        char output[64];

        return program_run(argv, NULL, 30000, output, sizeof output) == 0 && !*output ? ENXIO : 0;
}

static void terminal(void)
{
        EXPECT_NUMBER("a child", with_terminal(ask_child), ENXIO);
        EXPECT_NUMBER("a program", with_terminal(ask_program), ENXIO);
}

static const struct test tests[] = {
        { "terminal", terminal },
        { NULL, NULL },
};

const struct suite suite_terminal = { "terminal", tests };

/* Child programs: what they print and answer, and that none outlives its time. */

#include "agent/core/ask.h"
#include "agent/core/program.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void runs(void)
{
        static const struct {
                const char *name, *script;
                int r;
                const char *output;
        } cases[] = {
                { "nothing", "true", 0, "" },
                { "output", "echo a; echo b >&2", 0, "a\nb\n" },
                { "status", "exit 7", 7, "" },
                { "signal", "kill -9 $$", 128 + 9, "" },
                { "no input", "cat; echo end", 0, "end\n" },
                { "the end of much", "seq 1 100000", 0, "99997\n99998\n99999\n100000\n" },
                { "NUL bytes", "printf 'a\\000b'", 0, "a?b" },
                { "environment", "echo $NAME $HOME; test -z \"$USER$LANG\"", 0, "value /root\n" },
                { "no other files", "ls /proc/self/fd | wc -l", 0, "4\n" },
                { "a child that lingers", "(sleep 2; echo late) & echo now", 0, "now\n" },
        };
        static const char *const environment[] = { "NAME=value", NULL };
        int inheritable = dup(STDIN_FILENO);

        EXPECT("a file that a program would inherit", inheritable > STDERR_FILENO);
        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *const argv[] = { "sh", "-c", cases[i].script, NULL };
                size_t size = strlen(cases[i].output) + 1;
                char output[64];

                if (strcmp(cases[i].name, "the end of much") != 0)
                        size = sizeof output;
                EXPECT_NUMBER(cases[i].name, program_run(argv, environment, 30000, output, size), cases[i].r);
                EXPECT_TEXT(cases[i].name, output, cases[i].output);
        }
        close(inheritable);
}

static void deadline(void)
{
        static const char *const sleeper[] = { "sh", "-c", "echo begun; sleep 300; echo done", NULL };
        char output[64];

        EXPECT_NUMBER(NULL, program_run(sleeper, NULL, 300, output, sizeof output), -ETIMEDOUT);
        EXPECT_TEXT(NULL, output, "begun\n");
}

static void refusals(void)
{
        static const char *const absent[] = { "no-such-program-here", NULL };
        static const char *const outside[] = { "../../tmp/x", NULL };
        static const char *many[40];

        for (size_t i = 0; i < 39; i++)
                many[i] = "A=1";
        EXPECT_NUMBER("absent", program_run(absent, NULL, 1000, NULL, 0), -ENOENT);
        EXPECT_NUMBER("outside", program_run(outside, NULL, 1000, NULL, 0), -ENOENT);
        EXPECT_NUMBER("too much environment", program_run(absent, many, 1000, NULL, 0), -E2BIG);
        /* Nothing of this reaches a program. */
        EXPECT_NUMBER("an option", tell_package("--help", "install"), -EINVAL);
        EXPECT_NUMBER("two names", tell_package("a b", "install"), -EINVAL);
        EXPECT_NUMBER("a path", tell_package("./x.deb", "install"), -EINVAL);
        EXPECT_NUMBER("empty", tell_package("", "install"), -EINVAL);
        EXPECT_NUMBER("what to do", tell_package("bash", "explode"), -EINVAL);
        EXPECT_NUMBER("which file", tell_grub("other", "update"), -EINVAL);
        EXPECT_NUMBER("what to do", tell_grub("config", "explode"), -EINVAL);
}

static const struct test tests[] = {
        { "runs", runs },
        { "deadline", deadline },
        { "refusals", refusals },
        { NULL, NULL },
};
const struct suite suite_program = { "program", tests };

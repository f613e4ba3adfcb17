/* Questions asked in a child: what comes back, and that no child that hangs holds anybody up. */

#include "agent/core/ask.h"
#include "agent/core/child.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int fill(const char *name, void *answer, size_t size)
{
        memset(answer, name[0], size);
        return 0;
}

static int refuse(const char *name, void *answer, size_t size)
{
        memset(answer, name[0], size);
        return -EACCES;
}

static int fall(const char *name, void *answer, size_t size)
{
        (void)answer;
        (void)size;
        _exit(name[0]);
}

static int sleep_on(const char *name, void *answer, size_t size)
{
        (void)name;
        (void)answer;
        (void)size;
        pause();
        return 0;
}

/* How many files this process has open, of those with low numbers. */
static int count_open(const char *name, void *answer, size_t size)
{
        unsigned char *count = answer;

        (void)name;
        memset(answer, 0, size);
        for (int fd = 0; fd < 200; fd++)
                if (fcntl(fd, F_GETFD) >= 0)
                        (*count)++;
        return 0;
}

static int say_much(const char *name, struct text_buffer *text)
{
        for (unsigned i = 0; i < 100000; i++)
                text_addf(text, "%s%06u\n", name, i);
        return 0;
}

static int say_half(const char *name, struct text_buffer *text)
{
        text_add(text, name);
        return -EACCES;
}

static int fall_silent(const char *name, struct text_buffer *text)
{
        (void)text;
        _exit(name[0]);
}

static int say_nothing(const char *name, struct text_buffer *text)
{
        (void)name;
        (void)text;
        pause();
        return 0;
}

/* Answers that are longer than what a pipe holds. */
static void texts(void)
{
        autopool struct pool *pool = pool_new();
        const void *answer = NULL;
        size_t size = 0;

        EXPECT_NUMBER("much", child_text(say_much, "x", 30000, 800000, pool, &answer, &size), 0);
        EXPECT_NUMBER("much", size, 800000);
        EXPECT("the end", answer && !memcmp((const char *)answer + size - 8, "x099999\n", 8));
        EXPECT_NUMBER("too much", child_text(say_much, "x", 30000, 799999, pool, &answer, &size), -EFBIG);
        EXPECT_NUMBER("refused", child_text(say_half, "x", 30000, 100, pool, &answer, &size), -EACCES);
        EXPECT_NUMBER("fallen", child_text(fall_silent, "x", 30000, 100, pool, &answer, &size), -EIO);
        EXPECT_NUMBER("hanging", child_text(say_nothing, "x", 50, 100, pool, &answer, &size), -ETIMEDOUT);
        EXPECT_NUMBER("untouched", size, 800000);
        while (waitpid(-1, NULL, 0) > 0)
                ;
        EXPECT_NUMBER("no child hangs", errno, ECHILD);
}

static void answers(void)
{
        char answer[CHILD_ANSWER_MAX + 1] = "as it was";

        EXPECT_NUMBER("refused", child_run(refuse, "x", 30000, answer, 4), -EACCES);
        EXPECT_NUMBER("fell", child_run(fall, "x", 30000, answer, 4), -EIO);
        EXPECT_NUMBER("too much", child_run(fill, "x", 30000, answer, CHILD_ANSWER_MAX + 1), -E2BIG);
        EXPECT_TEXT("untouched", answer, "as it was");
        EXPECT_NUMBER("answered", child_run(fill, "x", 30000, answer, CHILD_ANSWER_MAX), 0);
        EXPECT("all of it", answer[0] == 'x' && answer[CHILD_ANSWER_MAX - 1] == 'x' && answer[CHILD_ANSWER_MAX] == '\0');
        EXPECT_NUMBER("counted", child_run(count_open, "", 30000, answer, 1), 0);
        EXPECT_NUMBER("its way back, and no more", answer[0], 1);
        while (waitpid(-1, NULL, 0) > 0)
                ;
        EXPECT_NUMBER("no child hangs", errno, ECHILD);
}

/* A child that were waited for would hold this test up for ever. */
static void deadline(void)
{
        char answer[4];
        int status = 0;
        pid_t pid;

        EXPECT_NUMBER(NULL, child_run(sleep_on, "", 100, answer, sizeof answer), -ETIMEDOUT);
        /* On a busy machine a killed child may need longer to be gone than its parent waits. */
        pid = waitpid(-1, &status, 0);
        EXPECT("it was ended", pid < 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

/* None of this may reach a device. */
static void names(void)
{
        static const char *const cases[] = {
                "",
                "/smart",
                "nvme/smart",
                "nvme0",
                "nvme0/",
                "nvme0/smart/",
                "nvme0/smarter",
                "nvme0n1/smart",
                "../nvme0/smart",
                "nvme0/../smart",
                "sda/smart",
                "null/smart",
                "nvme0123456789012345678901234567890/smart",
                "nvme99999/smart",
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const void *answer;
                size_t size;

                EXPECT_NUMBER(cases[i], ask_nvme(pool, cases[i], &answer, &size), -ENOENT);
        }
}

static const struct test tests[] = {
        { "long answers", texts }, { "answers", answers }, { "deadline", deadline }, { "names", names }, { 0 }
};

const struct suite suite_child = { "child", tests };

/* Several questions at once: each keeps its own time, and none holds up another. */

#include "agent/core/children.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const void *about, int out)
{
        children_answer(out, about, strlen(about));
}

static void hang(const void *about, int out)
{
        children_answer(out, about, strlen(about));
        pause();
}

static void fall(const void *about, int out)
{
        (void)about;
        (void)out;
        abort();
}

static void chatter(const void *about, int out)
{
        for (;;)
                children_answer(out, about, strlen(about));
}

/* A descendant that holds the answer open. */
static void leave_child(const void *about, int out)
{
        if (fork() == 0)
                for (;;)
                        pause();
        children_answer(out, about, strlen(about));
}

static void count_open(const void *about, int out)
{
        char count = '0';

        (void)about;
        for (int fd = 0; fd < 200; fd++)
                count = (char)(count + (fcntl(fd, F_GETFD) >= 0));
        children_answer(out, &count, environ ? 0 : 1);
}

static void answers(void)
{
        struct task tasks[] = {
                { .work = say, .about = "one", .timeout_ms = 30000 },
                { .work = hang, .about = "two", .timeout_ms = 300 },
                { .work = fall, .about = "", .timeout_ms = 30000 },
                { .work = chatter, .about = "x", .timeout_ms = 30000 },
                { .work = leave_child, .about = "three", .timeout_ms = 400 },
                { .work = count_open, .about = "", .timeout_ms = 30000 },
                { .work = hang, .about = "", .timeout_ms = 300 },
        };
        static const struct {
                int result;
                const char *answer; /* NULL: any */
        } want[] = { { 0, "one" },         { -ETIMEDOUT, NULL }, { -EIO, NULL },      { 0, "xxxxxxxx" },
                     { -ETIMEDOUT, NULL }, { 0, "4" },           { -ETIMEDOUT, NULL } };
        size_t count = sizeof tasks / sizeof tasks[0];
        time_t began = time(NULL);

        children_run(tasks, count, 8);
        EXPECT("side by side", time(NULL) - began < 20);
        for (size_t i = 0; i < count; i++) {
                text_add(&tasks[i].answer, "");
                EXPECT_NUMBER(NULL, tasks[i].result, want[i].result);
                if (want[i].answer)
                        EXPECT_TEXT(NULL, tasks[i].answer.at, want[i].answer);
                text_buffer_free(&tasks[i].answer);
        }
        while (waitpid(-1, NULL, 0) > 0)
                ;
        EXPECT_NUMBER("all are gone", errno, ECHILD);
        children_run(tasks, 0, 8);
}

static const struct test children_tests[] = {
        { "answers", answers },
        { NULL, NULL },
};

const struct suite suite_children = { "children", children_tests };

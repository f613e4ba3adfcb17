/* Several questions at once: each keeps its own time, and none holds up another. */

#include "agent/core/children.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
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

        children_run(tasks, count, 8);
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

/* Answers only when all have begun: one after the other they would wait for ever. */
static void meet(const void *about, int out)
{
        atomic_int *begun = *(atomic_int *const *)about;

        atomic_fetch_add(begun, 1);
        while (atomic_load(begun) < 3)
                sched_yield();
        children_answer(out, "met", 3);
}

static void side_by_side(void)
{
        atomic_int *begun = mmap(NULL, sizeof *begun, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct task tasks[3];

        for (size_t i = 0; i < 3; i++)
                tasks[i] = (struct task){ .work = meet, .about = &begun, .timeout_ms = 30000 };
        children_run(tasks, 3, 8);
        for (size_t i = 0; i < 3; i++) {
                EXPECT_NUMBER("all were there", tasks[i].result, 0);
                text_buffer_free(&tasks[i].answer);
        }
        munmap(begun, sizeof *begun);
}

static int say_much(const void *name, struct text_buffer *text)
{
        for (unsigned i = 0; i < 100000; i++)
                text_addf(text, "%s%06u\n", (const char *)name, i);
        return 0;
}

static int say_half(const void *name, struct text_buffer *text)
{
        text_add(text, name);
        return -EACCES;
}

static int fall_silent(const void *name, struct text_buffer *text)
{
        (void)name;
        (void)text;
        abort();
}

static int say_nothing(const void *name, struct text_buffer *text)
{
        (void)name;
        (void)text;
        pause();
        return 0;
}

/* Announces more than it says, as one that is killed while it writes. */
static void cut_off(const void *about, int out)
{
        const struct {
                int result;
                size_t size;
        } head = { 0, 9 };

        (void)about;
        children_answer(out, &head, sizeof head);
        children_answer(out, "12345678", 8);
        _exit(0);
}

static int say_cut_off(const void *about, struct text_buffer *text)
{
        (void)text;
        cut_off(about, 3);
        return 0;
}

/* One that is asked for a text, which may be longer than what a pipe holds. */
static void texts(void)
{
        autopool struct pool *pool = pool_new();
        const void *answer = NULL;
        size_t size = 0;

        EXPECT_NUMBER("much", children_ask(say_much, "x", 30000, 800000, pool, &answer, &size), 0);
        EXPECT_NUMBER("much", size, 800000);
        EXPECT("the end", answer && !memcmp((const char *)answer + size - 8, "x099999\n", 9));
        EXPECT_NUMBER("too much", children_ask(say_much, "x", 30000, 799999, pool, &answer, &size), -EFBIG);
        EXPECT_NUMBER("refused", children_ask(say_half, "x", 30000, 100, pool, &answer, &size), -EACCES);
        EXPECT_NUMBER("fallen", children_ask(fall_silent, "x", 30000, 100, pool, &answer, &size), -EIO);
        EXPECT_NUMBER("cut off", children_ask(say_cut_off, "x", 30000, 100, pool, &answer, &size), -EIO);
        EXPECT_NUMBER("hanging", children_ask(say_nothing, "x", 50, 100, pool, &answer, &size), -ETIMEDOUT);
        EXPECT_NUMBER("untouched", size, 800000);
        while (waitpid(-1, NULL, 0) > 0)
                ;
        EXPECT_NUMBER("no child hangs", errno, ECHILD);
}

static const struct test children_tests[] = {
        { "answers", answers },
        { "side by side", side_by_side },
        { "texts", texts },
        { NULL, NULL },
};

const struct suite suite_children = { "children", children_tests };

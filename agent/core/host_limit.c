/* The door, in a hurry: what may hang is asked in a child, and when the time is out nothing is read any more. */

#include "agent/core/ask.h"
#include "agent/core/children.h"
#include "agent/core/host_inside.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Far above any answer: a dump of the links of a large host. */
#define ANSWER_MAX ((size_t)16 << 20)

static int64_t now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void host_limit(struct host *host, unsigned ms, char *place)
{
        host->limited = true;
        host->deadline_ms = now_ms() + ms;
        host->place = place;
}

const char *host_given_up(const struct host *host)
{
        return host->given_up.at;
}

unsigned door_left_ms(const struct host *host)
{
        int64_t left = host->deadline_ms - now_ms();

        return left < 0 ? 0 : (unsigned)left;
}

void door_give_up(struct host *host, const char *what, const char *name)
{
        text_addf(&host->given_up, "%s%s%s", host->given_up.size ? ", " : "", what, name);
}

int door_hurry(struct host *host, const char *source)
{
        if (host->place)
                snprintf(host->place, LIMIT_PLACE, "%s", source);
        if (!host->limited || door_left_ms(host) > 0)
                return 0;
        if (!host->late)
                door_give_up(host, "all that was to be read from here on: ", source);
        host->late = true;
        return -ETIME;
}

struct errand {
        const struct question *question;
        const char *rest;
};

static void run_errand(const void *about, int out)
{
        autopool struct pool *pool = pool_new();
        const struct errand *errand = about;
        const void *answer = NULL;
        size_t size = 0;
        int r;

        r = errand->question->ask(pool, errand->rest, &answer, &size);
        children_answer(out, &r, sizeof r);
        if (r == 0)
                children_answer(out, answer, size);
}

/* Half of what is left, so that one that hangs leaves something to those behind it. */
int door_ask_in_time(struct host *host, struct pool *pool, const struct question *question, const char *rest,
                     const void **answer, size_t *size)
{
        const struct errand errand = { question, rest };
        struct task task = { .work = run_errand, .about = &errand, .timeout_ms = door_left_ms(host) / 2 };
        int r;

        children_run(&task, 1, ANSWER_MAX);
        r = task.result;
        if (r == -ETIMEDOUT) {
                door_give_up(host, question->prefix, rest);
                r = -ETIME;
        }
        if (r == 0 && task.answer.size < sizeof r)
                r = -EIO;
        if (r == 0)
                memcpy(&r, task.answer.at, sizeof r);
        if (r == 0) {
                *size = task.answer.size - sizeof r;
                text_add_bytes(&task.answer, "", 1);
                *answer = pool_copy(pool, task.answer.at + sizeof r, *size + 1);
        }
        text_buffer_free(&task.answer);
        return r;
}

/* The door, in a hurry: what may hang is asked in a child, and when the time is out nothing is read any more. */

#include "agent/core/ask.h"
#include "agent/core/children.h"
#include "agent/core/host_inside.h"
#include "agent/core/monotonic.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Far above any answer: a dump of the links of a large host. */
#define ANSWER_MAX ((size_t)16 << 20)

void host_limit(struct host *host, unsigned ms, char *place)
{
        host->limited = true;
        host->deadline_ms = monotonic_ms() + ms;
        host->place = place;
}

bool host_is_late(const struct host *host)
{
        return host->late;
}

const char *host_given_up(const struct host *host)
{
        return host->given_up.at;
}

unsigned door_left_ms(const struct host *host)
{
        int64_t left = host->deadline_ms - monotonic_ms();

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

static int run_errand(const void *about, struct text_buffer *text)
{
        autopool struct pool *pool = pool_new();
        const struct errand *errand = about;
        const void *answer;
        size_t size;
        int r;

        r = errand->question->ask(pool, errand->rest, &answer, &size);
        if (r == 0)
                text_add_bytes(text, answer, size);
        return r;
}

/* Half of what is left, so that one that hangs leaves something to those behind it; or what the question takes in any case, if there is so
 * much. */
static unsigned time_for(const struct host *host, const struct question *question)
{
        unsigned left = door_left_ms(host);

        return question->takes_ms > left ? 0 : question->takes_ms > left / 2 ? question->takes_ms : left / 2;
}

int door_ask_in_time(struct host *host, struct pool *pool, const struct question *question, const char *rest,
                     const void **answer, size_t *size)
{
        const struct errand errand = { question, rest };
        unsigned time_ms = time_for(host, question);
        int r = -ETIMEDOUT;

        if (time_ms > 0)
                r = children_ask(run_errand, &errand, time_ms, ANSWER_MAX, pool, answer, size);
        if (r != -ETIMEDOUT)
                return r;
        door_give_up(host, question->prefix, rest);
        return -ETIME;
}

/* Counts failures in a row, from run to run. */

#include "agent/streak.h"

#include "agent/kept.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SINCE_SIZE 20
#define COUNT_MAX  1000000000

/* "2 2026-11-20T09:30:00Z\n" */
static int parse(struct pool *pool, const char *text, size_t size, struct streak *streak)
{
        struct slice count, since, more;
        const char *rest = text;
        uint64_t number;

        if (memchr(text, 0, size) || !text_word(&rest, " \n", &count) || !text_word(&rest, " \n", &since) ||
            text_word(&rest, " \n", &more) || since.size != SINCE_SIZE || strspn(since.at, "0123456789-:TZ") != SINCE_SIZE)
                return -EBADMSG;
        if (text_u64(slice_dup(pool, count), 10, &number) < 0 || number < 1 || number >= COUNT_MAX)
                return -EBADMSG;
        streak->failures = (unsigned)number + 1;
        memcpy(streak->since, since.at, SINCE_SIZE);
        return 0;
}

static void begin(const struct session *session, unsigned failures, struct streak *streak)
{
        streak->failures = failures;
        snprintf(streak->since, sizeof streak->since, "%s", session->now);
}

void streak_count(const struct session *session, const struct options *options, const struct judgement *judgement,
                  struct streak *streak)
{
        const char *path, *text = NULL;
        const void *bytes;
        size_t size;
        int r;

        *streak = (struct streak){ .after = options->alert_after };
        if (!streak->after)
                return;
        path = pool_format(session->pool, KEPT_FOLDER "/failures-%.16s%s", session->profile->sha256,
                           options->quiet_only ? "-quiet" : "");
        r = kept_read(session, path, &bytes, &size);
        if (judgement->verdict == VERDICT_NOT_READY || judgement->verdict == VERDICT_UNKNOWN) {
                streak->error = r == 0 ? parse(session->pool, bytes, size, streak) : r == -ENOENT ? 0 : r;
                if (streak->failures == 0)
                        begin(session, streak->error < 0 ? streak->after : 1, streak);
                text = pool_format(session->pool, "%u %s\n", streak->failures, streak->since);
        }
        if (text || r != -ENOENT)
                r = kept_write(session, path, text);
        if (text && r < 0 && streak->error == 0)
                streak->error = r;
}

bool streak_alerts(const struct streak *streak)
{
        return streak->failures > 0 && (streak->error < 0 || streak->failures >= streak->after);
}

const char *streak_words(struct pool *pool, const struct streak *streak)
{
        if (!streak->after || !streak->failures)
                return NULL;
        if (streak->error < 0)
                return pool_format(pool, "an alert, since failures in a row cannot be counted in " KEPT_FOLDER ": %s",
                                   error_words(streak->error));
        return pool_format(pool, "failures in a row: %u, since %s; %s after %u", streak->failures, streak->since,
                           streak_alerts(streak) ? "an alert" : "an alert comes", streak->after);
}

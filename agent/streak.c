/* Counts failures in a row, from run to run. */

#include "agent/streak.h"

#include "agent/kept.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SINCE_SIZE 20
#define COUNT_MAX  1000000000

#define LOCK          KEPT_FOLDER "/failures.lock"
#define LOCK_TRIES    250
#define LOCK_PAUSE_MS 20

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

/* Runs at the same time count one behind the other. Held until the session ends, which is soon. */
static int take_lock(const struct session *session)
{
        const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
        int r = host_make_folder(session->host, KEPT_FOLDER, 0755);

        for (unsigned i = 0; r >= 0 && (r = host_lock(session->host, LOCK, true)) == -EBUSY && i < LOCK_TRIES; i++) {
                nanosleep(&pause, NULL);
                r = 0;
        }
        return r;
}

/* What stands there, as it is counted on. */
static int count_on(const struct session *session, const char *path, bool failing, struct streak *streak)
{
        const char *text = NULL;
        const void *bytes;
        size_t size;
        int r;

        r = kept_read(session, path, &bytes, &size);
        if (failing) {
                streak->error = r == 0 ? parse(session->pool, bytes, size, streak) : r == -ENOENT ? 0 : r;
                if (streak->failures == 0)
                        begin(session, streak->error < 0 ? streak->after : 1, streak);
                text = pool_format(session->pool, "%u %s\n", streak->failures, streak->since);
        }
        return text || r != -ENOENT ? kept_write(session, path, text) : 0;
}

void streak_count(const struct session *session, const struct options *options, const struct judgement *judgement,
                  struct streak *streak)
{
        bool failing = judgement->verdict == VERDICT_NOT_READY || judgement->verdict == VERDICT_UNKNOWN;
        struct host_stat stat;
        const char *path;
        int locked, r;

        *streak = (struct streak){ .after = options->alert_after };
        if (!streak->after)
                return;
        path = pool_format(session->pool, KEPT_FOLDER "/failures-%.16s%s", session->profile->sha256,
                           options->quiet_only ? "-quiet" : "");
        if (!failing && host_stat(session->host, &stat, "%s", path) == -ENOENT)
                return;
        locked = take_lock(session);
        r = count_on(session, path, failing, streak);
        if (failing && streak->error == 0)
                streak->error = locked < 0 ? locked : r < 0 ? r : 0;
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

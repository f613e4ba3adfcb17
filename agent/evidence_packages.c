/* Which packages came, went or changed in between, by dpkg's log. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define LOG_FOLDER "/var/log"
#define LOG        LOG_FOLDER "/dpkg.log"
#define OTHERS     4 /* that are named though nothing speaks for them */
#define SHOWN_MAX  100

struct change {
        int64_t at;
        const char *action, *package, *from, *to;
};

/* "2026-11-20 09:30:00" */
static bool read_time(struct pool *pool, struct slice day, struct slice hour, int64_t *at)
{
        struct tm tm = { .tm_isdst = -1 };
        const char *end = strptime(pool_format(pool, "%.*s %.*s", (int)day.size, day.at, (int)hour.size, hour.at),
                                   "%Y-%m-%d %H:%M:%S", &tm);

        if (!end || *end)
                return false;
        *at = mktime(&tm);
        return true;
}

/* "2026-11-20 09:30:00 upgrade procps:amd64 2:4.0.2-3 2:4.0.2-4" (dpkg(1), the log), in the local time of this machine. */
static bool read_change(struct pool *pool, struct slice line, struct change *change)
{
        struct slice day, hour, action, package, from, to = { 0 };
        int64_t at;

        if (!slice_word(&line, " ", &day) || !slice_word(&line, " ", &hour) || !slice_word(&line, " ", &action) ||
            !slice_word(&line, " ", &package) || !slice_word(&line, " ", &from))
                return false;
        slice_word(&line, " ", &to);
        if (!slice_equals(action, "install") && !slice_equals(action, "upgrade") && !slice_equals(action, "remove") &&
            !slice_equals(action, "purge"))
                return false;
        if (!read_time(pool, day, hour, &at))
                return false;
        *change = (struct change){ .at = at, .action = slice_dup(pool, action), .package = slice_dup(pool, package) };
        change->from = slice_dup(pool, from);
        change->to = slice_dup(pool, to);
        return true;
}

/* "procps:amd64 upgraded from 1 to 2"; "<none>" stands where there is no version. */
static const char *words_of(struct pool *pool, const struct change *change)
{
        static const struct {
                const char *action, *words;
                bool from, to;
        } kinds[] = { { "install", "installed", false, true },
                      { "upgrade", "upgraded", true, true },
                      { "remove", "removed", true, false },
                      { "purge", "purged", true, false } };
        const char *text = change->package;

        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
                if (!text_equals(kinds[i].action, change->action))
                        continue;
                text = pool_format(pool, "%s %s", text, kinds[i].words);
                if (kinds[i].from && !text_equals(change->from, "<none>"))
                        text = pool_format(pool, "%s%s %s", text, kinds[i].to ? " from" : ",", change->from);
                if (kinds[i].to && *change->to)
                        text = pool_format(pool, "%s%s %s", text, kinds[i].from ? " to" : ",", change->to);
        }
        return text_printable(pool, text, SHOWN_MAX * 2);
}

/* The files that win say whose they are. */
static bool is_owner(struct pool *pool, const struct drift_row *row, const struct change *change)
{
        const char *name = pool_copy(pool, change->package, strcspn(change->package, ":"));

        for (size_t i = 0; i < row->clue_count; i++)
                if (text_equals(row->clues[i].kind, "file") &&
                    (strstr(row->clues[i].text, pool_format(pool, ", of the package %s,", name)) ||
                     strstr(row->clues[i].text, pool_format(pool, ", of the package %s,", change->package))))
                        return true;
        return false;
}

static void hold_against(const struct evidence *evidence, const struct change *changes, size_t count, struct drift_row *row)
{
        autobuffer struct text_buffer others = { 0 };
        size_t left = 0;
        int64_t last = 0;

        for (size_t i = 0; i < count; i++) {
                const struct change *change = &changes[i];
                autopool struct pool *pool = NULL;
                struct evidence one = *evidence;

                if (!evidence_fits(row, change->at))
                        continue;
                one.pool = pool = pool_new();
                if (is_owner(pool, row, change))
                        evidence_add(evidence, row, "package", evidence_weigh(row, change->at, 92), change->at,
                                     words_of(pool, change));
                else if (evidence_names_package(&one, row, change->package))
                        evidence_add(evidence, row, "package",
                                     evidence_weigh(row, change->at, text_equals(row->layer, "package") ? 95 : 80), change->at,
                                     words_of(pool, change));
                else if (left++ < OTHERS)
                        text_addf(&others, "%s%s", left > 1 ? ", " : "", words_of(pool, change));
                last = change->at;
        }
        if (!left)
                return;
        if (left > OTHERS)
                text_addf(&others, ", and %zu more", left - OTHERS);
        evidence_add(evidence, row, "package", 20, last, others.at);
}

struct log {
        struct change *changes;
        size_t count;
        int64_t begins; /* the time of its first line; INT64_MAX: it has none */
};

static int read_log(const struct evidence *evidence, const char *path, struct log *log)
{
        struct slice line, day, hour, rest;
        struct change change;
        const char *text;
        int64_t at;
        int r;

        r = host_read(evidence->session->host, evidence->pool, &text, "%s", path);
        while (r >= 0 && text_line(&text, &line)) {
                rest = line;
                if (log->begins == INT64_MAX && slice_word(&rest, " ", &day) && slice_word(&rest, " ", &hour) &&
                    read_time(evidence->pool, day, hour, &at))
                        log->begins = at;
                if (!read_change(evidence->pool, line, &change))
                        continue;
                log->changes = pool_grow(evidence->pool, log->changes, log->count, sizeof *log->changes);
                log->changes[log->count++] = change;
        }
        return r;
}

/* "dpkg.log.2.gz", or what else logrotate makes of the older ones. NULL: there are none. */
static const char *older_log(const struct evidence *evidence)
{
        const char *const *names;

        if (host_list(evidence->session->host, evidence->pool, &names, LOG_FOLDER) < 0)
                return NULL;
        for (; *names; names++)
                if (text_starts(*names, "dpkg.log") && !text_equals(*names, "dpkg.log") && !text_equals(*names, "dpkg.log.1"))
                        return *names;
        return NULL;
}

/* The log is turned over once a month (/etc/logrotate.d/dpkg); the one before is still to be read, those before it are compressed. */
void evidence_of_packages(const struct evidence *evidence)
{
        struct log log = { .begins = INT64_MAX };
        const char *older;
        int before, now;

        before = read_log(evidence, LOG ".1", &log);
        now = read_log(evidence, LOG, &log);
        if (now < 0 && !(now == -ENOENT && before >= 0))
                evidence_unseen(evidence, "the log of packages", now);
        else if (before < 0 && before != -ENOENT)
                evidence_unseen(evidence, "the log of packages of before", before);
        older = log.begins > evidence_since(evidence->drift) ? older_log(evidence) : NULL;
        if (older)
                evidence_unseen(evidence,
                                pool_format(evidence->pool, "the older logs of packages (%s), which are not read",
                                            text_printable(evidence->pool, older, SHOWN_MAX)),
                                -ENODATA);
        for (size_t i = 0; i < evidence->drift->count; i++)
                hold_against(evidence, log.changes, log.count, &evidence->drift->rows[i]);
}

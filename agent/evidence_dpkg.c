/* Reading dpkg's log: what it did to packages, and when, by the clock on the wall of that host. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOG_FOLDER "/var/log"
#define LOG        LOG_FOLDER "/dpkg.log"
#define ZONE       "/etc/localtime"
#define SHOWN_MAX  100

/* --- the zone ------------------------------------------------------------------------------------------------------------- */

static void use_zone(const char *zone)
{
        if (zone)
                setenv("TZ", zone, 1);
        else
                unsetenv("TZ");
        tzset();
}

/* dpkg writes local time without its zone, which localtime(5) tells; where that is not there it is UTC. glibc takes another zone than the
 * caller's from the environment alone, and nothing here runs beside this. */
static int enter_zone(const struct evidence *evidence)
{
        struct host *host = evidence->session->host;
        const void *bytes;
        const char *path;
        size_t size;
        int r;

        r = host_read_bytes(host, evidence->pool, &bytes, &size, ZONE);
        if (r == 0 && (size < 4 || memcmp(bytes, "TZif", 4) != 0))
                r = -EINVAL;
        if (r == 0)
                r = host_outside_path(host, evidence->pool, &path, ZONE);
        use_zone(r == 0 ? pool_format(evidence->pool, ":%s", path) : "UTC0");
        return r == -ENOENT ? 0 : r;
}

/* --- lines ---------------------------------------------------------------------------------------------------------------- */

/* "2026-11-20 09:30:00", which a clock that is set back in autumn shows twice. */
static bool read_time(struct pool *pool, struct slice day, struct slice hour, struct package_change *change)
{
        struct tm tm = { 0 }, as;
        const char *end = strptime(pool_format(pool, "%.*s %.*s", (int)day.size, day.at, (int)hour.size, hour.at),
                                   "%Y-%m-%d %H:%M:%S", &tm);

        if (!end || *end)
                return false;
        as = tm;
        as.tm_isdst = -1;
        change->first = mktime(&as);
        change->last = change->first;
        for (int summer = 0; summer <= 1; summer++) {
                int64_t at;

                as = tm;
                as.tm_isdst = summer;
                at = mktime(&as);
                if (as.tm_isdst != summer || as.tm_hour != tm.tm_hour)
                        continue;
                change->first = at < change->first ? at : change->first;
                change->last = at > change->last ? at : change->last;
        }
        return true;
}

/* "2026-11-20 09:30:00 upgrade procps:amd64 2:4.0.2-3 2:4.0.2-4" (dpkg(1), the log). What a package's own scripts do, they mostly do when it is
 * configured, or at its triggers. */
static bool read_change(struct pool *pool, struct slice line, struct package_change *change)
{
        static const char *const actions[] = { "install", "upgrade", "remove", "purge", "configure", "trigproc" };
        struct slice day, hour, action, package, from, to = { 0 };

        if (!slice_word(&line, " ", &day) || !slice_word(&line, " ", &hour) || !slice_word(&line, " ", &action) ||
            !slice_word(&line, " ", &package) || !slice_word(&line, " ", &from))
                return false;
        slice_word(&line, " ", &to);
        for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
                if (!slice_equals(action, actions[i]) || !read_time(pool, day, hour, change))
                        continue;
                change->action = actions[i];
                change->package = slice_dup(pool, package);
                change->from = slice_dup(pool, from);
                change->to = slice_dup(pool, to);
                return true;
        }
        return false;
}

static int read_log(const struct evidence *evidence, const char *path, struct package_log *log)
{
        struct slice line, day, hour, rest;
        struct package_change change;
        const char *text;
        int r;

        r = host_read(evidence->session->host, evidence->pool, &text, "%s", path);
        while (r >= 0 && text_line(&text, &line)) {
                rest = line;
                if (log->begins == INT64_MAX && slice_word(&rest, " ", &day) && slice_word(&rest, " ", &hour) &&
                    read_time(evidence->pool, day, hour, &change))
                        log->begins = change.first;
                if (!read_change(evidence->pool, line, &change))
                        continue;
                log->rows = pool_grow(evidence->pool, log->rows, log->count, sizeof *log->rows);
                log->rows[log->count++] = change;
        }
        return r;
}

/* Lines stand in the order of what happened: what comes behind the second time an hour is shown is of the second time, too. */
static void settle_times(struct package_log *log)
{
        int64_t before = INT64_MIN, after = INT64_MAX;

        for (size_t i = 0; i < log->count; i++) {
                struct package_change *change = &log->rows[i];

                if (change->first < before && change->last >= before)
                        change->first = change->last;
                before = change->first;
        }
        for (size_t i = log->count; i-- > 0;) {
                struct package_change *change = &log->rows[i];

                if (change->last > after && change->first <= after)
                        change->last = change->first;
                after = change->last;
        }
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
const struct package_log *evidence_package_log(const struct evidence *evidence)
{
        struct package_log *log = evidence->log;
        const char *zone = getenv("TZ");

        if (log->read)
                return log;
        log->read = true;
        log->begins = INT64_MAX;
        zone = pool_dup(evidence->owners->pool, zone);
        log->zone_error = enter_zone(evidence);
        log->error_before = read_log(evidence, LOG ".1", log);
        log->error = read_log(evidence, LOG, log);
        use_zone(zone);
        settle_times(log);
        return log;
}

void evidence_tell_log(const struct evidence *evidence)
{
        const struct package_log *log = evidence_package_log(evidence);
        const char *older = log->begins > evidence_since(evidence->drift) ? older_log(evidence) : NULL;

        if (log->error < 0 && !(log->error == -ENOENT && log->error_before >= 0))
                evidence_unseen(evidence, "the log of packages", log->error);
        else if (log->error_before < 0 && log->error_before != -ENOENT)
                evidence_unseen(evidence, "the log of packages of before", log->error_before);
        if (log->zone_error && log->count)
                evidence_unseen(evidence, "the zone of the times in the log of packages (" ZONE "), taken for UTC",
                                log->zone_error);
        if (older)
                evidence_unseen(evidence,
                                pool_format(evidence->pool, "the older logs of packages (%s), which are not read",
                                            text_printable(evidence->pool, older, SHOWN_MAX)),
                                -ENODATA);
}

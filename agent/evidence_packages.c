/* Which packages came, went or changed in between, by dpkg's log. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define OTHERS    4 /* that are named though nothing speaks for them */
#define SHOWN_MAX 100

/* The package's scripts run, and nothing came or went. */
static bool is_script(const struct package_change *change)
{
        return text_equals(change->action, "configure") || text_equals(change->action, "trigproc");
}

/* "upgraded from 1 to 2"; "<none>" stands where there is no version. */
static const char *deed_of(struct pool *pool, const struct package_change *change)
{
        static const struct {
                const char *action, *words;
                bool from, to;
        } kinds[] = { { "install", "installed", false, true },    { "upgrade", "upgraded", true, true },
                      { "remove", "removed", true, false },       { "purge", "purged", true, false },
                      { "configure", "configured", true, false }, { "trigproc", "called by a trigger", false, false } };
        const char *text = "";

        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
                if (!text_equals(kinds[i].action, change->action))
                        continue;
                text = kinds[i].words;
                if (kinds[i].from && !text_equals(change->from, "<none>"))
                        text = pool_format(pool, "%s%s %s", text, kinds[i].to ? " from" : ",", change->from);
                if (kinds[i].to && *change->to)
                        text = pool_format(pool, "%s%s %s", text, kinds[i].from ? " to" : ",", change->to);
        }
        return text;
}

/* The change before this one that brought the version which it configures; NULL: the log does not have it. */
static const struct package_change *brought_by(const struct package_log *log, const struct package_change *change)
{
        for (const struct package_change *other = change; other-- > log->rows;)
                if (!is_script(other) && text_equals(other->package, change->package))
                        return text_equals(other->to, change->from) ? other : NULL;
        return NULL;
}

/* "procps:amd64 upgraded from 1 to 2", "procps:amd64 configured (upgraded from 1 to 2 at 2026-11-20T09:30:00Z)". */
static const char *words_of(struct pool *pool, const struct package_log *log, const struct package_change *change)
{
        const struct package_change *brought = text_equals(change->action, "configure") ? brought_by(log, change) : NULL;
        const char *text = brought ? pool_format(pool, "%s configured (%s at %s)", change->package, deed_of(pool, brought),
                                                 history_time(pool, brought->first))
                                   : pool_format(pool, "%s %s", change->package, deed_of(pool, change));

        return text_printable(pool, text, SHOWN_MAX * 2);
}

static bool fits(const struct drift_row *row, const struct package_change *change)
{
        return evidence_fits(row, change->first) || evidence_fits(row, change->last);
}

/* What is told of the package already tells of its scripts, too. */
static bool is_told(const struct package_log *log, const struct package_change *change, const struct drift_row *row)
{
        for (const struct package_change *other = change; is_script(change) && other-- > log->rows;)
                if (text_equals(other->package, change->package) && fits(row, other))
                        return true;
        return false;
}

/* The files that set it say whose they are, and what is not likely of a file is not of its package either. 0: none is of this one. */
static unsigned weigh_owner(struct pool *pool, const struct drift_row *row, const struct package_change *change)
{
        const char *name = pool_copy(pool, change->package, strcspn(change->package, ":"));
        unsigned weight = 0;

        for (size_t i = 0; i < row->clue_count; i++)
                if (text_equals(row->clues[i].kind, "file") &&
                    (strstr(row->clues[i].text, pool_format(pool, ", of the package %s,", name)) ||
                     strstr(row->clues[i].text, pool_format(pool, ", of the package %s,", change->package)))) {
                        unsigned here = row->clues[i].weight > CLUE_LATE ? 92 : CLUE_LATE;

                        weight = here > weight ? here : weight;
                }
        return weight;
}

bool evidence_package_came(const struct evidence *evidence, const struct drift_row *row, const char *package)
{
        const struct package_log *log = evidence_package_log(evidence);
        size_t size = strcspn(package, ":");

        for (size_t i = 0; i < log->count; i++) {
                const struct package_change *change = &log->rows[i];

                if (strcspn(change->package, ":") == size && !strncmp(change->package, package, size) &&
                    !text_equals(change->action, "remove") && !text_equals(change->action, "purge") &&
                    evidence_surely_fits(row, change->first) && evidence_surely_fits(row, change->last))
                        return true;
        }
        return false;
}

/* What speaks for it; 0: nothing does. */
static unsigned weigh(const struct evidence *evidence, const struct drift_row *row, const struct package_change *change)
{
        unsigned owner = weigh_owner(evidence->pool, row, change);

        if (owner)
                return owner;
        if (evidence_names_package(evidence, row, change->package))
                return text_equals(row->layer, "package") ? 95 : 80;
        /* It has /etc/os-release. */
        if (text_equals(row->layer, "fact") && text_starts(row->name, "os.") &&
            (text_equals(change->package, "base-files") || text_starts(change->package, "base-files:")))
                return 80;
        return 0;
}

struct others {
        struct text_buffer text;
        size_t count;
        int64_t first, last;
};

static void add_other(struct others *others, int64_t at, const char *words)
{
        if (others->count++ < OTHERS)
                text_addf(&others->text, "%s%s", others->count > 1 ? ", " : "", words);
        if (others->count == 1 || at < others->first)
                others->first = at;
        if (at > others->last)
                others->last = at;
}

static void hold_change(const struct evidence *evidence, const struct package_log *log, const struct package_change *change,
                        struct drift_row *row, struct others *others)
{
        int64_t at = evidence_fits(row, change->first) ? change->first : change->last;
        bool sure = evidence_fits(row, change->first) == evidence_fits(row, change->last);
        autopool struct pool *pool = NULL;
        struct evidence one = *evidence;
        unsigned weight;

        if (!fits(row, change) || is_told(log, change, row))
                return;
        one.pool = pool = pool_new();
        weight = weigh(&one, row, change);
        weight = !sure && weight >= CLUE_LIKELY ? CLUE_LIKELY - 1 : weight;
        if (weight)
                evidence_add(evidence, row, "package", evidence_weigh(row, at, weight), at, words_of(pool, log, change));
        else
                add_other(others, at, words_of(pool, log, change));
}

/* Triggers last: every package that comes has man-db and libc-bin called. */
static void hold_against(const struct evidence *evidence, const struct package_log *log, struct drift_row *row)
{
        struct others others = { 0 };

        for (unsigned triggers = 0; triggers <= 1; triggers++)
                for (size_t i = 0; i < log->count; i++)
                        if (text_equals(log->rows[i].action, "trigproc") == (triggers == 1))
                                hold_change(evidence, log, &log->rows[i], row, &others);
        if (others.count > OTHERS)
                text_addf(&others.text, ", and %zu more", others.count - OTHERS);
        if (others.count && others.first != others.last)
                text_addf(&others.text, " (the first of them at %s)", history_time(evidence->pool, others.first));
        if (others.count)
                evidence_add(evidence, row, "package", 20, others.last, others.text.at);
        text_buffer_free(&others.text);
}

void evidence_of_packages(const struct evidence *evidence)
{
        const struct package_log *log = evidence_package_log(evidence);

        evidence_tell_log(evidence);
        for (size_t i = 0; i < evidence->drift->count; i++)
                hold_against(evidence, log, &evidence->drift->rows[i]);
}

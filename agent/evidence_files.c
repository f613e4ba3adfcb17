/* Which other file sets what differs, who brought it, and when it was written. */

#include "agent/evidence_inside.h"

#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 8 /* that lead to one file */
#define SHOWN_MAX 200

const char *evidence_path(struct pool *pool, const char *target)
{
        const char *colon = strrchr(target, ':');
        bool line = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1);

        if (target[0] != '/' || text_starts(target, "/proc/") || text_starts(target, "/sys/"))
                return NULL;
        return line ? pool_copy(pool, target, (size_t)(colon - target)) : target;
}

int64_t evidence_written(const struct evidence *evidence, const char *path)
{
        for (unsigned links = 0; links < LINKS_MAX; links++) {
                struct host_stat stat;
                const char *target;

                if (host_stat(evidence->session->host, &stat, "%s", path) < 0)
                        return 0;
                if (!S_ISLNK(stat.mode))
                        return stat.modified;
                if (host_link(evidence->session->host, evidence->pool, &target, "%s", path) < 0)
                        return 0;
                path = *target == '/' ? target
                                      : pool_format(evidence->pool, "%.*s/%s", (int)(strrchr(path, '/') - path), path, target);
        }
        return 0;
}

/* Whatever stands in the files of sysctl is held against what runs elsewhere. */
static bool is_elsewhere(const struct drift_row *row)
{
        return text_equals(row->layer, "running") && text_starts(row->name, "sysctl.");
}

/* Another file wins. */
static void add_winner(const struct evidence *evidence, const struct step *step, const char *path, struct drift_row *row)
{
        bool runs = text_equals(row->layer, "running");
        enum saying saying = runs && step->now ? evidence_saying(evidence->pool, row, step->now) : SAYS;
        int64_t at = evidence_written(evidence, path);
        const char *now = step->now ? state_without_private(evidence->pool, step->id, step->now, STATE_UNRECORDED) : "";

        if (saying == SAYS_BASELINE)
                return;
        evidence_add(evidence, row, "file",
                     saying == SAYS_OTHER                            ? CLUE_OTHER
                     : evidence_was_before(evidence, row, row->name) ? CLUE_LATE
                                                                     : evidence_weigh_file(row, at, 72, 18),
                     at,
                     pool_format(evidence->pool, "%s, %s, sets it%s%s", text_printable(evidence->pool, step->target, SHOWN_MAX),
                                 evidence_owner(evidence, path), step->now ? " to " : "",
                                 text_printable(evidence->pool, now, 80)));
}

void evidence_of_files(const struct evidence *evidence)
{
        const struct plan *plan = evidence->examination->plan;

        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                for (size_t j = 0; j < plan->count; j++) {
                        const struct step *step = plan->rows[j];
                        const char *path = step->target ? evidence_path(evidence->pool, step->target) : NULL;

                        if (!path || !evidence_is_of(step, row) || text_equals(row->layer, "fact") ||
                            text_equals(row->layer, "package") || text_equals(row->layer, "profile") || is_elsewhere(row))
                                continue;
                        if (step->status == STATUS_SHADOWED)
                                add_winner(evidence, step, path, row);
                }
        }
}

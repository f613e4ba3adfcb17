/* Which other file sets what differs, who brought it, and when it was written. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 200

const char *evidence_path(struct pool *pool, const char *target)
{
        const char *colon = strrchr(target, ':');
        bool line = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1);

        if (target[0] != '/' || text_starts(target, "/proc/") || text_starts(target, "/sys/"))
                return NULL;
        return line ? pool_copy(pool, target, (size_t)(colon - target)) : target;
}

/* Another file wins. */
static void add_winner(const struct evidence *evidence, const struct step *step, const char *path, struct drift_row *row)
{
        struct host_stat stat = { 0 };
        int r = host_stat(evidence->session->host, &stat, "%s", path);
        bool fits = r == 0 && evidence_surely_fits(row, stat.modified);

        evidence_add(evidence, row, "file", fits ? 90 : 72, r == 0 ? stat.modified : 0,
                     pool_format(evidence->pool, "%s, %s, sets it%s%s", text_printable(evidence->pool, step->target, SHOWN_MAX),
                                 evidence_owner(evidence, path), step->now ? " to " : "",
                                 step->now ? text_printable(evidence->pool, step->now, 80) : ""));
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
                            text_equals(row->layer, "package") || text_equals(row->layer, "profile"))
                                continue;
                        if (step->status == STATUS_SHADOWED)
                                add_winner(evidence, step, path, row);
                }
        }
}

/* What became of each step, and what has to follow a change. */

#include "agent/apply_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>

const char *step_result_name(enum step_result result)
{
        static const char *const names[] = { "none", "done", "kept", "failed", "undone", "skipped" };

        return names[result];
}

struct outcomes *outcomes_new(void)
{
        struct pool *pool = pool_new();
        struct outcomes *outcomes = pool_zero(pool, sizeof *outcomes);

        outcomes->pool = pool;
        return outcomes;
}

void outcomes_free(struct outcomes *outcomes)
{
        if (outcomes)
                pool_free(outcomes->pool);
}

void outcomes_release(struct outcomes **outcomes)
{
        outcomes_free(*outcomes);
}

struct outcome *outcome_add(struct outcomes *outcomes, const struct outcome *row)
{
        struct pool *pool = outcomes->pool;
        struct outcome *new;

        outcomes->rows = pool_grow(pool, outcomes->rows, outcomes->count, sizeof *outcomes->rows);
        new = &outcomes->rows[outcomes->count++];
        *new = *row;
        new->id = pool_dup(pool, row->id);
        new->target = pool_dup(pool, row->target);
        new->from = pool_dup(pool, row->from);
        new->note = pool_dup(pool, row->note);
        new->now = pool_dup(pool, row->now);
        new->want = pool_dup(pool, row->want);
        new->kept = pool_dup(pool, row->kept);
        return new;
}

void refresh_want(struct refreshes *refreshes, const char *name)
{
        for (size_t i = 0; i < refreshes->count; i++)
                if (text_equals(refreshes->names[i], name))
                        return;
        if (name && refreshes->count < sizeof refreshes->names / sizeof refreshes->names[0])
                refreshes->names[refreshes->count++] = name;
}

int refresh_all(struct host *host, struct refreshes *refreshes)
{
        int first = 0;

        for (size_t i = 0; i < refreshes->count; i++) {
                int r = host_tell(host, refreshes->names[i], "update");

                if (r < 0 && r != -EOPNOTSUPP && first == 0)
                        first = r;
        }
        refreshes->count = 0;
        return first;
}

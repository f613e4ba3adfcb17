/* Findings and the words for their parts. */

#include "agent/core/finding.h"

#include "agent/core/pool.h"

#include <stdlib.h>

const char *tier_name(enum tier tier)
{
        static const char *const names[] = { "critical", "important", "info" };

        return names[tier];
}

const char *status_name(enum status status)
{
        static const char *const names[] = {
                [STATUS_PASS] = "pass",         [STATUS_NOT_APPLICABLE] = "not-applicable",
                [STATUS_EXEMPT] = "exempt",     [STATUS_NO_EFFECT] = "no-effect",
                [STATUS_WAIVED] = "waived",     [STATUS_PENDING] = "pending",
                [STATUS_UNKNOWN] = "unknown",   [STATUS_CONTESTED] = "contested",
                [STATUS_SHADOWED] = "shadowed", [STATUS_UNSUPPORTED] = "unsupported",
                [STATUS_DRIFT] = "drift",       [STATUS_FAIL] = "fail",
        };

        return names[status];
}

bool status_is_fine(enum status status)
{
        return status <= STATUS_WAIVED;
}

bool status_is_failure(enum status status)
{
        return status >= STATUS_CONTESTED;
}

const char *finding_kind_name(enum finding_kind kind)
{
        static const char *const names[] = { "requirement", "setting", "conflict" };

        return names[kind];
}

struct findings *findings_new(void)
{
        struct pool *pool = pool_new();
        struct findings *findings = pool_zero(pool, sizeof *findings);

        findings->pool = pool;
        return findings;
}

void findings_free(struct findings *findings)
{
        if (findings)
                pool_free(findings->pool);
}

void findings_release(struct findings **findings)
{
        findings_free(*findings);
}

struct finding *finding_add(struct findings *findings, const struct finding *row)
{
        struct pool *pool = findings->pool;
        struct finding *new;

        findings->rows = pool_grow(pool, findings->rows, findings->count, sizeof *findings->rows);
        new = &findings->rows[findings->count++];
        *new = *row;
        new->id = pool_dup(pool, row->id);
        new->have = pool_dup(pool, row->have);
        new->want = pool_dup(pool, row->want);
        new->unit = pool_dup(pool, row->unit);
        new->source = pool_dup(pool, row->source);
        new->from = pool_dup(pool, row->from);
        new->why = pool_dup(pool, row->why);
        new->fix = pool_dup(pool, row->fix);
        new->note = pool_dup(pool, row->note);
        new->waiver = pool_dup(pool, row->waiver);
        return new;
}

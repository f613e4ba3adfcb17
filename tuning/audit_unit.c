/* The drop-in that keeps the audit on the housekeeping CPUs: which these are is not known when the package is built. */

#include "tuning/audit_unit.h"

#include "agent/core/host.h"
#include "agent/core/plan.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/unit_files.h"

static const char own_head[] = "# The CPUs of the audit, kept by plumbline, which replaces this file as a whole.\n";

/* A profile without a partition came after one that had it. */
static bool is_left_over(const struct unit_files *files, struct pool *pool)
{
        const char *text;

        return host_read(files->host, pool, &text, AUDIT_DROP_IN) == 0 && text_starts(text, own_head);
}

void audit_unit_plan(const struct unit_files *files, const struct settings *want, struct plan *plan)
{
        const struct partition *partition = want->partition;
        struct pool *pool = plan->pool;
        const char *text = NULL;

        /* A partition that the host cannot hold is told once, for the whole profile. */
        if (!unit_files_have(files, AUDIT_UNIT) || (partition && !partition->valid))
                return;
        if (partition)
                text = pool_format(pool, "%s[Service]\nCPUAffinity=%s\n", own_head,
                                   cpus_format(pool, &partition->housekeeping));
        else if (!is_left_over(files, pool))
                return;
        plan_file(plan, files->host, NULL, text, 0644, AUDIT_DROP_IN)->refresh = "systemd/reload";
}

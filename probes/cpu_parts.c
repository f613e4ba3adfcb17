/* What the parts of the probe of the processors share. */

#include "probes/cpu_parts.h"

#include "agent/core/cpus.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>

/* Linux 6.12 lists the CPUs of isolated partitions (Documentation/admin-guide/cgroup-v2.rst), later ones those of isolcpus= among them. */
int cpu_isolated(struct host *host, struct cpus *boot, struct cpus *partitions, const char **source)
{
        int r;

        *boot = *partitions = (struct cpus){ 0 };
        *source = CPU_PARTITIONS;
        r = host_cpus(host, partitions, "%s", *source);
        if (r < 0 && r != -ENOENT && r != -ENOTDIR)
                return r;
        *source = CPU_ISOLATED;
        r = host_cpus(host, boot, "%s", *source);
        if (r == 0)
                cpus_subtract(partitions, boot);
        return r == -ENOENT ? -ENODATA : r;
}

const char *cpu_add_word(struct pool *pool, const char *list, const char *text)
{
        const char *cursor = list;
        struct slice item;

        while (cursor && text_word(&cursor, " ", &item))
                if (slice_equals(item, text))
                        return list;
        return list ? pool_format(pool, "%s %s", list, text) : text;
}

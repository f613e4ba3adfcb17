/* The control groups of units: a service has one, below its slice, for as long as it has processes. */

#include "tuning/unit_cgroups.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdlib.h>

#define DEPTH_MAX 16 /* a-b-c.slice is three folders deep (systemd.slice(5)); nobody nests them like this */

/* Version 2 of the hierarchy, or that of version 1 which systemd keeps for itself. */
static const char *const hierarchies[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/systemd", NULL };

static int compare_units(const void *a, const void *b)
{
        return text_compare_natural(*(const char *const *)a, *(const char *const *)b);
}

/* What a service has below its own group is its own affair. */
static int walk(struct host *host, struct pool *pool, const char *folder, unsigned depth, struct unit_cgroups *running)
{
        const char *const *names;
        int r;

        if (depth > DEPTH_MAX)
                return -ELOOP;
        r = host_list(host, pool, &names, "%s", folder);
        if (r < 0)
                return r;
        for (; *names; names++) {
                if (text_ends(*names, ".service")) {
                        running->units = pool_grow(pool, running->units, running->count, sizeof *running->units);
                        running->units[running->count++] = *names;
                } else if (text_ends(*names, ".slice")) {
                        r = walk(host, pool, pool_format(pool, "%s/%s", folder, *names), depth + 1, running);
                        /* A slice that became empty in the meantime. */
                        if (r < 0 && r != -ENOENT)
                                return r;
                }
        }
        return 0;
}

int unit_cgroups_read(struct host *host, struct pool *pool, struct unit_cgroups *running)
{
        struct unit_cgroups found = { 0 };
        int r;

        for (const char *const *hierarchy = hierarchies; *hierarchy; hierarchy++) {
                if (!host_exists(host, "%s/system.slice", *hierarchy))
                        continue;
                r = walk(host, pool, *hierarchy, 0, &found);
                if (r < 0)
                        return r;
                if (found.count)
                        qsort(found.units, found.count, sizeof *found.units, compare_units);
                *running = found;
                return 0;
        }
        return -ENOENT;
}

bool unit_cgroups_have(const struct unit_cgroups *running, const char *unit)
{
        for (size_t i = 0; i < running->count; i++)
                if (text_equals(running->units[i], unit))
                        return true;
        return false;
}

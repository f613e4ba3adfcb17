/* The CPU partition that a profile asks for, on one host. */

#include "agent/profile.h"

#include "agent/core/pool.h"

void profile_partition(const struct profile *profile, struct host *host, struct pool *pool, const struct topology **topology,
                       const struct partition **partition)
{
        struct partition *computed;
        const char *problem;
        int r;

        *topology = NULL;
        *partition = NULL;
        r = topology_read(host, topology);
        if (!profile->housekeeping && !profile->isolated)
                return;
        computed = pool_zero(pool, sizeof *computed);
        *partition = computed;
        if (r < 0) {
                computed->problem = pool_format(pool, "the CPUs of this host cannot be read: %s", error_words(r));
                return;
        }
        r = partition_compute(*topology, pool, profile->housekeeping, profile->isolated, computed, &problem);
        if (r < 0) {
                computed->valid = false;
                computed->problem = problem;
        }
}

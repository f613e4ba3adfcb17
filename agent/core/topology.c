/* Which CPUs there are, and which of them are online. */

#include "agent/core/topology.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/topology_inside.h"

#include <errno.h>
#include <string.h>

#define FOLDER "/sys/devices/system/cpu"

/* The CPUs that have a folder. */
static int read_folders(struct host *host, struct pool *pool, struct cpus *folders)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, FOLDER);
        if (r < 0)
                return r;
        memset(folders, 0, sizeof *folders);
        for (; *names; names++) {
                uint64_t cpu;

                if (!text_starts(*names, "cpu") || (*names)[3] < '0' || (*names)[3] > '9')
                        continue;
                if (text_u64(*names + 3, 10, &cpu) == 0 && cpu < CPUS_MAX)
                        cpus_add(folders, (unsigned)cpu);
        }
        return cpus_empty(folders) ? -ENOENT : 0;
}

static void keep_only(struct cpus *set, const struct cpus *others)
{
        for (size_t i = 0; i < sizeof set->word / sizeof set->word[0]; i++)
                set->word[i] &= others->word[i];
}

/* Kernels before 2.6.29 have no list of the online CPUs. A CPU that went offline loses its topology folder
 * (drivers/base/topology.c, topology_remove_dev), and cpuN/online, where the CPU has one, says 0. */
static void find_online(struct host *host, const struct cpus *present, struct cpus *online)
{
        memset(online, 0, sizeof *online);
        for (unsigned cpu = cpus_next(present, 0); cpu != CPUS_END; cpu = cpus_next(present, cpu + 1)) {
                int64_t on;

                if (host_number(host, &on, FOLDER "/cpu%u/online", cpu) == 0 && on == 0)
                        continue;
                if (host_exists(host, FOLDER "/cpu%u/topology", cpu))
                        cpus_add(online, cpu);
        }
}

static void read_sets(struct host *host, const struct cpus *folders, struct topology *topology)
{
        if (host_cpus(host, &topology->present, FOLDER "/present") < 0 || cpus_empty(&topology->present))
                topology->present = *folders;
        topology->online_known = host_cpus(host, &topology->online, FOLDER "/online") == 0;
        if (topology->online_known)
                keep_only(&topology->online, &topology->present);
        /* At least one CPU runs the kernel that answers. */
        if (!topology->online_known || cpus_empty(&topology->online)) {
                topology->online_known = false;
                find_online(host, &topology->present, &topology->online);
        }
        topology->offline = topology->present;
        for (size_t i = 0; i < sizeof topology->offline.word / sizeof topology->offline.word[0]; i++)
                topology->offline.word[i] &= ~topology->online.word[i];
}

/* A topology with the pool it lives in. */
struct kept {
        struct pool *pool;
        struct topology topology;
};

static void release(void *thing)
{
        const struct kept *kept = thing;

        pool_free(kept->pool);
}

int topology_read(struct host *host, const struct topology **topology)
{
        struct kept *kept = host_recall(host, FOLDER);
        struct topology_cpu *rows;
        struct topology *new;
        struct cpus folders;
        struct pool *pool;
        int r;

        if (kept) {
                *topology = &kept->topology;
                return 0;
        }
        pool = pool_new();
        r = read_folders(host, pool, &folders);
        if (r < 0) {
                pool_free(pool);
                return r;
        }
        kept = pool_zero(pool, sizeof *kept);
        kept->pool = pool;
        new = &kept->topology;
        read_sets(host, &folders, new);
        rows = pool_zero(pool, cpus_count(&new->present) * sizeof *rows);
        for (unsigned cpu = cpus_next(&new->present, 0); cpu != CPUS_END; cpu = cpus_next(&new->present, cpu + 1))
                rows[new->count++] = (struct topology_cpu){ cpu, -1, -1, -1, -1, -1 };
        new->cpus = rows;
        new->source = FOLDER;
        topology_read_cores(host, pool, new);
        topology_read_nodes(host, pool, new);
        host_remember(host, FOLDER, kept, release);
        *topology = new;
        return 0;
}

void topology_siblings(const struct topology *topology, unsigned cpu, struct cpus *siblings)
{
        const struct topology_cpu *row = topology_row(topology, cpu);

        memset(siblings, 0, sizeof *siblings);
        if (!row || !cpus_has(&topology->online, cpu))
                return;
        cpus_add(siblings, cpu);
        for (size_t i = 0; row->core_index >= 0 && i < topology->count; i++)
                if (topology->cpus[i].core_index == row->core_index)
                        cpus_add(siblings, topology->cpus[i].cpu);
}

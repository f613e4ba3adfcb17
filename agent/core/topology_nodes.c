/* Which memory nodes there are, which CPUs each has, and whether the firmware can be believed about them. */

#include "agent/core/host.h"
#include "agent/core/meminfo.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/topology_inside.h"

#include <errno.h>
#include <string.h>

#define FOLDER "/sys/devices/system/node"

/* "node12", but not "node", "node012" or "node99999". */
static bool node_number(const char *name, unsigned *node)
{
        uint64_t number;

        if (!text_starts(name, "node") || name[4] < '0' || name[4] > '9' || (name[4] == '0' && name[5]))
                return false;
        if (text_u64(name + 4, 10, &number) < 0 || number >= TOPOLOGY_NODES_MAX)
                return false;
        *node = (unsigned)number;
        return true;
}

/* The links to the CPUs, for a tree that holds no list of them. */
static int read_links(struct host *host, unsigned node, struct cpus *set)
{
        autopool struct pool *pool = pool_new();
        const char *const *names;
        bool any = false;
        int r;

        r = host_list(host, pool, &names, FOLDER "/node%u", node);
        if (r < 0)
                return r;
        memset(set, 0, sizeof *set);
        for (; *names; names++) {
                uint64_t cpu;

                if (!text_starts(*names, "cpu") || (*names)[3] < '0' || (*names)[3] > '9')
                        continue;
                if (text_u64(*names + 3, 10, &cpu) < 0 || cpu >= CPUS_MAX)
                        continue;
                cpus_add(set, (unsigned)cpu);
                any = true;
        }
        return any ? 0 : -ENODATA;
}

static int read_cpus(struct host *host, unsigned node, struct cpus *set)
{
        autopool struct pool *pool = pool_new();
        const char *text;

        if (host_cpus(host, set, FOLDER "/node%u/cpulist", node) == 0)
                return 0;
        if (host_read(host, pool, &text, FOLDER "/node%u/cpumap", node) == 0 && cpus_parse_mask(text, set) == 0)
                return 0;
        return read_links(host, node, set);
}

static int64_t read_memory(struct host *host, unsigned node)
{
        autopool struct pool *pool = pool_new();
        const char *text;
        int64_t bytes;

        if (host_read(host, pool, &text, FOLDER "/node%u/meminfo", node) < 0 || meminfo_find(text, "MemTotal", &bytes) < 0)
                return -1;
        return bytes;
}

static void distrust(struct topology *topology, const char *problem)
{
        if (topology->numa_sane)
                topology->numa_problem = problem;
        topology->numa_sane = false;
}

/* Puts the CPUs of the node into their rows. */
static void settle(struct topology *topology, struct pool *pool, const struct topology_node *node)
{
        for (unsigned cpu = cpus_next(&node->cpus, 0); cpu != CPUS_END; cpu = cpus_next(&node->cpus, cpu + 1)) {
                struct topology_cpu *row = topology_row(topology, cpu);

                if (row->node >= 0) {
                        distrust(topology, pool_format(pool, "the firmware lies about the nodes: %d and %u both claim CPU %u",
                                                       row->node, node->node, cpu));
                        return;
                }
                row->node = (int)node->node;
        }
}

/* A core has one memory controller near it, so its threads cannot be in two nodes. */
static void check_rows(struct topology *topology, struct pool *pool)
{
        autopool struct pool *scratch = pool_new();
        struct topology_cpu *first = pool_zero(scratch, (topology->cores + 1) * sizeof *first);
        bool *seen = pool_zero(scratch, topology->cores + 1);

        for (size_t i = 0; i < topology->count && topology->numa_sane; i++) {
                const struct topology_cpu *row = &topology->cpus[i], *other;

                if (!cpus_has(&topology->online, row->cpu))
                        continue;
                if (row->node < 0)
                        distrust(topology, pool_format(pool, "CPU %u belongs to no node", row->cpu));
                if (row->core_index < 0)
                        continue;
                other = &first[row->core_index];
                if (!seen[row->core_index])
                        first[row->core_index] = *row;
                else if (other->node != row->node)
                        distrust(topology, pool_format(pool, "CPUs %u and %u are one core, but in the nodes %d and %d",
                                                       other->cpu, row->cpu, other->node, row->node));
                seen[row->core_index] = true;
        }
}

static void add_node(struct host *host, struct pool *pool, struct topology *topology, unsigned number)
{
        struct topology_node *node;

        topology->nodes = pool_grow(pool, topology->nodes, topology->node_count, sizeof *topology->nodes);
        node = &topology->nodes[topology->node_count++];
        memset(node, 0, sizeof *node);
        node->node = number;
        node->memory = read_memory(host, number);
        if (read_cpus(host, number, &node->cpus) < 0) {
                memset(&node->cpus, 0, sizeof node->cpus);
                distrust(topology, pool_format(pool, "the CPUs of node %u cannot be read", number));
                return;
        }
        /* Since 4.13 the kernel leaves offline CPUs out by itself (drivers/base/node.c, node_read_cpumap). */
        for (size_t i = 0; i < sizeof node->cpus.word / sizeof node->cpus.word[0]; i++)
                node->cpus.word[i] &= topology->online.word[i];
        settle(topology, pool, node);
}

void topology_read_nodes(struct host *host, struct pool *pool, struct topology *topology)
{
        autopool struct pool *scratch = pool_new();
        const char *const *names;
        unsigned number;
        int r;

        topology->numa_sane = true;
        r = host_list(host, scratch, &names, FOLDER);
        if (r < 0) {
                topology->nodes_error = r == -ENOENT ? 0 : r;
                return;
        }
        for (; *names; names++) {
                if (node_number(*names, &number))
                        add_node(host, pool, topology, number);
                else if (text_starts(*names, "node"))
                        distrust(topology, pool_format(pool, "no node can be called %s", text_printable(pool, *names, 40)));
        }
        if (topology->node_count)
                check_rows(topology, pool);
        for (size_t i = 0; i < topology->count && !topology->numa_sane; i++)
                topology->cpus[i].node = -1;
}

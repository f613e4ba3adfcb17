/* The memory nodes: how many, their CPUs, memory and distances. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"
#include "probes/probes.h"

#include <errno.h>

#define FOLDER "/sys/devices/system/node"

static const struct fact_info numa_facts[] = {
        { "numa.nodes", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Memory nodes, also those without CPUs or without memory. Memory of another node costs a trading thread half as much "
          "again.",
          "/sys/devices/system/node" },
        { "numa.distance.max", VALUE_NUMBER, UNIT_NONE, REACH_QUIET,
          "Largest distance between two nodes as the firmware states it; 10 is a node's own memory.",
          "/sys/devices/system/node/node*/distance" },
        { "numa.node*.cpus", VALUE_CPUS, UNIT_NONE, REACH_QUIET, "Online CPUs of the node.",
          "/sys/devices/system/node/node*/cpulist, cpumap" },
        { "numa.node*.memory", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET, "Memory of the node that the kernel can give out.",
          "/sys/devices/system/node/node*/meminfo" },
        { 0 },
};

/* The largest number of one line of distances. */
static int read_distances(struct host *host, unsigned node, int64_t *largest)
{
        autopool struct pool *scratch = pool_new();
        const char *text;
        struct slice word;
        int64_t found = 0;
        int r;

        r = host_read(host, scratch, &text, FOLDER "/node%u/distance", node);
        if (r < 0)
                return r;
        while (text_word(&text, " \t\r\n", &word)) {
                int64_t number = 0;

                for (size_t i = 0; i < word.size; i++) {
                        if (word.at[i] < '0' || word.at[i] > '9')
                                return -EINVAL;
                        number = number * 10 + (word.at[i] - '0');
                        if (number > UINT32_MAX)
                                return -ERANGE;
                }
                if (number > found)
                        found = number;
        }
        if (!found)
                return -EINVAL;
        *largest = found;
        return 0;
}

static void add_distance(struct host *host, struct facts *facts, const struct topology *topology)
{
        int64_t largest = 0, of_node = 0;
        bool any = false;
        int error = 0;

        for (size_t i = 0; i < topology->node_count; i++) {
                int r = read_distances(host, topology->nodes[i].node, &of_node);

                any |= r != -ENOENT;
                if (r < 0 && !error)
                        error = r;
                if (r == 0 && of_node > largest)
                        largest = of_node;
        }
        if (!any)
                fact_absent(facts, FOLDER "/node*/distance", "numa.distance.max");
        else if (error < 0)
                fact_unknown(facts, error, FOLDER "/node*/distance", "numa.distance.max");
        else
                fact_known(facts, value_number(largest, UNIT_NONE), FOLDER "/node*/distance", "numa.distance.max");
}

static void add_node(struct facts *facts, struct pool *pool, const struct topology *topology, const struct topology_node *node)
{
        const char *source = pool_format(pool, FOLDER "/node%u", node->node);

        fact_known(facts, value_cpus(pool, &node->cpus), source, "numa.node%u.cpus", node->node);
        if (!topology->numa_sane)
                fact_note(facts, "%s", topology->numa_problem);
        if (node->memory >= 0)
                fact_known(facts, value_number(node->memory, UNIT_BYTES), source, "numa.node%u.memory", node->node);
        else
                fact_unknown(facts, -ENODATA, source, "numa.node%u.memory", node->node);
}

static int numa_run(struct host *host, struct facts *facts)
{
        autopool struct pool *scratch = pool_new();
        const struct topology *topology;
        int r;

        r = topology_read(host, &topology);
        if (r < 0)
                return r == -ENOENT ? -ENODATA : r;
        if (topology->nodes_error < 0) {
                fact_unlisted(facts, topology->nodes_error, FOLDER, "numa.node*");
                fact_unknown(facts, topology->nodes_error, FOLDER, "numa.nodes");
                fact_unknown(facts, topology->nodes_error, FOLDER, "numa.distance.max");
                return 0;
        }
        if (!topology->node_count) {
                fact_absent(facts, FOLDER, "numa.nodes");
                fact_absent(facts, FOLDER, "numa.distance.max");
                return 0;
        }
        fact_known(facts, value_number((int64_t)topology->node_count, UNIT_COUNT), FOLDER, "numa.nodes");
        if (!topology->numa_sane)
                fact_note(facts, "listed, but not to be believed: %s; the box is treated as one node", topology->numa_problem);
        add_distance(host, facts, topology);
        for (size_t i = 0; i < topology->node_count; i++)
                add_node(facts, scratch, topology, &topology->nodes[i]);
        return 0;
}

const struct probe probe_numa = {
        .name = "numa",
        .help = "The memory nodes: how many, their CPUs, memory and distances.",
        .facts = numa_facts,
        .run = numa_run,
};

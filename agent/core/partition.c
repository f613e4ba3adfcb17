/* How the CPUs are shared out between housekeeping and trading: always whole cores. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"
#include "agent/core/topology_inside.h"

#include <errno.h>
#include <string.h>

enum shape { SHAPE_REST, SHAPE_NONE, SHAPE_PER_NODE, SHAPE_LIST };

struct wish {
        enum shape shape;
        unsigned per_node; /* SHAPE_PER_NODE */
        struct cpus list;  /* SHAPE_LIST */
};

static void unite(struct cpus *set, const struct cpus *others)
{
        for (size_t i = 0; i < sizeof set->word / sizeof set->word[0]; i++)
                set->word[i] |= others->word[i];
}

static void subtract(struct cpus *set, const struct cpus *others)
{
        for (size_t i = 0; i < sizeof set->word / sizeof set->word[0]; i++)
                set->word[i] &= ~others->word[i];
}

/* "2 per node". -ENOENT: it says nothing about nodes. */
static int parse_per_node(const char *text, unsigned *count)
{
        struct slice rest = slice_of(text), number, word;
        unsigned value = 0;

        if (!slice_word(&rest, " \t\n", &number) || !slice_word(&rest, " \t\n", &word) || !slice_equals(word, "per"))
                return -ENOENT;
        if (!slice_word(&rest, " \t\n", &word) || !slice_equals(word, "node") || slice_word(&rest, " \t\n", &word))
                return -EINVAL;
        for (size_t i = 0; i < number.size; i++) {
                if (number.at[i] < '0' || number.at[i] > '9' || value > CPUS_MAX)
                        return -EINVAL;
                value = value * 10 + (unsigned)(number.at[i] - '0');
        }
        if (value == 0 || value > CPUS_MAX)
                return -EINVAL;
        *count = value;
        return 0;
}

/* "2" could be meant as CPU 2 or as two cores; "0" can only be CPU 0. */
static bool is_bare_count(const char *text)
{
        uint64_t number;

        return text_u64(text, 10, &number) == 0 && number > 0;
}

static int parse_list(const char *text, const char *what, const char *example, struct pool *pool, struct wish *wish,
                      const char **problem)
{
        int r;

        r = cpus_parse(text, CPUS_STRICT, 0, &wish->list);
        if (r < 0) {
                *problem = pool_format(pool,
                                       r == -ERANGE ? "%s: \"%s\" names a CPU beyond any machine"
                                                    : "%s: \"%s\" is no CPU list; expected %s",
                                       what, text_printable(pool, text, 60), example);
                return -EINVAL;
        }
        wish->shape = SHAPE_LIST;
        return 0;
}

static int parse_housekeeping(const char *text, struct pool *pool, struct wish *wish, const char **problem)
{
        int r;

        wish->shape = SHAPE_REST;
        if (!text || slice_equals(slice_trim(slice_of(text)), "rest"))
                return 0;
        r = parse_per_node(text, &wish->per_node);
        if (r == 0) {
                wish->shape = SHAPE_PER_NODE;
                return 0;
        }
        if (r == -EINVAL) {
                *problem =
                        pool_format(pool, "housekeeping: \"%s\" must give at least one core per node, such as \"2 per node\"",
                                    text_printable(pool, text, 60));
                return -EINVAL;
        }
        if (is_bare_count(text)) {
                *problem = pool_format(pool,
                                       "housekeeping: \"%s\" may mean a CPU or a number of cores; write \"%s per node\" or the "
                                       "list \"%s-%s\"",
                                       text, text, text, text);
                return -EINVAL;
        }
        return parse_list(text, "housekeeping", "\"2 per node\" or a list such as \"0-1,48-49\"", pool, wish, problem);
}

static int parse_isolated(const char *text, struct pool *pool, struct wish *wish, const char **problem)
{
        wish->shape = SHAPE_NONE;
        if (!text || slice_equals(slice_trim(slice_of(text)), "none"))
                return 0;
        wish->shape = SHAPE_REST;
        if (slice_equals(slice_trim(slice_of(text)), "rest"))
                return 0;
        return parse_list(text, "isolated", "\"rest\", \"none\" or a list such as \"2-47\"", pool, wish, problem);
}

/* --- does this host hold it? ------------------------------------------------------------------------------------------ */

/* Every refusal ends with both sets, so that the reader sees what would have become of the box. */
static void refuse(struct partition *partition, struct pool *pool, const char *why)
{
        const char *housekeeping = cpus_format(pool, &partition->housekeeping);
        const char *isolated = cpus_format(pool, &partition->isolated);

        partition->valid = false;
        partition->problem = pool_format(pool, "%s (housekeeping %s, isolated %s)", why, *housekeeping ? housekeeping : "none",
                                         *isolated ? isolated : "none");
}

/* The node that a CPU counts for: one for the whole box where the nodes cannot be believed. */
static int node_of(const struct topology *topology, const struct topology_cpu *row)
{
        return topology->numa_sane ? row->node : -1;
}

/* Adds the lowest cores of the node. Returns how many cores the node has; taken[] marks the cores that were added. */
static unsigned take_cores(const struct topology *topology, int node, unsigned wanted, bool *seen, bool *taken,
                           struct cpus *set)
{
        unsigned cores = 0;

        for (size_t i = 0; i < topology->count; i++) {
                const struct topology_cpu *row = &topology->cpus[i];

                if (row->core_index < 0 || node_of(topology, row) != node)
                        continue;
                if (!seen[row->core_index]) {
                        seen[row->core_index] = true;
                        taken[row->core_index] = cores++ < wanted;
                }
                if (taken[row->core_index])
                        cpus_add(set, row->cpu);
        }
        return cores;
}

/* NULL, or why some node is too small. rest: something must stay over on every node. */
static const char *fill_nodes(const struct topology *topology, struct pool *pool, const struct wish *wish, bool rest,
                              struct cpus *set)
{
        autopool struct pool *scratch = pool_new();
        bool *seen = pool_zero(scratch, topology->cores + 1), *taken = pool_zero(scratch, topology->cores + 1);
        bool done[TOPOLOGY_NODES_MAX + 1] = { false };
        const char *problem = NULL;

        for (size_t i = 0; i < topology->count; i++) {
                int node = node_of(topology, &topology->cpus[i]);
                unsigned cores;

                if (topology->cpus[i].core_index < 0 || done[node + 1])
                        continue;
                done[node + 1] = true;
                cores = take_cores(topology, node, wish->per_node, seen, taken, set);
                if (cores >= wish->per_node + rest || problem)
                        continue;
                if (node < 0)
                        problem = pool_format(pool, "the host has %u core(s), too few for %u of housekeeping%s", cores,
                                              wish->per_node, rest ? " and at least one isolated" : "");
                else
                        problem = pool_format(pool, "node %d has %u core(s), too few for %u of housekeeping%s", node, cores,
                                              wish->per_node, rest ? " and at least one isolated" : "");
        }
        return problem;
}

static const char *check_lists(const struct topology *topology, struct pool *pool, const struct partition *partition)
{
        struct cpus stray = partition->housekeeping, both = partition->housekeeping;

        unite(&stray, &partition->isolated);
        subtract(&stray, &topology->online);
        if (!cpus_empty(&stray))
                return pool_format(pool, "CPU(s) %s are not online; online are %s", cpus_format(pool, &stray),
                                   cpus_format(pool, &topology->online));
        for (size_t i = 0; i < sizeof both.word / sizeof both.word[0]; i++)
                both.word[i] &= partition->isolated.word[i];
        if (!cpus_empty(&both))
                return pool_format(pool, "CPU(s) %s are in both sets", cpus_format(pool, &both));
        stray = topology->online;
        subtract(&stray, &partition->housekeeping);
        subtract(&stray, &partition->isolated);
        if (!cpus_empty(&stray))
                return pool_format(pool, "CPU(s) %s are in neither set", cpus_format(pool, &stray));
        return NULL;
}

static const char *check_cores(const struct topology *topology, struct pool *pool, const struct partition *partition)
{
        autopool struct pool *scratch = pool_new();
        unsigned *first = pool_zero(scratch, (topology->cores + 1) * sizeof *first);

        for (unsigned core = 0; core < topology->cores; core++)
                first[core] = CPUS_END;
        for (size_t i = 0; i < topology->count; i++) {
                const struct topology_cpu *row = &topology->cpus[i];

                if (!cpus_has(&topology->online, row->cpu))
                        continue;
                if (row->core_index < 0)
                        return pool_format(pool, "nothing says which core CPU %u belongs to, so no core is known to be whole",
                                           row->cpu);
                if (first[row->core_index] == CPUS_END)
                        first[row->core_index] = row->cpu;
                else if (cpus_has(&partition->isolated, first[row->core_index]) != cpus_has(&partition->isolated, row->cpu))
                        return pool_format(pool, "CPUs %u and %u are threads of one core, which cannot be split",
                                           first[row->core_index], row->cpu);
        }
        return NULL;
}

static const char *check(const struct topology *topology, struct pool *pool, const struct wish *isolated,
                         const struct partition *partition)
{
        const char *problem = check_lists(topology, pool, partition);

        if (!problem)
                problem = check_cores(topology, pool, partition);
        if (!problem && cpus_empty(&partition->housekeeping))
                problem = "no CPU is left for housekeeping";
        if (!problem && cpus_empty(&partition->isolated) && isolated->shape != SHAPE_NONE)
                problem = "no CPU is left to isolate";
        return problem;
}

static void share_out(const struct topology *topology, struct pool *pool, const struct wish *housekeeping,
                      const struct wish *isolated, struct partition *partition)
{
        const char *problem = NULL;

        if (housekeeping->shape == SHAPE_LIST)
                partition->housekeeping = housekeeping->list;
        else if (housekeeping->shape == SHAPE_PER_NODE)
                problem = fill_nodes(topology, pool, housekeeping, isolated->shape == SHAPE_REST, &partition->housekeeping);
        if (isolated->shape == SHAPE_LIST)
                partition->isolated = isolated->list;
        if (isolated->shape == SHAPE_REST) {
                partition->isolated = topology->online;
                subtract(&partition->isolated, &partition->housekeeping);
        }
        if (housekeeping->shape == SHAPE_REST) {
                partition->housekeeping = topology->online;
                subtract(&partition->housekeeping, &partition->isolated);
        }
        if (!problem)
                problem = check(topology, pool, isolated, partition);
        if (problem)
                refuse(partition, pool, problem);
        else
                partition->valid = true;
}

int partition_compute(const struct topology *topology, struct pool *pool, const char *housekeeping, const char *isolated,
                      struct partition *partition, const char **problem)
{
        struct wish kept = { 0 }, given = { 0 };
        int r;

        r = parse_housekeeping(housekeeping, pool, &kept, problem);
        if (r < 0)
                return r;
        r = parse_isolated(isolated, pool, &given, problem);
        if (r < 0)
                return r;
        if (kept.shape == SHAPE_REST && given.shape == SHAPE_REST) {
                *problem = "cpus: housekeeping and isolated cannot both be the rest; give one of them, such as \"housekeeping: "
                           "2 per node\"";
                return -EINVAL;
        }
        memset(partition, 0, sizeof *partition);
        share_out(topology, pool, &kept, &given, partition);
        return 0;
}

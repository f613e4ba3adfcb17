/* Housekeeping and isolated CPUs: whole cores, per node, and refusals that name both sets. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/topology.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Made by hand, without files: what the partition goes by is the core and node of each CPU. */
enum shape { EVEN_ODD, SMT_OFF, LAST_NODE_SMALL, OFFLINE_PAIR, NODES_DISTRUSTED, NODELESS, CORE_UNKNOWN, SHAPES };

#define CPUS_COUNT 80

static void place(enum shape shape, struct topology_cpu *row)
{
        unsigned cpu = row->cpu;

        row->core_index = (int)(cpu % 40);
        row->node = (int)(cpu % 2);
        if (shape == SMT_OFF)
                row->core_index = cpu < 40 ? (int)cpu : -1;
        if (shape == LAST_NODE_SMALL)
                row->node = cpu % 40 == 39 ? 9 : 0;
        if ((shape == OFFLINE_PAIR && cpu % 40 == 0) || (shape == CORE_UNKNOWN && cpu == 7))
                row->core_index = -1;
        if (shape == NODELESS)
                row->node = -1;
}

static const struct topology *make(struct pool *pool, enum shape shape)
{
        struct topology *topology = pool_zero(pool, sizeof *topology);
        struct topology_cpu *rows = pool_zero(pool, CPUS_COUNT * sizeof *rows);

        for (unsigned cpu = 0; cpu < CPUS_COUNT; cpu++) {
                rows[cpu] = (struct topology_cpu){ .cpu = cpu };
                place(shape, &rows[cpu]);
                cpus_add(&topology->present, cpu);
                if (rows[cpu].core_index >= 0 || shape == CORE_UNKNOWN)
                        cpus_add(&topology->online, cpu);
                else
                        cpus_add(&topology->offline, cpu);
        }
        topology->count = CPUS_COUNT;
        topology->cpus = rows;
        topology->cores = 40;
        topology->numa_sane = shape != NODES_DISTRUSTED;
        return topology;
}

static const struct {
        const char *name;
        enum shape shape;
        const char *housekeeping, *isolated;
        const char *kept, *given; /* valid: the two sets */
        const char *problem;      /* not valid: words in it */
} holds[] = {
        { "ten per node", EVEN_ODD, "10 per node", "rest", "0-19,40-59", "20-39,60-79", NULL },
        { "one per node", EVEN_ODD, " 1  per node ", "rest", "0-1,40-41", "2-39,42-79", NULL },
        { "all but one", EVEN_ODD, "19 per node", "rest", "0-37,40-77", "38-39,78-79", NULL },
        { "all of a node", EVEN_ODD, "20 per node", "rest", NULL, NULL, "node 0 has 20 core(s), too few for 20" },
        { "more than a node", EVEN_ODD, "21 per node", "rest", NULL, NULL, "housekeeping 0-79, isolated none" },
        { "whole box kept, none isolated", EVEN_ODD, "20 per node", "none", "0-79", "", NULL },
        { "without SMT", SMT_OFF, "10 per node", "rest", "0-19", "20-39", NULL },
        { "a small node", LAST_NODE_SMALL, "1 per node", "rest", NULL, NULL, "node 9 has 1 core(s)" },
        { "offline in neither", OFFLINE_PAIR, "2 per node", "rest", "1-4,41-44", "5-39,45-79", NULL },
        { "nodes not believed", NODES_DISTRUSTED, "2 per node", "rest", "0-1,40-41", "2-39,42-79", NULL },
        { "no nodes", NODELESS, "2 per node", "rest", "0-1,40-41", "2-39,42-79", NULL },
        { "a list", EVEN_ODD, "0-1,40-41", "rest", "0-1,40-41", "2-39,42-79", NULL },
        { "two lists", EVEN_ODD, "0,40", "1-39,41-79", "0,40", "1-39,41-79", NULL },
        { "isolated list alone", EVEN_ODD, NULL, "2-39,42-79", "0-1,40-41", "2-39,42-79", NULL },
        { "rest kept", EVEN_ODD, "rest", "2-39,42-79", "0-1,40-41", "2-39,42-79", NULL },
        { "nothing asked", EVEN_ODD, NULL, NULL, "0-79", "", NULL },
        { "sibling in the other set", EVEN_ODD, "0-1", "rest", NULL, NULL, "CPUs 0 and 40 are threads of one core" },
        { "the one CPU 0 on an SMT box", EVEN_ODD, "0", "rest", NULL, NULL, "housekeeping 0, isolated 1-79" },
        { "overlap", EVEN_ODD, "0-3,40-43", "2-39,42-79", NULL, NULL, "CPU(s) 2-3,42-43 are in both sets" },
        { "left out", EVEN_ODD, "0,40", "2-39,42-79", NULL, NULL, "CPU(s) 1,41 are in neither set" },
        { "absent", EVEN_ODD, "0,40", "1-39,41-79,500", NULL, NULL, "CPU(s) 500 are not online" },
        { "offline in a list", OFFLINE_PAIR, "1,41", "0,2-40,42-79", NULL, NULL, "CPU(s) 0,40 are not online" },
        { "everything isolated", EVEN_ODD, NULL, "0-79", NULL, NULL, "no CPU is left for housekeeping" },
        { "everything kept", EVEN_ODD, "0-79", "rest", NULL, NULL, "no CPU is left to isolate" },
        { "none isolated but not all kept", EVEN_ODD, "0,40", "none", NULL, NULL, "in neither set" },
        { "a core nobody knows", CORE_UNKNOWN, "2 per node", "rest", NULL, NULL, "CPU 7" },
};

static void test_holds(void)
{
        for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++) {
                autopool struct pool *pool = pool_new();
                const struct topology *topology = make(pool, holds[i].shape);
                struct partition partition;
                const char *problem = NULL, *name = holds[i].name;

                if (!EXPECT_NUMBER(
                            name,
                            partition_compute(topology, pool, holds[i].housekeeping, holds[i].isolated, &partition, &problem),
                            0))
                        continue;
                EXPECT_NUMBER(name, partition.valid, holds[i].problem == NULL);
                if (holds[i].problem) {
                        expect(partition.problem && strstr(partition.problem, holds[i].problem), __FILE__, __LINE__, name,
                               "\"%s\" should say \"%s\"", partition.problem ? partition.problem : "nothing", holds[i].problem);
                        expect(partition.problem && strstr(partition.problem, "(housekeeping "), __FILE__, __LINE__, name,
                               "a refusal names both sets");
                        continue;
                }
                EXPECT_TEXT(name, cpus_format(pool, &partition.housekeeping), holds[i].kept);
                EXPECT_TEXT(name, cpus_format(pool, &partition.isolated), holds[i].given);
        }
}

/* Whatever is asked: a valid partition splits no core and forgets no CPU. */
static void test_invariant(void)
{
        for (unsigned shape = 0; shape < SHAPES; shape++)
                for (unsigned per_node = 1; per_node < 45; per_node++) {
                        autopool struct pool *pool = pool_new();
                        const struct topology *topology = make(pool, (enum shape)shape);
                        struct partition partition;
                        const char *problem, *asked = pool_format(pool, "%u per node", per_node);

                        if (partition_compute(topology, pool, asked, "rest", &partition, &problem) < 0 || !partition.valid)
                                continue;
                        EXPECT(asked, !cpus_overlap(&partition.housekeeping, &partition.isolated));
                        EXPECT_NUMBER(asked, cpus_count(&partition.housekeeping) + cpus_count(&partition.isolated),
                                      cpus_count(&topology->online));
                        for (size_t i = 0; i < topology->count; i++) {
                                struct cpus siblings;

                                topology_siblings(topology, topology->cpus[i].cpu, &siblings);
                                EXPECT(asked, cpus_within(&siblings, &partition.housekeeping) ||
                                                      !cpus_overlap(&siblings, &partition.housekeeping));
                        }
                }
}

static void test_refused_text(void)
{
        static const struct {
                const char *name, *housekeeping, *isolated, *problem;
        } cases[] = {
                { "no list", "garbage", "rest", "\"garbage\" is no CPU list" },
                { "reversed", "3-0", "rest", "housekeeping" },
                { "empty", "", "rest", "housekeeping" },
                { "none kept", "none", "rest", "no CPU list" },
                { "zero per node", "0 per node", "rest", "at least one core" },
                { "negative per node", "-2 per node", "rest", "at least one core" },
                { "many per node", "99999999999999999999 per node", "rest", "at least one core" },
                { "per socket", "2 per socket", "rest", "2 per node" },
                { "per node and more", "2 per node please", "rest", "2 per node" },
                { "a bare count", "2", "rest", "may mean a CPU or a number of cores" },
                { "beyond any machine", "0-99999", "rest", "beyond any machine" },
                { "isolated garbage", "2 per node", "4-", "isolated: \"4-\" is no CPU list" },
                { "isolated empty", "2 per node", "", "isolated" },
                { "both the rest", "rest", "rest", "cannot both be the rest" },
                { "both the rest, one unsaid", NULL, "rest", "cannot both be the rest" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct partition partition;
                const char *problem = NULL;

                EXPECT_NUMBER(cases[i].name,
                              partition_compute(make(pool, EVEN_ODD), pool, cases[i].housekeeping, cases[i].isolated,
                                                &partition, &problem),
                              -EINVAL);
                expect(problem && strstr(problem, cases[i].problem), __FILE__, __LINE__, cases[i].name,
                       "\"%s\" should say \"%s\"", problem ? problem : "nothing", cases[i].problem);
        }
}

static void test_capture(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_capture("x86_64-epyc_7451.tar.gz");
        const struct topology *topology;
        struct partition partition;
        const char *problem;

        if (!tree) {
                printf("skipped: no capture x86_64-epyc_7451.tar.gz\n");
                return;
        }
        if (EXPECT_NUMBER(NULL, topology_read(tree_host(tree), &topology), 0) &&
            EXPECT_NUMBER(NULL, partition_compute(topology, pool, "1 per node", "rest", &partition, &problem), 0)) {
                EXPECT(NULL, partition.valid);
                EXPECT_TEXT(NULL, cpus_format(pool, &partition.housekeeping), "0,6,12,18,24,30,36,42,48,54,60,66,72,78,84,90");
        }
        tree_free(tree);
}

static const struct test tests[] = {
        { "what a host holds", test_holds },
        { "no core is split, no CPU forgotten", test_invariant },
        { "text that is no partition", test_refused_text },
        { "a captured machine", test_capture },
        { NULL, NULL },
};
const struct suite suite_partition = { "partition", tests };

/* Cores, packages and nodes of machines with one quirk each, and of the captured ones. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/topology.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CPU  "/sys/devices/system/cpu"
#define NODE "/sys/devices/system/node"

/* A line for each CPU: "CPU PACKAGE DIE CORE SIBLINGS", "-" for a file that is not there, "offline" in place of the four. A
 * line for each node: "NODE CPULIST KIB", "-" for no CPU. */
struct machine {
        const char *name, *present, *online, *cpus, *nodes;
        unsigned sockets, cores;
        size_t threads;
        const char *online_list, *core_problem; /* core_problem: words in it */
        size_t node_count;
        const char *numa_problem; /* words in it; NULL: sane */
};

static const struct machine machines[] = {
        { "one core", "0", "0", "0 0 0 0 0\n", "0 0 1024\n", 1, 1, 1, "0", NULL, 1, NULL },
        { "siblings apart", "0-3", "0-3", "0 0 0 0 0,2\n1 0 0 1 1,3\n2 0 0 0 0,2\n3 0 0 1 1,3\n", "0 0-3 1024\n", 1, 2, 4,
          "0-3", NULL, 1, NULL },
        { "two dies repeat core ids", "0-3", "0-3", "0 0 0 0 0\n1 0 0 1 1\n2 0 1 0 2\n3 0 1 1 3\n", "0 0-3 1024\n", 1, 4, 4,
          "0-3", NULL, 1, NULL },
        { "dies, ids alone", "0-3", "0-3", "0 0 0 0 -\n1 0 0 1 -\n2 0 1 0 -\n3 0 1 1 -\n", "", 1, 4, 4, "0-3", NULL, 0, NULL },
        { "dies with threads, ids alone", "0-3", "0-3", "0 0 0 0 -\n1 0 1 0 -\n2 0 0 0 -\n3 0 1 0 -\n", "", 1, 2, 4, "0-3",
          NULL, 0, NULL },
        { "no die ids, siblings decide", "0-3", "0-3", "0 0 - 0 0\n1 0 - 1 1\n2 0 - 0 2\n3 0 - 1 3\n", "0 0-3 9\n", 1, 4, 4,
          "0-3", "CPUs 0 and 2 have the same core number but are not siblings", 1, NULL },
        { "siblings with other ids", "0-3", "0-3", "0 0 - 0 0-1\n1 0 - 1 0-1\n2 1 - 0 2-3\n3 1 - 1 2-3\n", "", 2, 2, 4, "0-3",
          "CPUs 0 and 1 are siblings but have different core numbers", 0, NULL },
        { "sibling lists contradict", "0-3", "0-3", "0 0 0 0 0-1\n1 0 0 0 1,3\n2 0 0 1 2-3\n3 0 0 1 2-3\n", "", 1, 2, 4, "0-3",
          "contradict each other", 0, NULL },
        { "a CPU that is not its own sibling", "0-1", "0-1", "0 0 0 0 1\n1 0 0 1 1\n", "", 1, 2, 2, "0-1", "contradict", 0,
          NULL },
        { "neither ids nor siblings", "0-1", "0-1", "0 0 0 0 -\n1 - - - -\n", "", 0, 1, 2, "0-1", "which core CPU 1 belongs to",
          0, NULL },
        { "hybrid", "0-5", "0-5", "0 0 0 0 0-1\n1 0 0 0 0-1\n2 0 0 4 2-3\n3 0 0 4 2-3\n4 0 0 8 4\n5 0 0 9 5\n", "0 0-5 1\n", 1,
          4, 6, "0-5", NULL, 1, NULL },
        { "offline", "0-3", "0-1,3", "0 0 0 0 0\n1 0 0 1 1,3\n2 offline\n3 0 0 1 1,3\n", "0 0-3 1\n", 1, 2, 4, "0-1,3", NULL, 1,
          NULL },
        { "offline, no lists", NULL, NULL, "0 0 - 0 0\n1 0 - 1 1,3\n2 offline\n3 0 - 1 1,3\n", "0 0-3 1\n", 1, 2, 4, "0-1,3",
          NULL, 1, NULL },
        { "an offline sibling still listed", "0-1", "0", "0 0 0 0 0-1\n1 offline\n", "0 0-1 1\n", 1, 1, 2, "0", NULL, 1, NULL },
        { "sparse numbers", "0,8,100", "0,8,100", "0 0 0 0 0,100\n8 0 0 4 8\n100 0 0 0 0,100\n", "0 0,8,100 1\n", 1, 2, 3,
          "0,8,100", NULL, 1, NULL },
        { "packages without a number", "0-3", "0-3", "0 - - 0 0\n1 - - 1 1\n2 - - 2 2\n3 - - 3 3\n", "", 0, 4, 4, "0-3", NULL,
          0, NULL },
        { "garbage lists", "0-x", "99999999999999999999", "0 0 0 0 0\n1 0 0 1 1\n", "", 1, 2, 2, "0-1", NULL, 0, NULL },
        { "negative lists", "-1", "-5--3", "0 0 0 0 0\n", "", 1, 1, 1, "0", NULL, 0, NULL },
        { "online beyond present", "0-1", "0-7", "0 0 0 0 0\n1 0 0 1 1\n", "", 1, 2, 2, "0-1", NULL, 0, NULL },
        { "a node without CPUs", "0-1", "0-1", "0 0 0 0 0\n1 0 0 1 1\n", "0 0-1 64\n1 - 4096\n", 1, 2, 2, "0-1", NULL, 2,
          NULL },
        { "a node without memory", "0-1", "0-1", "0 0 0 0 0\n1 1 0 0 1\n", "0 0 64\n1 1 0\n", 2, 2, 2, "0-1", NULL, 2, NULL },
        { "odd node numbers", "0-1", "0-1", "0 0 0 0 0\n1 1 0 0 1\n", "0 0 64\n8 1 64\n252 - 64\n", 2, 2, 2, "0-1", NULL, 3,
          NULL },
        { "nodes share CPUs", "0-1", "0-1", "0 0 0 0 0\n1 0 0 1 1\n", "0 0-1 64\n1 0-1 64\n", 1, 2, 2, "0-1", NULL, 2,
          "0 and 1 both claim CPU 0" },
        { "a core in two nodes", "0-1", "0-1", "0 0 0 0 0-1\n1 0 0 0 0-1\n", "0 0 64\n1 1 64\n", 1, 1, 2, "0-1", NULL, 2,
          "are one core" },
        { "a CPU in no node", "0-1", "0-1", "0 0 0 0 0\n1 0 0 1 1\n", "0 0 64\n", 1, 2, 2, "0-1", NULL, 1,
          "CPU 1 belongs to no node" },
};

static void put_cpus(struct tree *tree, const char *lines)
{
        char cpu[16], package[16], die[16], core[16], siblings[64];
        int used;

        for (; *lines; lines += used) {
                const struct {
                        const char *file, *text;
                } files[] = { { "physical_package_id", package },
                              { "die_id", die },
                              { "core_id", core },
                              { "core_cpus_list", siblings } };
                char path[128];

                if (sscanf(lines, "%15s offline\n%n", cpu, &used) == 1 && strchr(lines, 'o') == lines + strlen(cpu) + 1) {
                        snprintf(path, sizeof path, CPU "/cpu%s/online", cpu);
                        tree_file(tree, path, "0\n");
                        used = (int)(strchr(lines, '\n') + 1 - lines);
                        continue;
                }
                if (sscanf(lines, "%15s %15s %15s %15s %63s\n%n", cpu, package, die, core, siblings, &used) != 5)
                        return;
                snprintf(path, sizeof path, CPU "/cpu%s/topology", cpu);
                tree_folder(tree, path);
                for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
                        if (!strcmp(files[i].text, "-"))
                                continue;
                        snprintf(path, sizeof path, CPU "/cpu%s/topology/%s", cpu, files[i].file);
                        tree_file(tree, path, "%s\n", files[i].text);
                }
        }
}

static void put_nodes(struct tree *tree, const char *lines)
{
        char node[16], cpus[64], kib[32], path[128];
        int used;

        for (; sscanf(lines, "%15s %63s %31s\n%n", node, cpus, kib, &used) == 3; lines += used) {
                snprintf(path, sizeof path, NODE "/node%s/cpulist", node);
                tree_file(tree, path, "%s\n", strcmp(cpus, "-") ? cpus : "");
                snprintf(path, sizeof path, NODE "/node%s/meminfo", node);
                tree_file(tree, path, "Node %s MemTotal:       %s kB\nNode %s MemFree: 1 kB\n", node, kib, node);
        }
}

static struct tree *build(const struct machine *machine)
{
        struct tree *tree = tree_new();

        put_cpus(tree, machine->cpus);
        put_nodes(tree, machine->nodes);
        if (machine->present)
                tree_file(tree, CPU "/present", "%s\n", machine->present);
        if (machine->online)
                tree_file(tree, CPU "/online", "%s\n", machine->online);
        return tree;
}

static void expect_words(const char *row, const char *have, const char *words)
{
        if (!words)
                EXPECT_TEXT(row, have, NULL);
        else
                expect(have && strstr(have, words), __FILE__, __LINE__, row, "\"%s\" should say \"%s\"",
                       have ? have : "nothing", words);
}

static void test_machines(void)
{
        for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
                const struct machine *machine = &machines[i];
                autopool struct pool *pool = pool_new();
                struct tree *tree = build(machine);
                const struct topology *topology;

                if (EXPECT_NUMBER(machine->name, topology_read(tree_host(tree), &topology), 0)) {
                        EXPECT_NUMBER(machine->name, topology->sockets, machine->sockets);
                        EXPECT_NUMBER(machine->name, topology->cores, machine->cores);
                        EXPECT_NUMBER(machine->name, topology->count, machine->threads);
                        EXPECT_TEXT(machine->name, cpus_format(pool, &topology->online), machine->online_list);
                        expect_words(machine->name, topology->core_problem, machine->core_problem);
                        EXPECT_NUMBER(machine->name, topology->node_count, machine->node_count);
                        EXPECT_NUMBER(machine->name, topology->numa_sane, machine->numa_problem == NULL);
                        expect_words(machine->name, topology->numa_problem, machine->numa_problem);
                }
                tree_free(tree);
        }
}

/* What the table does not show: the rows, the nodes' own numbers, and what a distrusted node leaves behind. */
static void test_rows(void)
{
        static const struct machine odd = { .name = "odd",
                                            .present = "0-3",
                                            .online = "0,2-3",
                                            .cpus = "0 0 0 0 0\n1 offline\n2 1 0 0 2-3\n3 1 0 0 2-3\n",
                                            .nodes = "8 0-1 64\n252 2-3 0\n" };
        autopool struct pool *pool = pool_new();
        struct tree *tree = build(&odd);
        const struct topology *topology;
        struct cpus set;

        if (EXPECT_NUMBER(NULL, topology_read(tree_host(tree), &topology), 0)) {
                EXPECT_TEXT("offline", cpus_format(pool, &topology->offline), "1");
                EXPECT_NUMBER("core of an offline CPU", topology->cpus[1].core_index, -1);
                EXPECT_NUMBER("cores count from 0", topology->cpus[0].core_index, 0);
                EXPECT_NUMBER("same core", topology->cpus[2].core_index, topology->cpus[3].core_index);
                EXPECT_NUMBER("node of CPU 0", topology->cpus[0].node, 8);
                EXPECT_NUMBER("node of an offline CPU", topology->cpus[1].node, -1);
                EXPECT_NUMBER("node of CPU 3", topology->cpus[3].node, 252);
                EXPECT_TEXT("a node's offline CPUs are left out", cpus_format(pool, &topology->nodes[0].cpus), "0");
                EXPECT_NUMBER("memory", topology->nodes[0].memory, 64 * 1024);
                EXPECT_NUMBER("no memory is known to be none", topology->nodes[1].memory, 0);
                topology_siblings(topology, 3, &set);
                EXPECT_TEXT("siblings", cpus_format(pool, &set), "2-3");
                topology_siblings(topology, 1, &set);
                EXPECT_TEXT("siblings of an offline CPU", cpus_format(pool, &set), "");
                topology_siblings(topology, 4000, &set);
                EXPECT_TEXT("siblings of no CPU", cpus_format(pool, &set), "");
        }
        tree_free(tree);
}

/* Old kernels and some captures hold only masks, and nodes only links. */
static void test_masks(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        const struct topology *topology;

        for (unsigned cpu = 0; cpu < 4; cpu++) {
                char path[128];

                snprintf(path, sizeof path, CPU "/cpu%u/topology/thread_siblings", cpu);
                tree_file(tree, path, "00000000,%08x\n", cpu % 2 ? 0xaU : 0x5U);
                snprintf(path, sizeof path, CPU "/cpu%u/topology/core_siblings", cpu);
                tree_file(tree, path, "00000000,%08x\n", cpu % 2 ? 0xaU : 0x5U);
                snprintf(path, sizeof path, CPU "/cpu%u/topology/physical_package_id", cpu);
                tree_file(tree, path, "-1\n");
                snprintf(path, sizeof path, NODE "/node%u/cpu%u", cpu % 2, cpu);
                tree_folder(tree, path);
        }
        tree_file(tree, NODE "/node1/cpumap", "00000000,0000000a\n");
        if (EXPECT_NUMBER(NULL, topology_read(tree_host(tree), &topology), 0)) {
                EXPECT_NUMBER("cores", topology->cores, 2);
                EXPECT_NUMBER("sockets by their sets", topology->sockets, 2);
                EXPECT_TEXT("links", cpus_format(pool, &topology->nodes[0].cpus), "0,2");
                EXPECT_TEXT("map", cpus_format(pool, &topology->nodes[1].cpus), "1,3");
                EXPECT_NUMBER("unknown memory", topology->nodes[0].memory, -1);
                EXPECT("sane", topology->numa_sane);
        }
        tree_free(tree);
}

/* An offline CPU whose topology a tree still holds is offline all the same. */
static void test_switched_off(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        const struct topology *topology;

        tree_file(tree, CPU "/cpu0/topology/core_id", "0\n");
        tree_file(tree, CPU "/cpu1/topology/core_id", "1\n");
        tree_file(tree, CPU "/cpu1/online", "0\n");
        if (EXPECT_NUMBER(NULL, topology_read(tree_host(tree), &topology), 0)) {
                EXPECT_TEXT(NULL, cpus_format(pool, &topology->online), "0");
                EXPECT_NUMBER(NULL, topology->cores, 1);
        }
        tree_free(tree);
}

static void test_nothing(void)
{
        struct tree *tree = tree_new();
        const struct topology *topology = NULL;

        EXPECT_NUMBER("empty tree", topology_read(tree_host(tree), &topology), -ENOENT);
        tree_folder(tree, CPU "/cpufreq");
        tree_folder(tree, CPU "/cpu-1");
        tree_folder(tree, CPU "/cpu99999999999999999999");
        EXPECT_NUMBER("no CPU", topology_read(tree_host(tree), &topology), -ENOENT);
        EXPECT("untouched", topology == NULL);
        tree_free(tree);
}

/* Every file holds the same garbage: no crash, and no core that nobody vouches for. */
static void test_garbage(void)
{
        static const char *const files[] = { CPU "/present",
                                             CPU "/online",
                                             CPU "/cpu0/online",
                                             CPU "/cpu0/topology/core_id",
                                             CPU "/cpu0/topology/physical_package_id",
                                             CPU "/cpu0/topology/die_id",
                                             CPU "/cpu0/topology/core_cpus_list",
                                             CPU "/cpu0/topology/thread_siblings",
                                             CPU "/cpu1/topology/core_id",
                                             CPU "/cpu1/topology/core_cpus_list",
                                             NODE "/node0/cpulist",
                                             NODE "/node0/cpumap",
                                             NODE "/node0/meminfo" };
        static char line[1 << 20];
        static const struct {
                const char *name, *bytes;
                size_t size;
        } garbage[] = {
                { "empty", "", 0 },
                { "blank", " \n", 2 },
                { "binary", "\0\377\0a", 4 },
                { "a megabyte", line, sizeof line },
                { "huge", "99999999999999999999999", 23 },
                { "negative", "-1\n", 3 },
                { "reversed", "3-0\n", 4 },
                { "almost a mask", "ffffffff,,,,ffffffffff\n", 23 },
        };

        memset(line, '7', sizeof line);
        for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
                struct tree *tree = tree_new();
                const struct topology *topology;

                for (size_t j = 0; j < sizeof files / sizeof files[0]; j++)
                        tree_bytes(tree, files[j], garbage[i].bytes, garbage[i].size);
                if (EXPECT_NUMBER(garbage[i].name, topology_read(tree_host(tree), &topology), 0)) {
                        EXPECT_NUMBER(garbage[i].name, topology->count, 2);
                        EXPECT_NUMBER(garbage[i].name, topology->cores, 0);
                        EXPECT_NUMBER(garbage[i].name, topology->sockets, 0);
                        EXPECT(garbage[i].name, topology->core_problem != NULL);
                        EXPECT(garbage[i].name, !topology->numa_sane);
                }
                tree_free(tree);
        }
}

static void test_large(void)
{
        struct tree *tree = tree_new();
        const struct topology *topology;
        char path[128];
        clock_t start;

        for (unsigned cpu = 0; cpu < 1024; cpu++) {
                snprintf(path, sizeof path, CPU "/cpu%u/topology/core_id", cpu);
                tree_file(tree, path, "%u\n", cpu % 512 % 64);
                snprintf(path, sizeof path, CPU "/cpu%u/topology/physical_package_id", cpu);
                tree_file(tree, path, "%u\n", cpu % 512 / 64);
                snprintf(path, sizeof path, CPU "/cpu%u/topology/core_cpus_list", cpu);
                tree_file(tree, path, "%u,%u\n", cpu % 512, cpu % 512 + 512);
        }
        for (unsigned node = 0; node < 64; node++) {
                snprintf(path, sizeof path, NODE "/node%u/cpulist", node);
                tree_file(tree, path, "%u-%u,%u-%u\n", node * 8, node * 8 + 7, 512 + node * 8, 512 + node * 8 + 7);
        }
        tree_file(tree, CPU "/present", "0-1023\n");
        tree_file(tree, CPU "/online", "0-1023\n");
        start = clock();
        if (EXPECT_NUMBER(NULL, topology_read(tree_host(tree), &topology), 0)) {
                EXPECT_NUMBER(NULL, topology->cores, 512);
                EXPECT_NUMBER(NULL, topology->sockets, 8);
                EXPECT_NUMBER(NULL, topology->node_count, 64);
                EXPECT(NULL, topology->numa_sane);
        }
        EXPECT("1024 CPUs within three seconds of processor time", clock() - start < 3 * CLOCKS_PER_SEC);
        tree_free(tree);
}

static void test_captures(void)
{
        static const struct {
                const char *archive;
                unsigned sockets, cores;
                size_t threads, nodes;
                unsigned online;
                bool sane;
                const char *node0;
        } captures[] = {
                { "x86_64-epyc_7451.tar.gz", 2, 48, 96, 8, 96, true, "0-5,48-53" },
                { "32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2", 2, 16, 16, 2, 16, true, "0-7" },
                { "16em64t-4s2c2t-offlines.tar.bz2", 4, 7, 16, 1, 12, true, "0-1,3-4,6-12,15" },
                { "8em64t-2s2ca2c-buggynuma.tar.bz2", 2, 8, 8, 8, 8, false, "0-7" },
                { "vmware_fpe.tar.gz", 2, 8, 16, 4, 16, true, "0-3" },
                { "x86_64-64cpu-linux6.2.tar.gz", 1, 4, 8, 1, 8, true, "0-7" },
                { "x86_64-dell_e4310.tar.gz", 1, 2, 4, 1, 4, true, "0-3" },
        };

        for (size_t i = 0; i < sizeof captures / sizeof captures[0]; i++) {
                const char *name = captures[i].archive;
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_capture(name);
                const struct topology *topology;

                if (!tree) {
                        printf("skipped: no capture %s\n", name);
                        continue;
                }
                if (EXPECT_NUMBER(name, topology_read(tree_host(tree), &topology), 0)) {
                        EXPECT_NUMBER(name, topology->sockets, captures[i].sockets);
                        EXPECT_NUMBER(name, topology->cores, captures[i].cores);
                        EXPECT_NUMBER(name, topology->count, captures[i].threads);
                        EXPECT_NUMBER(name, cpus_count(&topology->online), captures[i].online);
                        EXPECT_NUMBER(name, topology->node_count, captures[i].nodes);
                        EXPECT_NUMBER(name, topology->numa_sane, captures[i].sane);
                        EXPECT_TEXT(name, cpus_format(pool, &topology->nodes[0].cpus), captures[i].node0);
                }
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "machines with a quirk", test_machines },
        { "rows, nodes and siblings", test_rows },
        { "masks and links in place of lists", test_masks },
        { "a CPU switched off", test_switched_off },
        { "no CPU at all", test_nothing },
        { "garbage in every file", test_garbage },
        { "1024 CPUs in 64 nodes", test_large },
        { "captured machines", test_captures },
        { NULL, NULL },
};
const struct suite suite_topology = { "topology", tests };

/* The hugepages knob: shared out by node, never beyond the memory, never through a file that the host does not have. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NODE         "/sys/devices/system/node/node"
#define POOL_2M      "/hugepages/hugepages-2048kB/nr_hugepages"
#define GLOBAL_2M    "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"

static void add_cpu(struct tree *tree, unsigned cpu, unsigned node)
{
        char path[128];

        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/core_id", cpu);
        tree_file(tree, path, "%u\n", cpu);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/physical_package_id", cpu);
        tree_file(tree, path, "%u\n", node);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/thread_siblings_list", cpu);
        tree_file(tree, path, "%u\n", cpu);
}

/* mib 0: a node without memory. */
static void add_node(struct tree *tree, unsigned node, unsigned mib, const char *cpus)
{
        char path[128];

        snprintf(path, sizeof path, NODE "%u/cpulist", node);
        tree_file(tree, path, "%s\n", cpus);
        snprintf(path, sizeof path, NODE "%u/meminfo", node);
        tree_file(tree, path, "Node %u MemTotal: %u kB\n", node, mib * 1024);
        snprintf(path, sizeof path, NODE "%u" POOL_2M, node);
        tree_file(tree, path, "0\n");
}

/* Two nodes of 8 GiB with a CPU each, and one, number 3, without memory. */
static struct tree *new_tree(bool numa)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/sys/devices/system/cpu/online", "0-1\n");
        tree_file(tree, "/sys/devices/system/cpu/present", "0-1\n");
        tree_file(tree, "/proc/meminfo", "MemTotal:       16777216 kB\n");
        tree_file(tree, GLOBAL_2M, "0\n");
        add_cpu(tree, 0, 0);
        add_cpu(tree, 1, 1);
        if (!numa)
                return tree;
        tree_file(tree, "/sys/devices/system/node/online", "0-1,3\n");
        tree_file(tree, "/sys/devices/system/node/possible", "0-3\n");
        add_node(tree, 0, 8192, "0");
        add_node(tree, 1, 8192, "1");
        add_node(tree, 3, 0, "");
        return tree;
}

/* What is planned for one target: the status, and what would be written (NULL: nothing). */
static void single(void)
{
        static const struct {
                const char *name;
                bool numa;
                const char *size, *node, *text, *target;
                enum status status;
                const char *write;
        } cases[] = {
                { "even, node 0", true, "2M", NULL, "5", NODE "0" POOL_2M, STATUS_DRIFT, "3" },
                { "even, node 1", true, "2M", NULL, "5", NODE "1" POOL_2M, STATUS_DRIFT, "2" },
                { "nothing asked", true, "2M", NULL, "0", NODE "1" POOL_2M, STATUS_PASS, NULL },
                { "one node", true, "2M", "node1", "64", NODE "1" POOL_2M, STATUS_DRIFT, "64" },
                { "at least", true, "2M", "node1", ">= 64", NODE "1" POOL_2M, STATUS_DRIFT, "64" },
                { "at most", true, "2M", "node1", "<= 64", NODE "1" POOL_2M, STATUS_PASS, NULL },
                { "no such node", true, "2M", "node7", "64", NODE "7", STATUS_UNSUPPORTED, NULL },
                { "node without memory", true, "2M", "node3", "64", NODE "3", STATUS_UNSUPPORTED, NULL },
                { "most of the memory", true, "2M", NULL, "7300", NODE "0" POOL_2M, STATUS_DRIFT, "3650" },
                { "too much", true, "2M", NULL, "7400", NODE "0" POOL_2M, STATUS_UNSUPPORTED, NULL },
                { "too much for one", true, "2M", "node0", "4096", NODE "0" POOL_2M, STATUS_UNSUPPORTED, NULL },
                { "beyond counting", true, "2M", "node0", "9223372036854775807", NODE "0" POOL_2M, STATUS_UNSUPPORTED, NULL },
                { "no pages of 1G", true, "1G", NULL, "1", "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages",
                  STATUS_UNSUPPORTED, NULL },
                { "without NUMA", false, "2M", NULL, "5", GLOBAL_2M, STATUS_DRIFT, "5" },
                { "without NUMA, node 0", false, "2M", "node0", "5", GLOBAL_2M, STATUS_DRIFT, "5" },
                { "without NUMA, node 1", false, "2M", "node1", "5", NODE "1", STATUS_UNSUPPORTED, NULL },
                { "without NUMA, too much", false, "2M", NULL, "8000", GLOBAL_2M, STATUS_UNSUPPORTED, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked[] = { { cases[i].text, { cases[i].size, cases[i].node }, false, NULL }, { 0 } };
                struct tree *tree = new_tree(cases[i].numa);
                struct plan *plan = planned(tree_host(tree), &knob_hugepages, asked);
                const struct step *row = planned_row(plan, cases[i].target);

                if (EXPECT(cases[i].name, row != NULL) && row) {
                        EXPECT_TEXT(cases[i].name, status_name(row->status), status_name(cases[i].status));
                        EXPECT(cases[i].name, step_is_due(row) == (cases[i].write != NULL));
                        if (cases[i].write) {
                                EXPECT_TEXT(cases[i].name, row->text, cases[i].write);
                                EXPECT(cases[i].name, row->short_harmless && row->retries && row->risk == RISK_DISRUPTIVE);
                        }
                }
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_hugepages, asked);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void together(void)
{
        static const struct asked sizes[] = { { "2048", { "2M", "node0" }, false, NULL },
                                              { "4", { "1G", "node0" }, false, NULL },
                                              { 0 } };
        static const struct asked twice[] = { { "100", { "2M" }, false, NULL },
                                              { "7", { "2M", "node0" }, false, NULL },
                                              { 0 } };
        static const struct asked missing[] = { { "1", { "2M", "node9" }, true, NULL }, { 0 } };
        struct tree *tree = new_tree(true);
        const struct step *row;
        struct plan *plan;

        tree_file(tree, NODE "0/hugepages/hugepages-1048576kB/nr_hugepages", "0\n");
        tree_file(tree, NODE "0/hugepages/hugepages-2048kB/surplus_hugepages", "5\n");
        plan = planned(tree_host(tree), &knob_hugepages, sizes);
        EXPECT("both sizes are too much", planned_due(plan) == 0 && plan->count == 2);
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_hugepages, twice);
        EXPECT_NUMBER("total and node", plan->count, 2);
        EXPECT("total and node", planned_status(plan, "/sys/kernel/mm/hugepages/hugepages-2048kB", STATUS_UNSUPPORTED) != NULL);
        row = planned_row(plan, NODE "0" POOL_2M);
        EXPECT_TEXT("total and node", row->text, "7");
        EXPECT("surplus", row->note && strstr(row->note, "5 more pages"));
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_hugepages, missing);
        EXPECT_TEXT("absent ok", status_name(plan->rows[0]->status), "not-applicable");
        EXPECT("nodes named", strstr(plan->rows[0]->note, "node0, node1, node3") != NULL);
        plan_free(plan);
        tree_free(tree);
}

static void odd_hosts(void)
{
        static const struct asked total[] = { { "64", { "2M" }, false, NULL }, { 0 } };
        static const struct asked node[] = { { "64", { "2M", "node0" }, false, NULL }, { 0 } };
        struct tree *tree = new_tree(true);
        struct plan *plan;

        tree_file(tree, NODE "0/meminfo", "garbage\n");
        plan = planned(tree_host(tree), &knob_hugepages, node);
        EXPECT_TEXT("memory unknown", status_name(plan->rows[0]->status), "unknown");
        EXPECT_NUMBER("memory unknown", planned_due(plan), 0);
        plan_free(plan);

        tree_file(tree, NODE "0" POOL_2M, "many\n");
        plan = planned(tree_host(tree), &knob_hugepages, node);
        EXPECT_TEXT("garbage", status_name(plan->rows[0]->status), "unknown");
        plan_free(plan);

        /* Firmware that lies: both nodes claim the same CPUs. */
        tree_file(tree, NODE "0/cpulist", "0-1\n");
        tree_file(tree, NODE "1/cpulist", "0-1\n");
        plan = planned(tree_host(tree), &knob_hugepages, total);
        EXPECT_TEXT("lies", plan->rows[0]->target, GLOBAL_2M);
        EXPECT_NUMBER("lies", planned_due(plan), 1);
        plan_free(plan);
        plan = planned(tree_host(tree), &knob_hugepages, node);
        EXPECT_TEXT("lies", status_name(plan->rows[0]->status), "unsupported");
        plan_free(plan);
        tree_free(tree);

        tree = tree_new();
        plan = planned(tree_host(tree), &knob_hugepages, total);
        EXPECT_TEXT("an empty tree", status_name(plan->rows[0]->status), "unknown");
        plan_free(plan);
        tree_free(tree);
}

static void captures(void)
{
        static const struct asked asked[] = { { "17", { "2M" }, false, NULL }, { 0 } };
        static const char *const archives[] = { "8em64t-2s2ca2c-buggynuma.tar.bz2", "x86_64-epyc_7451.tar.gz",
                                                "32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2" };

        for (size_t i = 0; i < COUNT(archives); i++) {
                struct tree *tree = tree_capture(archives[i]);
                struct plan *plan;

                if (!tree)
                        continue;
                plan = planned_made(tree_host(tree), &knob_hugepages, asked);
                EXPECT_NUMBER(archives[i], planned_due(plan), 0);
                EXPECT(archives[i], plan->count > 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void lint(void)
{
        static const struct {
                const char *size, *node, *text;
                bool good;
        } cases[] = {
                { "2M", NULL, "4096", true },       { "1G", "node0", ">= 4", true }, { "2M", NULL, "-1", false },
                { "4K", NULL, "1", false },         { "2MB", NULL, "1", false },     { "2M", "node", "1", false },
                { "2M", "nodeX", "1", false },      { "2M", "node00", "1", false },  { "2M", "node-1", "1", false },
                { "2M", "node999999", "1", false }, { "", NULL, "1", false },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked = { cases[i].text, { cases[i].size, cases[i].node }, false, NULL };

                if (cases[i].size[0])
                        EXPECT(cases[i].size, (planned_lint(pool, &knob_hugepages, &asked) == NULL) == cases[i].good);
        }
}

static const struct test tests[] = {
        { "single settings", single }, { "together", together }, { "odd hosts", odd_hosts },
        { "captures", captures },      { "lint", lint },         { 0 },
};
const struct suite suite_hugepages_knob = { "hugepages_knob", tests };

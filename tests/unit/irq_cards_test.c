/* Where the irq knob wants the queues of network cards. */

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/unit/irq_tree.h"
#include "tuning/knobs.h"

static const struct asked rest_only[] = { { .keys = { "default" }, .text = "0-1" }, { 0 } };
static const struct asked rest_and_local[] = {
        { .keys = { "default" }, .text = "0-1,4-5" },
        { .keys = { "nic" }, .text = "local" },
        { 0 },
};

/* Two cards, one on each node; eth9 does not know its node. */
static struct tree *make_cards(void)
{
        struct tree *tree = irq_tree_new();

        irq_tree_add(tree, 30, "eth0-TxRx-0", "0-7", "6");
        irq_tree_add(tree, 31, "eth0-TxRx-1", "0-7", "6");
        irq_tree_add(tree, 32, "eth0-TxRx-2", "0-7", "6");
        irq_tree_add(tree, 33, "eth0", "0-7", "6");
        irq_tree_add(tree, 40, "eth1-rx-0", "0-7", "6");
        irq_tree_add(tree, 41, "eth1-rx-1", "0-7", "6");
        irq_tree_add(tree, 50, "eth9-rx-2", "0-7", "6");
        tree_link(tree, "/sys/class/net/eth0/device", "../../../0000:01:00.0");
        tree_link(tree, "/sys/class/net/eth1/device", "../../../0000:02:00.0");
        tree_link(tree, "/sys/class/net/eth9/device", "../../../0000:03:00.0");
        tree_file(tree, "/sys/bus/pci/devices/0000:01:00.0/numa_node", "0\n");
        tree_file(tree, "/sys/bus/pci/devices/0000:02:00.0/numa_node", "1\n");
        tree_file(tree, "/sys/bus/pci/devices/0000:03:00.0/numa_node", "-1\n");
        return tree;
}

static void expect_written(const struct plan *plan, unsigned number, const char *want)
{
        const char *target = pool_format(plan->pool, "/proc/irq/%u/smp_affinity_list", number);
        const struct step *step = planned_row(plan, target);

        EXPECT_TEXT(target, step ? step->text : "no row", want);
}

static void test_cards(void)
{
        static const struct asked list[] = { { .keys = { "nic" }, .text = "2-3,6-7" }, { 0 } };
        struct tree *tree = make_cards();
        struct plan *plan = planned(tree_host(tree), &knob_irq, rest_and_local);

        expect_written(plan, 30, "0");
        expect_written(plan, 31, "1");
        expect_written(plan, 32, "0");
        expect_written(plan, 33, "0-1,4-5");
        expect_written(plan, 40, "4");
        expect_written(plan, 41, "5");
        expect_written(plan, 50, "4");
        plan_free(plan);
        plan = planned(tree_host(tree), &knob_irq, list);
        expect_written(plan, 30, "2");
        expect_written(plan, 31, "3");
        expect_written(plan, 32, "6");
        expect_written(plan, 33, "no row");
        expect_written(plan, 40, "2");
        plan_free(plan);
        plan = planned(tree_host(tree), &knob_irq, rest_only);
        expect_written(plan, 30, "0-1");
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_irq, rest_and_local);
        EXPECT_NUMBER("made", planned_due(plan), 0);
        plan_free(plan);
        tree_free(tree);
}

/* Firmware that gives a CPU to two nodes: the node of a card then says nothing. */
static void test_lying_nodes(void)
{
        struct tree *tree = make_cards();
        struct plan *plan;

        tree_file(tree, "/sys/devices/system/node/node0/cpulist", "0-7\n");
        plan = planned(tree_host(tree), &knob_irq, rest_and_local);
        expect_written(plan, 40, "0");
        expect_written(plan, 41, "1");
        expect_written(plan, 32, "4");
        plan_free(plan);
        tree_free(tree);
}

static void test_partition(void)
{
        static const struct setting local = { .id = "irq.nic", .keys = { "nic" }, .text = "local", .from = "test.yaml:1" };
        struct partition partition = { .valid = true };
        struct settings settings = { .count = 1, .rows = &local, .partition = &partition };
        struct tree *tree = make_cards();
        struct plan *plan = plan_new();
        const struct step *step;

        cpus_add(&partition.housekeeping, 3);
        cpus_add(&partition.housekeeping, 6);
        EXPECT_NUMBER("topology", topology_read(tree_host(tree), &settings.topology), 0);
        plan_begin(plan, "irq", &settings);
        EXPECT_NUMBER("plan", knob_irq.plan(tree_host(tree), &settings, plan), 0);
        expect_written(plan, 30, "3");
        expect_written(plan, 41, "6");
        expect_written(plan, 50, "3");
        plan_free(plan);

        plan = plan_new();
        partition.valid = false;
        partition.problem = "both sets hold CPU 3";
        plan_begin(plan, "irq", &settings);
        EXPECT_NUMBER("plan", knob_irq.plan(tree_host(tree), &settings, plan), 0);
        step = planned_row(plan, "/proc/irq");
        EXPECT("a partition that does not hold", step && step->status == STATUS_UNSUPPORTED);
        EXPECT_NUMBER("and nothing to write", planned_due(plan), 0);
        plan_free(plan);
        tree_free(tree);
}

static const struct test tests[] = {
        { "cards", test_cards },
        { "lying nodes", test_lying_nodes },
        { "partition", test_partition },
        { NULL, NULL },
};
const struct suite suite_irq_cards = { "irq_cards", tests };

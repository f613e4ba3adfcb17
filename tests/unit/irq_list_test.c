/* Interrupts: what their names tell, and where the names come from. */

#include "agent/core/irq_list.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_queues(void)
{
        static const struct {
                const char *action, *nic;
                bool is_queue;
                int queue;
        } cases[] = {
                { "eth0-TxRx-3", "eth0", true, 3 },
                { "i40e-ens1f0-TxRx-12", "ens1f0", true, 12 },
                { "ice-ens1f0-TxRx-0", "ens1f0", true, 0 },
                { "bnxt_en-ens3-TxRx-5", "ens3", true, 5 },
                { "eth0:fdir-TxRx-0", "eth0", true, IRQ_QUEUE_UNKNOWN },
                { "eth0-fp-1", "eth0", true, 1 },
                { "ens5-Tx-Rx-4", "ens5", true, 4 },
                { "mlx5_comp23@pci:0000:3b:00.0", "ens6", true, 23 },
                { "mlx5_async0@pci:0000:3b:00.0", "ens6", false, -1 },
                { "mlx4-6@0000:03:00.0", "ens6", true, 6 },
                { "mlx4-async@pci:0000:03:00.0", "ens6", false, -1 },
                { "virtio1-config", "eth0", false, -1 },
                { "virtio1-input.2", "eth0", true, 2 },
                { "virtio1-output.7", "eth0", true, 7 },
                { "mana_hwc@pci:0000:00:00.0", "eth0", false, -1 },
                { "mana_q7@pci:0000:00:00.0", "eth0", true, 7 },
                { "enp1s0-rx-0", "enp1s0", true, 0 },
                { "sfc-ens2-rx-3", "ens2", true, 3 },
                { "sfc-ens2-tx-11", "ens2", true, 11 },
                { "ens2-3", "ens2", true, 3 },
                { "ens2-ptp", "ens2", false, -1 },
                { "eth0-rxtx-2", "eth0", true, 2 },
                { "eth0-event-4", "eth0", false, -1 },
                { "gve-ntfy-blk9@pci:0000:00:04.0", "eth0", true, 9 },
                { "gve-mgmnt@pci:0000:00:04.0", "eth0", false, -1 },
                { "enP2p1s0 (queue 0)", "enP2p1s0", false, -1 },
                { "0000:3b:00.1-Rx3", "eth1", true, 3 },
                { "i40e-0000:01:00.0:misc", "ens1f0", false, -1 },
                { "eth0", "eth0", false, -1 },
                { "eth0-TxRx-", "eth0", false, -1 },
                { "eth0-TxRx-3x", "eth0", false, -1 },
                { "eth0-TxRx-99999999999999999999", "eth0", false, -1 },
                { "", "eth0", false, -1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                int queue = 77;

                EXPECT_NUMBER(cases[i].action, irq_name_is_queue(cases[i].action, cases[i].nic, &queue), cases[i].is_queue);
                EXPECT_NUMBER(cases[i].action, queue, cases[i].queue);
        }
}

static void test_managed(void)
{
        static const struct {
                const char *action;
                bool managed;
        } cases[] = {
                { "nvme0q0", false },
                { "nvme0q1", true },
                { "nvme12q64", true },
                { "nvme", false },
                { "nvmeXq1", false },
                { "virtio1-req.0", true },
                { "virtio1-request", true },
                { "virtio1-requests.0", false },
                { "virtio1-input.0", false },
                { "virtio1-config", false },
                { "megasas0-msix12", true },
                { "mpt3sas1-msix0", true },
                { "mpi3mr0-msix3", true },
                { "megasas", false },
                { "ahci[0000:00:1f.2]", false },
                { "", false },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_NUMBER(cases[i].action, irq_name_is_managed(cases[i].action), cases[i].managed);
}

static const struct irq *find(const struct irq_list *list, unsigned number)
{
        for (size_t i = 0; i < list->count; i++)
                if (list->rows[i].number == number)
                        return &list->rows[i];
        return NULL;
}

static const char *actions_of(const struct irq_list *list, unsigned number)
{
        const struct irq *irq = find(list, number);

        return irq ? irq->actions : NULL;
}

static void test_names(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct irq_list list;
        const struct irq *irq;

        tree_file(tree, "/proc/irq/24/smp_affinity_list", "0\n");
        tree_file(tree, "/sys/kernel/irq/24/actions", "ahci[0000:00:1f.2]\n");
        tree_file(tree, "/proc/irq/25/smp_affinity_list", "0\n");
        tree_file(tree, "/sys/kernel/irq/25/actions", "\n");
        tree_file(tree, "/proc/irq/26/smp_affinity_list", "0\n");
        tree_file(tree, "/proc/irq/26/spurious", "count 0\n");
        tree_folder(tree, "/proc/irq/26/ehci_hcd:usb1");
        tree_folder(tree, "/proc/irq/26/uhci");
        tree_file(tree, "/proc/irq/27/smp_affinity_list", "0\n");
        tree_file(tree, "/proc/irq/28/smp_affinity_list", "0\n");
        tree_file(tree, "/proc/irq/29/smp_affinity_list", "0\n");
        tree_file(tree, "/proc/irq/default_smp_affinity", "f\n");
        tree_folder(tree, "/proc/irq/031");
        tree_file(tree, "/sys/kernel/irq/31/actions", "acpi\n");
        tree_folder(tree, "/proc/irq/99999999999999999999");
        tree_folder(tree, "/proc/irq/-1");
        tree_file(tree, "/proc/interrupts",
                  "           CPU0       CPU1\n"
                  "  27:          1          2   PCI-MSI 512000-edge      nvme0q0, nvme0q1\n"
                  "  28:          1          2   IO-APIC-fasteoi   acpi\n"
                  " NMI:          1          1   Non-maskable interrupts\n"
                  "garbage\n"
                  "  77:\n");
        EXPECT_NUMBER("reads", irq_list_read(tree_host(tree), pool, &list), 0);
        EXPECT_NUMBER("unused and ill-named ones are left out", list.count, 4);
        EXPECT_TEXT("24", actions_of(&list, 24), "ahci[0000:00:1f.2]");
        EXPECT_TEXT("26", actions_of(&list, 26), "ehci_hcd:usb1,uhci");
        EXPECT_TEXT("27", actions_of(&list, 27), "nvme0q0, nvme0q1");
        EXPECT_TEXT("28", actions_of(&list, 28), "acpi");
        irq = find(&list, 27);
        EXPECT("a shared line with the admin queue is no managed one", irq && !irq->managed);
        tree_free(tree);
}

/* Nothing at all names them: then they count. */
static void test_nameless(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct irq_list list;

        EXPECT_NUMBER("no folder", irq_list_read(tree_host(tree), pool, &list), -ENOENT);
        tree_file(tree, "/proc/irq/24/smp_affinity_list", "0\n");
        EXPECT_NUMBER("reads", irq_list_read(tree_host(tree), pool, &list), 0);
        EXPECT_TEXT("24", actions_of(&list, 24), "");
        tree_free(tree);
}

static void add(struct tree *tree, unsigned number, const char *actions, const char *pci)
{
        char path[128];

        snprintf(path, sizeof path, "/proc/irq/%u/smp_affinity_list", number);
        tree_file(tree, path, "0\n");
        snprintf(path, sizeof path, "/sys/kernel/irq/%u/actions", number);
        tree_file(tree, path, "%s\n", actions);
        if (!pci)
                return;
        snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/msi_irqs/%u", pci, number);
        tree_file(tree, path, "msix\n");
}

static void expect_nic(const struct irq_list *list, unsigned number, const char *row, const char *nic, bool is_queue, int queue)
{
        const struct irq *irq = find(list, number);

        EXPECT(row, irq != NULL);
        if (!irq)
                return;
        EXPECT_TEXT(row, irq->nic ? irq->nic->name : NULL, nic);
        EXPECT_NUMBER(row, irq->is_queue, is_queue);
        EXPECT_NUMBER(row, irq->queue, queue);
}

static const char *pci_of(const struct irq_list *list, unsigned number)
{
        const struct irq *irq = find(list, number);

        return irq ? irq->pci : NULL;
}

static int node_of(const struct irq_list *list, unsigned number)
{
        const struct irq *irq = find(list, number);

        return irq && irq->nic ? irq->nic->node : -2;
}

static void test_cards(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct irq_list list;

        add(tree, 30, "eth1-TxRx-0", "0000:01:00.0");
        add(tree, 31, "eth1", "0000:01:00.0");
        add(tree, 32, "eth10-TxRx-1", "0000:02:00.0");
        add(tree, 33, "mlx5_comp4@pci:0000:03:00.0", "0000:03:00.0");
        add(tree, 34, "mlx5_async0@pci:0000:03:00.0", "0000:03:00.0");
        add(tree, 35, "virtio2-output.1", "0000:00:03.0");
        add(tree, 36, "virtio2-config", "0000:00:03.0");
        add(tree, 37, "enp4s0", "0000:04:00.0");
        add(tree, 38, "virtio3-input.0", "0000:00:05.0");
        add(tree, 16, "uhci,eth5", NULL);
        add(tree, 17, "uhci,ahci", "0000:01:00.0");
        tree_file(tree, "/sys/bus/pci/devices/0000:05:00.0/irq", "16\n");
        tree_link(tree, "/sys/class/net/eth1/device", "../../../0000:01:00.0");
        tree_link(tree, "/sys/class/net/eth10/device", "../../../0000:02:00.0");
        tree_file(tree, "/sys/bus/pci/devices/0000:02:00.0/numa_node", "1\n");
        tree_link(tree, "/sys/class/net/ens6/device", "../../../0000:03:00.0");
        tree_link(tree, "/sys/class/net/enp4s0/device", "../../../0000:04:00.0");
        tree_link(tree, "/sys/class/net/eth5/device", "../../../0000:05:00.0");
        tree_folder(tree, "/sys/class/net/bond0");
        tree_link(tree, "/sys/devices/pci0000:00/0000:00:03.0/virtio2/net/eth0/device", "../../../virtio2");
        tree_link(tree, "/sys/class/net/eth0", "../../devices/pci0000:00/0000:00:03.0/virtio2/net/eth0");
        EXPECT_NUMBER("reads", irq_list_read(tree_host(tree), pool, &list), 0);
        EXPECT_NUMBER("cards", list.nic_count, 6);
        expect_nic(&list, 30, "a queue", "eth1", true, 0);
        expect_nic(&list, 31, "the card's own interrupt", "eth1", false, -1);
        expect_nic(&list, 32, "eth10 is not eth1", "eth10", true, 1);
        expect_nic(&list, 33, "by its function", "ens6", true, 4);
        expect_nic(&list, 34, "events of a card", "ens6", false, -1);
        expect_nic(&list, 35, "virtio by its function", "eth0", true, 1);
        expect_nic(&list, 36, "virtio configuration", "eth0", false, -1);
        expect_nic(&list, 37, "one interrupt for all", "enp4s0", true, -1);
        expect_nic(&list, 38, "input of no network card", NULL, false, -1);
        expect_nic(&list, 16, "a shared line, by name", "eth5", true, -1);
        expect_nic(&list, 17, "a shared line, of others", NULL, false, -1);
        EXPECT_TEXT("the device of a line", pci_of(&list, 16), "0000:05:00.0");
        EXPECT_NUMBER("node", node_of(&list, 32), 1);
        EXPECT_NUMBER("no node", node_of(&list, 30), -1);
        tree_free(tree);
}

static const struct test tests[] = {
        { "queues", test_queues },     { "managed", test_managed }, { "names", test_names },
        { "nameless", test_nameless }, { "cards", test_cards },     { NULL, NULL },
};
const struct suite suite_irq_list = { "irq_list", tests };

/* Folders that cannot be listed: how many facts of a family there are is not known then, which is not to be taken for none. */

#include "agent/survey.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <errno.h>
#include <stdio.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NODES        "/sys/devices/system/node"
#define PCI          "/sys/devices/pci0000:00/0000:00:01.0"

/* A host with one of everything. */
static struct tree *machine(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/sys/devices/system/cpu/cpu0/topology/core_id", "0\n");
        tree_file(tree, NODES "/node0/cpulist", "0\n");
        tree_file(tree, NODES "/node0/hugepages/hugepages-2048kB/nr_hugepages", "7\n");
        tree_file(tree, "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "7\n");
        tree_file(tree, PCI "/class", "0x020000\n");
        tree_link(tree, "/sys/bus/pci/devices/0000:00:01.0", "../../../devices/pci0000:00/0000:00:01.0");
        tree_file(tree, PCI "/net/eth0/operstate", "up\n");
        tree_link(tree, PCI "/net/eth0/device", "../../../0000:00:01.0");
        tree_link(tree, "/sys/class/net/eth0", "../../devices/pci0000:00/0000:00:01.0/net/eth0");
        tree_file(tree, "/sys/devices/virtual/net/bond0/uevent", "DEVTYPE=bond\n");
        tree_link(tree, "/sys/class/net/bond0", "../../devices/virtual/net/bond0");
        tree_file(tree, "/sys/class/nvme/nvme0/transport", "pcie\n");
        tree_folder(tree, "/sys/class/nvme/nvme1");
        tree_file(tree, "/sys/class/net/bonding_masters", "bond0\n");
        tree_file(tree, "/sys/block/dm-0/dm/name", "vg-data\n");
        tree_folder(tree, "/sys/block/dm-0/slaves");
        tree_link(tree, "/sys/fs/btrfs/1-2/devices/sda1", "../../../../class/block/sda1");
        tree_file(tree, "/sys/fs/btrfs/1-2/devinfo/1/missing", "0\n");
        tree_file(tree, "/sys/fs/btrfs/1-2/devinfo/1/replace_target", "0\n");
        tree_folder(tree, "/proc/spl/kstat/zfs/tank");
        tree_file(tree, "/proc/self/mountinfo", "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        return tree;
}

/* What could not be read is there empty and without permissions, as in a capture. */
static void forbid(struct tree *tree, const char *seen)
{
        char path[200];

        if (sscanf(seen, "read %*s %199s", path) != 1)
                return;
        tree_file(tree, path, "%s", "");
        tree_mode(tree, path, 0);
}

static void test_folders(void)
{
        static const struct {
                const char *name;
                const struct probe *probe;
                const char *seen; /* what the door is told of the host */
                struct fact_row rows[3];
        } cases[] = {
                { "ports",
                  &probe_nic,
                  "list EACCES /sys/class/net",
                  { { "nic.*", "unreadable EACCES" },
                    { "interface.*", "unreadable EACCES" },
                    { "nic.fastest", "unreadable EACCES" } } },
                { "an interface",
                  &probe_nic,
                  "list EIO /sys/class/net/bond0",
                  { { "interface.bond0.*", "unreadable EIO" }, { "nic.*", "none" }, { "nic.eth0.link", "true" } } },
                { "no interface, but a file",
                  &probe_nic,
                  "list ENOTDIR /sys/class/net/bonding_masters",
                  { { "interface.bonding_masters.*", "none" }, { "nic.*", "none" }, { "nic.eth0.link", "true" } } },
                { "the images of a volume",
                  &probe_raid,
                  "list EACCES /sys/block/dm-0/slaves",
                  { { "raid.vg-data.*", "unreadable EACCES" }, { "raid.*", "none" }, { "raid.count", "unreadable EACCES" } } },
                { "filesystems of several devices",
                  &probe_raid,
                  "list EACCES /sys/fs/btrfs",
                  { { "raid.btrfs-*", "unreadable EACCES" }, { "raid.*", "none" }, { "raid.count", "unreadable EACCES" } } },
                { "the devices of one",
                  &probe_raid,
                  "list EACCES /sys/fs/btrfs/1-2/devices",
                  { { "raid.btrfs-*", "unreadable EACCES" }, { "raid.count", "unreadable EACCES" } } },
                { "those that it should have",
                  &probe_raid,
                  "list EACCES /sys/fs/btrfs/1-2/devinfo",
                  { { "raid.btrfs-sda1.*", "unreadable EACCES" }, { "raid.count", "unreadable EACCES" } } },
                { "pools",
                  &probe_raid,
                  "list EACCES /proc/spl/kstat/zfs",
                  { { "raid.zfs-*", "unreadable EACCES" }, { "raid.*", "none" }, { "raid.count", "unreadable EACCES" } } },
                { "a pool",
                  &probe_raid,
                  "list EACCES /proc/spl/kstat/zfs/tank",
                  { { "raid.zfs-tank.state", "unreadable ENOENT" }, { "raid.count", "unreadable EOPNOTSUPP" } } },
                { "its kind",
                  &probe_nic,
                  "read EIO /sys/class/net/bond0/uevent",
                  { { "interface.bond0.*", "unreadable EIO" }, { "nic.*", "none" }, { "nic.eth0.link", "true" } } },
                { "drives",
                  &probe_nvme,
                  "list EACCES /sys/class/nvme",
                  { { "nvme.*", "unreadable EACCES" }, { "nvme.count", "unreadable EACCES" }, { "nvme.nvme1.*", "none" } } },
                { "a drive that may be remote",
                  &probe_nvme,
                  "",
                  { { "nvme.nvme1.*", "unreadable ENODATA" }, { "nvme.*", "none" }, { "nvme.nvme0.size", "absent" } } },
                { "slots", &probe_pcie, "list EACCES /sys/bus/pci/devices", { { "pcie.*", "unreadable EACCES" } } },
                { "what is in a slot",
                  &probe_pcie,
                  "read EIO /sys/bus/pci/devices/0000:00:01.0/class",
                  { { "pcie.*", "unreadable EIO" } } },
                { "filesystems",
                  &probe_disk,
                  "read EACCES /proc/self/mountinfo",
                  { { "disk.*", "unreadable EACCES" }, { "disk./.free", "unreadable EACCES" } } },
                { "nodes",
                  &probe_numa,
                  "list EACCES " NODES,
                  { { "numa.node*", "unreadable EACCES" }, { "numa.nodes", "unreadable EACCES" } } },
                { "sizes of pages",
                  &probe_hugepages,
                  "list EACCES /sys/kernel/mm/hugepages",
                  { { "hugepages.*", "unreadable EACCES" }, { "hugepages.node0.2M.total", "7" } } },
                { "pages by node",
                  &probe_hugepages,
                  "list EACCES " NODES,
                  { { "hugepages.node*", "unreadable EACCES" }, { "hugepages.*", "none" }, { "hugepages.2M.total", "7" } } },
                { "pages of a node",
                  &probe_hugepages,
                  "list EACCES " NODES "/node0/hugepages",
                  { { "hugepages.node0.*", "unreadable EACCES" },
                    { "hugepages.node*", "none" },
                    { "hugepages.2M.total", "7" } } },
                { "policies",
                  &probe_cpu,
                  "list EACCES /sys/devices/system/cpu/cpufreq",
                  { { "cpu.governors", "unreadable EACCES" }, { "cpu.frequency_driver", "unreadable EACCES" } } },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = machine();
                struct facts *facts;
                size_t count = 0;

                tree_file(tree, "/.plumbline/seen", "%s\n", cases[i].seen);
                forbid(tree, cases[i].seen);
                facts = probe_facts(tree_host(tree), cases[i].probe);
                while (count < COUNT(cases[i].rows) && cases[i].rows[count].name)
                        count++;
                expect_facts(cases[i].name, facts, cases[i].rows, count);
                facts_free(facts);
                tree_free(tree);
        }
}

/* A folder that is not there holds nothing: that much is known. */
static void test_nothing_there(void)
{
        static const struct probe *const some[] = { &probe_nic, &probe_nvme, &probe_pcie, &probe_numa, &probe_hugepages, NULL };
        struct tree *tree = tree_new();
        autofacts struct facts *facts = facts_new();

        tree_file(tree, "/sys/devices/system/cpu/cpu0/topology/core_id", "0\n");
        tree_folder(tree, "/sys/class/net");
        tree_folder(tree, "/sys/class/block");
        survey_run(tree_host(tree), some, facts);
        EXPECT_NUMBER("families that could not be listed", facts->unlisted_count, 0);
        tree_free(tree);
}

/* When the time is out, nothing that is read is there and nothing is missing. */
static void test_out_of_time(void)
{
        static const char *const names[] = { "nic.eth0.link",          "interface.bond0.up",      "nvme.nvme0.size",
                                             "pcie.0000:00:01.0.link", "disk./data.free",         "numa.node0.memory",
                                             "hugepages.512M.total",   "hugepages.node0.2M.total" };
        struct tree *tree = machine();
        autofacts struct facts *facts = facts_new();

        host_limit(tree_host(tree), 0, NULL);
        survey_run(tree_host(tree), probes, facts);
        for (size_t i = 0; i < COUNT(names); i++) {
                const struct fact *family = fact_family_unlisted(facts, names[i]);

                EXPECT("no such fact", !fact_find(facts, names[i]));
                EXPECT_NUMBER(names[i], family ? family->error : 0, -ETIME);
        }
        for (size_t i = 0; i < facts->count; i++)
                EXPECT(facts->rows[i].name, facts->rows[i].status == FACT_UNREADABLE);
        tree_free(tree);
}

static const struct test tests[] = {
        { "folders", test_folders },
        { "nothing there", test_nothing_there },
        { "out of time", test_out_of_time },
        { 0 },
};

const struct suite suite_unlisted = { "unlisted", tests };

/* NVMe drives: local and remote ones, several paths, several namespaces, and drivers of long ago. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]

/* A controller; transport NULL: no such file. */
static void add_controller(struct tree *tree, const char *name, const char *pci, const char *transport, const char *state)
{
        autopool struct pool *pool = pool_new();
        const char *device = pool_format(pool, "/sys/devices/pci0000:00/%s", pci);
        const char *folder = pool_format(pool, "%s/nvme/%s", device, name);

        tree_file(tree, pool_format(pool, "%s/model", folder), "INTEL SSDPE2KX020T8                     \n");
        tree_file(tree, pool_format(pool, "%s/firmware_rev", folder), "VDV10131\n");
        tree_file(tree, pool_format(pool, "%s/state", folder), "%s\n", state);
        if (transport)
                tree_file(tree, pool_format(pool, "%s/transport", folder), "%s\n", transport);
        tree_file(tree, pool_format(pool, "%s/current_link_speed", device), "8.0 GT/s PCIe\n");
        tree_file(tree, pool_format(pool, "%s/current_link_width", device), "4\n");
        tree_file(tree, pool_format(pool, "%s/numa_node", device), "0\n");
        tree_link(tree, pool_format(pool, "%s/device", folder), pool_format(pool, "../../../%s", pci));
        tree_link(tree, pool_format(pool, "/sys/class/nvme/%s", name),
                  pool_format(pool, "../../devices/pci0000:00/%s/nvme/%s", pci, name));
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_nvme);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_drives(void)
{
        static const struct fact_row rows[] = {
                { "nvme.count", "2" },
                { "nvme.nvme0.model", "INTEL SSDPE2KX020T8" },
                { "nvme.nvme0.firmware", "VDV10131" },
                { "nvme.nvme0.size", "2000398934016" },
                { "nvme.nvme0.health", "unreadable ENODATA" },
                { "nvme.nvme0.node", "0" },
                { "nvme.nvme0.link", "8.0 GT/s x4" },
                { "nvme.nvme1.size", "3072" }, /* two namespaces */
                { "nvme.nvme1.health", "failed" },
                { "nvme.nvme2.size", "none" }, /* over a network */
        };
        struct tree *tree = tree_new();

        add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "live");
        tree_file(tree, "/sys/class/nvme/nvme0/nvme0n1/size", "3907029168\n");
        add_controller(tree, "nvme1", "10000:01:00.0", NULL, "dead");
        tree_file(tree, "/sys/class/nvme/nvme1/nvme1n1/size", "2\n");
        tree_file(tree, "/sys/class/nvme/nvme1/nvme1n2/size", "4\n");
        tree_file(tree, "/sys/devices/virtual/nvme-fabrics/ctl/nvme2/transport", "tcp\n");
        tree_file(tree, "/sys/devices/virtual/nvme-fabrics/ctl/nvme2/nvme2n1/size", "99999999999\n");
        tree_link(tree, "/sys/class/nvme/nvme2", "../../devices/virtual/nvme-fabrics/ctl/nvme2");
        check("drives", tree, ROWS(rows));
}

/* One drive with two ports: two controllers, each with its own hidden path, and the joined disk beside them. */
static void test_two_ports(void)
{
        static const struct fact_row rows[] = {
                { "nvme.count", "1" },
                { "nvme.nvme0.size", "512" },
                { "nvme.nvme1.size", "512" },
        };
        struct tree *tree = tree_new();

        add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "live");
        add_controller(tree, "nvme1", "0000:02:00.0", "pcie", "live");
        tree_file(tree, "/sys/class/nvme/nvme0/nvme0c0n1/size", "1\n");
        tree_file(tree, "/sys/class/nvme/nvme1/nvme0c1n1/size", "1\n");
        tree_file(tree, "/sys/class/nvme/nvme0/subsysnqn", "nqn.2014.08.org.nvmexpress:uuid:1\n");
        tree_file(tree, "/sys/class/nvme/nvme1/subsysnqn", "nqn.2014.08.org.nvmexpress:uuid:1\n");
        tree_file(tree, "/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/size", "1\n");
        tree_link(tree, "/sys/block/nvme0n1", "../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
        check("two ports", tree, ROWS(rows));
}

static void test_odd_drives(void)
{
        static const struct fact_row rows[] = {
                { "nvme.count", "unreadable ENODATA" }, /* nvme1 does not say how it is attached */
                { "nvme.nvme0.size", "absent" },
                { "nvme.nvme0.model", "unreadable ENODATA" },
                { "nvme.nvme0.health", "warning" },
                { "nvme.nvme0.link", "unreadable ENODATA" },
                { "nvme.nvme0.node", "absent" },
                { "nvme.nvme2.size", "unreadable ERANGE" },
                { "nvme.nvme2.health", "unreadable EINVAL" },
                { "nvme.nvme2.model", "unreadable EILSEQ" },
        };
        struct tree *tree = tree_new();

        add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "resetting");
        tree_file(tree, "/sys/class/nvme/nvme0/model", " \n");
        tree_file(tree, "/sys/devices/pci0000:00/0000:01:00.0/current_link_speed", "Unknown\n");
        tree_file(tree, "/sys/devices/pci0000:00/0000:01:00.0/numa_node", "-1\n");
        tree_folder(tree, "/sys/class/nvme/nvme1");
        add_controller(tree, "nvme2", "0000:02:00.0", "pcie", "\x07");
        tree_bytes(tree, "/sys/class/nvme/nvme2/model", "a\0b", 3);
        tree_file(tree, "/sys/class/nvme/nvme2/nvme2n1/size", "9223372036854775807\n");
        tree_folder(tree, "/sys/class/nvme/nvmeX");
        check("odd drives", tree, ROWS(rows));
}

static void test_machines(void)
{
        static const struct fact_row unknown[] = { { "nvme.count", "unreadable ENOENT" } };
        static const struct fact_row none[] = { { "nvme.count", "0" } };
        static const struct fact_row old[] = { { "nvme.count", "2" },
                                               { "nvme.nvme0.size", "1024" },
                                               { "nvme.nvme1.size", "absent" } };
        struct tree *tree = tree_new();

        check("nothing to see", tree, ROWS(unknown));

        tree = tree_new();
        tree_folder(tree, "/sys/block/sda");
        check("no drive", tree, ROWS(none));

        tree = tree_new();
        tree_file(tree, "/sys/class/block/nvme0n1/size", "2\n");
        tree_file(tree, "/sys/class/block/nvme0n1p1/size", "1\n");
        tree_file(tree, "/sys/block/nvme0n1/size", "2\n");
        tree_folder(tree, "/sys/class/misc/nvme1");
        check("old driver", tree, ROWS(old));
}

static void test_capture(void)
{
        static const struct fact_row rows[] = {
                { "nvme.count", "1" },
                { "nvme.nvme0.size", "400088457216" }, /* 781422768 sectors */
                { "nvme.nvme0.model", "unreadable ENOENT" },
                { "nvme.nvme0.health", "unreadable ENODATA" },
        };
        struct tree *tree = tree_capture("32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2");

        if (tree)
                check("32em64t", tree, ROWS(rows));
}

static const struct test tests[] = {
        { "drives", test_drives },         { "a drive with two ports", test_two_ports },
        { "odd drives", test_odd_drives }, { "machines", test_machines },
        { "capture", test_capture },       { 0 },
};

const struct suite suite_nvme_probe = { "nvme_probe", tests };

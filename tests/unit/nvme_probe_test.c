/* NVMe drives: local and remote ones, several paths, several namespaces, and drivers of long ago. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

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

#define PAGE_SIZE 512

/* The page of a drive in its best years, as byte and value; {0, 0} ends the changes of a case. */
struct change {
        unsigned at;
        unsigned char value;
};

static void add_page(struct tree *tree, const struct change *changes)
{
        unsigned char page[PAGE_SIZE] = { [1] = 0x43, [2] = 0x01, [3] = 100, [4] = 10, [5] = 7, [200] = 0x43, [201] = 0x01 };

        for (; changes->at || changes->value; changes++)
                page[changes->at] = changes->value;
        tree_bytes(tree, "/.plumbline/ask/nvme/nvme0%2fsmart", page, sizeof page);
}

static void test_pages(void)
{
        static const struct {
                const char *name;
                struct change changes[8];
                const char *health, *used, *spare, *temperature, *media_errors;
        } cases[] = {
                { "well", { { 0 } }, "ok", "7", "100", "50", "0" },
                { "worn", { { 5, 95 } }, "ok", "95", "100", "50", "0" },
                { "past its life", { { 5, 100 } }, "warning", "100", "100", "50", "0" },
                { "far past its life", { { 5, 255 } }, "warning", "255", "100", "50", "0" },
                { "spare low", { { 0, 1 } }, "failed", "7", "100", "50", "0" },
                { "hot", { { 0, 2 }, { 1, 0x74 } }, "failed", "7", "100", "99", "0" },
                { "read-only", { { 0, 8 } }, "failed", "7", "100", "50", "0" },
                { "newest known bit", { { 0, 0x20 } }, "failed", "7", "100", "50", "0" },
                { "bit of no known meaning", { { 0, 0x80 } }, "warning", "7", "100", "50", "0" },
                { "spare above its limit", { { 3, 11 } }, "ok", "7", "11", "50", "0" },
                { "spare at its limit", { { 3, 10 } }, "failed", "7", "10", "50", "0" },
                { "no word of spare", { { 3, 0 }, { 4, 0 } }, "ok", "7", "0", "50", "0" },
                { "spare beyond all", { { 3, 101 } }, "unreadable ERANGE", "7", "unreadable ERANGE", "50", "0" },
                { "limit beyond all", { { 4, 255 } }, "unreadable ERANGE", "7", "unreadable ERANGE", "50", "0" },
                { "bad all the same", { { 0, 4 }, { 3, 101 } }, "failed", "7", "unreadable ERANGE", "50", "0" },
                { "lost blocks", { { 160, 2 }, { 161, 1 } }, "warning", "7", "100", "50", "258" },
                { "too many to count", { { 167, 0x80 } }, "unreadable ERANGE", "7", "100", "50", "unreadable ERANGE" },
                { "too many by far", { { 175, 1 } }, "unreadable ERANGE", "7", "100", "50", "unreadable ERANGE" },
                { "no sensor", { { 1, 0 }, { 2, 0 }, { 6, 1 } }, "ok", "7", "100", "unreadable ENODATA", "0" },
                { "broken sensor", { { 1, 255 }, { 2, 255 } }, "ok", "7", "100", "unreadable ERANGE", "0" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = {
                        { "nvme.nvme0.health", cases[i].health },
                        { "nvme.nvme0.used", cases[i].used },
                        { "nvme.nvme0.spare", cases[i].spare },
                        { "nvme.nvme0.temperature", cases[i].temperature },
                        { "nvme.nvme0.media_errors", cases[i].media_errors },
                };
                struct tree *tree = tree_new();

                add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "live");
                if (cases[i].changes[0].at || cases[i].changes[0].value)
                        add_page(tree, cases[i].changes);
                else
                        add_page(tree, &(struct change){ 0 });
                check(cases[i].name, tree, ROWS(rows));
        }
}

/* What is no page says nothing, neither good nor bad. */
static void test_no_page(void)
{
        static const struct fact_row unknown[] = {
                { "nvme.nvme0.health", "unreadable EBADMSG" },       { "nvme.nvme0.used", "unreadable EBADMSG" },
                { "nvme.nvme0.spare", "unreadable EBADMSG" },        { "nvme.nvme0.temperature", "unreadable EBADMSG" },
                { "nvme.nvme0.media_errors", "unreadable EBADMSG" },
        };
        static const struct {
                const char *name;
                unsigned char fill;
                size_t size;
        } cases[] = {
                { "every bit set", 0xff, PAGE_SIZE }, { "no bit set", 0, PAGE_SIZE }, { "empty", 0, 0 }, { "one byte", 1, 1 },
                { "cut off", 7, PAGE_SIZE - 1 },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct tree *tree = tree_new();
                unsigned char page[PAGE_SIZE];

                memset(page, cases[i].fill, sizeof page);
                add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "live");
                tree_bytes(tree, "/.plumbline/ask/nvme/nvme0%2fsmart", page, cases[i].size);
                check(cases[i].name, tree, ROWS(unknown));
        }
}

/* A controller in trouble is not asked, and neither is any drive when only quiet sources may be read. */
static void test_not_asked(void)
{
        static const struct fact_row resetting[] = { { "nvme.nvme0.health", "warning" },
                                                     { "nvme.nvme0.used", "unreadable ENODATA" } };
        static const struct fact_row quiet[] = { { "nvme.nvme0.health", "unreadable ECANCELED" },
                                                 { "nvme.nvme0.used", "unreadable ECANCELED" },
                                                 { "nvme.nvme0.model", "INTEL SSDPE2KX020T8" } };
        struct tree *tree = tree_new();

        add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "resetting");
        add_page(tree, &(struct change){ 0 });
        check("resetting", tree, ROWS(resetting));

        tree = tree_new();
        add_controller(tree, "nvme0", "0000:01:00.0", "pcie", "live");
        add_page(tree, &(struct change){ 0 });
        host_allow(tree_host(tree), REACH_QUIET);
        check("quiet", tree, ROWS(quiet));
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
        { "drives", test_drives },
        { "a drive with two ports", test_two_ports },
        { "odd drives", test_odd_drives },
        { "machines", test_machines },
        { "capture", test_capture },
        { "pages", test_pages },
        { "no page", test_no_page },
        { "not asked", test_not_asked },
        { 0 },
};

const struct suite suite_nvme_probe = { "nvme_probe", tests };

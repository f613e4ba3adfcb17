/* Mounted btrfs: the devices they lie on, of which a mount names one. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void add_member(struct tree *tree, unsigned number, const char *missing, const char *target)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "/sys/fs/btrfs/1-2/devinfo/%u/missing", number), "%s\n", missing);
        tree_file(tree, pool_format(pool, "/sys/fs/btrfs/1-2/devinfo/%u/replace_target", number), "%s\n", target);
}

/* Swap on sdb1, and a root that is mounted from sda1. */
static struct tree *machine(void)
{
        static const char *const parts[][2] = { { "sda", "1" }, { "sdb", "1" }, { "sdb", "2" }, { "sdc", "1" } };
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/self/mountinfo", "22 1 0:25 /@ / rw - btrfs /dev/sda1 rw\n");
        tree_file(tree, "/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n/dev/sdb1 partition 1000 0 -2\n");
        tree_folder(tree, "/sys/fs/btrfs/features");
        tree_folder(tree, "/sys/class/block/dm-9/slaves/sdq");
        for (size_t i = 0; i < COUNT(parts); i++) {
                autopool struct pool *pool = pool_new();
                const char *disk = parts[i][0], *part = parts[i][1];

                tree_file(tree, pool_format(pool, "/sys/devices/pci0/%s/%s%s/partition", disk, disk, part), "1\n");
                tree_file(tree, pool_format(pool, "/sys/devices/pci0/%s/%s%s/size", disk, disk, part), "2\n");
                tree_link(tree, pool_format(pool, "/sys/class/block/%s", disk),
                          pool_format(pool, "../../devices/pci0/%s", disk));
                tree_link(tree, pool_format(pool, "/sys/class/block/%s%s", disk, part),
                          pool_format(pool, "../../devices/pci0/%s/%s%s", disk, disk, part));
        }
        return tree;
}

static void test_devices(void)
{
        static const struct {
                const char *name, *devices[3]; /* there */
                const char *missing, *target;  /* what the files of one more member say; NULL: there is none */
                const char *separate, *size, *note;
        } cases[] = {
                { "one device", { "sda1" }, NULL, NULL, "true", "1024", NULL },
                { "two, elsewhere than swap", { "sda1", "sdc1" }, NULL, NULL, "true", "unreadable EOPNOTSUPP", NULL },
                { "the second beside swap",
                  { "sda1", "sdb2" },
                  NULL,
                  NULL,
                  "false",
                  "unreadable EOPNOTSUPP",
                  "/dev/sdb1: sdb also holds /" },
                { "one is missing",
                  { "sda1" },
                  "1",
                  "0",
                  "unreadable EOPNOTSUPP",
                  "unreadable EOPNOTSUPP",
                  "btrfs at / may have several" },
                { "is one missing?",
                  { "sda1" },
                  "x",
                  "0",
                  "unreadable EOPNOTSUPP",
                  "unreadable EOPNOTSUPP",
                  "btrfs at / may have several" },
                { "is it a member?",
                  { "sda1" },
                  "0",
                  "x",
                  "unreadable EOPNOTSUPP",
                  "unreadable EOPNOTSUPP",
                  "btrfs at / may have several" },
                { "one that nobody knows",
                  { "sda1", "sdq1" },
                  NULL,
                  NULL,
                  "unreadable EOPNOTSUPP",
                  "unreadable EOPNOTSUPP",
                  "btrfs at / may have several" },
                { "one on nobody knows what",
                  { "sda1", "dm-9" },
                  NULL,
                  NULL,
                  "unreadable EOPNOTSUPP",
                  "unreadable EOPNOTSUPP",
                  "btrfs at / may have several" },
                { "another filesystem's",
                  { "sdc1" },
                  NULL,
                  NULL,
                  "unreadable EOPNOTSUPP",
                  "unreadable EOPNOTSUPP",
                  "btrfs at / may have several" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                const struct fact_row rows[] = { { "swap.separate", cases[i].separate }, { "disk./.size", cases[i].size } };
                struct tree *tree = machine();
                const struct fact *fact;
                struct facts *facts;

                for (unsigned k = 0; cases[i].devices[k]; k++) {
                        tree_link(tree, pool_format(pool, "/sys/fs/btrfs/1-2/devices/%s", cases[i].devices[k]), "../x");
                        add_member(tree, k + 1, "0", "0");
                }
                if (cases[i].missing)
                        add_member(tree, 8, cases[i].missing, cases[i].target);
                facts = probe_facts(tree_host(tree), &probe_disk);
                expect_facts(cases[i].name, facts, rows, COUNT(rows));
                fact = fact_find(facts, "swap.separate");
                EXPECT(cases[i].name,
                       cases[i].note ? fact && fact->note && strstr(fact->note, cases[i].note) : fact && !fact->note);
                facts_free(facts);
                tree_free(tree);
        }
}

/* Neither how many devices there should be is known then, nor which of two it lies on. */
static void test_untold(void)
{
        static const struct fact_row rows[] = { { "swap.separate", "unreadable EOPNOTSUPP" },
                                                { "disk./.size", "unreadable EOPNOTSUPP" } };
        struct facts *facts;
        struct tree *tree = machine();

        tree_link(tree, "/sys/fs/btrfs/1-2/devices/sda1", "../x");
        facts = probe_facts(tree_host(tree), &probe_disk);
        expect_facts("a kernel that tells of none missing", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);

        tree = machine();
        tree_link(tree, "/sys/fs/btrfs/1-2/devices/sda1", "../x");
        tree_link(tree, "/sys/fs/btrfs/1-2/devices/sdc1", "../x");
        add_member(tree, 0, "0", "1");
        add_member(tree, 1, "0", "0");
        facts = probe_facts(tree_host(tree), &probe_disk);
        expect_facts("on its way to another device", facts, &rows[1], 1);
        facts_free(facts);
        tree_free(tree);

        tree = machine();
        tree_file(tree, "/proc/self/mountinfo", "22 1 0:25 /@ / rw - btrfs /dev/root rw\n");
        tree_link(tree, "/sys/fs/btrfs/1-2/devices/sda1", "../x");
        add_member(tree, 1, "0", "0");
        facts = probe_facts(tree_host(tree), &probe_disk);
        expect_facts("a mount that names none", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "devices", test_devices },
        { "untold", test_untold },
        { 0 },
};

const struct suite suite_disk_btrfs = { "disk_btrfs", tests };

/* What btrfs filesystems of several devices are called: by their labels, where those are names, else by their first device. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"
#include "tests/unit/raid_btrfs_tree.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_raid);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_names(void)
{
        static const struct {
                const char *name, *label, *want;
        } cases[] = {
                { "a label", "trade\n", "btrfs-trade" },
                { "none", "", "btrfs-nvme0n1" },
                { "with blanks", "market data\n", "btrfs-nvme0n1" },
                { "a path", "../../etc\n", "btrfs-nvme0n1" },
                { "a pattern", "*\n", "btrfs-nvme0n1" },
                { "controls", "a\x1b[2Jb\n", "btrfs-nvme0n1" },
                { "several lines", "a\nb\n", "btrfs-nvme0n1" },
                { "no text", "\xff\xfe\n", "btrfs-nvme0n1" },
                { "as long as 64", "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\n",
                  "btrfs-aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd" },
                { "too long for a label", "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddde\n",
                  "btrfs-nvme0n1" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                const struct fact_row rows[] = { { pool_format(pool, "raid.%s.level", cases[i].want), "raid1" },
                                                 { "raid.count", "1" } };
                struct tree *tree = raid_btrfs_machine();

                raid_btrfs_add(tree, BTRFS_TRADE, cases[i].label, 2, "raid1");
                check(cases[i].name, tree, rows, COUNT(rows));
        }
}

/* A mirror of the drive and the one that comes first in the list of letters. */
static void add_on(struct tree *tree, const char *folder, const char *label, const char *device)
{
        autopool struct pool *pool = pool_new();

        raid_btrfs_add(tree, folder, label, 2, "raid1");
        tree_remove(tree, pool_format(pool, "%s/devices/nvme0n1", folder));
        tree_remove(tree, pool_format(pool, "%s/devices/nvme1n1", folder));
        tree_link(tree, pool_format(pool, "%s/devices/nvme10n1", folder), "../../../../class/block/nvme10n1");
        tree_link(tree, pool_format(pool, "%s/devices/%s", folder, device),
                  pool_format(pool, "../../../../class/block/%s", device));
}

/* Two of one label, two without, one device in two of them, which is a lie, and one that LVM has taken: each is told. */
static void test_same_names(void)
{
        static const struct fact_row rows[] = {
                { "raid.count", "6" },
                { "raid.btrfs-trade.level", "none" },
                { "raid.btrfs-nvme0n1.level", "raid1" },
                { "raid.btrfs-nvme2n1.level", "raid1" },
                { "raid.btrfs-nvme9n1.level", "raid1" },
                { "raid.btrfs-nvme9n1-2.level", "raid1" },
                { "raid.btrfs-nvme3n1.level", "raid1" },
                { "raid.btrfs-lvm.size", "512" }, /* the volume */
        };
        struct tree *tree = raid_btrfs_machine();

        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 2, "raid1");
        add_on(tree, BTRFS_PLACE "4e85e2ec-1", "trade\n", "nvme2n1");
        add_on(tree, BTRFS_PLACE "5e85e2ec-1", "", "nvme9n1");
        add_on(tree, BTRFS_PLACE "5e85e2ec-2", "", "nvme9n1");
        add_on(tree, BTRFS_PLACE "6e85e2ec-1", "lvm\n", "nvme3n1");
        tree_file(tree, "/sys/block/dm-4/size", "1\n");
        tree_file(tree, "/sys/block/dm-4/dm/name", "btrfs-lvm\n");
        tree_folder(tree, "/sys/block/dm-4/slaves/dm-1");
        tree_file(tree, "/sys/block/dm-1/dm/name", "btrfs-lvm_rimage_0\n");
        check("same names", tree, rows, COUNT(rows));
}

/* What has no device to be called by is not passed over. */
static void test_no_name(void)
{
        static const struct fact_row rows[] = { { "raid.btrfs-*", "unreadable ENODATA" },
                                                { "raid.count", "unreadable ENODATA" } };
        struct tree *tree = raid_btrfs_machine();

        raid_btrfs_add(tree, BTRFS_TRADE, "", 2, "raid1");
        tree_remove(tree, BTRFS_TRADE "/devices/nvme0n1");
        tree_remove(tree, BTRFS_TRADE "/devices/nvme1n1");
        check("no device", tree, rows, COUNT(rows));
}

static const struct test tests[] = {
        { "names", test_names },
        { "same names", test_same_names },
        { "no name", test_no_name },
        { 0 },
};

const struct suite suite_raid_btrfs_name = { "raid_btrfs_name", tests };

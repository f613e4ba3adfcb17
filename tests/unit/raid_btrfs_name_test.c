/* What btrfs filesystems of several devices are called: by their labels, where those are names, and by as much of their UUIDs as it takes. */

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
                { "none", "", "btrfs-3e85e2ec" },
                { "with blanks", "market data\n", "btrfs-3e85e2ec" },
                { "a path", "../../etc\n", "btrfs-3e85e2ec" },
                { "a pattern", "*\n", "btrfs-3e85e2ec" },
                { "controls", "a\x1b[2Jb\n", "btrfs-3e85e2ec" },
                { "several lines", "a\nb\n", "btrfs-3e85e2ec" },
                { "no text", "\xff\xfe\n", "btrfs-3e85e2ec" },
                { "as long as 64", "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\n",
                  "btrfs-aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd" },
                { "too long for a label", "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddde\n",
                  "btrfs-3e85e2ec" },
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

/* Two of one label, of one beginning, and one that LVM has taken: each is told. */
static void test_same_names(void)
{
        static const struct fact_row rows[] = {
                { "raid.count", "5" },
                { "raid.btrfs-trade.level", "none" },
                { "raid.btrfs-3e85e2ec.level", "raid1" },
                { "raid.btrfs-4e85e2ec.level", "raid0" },
                { "raid.btrfs-5e85e2ec.level", "raid10" },
                { "raid.btrfs-5e85e2ec-2.level", "raid1" },
                { "raid.btrfs-lvm.size", "512" }, /* the volume */
                { "raid.btrfs-6e85e2ec.level", "none" },
        };
        struct tree *tree = raid_btrfs_machine();

        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 2, "raid1");
        raid_btrfs_add(tree, BTRFS_PLACE "4e85e2ec-1", "trade\n", 2, "raid0");
        raid_btrfs_add(tree, BTRFS_PLACE "5e85e2ec-1", "", 2, "raid10");
        raid_btrfs_add(tree, BTRFS_PLACE "5e85e2ec-2", "", 2, "raid1");
        raid_btrfs_add(tree, BTRFS_PLACE "6e85e2ec-1", "lvm\n", 1, "single");
        tree_file(tree, "/sys/block/dm-4/size", "1\n");
        tree_file(tree, "/sys/block/dm-4/dm/name", "btrfs-lvm\n");
        tree_folder(tree, "/sys/block/dm-4/slaves/dm-1");
        tree_file(tree, "/sys/block/dm-1/dm/name", "btrfs-lvm_rimage_0\n");
        check("same names", tree, rows, COUNT(rows));

        static const struct fact_row taken[] = { { "raid.count", "2" },
                                                 { "raid.btrfs-lvm.size", "512" },
                                                 { "raid.btrfs-3e85e2ec.level", "raid1" } };

        tree = raid_btrfs_machine();
        raid_btrfs_add(tree, BTRFS_TRADE, "lvm\n", 2, "raid1");
        tree_file(tree, "/sys/block/dm-4/size", "1\n");
        tree_file(tree, "/sys/block/dm-4/dm/name", "btrfs-lvm\n");
        tree_folder(tree, "/sys/block/dm-4/slaves/dm-1");
        tree_file(tree, "/sys/block/dm-1/dm/name", "btrfs-lvm_rimage_0\n");
        check("taken by LVM", tree, taken, COUNT(taken));
}

static const struct test tests[] = {
        { "names", test_names },
        { "same names", test_same_names },
        { 0 },
};

const struct suite suite_raid_btrfs_name = { "raid_btrfs_name", tests };

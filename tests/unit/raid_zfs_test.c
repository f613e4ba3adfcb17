/* Pools of ZFS: what their health says, and that nothing else is taken for known. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define PLACE        "/proc/spl/kstat/zfs"

static struct tree *machine(void)
{
        struct tree *tree = tree_new();

        tree_folder(tree, "/sys/block/sda");
        tree_file(tree, PLACE "/arcstats", "13 1 0x01\n");
        return tree;
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_raid);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_states(void)
{
        static const char *const cases[][2] = {
                { "ONLINE\n", "active" },
                { "DEGRADED\n", "degraded" },
                { "FAULTED\n", "failed" },
                { "UNAVAIL\n", "failed" },
                { "SUSPENDED\n", "suspended" },
                { "OFFLINE\n", "inactive" },
                { "SPLENDID\n", "unreadable EINVAL" },
                { "online\n", "unreadable EINVAL" },
                { "", "unreadable ENODATA" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row rows[] = {
                        { "raid.zfs-tank.state", cases[i][1] },
                        { "raid.zfs-tank.level", "unreadable EOPNOTSUPP" },
                        { "raid.zfs-tank.members", "unreadable EOPNOTSUPP" },
                        { "raid.zfs-tank.size", "unreadable EOPNOTSUPP" },
                        { "raid.zfs-tank.transport", "unreadable EOPNOTSUPP" },
                        { "raid.count", "unreadable EOPNOTSUPP" },
                };
                struct tree *tree = machine();

                tree_file(tree, PLACE "/tank/state", "%s", cases[i][0]);
                check(cases[i][0], tree, rows, COUNT(rows));
        }
}

static void test_pools(void)
{
        static const struct fact_row none[] = { { "raid.count", "0" }, { "raid.zfs-arcstats.state", "none" } };
        static const struct fact_row old[] = { { "raid.zfs-tank.state", "unreadable ENOENT" },
                                               { "raid.count", "unreadable EOPNOTSUPP" } };
        static const struct fact_row taken[] = { { "raid.zfs-tank.size", "512" },
                                                 { "raid.zfs-pool-tank.state", "degraded" },
                                                 { "raid.zfs-pool-tank.level", "unreadable EOPNOTSUPP" } };
        struct tree *tree = machine();

        check("the module without a pool", tree, none, COUNT(none));

        tree = machine();
        tree_file(tree, PLACE "/tank/io", "9 3 0x00\n");
        check("before 0.8 a pool tells no state", tree, old, COUNT(old));

        tree = machine();
        tree_file(tree, PLACE "/tank/state", "DEGRADED\n");
        tree_file(tree, "/sys/block/dm-4/size", "1\n");
        tree_file(tree, "/sys/block/dm-4/dm/name", "zfs-tank\n");
        tree_folder(tree, "/sys/block/dm-4/slaves/dm-1");
        tree_file(tree, "/sys/block/dm-1/dm/name", "zfs-tank_rimage_0\n");
        check("a volume of LVM is called so", tree, taken, COUNT(taken));
}

static const struct test tests[] = {
        { "states", test_states },
        { "pools", test_pools },
        { 0 },
};

const struct suite suite_raid_zfs = { "raid_zfs", tests };

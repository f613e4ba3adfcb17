/* md arrays: their states, and what their members stand on. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]

/* A disk with one partition, NAME and NAME + part, at a path below /sys/devices. */
static void add_disk(struct tree *tree, const char *path, const char *name, const char *part)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "/sys/devices/%s/%s/%s%s/partition", path, name, name, part), "1\n");
        tree_link(tree, pool_format(pool, "/sys/class/block/%s", name), pool_format(pool, "../../devices/%s/%s", path, name));
        tree_link(tree, pool_format(pool, "/sys/class/block/%s%s", name, part),
                  pool_format(pool, "../../devices/%s/%s/%s%s", path, name, name, part));
}

static void add_nvme(struct tree *tree, unsigned number, unsigned namespace)
{
        autopool struct pool *pool = pool_new();

        add_disk(tree, pool_format(pool, "pci0000:00/0000:0%u:00.0/nvme/nvme%u", number + 1, number),
                 pool_format(pool, "nvme%un%u", number, namespace), "p1");
}

static void add_member(struct tree *tree, const char *array, const char *partition, const char *slot, const char *state)
{
        autopool struct pool *pool = pool_new();
        const char *member = pool_format(pool, "/sys/block/%s/md/dev-%s", array, partition);

        tree_file(tree, pool_format(pool, "%s/slot", member), "%s\n", slot);
        tree_file(tree, pool_format(pool, "%s/state", member), "%s\n", state);
        tree_link(tree, pool_format(pool, "%s/block", member), pool_format(pool, "../../../../class/block/%s", partition));
}

static void add_array(struct tree *tree, const char *name, const char *level)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "/sys/block/%s/size", name), "3907029168\n");
        tree_file(tree, pool_format(pool, "/sys/block/%s/md/level", name), "%s\n", level);
        tree_file(tree, pool_format(pool, "/sys/block/%s/md/array_state", name), "clean\n");
        tree_file(tree, pool_format(pool, "/sys/block/%s/md/raid_disks", name), "2\n");
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_raid);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

/* A mirror on two controllers. */
static struct tree *two_drives(void)
{
        struct tree *tree = tree_new();

        add_nvme(tree, 0, 1);
        add_nvme(tree, 1, 1);
        add_array(tree, "md0", "raid1");
        add_member(tree, "md0", "nvme0n1p1", "0", "in_sync");
        add_member(tree, "md0", "nvme1n1p1", "1", "in_sync");
        return tree;
}

static void test_arrays(void)
{
        static const struct fact_row rows[] = {
                { "raid.count", "5" },
                { "raid.md0.level", "raid1" },
                { "raid.md0.state", "clean" },
                { "raid.md0.members", "2" },
                { "raid.md0.size", "2000398934016" },
                { "raid.md0.transport", "nvme" },
                { "raid.md1.transport", "nvme-shared" }, /* two namespaces of one drive are no RAID */
                { "raid.md2.transport", "mixed" },
                { "raid.md3.transport", "sata" },
                { "raid.md4.transport", "unreadable ENOENT" },
        };
        struct tree *tree = tree_new();

        add_nvme(tree, 0, 1);
        add_nvme(tree, 0, 2);
        add_nvme(tree, 1, 1);
        add_disk(tree, "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block", "sda", "1");
        add_disk(tree, "pci0000:00/0000:00:1f.2/ata2/host1/target1:0:0/1:0:0:0/block", "sdb", "1");
        add_array(tree, "md0", "raid1");
        add_member(tree, "md0", "nvme0n1p1", "0", "in_sync");
        add_member(tree, "md0", "nvme1n1p1", "1", "in_sync");
        add_array(tree, "md1", "raid1");
        add_member(tree, "md1", "nvme0n1p1", "0", "in_sync");
        add_member(tree, "md1", "nvme0n2p1", "1", "in_sync");
        add_array(tree, "md2", "raid1");
        add_member(tree, "md2", "nvme0n1p1", "0", "in_sync");
        add_member(tree, "md2", "sda1", "1", "in_sync");
        add_array(tree, "md3", "raid1");
        add_member(tree, "md3", "sda1", "0", "in_sync");
        add_member(tree, "md3", "sdb1", "1", "in_sync");
        add_array(tree, "md4", "raid1");
        add_member(tree, "md4", "sdz1", "0", "in_sync");
        tree_folder(tree, "/sys/block/mdadm-is-not-an-array");
        check("arrays", tree, ROWS(rows));
}

/* Firmware RAID: the container is none, whatever it holds, and neither counts nor makes anything unknown. */
static void test_containers(void)
{
        static const struct {
                const char *name, *version, *level, *count, *says;
        } cases[] = {
                { "of Intel", "external:imsm", "", "0", "none" },
                { "of DDF", "external:ddf", "", "0", "none" },
                { "of a kind to come", "external:other", "", "0", "none" },
                { "an array in one", "external:/md127/0", "raid1", "1", "raid1" },
                { "an array in one that is kept as it is", "external:-md127/0", "raid1", "1", "raid1" },
                { "metadata of md's own", "1.2", "raid1", "1", "raid1" },
                { "without metadata", "none", "raid0", "1", "raid0" },
                { "a kernel that does not say", NULL, "raid1", "1", "raid1" },
                { "cut off", "external:", "", "1", "unreadable ENODATA" },
                { "an empty file", "", "", "1", "unreadable ENODATA" },
                { "no container, and no level", "1.2", "", "1", "unreadable ENODATA" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "raid.count", cases[i].count }, { "raid.md126.level", cases[i].says } };
                struct tree *tree = tree_new();

                add_array(tree, "md126", cases[i].level);
                if (cases[i].version)
                        tree_file(tree, "/sys/block/md126/md/metadata_version", "%s\n", cases[i].version);
                check(cases[i].name, tree, ROWS(rows));
        }
}

static void test_states(void)
{
        static const struct {
                const char *name, *level, *array_state, *degraded, *action, *want;
        } cases[] = {
                { "clean", "raid1", "clean", "0", "idle", "clean" },
                { "active", "raid1", "active", "0", "idle", "active" },
                { "write pending", "raid1", "write-pending", "0", "idle", "active" },
                { "assembled, not written to yet", "raid1", "read-auto", "0", "idle", "clean" },
                { "read only by hand", "raid1", "readonly", "0", "idle", "readonly" },
                { "no redundancy, no files", "raid0", "clean", NULL, NULL, "clean" },
                { "check", "raid1", "clean", "0", "check", "check" },
                { "resync", "raid1", "active", "0", "resync", "resync" },
                { "degraded", "raid1", "clean", "1", "idle", "degraded" },
                { "degraded wins", "raid1", "active", "1", "recover", "degraded" },
                { "one too many", "raid5", "clean", "2", "idle", "failed" },
                { "two of raid6", "raid6", "clean", "2", "idle", "degraded" },
                { "all of a mirror", "raid1", "clean", "2", "idle", "failed" },
                { "broken", "raid0", "broken", NULL, NULL, "failed" },
                { "inactive", "raid1", "inactive", "0", "idle", "inactive" },
                { "unknown word", "raid1", "splendid", "0", "idle", "unreadable EINVAL" },
                { "unknown action", "raid1", "clean", "0", "dance", "unreadable EINVAL" },
                { "empty", "raid1", "", "0", "idle", "unreadable ENODATA" },
                { "degraded by how much?", "raid1", "clean", "many", "idle", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "raid.md0.state", cases[i].want } };
                struct tree *tree = tree_new();

                add_array(tree, "md0", cases[i].level);
                tree_file(tree, "/sys/block/md0/md/array_state", "%s\n", cases[i].array_state);
                if (cases[i].degraded)
                        tree_file(tree, "/sys/block/md0/md/degraded", "%s\n", cases[i].degraded);
                if (cases[i].action)
                        tree_file(tree, "/sys/block/md0/md/sync_action", "%s\n", cases[i].action);
                check(cases[i].name, tree, ROWS(rows));
        }
}

/* Assembled, and not written to: the resync that is needed has not begun. */
static void test_pending(void)
{
        static const struct {
                const char *name, *state, *action, *start, *says;
        } cases[] = {
                { "nothing pending", "read-auto", "idle", "none", "clean" },
                { "all of it", "read-auto", "idle", "0", "resync" },
                { "the rest of it", "read-auto", "idle", "81920", "resync" },
                { "held back by hand", "clean", "frozen", "81920", "resync" },
                { "written to meanwhile", "active", "frozen", "0", "resync" },
                { "for a while", "active-idle", "frozen", "0", "resync" },
                { "read only, and so left alone", "readonly", "idle", "0", "readonly" },
                { "an older kernel without the file", "read-auto", "idle", NULL, "clean" },
                { "empty", "read-auto", "idle", "", "unreadable ENODATA" },
                { "a check does not hide it", "clean", "check", "none", "check" },
                { "no redundancy, nothing to resync", "clean", NULL, "0", "clean" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct fact_row rows[] = { { "raid.md0.state", cases[i].says } };
                struct tree *tree = tree_new();

                tree_file(tree, "/sys/block/md0/size", "1000\n");
                tree_file(tree, "/sys/block/md0/md/level", "raid1\n");
                tree_file(tree, "/sys/block/md0/md/raid_disks", "2\n");
                tree_file(tree, "/sys/block/md0/md/array_state", "%s\n", cases[i].state);
                if (cases[i].action) {
                        tree_file(tree, "/sys/block/md0/md/degraded", "0\n");
                        tree_file(tree, "/sys/block/md0/md/sync_action", "%s\n", cases[i].action);
                }
                if (cases[i].start)
                        tree_file(tree, "/sys/block/md0/md/resync_start", "%s\n", cases[i].start);
                check(cases[i].name, tree, ROWS(rows));
        }
}

static void test_members(void)
{
        static const struct fact_row rows[] = {
                { "raid.md0.members", "1" },
                { "raid.md0.transport", "nvme" },
                { "raid.md0.state", "degraded" },
        };
        static const struct fact_row none[] = { { "raid.md0.members", "unreadable ENODATA" },
                                                { "raid.md0.transport", "unreadable ENODATA" } };
        struct tree *tree = tree_new();

        add_nvme(tree, 0, 1);
        add_nvme(tree, 1, 1);
        add_nvme(tree, 2, 1);
        add_array(tree, "md0", "raid1");
        tree_file(tree, "/sys/block/md0/md/degraded", "1\n");
        add_member(tree, "md0", "nvme0n1p1", "0", "in_sync");
        add_member(tree, "md0", "nvme1n1p1", "1", "faulty,blocked");
        add_member(tree, "md0", "nvme2n1p1", "none", "spare");
        check("one at work", tree, ROWS(rows));

        tree = tree_new();
        add_array(tree, "md0", "raid1");
        check("none", tree, ROWS(none));
}

/* Members on fabrics, behind a mapping, and links that go round. */
static void test_disks_below(void)
{
        static const struct fact_row rows[] = {
                { "raid.md0.transport", "nvme-tcp" },
                { "raid.md1.transport", "nvme" },
                { "raid.md2.transport", "unreadable ELOOP" },
        };
        struct tree *tree = tree_new();

        add_disk(tree, "virtual/nvme-subsystem/nvme-subsys3", "nvme3n1", "p1");
        tree_file(tree, "/sys/class/nvme/nvme3/transport", "tcp\n");
        tree_link(tree, "/sys/class/nvme-subsystem/nvme-subsys3/nvme3", "../../nvme/nvme3");
        add_array(tree, "md0", "raid1");
        add_member(tree, "md0", "nvme3n1p1", "0", "in_sync");

        add_nvme(tree, 0, 1);
        tree_folder(tree, "/sys/class/block/dm-0/slaves/nvme0n1p1");
        add_array(tree, "md1", "raid1");
        add_member(tree, "md1", "dm-0", "0", "in_sync");

        tree_folder(tree, "/sys/class/block/dm-1/slaves/dm-2");
        tree_folder(tree, "/sys/class/block/dm-2/slaves/dm-1");
        add_array(tree, "md2", "raid1");
        add_member(tree, "md2", "dm-1", "0", "in_sync");
        check("below", tree, ROWS(rows));
}

#define NQN0 "nqn.2014.08.org.nvmexpress:10000001S0 M"
#define NQN1 "nqn.2014.08.org.nvmexpress:10000001S1 M"

/* Two controllers with one namespace each: of two drives, or the two ports of one that the kernel does not join. */
static void test_drives(void)
{
        static const struct {
                const char *name, *first, *second, *says;
        } cases[] = {
                { "two drives", NQN0, NQN1, "nvme" },
                { "two ports of one", NQN0, NQN0, "nvme-shared" },
                { "a kernel without names of drives", NULL, NULL, "nvme" },
                { "one without a name", NQN0, NULL, "nvme" },
                { "both with an empty one", "", "", "nvme" },
                { "no name at all", "\377\001", NQN1, "nvme" },
        };
        static const struct fact_row joined[] = { { "raid.md0.transport", "nvme-shared" } },
                                     unread[] = { { "raid.md0.transport", "unreadable ENODATA" } };
        struct tree *tree;

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "raid.md0.transport", cases[i].says } };

                tree = two_drives();
                if (cases[i].first)
                        tree_file(tree, "/sys/class/nvme/nvme0/subsysnqn", "%s\n", cases[i].first);
                if (cases[i].second)
                        tree_file(tree, "/sys/class/nvme/nvme1/subsysnqn", "%s\n", cases[i].second);
                check(cases[i].name, tree, ROWS(rows));
        }

        /* A namespace that no other controller sees may be left out of what the kernel joins. */
        tree = two_drives();
        tree_file(tree, "/sys/class/nvme/nvme0/subsysnqn", NQN0 "\n");
        tree_file(tree, "/sys/class/nvme-subsystem/nvme-subsys7/subsysnqn", NQN0 "\n");
        add_disk(tree, "virtual/nvme-subsystem/nvme-subsys7", "nvme7n2", "p1");
        tree_file(tree, "/sys/class/nvme/nvme7/transport", "pcie\n");
        tree_link(tree, "/sys/class/nvme-subsystem/nvme-subsys7/nvme7", "../../nvme/nvme7");
        add_member(tree, "md0", "nvme1n1p1", "none", "spare");
        add_member(tree, "md0", "nvme7n2p1", "1", "in_sync");
        check("one joined, one not", tree, ROWS(joined));

        tree = two_drives();
        tree_folder(tree, "/sys/class/nvme/nvme0/subsysnqn");
        check("a name that cannot be read", tree, ROWS(unread));
}

static void test_machines(void)
{
        static const struct fact_row unknown[] = { { "raid.count", "unreadable ENOENT" } };
        static const struct fact_row none[] = { { "raid.count", "0" } };
        struct tree *tree = tree_new();

        check("nothing to see", tree, ROWS(unknown));
        tree = tree_new();
        tree_folder(tree, "/sys/block/sda");
        check("no array", tree, ROWS(none));
}

static const struct test tests[] = {
        { "arrays", test_arrays },   { "containers", test_containers }, { "states", test_states },
        { "pending", test_pending }, { "members", test_members },       { "disks below", test_disks_below },
        { "drives", test_drives },   { "machines", test_machines },     { 0 },
};

const struct suite suite_raid_probe = { "raid_probe", tests };

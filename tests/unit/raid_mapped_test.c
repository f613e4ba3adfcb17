/* LVM's RAID and mirror volumes: what sysfs and the kernel's status tell of them, and that one of the two never says that all is well. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
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

/* A mapping over others, named between blanks. */
static void add_mapping(struct tree *tree, const char *number, const char *name, unsigned sectors, const char *slaves)
{
        autopool struct pool *pool = pool_new();
        const char *folder = pool_format(pool, "/sys/block/%s", number);
        struct slice word;

        tree_file(tree, pool_format(pool, "%s/size", folder), "%u\n", sectors);
        tree_file(tree, pool_format(pool, "%s/dm/name", folder), "%s\n", name);
        tree_file(tree, pool_format(pool, "%s/dm/suspended", folder), "0\n");
        tree_folder(tree, pool_format(pool, "%s/slaves", folder));
        while (text_word(&slaves, " ", &word))
                tree_folder(tree, pool_format(pool, "%s/slaves/%.*s", folder, (int)word.size, word.at));
}

/* What the kernel answers of a volume of that name. */
static void add_status(struct tree *tree, const char *name, const char *status)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "/.plumbline/ask/devicemapper/status/%s", name), "%s\n", status);
}

/* Images 0 and 1 of a volume on two drives, as dm-1 and dm-3, with their metadata. */
static struct tree *two_images(const char *volume, unsigned sectors)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();

        add_nvme(tree, 0, 1);
        add_nvme(tree, 1, 1);
        add_mapping(tree, "dm-0", pool_format(pool, "%s_rmeta_0", volume), 8192, "nvme0n1p1");
        add_mapping(tree, "dm-1", pool_format(pool, "%s_rimage_0", volume), sectors, "nvme0n1p1");
        add_mapping(tree, "dm-2", pool_format(pool, "%s_rmeta_1", volume), 8192, "nvme1n1p1");
        add_mapping(tree, "dm-3", pool_format(pool, "%s_rimage_1", volume), sectors, "nvme1n1p1");
        return tree;
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_raid);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_mirror(void)
{
        static const struct fact_row rows[] = {
                { "raid.count", "1" },
                { "raid.vg0-data.level", "raid1" },
                { "raid.vg0-data.state", "active" },
                { "raid.vg0-data.members", "2" },
                { "raid.vg0-data.size", "2147483648" },
                { "raid.vg0-data.transport", "nvme" },
                { "raid.dm-4.level", "none" },
                { "raid.vg0-data_rimage_0.level", "none" },
                { "raid.vg0-plain.level", "none" },
        };
        static const struct fact_row unasked[] = {
                { "raid.count", "1" },
                { "raid.vg0-data.level", "raid1" },
                { "raid.vg0-data.state", "unreadable ENODATA" }, /* though it is in order */
                { "raid.vg0-data.members", "unreadable ENODATA" },
                { "raid.vg0-data.transport", "nvme" },
        };
        static const struct fact_row snapshot[] = {
                { "raid.count", "1" },
                { "raid.vg0-data-real.level", "raid1" },
                { "raid.vg0-data-real.state", "active" },
        };
        static const struct fact_row old_mirror[] = {
                { "raid.count", "1" },
                { "raid.vg0-data.level", "raid1" },
                { "raid.vg0-data.state", "resync" },
                { "raid.vg0-data.members", "2" },
                { "raid.vg0-data.transport", "mixed" },
        };
        struct tree *tree = two_images("vg0-data", 4194304);

        add_mapping(tree, "dm-4", "vg0-data", 4194304, "dm-0 dm-1 dm-2 dm-3");
        add_mapping(tree, "dm-5", "vg0-plain", 4194304, "nvme0n1p1");
        add_status(tree, "vg0-data", "0 4194304 raid raid1 2 AA 4194304/4194304 idle 0 0 -");
        check("raid1", tree, ROWS(rows));

        tree = two_images("vg0-data", 4194304);
        add_mapping(tree, "dm-4", "vg0-data", 4194304, "dm-0 dm-1 dm-2 dm-3");
        check("raid1, and nobody was asked", tree, ROWS(unasked));

        tree = two_images("vg0-data", 4194304);
        add_mapping(tree, "dm-4", "vg0-data-real", 4194304, "dm-0 dm-1 dm-2 dm-3");
        add_mapping(tree, "dm-5", "vg0-data", 4194304, "dm-4");
        add_status(tree, "vg0-data", "0 4194304 snapshot-origin ");
        add_status(tree, "vg0-data-real", "0 4194304 raid raid1 2 AA 4194304/4194304 idle 0 0 -");
        check("with a snapshot", tree, ROWS(snapshot));

        tree = tree_new();
        add_nvme(tree, 0, 1);
        add_disk(tree, "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block", "sda", "1");
        add_mapping(tree, "dm-0", "vg0-data_mlog", 8192, "sda1");
        add_mapping(tree, "dm-1", "vg0-data_mimage_0", 2048, "sda1");
        add_mapping(tree, "dm-2", "vg0-data_mimage_1", 2048, "nvme0n1p1");
        add_mapping(tree, "dm-3", "vg0-data", 2048, "dm-0 dm-1 dm-2");
        add_status(tree, "vg0-data", "0 2048 mirror 2 253:1 253:2 1/2 1 AA 3 disk 253:0 A");
        check("mirror", tree, ROWS(old_mirror));
}

/* Two images of 1000 sectors: what a volume over them can be. */
static void test_levels(void)
{
        static const struct {
                const char *name, *slaves, *level;
                unsigned sectors;
        } cases[] = {
                { "copies", "dm-1 dm-3", "raid1", 1000 },
                { "all of both", "dm-1 dm-3", "raid0", 2000 },
                { "something between", "dm-1 dm-3", "unreadable ENODATA", 1500 },
                { "one image", "dm-1", "unreadable ENODATA", 1000 },
                { "nothing", "dm-1 dm-3", "unreadable ENODATA", 0 },
        };
        static const struct {
                const char *status, *level, *state;
                unsigned sectors;
        } told[] = {
                { "0 1000 raid raid5_ls 2 AA 1000/1000 idle 0 0 -", "raid5", "active", 1000 },
                { "0 1500 raid raid10 2 AA 1000/1000 idle 0 0 -", "raid10", "active", 1500 },
                { "0 1000 raid raid9 2 AA 1000/1000 idle 0 0 -", "unreadable EINVAL", "unreadable EINVAL", 1000 },
                { "0 1000 linear ", "unreadable EINVAL", "unreadable EINVAL", 1000 },
        };
        static const struct fact_row no_size[] = {
                { "raid.vg-v.level", "unreadable ENODATA" },
                { "raid.vg-v.size", "4096" },
        };
        struct tree *tree;

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "raid.vg-v.level", cases[i].level } };

                tree = two_images("vg-v", 1000);
                add_mapping(tree, "dm-4", "vg-v", cases[i].sectors, cases[i].slaves);
                check(cases[i].name, tree, ROWS(rows));
        }
        /* What the kernel says holds, whatever the sizes look like. */
        for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
                const struct fact_row rows[] = { { "raid.vg-v.level", told[i].level }, { "raid.vg-v.state", told[i].state } };

                tree = two_images("vg-v", 1000);
                add_mapping(tree, "dm-4", "vg-v", told[i].sectors, "dm-1 dm-3");
                add_status(tree, "vg-v", told[i].status);
                check(told[i].status, tree, ROWS(rows));
        }
        tree = two_images("vg-v", 8);
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        tree_remove(tree, "/sys/block/dm-3/size");
        check("an image of unknown size", tree, ROWS(no_size));
}

/* Two images of 8 sectors with their disks: what the kernel says of them. */
static void test_told(void)
{
        static const struct {
                const char *status, *state, *members;
        } cases[] = {
                { "0 8 raid raid1 2 AA 8/8 idle 0 0 -", "active", "2" },
                { "0 8 raid raid1 2 AD 8/8 idle 0 0 -", "degraded", "1" },
                { "0 8 raid raid1 2 Aa 4/8 recover 0 0 -", "degraded", "1" },
                { "0 8 raid raid1 2 aa 4/8 resync 0 0 -", "resync", "2" },
                { "0 8 raid raid1 2 AA 4/8 check 0 0 -", "check", "2" },
                { "0 8 raid raid1 2 DD 8/8 idle 0 0 -", "failed", "0" },
                { "0 8 raid raid1 3 AA- 8/8 idle 0 0 -", "degraded", "2" },
                { "0 8 raid raid1 3 AAA 8/8 idle 0 0 -", "unreadable EINVAL", "unreadable EINVAL" },
                { "0 8 raid raid1 2 A- 8/8 idle 0 0 -", "unreadable EINVAL", "unreadable EINVAL" },
                { "0 8 mirror 2 253:1 253:3 8/8 1 AA 1 core", "unreadable EINVAL", "unreadable EINVAL" },
                { "all is well", "unreadable EINVAL", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "raid.vg-v.state", cases[i].state },
                                                 { "raid.vg-v.members", cases[i].members } };
                struct tree *tree = two_images("vg-v", 8);

                add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
                add_status(tree, "vg-v", cases[i].status);
                check(cases[i].status, tree, ROWS(rows));
        }
}

/* An audit does not ask, and what it would have to ask for it sets aside. */
static void test_quiet(void)
{
        static const struct fact_row refused[] = {
                { "raid.vg-v.level", "raid1" },
                { "raid.vg-v.state", "unreadable ECANCELED" },
                { "raid.vg-v.members", "unreadable ECANCELED" },
        };
        static const struct fact_row missing[] = { { "raid.vg-v.state", "degraded" } };
        struct tree *tree = two_images("vg-v", 8);
        struct facts *facts;

        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        host_allow(tree_host(tree), REACH_QUIET);
        facts = probe_facts(tree_host(tree), &probe_raid);
        expect_facts("quiet", facts, ROWS(refused));
        facts_free(facts);
        tree_remove(tree, "/sys/block/dm-3/slaves/nvme1n1p1");
        tree_folder(tree, "/sys/block/dm-3/slaves/dm-9");
        add_mapping(tree, "dm-9", "vg-v_rimage_1-missing_0_0", 8, "");
        host_forget(tree_host(tree));
        facts = probe_facts(tree_host(tree), &probe_raid);
        expect_facts("quiet, and a disk is missing", facts, ROWS(missing));
        facts_free(facts);
        tree_free(tree);
}

static void test_states(void)
{
        static const struct fact_row suspended[] = { { "raid.vg-v.state", "suspended" } };
        static const struct fact_row lost[] = { { "raid.vg-v.state", "failed" }, { "raid.vg-v.members", "0" } };
        static const struct fact_row doubtful[] = { { "raid.vg-v.state", "unreadable ENOENT" } };
        static const struct fact_row degraded[] = {
                { "raid.vg-v.state", "degraded" },
                { "raid.vg-v.members", "1" },
                { "raid.vg-v.transport", "nvme" },
                { "raid.vg-v.level", "raid1" },
        };
        static const struct fact_row shared[] = { { "raid.vg-v.transport", "nvme-shared" }, { "raid.vg-v.members", "2" } };
        struct tree *tree = two_images("vg-v", 8);

        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        tree_file(tree, "/sys/block/dm-4/dm/suspended", "1\n");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        check("suspended", tree, ROWS(suspended));

        tree = two_images("vg-v", 8);
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        tree_file(tree, "/sys/block/dm-4/dm/suspended", "1\n");
        check("suspended, and nobody was asked", tree, ROWS(suspended));

        tree = two_images("vg-v", 8);
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        tree_remove(tree, "/sys/block/dm-4/dm/suspended");
        check("suspended or not", tree, ROWS(doubtful));

        /* A missing disk: the image is mapped to the error target. The kernel may not have missed it yet. */
        tree = two_images("vg-v", 8);
        tree_remove(tree, "/sys/block/dm-3/slaves/nvme1n1p1");
        tree_folder(tree, "/sys/block/dm-3/slaves/dm-9");
        add_mapping(tree, "dm-9", "vg-v_rimage_1-missing_0_0", 8, "");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        tree_file(tree, "/sys/block/dm-4/dm/suspended", "1\n");
        check("a disk is missing", tree, ROWS(degraded));

        tree = two_images("vg-v", 8);
        tree_remove(tree, "/sys/block/dm-3/slaves/nvme1n1p1");
        tree_folder(tree, "/sys/block/dm-3/slaves/dm-9");
        add_mapping(tree, "dm-9", "vg-v_rimage_1-missing_0_0", 8, "");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 DD 8/8 idle 0 0 -");
        check("a disk is missing and the other failed", tree, ROWS(lost));

        /* A drive was pulled, and nobody has written since: its link stays. */
        tree = two_images("vg-v", 8);
        tree_remove(tree, "/sys/class/block/nvme1n1p1");
        tree_remove(tree, "/sys/class/block/nvme1n1");
        tree_remove(tree, "/sys/devices/pci0000:00/0000:02:00.0");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        check("a disk was pulled", tree, ROWS(degraded));

        /* Two namespaces of one drive are no mirror. */
        tree = two_images("vg-v", 8);
        add_nvme(tree, 0, 2);
        tree_remove(tree, "/sys/block/dm-3/slaves/nvme1n1p1");
        tree_folder(tree, "/sys/block/dm-3/slaves/nvme0n2p1");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        check("one drive", tree, ROWS(shared));
}

static void test_hostile(void)
{
        static const struct fact_row mixed[] = { { "raid.count", "0" } };
        static const struct fact_row names[] = { { "raid.count", "0" }, { "raid.vg-v.level", "none" } };
        static const struct fact_row taken[] = {
                { "raid.count", "2" },
                { "raid.md0.state", "clean" },
                { "raid.dm-4.state", "unreadable ENODATA" },
                { "raid.dm-4.level", "raid1" },
        };
        static const struct fact_row round[] = {
                { "raid.vg-v.members", "unreadable ELOOP" },
                { "raid.vg-v.transport", "unreadable ELOOP" },
                { "raid.vg-v.state", "unreadable ELOOP" },
        };
        static const struct fact_row unread[] = {
                { "raid.vg-v.members", "unreadable ENOENT" },
                { "raid.vg-v.transport", "unreadable ENOENT" },
                { "raid.vg-v.state", "unreadable ENOENT" }, /* nobody has seen that the disk is missing */
        };
        struct tree *tree = two_images("vg-v", 8);

        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        tree_remove(tree, "/sys/block/dm-3/slaves");
        check("what is below cannot be read", tree, ROWS(unread));

        tree = two_images("vg-v", 8);
        add_mapping(tree, "dm-5", "vg-other_rimage_1", 8, "nvme1n1p1");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-5");
        check("images of two volumes", tree, ROWS(mixed));

        tree = two_images("vg-v", 8);
        tree_file(tree, "/sys/block/dm-1/dm/name", "vg-v_rimage_0_iorig\n");
        tree_file(tree, "/sys/block/dm-3/dm/name", "vg-v_rimage_\n");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        check("names that only look like images", tree, ROWS(names));

        tree = two_images("vg-v", 8);
        add_mapping(tree, "dm-4", "md0", 8, "dm-1 dm-3");
        tree_file(tree, "/sys/block/md0/size", "8\n");
        tree_file(tree, "/sys/block/md0/md/level", "raid1\n");
        tree_file(tree, "/sys/block/md0/md/array_state", "clean\n");
        check("the name of another array", tree, ROWS(taken));

        tree = two_images("vg-v", 8);
        tree_folder(tree, "/sys/block/dm-3/slaves/dm-4");
        add_mapping(tree, "dm-4", "vg-v", 8, "dm-1 dm-3");
        add_status(tree, "vg-v", "0 8 raid raid1 2 AA 8/8 idle 0 0 -");
        check("links go round", tree, ROWS(round));
}

static const struct test tests[] = {
        { "mirror", test_mirror },
        { "levels", test_levels },
        { "told", test_told },
        { "quiet", test_quiet },
        { "states", test_states },
        { "hostile", test_hostile },
        { 0 },
};

const struct suite suite_raid_mapped = { "raid_mapped", tests };

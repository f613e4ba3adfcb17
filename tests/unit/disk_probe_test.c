/* Filesystems and swap: which count, how full they are, and whose disks swap uses. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]
#define ASK        "/.plumbline/ask/statvfs/"
#define SWAPS_HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_disk);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_mounts(void)
{
        static const struct fact_row rows[] = {
                { "disk./.free", "unreadable ENODATA" },
                { "disk./boot.free", "unreadable ENODATA" },
                { "disk./my data.free", "unreadable ENODATA" },
                { "disk./btr.free", "unreadable ENODATA" },
                { "disk./btr/sub.free", "none" },
                { "disk./srv/bind.free", "none" },
                { "disk./proc.free", "none" },
                { "disk./snap/x.free", "none" },
                { "disk./nfs.free", "none" },
                { "disk./run.free", "none" },
                { "disk./covered.free", "none" },
                { "disk./sshfs.free", "none" },
                { "disk./var/lib/feed.free", "unreadable ENODATA" },
                { "disk./d.free", "none" },
        };
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/self/mountinfo",
                  "22 1 8:1 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw\n"
                  "23 22 0:21 / /proc rw - proc proc rw\n"
                  "24 22 8:2 / /boot rw - ext4 /dev/sda2 rw\n"
                  "25 22 8:3 / /my\\040data rw - xfs /dev/sda3 rw\n"
                  "26 22 0:40 /@sub /btr/sub rw - btrfs /dev/sdb rw\n"
                  "27 22 0:40 /@ /btr rw - btrfs /dev/sdb rw\n"
                  "28 22 8:3 /x /srv/bind rw - xfs /dev/sda3 rw\n"
                  "29 22 7:0 / /snap/x ro - squashfs /dev/loop0 ro\n"
                  "30 22 0:50 / /nfs rw - nfs4 server:/x rw\n"
                  "31 22 0:51 / /run rw - tmpfs tmpfs rw\n"
                  "32 22 8:9 / /covered rw - ext4 /dev/sda9 rw\n"
                  "33 22 0:52 / /covered rw - tmpfs tmpfs rw\n"
                  "34 22 0:53 / /sshfs rw - fuse.sshfs x:/ rw\n"
                  "40 22 8:6 /x /d rw - xfs /dev/sda6 rw\n"
                  "41 22 8:6 / /var/lib/feed rw - xfs /dev/sda6 rw\n"
                  "garbage\n"
                  "35 22 8:4 / relative rw - ext4 /dev/sda4 rw\n"
                  "36 22 8:5 / /no-dash rw ext4 /dev/sda5 rw\n");
        check("mountinfo", tree, ROWS(rows));
}

/* The root of the host is a subvolume, and the whole filesystem is mounted elsewhere. */
static void test_subvolumes(void)
{
        static const struct fact_row rows[] = {
                { "disk./.free", "unreadable ENODATA" },
                { "disk./top.free", "none" },
                { "disk./home.free", "none" },
        };
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/self/mountinfo",
                  "22 1 0:30 / /top rw - btrfs /dev/sda2 rw\n"
                  "23 1 0:30 /@ / rw - btrfs /dev/sda2 rw\n"
                  "24 1 0:30 /@home /home rw - btrfs /dev/sda2 rw\n");
        check("subvolumes", tree, ROWS(rows));
}

static void test_old_mounts(void)
{
        static const struct fact_row rows[] = {
                { "disk./.free", "unreadable ENODATA" },
                { "disk./var.free", "unreadable ENODATA" },
                { "disk./dev.free", "none" },
                { "disk./proc/bus/usb.free", "none" },
                { "disk./home1.free", "none" },
        };
        static const struct fact_row network_root[] = { { "disk./.free", "unreadable EOPNOTSUPP" } };
        static const struct fact_row missing[] = { { "disk./.free", "unreadable ENOENT" },
                                                   { "disk./.inodes", "unreadable ENOENT" } };
        static const struct fact_row capture[] = {
                { "disk./.free", "unreadable ENODATA" },
                { "disk./tacc.inodes", "unreadable ENODATA" },
                { "disk./admin.free", "none" },
                { "disk./work.free", "none" },
                { "swap.used", "0.14" },
                { "swap.size", "4294959104" },
                { "swap.separate", "unreadable ENOENT" },
        };
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/mounts",
                  "rootfs / rootfs rw 0 0\ndevtmpfs /dev devtmpfs rw 0 0\n/dev/sda1 / ext3 rw 0 0\n/dev/sda2 /var ext3 rw 0 0\n"
                  "/proc/bus/usb /proc/bus/usb usbfs rw 0 0\n1.2.3.4@o2ib:/home-st /home1 lustre rw 0 0\n");
        check("mounts", tree, ROWS(rows));

        tree = tree_new();
        tree_file(tree, "/proc/self/mountinfo", "22 1 0:20 / / rw - nfs server:/root rw\n");
        check("root over a network", tree, ROWS(network_root));

        check("nothing to see", tree_new(), ROWS(missing));

        tree = tree_capture("32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2");
        if (tree)
                check("32em64t", tree, ROWS(capture));
}

static void test_room(void)
{
        static const struct {
                const char *name, *answer, *free, *inodes;
        } cases[] = {
                /* 1000 blocks, 100 of the 300 free ones kept for root: users use 900, of which 200 are free. */
                { "reserved blocks", "bsize 4096\nblocks 1000\nbfree 300\nbavail 200\nfiles 100\nffree 25\nfavail 25\n",
                  "22.22", "25.00" },
                { "full for users", "blocks 1000\nbfree 50\nbavail 0\nfiles 100\nffree 0\nfavail 0\n", "0.00", "0.00" },
                { "no limit on inodes", "blocks 1000\nbfree 1000\nbavail 1000\nfiles 0\nffree 0\nfavail 0\n", "100.00",
                  "100.00" },
                { "free without a limit", "blocks 10\nbfree 5\nbavail 5\nfiles 0\nffree 7\nfavail 7\n", "50.00",
                  "unreadable EINVAL" },
                { "no blocks", "blocks 0\nbfree 0\nbavail 0\nfiles 0\nffree 0\nfavail 0\n", "absent", "100.00" },
                { "more free than there is", "blocks 10\nbfree 20\nbavail 20\nfiles 1\nffree 1\nfavail 1\n",
                  "unreadable EINVAL", "100.00" },
                { "a line is missing", "blocks 10\nbfree 5\n", "unreadable EINVAL", "unreadable EINVAL" },
                { "beyond 64 bits", "blocks 99999999999999999999\nbfree 1\nbavail 1\nfiles 1\nffree 1\nfavail 1\n",
                  "unreadable EINVAL", "unreadable EINVAL" },
                { "as large as can be",
                  "blocks 18446744073709551615\nbfree 18446744073709551615\nbavail 18446744073709551615\nfiles 1\nffree "
                  "1\nfavail 1\n",
                  "100.00", "100.00" },
                { "empty", "", "unreadable EINVAL", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "disk./boot.free", cases[i].free },
                                                 { "disk./boot.inodes", cases[i].inodes } };
                struct tree *tree = tree_new();

                tree_file(tree, "/proc/self/mountinfo", "24 22 8:2 / /boot rw - ext4 /dev/sda2 rw\n");
                tree_file(tree, ASK "%2fboot", "%s", cases[i].answer);
                check(cases[i].name, tree, ROWS(rows));
        }
}

/* The root on sda1; sda and sdb are disks, dm-0 stands on a partition of each. */
static struct tree *machine(const char *swaps)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/root rw\n");
        tree_link(tree, "/sys/dev/block/8:1", "../../devices/pci0/sda/sda1");
        tree_file(tree, "/sys/devices/pci0/sda/sda1/partition", "1\n");
        tree_file(tree, "/sys/devices/pci0/sda/sda2/partition", "2\n");
        tree_file(tree, "/sys/devices/pci0/sdb/sdb1/partition", "1\n");
        tree_link(tree, "/sys/class/block/sda", "../../devices/pci0/sda");
        tree_link(tree, "/sys/class/block/sda1", "../../devices/pci0/sda/sda1");
        tree_link(tree, "/sys/class/block/sda2", "../../devices/pci0/sda/sda2");
        tree_link(tree, "/sys/class/block/sdb", "../../devices/pci0/sdb");
        tree_link(tree, "/sys/class/block/sdb1", "../../devices/pci0/sdb/sdb1");
        tree_folder(tree, "/sys/class/block/dm-0/slaves/sda2");
        tree_folder(tree, "/sys/class/block/dm-0/slaves/sdb1");
        tree_file(tree, "/sys/class/block/dm-0/dm/name", "vg-swap\n");
        tree_folder(tree, "/sys/class/block/zram0");
        tree_file(tree, "/proc/swaps", "%s", swaps);
        return tree;
}

static void test_swap(void)
{
        static const struct {
                const char *name, *swaps, *used, *separate, *size;
        } cases[] = {
                { "none", SWAPS_HEAD, "absent", "absent", "0" },
                { "a disk of its own", SWAPS_HEAD "/dev/sdb1 partition 1000 250 -2\n", "25.00", "true", "1024000" },
                { "the whole disk", SWAPS_HEAD "/dev/sdb partition 16777212 0 -2\n", "0.00", "true", "17179865088" },
                { "beside the root", SWAPS_HEAD "/dev/sda2 partition 1000 0 -2\n", "0.00", "false", "1024000" },
                { "one of two", SWAPS_HEAD "/dev/sdb1 partition 100 0 -2\n/dev/sda2 partition 300 40 -3\n", "10.00", "false",
                  "409600" },
                { "a volume on both disks", SWAPS_HEAD "/dev/mapper/vg-swap partition 1000 0 -2\n", "0.00", "false",
                  "1024000" },
                { "the same by its number", SWAPS_HEAD "/dev/dm-0 partition 1000 0 -2\n", "0.00", "false", "1024000" },
                { "a file", SWAPS_HEAD "/swap\\040file file 1000 0 -2\n", "0.00", "false", "1024000" },
                { "compressed memory", SWAPS_HEAD "/dev/zram0 partition 1000 0 100\n", "0.00", "false", "1024000" },
                { "a disk nobody knows", SWAPS_HEAD "/dev/sdq1 partition 1000 0 -2\n", "0.00", "unreadable ENOENT", "1024000" },
                { "garbage", "\x7f\x45\x4c\x46", "unreadable EINVAL", "unreadable EINVAL", "unreadable EINVAL" },
                { "empty", "", "unreadable EINVAL", "unreadable EINVAL", "unreadable EINVAL" },
                { "negative", SWAPS_HEAD "/dev/sdb1 partition -5 0 -2\n", "unreadable EINVAL", "unreadable EINVAL",
                  "unreadable EINVAL" },
                { "more used than there is", SWAPS_HEAD "/dev/sdb1 partition 5 6 -2\n", "unreadable EINVAL",
                  "unreadable EINVAL", "unreadable EINVAL" },
                { "beyond 64 bits of bytes", SWAPS_HEAD "/dev/sdb1 partition 18014398509481985 0 -2\n", "unreadable EINVAL",
                  "unreadable EINVAL", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "swap.used", cases[i].used },
                                                 { "swap.separate", cases[i].separate },
                                                 { "swap.size", cases[i].size } };

                check(cases[i].name, machine(cases[i].swaps), ROWS(rows));
        }
}

#define ROOT    "22 1 8:1 / / rw - ext4 /dev/root rw\n"
#define ON_SDB2 " - ext4 /dev/sdb2 rw\n"

/* Swap on sdb1, and what else is mounted. */
static const struct {
        const char *name, *mounts, *separate, *note; /* note: words in it; NULL: there is none */
} neighbours[] = {
        { "the root alone", ROOT, "true", NULL },
        { "a folder of /boot elsewhere", ROOT "23 22 8:18 / /boot rw" ON_SDB2 "24 22 8:18 /log /var/log rw" ON_SDB2, "false",
          "sdb also holds /var/log" },
        { "data beside swap", ROOT "23 22 8:18 / /data rw" ON_SDB2, "false", "/dev/sdb1: sdb also holds /data" },
        { "a folder of it, too", ROOT "23 22 8:18 /log /var/log rw" ON_SDB2 "24 22 8:18 / /data rw" ON_SDB2, "false",
          "sdb also holds /data" },
        { "data on a third disk", ROOT "23 22 8:33 / /data rw - ext4 /dev/sdc1 rw\n", "true", NULL },
        { "data on nobody knows what", ROOT "23 22 8:99 / /data rw - ext4 /dev/sdq1 rw\n", "unreadable ENOENT",
          "the disks below /data could not be told" },
        { "one unknown, one shared", ROOT "23 22 8:99 / /x rw - ext4 /dev/sdq1 rw\n24 22 8:18 / /data rw" ON_SDB2, "false",
          "sdb also holds /data" },
        { "btrfs elsewhere", ROOT "23 22 0:40 / /data rw - btrfs /dev/sdc1 rw\n", "unreadable EOPNOTSUPP",
          "btrfs at /data may have several devices" },
        { "btrfs beside swap", ROOT "23 22 0:40 / /data rw - btrfs /dev/sdb2 rw\n", "false", "sdb also holds /data" },
        { "the root on btrfs", "22 1 0:25 /@ / rw - btrfs /dev/sda1 rw\n", "unreadable EOPNOTSUPP", "btrfs at / may have" },
        { "a pool of ZFS", ROOT "23 22 0:40 / /data rw - zfs tank/data rw\n", "unreadable EOPNOTSUPP",
          "zfs at /data may have" },
        { "no root", "23 22 8:33 / /data rw - ext4 /dev/sdc1 rw\n", "unreadable ENODATA", "below / could not be told" },
        { "a root on layers", "22 1 0:25 / / rw - overlay overlay rw\n", "unreadable ENOENT", "below / could not be told" },
        { "what starts the kernel", ROOT "23 22 8:18 / /boot rw" ON_SDB2 "24 23 8:19 / /boot/efi rw - vfat /dev/sdb3 rw\n",
          "true", NULL },
        { "the same at /efi", ROOT "23 22 8:18 / /efi rw" ON_SDB2, "true", NULL },
        { "no part of /boot", ROOT "23 22 8:18 / /bootleg rw" ON_SDB2, "false", "sdb also holds /bootleg" },
        { "nothing writes there", ROOT "23 22 8:18 / /archive ro - ext4 /dev/sdb2 ro,norecovery\n", "true", NULL },
        { "nothing writes there, so how many devices it has does not matter",
          ROOT "23 22 0:40 / /archive ro - btrfs /dev/sdc1 ro\n", "true", NULL },
        /* A unit with ProtectSystem=strict sees every mount so. */
        { "read-only to this process", "22 1 8:1 / / ro - ext4 /dev/root rw\n23 22 8:18 / /data ro" ON_SDB2, "false",
          "sdb also holds /data" },
        { "a root that is read-only", "22 1 8:18 / / ro - ext4 /dev/sdb2 ro\n", "false", "sdb also holds /" },
};

static void test_neighbours(void)
{
        for (size_t i = 0; i < sizeof neighbours / sizeof neighbours[0]; i++) {
                const struct fact_row row = { "swap.separate", neighbours[i].separate };
                struct tree *tree = machine(SWAPS_HEAD "/dev/sdb1 partition 1000 0 -2\n");
                const struct fact *fact;
                struct facts *facts;

                tree_file(tree, "/sys/devices/pci0/sdb/sdb2/partition", "2\n");
                tree_link(tree, "/sys/class/block/sdb2", "../../devices/pci0/sdb/sdb2");
                tree_file(tree, "/sys/devices/pci0/sdb/sdb3/partition", "3\n");
                tree_link(tree, "/sys/class/block/sdb3", "../../devices/pci0/sdb/sdb3");
                tree_file(tree, "/sys/devices/pci0/sdc/sdc1/partition", "1\n");
                tree_link(tree, "/sys/class/block/sdc", "../../devices/pci0/sdc");
                tree_link(tree, "/sys/class/block/sdc1", "../../devices/pci0/sdc/sdc1");
                tree_file(tree, "/proc/self/mountinfo", "%s", neighbours[i].mounts);
                facts = probe_facts(tree_host(tree), &probe_disk);
                expect_facts(neighbours[i].name, facts, &row, 1);
                fact = fact_find(facts, "swap.separate");
                if (neighbours[i].note)
                        expect(fact->note && strstr(fact->note, neighbours[i].note), __FILE__, __LINE__, neighbours[i].name,
                               "\"%s\" should say \"%s\"", fact->note ? fact->note : "nothing", neighbours[i].note);
                else
                        EXPECT_TEXT(neighbours[i].name, fact->note, NULL);
                facts_free(facts);
                tree_free(tree);
        }
}

/* The list in its older form says of a mount and of its filesystem in one word that it is read-only. */
static void test_old_neighbours(void)
{
        static const struct fact_row rows[] = { { "swap.separate", "false" } };
        struct tree *tree = machine(SWAPS_HEAD "/dev/sdb1 partition 1000 0 -2\n");

        tree_remove(tree, "/proc/self/mountinfo");
        tree_file(tree, "/proc/mounts", "/dev/sda1 / ext4 rw 0 0\n/dev/sdb /data ext4 ro 0 0\n");
        check("old neighbours", tree, ROWS(rows));
}

static const struct test tests[] = {
        { "mounts", test_mounts },
        { "subvolumes", test_subvolumes },
        { "old mounts", test_old_mounts },
        { "room", test_room },
        { "swap", test_swap },
        { "swap and its neighbours", test_neighbours },
        { "swap and its neighbours, by the old list", test_old_neighbours },
        { 0 },
};

const struct suite suite_disk_probe = { "disk_probe", tests };

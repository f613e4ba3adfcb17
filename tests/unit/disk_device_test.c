/* What mounted filesystems are, and the size of the devices they lie on. */

#include "agent/core/host.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_disk);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_devices(void)
{
        static const struct fact_row rows[] = {
                { "disk./.size", "100000000000" }, /* by its number: no device is called /dev/root */
                { "disk./.filesystem", "ext4" },
                { "disk./.options", "rw,noatime,errors=remount-ro" },
                { "disk./boot.size", "1000000512" },
                { "disk./.writable", "true" },
                { "disk./boot.writable", "false" }, /* the filesystem is, whatever its mount */
                { "disk./data.writable", "true" },  /* the mount is not, which is a matter of who looks */
                { "disk./boot.options", "ro,nosuid" },
                { "disk./data.size", "3000000000000" }, /* a volume, by its name */
                { "disk./data.filesystem", "xfs" },
                { "disk./my data.size", "unreadable ENOENT" },
                { "disk./my data.options", "rw,subdir=a\\040b" },
                { "disk./btr.size", "unreadable EOPNOTSUPP" },
                { "disk./btr.filesystem", "btrfs" },
                { "disk./tank.size", "unreadable EOPNOTSUPP" },
                { "disk./odd.size", "unreadable EINVAL" },
                { "disk./huge.size", "unreadable ERANGE" },
                { "disk./bare.options", "rw" },
        };
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/self/mountinfo",
                  "22 1 259:2 / / rw,noatime shared:1 - ext4 /dev/root rw,errors=remount-ro\n"
                  "23 22 259:1 / /boot rw,nosuid - ext4 /dev/nvme0n1p1 ro\n"
                  "24 22 253:7 / /data ro - xfs /dev/mapper/vg-data rw\n"
                  "25 22 8:3 / /my\\040data rw,subdir=a\\040b - xfs /dev/sda3 rw\n"
                  "26 22 0:40 /@ /btr rw - btrfs /dev/sdb rw\n"
                  "27 22 0:41 / /tank rw - zfs tank rw\n"
                  "28 22 8:4 / /odd rw - xfs /dev/sda4 rw\n"
                  "29 22 8:5 / /huge rw - xfs /dev/sda5 rw,nouuid\n"
                  "30 22 ../../x / /bare rw - xfs /dev/sda6\n");
        tree_link(tree, "/sys/dev/block/259:2", "../../devices/pci0/nvme0n1/nvme0n1p2");
        tree_link(tree, "/sys/dev/block/259:1", "../../devices/pci0/nvme0n1/nvme0n1p1");
        tree_file(tree, "/sys/devices/pci0/nvme0n1/nvme0n1p2/size", "195312500\n");
        tree_file(tree, "/sys/devices/pci0/nvme0n1/nvme0n1p1/size", "1953126\n");
        tree_link(tree, "/sys/class/block/nvme0n1p1", "../../devices/pci0/nvme0n1/nvme0n1p1");
        tree_link(tree, "/sys/class/block/nvme0n1p2", "../../devices/pci0/nvme0n1/nvme0n1p2");
        tree_file(tree, "/sys/class/block/dm-7/size", "5859375000\n");
        tree_file(tree, "/sys/class/block/dm-7/dm/name", "vg-data\n");
        tree_file(tree, "/sys/class/block/sda4/size", "many\n");
        tree_file(tree, "/sys/class/block/sda5/size", "9223372036854775807\n");
        check("devices", tree, ROWS(rows));
}

/* Roots that lie on no block device, and a list that cannot be read. */
static void test_odd_roots(void)
{
        static const struct fact_row overlay[] = {
                { "disk./.size", "absent" },
                { "disk./.filesystem", "overlay" },
                { "disk./.options", "rw,lowerdir=/a:/b" },
        };
        static const struct fact_row network[] = {
                { "disk./.size", "unreadable EOPNOTSUPP" },
                { "disk./.filesystem", "unreadable EOPNOTSUPP" },
                { "disk./.options", "unreadable EOPNOTSUPP" },
        };
        static const struct fact_row missing[] = {
                { "disk./.size", "unreadable ENOENT" },
                { "disk./.filesystem", "unreadable ENOENT" },
        };
        static const struct fact_row old[] = {
                { "disk./.size", "4096" },
                { "disk./.filesystem", "ext3" },
                { "disk./.options", "ro,relatime" },
        };
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/self/mountinfo", "22 1 0:30 / / rw - overlay overlay rw,lowerdir=/a:/b\n");
        check("overlay", tree, ROWS(overlay));

        tree = tree_new();
        tree_file(tree, "/proc/self/mountinfo", "22 1 0:20 / / rw - nfs server:/root rw\n");
        check("network", tree, ROWS(network));

        check("no list", tree_new(), ROWS(missing));

        tree = tree_new();
        tree_file(tree, "/proc/mounts", "/dev/sda1 / ext3 ro,relatime 0 0\n");
        tree_file(tree, "/sys/block/sda1/size", "8\n");
        check("no numbers", tree, ROWS(old));
}

static const struct test tests[] = {
        { "devices", test_devices },
        { "odd roots", test_odd_roots },
        { 0 },
};

const struct suite suite_disk_device = { "disk_device", tests };

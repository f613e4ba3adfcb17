/* Evidence that names a drive by its namespaces, and an array by its members, their drives and the place where it is mounted. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COMMAND(words) "entry 1700000500000000 sudo alice : PWD=/ ; USER=root ; COMMAND=" words "\n"
#define ALICE(words)   "95 command alice by sudo: " words
#define SAID(words)    "80 kernel the kernel said: " words
#define BTRFS          "/sys/fs/btrfs/3e85e2ec-c3c0-49f6-a28d-0077bac8a030"
#define DRIVE          "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1"
#define COUNT(table)   (sizeof(table) / sizeof((table)[0]))

static const struct fact_info infos[] = { { "raid.*.size", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET, "", "" }, { 0 } };

/* md0 over two partitions; vg0-data over md1, which is over another; a btrfs over two more, of which one went with its drive: what it is called
 * is told by the fact alone. */
static void build(struct evidence_scene *scene)
{
        static const char *const folders[] = { "md0/slaves/nvme3n1p2", "md0/slaves/sdb1", "dm-2/slaves/md1",
                                               "md1/slaves/nvme4n1p1", "nvme0n1p2" };

        for (size_t i = 0; i < COUNT(folders); i++)
                tree_folder(scene->tree, pool_format(scene->pool, "/sys/class/block/%s", folders[i]));
        tree_file(scene->tree, "/sys/class/block/dm-2/dm/name", "vg0-data\n");
        tree_remove(scene->tree, "/sys/class/block/nvme0n1p2");
        tree_folder(scene->tree, DRIVE "/nvme0n1p2");
        tree_link(scene->tree, "/sys/class/block/nvme0n1p2", DRIVE "/nvme0n1p2");
        tree_link(scene->tree, BTRFS "/devices/nvme0n1p2", DRIVE "/nvme0n1p2");
        tree_link(scene->tree, BTRFS "/devices/nvme1n1p2", "/sys/devices/pci0000:00/0000:02:00.0/nvme/nvme1/nvme1n1/nvme1n1p2");
        tree_file(scene->tree, "/proc/self/mountinfo",
                  "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                  "22 21 0:25 /@data /data rw shared:2 - btrfs /dev/nvme0n1p2 rw,subvol=/@data\n"
                  "23 21 0:26 / /other rw - btrfs /dev/nvme7n1p2 rw\n"
                  "24 21 0:25 - btrfs\n25 21\n");
        scene->examination.facts->infos = infos;
        fact_known(scene->examination.facts, value_number(1, UNIT_BYTES), BTRFS, "raid.btrfs-odd.size");
        fact_known(scene->examination.facts, value_number(1, UNIT_BYTES), "/sys/block/md0", "raid.md0.size");
}

static void named(void)
{
        static const struct {
                const char *name, *item, *commands, *kernel, *clues;
        } cases[] = {
#define FORMAT "/usr/sbin/nvme format /dev/nvme1n1 --lbaf=1"
                { "a drive by its namespace", "nvme.nvme1.size", COMMAND(FORMAT), NULL, ALICE(FORMAT) },
                { "by a partition of it", "nvme.nvme1.size", COMMAND("/usr/sbin/mkfs /dev/nvme1n1p2"), NULL,
                  ALICE("/usr/sbin/mkfs /dev/nvme1n1p2") },
                { "and from within a path", "nvme.nvme1.size", COMMAND("/usr/bin/tee /sys/block/nvme1n1/device/device/remove"),
                  NULL, ALICE("/usr/bin/tee /sys/block/nvme1n1/device/device/remove") },
                { "other drives, and what is none", "nvme.nvme1.size",
                  COMMAND("/usr/sbin/nvme format /dev/nvme10n1") COMMAND("/usr/sbin/nvme format /dev/nvme11n1p1")
                          COMMAND("/usr/bin/tee /nvme1n") COMMAND("/usr/bin/tee /nvme1n1p") COMMAND("/usr/bin/tee /nvme1n1x")
                                  COMMAND("/usr/bin/tee /nvme1nx1") COMMAND("/usr/bin/tee /nvme1n1p2-old")
                                          COMMAND("/usr/bin/tee /xnvme1n1"),
                  NULL, "" },
                { "who only asked it", "nvme.nvme1.size",
                  COMMAND("/usr/sbin/nvme id-ns /dev/nvme1n1") COMMAND("/usr/sbin/smartctl -a /dev/nvme1n1")
                          COMMAND("/usr/sbin/nvme get-log /dev/nvme1n1") COMMAND("/usr/sbin/blkid /dev/nvme1n1p2"),
                  NULL, "" },
                { "a test that was begun", "nvme.nvme1.health", COMMAND("/usr/sbin/smartctl -t long /dev/nvme1n1"), NULL,
                  ALICE("/usr/sbin/smartctl -t long /dev/nvme1n1") },
                { "what the kernel said of its namespace", "nvme.nvme1.size", NULL, "I/O error, dev nvme1n1, sector 0",
                  SAID("I/O error, dev nvme1n1, sector 0") },
                { "a port that is called like one", "nic.nvme1.speed", COMMAND(FORMAT), NULL, "" },
                { "an array by its member", "raid.md0.state", COMMAND("/usr/sbin/wipefs -a /dev/nvme3n1p2"), NULL,
                  ALICE("/usr/sbin/wipefs -a /dev/nvme3n1p2") },
                { "by the disk of one", "raid.md0.state", COMMAND("/usr/sbin/hdparm --security-erase x /dev/sdb"), NULL,
                  ALICE("/usr/sbin/hdparm --security-erase x /dev/sdb") },
                { "by the controller", "raid.md0.state", NULL, "nvme nvme3: Device not ready",
                  SAID("nvme nvme3: Device not ready") },
                { "not by another part of it", "raid.md0.state",
                  COMMAND("/usr/sbin/mkfs /dev/nvme3n1p1") COMMAND("/usr/sbin/mkfs /dev/sdb10"), NULL, "" },
                { "nor by who looked", "raid.md0.state",
                  COMMAND("/usr/sbin/mdadm --detail /dev/md0") COMMAND("/usr/sbin/mdadm -E /dev/sdb1")
                          COMMAND("/usr/sbin/smartctl --xall /dev/sdb"),
                  NULL, "" },
                { "but by who failed one", "raid.md0.state", COMMAND("/usr/sbin/mdadm /dev/md0 --fail /dev/sdb1"), NULL,
                  ALICE("/usr/sbin/mdadm /dev/md0 --fail /dev/sdb1") },
                { "a mapping by what is two below", "raid.vg0-data.state", NULL, "I/O error, dev nvme4n1, sector 0",
                  SAID("I/O error, dev nvme4n1, sector 0") },
                { "a btrfs by its device", "raid.btrfs-odd.state", NULL, "BTRFS error (device nvme0n1p2): bdev errs: wr 12",
                  SAID("BTRFS error (device nvme0n1p2): bdev errs: wr 12") },
                { "by one that went", "raid.btrfs-odd.state", NULL, "nvme nvme1: Removing after probe failure status: -19",
                  SAID("nvme nvme1: Removing after probe failure status: -19") },
                { "another btrfs", "raid.btrfs-odd.state", NULL, "BTRFS error (device nvme7n1p2): bdev errs: wr 12", "" },
                { "by where it is mounted", "raid.btrfs-odd.members",
                  COMMAND("/usr/bin/btrfs device remove missing /data") COMMAND("/usr/bin/mount -o remount,degraded /data/"),
                  NULL,
                  ALICE("/usr/bin/btrfs device remove missing /data") "; " ALICE("/usr/bin/mount -o remount,degraded /data/") },
                { "not by files there, nor another place", "raid.btrfs-odd.members",
                  COMMAND("/usr/bin/cp /x /data") COMMAND("/usr/bin/btrfs device remove missing /other")
                          COMMAND("/usr/bin/btrfs device remove missing /data/x"),
                  NULL, "" },
                { "nor by who asked btrfs", "raid.btrfs-odd.members",
                  COMMAND("/usr/bin/btrfs fi us /data") COMMAND("/usr/bin/btrfs device stats /data")
                          COMMAND("/usr/bin/btrfs scrub status /data"),
                  NULL, "" },
                { "but by who set its counters back", "raid.btrfs-odd.state", COMMAND("/usr/bin/btrfs dev stats -z /data"),
                  NULL, ALICE("/usr/bin/btrfs dev stats -z /data") },
                { "an array that is not there", "raid.md9.state", COMMAND("/usr/sbin/mkfs /dev/sdb1"), NULL, "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                build(&scene);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", cases[i].commands ? cases[i].commands : "");
                if (cases[i].kernel)
                        tree_file(scene.tree, "/.plumbline/ask/journal/kernel/day", "oldest_us 1000\n" BETWEEN "kernel %s\n",
                                  cases[i].kernel);
                evidence_scene_drifts(&scene, "fact", cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* A btrfs still lists what went, and so what stood on it. */
static void stands(void)
{
        static const struct evidence_change gone[] = { { "nvme.nvme1.size", "1.92 TB", NULL },
                                                       { "nvme.nvme7.size", "1.92 TB", NULL },
                                                       { "pcie.0000:01:00.0.link", "8 GT/s x4", "8 GT/s x2" },
                                                       { "pcie.0000:07:00.0.link", "8 GT/s x4", "8 GT/s x2" },
                                                       { "raid.btrfs-odd.state", "clean", "degraded" },
                                                       { 0 } };
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        build(&scene);
        evidence_scene_changes(&scene, "fact", gone, RIGHT, WRONG, "b");
        evidence_scene_clues(&scene);
        EXPECT_TEXT(NULL, evidence_scene_clues_of(&scene, "raid.btrfs-odd.state"),
                    "85 hardware nvme1 is gone; 85 hardware pcie.0000:01:00.0.link is 8 GT/s x2 in place of 8 GT/s x4; "
                    "60 hardware nvme7 is gone");
        evidence_scene_close(&scene);
}

static const struct test tests[] = { { "named", named }, { "stands", stands }, { NULL, NULL } };

const struct suite suite_evidence_array = { "evidence_array", tests };

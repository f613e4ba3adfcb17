/* Evidence of hardware that became slower or another, and of what the kernel says of it. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define BRIDGE "/sys/devices/pci0000:00/0000:00:01.0"
#define DRIVE0 BRIDGE "/0000:01:00.0/nvme/nvme0"
#define DRIVE1 "/sys/devices/pci0000:00/0000:02:00.0/nvme/nvme1"

/* A drive behind a port of the processor and one elsewhere; both below md0, md1 is of the second one alone; a mapping on md0, mounted on /data;
 * two ports of a bond, of which one shares the slot's port with the first drive. */
static void build(struct tree *tree)
{
        static const struct {
                const char *link, *target;
        } links[] = {
                { "/sys/class/nvme/nvme0", DRIVE0 },
                { "/sys/class/nvme/nvme1", DRIVE1 },
                { "/sys/class/block/nvme0n1", DRIVE0 "/nvme0n1" },
                { "/sys/class/block/nvme1n1", DRIVE1 "/nvme1n1" },
                { "/sys/class/block/md0", "/sys/devices/virtual/block/md0" },
                { "/sys/class/block/md1", "/sys/devices/virtual/block/md1" },
                { "/sys/class/block/dm-3", "/sys/devices/virtual/block/dm-3" },
                { "/sys/devices/virtual/block/md0/slaves/nvme0n1", DRIVE0 "/nvme0n1" },
                { "/sys/devices/virtual/block/md0/slaves/nvme1n1", DRIVE1 "/nvme1n1" },
                { "/sys/devices/virtual/block/md1/slaves/nvme1n1", DRIVE1 "/nvme1n1" },
                { "/sys/devices/virtual/block/dm-3/slaves/md0", "/sys/devices/virtual/block/md0" },
                { "/sys/class/net/ens1f0", BRIDGE "/0000:01:00.1/net/ens1f0" },
                { "/sys/class/net/ens2f0", "/sys/devices/pci0000:00/0000:03:00.0/net/ens2f0" },
                { "/sys/class/net/bond0", "/sys/devices/virtual/net/bond0" },
                { "/sys/devices/virtual/net/bond0/lower_ens1f0", BRIDGE "/0000:01:00.1/net/ens1f0" },
                { "/sys/devices/virtual/net/bond0/lower_ens2f0", "/sys/devices/pci0000:00/0000:03:00.0/net/ens2f0" },
        };

        tree_folder(tree, DRIVE0 "/nvme0n1");
        tree_folder(tree, DRIVE1 "/nvme1n1");
        tree_folder(tree, BRIDGE "/0000:01:00.1/net/ens1f0");
        tree_folder(tree, "/sys/devices/pci0000:00/0000:03:00.0/net/ens2f0");
        tree_file(tree, "/sys/devices/virtual/block/dm-3/dm/name", "vg0-data\n");
        tree_file(tree, "/proc/self/mountinfo", "30 1 253:3 / /data rw - ext4 /dev/mapper/vg0-data rw\n");
        tree_file(tree, "/proc/mounts", "/dev/mapper/vg0-data /data ext4 rw 0 0\n");
        for (size_t i = 0; i < COUNT(links); i++)
                tree_link(tree, links[i].link, links[i].target);
}

#define PCIE(address, ending) "pcie." address "." ending

static const struct evidence_change slower[] = {
        { "disk./data.options", "rw", "ro" },
        { "interface.bond0.slowest", "10 Gbit/s", "1 Gbit/s" },
        { "nic.ens1f0.speed", "10 Gbit/s", "1 Gbit/s" },
        { "nic.ens2f0.speed", "10 Gbit/s", "1 Gbit/s" },
        { "nvme.nvme0.link", "8 GT/s x4", "8 GT/s x2" },
        { "nvme.nvme1.health", "good", "bad" },
        { "raid.md0.state", "active", "degraded" },
        { "raid.md1.state", "active", "degraded" },
        { "raid.vg0-data.state", "active", "degraded" },
        { "sysctl.vm.swappiness", "1", "2" },
        { 0 },
};

/* What the item stands on is told by sysfs, and never by its place in a list. */
static void slower_links(void)
{
#define LANES    " is 8 GT/s x2 in place of 8 GT/s x4"
#define DRIVE(w) w " hardware nvme.nvme0.link" LANES
#define SLOT(w)  w " hardware " PCIE("0000:00:01.0", "link") LANES
        static const struct {
                const char *item, *clues;
        } cases[] = {
                { "nvme.nvme0.link", SLOT("85") },
                { "raid.md0.state", DRIVE("85") "; 85 hardware nvme.nvme1.health is bad in place of good; " SLOT("85") },
                { "raid.vg0-data.state", DRIVE("85") "; 85 hardware nvme.nvme1.health is bad in place of good; " SLOT("85") },
                /* The first may have dropped out of it before. */
                { "raid.md1.state", "85 hardware nvme.nvme1.health is bad in place of good; " DRIVE("60") },
                { "disk./data.options",
                  DRIVE("85") "; " SLOT("85") "; 85 hardware raid.md0.state is degraded in place of active; "
                                              "85 hardware raid.vg0-data.state is degraded in place of active" },
                { "nic.ens1f0.speed", SLOT("60") },
                { "nic.ens2f0.speed", "" },
                { "nvme.nvme1.health", "" },
                { "sysctl.vm.swappiness", "" },
        };
        struct evidence_change changes[COUNT(slower) + 1] = { { PCIE("0000:00:01.0", "link"), "8 GT/s x4", "8 GT/s x2" } };
        struct evidence_scene scene;

        for (size_t i = 0; i < COUNT(slower); i++)
                changes[i + 1] = slower[i];
        evidence_scene_open(&scene);
        build(scene.tree);
        evidence_scene_changes(&scene, "fact", changes, RIGHT, WRONG, "b");
        evidence_scene_clues(&scene);
        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].item, evidence_scene_clues_of(&scene, cases[i].item), cases[i].clues);
        evidence_scene_close(&scene);
}

/* --- pairs --------------------------------------------------------------------------------------------------------------- */

static void pairs(void)
{
        static const struct {
                const char *name;
                struct evidence_change item, below;
                const char *clues;
        } cases[] = {
                { "the speed of DIMMs and their places",
                  { "memory.speed", "3200 MT/s", "2666 MT/s" },
                  { "memory.balanced", "yes", "no" },
                  "60 hardware memory.balanced is no in place of yes" },
                { "their places and their speed",
                  { "memory.balanced", "yes", "no" },
                  { "memory.speed", "3200 MT/s", "2666 MT/s" },
                  "60 hardware memory.speed is 2666 MT/s in place of 3200 MT/s" },
                { "less memory, which is slower, too",
                  { "memory.installed", "256 GiB", "128 GiB" },
                  { "memory.speed", "3200 MT/s", "2666 MT/s" },
                  "60 hardware memory.speed is 2666 MT/s in place of 3200 MT/s" },
                { "a node's memory",
                  { "numa.node1.memory", "128 GiB", "64 GiB" },
                  { "memory.installed", "256 GiB", "128 GiB" },
                  "75 hardware memory.installed is 128 GiB in place of 256 GiB" },
                { "memory that cannot be read",
                  { "memory.balanced", "yes", "no" },
                  { "memory.speed", "3200 MT/s", "unreadable: not permitted" },
                  "" },
                { "a smaller drive below an array",
                  { "raid.md0.size", "1.92 TB", "960 GB" },
                  { "nvme.nvme1.size", "1.92 TB", "960 GB" },
                  "85 hardware nvme.nvme1.size is 960 GB in place of 1.92 TB" },
                { "another drive",
                  { "nvme.nvme1.size", "1.92 TB", "960 GB" },
                  { "nvme.nvme1.model", "fast", "slow" },
                  "75 hardware nvme.nvme1.model is slow in place of fast" },
                { "another drive than that",
                  { "nvme.nvme0.size", "1.92 TB", "960 GB" },
                  { "nvme.nvme1.model", "fast", "slow" },
                  "" },
                { "an array that is put together anew, and what is on it",
                  { "disk./data.options", "rw", "ro" },
                  { "raid.vg0-data.state", "active", "resync" },
                  "85 hardware raid.vg0-data.state is resync in place of active" },
                { "a link that is degraded",
                  { "pcie.0000:01:00.0.degraded", "no", "yes" },
                  { "pcie.0000:01:00.0.link", "8 GT/s x4", "8 GT/s x2" },
                  "75 hardware pcie.0000:01:00.0.link is 8 GT/s x2 in place of 8 GT/s x4" },
                { "another link than that",
                  { "pcie.0000:02:00.0.degraded", "no", "yes" },
                  { "pcie.0000:01:00.0.link", "8 GT/s x4", "8 GT/s x2" },
                  "" },
                { "another card",
                  { "nic.ens1f0.speed", "25 Gbit/s", "10 Gbit/s" },
                  { "nic.ens1f0.pci", "0000:01:00.1", "0000:81:00.0" },
                  "75 hardware nic.ens1f0.pci is 0000:81:00.0 in place of 0000:01:00.1" },
                { "what the switch offers",
                  { "nic.ens1f0.speed", "25 Gbit/s", "10 Gbit/s" },
                  { "nic.ens1f0.peer_speed", "25 Gbit/s", "10 Gbit/s" },
                  "75 hardware nic.ens1f0.peer_speed is 10 Gbit/s in place of 25 Gbit/s" },
                { "what it offers to another port",
                  { "nic.ens1f0.speed", "25 Gbit/s", "10 Gbit/s" },
                  { "nic.ens2f0.peer_speed", "25 Gbit/s", "10 Gbit/s" },
                  "" },
                { "a card that came", { "nic.ens1f0.driver", NULL, "ice" }, { "nic.ens1f0.pci", NULL, "0000:01:00.1" }, "" },
                { "a drive that went", { "nvme.nvme5.size", "1.92 TB", NULL }, { "nvme.nvme5.model", "fast", NULL }, "" },
                { "governors, and who steers",
                  { "cpu.governors", "performance", "schedutil" },
                  { "cpu.frequency_driver", "intel_pstate", "acpi-cpufreq" },
                  "75 hardware cpu.frequency_driver is acpi-cpufreq in place of intel_pstate" },
                { "a CPU that went, and cores",
                  { "cpu.cores", "12", "11" },
                  { "cpu.online", "0-11", "0-10" },
                  "75 hardware cpu.online is 0-10 in place of 0-11" },
                { "a CPU that went, and SMT",
                  { "cpu.smt", "yes", "no" },
                  { "cpu.online", "0-11", "0-10" },
                  "75 hardware cpu.online is 0-10 in place of 0-11" },
                { "a CPU that went, and microcode", { "cpu.microcode", "0x1", "0x2" }, { "cpu.online", "0-11", "0-10" }, "" },
                { "a CPU that went, and governors",
                  { "cpu.governors", "performance", "powersave" },
                  { "cpu.online", "0-11", "0-10" },
                  "" },
                { "a CPU that went, and a governor",
                  { "cpu.governor", "performance", "powersave" },
                  { "cpu.online", "0-11", "0-10" },
                  "" },
                { "a CPU that went, and turbo", { "cpu.turbo", "yes", "no" }, { "cpu.online", "0-11", "0-10" }, "" },
                { "a CPU that went, and idle states", { "cpu.idle_states", "C1", "C6" }, { "cpu.online", "0-11", "0-10" }, "" },
                { "a CPU that went, and isolated CPUs",
                  { "cpu.isolated", "1-3", "1-2" },
                  { "cpu.online", "0-11", "0-10" },
                  "" },
                { "a CPU that went, and threads that are there",
                  { "cpu.threads", "12", "11" },
                  { "cpu.online", "0-11", "0-10" },
                  "60 hardware cpu.online is 0-10 in place of 0-11" },
                { "a DIMM that went, and all of it",
                  { "memory.total", "256 GiB", "224 GiB" },
                  { "memory.dimms", "8", "7" },
                  "75 hardware memory.dimms is 7 in place of 8" },
                { "a DIMM that went, and its balance",
                  { "memory.balanced", "yes", "no" },
                  { "memory.dimms", "8", "7" },
                  "75 hardware memory.dimms is 7 in place of 8" },
                { "a DIMM that went, and its speed",
                  { "memory.speed", "3200 MT/s", "2666 MT/s" },
                  { "memory.dimms", "8", "7" },
                  "60 hardware memory.dimms is 7 in place of 8" },
                { "a DIMM that went, and its errors",
                  { "memory.errors.corrected", "0", "3" },
                  { "memory.dimms", "8", "7" },
                  "" },
                { "a DIMM that went, and what is none", { "memory.other", "0", "3" }, { "memory.dimms", "8", "7" }, "" },
                { "another processor, and its governors",
                  { "cpu.governors", "performance", "schedutil" },
                  { "cpu.model", "Gold", "Silver" },
                  "60 hardware cpu.model is Silver in place of Gold" },
                { "and its microcode",
                  { "cpu.microcode", "0x1", "0x2" },
                  { "cpu.model", "Gold", "Silver" },
                  "75 hardware cpu.model is Silver in place of Gold" },
                { "a DIMM, and the CPUs of a node", { "numa.node1.cpus", "0-3", "0-2" }, { "memory.dimms", "8", "7" }, "" },
                { "a CPU, and the memory of a node",
                  { "numa.node1.memory", "8 GiB", "4 GiB" },
                  { "cpu.online", "0-3", "0-2" },
                  "" },
                { "another processor",
                  { "cpu.turbo", "no", "yes" },
                  { "cpu.model", "Gold", "Silver" },
                  "75 hardware cpu.model is Silver in place of Gold" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                build(scene.tree);
                evidence_scene_changes(&scene, "fact", (const struct evidence_change[]){ cases[i].item, cases[i].below, { 0 } },
                                       RIGHT, WRONG, "b");
                evidence_scene_clues(&scene);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues_of(&scene, cases[i].item.name), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Slower hardware has a cause of its own where the host was started with other firmware. */
static void other_firmware(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        evidence_scene_changes(&scene, "fact",
                               (const struct evidence_change[]){ { "host.bios.version", "1.4", "1.5" },
                                                                 { "memory.speed", "3200 MT/s", "2666 MT/s" },
                                                                 { 0 } },
                               RIGHT, WRONG, "c");
        evidence_scene_clues(&scene);
        EXPECT_TEXT(NULL, evidence_scene_clues_of(&scene, "memory.speed"),
                    "75 reboot the host was started again, with host.bios.version 1.5 in place of 1.4");
        evidence_scene_close(&scene);
}

/* --- what the kernel said ------------------------------------------------------------------------------------------------ */

static void kernel_words(void)
{
#define AER "0000:01:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer"
        static const struct {
                const char *item;
                bool named;
        } cases[] = {
                { "pcie.0000:01:00.0.link", true }, { "pcie.0000:02:00.0.link", false }, { "nvme.nvme0.link", true },
                { "nvme.nvme1.link", false },       { "nic.ens1f0.speed", false },       { "memory.speed", false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                build(scene.tree);
                tree_file(scene.tree, "/.plumbline/ask/journal/kernel/day", "oldest_us 1000\n" BETWEEN "kernel nvme " AER "\n");
                evidence_scene_drifts(&scene, "fact", cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].item, evidence_scene_clues(&scene),
                            cases[i].named ? "80 kernel the kernel said: nvme " AER : "");
                evidence_scene_close(&scene);
        }
}

static void telling(void)
{
        static const struct {
                const char *priority, *message;
                bool telling;
        } cases[] = {
                { "4", "anything at all", true },
                { "5", "anything at all", false },
                { "-", "anything at all", false },
                { "6", "igb 0000:03:00.0 ens2f0: igb: ens2f0 NIC Link is Down", true },
                { "6",
                  "pci 0000:01:00.0: 15.752 Gb/s available PCIe bandwidth, limited by 8.0 GT/s PCIe x2 link at 0000:00:01.0",
                  true },
                { "6", "pci 0000:01:00.0: 31.504 Gb/s available PCIe bandwidth (8.0 GT/s PCIe x4 link)", false },
                { "6", "md: resync of RAID array md0", true },
                { "5", "md/raid1:md0: not clean -- starting background reconstruction", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_NUMBER(cases[i].message, journal_is_telling(cases[i].priority, cases[i].message), cases[i].telling);
}

static const struct test tests[] = {
        { "slower_links", slower_links }, { "pairs", pairs },     { "other_firmware", other_firmware },
        { "kernel_words", kernel_words }, { "telling", telling }, { NULL, NULL },
};

const struct suite suite_evidence_hardware = { "evidence_hardware", tests };

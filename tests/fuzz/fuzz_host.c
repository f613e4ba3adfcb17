/* Fuzzes the probes by one of their sources: the first byte says which file of a small machine, or which stored answer, holds the rest. */

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Each with a probe that reads it. */
static const struct {
        const char *path;
        const struct probe *probe;
} sources[] = {
        { "/proc/self/mountinfo", &probe_disk },
        { "/proc/meminfo", &probe_memory },
        { "/proc/swaps", &probe_memory },
        { "/proc/stat", &probe_cpu },
        { "/proc/interrupts", &probe_cpu },
        { "/proc/cpuinfo", &probe_cpu },
        { "/proc/cmdline", &probe_kernel },
        { "/proc/mdstat", &probe_raid },
        { "/proc/net/route", &probe_route },
        { "/proc/net/tcp", &probe_port },
        { "/proc/net/tcp6", &probe_port },
        { "/proc/1/stat", &probe_journal },
        { "/proc/4242/limits", &probe_service },
        { "/proc/4242/stat", &probe_service },
        { "/proc/4242/cgroup", &probe_service },
        { "/etc/passwd", &probe_account },
        { "/etc/group", &probe_account },
        { "/etc/fstab", &probe_disk },
        { "/etc/resolv.conf", &probe_resolver },
        { "/etc/os-release", &probe_os },
        { "/etc/default/grub", &probe_kernel },
        { "/etc/apt/preferences", &probe_packages },
        { "/boot/grub/grub.cfg", &probe_kernel },
        { "/boot/grub/grubenv", &probe_kernel },
        { "/var/lib/dpkg/status", &probe_packages },
        { "/sys/firmware/dmi/tables/DMI", &probe_memory },
        { "/sys/firmware/dmi/tables/smbios_entry_point", &probe_memory },
        { "/sys/devices/system/cpu/online", &probe_cpu },
        { "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list", &probe_cpu },
        { "/sys/devices/system/cpu/cpu0/microcode/version", &probe_cpu },
        { "/sys/devices/system/node/node0/distance", &probe_numa },
        { "/sys/devices/system/node/node0/cpulist", &probe_numa },
        { "/sys/devices/system/node/node0/meminfo", &probe_numa },
        { "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/model", &probe_nvme },
        { "/sys/devices/pci0000:00/0000:01:00.0/aer_dev_fatal", &probe_pcie },
        { "/sys/devices/pci0000:00/0000:01:00.0/current_link_speed", &probe_pcie },
        { "/sys/devices/pci0000:80/0000:81:00.0/net/enp129s0f0/speed", &probe_nic },
        { "/sys/devices/pci0000:80/0000:81:00.0/net/enp129s0f0/flags", &probe_nic },
        { "/sys/devices/virtual/block/md0/md/level", &probe_raid },
        { "/sys/devices/virtual/block/md0/md/dev-nvme0n1/state", &probe_raid },
        { "/.plumbline/ask/cpuid", &probe_cpu },
        { "/.plumbline/ask/cpu/times", &probe_cpu },
        { "/.plumbline/ask/adjtimex", &probe_clock },
        { "/.plumbline/ask/secure_boot", &probe_host },
        { "/.plumbline/ask/statvfs/%2f", &probe_disk },
        { "/.plumbline/ask/nvme/nvme0%2fsmart", &probe_nvme },
        { "/.plumbline/ask/nvme/nvme0%2fidentify", &probe_nvme },
        { "/.plumbline/ask/rtnl/links", &probe_nic },
        { "/.plumbline/ask/rtnl/addresses", &probe_nic },
        { "/.plumbline/ask/ethtool/linkmodes/enp129s0f0", &probe_nic },
        { "/.plumbline/ask/ethtool/linkstate/enp129s0f0", &probe_nic },
        { "/.plumbline/ask/ethtool/tsinfo/enp129s0f0", &probe_nic },
        { "/.plumbline/ask/ethtool/drvinfo/enp129s0f0", &probe_nic },
        { "/.plumbline/ask/devicemapper/status/vg0-data", &probe_raid },
        { "/.plumbline/ask/unit/feed.service", &probe_service },
        { "/.plumbline/ask/units", &probe_unit },
        { "/.plumbline/ask/packages/pending", &probe_packages },
        { "/.plumbline/ask/journal/errors/boot", &probe_journal },
        { "/.plumbline/ask/endpoint/api", &probe_endpoint },
};

/* What can be told by its name only. */
static const char *const asked[] = { "disk./.*",     "file./etc/passwd.*", "unit.feed.service.*", "user.feed.*",
                                     "group.feed.*", "port.tcp.22.*",      "endpoint.api.*",      NULL };

#define COUNT (sizeof sources / sizeof sources[0])

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned chance);

static struct tree *machine;
static struct pool *kept;
/* What each source says on this machine; NULL: it is not there. */
static struct original {
        const void *bytes;
        size_t size;
} originals[COUNT];

static void leave(void)
{
        tree_free(machine);
        pool_free(kept);
}

/* A machine with every kind of thing that the sources tell more of. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        (void)argc;
        (void)argv;
        machine = tree_load("nic-nvme-irqs");
        kept = pool_new();
        atexit(leave);
        tree_file(machine, "/sys/devices/virtual/block/md0/size", "1000000\n");
        tree_file(machine, "/sys/devices/virtual/block/md0/md/level", "raid1\n");
        tree_file(machine, "/sys/devices/virtual/block/md0/md/array_state", "clean\n");
        tree_file(machine, "/sys/devices/virtual/block/md0/md/raid_disks", "2\n");
        tree_file(machine, "/sys/devices/virtual/block/md0/md/dev-nvme0n1/state", "in_sync\n");
        tree_link(machine, "/sys/devices/virtual/block/md0/md/dev-nvme0n1/block", "/sys/block/nvme0n1");
        tree_link(machine, "/sys/block/md0", "../devices/virtual/block/md0");
        tree_link(machine, "/sys/class/block/md0", "../../devices/virtual/block/md0");
        tree_file(machine, "/sys/devices/virtual/block/dm-0/size", "1000000\n");
        tree_file(machine, "/sys/devices/virtual/block/dm-0/dm/name", "vg0-data\n");
        tree_file(machine, "/sys/devices/virtual/block/dm-0/dm/uuid", "LVM-data\n");
        tree_link(machine, "/sys/block/dm-0", "../devices/virtual/block/dm-0");
        tree_link(machine, "/sys/class/block/dm-0", "../../devices/virtual/block/dm-0");
        tree_file(machine, "/proc/4242/comm", "feed\n");
        tree_link(machine, "/proc/4242/exe", "/usr/bin/feed");
        tree_file(machine, "/.plumbline/ask/devicemapper/status/vg0-data",
                  "0 3750739968 raid raid1 2 AA 3750739968/3750739968 idle 0 0 -\n");
        tree_file(machine, "/.plumbline/ask/units", "feed.service loaded active running\ncron.service loaded failed failed\n");
        tree_file(machine, "/.plumbline/ask/unit/feed.service",
                  "Names=feed.service\nLoadState=loaded\nActiveState=active\nSubState=running\nMainPID=4242\nNRestarts=0\n"
                  "NeedDaemonReload=no\n");
        tree_file(machine, "/.plumbline/ask/journal/errors/boot",
                  "boot_oldest_us 1000\nboot_begins kernel\nboot_since_us 2000\n");
        for (size_t i = 0; i < COUNT; i++)
                if (host_read_bytes(tree_host(machine), kept, &originals[i].bytes, &originals[i].size, "%s", sources[i].path) <
                    0)
                        originals[i].bytes = NULL;
        return 0;
}

/* An input of one byte becomes what its source says: a start for each that nobody has to keep. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned chance)
{
        const struct original *original;

        if (size < 1)
                bytes[0] = 0;
        if (size <= 1 || chance % 16 == 0)
                bytes[0] = (uint8_t)(chance / 16 % COUNT);
        original = &originals[bytes[0] % COUNT];
        if ((size <= 1 || chance % 64 == 0) && original->bytes && original->size < most) {
                memcpy(bytes + 1, original->bytes, original->size);
                size = 1 + original->size;
        }
        return size <= 1 ? 1 + LLVMFuzzerMutate(bytes + 1, 0, most - 1) : 1 + LLVMFuzzerMutate(bytes + 1, size - 1, most - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        const struct original *original;

        if (size < 1 || bytes[0] >= COUNT)
                return -1;
        original = &originals[bytes[0]];
        tree_bytes(machine, sources[bytes[0]].path, bytes + 1, size - 1);
        {
                autofacts struct facts *facts = facts_new();

                facts->asked = asked;
                facts->infos = sources[bytes[0]].probe->facts;
                sources[bytes[0]].probe->run(tree_host(machine), facts);
        }
        if (original->bytes)
                tree_bytes(machine, sources[bytes[0]].path, original->bytes, original->size);
        else
                tree_remove(machine, sources[bytes[0]].path);
        return 0;
}

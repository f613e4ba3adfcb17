/* What each item of a comparison is about, and what two right hosts differ in. */

#include "agent/diff.h"

#include "agent/private_parameter.h"

#include <string.h>

const char *diff_group_name(enum diff_group group)
{
        static const char *const names[GROUPS] = {
                "hardware", "firmware", "kernel", "settings", "packages", "services", "network", "files", "accounts", "other",
        };

        return names[group];
}

const char *diff_status_name(enum diff_status status)
{
        static const char *const names[] = { "different", "unknown", "by-nature" };

        return names[status];
}

/* The first that matches speaks. */
static const struct {
        const char *pattern;
        enum diff_group group;
} groups[] = {
        { "cpu.microcode*", GROUP_FIRMWARE },
        { "*.firmware", GROUP_FIRMWARE },
        { "host.bios.*", GROUP_FIRMWARE },
        { "host.secure_boot", GROUP_FIRMWARE },
        { "kernel.*", GROUP_KERNEL },
        { "os.*", GROUP_KERNEL },
        { "clock.source", GROUP_KERNEL },
        { "cpu.frequency_driver", GROUP_KERNEL },
        { "host.iommu", GROUP_KERNEL },
        { "cpu.online", GROUP_SETTINGS },
        { "cpu.smt", GROUP_SETTINGS },
        { "cpu.isolated", GROUP_SETTINGS },
        { "cpu.nohz_full", GROUP_SETTINGS },
        { "cpu.governors", GROUP_SETTINGS },
        { "cpu.turbo", GROUP_SETTINGS },
        { "cpu.idle_states", GROUP_SETTINGS },
        { "hugepages.*", GROUP_SETTINGS },
        { "swap.*", GROUP_SETTINGS },
        { "clock.daemons", GROUP_SERVICES },
        { "clock.*", GROUP_SETTINGS },
        { "packages.*", GROUP_PACKAGES },
        { "units.*", GROUP_SERVICES },
        { "unit.*", GROUP_SERVICES },
        { "endpoint.*", GROUP_SERVICES },
        { "journal.*", GROUP_SERVICES },
        { "net.*", GROUP_NETWORK },
        { "port.*", GROUP_NETWORK },
        { "interface.*", GROUP_NETWORK },
        { "nic.fastest", GROUP_NETWORK },
        { "nic.*.speed", GROUP_NETWORK },
        { "nic.*.link", GROUP_NETWORK },
        { "nic.*.duplex", GROUP_NETWORK },
        { "nic.*.mtu", GROUP_NETWORK },
        { "nic.*.vfs", GROUP_NETWORK },
        { "nic.*.addresses", GROUP_NETWORK },
        { "disk.*", GROUP_FILES },
        { "file.*", GROUP_FILES },
        { "user.*", GROUP_ACCOUNTS },
        { "group.*", GROUP_ACCOUNTS },
        { "cpu.*", GROUP_HARDWARE },
        { "memory.*", GROUP_HARDWARE },
        { "numa.*", GROUP_HARDWARE },
        { "nvme.*", GROUP_HARDWARE },
        { "raid.*", GROUP_HARDWARE },
        { "pcie.*", GROUP_HARDWARE },
        { "usb.*", GROUP_HARDWARE },
        { "nic.*", GROUP_HARDWARE },
        { "host.*", GROUP_HARDWARE },
};

enum diff_group diff_group_of(const char *layer, const char *name)
{
        if (text_equals(layer, "package"))
                return GROUP_PACKAGES;
        if (!text_equals(layer, "fact"))
                return GROUP_SETTINGS;
        for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
                if (text_matches(name, groups[i].pattern))
                        return groups[i].group;
        return GROUP_OTHER;
}

#define NAMES   "it names the host"
#define DISK    "it names a disk of this host"
#define MOMENT  "it is another number in every minute"
#define COUNTER "it counts what has happened to this host"
#define WEAR    "it is the age of this device"
#define OWN     "addresses are the host's own"

#define PARAMETER "kernel.cmdline."

static const struct {
        const char *pattern, *why;
        bool presence;
} natures[] = {
        { "host.name", NAMES, false },
        { "memory.used", MOMENT, false },
        { "disk.*.free", MOMENT, true }, /* a filesystem that only one side has is told by nothing else */
        { "disk.*.inodes", MOMENT, false },
        { "swap.used", MOMENT, false },
        { "cpu.busy", MOMENT, false },
        { "cpu.steal", MOMENT, false },
        { "clock.error", MOMENT, false },
        { "hugepages.*.free", MOMENT, false },
        { "nvme.*.temperature", MOMENT, false },
        { "file.*.age", MOMENT, false },
        { "nic.*.flaps", COUNTER, false },
        { "nic.*.errors", COUNTER, false },
        { "nic.*.drops", COUNTER, false },
        { "cpu.throttles.*", COUNTER, false },
        { "cpu.machine_checks", COUNTER, false },
        { "kernel.crashes", COUNTER, false },
        { "memory.errors.*", COUNTER, false },
        { "pcie.*.errors.*", COUNTER, false },
        { "nvme.*.media_errors", COUNTER, false },
        { "journal.*", COUNTER, false },
        { "unit.*.restarts", COUNTER, false },
        { "nvme.*.used", WEAR, false },
        { "nvme.*.spare", WEAR, false },
        { "nic.*.addresses", OWN, false },
        { "interface.*.addresses", OWN, false },
        { "net.addresses", OWN, false },
        { "net.nameservers", "they are addresses, and a redacted capture has others in their place", false },
        { "port.*.addresses", OWN, false },
        { "packages.pending", "it depends on the day of apt's lists; the versions are compared themselves", false },
        { "endpoint.*", "only check asks", false },
        { "unit.user@*.service.state", "it is there while somebody is logged in", false },
        { "unit.user-runtime-dir@*.service.state", "it is there while somebody is logged in", false },
        { "unit.systemd-fsck@*.service.state", DISK, false },
        { "kernel.cmdline.BOOT_IMAGE", "it is the boot loader's path; the release is compared itself", false },
};

/* A parameter that is private is the host's own, too; what may be a password is compared all the same. */
static const char *parameter_nature(const char *name, bool *presence)
{
        static const char *const why[] = {
                [PRIVATE_NOT] = NULL,   [PRIVATE_SECRET] = NULL, [PRIVATE_DISK] = DISK,
                [PRIVATE_HOST] = NAMES, [PRIVATE_ADDRESS] = OWN,
        };

        *presence = !private_presence(name);
        return why[private_parameter(name)];
}

const char *diff_nature(const char *name, bool *presence)
{
        for (size_t i = 0; i < sizeof natures / sizeof natures[0]; i++) {
                if (!text_matches(name, natures[i].pattern))
                        continue;
                *presence = natures[i].presence;
                return natures[i].why;
        }
        if (text_starts(name, PARAMETER))
                return parameter_nature(name + strlen(PARAMETER), presence);
        return NULL;
}

/* What the kernel leaves of the same modules depends on where its image and the initial RAM disk came to lie. */
double diff_tolerance(const char *name)
{
        return text_equals(name, "memory.total") || text_matches(name, "numa.node*.memory") ? 0.01 : 0;
}

/* The packages that matter to a trading box: kernels, microcode, firmware, boot loader, drivers, and what tunes or keeps time. */

#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/report.h"

#include <errno.h>
#include <string.h>

#define DATABASE     "/var/lib/dpkg/status"
#define PACKAGES_MAX 512U

static bool matters(const char *name)
{
        static const char *const patterns[] = {
                "linux-image-*",
                "linux-realtime*",
                "linux-modules-*",
                "linux-firmware*",
                "linux-cpupower",
                "linux-tools-*",
                "firmware-*",
                "intel-microcode",
                "amd64-microcode",
                "grub-*",
                "shim-signed",
                "systemd",
                "systemd-timesyncd",
                "systemd-boot*",
                "udev",
                "dbus",
                "libc6",
                "initramfs-tools",
                "dracut",
                "mdadm",
                "nvme-cli",
                "ethtool",
                "irqbalance",
                "tuned",
                "cpufrequtils",
                "power-profiles-daemon",
                "thermald",
                "tlp",
                "chrony",
                "ntpsec",
                "linuxptp",
                "network-manager",
                "ifupdown",
                "ifupdown-ng",
                "netplan.io",
                "snapd",
                "unattended-upgrades",
                "procps",
                "plumbline",
                "onload*",
                "openonload*",
                "sfc-dkms",
                "dpdk*",
                "mlnx-*",
                "rdma-core",
                "*-dkms",
        };

        for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
                if (text_matches(name, patterns[i]))
                        return true;
        return false;
}

struct package {
        struct slice name, architecture, version, status;
};

/* Kernels and libraries can be there for several architectures. */
static void add(struct pool *pool, json_t *packages, const struct package *package, bool all)
{
        const char *name, *status;

        if (!package->name.size || package->name.size > 128 || !package->version.size || !package->status.size)
                return;
        name = slice_dup(pool, package->name);
        status = slice_dup(pool, package->status);
        if (!all && (!matters(name) || json_object_size(packages) >= PACKAGES_MAX))
                return;
        if (text_ends(status, " not-installed") || text_ends(status, " config-files"))
                return;
        if (json_object_get(packages, name) && package->architecture.size)
                name = pool_format(pool, "%s:%s", name, slice_dup(pool, package->architecture));
        json_object_set_new(packages, text_printable(pool, name, 150),
                            report_json_text(text_printable(pool,
                                                            pool_format(pool, "%s%s", slice_dup(pool, package->version),
                                                                        text_ends(status, " installed") ? "" : " (not whole)"),
                                                            150)));
}

static bool field(struct slice line, const char *name, struct slice *value)
{
        size_t size = strlen(name);

        if (line.size <= size || memcmp(line.at, name, size) != 0)
                return false;
        *value = slice_trim((struct slice){ line.at + size, line.size - size });
        return true;
}

json_t *state_packages(struct host *host, bool all)
{
        autopool struct pool *pool = pool_new();
        struct package package = { 0 };
        json_t *packages = json_object();
        const char *text;
        struct slice line;
        int r;

        r = host_read(host, pool, &text, DATABASE);
        if (r == -ENOENT || r == -ENOTDIR)
                return packages;
        if (r < 0) {
                json_object_set_new(packages, "dpkg",
                                    report_json_text(pool_format(pool, STATE_UNREADABLE "%s", error_words(r))));
                return packages;
        }
        while (text_line(&text, &line)) {
                if (line.size == 0) {
                        add(pool, packages, &package, all);
                        package = (struct package){ 0 };
                } else if (line.at[0] == 'P' || line.at[0] == 'A' || line.at[0] == 'V' || line.at[0] == 'S') {
                        if (!field(line, "Package:", &package.name) && !field(line, "Version:", &package.version) &&
                            !field(line, "Architecture:", &package.architecture))
                                field(line, "Status:", &package.status);
                }
        }
        add(pool, packages, &package, all);
        return packages;
}

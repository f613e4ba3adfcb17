/* The table of questions that are not files, and of orders. */

#include "agent/core/ask.h"

/* The ethtool requests and the dumps of links and addresses take the rtnl lock (net/ethtool/netlink.c, net/core/rtnetlink.c);
 * systemd walks its units; apt reads all of its lists; a log page goes through the drive's admin queue. The device mapper answers
 * from memory, but under locks that who changes a table waits for, with a privilege that the audit goes without, and the log of a
 * mirror in a cluster asks its daemon (drivers/md/dm-log-userspace-base.c). cpuid runs on the CPU that asks. What the CPUs did with
 * their time is added up from memory (fs/proc/stat.c), and in between nothing runs. statvfs is asked of local filesystems only, which
 * answer from memory. What the firmware said of Secure Boot is a byte that the kernel keeps (arch/x86/kernel/ksysfs.c). */
const struct question questions[] = {
        { "cpuid", REACH_QUIET, ask_cpuid, 0 },
        { "rtnl/", REACH_TOUCHING, ask_rtnl, 0 },
        { "ethtool/linkmodes/", REACH_TOUCHING, ask_ethtool_linkmodes, 0 },
        { "ethtool/linkstate/", REACH_TOUCHING, ask_ethtool_linkstate, 0 },
        { "ethtool/tsinfo/", REACH_TOUCHING, ask_ethtool_tsinfo, 0 },
        { "ethtool/drvinfo/", REACH_TOUCHING, ask_ethtool_drvinfo, 0 },
        { "nvme/", REACH_TOUCHING, ask_nvme, 0 },
        { "devicemapper/status/", REACH_TOUCHING, ask_devicemapper, 0 },
        { "cpu/times", REACH_QUIET, ask_cpu_times, CPU_TIMES_MS },
        { "adjtimex", REACH_QUIET, ask_adjtimex, 0 },
        { "secure_boot", REACH_QUIET, ask_secure_boot, 0 },
        { "statvfs/", REACH_QUIET, ask_statvfs, 0 },
        { "unit/", REACH_TOUCHING, ask_unit, 0 },
        { "packages/pending", REACH_TOUCHING, ask_packages, 0 },
        { "journal/errors/", REACH_TOUCHING, ask_journal, 0 },
        { "journal/commands/", REACH_TOUCHING, ask_commands, 0 },
        { "journal/kernel/", REACH_TOUCHING, ask_kernel_log, 0 },
        { "endpoint/", REACH_TOUCHING, ask_endpoint, 0 },
        { "units", REACH_TOUCHING, ask_units, 0 },
        { NULL, REACH_QUIET, NULL, 0 },
};

const struct order orders[] = {
        { "unit/", tell_unit }, { "systemd/", tell_systemd }, { "grub/", tell_grub }, { "package/", tell_package },
        { NULL, NULL },
};

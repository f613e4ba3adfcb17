/* The table of questions that are not files, and of orders. */

#include "agent/core/ask.h"

/* The ethtool requests and the dumps of links and addresses take the rtnl lock (net/ethtool/netlink.c, net/core/rtnetlink.c);
 * systemd walks its units; apt reads all of its lists; a log page goes through the drive's admin queue. The device mapper answers
 * from memory, but under locks that who changes a table waits for, with a privilege that the audit goes without, and the log of a
 * mirror in a cluster asks its daemon (drivers/md/dm-log-userspace-base.c). cpuid runs on the CPU that asks. What the CPUs did with
 * their time is added up from memory (fs/proc/stat.c), and in between nothing runs. statvfs is asked of local filesystems only, which
 * answer from memory. */
const struct question questions[] = {
        { "cpuid", REACH_QUIET, ask_cpuid },
        { "rtnl/", REACH_TOUCHING, ask_rtnl },
        { "ethtool/linkmodes/", REACH_TOUCHING, ask_ethtool_linkmodes },
        { "ethtool/linkstate/", REACH_TOUCHING, ask_ethtool_linkstate },
        { "ethtool/tsinfo/", REACH_TOUCHING, ask_ethtool_tsinfo },
        { "ethtool/drvinfo/", REACH_TOUCHING, ask_ethtool_drvinfo },
        { "nvme/", REACH_TOUCHING, ask_nvme },
        { "devicemapper/status/", REACH_TOUCHING, ask_devicemapper },
        { "cpu/times", REACH_QUIET, ask_cpu_times },
        { "adjtimex", REACH_QUIET, ask_adjtimex },
        { "statvfs/", REACH_QUIET, ask_statvfs },
        { "unit/", REACH_TOUCHING, ask_unit },
        { "packages/pending", REACH_TOUCHING, ask_packages },
        { "journal/errors/", REACH_TOUCHING, ask_journal },
        { "journal/commands/", REACH_TOUCHING, ask_commands },
        { "journal/kernel/", REACH_TOUCHING, ask_kernel_log },
        { "endpoint/", REACH_TOUCHING, ask_endpoint },
        { "units", REACH_TOUCHING, ask_units },
        { NULL, REACH_QUIET, NULL },
};

const struct order orders[] = {
        { "unit/", tell_unit }, { "systemd/", tell_systemd }, { "grub/", tell_grub }, { "package/", tell_package },
        { NULL, NULL },
};

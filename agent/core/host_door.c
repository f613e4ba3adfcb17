/* The door itself: what it opens, and how loud that is. */

#include "agent/core/host_inside.h"

#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void close_fd(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

int door_open(const struct host *host, const char *path, int flags, mode_t mode)
{
        return door_open_in(host->root, path, flags, mode);
}

int door_open_in(int folder, const char *path, int flags, mode_t mode)
{
        struct open_how how = {
                .flags = (unsigned)flags | O_CLOEXEC,
                .mode = mode,
                .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
        };

        /* EAGAIN: something was renamed while ".." was being resolved (openat2(2)); a busy tree settles within a few tries. */
        for (unsigned attempt = 0; attempt < 16; attempt++) {
                int fd = (int)syscall(__NR_openat2, folder, path, &how, sizeof how);

                if (fd >= 0)
                        return fd;
                if (errno != EAGAIN && errno != EINTR)
                        return -errno;
        }
        return -EAGAIN;
}

enum reach door_reach(const char *path)
{
        /* Which reads interrupt other CPUs or take the rtnl lock: arch/x86/kernel/cpu/aperfmperf.c, drivers/cpufreq/intel_pstate.c,
         * arch/x86/kernel/cpu/intel_epb.c, drivers/hwmon/coretemp.c, mm/vmstat.c, net/core/net-sysfs.c;
         * and which walk the sockets under the locks of their tables: net/ipv4/tcp_ipv4.c, net/ipv4/udp.c. */
        static const struct {
                const char *pattern;
                enum reach reach;
        } table[] = {
                { "/proc/cpuinfo", REACH_DISTURBING },
                { "/proc/sys/vm/stat_refresh", REACH_DISTURBING },
                { "/sys/devices/system/cpu/*_cur_freq", REACH_DISTURBING },
                { "/sys/devices/system/cpu/*/energy_perf*", REACH_DISTURBING },
                { "/sys/*/temp*_input", REACH_DISTURBING },
                { "/sys/class/net/*/speed", REACH_TOUCHING },
                { "/sys/class/net/*/duplex", REACH_TOUCHING },
                { "/sys/class/net/*/phys_port_name", REACH_TOUCHING },
                { "/proc/net/tcp*", REACH_TOUCHING },
                { "/proc/net/udp*", REACH_TOUCHING },
        };

        if (!strncmp(path, "/proc/", 6) && path[6] >= '0' && path[6] <= '9')
                return strncmp(path, "/proc/1/", 8) ? REACH_TOUCHING : REACH_QUIET;
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
                if (text_matches(path, table[i].pattern))
                        return table[i].reach;
        return REACH_QUIET;
}

static bool allowed_besides(const struct host *host, enum reach reach, const char *source)
{
        if (reach != REACH_TOUCHING)
                return false;
        for (const char *const *pattern = host->also; pattern && *pattern; pattern++)
                if (text_matches(source, *pattern))
                        return true;
        return false;
}

int door_knock(struct host *host, enum reach reach, const char *source)
{
        if (reach > host->loudest && !allowed_besides(host, reach, source))
                return -ECANCELED;
        host->reads[reach]++;
        return door_hurry(host, source);
}

int door_path(char *path, size_t size, const char *format, va_list args)
{
        int length = vsnprintf(path, size, format, args);

        return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

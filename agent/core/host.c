/* The door, reading side: files, folders and links below the root. */

#include "agent/core/host.h"

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_MAX  (16U * 1024 * 1024)
#define PATH_SIZE 1024

void close_fd(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

int door_open(const struct host *host, const char *path, int flags, mode_t mode)
{
        struct open_how how = {
                .flags = (unsigned)flags | O_CLOEXEC,
                .mode = mode,
                .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
        };

        /* EAGAIN: something was renamed while ".." was being resolved (openat2(2)); a busy tree settles within a few tries. */
        for (unsigned attempt = 0; attempt < 16; attempt++) {
                int fd = (int)syscall(SYS_openat2, host->root, path, &how, sizeof how);

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
         * arch/x86/kernel/cpu/intel_epb.c, drivers/hwmon/coretemp.c, mm/vmstat.c, net/core/net-sysfs.c. */
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
        };

        if (!strncmp(path, "/proc/", 6) && path[6] >= '0' && path[6] <= '9')
                return strncmp(path, "/proc/1/", 8) ? REACH_TOUCHING : REACH_QUIET;
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
                if (text_matches(path, table[i].pattern))
                        return table[i].reach;
        return REACH_QUIET;
}

int door_knock(struct host *host, enum reach reach)
{
        if (reach > host->loudest)
                return -ECANCELED;
        host->reads[reach]++;
        return 0;
}

int door_path(char *path, size_t size, const char *format, va_list args)
{
        int length = vsnprintf(path, size, format, args);

        return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

int host_open(const char *root, struct host **host)
{
        bool live = !root || text_equals(root, "/");
        struct host *new;
        int fd;

        fd = open(live ? "/" : root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        new = memory_zero(sizeof *new);
        new->root = fd;
        new->live = live;
        new->loudest = live ? REACH_TOUCHING : REACH_DISTURBING;
        new->lock = -1;
        *host = new;
        return 0;
}

void host_forget(struct host *host)
{
        for (struct memo *memo = host->memos; memo; memo = memo->older)
                memo->name = NULL;
}

void host_close(struct host *host)
{
        if (!host)
                return;
        while (host->memos) {
                struct memo *memo = host->memos;

                host->memos = memo->older;
                memo->release(memo->thing);
                free(memo);
        }
        close_fd(&host->lock);
        close(host->root);
        free(host);
}

bool host_is_live(const struct host *host)
{
        return host->live;
}

void host_allow(struct host *host, enum reach loudest)
{
        host->loudest = loudest;
}

void *host_recall(const struct host *host, const char *name)
{
        for (const struct memo *memo = host->memos; memo; memo = memo->older)
                if (memo->changes == host->changes && text_equals(memo->name, name))
                        return memo->thing;
        return NULL;
}

void host_remember(struct host *host, const char *name, void *thing, void (*release)(void *thing))
{
        struct memo *memo = memory_zero(sizeof *memo);

        *memo = (struct memo){ host->memos, name, host->changes, thing, release };
        host->memos = memo;
}

unsigned host_reads(const struct host *host, enum reach reach)
{
        return host->reads[reach];
}

unsigned host_changes(const struct host *host)
{
        return host->changes;
}

/* Opening a device can act on it (a watchdog starts), so a tree from elsewhere is looked at before it is opened. The live host's
 * files are all below /proc, /sys and /etc. */
static int open_regular(const struct host *host, const char *path)
{
        struct stat st;
        int fd, r = 0;

        if (!host->live) {
                autoclose int look = door_open(host, path, O_PATH, 0);

                if (look < 0)
                        return look;
                if (fstat(look, &st) < 0)
                        return -errno;
                if (!S_ISREG(st.st_mode))
                        return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
        }
        fd = door_open(host, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                r = -errno;
        else if (!S_ISREG(st.st_mode))
                r = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
        if (r < 0) {
                close(fd);
                return r;
        }
        return fd;
}

int door_slurp(int fd, struct pool *pool, const void **bytes, size_t *size)
{
        char room[8192];
        autofree char *large = NULL;
        char *at = room;
        size_t capacity = sizeof room, used = 0;

        for (;;) {
                ssize_t got = read(fd, at + used, capacity - used);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return -errno;
                if (got == 0)
                        break;
                used += (size_t)got;
                if (used > FILE_MAX)
                        return -EFBIG;
                if (used < capacity)
                        continue;
                capacity *= 4;
                large = memory_resize(large, capacity);
                if (at == room)
                        memcpy(large, room, used);
                at = large;
        }
        *bytes = pool_copy(pool, at, used);
        *size = used;
        return 0;
}

static int read_path(struct host *host, struct pool *pool, const void **bytes, size_t *size, const char *path)
{
        autoclose int fd = -1;
        int r;

        r = door_knock(host, door_reach(path));
        if (r < 0)
                return r;
        fd = open_regular(host, path);
        if (fd < 0)
                return fd;
        return door_slurp(fd, pool, bytes, size);
}

static int read_text(struct host *host, struct pool *pool, const char **text, const char *path)
{
        const void *bytes = NULL;
        size_t size = 0;
        int r;

        r = read_path(host, pool, &bytes, &size, path);
        if (r < 0)
                return r;
        if (memchr(bytes, 0, size))
                return -EILSEQ;
        *text = bytes;
        return 0;
}

int host_read(struct host *host, struct pool *pool, const char **text, const char *path, ...)
{
        char full[PATH_SIZE];
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        return r < 0 ? r : read_text(host, pool, text, full);
}

int host_read_bytes(struct host *host, struct pool *pool, const void **bytes, size_t *size, const char *path, ...)
{
        char full[PATH_SIZE];
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        return r < 0 ? r : read_path(host, pool, bytes, size, full);
}

int host_value(struct host *host, struct pool *pool, enum value_kind kind, enum unit unit, struct value *value,
               const char *path, ...)
{
        char full[PATH_SIZE];
        const char *text;
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return r;
        r = read_text(host, pool, &text, full);
        if (r < 0)
                return r;
        return value_parse_kernel(pool, text, kind, unit, value);
}

int host_cpus(struct host *host, struct cpus *set, const char *path, ...)
{
        autopool struct pool *pool = pool_new();
        char full[PATH_SIZE];
        const char *text;
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return r;
        r = read_text(host, pool, &text, full);
        if (r < 0)
                return r;
        return cpus_parse(text, CPUS_MAY_BE_EMPTY, 0, set);
}

int host_number(struct host *host, int64_t *number, const char *path, ...)
{
        autopool struct pool *pool = pool_new();
        char full[PATH_SIZE];
        struct value value;
        const char *text;
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return r;
        r = read_text(host, pool, &text, full);
        if (r < 0)
                return r;
        r = value_parse_kernel(pool, text, VALUE_NUMBER, UNIT_NONE, &value);
        if (r < 0)
                return r;
        *number = value.number;
        return 0;
}

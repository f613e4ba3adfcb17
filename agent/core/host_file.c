/* The door, reading side: what files hold. */

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 1024

static int check_regular(const struct stat *stat)
{
        return S_ISREG(stat->st_mode) ? 0 : S_ISDIR(stat->st_mode) ? -EISDIR : -EINVAL;
}

void door_leave(struct host *host)
{
        close_fd(&host->near.fd);
        host->near.fd = -1;
}

/* The folder of the file that was read last is kept open: files are read folder by folder, and one step from there is the whole
 * way from the root saved. *name: the file in it. -ENOENT and its kin; -EINVAL for a path that names no file. */
static int near_folder(struct host *host, const char *path, const char **name)
{
        const char *slash = strrchr(path, '/');
        struct door_near *near = &host->near;
        size_t size = slash ? (size_t)(slash - path) : 0;

        if (!size || size >= sizeof near->path || !slash[1] || text_equals(slash, "/.") || text_equals(slash, "/.."))
                return -EINVAL;
        *name = slash + 1;
        if (near->fd >= 0 && near->changes == host->changes && near->size == size && !memcmp(near->path, path, size))
                return near->fd;
        door_leave(host);
        memcpy(near->path, path, size);
        near->path[size] = '\0';
        near->size = size;
        near->changes = host->changes;
        near->fd = door_open(host, near->path, O_PATH | O_DIRECTORY, 0);
        return near->fd;
}

/* Opening a device can act on it (a watchdog starts), so a file of a tree from elsewhere is looked at before it is opened. -ELOOP:
 * it is a link. */
static int open_near(struct host *host, const char *path, uint64_t *size)
{
        const char *name = NULL;
        struct stat st;
        int folder, fd, r;

        folder = near_folder(host, path, &name);
        if (folder < 0)
                return folder;
        if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return -errno;
        if (S_ISLNK(st.st_mode))
                return -ELOOP;
        r = check_regular(&st);
        if (r < 0)
                return r;
        fd = door_open_in(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
        if (fd < 0)
                return fd;
        *size = (uint64_t)st.st_size;
        return fd;
}

int door_open_regular(struct host *host, const char *path, uint64_t *size)
{
        bool kernel = text_starts(path, "/sys/") || text_starts(path, "/proc/");
        struct stat st;
        int fd, r;

        *size = 0;
        if (!host->live) {
                autoclose int look = -1;

                fd = open_near(host, path, size);
                if (fd != -ELOOP && fd != -EINVAL)
                        return fd;
                look = door_open(host, path, O_PATH, 0);
                if (look < 0)
                        return look;
                if (fstat(look, &st) < 0)
                        return -errno;
                r = check_regular(&st);
                if (r < 0)
                        return r;
        }
        fd = door_open(host, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
        if (fd < 0 || (host->live && kernel))
                return fd;
        r = fstat(fd, &st) < 0 ? -errno : check_regular(&st);
        if (r < 0) {
                close(fd);
                return r;
        }
        *size = (uint64_t)st.st_size;
        return fd;
}

/* Is a short read the end? Under /sys text comes in one piece of a page at most (Documentation/filesystems/sysfs.rst). What is made
 * record by record comes in pieces (fs/seq_file.c): /proc, and what is mounted below /sys: control groups, debugfs. */
static bool short_ends(const char *path, bool text)
{
        if (text_starts(path, "/proc/") || text_starts(path, "/sys/fs/") || text_starts(path, "/sys/kernel/"))
                return false;
        return text || !text_starts(path, "/sys/");
}

int door_read_end(struct host *host, const char *path, int fd, int r, size_t got, uint64_t expected)
{
        struct stat st;
        int odd = 0;

        /* Something else may stand in its place: containers lay /dev/null over files of the kernel. */
        if (r < 0 || !got || (expected && got != expected))
                odd = fstat(fd, &st) < 0 ? -errno : check_regular(&st);
        if (odd < 0 || r < 0 || !got)
                r = door_seen_part(host, "read", path, odd < 0 ? odd : r, fd);
        return r;
}

static int open_and_read(struct host *host, struct pool *pool, bool text, const void **bytes, size_t *size, const char *path)
{
        autoclose int fd = -1;
        struct door_size known;
        const void *content = "";
        size_t got = 0;
        int r;

        fd = door_open_regular(host, path, &known.expected);
        if (fd < 0)
                return door_seen_part(host, "read", path, fd, -1);
        known.short_ends = short_ends(path, text);
        r = door_slurp(fd, known, pool, &content, &got);
        r = door_read_end(host, path, fd, r, got, known.expected);
        if (r < 0)
                return r;
        *bytes = content;
        *size = got;
        return 0;
}

static int read_path(struct host *host, struct pool *pool, bool text, const void **bytes, size_t *size, const char *path)
{
        struct slice found = { 0 };
        int r;

        r = door_knock(host, door_reach(path), path);
        if (r == 0)
                r = open_and_read(host, pool, text, bytes, size, path);
        if (r == 0)
                found = (struct slice){ *bytes, *size };
        door_note_bytes(host, "read", path, r, found);
        return r;
}

static int read_text(struct host *host, struct pool *pool, const char **text, const char *path)
{
        const void *bytes = "";
        size_t size = 0;
        int r;

        r = read_path(host, pool, true, &bytes, &size, path);
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
        return r < 0 ? r : read_path(host, pool, false, bytes, size, full);
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

/* The door, reading side: folders, links, and what stat says. */

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 1024

static int compare_names(const void *a, const void *b)
{
        const char *const *left = a, *const *right = b;

        return text_compare_natural(*left, *right);
}

static void close_folder(DIR **folder)
{
        if (*folder)
                closedir(*folder);
}

static int list_path(struct host *host, struct pool *pool, const char *const **names, const char *path)
{
        __attribute__((cleanup(close_folder))) DIR *folder = NULL;
        const char **rows = NULL;
        size_t count = 0;
        bool part = false;
        int fd, r;

        fd = door_open(host, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, 0);
        if (fd < 0)
                return door_seen(host, "list", path, fd);
        folder = fdopendir(fd);
        if (!folder) {
                close(fd);
                return -ENOMEM;
        }
        for (;;) {
                struct dirent *entry;

                errno = 0;
                entry = readdir(folder);
                if (!entry)
                        break;
                if (text_equals(entry->d_name, ".") || text_equals(entry->d_name, ".."))
                        continue;
                part = part || text_equals(entry->d_name, DOOR_PART);
                rows = pool_grow(pool, rows, count, sizeof *rows);
                rows[count++] = pool_dup(pool, entry->d_name);
        }
        if (errno)
                return -errno;
        /* What a capture has of a folder that was not listed is less than what there was. */
        r = part ? -ENODATA : door_seen(host, "list", path, 0);
        if (r < 0)
                return r;
        if (count > 1)
                qsort(rows, count, sizeof *rows, compare_names);
        rows = pool_grow(pool, rows, count, sizeof *rows);
        rows[count] = NULL;
        *names = rows;
        return 0;
}

int host_list(struct host *host, struct pool *pool, const char *const **names, const char *path, ...)
{
        char full[PATH_SIZE];
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return r;
        /* The list of all processes is taken under a lock that forks need too. */
        r = door_knock(host, text_equals(full, "/proc") ? REACH_TOUCHING : REACH_QUIET, full);
        if (r == 0)
                r = list_path(host, pool, names, full);
        door_note_list(host, full, r, r < 0 ? NULL : *names);
        return r;
}

static int read_link(struct host *host, struct pool *pool, const char **target, const char *path)
{
        autoclose int fd = -1;
        char room[PATH_MAX];
        struct stat st;
        ssize_t size;

        fd = door_open(host, path, O_PATH | O_NOFOLLOW, 0);
        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISLNK(st.st_mode))
                return -EINVAL;
        size = readlinkat(fd, "", room, sizeof room);
        if (size < 0)
                return -errno;
        if ((size_t)size >= sizeof room)
                return -ENAMETOOLONG;
        *target = pool_copy(pool, room, (size_t)size);
        return 0;
}

int host_link(struct host *host, struct pool *pool, const char **target, const char *path, ...)
{
        char full[PATH_SIZE];
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return r;
        r = door_knock(host, REACH_QUIET, full);
        if (r < 0)
                return r;
        r = read_link(host, pool, target, full);
        if (r < 0)
                r = door_seen(host, "link", full, r);
        door_note_link(host, full, r);
        return r;
}

static int stat_path(struct host *host, const char *path, struct stat *st)
{
        autoclose int fd = door_open(host, path, O_PATH | O_NOFOLLOW, 0);

        if (fd < 0)
                return fd;
        return fstat(fd, st) < 0 ? -errno : 0;
}

int host_stat(struct host *host, struct host_stat *stat, const char *path, ...)
{
        char full[PATH_SIZE];
        struct stat st;
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return r;
        r = door_knock(host, REACH_QUIET, full);
        if (r < 0)
                return r;
        r = stat_path(host, full, &st);
        if (r == 0 && !host->live)
                st.st_ctime = -1;
        if (r == 0 && host->seen)
                st.st_dev = st.st_ino = 0;
        r = door_seen_stat(host, full, r, &st);
        if (r < 0) {
                door_note_stat(host, full, r, NULL);
                return r;
        }
        *stat = (struct host_stat){
                .mode = st.st_mode,
                .uid = st.st_uid,
                .gid = st.st_gid,
                .size = (uint64_t)st.st_size,
                .modified = st.st_mtime,
                .links = st.st_nlink,
                .changed = st.st_ctime,
                .device = st.st_dev,
                .inode = st.st_ino,
        };
        door_note_stat(host, full, 0, stat);
        return 0;
}

bool host_exists(struct host *host, const char *path, ...)
{
        char full[PATH_SIZE];
        autoclose int fd = -1;
        va_list args;
        bool exists;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return false;
        host->reads[REACH_QUIET]++;
        /* Out of time nobody knows: "not there" could make a setting not applicable, and the host ready. */
        if (door_hurry(host, full) < 0)
                return true;
        fd = door_open(host, full, O_PATH, 0);
        exists = fd >= 0 || fd == -EACCES || fd == -EPERM || door_seen(host, "exists", full, -ENOENT) == 0;
        door_note_exists(host, full, exists);
        return exists;
}

/* What others read at a path they were given is read here for the record: the file, or the files of the folder. */
static void read_for_record(struct host *host, const char *path)
{
        autopool struct pool *pool = pool_new();
        const char *const *names;
        const void *bytes;
        size_t size;

        if (host_read_bytes(host, pool, &bytes, &size, "%s", path) != -EISDIR || host_list(host, pool, &names, "%s", path) < 0)
                return;
        for (; *names; names++)
                host_read_bytes(host, pool, &bytes, &size, "%s/%s", path, *names);
}

static int path_of(int fd, struct pool *pool, const char **outside)
{
        char name[64], room[PATH_MAX];
        ssize_t size;

        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        size = readlink(name, room, sizeof room);
        if (size < 0)
                return -errno;
        if ((size_t)size >= sizeof room)
                return -ENAMETOOLONG;
        *outside = pool_copy(pool, room, (size_t)size);
        return 0;
}

int host_outside_path(struct host *host, struct pool *pool, const char **outside, const char *path)
{
        autoclose int fd = -1;

        if (host->record)
                read_for_record(host, path);
        fd = door_open(host, path, O_PATH, 0);
        return fd < 0 ? fd : path_of(fd, pool, outside);
}

int host_outside_root(struct host *host, struct pool *pool, const char **outside)
{
        return path_of(host->root, pool, outside);
}

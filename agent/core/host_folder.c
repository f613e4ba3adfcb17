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
        int fd;

        fd = door_open(host, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, 0);
        if (fd < 0)
                return fd;
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
                rows = pool_grow(pool, rows, count, sizeof *rows);
                rows[count++] = pool_dup(pool, entry->d_name);
        }
        if (errno)
                return -errno;
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
        if (r < 0)
                return r;
        return list_path(host, pool, names, full);
}

int host_link(struct host *host, struct pool *pool, const char **target, const char *path, ...)
{
        char full[PATH_SIZE], room[PATH_MAX];
        autoclose int fd = -1;
        struct stat st;
        ssize_t size;
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
        fd = door_open(host, full, O_PATH | O_NOFOLLOW, 0);
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

int host_stat(struct host *host, struct host_stat *stat, const char *path, ...)
{
        char full[PATH_SIZE];
        autoclose int fd = -1;
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
        fd = door_open(host, full, O_PATH | O_NOFOLLOW, 0);
        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        *stat = (struct host_stat){
                .mode = st.st_mode,
                .uid = st.st_uid,
                .gid = st.st_gid,
                .size = (uint64_t)st.st_size,
                .modified = st.st_mtime,
                .links = st.st_nlink,
        };
        return 0;
}

bool host_exists(struct host *host, const char *path, ...)
{
        char full[PATH_SIZE];
        autoclose int fd = -1;
        va_list args;
        int r;

        va_start(args, path);
        r = door_path(full, sizeof full, path, args);
        va_end(args);
        if (r < 0)
                return false;
        host->reads[REACH_QUIET]++;
        fd = door_open(host, full, O_PATH, 0);
        return fd >= 0 || fd == -EACCES || fd == -EPERM;
}

int host_outside_path(struct host *host, struct pool *pool, const char **outside, const char *path)
{
        char name[64], room[PATH_MAX];
        autoclose int fd = -1;
        ssize_t size;

        fd = door_open(host, path, O_PATH, 0);
        if (fd < 0)
                return fd;
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        size = readlink(name, room, sizeof room);
        if (size < 0)
                return -errno;
        if ((size_t)size >= sizeof room)
                return -ENAMETOOLONG;
        *outside = pool_copy(pool, room, (size_t)size);
        return 0;
}

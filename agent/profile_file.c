/* A second, narrow door, for profiles alone: they are the agent's own input and not part of the host it looks at, so they are read
 * as they are on this machine, whatever --root says. Nothing else opens files behind struct host's back. */

#include "agent/profile_file.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile.h"
#include "agent/profile_node.h"
#include "agent/profile_trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)1024 * 1024)
#define SUFFIX        ".yaml"

static void close_file(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}
#define autoclose __attribute__((cleanup(close_file)))

static void close_folder(DIR **folder)
{
        if (*folder)
                closedir(*folder);
}

static const char *type_words(mode_t mode)
{
        switch (mode & S_IFMT) {
        case S_IFDIR:
                return "a folder";
        case S_IFIFO:
                return "a FIFO";
        case S_IFSOCK:
                return "a socket";
        case S_IFREG:
                return "a regular file";
        default:
                return "a device";
        }
}

static int check_type(struct reading *reading, const char *path, const struct stat *stat)
{
        if (!S_ISREG(stat->st_mode))
                return reading_failure(reading, -EINVAL, "%s: found %s, expected a regular file", path,
                                       type_words(stat->st_mode));
        if (stat->st_size > (off_t)FILE_SIZE_MAX)
                return reading_failure(reading, -EINVAL, "%s: found a file of %lld bytes, expected at most 1 MiB", path,
                                       (long long)stat->st_size);
        return 0;
}

static int read_whole(struct reading *reading, int fd, struct profile_file *file)
{
        autofree char *bytes = memory_zero(FILE_SIZE_MAX + 1);
        size_t size = 0;

        while (size <= FILE_SIZE_MAX) {
                ssize_t got = read(fd, bytes + size, FILE_SIZE_MAX + 1 - size);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return reading_failure(reading, -errno, "%s: %s", file->path, strerror(errno));
                if (got == 0)
                        break;
                size += (size_t)got;
        }
        if (size > FILE_SIZE_MAX)
                return reading_failure(reading, -EINVAL, "%s: found more than 1 MiB, expected at most that", file->path);
        file->bytes = pool_copy(reading->pool, bytes, size);
        file->size = size;
        return 0;
}

static bool is_below(const char *path, const char *folder)
{
        size_t size = strlen(folder);

        return !strncmp(path, folder, size) && (path[size] == '/' || (size && folder[size - 1] == '/'));
}

/* The thing itself, not yet open for reading. On the host that lies in the folder of --root an absolute link is one of that host, and none leads
 * out. */
static int find_file(const struct profile_places *places, const char *path)
{
        struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
        autoclose int root = -1;
        int fd;

        if (!places->root || !is_below(path, places->root)) {
                fd = open(path, O_PATH | O_CLOEXEC);
                return fd < 0 ? -errno : fd;
        }
        root = open(places->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (root < 0)
                return -errno;
        fd = (int)syscall(__NR_openat2, root, path + strlen(places->root), &how, sizeof how);
        return fd < 0 ? -errno : fd;
}

/* Its path without links; the one given where that is not to be had. */
static const char *path_of(struct pool *pool, int fd, const char *path)
{
        char name[64], room[PATH_MAX];
        ssize_t size;

        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        size = readlink(name, room, sizeof room);
        return size > 0 && (size_t)size < sizeof room ? pool_copy(pool, room, (size_t)size) : path;
}

/* Where the path leads on the host that lies in the folder of --root. The path itself where it is of no such folder, or leads nowhere in it. */
static const char *as_of_root(struct pool *pool, const struct profile_places *places, const char *path)
{
        autoclose int fd = places->root && is_below(path, places->root) ? find_file(places, path) : -1;

        return fd < 0 ? path : path_of(pool, fd, path);
}

/* What was found, and not what lies there by now. Looked at before it is opened, since opening a device can set it going; and not waited for. */
static int open_file(struct reading *reading, const char *path, int found, struct stat *status, int *fd)
{
        char name[64];
        int r;

        if (fstat(found, status) < 0)
                return reading_failure(reading, -errno, "%s: %s", path, strerror(errno));
        r = check_type(reading, path, status);
        if (r < 0)
                return r;
        snprintf(name, sizeof name, "/proc/self/fd/%d", found);
        *fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (*fd < 0 || fstat(*fd, status) < 0)
                return reading_failure(reading, -errno, "%s: %s", path, strerror(errno));
        return check_type(reading, path, status);
}

int profile_file_read(struct reading *reading, const struct profile_places *places, const char *path, struct profile_file *file)
{
        struct profile_file result = { .path = pool_dup(reading->pool, path) };
        autoclose int found = find_file(places, path), fd = -1;
        const char *real;
        struct stat status;
        int r;

        if (found < 0)
                return reading_failure(reading, found, "%s: %s", path, strerror(-found));
        real = places->root && is_below(path, places->root) ? path_of(reading->pool, found, path) : path;
        r = open_file(reading, path, found, &status, &fd);
        if (r < 0)
                return r;
        r = profile_trust(reading, real, places->shipped, &status);
        if (r < 0)
                return r;
        r = read_whole(reading, fd, &result);
        if (r < 0)
                return r;
        result.device = status.st_dev;
        result.inode = status.st_ino;
        *file = result;
        return 0;
}

/* Is it a file of the folder of --root? As the kernel sees both, links resolved. */
static bool is_inside(const struct profile_places *places, const char *path)
{
        autofree char *root = places->root ? realpath(places->root, NULL) : NULL;
        autofree char *real = root ? realpath(path, NULL) : NULL;

        return real && is_below(real, root);
}

/* What a profile below --root names is below --root: an absolute path is one of that host, and a link must not lead out. */
static int stay_inside(struct reading *reading, const struct profile_places *places, const struct profile_file *asking,
                       const char *path)
{
        struct stat status;
        bool within = (asking && is_inside(places, asking->path)) || (places->root && is_below(path, places->root));

        if (!within || is_inside(places, path) || stat(path, &status) < 0)
                return 0;
        return reading_failure(reading, -EPERM, "at %s, which leads out of the folder of --root", path);
}

static bool is_path(const char *name)
{
        return strchr(name, '/') || text_ends(name, SUFFIX);
}

static const char *beside(struct pool *pool, const struct profile_file *asking, const char *name, const char *suffix)
{
        const char *slash = asking ? strrchr(asking->path, '/') : NULL;

        if (!slash || name[0] == '/')
                return pool_format(pool, "%s%s", name, suffix);
        return pool_format(pool, "%.*s%s%s", (int)(slash + 1 - asking->path), asking->path, name, suffix);
}

/* Where it was looked for, as the end of a sentence. */
static void tell_absent(struct reading *reading, const struct profile_places *places, const char *name)
{
        const char *folders[] = { places->local, places->shipped };
        autobuffer struct text_buffer where = { 0 };
        const char *nearest = NULL;

        for (size_t i = 0; i < 2; i++) {
                const char **names = NULL;

                if (!folders[i])
                        continue;
                text_addf(&where, "%s%s", where.at ? " or " : "", folders[i]);
                if (!nearest && profile_file_names(reading->pool, folders[i], &names) == 0)
                        nearest = text_nearest(name, names);
        }
        reading_failure(reading, -ENOENT, "in %s%s%s%s", where.at ? where.at : "any folder", nearest ? "; did you mean \"" : "",
                        nearest ? nearest : "", nearest ? "\"?" : "");
}

int profile_file_find(struct reading *reading, const struct profile_places *places, const char *name,
                      const struct profile_file *asking, const char **path)
{
        const char *candidates[4] = { NULL };
        size_t count = 0;
        bool itself = false;
        struct stat status;
        int r;

        if (is_path(name)) {
                candidates[count++] = name[0] == '/' && asking && is_inside(places, asking->path)
                                              ? pool_format(reading->pool, "%s%s", places->root, name)
                                              : beside(reading->pool, asking, name, "");
        } else {
                if (places->local)
                        candidates[count++] = pool_format(reading->pool, "%s/%s" SUFFIX, places->local, name);
                if (places->shipped)
                        candidates[count++] = pool_format(reading->pool, "%s/%s" SUFFIX, places->shipped, name);
                if (asking)
                        candidates[count++] = beside(reading->pool, asking, name, SUFFIX);
        }
        if (!is_path(name) && places->local && lstat(places->local, &status) == 0 && stat(places->local, &status) < 0)
                return reading_failure(reading, -ENOENT, "in %s: %s", places->local, strerror(errno));
        for (size_t i = 0; i < count; i++) {
                const char *real = as_of_root(reading->pool, places, candidates[i]);

                /* A link that leads nowhere is there: what it hides must not be taken in its place. */
                if (lstat(candidates[i], &status) < 0 && (errno == ENOENT || errno == ENOTDIR))
                        continue;
                if (asking && stat(real, &status) == 0 && status.st_dev == asking->device && status.st_ino == asking->inode) {
                        itself = true;
                        continue;
                }
                /* What is shipped is the agent's own. */
                if (places->shipped && is_below(candidates[i], places->shipped))
                        r = 0;
                else
                        r = stay_inside(reading, places, asking, real);
                *path = candidates[i];
                return r;
        }
        if (itself)
                return -ELOOP;
        if (is_path(name))
                return reading_failure(reading, -ENOENT, "at %s", candidates[0]);
        tell_absent(reading, places, name);
        return -ENOENT;
}

const char *profile_file_absolute(struct pool *pool, const char *path)
{
        autofree char *folder = NULL;

        if (!path || path[0] == '/')
                return pool_dup(pool, path);
        folder = get_current_dir_name();
        return folder ? pool_format(pool, "%s/%s", folder, path) : NULL;
}

const char *profile_file_name(struct pool *pool, const char *path)
{
        char *name = pool_dup(pool, basename(path));

        if (text_ends(name, SUFFIX) && strlen(name) > strlen(SUFFIX))
                name[strlen(name) - strlen(SUFFIX)] = '\0';
        return name;
}

static int compare_names(const void *a, const void *b)
{
        return text_compare_natural(*(const char *const *)a, *(const char *const *)b);
}

int profile_file_names(struct pool *pool, const char *path, const char ***names)
{
        __attribute__((cleanup(close_folder))) DIR *folder = opendir(path);
        const struct dirent *entry;
        const char **found = NULL;
        size_t count = 0;

        if (!folder && errno != ENOENT && errno != ENOTDIR)
                return -errno;
        while (folder && (entry = readdir(folder))) {
                if (entry->d_name[0] == '.' || !text_ends(entry->d_name, SUFFIX))
                        continue;
                found = pool_grow(pool, found, count, sizeof(*found));
                found[count++] = profile_file_name(pool, entry->d_name);
        }
        if (count > 0)
                qsort(found, count, sizeof(*found), compare_names);
        found = pool_grow(pool, found, count, sizeof(*found));
        found[count] = NULL;
        *names = found;
        return 0;
}

/* Unpacking a capture, of which nothing is believed: not its names, not its sizes, not that it is one. */

#include "agent/core/archive.h"
#include "agent/core/host_archive.h"
#include "agent/core/host_inside.h"
#include "agent/core/host_scratch.h"
#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMBERS_MAX 200000U
#define TOTAL_MAX   (1024ULL * 1024 * 1024)
#define FILE_MAX    (16U * 1024 * 1024)
#define PATH_SIZE   1024U
#define DEPTH_MAX   64U
#define ONE_MORE    "is one member more than the 200000 that a capture may have"

struct sum {
        const char *line; /* as in the list, without the newline */
        bool met;
};

struct unpacking {
        struct archive_calls calls;
        struct archive *archive;
        struct pool *pool;
        int root;
        unsigned members;
        uint64_t total;
        char *room; /* the file at hand */
        size_t room_size;
        struct sum *sums; /* sorted by line; NULL: the list was not met yet */
        size_t sums_count;
        struct folder_time {
                const char *path;
                int64_t modified;
        } * folders;
        size_t folders_count;
        const char *problem;
};

static int refuse(struct unpacking *at, int error, const char *path, const char *why)
{
        at->problem =
                pool_format(at->pool, "%s: %s", text_printable(at->pool, path ? path : "a member without a name", 100), why);
        return error;
}

static int check_path(struct unpacking *at, const char *path)
{
        unsigned depth = 0;

        if (!path || !*path)
                return refuse(at, -EPERM, path, "has no name");
        if (strlen(path) >= PATH_SIZE)
                return refuse(at, -EPERM, path, "its path is too long");
        if (path[0] == '/')
                return refuse(at, -EPERM, path, "its path is absolute");
        for (const char *part = path; *part;) {
                size_t size = strcspn(part, "/");

                if (size == 0 || (size == 1 && part[0] == '.') || (size == 2 && part[0] == '.' && part[1] == '.'))
                        return refuse(at, -EPERM, path, "its path leads out of the capture");
                if (++depth > DEPTH_MAX)
                        return refuse(at, -EPERM, path, "lies deeper than 64 folders");
                part += size + (part[size] == '/');
        }
        return 0;
}

/* Below the folder and through no link, also none that came out of the archive before. */
static int open_beneath(int root, const char *path, int flags)
{
        struct open_how how = {
                .flags = (unsigned)flags | O_CLOEXEC | O_NOFOLLOW,
                .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };
        int fd = (int)syscall(__NR_openat2, root, path, &how, sizeof how);

        return fd < 0 ? -errno : fd;
}

/* A folder that is made on the way is a member like others, or few of these would make any number of those. */
static int make_folder(struct unpacking *at, int above, const char *name)
{
        if (++at->members > MEMBERS_MAX)
                return -EFBIG;
        return mkdirat(above, name, 0700) < 0 ? -errno : 0;
}

/* The folder for the last component, made where it is not there yet; *name: that component. */
static int open_folder(struct unpacking *at, char *path, const char **name)
{
        char *slash = strrchr(path, '/');
        int fd, r = 0;

        *name = slash ? slash + 1 : path;
        if (!slash)
                return open_beneath(at->root, ".", O_PATH | O_DIRECTORY);
        *slash = '\0';
        fd = open_beneath(at->root, path, O_PATH | O_DIRECTORY);
        if (fd == -ENOENT) {
                const char *last;
                autoclose int above = open_folder(at, path, &last);

                r = above < 0 ? above : make_folder(at, above, last);
                fd = r < 0 ? r : open_beneath(above, last, O_PATH | O_DIRECTORY);
        }
        *slash = '/';
        return fd;
}

static int read_content(struct unpacking *at, const char *path, int64_t claimed)
{
        size_t used = 0;

        if (claimed < 0 || claimed > FILE_MAX)
                return refuse(at, -EFBIG, path, "is larger than 16 MiB");
        at->total += (uint64_t)claimed;
        if (at->total > TOTAL_MAX)
                return refuse(at, -EFBIG, path, "the capture is larger than 1 GiB");
        if (at->room_size < (size_t)claimed + 1) {
                at->room_size = (size_t)claimed + 1;
                at->room = memory_resize(at->room, at->room_size);
        }
        while (used < (size_t)claimed) {
                la_ssize_t got = at->calls.archive_read_data(at->archive, at->room + used, (size_t)claimed - used);

                if (got <= 0)
                        return refuse(at, -EBADMSG, path, "is cut off");
                used += (size_t)got;
        }
        at->room[used] = '\0';
        return 0;
}

static int compare_sums(const void *a, const void *b)
{
        return strcmp(((const struct sum *)a)->line, ((const struct sum *)b)->line);
}

static int read_sums(struct unpacking *at, size_t size)
{
        const char *cursor = at->room;
        struct slice line;

        if (memchr(at->room, 0, size))
                return refuse(at, -EBADMSG, ARCHIVE_SUMS, "is damaged");
        at->sums = pool_zero(at->pool, sizeof *at->sums);
        while (text_line(&cursor, &line)) {
                at->sums = pool_grow(at->pool, at->sums_count ? at->sums : NULL, at->sums_count, sizeof *at->sums);
                at->sums[at->sums_count++] = (struct sum){ .line = slice_dup(at->pool, line) };
        }
        if (at->sums_count > 1)
                qsort(at->sums, at->sums_count, sizeof *at->sums, compare_sums);
        return 0;
}

static int check_sum(struct unpacking *at, const char *path, size_t size)
{
        autobuffer struct text_buffer line = { 0 };
        struct sum wanted = { 0 }, *found;
        char hex[65];

        sha256_hex(at->room, size, hex);
        archive_sum_line(&line, hex, path);
        line.at[line.size - 1] = '\0';
        wanted.line = line.at;
        found = at->sums_count ? bsearch(&wanted, at->sums, at->sums_count, sizeof wanted, compare_sums) : NULL;
        if (!found)
                return refuse(at, -EBADMSG, path, "is not what " ARCHIVE_SUMS " says of it");
        found->met = true;
        return 0;
}

static int put_file(struct unpacking *at, struct archive_entry *entry, int folder, const char *name, const char *path)
{
        bool known = at->calls.archive_entry_perm(entry) & 0400;
        struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = at->calls.archive_entry_mtime(entry) } };
        int64_t size = at->calls.archive_entry_size(entry);
        autoclose int fd = -1;
        int r;

        r = read_content(at, path, size);
        if (r < 0)
                return r;
        if (at->sums && (known || size))
                r = check_sum(at, path, (size_t)size);
        else if (!at->sums)
                r = text_equals(path, ARCHIVE_SUMS)
                            ? read_sums(at, (size_t)size)
                            : refuse(at, -EBADMSG, path, "comes before " ARCHIVE_SUMS ": this is no capture");
        if (r < 0)
                return r;
        fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, known ? 0600 : 0);
        if (fd < 0)
                return refuse(at, -EPERM, path, errno == EEXIST ? "is there twice" : strerror(errno));
        for (size_t done = 0; done < (size_t)size;) {
                ssize_t put = write(fd, at->room + done, (size_t)size - done);

                if (put < 0 && errno != EINTR)
                        return refuse(at, -errno, path, strerror(errno));
                done += put < 0 ? 0 : (size_t)put;
        }
        futimens(fd, times);
        return 0;
}

static int put_folder(struct unpacking *at, struct archive_entry *entry, int folder, const char *name, const char *path)
{
        struct stat st;

        if (mkdirat(folder, name, 0700) < 0 &&
            (errno != EEXIST || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode)))
                return refuse(at, -EPERM, path, "is there twice");
        at->folders = pool_grow(at->pool, at->folders, at->folders_count, sizeof *at->folders);
        at->folders[at->folders_count++] =
                (struct folder_time){ pool_dup(at->pool, path), at->calls.archive_entry_mtime(entry) };
        return 0;
}

static int put_link(struct unpacking *at, struct archive_entry *entry, int folder, const char *name, const char *path)
{
        struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = at->calls.archive_entry_mtime(entry) } };
        const char *target = at->calls.archive_entry_symlink(entry);

        /* Where it points does not matter: the door resolves it inside the folder, and nothing is unpacked through it. */
        if (!target || !*target || symlinkat(target, folder, name) < 0)
                return refuse(at, -EPERM, path, target && errno == EEXIST ? "is there twice" : "is a link that cannot be made");
        utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW);
        return 0;
}

static int put_member(struct unpacking *at, struct archive_entry *entry)
{
        const char *given = at->calls.archive_entry_pathname(entry), *name = NULL;
        mode_t kind = at->calls.archive_entry_filetype(entry);
        autoclose int folder = -1;
        char path[PATH_SIZE];
        size_t size;
        int r;

        if (++at->members > MEMBERS_MAX)
                return refuse(at, -EFBIG, given, ONE_MORE);
        r = check_path(at, given);
        if (r < 0)
                return r;
        if (at->calls.archive_entry_hardlink(entry))
                return refuse(at, -EPERM, given, "is a hard link");
        if (kind != AE_IFREG && kind != AE_IFDIR && kind != AE_IFLNK)
                return refuse(at, -EPERM, given, "is neither a file, a folder nor a link");
        size = strlen(given);
        memcpy(path, given, size + 1);
        if (path[size - 1] == '/')
                path[size - 1] = '\0';
        folder = open_folder(at, path, &name);
        if (folder == -EFBIG)
                return refuse(at, -EFBIG, given, ONE_MORE);
        if (folder < 0)
                return refuse(at, -EPERM, given,
                              folder == -ELOOP || folder == -ENOTDIR ? "leads through what is no folder" : strerror(-folder));
        if (kind == AE_IFREG)
                return put_file(at, entry, folder, name, path);
        return kind == AE_IFDIR ? put_folder(at, entry, folder, name, path) : put_link(at, entry, folder, name, path);
}

static int put_all(struct unpacking *at)
{
        struct archive_entry *entry;
        int r = 0, next = ARCHIVE_OK;

        while (r == 0) {
                next = at->calls.archive_read_next_header(at->archive, &entry);
                if (next == ARCHIVE_EOF)
                        break;
                if (next < ARCHIVE_WARN)
                        return refuse(at, -EBADMSG, "not a capture, or damaged", at->calls.archive_error_string(at->archive));
                r = put_member(at, entry);
        }
        if (r < 0)
                return r;
        if (!at->sums)
                return refuse(at, -EBADMSG, ARCHIVE_SUMS, "is not there: this is no capture");
        for (size_t i = 0; i < at->sums_count; i++)
                if (!at->sums[i].met)
                        return refuse(at, -EBADMSG, strstr(at->sums[i].line, "  ") ? strstr(at->sums[i].line, "  ") + 2 : NULL,
                                      "is missing");
        /* What was put into a folder changed its time. */
        for (size_t i = 0; i < at->folders_count; i++) {
                struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = at->folders[i].modified } };
                autoclose int fd = open_beneath(at->root, at->folders[i].path, O_RDONLY | O_DIRECTORY);

                if (fd >= 0)
                        futimens(fd, times);
        }
        return 0;
}

static int unpack(struct unpacking *at, const char *file, const char *folder)
{
        autoclose int in = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), root = -1;
        int r;

        if (in < 0)
                return refuse(at, -errno, file, strerror(errno));
        root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (root < 0)
                return refuse(at, -errno, folder, strerror(errno));
        at->root = root;
        at->archive = at->calls.archive_read_new();
        at->calls.archive_read_support_format_tar(at->archive);
        at->calls.archive_read_support_filter_zstd(at->archive);
        r = at->calls.archive_read_open_fd(at->archive, in, 65536) < ARCHIVE_WARN
                    ? refuse(at, -EBADMSG, "not a capture", at->calls.archive_error_string(at->archive))
                    : put_all(at);
        at->calls.archive_read_free(at->archive);
        free(at->room);
        return r;
}

int host_open_archive(const char *file, struct pool *pool, struct host **host, const char **problem)
{
        struct unpacking at = { .pool = pool, .problem = "libarchive (libarchive.so.13) is not installed" };
        struct unpacked *unpacked = NULL;
        int r;

        r = archive_calls_load(&at.calls);
        if (r == 0) {
                at.problem = "there is no room to unpack it: TMPDIR, /tmp";
                r = scratch_new(&unpacked);
        }
        if (r == 0)
                r = unpack(&at, file, unpacked->path);
        if (r == 0)
                r = host_open(unpacked->path, host);
        *problem = at.problem;
        if (r < 0) {
                scratch_free(unpacked);
                return r;
        }
        (*host)->unpacked = unpacked;
        return 0;
}

/* The door, changing side: every call here is a change, counted, and may be made to fail by the tests. */

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAULT_STATUS 86

void host_fault(struct host *host, enum host_fault fault, unsigned nth)
{
        host->fault = fault;
        host->fault_in = nth;
}

int door_change(struct host *host)
{
        if (host->unpacked)
                return -EROFS;
        host->changes++;
        if (host->fault == FAULT_NONE || host->fault_in == 0 || --host->fault_in)
                return 0;
        if (host->fault == FAULT_DIE)
                _exit(FAULT_STATUS);
        return host->fault == FAULT_FULL ? -ENOSPC : -EIO;
}

static int write_all(int fd, const char *bytes, size_t size)
{
        while (size) {
                ssize_t put = write(fd, bytes, size);

                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return -errno;
                bytes += put;
                size -= (size_t)put;
        }
        return 0;
}

int host_write(struct host *host, const char *path, const char *text)
{
        autoclose int fd = -1;
        size_t size = strlen(text);
        ssize_t put;
        int r;

        r = door_change(host);
        if (r < 0)
                return r;
        fd = door_open(host, path, O_WRONLY | O_TRUNC | O_NONBLOCK | O_NOCTTY, 0);
        if (fd < 0)
                return fd;
        put = write(fd, text, size);
        if (put < 0)
                return -errno;
        return (size_t)put == size ? 0 : -EIO;
}

static int content_of_file(const struct host *host, struct pool *pool, struct content *content, const char *path)
{
        autoclose int fd = door_open(host, path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY, 0);
        const void *bytes;
        int r;

        if (fd < 0)
                return fd;
        r = door_slurp(fd, (struct door_size){ 0 }, pool, &bytes, &content->size);
        if (r == 0 && !content->size)
                r = door_seen_part(host, "content", path, r, fd);
        if (r < 0)
                return r;
        content->kind = CONTENT_FILE;
        content->bytes = bytes;
        return 0;
}

static int content_at(struct host *host, struct pool *pool, struct content *content, const char *path)
{
        struct content found = { 0 };
        struct host_stat seen;
        autoclose int look = -1;
        struct stat st;
        int r;

        look = door_open(host, path, O_PATH | O_NOFOLLOW, 0);
        if (look < 0)
                return look;
        if (fstat(look, &st) < 0)
                return -errno;
        if (S_ISREG(st.st_mode)) {
                r = content_of_file(host, pool, &found, path);
        } else if (S_ISLNK(st.st_mode)) {
                char room[PATH_MAX];
                ssize_t size = readlinkat(look, "", room, sizeof room);

                r = size < 0 ? -errno : 0;
                found.kind = CONTENT_LINK;
                found.size = size < 0 ? 0 : (size_t)size;
                found.bytes = pool_copy(pool, room, found.size);
        } else {
                r = S_ISDIR(st.st_mode) ? 0 : -EINVAL;
                found.kind = CONTENT_FOLDER;
        }
        if (r == 0)
                r = door_seen_stat(host, path, 0, &st);
        if (r < 0)
                return r;
        found.mode = st.st_mode & 07777;
        found.uid = st.st_uid;
        found.gid = st.st_gid;
        *content = found;
        if (found.kind == CONTENT_FILE)
                door_note_bytes(host, "content", path, 0, (struct slice){ found.bytes, found.size });
        if (host->record)
                host_stat(host, &seen, "%s", path);
        return 0;
}

int host_content(struct host *host, struct pool *pool, struct content *content, const char *path)
{
        int r;

        r = door_knock(host, REACH_QUIET, path);
        if (r == 0)
                r = content_at(host, pool, content, path);
        r = door_seen(host, "content", path, r);
        if (r < 0)
                door_note_bytes(host, "content", path, r, (struct slice){ 0 });
        if (r != -ENOENT && r != -ENOTDIR)
                return r;
        *content = (struct content){ .kind = CONTENT_ABSENT };
        return 0;
}

bool content_equals(const struct content *a, const struct content *b)
{
        if (a->kind != b->kind)
                return false;
        if (a->kind == CONTENT_ABSENT)
                return true;
        if (a->uid != b->uid || a->gid != b->gid)
                return false;
        if (a->kind != CONTENT_LINK && a->mode != b->mode)
                return false;
        return a->kind == CONTENT_FOLDER || (a->size == b->size && !memcmp(a->bytes, b->bytes, a->size));
}

/* The folder that holds the path's last component, and that component. */
static int open_parent(const struct host *host, const char *path, char name[NAME_MAX + 1], int flags)
{
        char folder[PATH_MAX];
        const char *slash = strrchr(path, '/');

        if (!slash || strlen(slash + 1) > NAME_MAX - 20 || !slash[1] || (size_t)(slash - path) >= sizeof folder)
                return -EINVAL;
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
        snprintf(name, NAME_MAX + 1, "%s", slash + 1);
        return door_open(host, folder, flags | O_DIRECTORY, 0);
}

static int put_owner(int folder, const char *name, const struct content *content)
{
        struct stat st;

        if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return -errno;
        if (st.st_uid == content->uid && st.st_gid == content->gid)
                return 0;
        return fchownat(folder, name, content->uid, content->gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int make_file(int folder, const char *name, const struct content *content)
{
        autoclose int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        int r;

        if (fd < 0)
                return -errno;
        r = write_all(fd, content->bytes, content->size);
        if (r < 0)
                return r;
        r = put_owner(folder, name, content);
        if (r < 0)
                return r;
        if (fchmod(fd, content->mode) < 0 || fsync(fd) < 0)
                return -errno;
        return 0;
}

static int make_beside(int folder, const char *name, const struct content *content)
{
        if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
                return -errno;
        if (content->kind == CONTENT_FILE)
                return make_file(folder, name, content);
        if (symlinkat(content->bytes, folder, name) < 0)
                return -errno;
        return put_owner(folder, name, content);
}

static int make_folder(int folder, const char *name, const struct content *content)
{
        if (mkdirat(folder, name, 0700) < 0)
                return -errno;
        if (fchmodat(folder, name, content->mode, 0) < 0)
                return -errno;
        return put_owner(folder, name, content);
}

static int remove_path(int folder, const char *name)
{
        if (!unlinkat(folder, name, 0) || errno == ENOENT)
                return 0;
        if (errno != EISDIR)
                return -errno;
        if (!unlinkat(folder, name, AT_REMOVEDIR))
                return 0;
        return errno == EEXIST ? -ENOTEMPTY : -errno;
}

int host_replace(struct host *host, const char *path, const struct content *content)
{
        char name[NAME_MAX + 1], beside[NAME_MAX + 20];
        autoclose int folder = -1;
        int r;

        folder = open_parent(host, path, name, O_RDONLY);
        if (content->kind == CONTENT_ABSENT && (folder == -ENOENT || folder == -ENOTDIR))
                return 0;
        if (folder < 0)
                return folder;
        r = door_change(host);
        if (r < 0)
                return r;
        if (content->kind == CONTENT_FOLDER) {
                r = make_folder(folder, name, content);
        } else {
                /* A fixed name: whodied between these two lines left it there, and the next one, or recover, takes it away. */
                snprintf(beside, sizeof beside, ".%s.plumbline-new", name);
                if (content->kind == CONTENT_ABSENT) {
                        r = unlinkat(folder, beside, 0) < 0 && errno != ENOENT ? -errno : remove_path(folder, name);
                } else {
                        r = make_beside(folder, beside, content);
                        if (r >= 0)
                                r = door_change(host);
                        if (r >= 0 && renameat(folder, beside, folder, name) < 0)
                                r = -errno;
                        if (r < 0)
                                unlinkat(folder, beside, 0);
                }
        }
        if (r < 0)
                return r;
        return fsync(folder) < 0 ? -errno : 0;
}

int host_append(struct host *host, const char *path, const void *bytes, size_t size)
{
        char name[NAME_MAX + 1];
        autoclose int folder = -1, fd = -1;
        struct stat st;
        int r;

        folder = open_parent(host, path, name, O_RDONLY);
        if (folder < 0)
                return folder;
        r = door_change(host);
        if (r < 0 && r != -ENOSPC)
                return r;
        fd = openat(folder, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (r == -ENOSPC) {
                /* What a full disk does: half of it is there. */
                write_all(fd, bytes, size / 2);
                return r;
        }
        r = write_all(fd, bytes, size);
        if (r < 0)
                return r;
        if (fsync(fd) < 0 || (st.st_size == 0 && fsync(folder) < 0))
                return -errno;
        return 0;
}

int host_make_folder(struct host *host, const char *path, mode_t mode)
{
        struct content content = { .kind = CONTENT_FOLDER, .mode = mode, .uid = geteuid(), .gid = getegid() };
        char partial[PATH_MAX];

        for (const char *slash = path; slash;) {
                int r;

                slash = strchr(slash + 1, '/');
                snprintf(partial, sizeof partial, "%.*s", slash ? (int)(slash - path) : (int)strlen(path), path);
                if (host_exists(host, "%s", partial))
                        continue;
                r = host_replace(host, partial, &content);
                if (r < 0 && r != -EEXIST)
                        return r;
        }
        return 0;
}

int host_lock(struct host *host, const char *path, bool create)
{
        struct door_lock *lock = host->locks;
        int fd;

        while (lock->fd >= 0) {
                if (text_equals(lock->path, path))
                        return 0;
                if (++lock == host->locks + DOOR_LOCKS)
                        return -EMFILE;
        }
        if (create) {
                int r = door_change(host);

                if (r < 0)
                        return r;
        }
        fd = door_open(host, path, (create ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK, create ? 0600 : 0);
        if (fd < 0)
                return fd;
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
                int r = errno == EWOULDBLOCK ? -EBUSY : -errno;

                close(fd);
                return r;
        }
        *lock = (struct door_lock){ fd, path };
        return 0;
}

/* Makes and removes small machines for the tests. */

#include "tests/support/tree.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <libgen.h>
#include <linux/openat2.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct tree {
        char *path;
        int root; /* of the folder, for openat2 */
        struct host *host;
};

void tree_abort(const char *what, const char *path)
{
        fprintf(stderr, "tree: %s: %s: %s\n", path, what, strerror(errno));
        abort();
}

static char *copy_of(const char *text)
{
        size_t size = strlen(text) + 1;

        return memcpy(memory_zero(size), text, size);
}

/* Memory is faster than a disk, and the laws remake whole trees hundreds of times. */
static const char *place(void)
{
        const char *chosen = getenv("TMPDIR");

        if (chosen && *chosen)
                return chosen;
        return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

struct tree *tree_at(const char *folder)
{
        struct tree *tree = memory_zero(sizeof(*tree));

        tree->path = copy_of(folder);
        tree->root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (tree->root < 0)
                tree_abort("open", folder);
        return tree;
}

void tree_keep(struct tree *tree)
{
        host_close(tree->host);
        close(tree->root);
        free(tree->path);
        free(tree);
}

struct tree *tree_new(void)
{
        autofree char *path = NULL;

        if (asprintf(&path, "%s/plumbline-test-XXXXXX", place()) < 0)
                tree_abort("asprintf", place());
        if (!mkdtemp(path))
                tree_abort("mkdtemp", path);
        if (chmod(path, 0755) < 0)
                tree_abort("chmod", path);
        return tree_at(path);
}

static void remove_all(const char *path)
{
        char *const paths[] = { (char *)(uintptr_t)path, NULL };
        FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

        if (!walk)
                tree_abort("fts_open", path);
        for (FTSENT *entry = fts_read(walk); entry; entry = fts_read(walk)) {
                /* Captures hold folders that nobody may write. */
                if (entry->fts_info == FTS_D)
                        chmod(entry->fts_accpath, 0700);
                else
                        remove(entry->fts_accpath);
        }
        fts_close(walk);
}

void tree_free(struct tree *tree)
{
        if (!tree)
                return;
        remove_all(tree->path);
        tree_keep(tree);
}

const char *tree_path(const struct tree *tree)
{
        return tree->path;
}

/* Links of a tree are absolute as on the host it describes: the kernel must follow them inside the tree, not on this machine. */
static int open_inside(const struct tree *tree, const char *path)
{
        struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
        int folder;

        /* EAGAIN: something on this machine was renamed or mounted while ".." was being resolved (openat2(2)). */
        do
                folder = (int)syscall(__NR_openat2, tree->root, path, &how, sizeof(how));
        while (folder < 0 && errno == EAGAIN);
        return folder;
}

/* The folder at the path, made where absent with all above it. */
static int make_folder(const struct tree *tree, const char *path)
{
        autofree char *copy = copy_of(path);
        autofree char *name = copy_of(path);
        int folder = open_inside(tree, path);
        int above;

        if (folder >= 0)
                return folder;
        if (errno != ENOENT)
                tree_abort("is no folder", path);
        above = make_folder(tree, dirname(copy));
        if (mkdirat(above, basename(name), 0755) < 0)
                tree_abort("mkdir", path);
        close(above);
        folder = open_inside(tree, path);
        if (folder < 0)
                tree_abort("open", path);
        return folder;
}

/* The folder above the path, and the last name of the path (in the caller's copy). */
static int folder_above(const struct tree *tree, const char *path, char *copy, const char **name)
{
        char *slash = strrchr(copy, '/');

        if (path[0] != '/' || !slash[1]) {
                errno = EINVAL;
                tree_abort("want an absolute path", path);
        }
        *slash = '\0';
        *name = slash + 1;
        return make_folder(tree, *copy ? copy : "/");
}

void tree_folder(struct tree *tree, const char *path)
{
        close(make_folder(tree, path));
}

void tree_bytes(struct tree *tree, const char *path, const void *bytes, size_t size)
{
        autofree char *copy = copy_of(path);
        const char *name;
        int above = folder_above(tree, path, copy, &name);
        int fd;

        unlinkat(above, name, 0);
        fd = openat(above, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd < 0)
                tree_abort("create", path);
        if (size > 0 && write(fd, bytes, size) != (ssize_t)size)
                tree_abort("write", path);
        close(fd);
        close(above);
}

void tree_file(struct tree *tree, const char *path, const char *format, ...)
{
        autofree char *text = NULL;
        va_list args;
        int size;

        va_start(args, format);
        size = vasprintf(&text, format, args);
        va_end(args);
        if (size < 0)
                tree_abort("vasprintf", path);
        tree_bytes(tree, path, text, (size_t)size);
}

void tree_link(struct tree *tree, const char *path, const char *target)
{
        autofree char *copy = copy_of(path);
        const char *name;
        int above = folder_above(tree, path, copy, &name);

        unlinkat(above, name, 0);
        if (symlinkat(target, above, name) < 0)
                tree_abort("symlink", path);
        close(above);
}

void tree_mode(struct tree *tree, const char *path, mode_t mode)
{
        autofree char *copy = copy_of(path);
        const char *name;
        int above = folder_above(tree, path, copy, &name);

        if (fchmodat(above, name, mode, 0) < 0)
                tree_abort("chmod", path);
        close(above);
}

void tree_time(struct tree *tree, const char *path, int64_t at)
{
        autofree char *copy = copy_of(path);
        const char *name;
        int above = folder_above(tree, path, copy, &name);
        const struct timespec times[2] = { { .tv_sec = at }, { .tv_sec = at } };

        if (utimensat(above, name, times, AT_SYMLINK_NOFOLLOW) < 0)
                tree_abort("utimensat", path);
        close(above);
}

void tree_remove(struct tree *tree, const char *path)
{
        autofree char *copy = copy_of(path);
        autofree char *real = NULL;
        const char *name;
        int above = folder_above(tree, path, copy, &name);

        /* By way of the descriptor, so that links above it are followed inside the tree. */
        if (asprintf(&real, "/proc/self/fd/%d/%s", above, name) < 0)
                tree_abort("asprintf", path);
        remove_all(real);
        close(above);
}

struct host *tree_host(struct tree *tree)
{
        int r;

        if (tree->host) {
                host_forget(tree->host);
                return tree->host;
        }
        r = host_open(tree->path, &tree->host);
        if (r < 0) {
                errno = -r;
                tree_abort("host_open", tree->path);
        }
        return tree->host;
}

/* Runs a program of this machine to its end. */
static void run(char *const args[])
{
        pid_t child;
        int status;
        int r = posix_spawnp(&child, args[0], NULL, NULL, args, environ);

        if (r != 0) {
                errno = r;
                tree_abort("posix_spawn", args[0]);
        }
        if (waitpid(child, &status, 0) < 0 || status != 0)
                tree_abort("failed", args[0]);
}

struct tree *tree_copy(const struct tree *tree)
{
        struct tree *copy = tree_new();
        autofree char *all = NULL;

        if (asprintf(&all, "%s/.", tree->path) < 0)
                tree_abort("asprintf", tree->path);
        run((char *[]){ (char[]){ "cp" }, (char[]){ "-a" }, all, copy->path, NULL });
        return copy;
}

struct tree *tree_unpack(const char *archive, unsigned strip)
{
        struct tree *tree;
        autofree char *option = NULL;

        if (access(archive, R_OK) < 0)
                return NULL;
        if (asprintf(&option, "--strip-components=%u", strip) < 0)
                tree_abort("asprintf", archive);
        tree = tree_new();
        run((char *[]){ (char[]){ "tar" }, (char[]){ "-x" }, option, (char[]){ "--no-same-owner" }, (char[]){ "-C" },
                        tree->path, (char[]){ "-f" }, (char *)(uintptr_t)archive, NULL });
        /* As a user, files that only their owner's permissions keep from being written must not look like the host's refusal. */
        run((char *[]){ (char[]){ "chmod" }, (char[]){ "-R" }, (char[]){ "u+rwX" }, tree->path, NULL });
        return tree;
}

struct tree *tree_capture(const char *archive)
{
        const char *folder = getenv("PLUMBLINE_CAPTURES");
        autofree char *path = NULL;

        if (asprintf(&path, "%s/%s", folder && *folder ? folder : "../shared/hosts", archive) < 0)
                tree_abort("asprintf", archive);
        return tree_unpack(path, 1);
}

/* The files of the journal: whether they are ours to read, and each of them that may hold entries of a window, alone. */

#include "agent/core/journal_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDER_SIZE 128
#define PATH_SIZE   512
/* One damaged file is enough. */
#define NAMES_MAX 1024
#define ID_SIZE   32 /* hex digits */
/* How far the clock of the day, which dates files, may have been wrong. */
#define CLOCK_OFF_US UINT64_C(86400000000)
/* Where in its head a file tells of what boot it is, and of how many entries (systemd.io/JOURNAL_FILE_FORMAT, "Header"). */
#define HEAD_BOOT    56
#define HEAD_ENTRIES 152
#define HEAD_SIZE    208
/* How often a file that makes no sense is looked at again, how often in all, and how often they are listed. */
#define AGAIN_MAX 2
#define WAITS_MAX 10
#define LISTS_MAX 100

static const char *const folders[] = { "/var/log/journal", "/run/log/journal" };
#define FOLDER_COUNT (sizeof folders / sizeof folders[0])

static const struct timespec moment = { .tv_nsec = 50000000 };

static int own_folder(size_t i, char *path)
{
        char id[SD_ID128_STRING_MAX];
        sd_id128_t machine;
        int r;

        r = sd_id128_get_machine(&machine);
        if (r == 0)
                snprintf(path, FOLDER_SIZE, "%s/%s", folders[i], sd_id128_to_string(machine, id));
        return r;
}

/* libsystemd passes over the files that this process may not read, and a journal without them looks clean. */
static int may_read_once(void)
{
        char folder[FOLDER_SIZE], path[PATH_SIZE];
        bool any = false;
        int r;

        for (size_t i = 0; i < FOLDER_COUNT; i++) {
                r = own_folder(i, folder);
                if (r < 0)
                        return r == -ENOENT || r == -ENOMEDIUM ? -EOPNOTSUPP : r;
                snprintf(path, sizeof path, "%s/system.journal", folder);
                if (access(path, R_OK) == 0)
                        any = true;
                else if (errno != ENOENT && errno != ENOTDIR)
                        return -errno;
        }
        return any ? 0 : -EOPNOTSUPP;
}

/* Between the file that it ends and the next journald has none for a moment. */
int journal_may_read(void)
{
        int r = may_read_once();

        if (r == -EOPNOTSUPP && nanosleep(&moment, NULL) == 0)
                r = may_read_once();
        return r;
}

struct file {
        const char *path, *name;
        dev_t device;
        ino_t inode;
        uint64_t changed_us;
};

struct look {
        struct pool *pool;
        const struct journal_window *window;
        sd_id128_t boot;
        journal_reader *reader;
        void *about;
        struct file *seen, *listed;
        size_t seen_count, listed_count;
        unsigned waits;
        struct text_buffer *text;
};

/* With a star for the number that is this machine's alone: to a shell it is the same name. */
static void add_name(const char *name, struct text_buffer *text)
{
        const char *at = strchr(name, '@');

        if (at && strspn(at + 1, "0123456789abcdef") == ID_SIZE)
                text_addf(text, "damaged %.*s@*%s\n", (int)(at - name), name, at + 1 + ID_SIZE);
        else
                text_addf(text, "damaged %s\n", name);
}

static bool is_seen(const struct look *look, const struct stat *st)
{
        for (size_t i = 0; i < look->seen_count; i++)
                if (look->seen[i].inode == st->st_ino && look->seen[i].device == st->st_dev)
                        return true;
        return false;
}

static void see(struct look *look, const struct file *file)
{
        look->seen = pool_grow(look->pool, look->seen, look->seen_count, sizeof *look->seen);
        look->seen[look->seen_count++] = *file;
}

/* A file of which nothing can be told may hold anything; libsystemd, too, leaves out what is no file, and what is gone. */
static void list_file(struct look *look, const char *folder, const char *name)
{
        struct file file = { .name = pool_dup(look->pool, name), .changed_us = UINT64_MAX };
        struct stat st = { 0 };

        file.path = pool_format(look->pool, "%s/%s", folder, name);
        if (stat(file.path, &st) == 0) {
                file.changed_us = (uint64_t)st.st_mtim.tv_sec * 1000000 + (uint64_t)st.st_mtim.tv_nsec / 1000;
                if (!S_ISREG(st.st_mode) || is_seen(look, &st) || file.changed_us + CLOCK_OFF_US < look->window->not_before_us)
                        return;
        } else if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) {
                return;
        }
        file.device = st.st_dev;
        file.inode = st.st_ino;
        look->listed = pool_grow(look->pool, look->listed, look->listed_count, sizeof *look->listed);
        look->listed[look->listed_count++] = file;
}

/* As libsystemd takes what is local (sd_journal_open(3)): in /run every machine's, else this one's, and no namespaces. */
static int list_folder(struct look *look, const char *folder, const char *machine)
{
        const struct dirent *entry;
        DIR *list = opendir(folder);
        int r = 0;

        if (!list)
                return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
        while (r == 0 && (errno = 0, entry = readdir(list))) {
                const char *name = entry->d_name;

                if (text_ends(name, ".journal") || text_ends(name, ".journal~"))
                        list_file(look, folder, name);
                else if (machine && strlen(name) == ID_SIZE && strspn(name, "0123456789abcdef") == ID_SIZE &&
                         (text_equals(name, machine) || text_starts(folder, "/run/")))
                        r = list_folder(look, pool_format(look->pool, "%s/%s", folder, name), NULL);
        }
        if (r == 0 && !entry)
                r = -errno;
        closedir(list);
        return r;
}

static int compare(const void *one, const void *other)
{
        const struct file *a = one, *b = other;

        return a->changed_us > b->changed_us ? -1 : a->changed_us < b->changed_us;
}

/* The newest first. */
static int list_files(struct look *look)
{
        char id[SD_ID128_STRING_MAX];
        sd_id128_t machine;
        int r;

        look->listed = NULL;
        look->listed_count = 0;
        r = sd_id128_get_machine(&machine);
        for (size_t i = 0; r == 0 && i < FOLDER_COUNT; i++)
                r = list_folder(look, folders[i], sd_id128_to_string(machine, id));
        if (r == 0 && look->listed_count)
                qsort(look->listed, look->listed_count, sizeof *look->listed, compare);
        return r;
}

/* What the head tells (systemd.io/JOURNAL_FILE_FORMAT), as far as it is there: libsystemd has no call for it. */
static bool read_head(int fd, sd_id128_t *boot, uint64_t *entries)
{
        uint8_t head[HEAD_SIZE];

        *entries = 0;
        if (pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head || memcmp(head, "LPKSHHRH", 8) != 0)
                return false;
        memcpy(boot, head + HEAD_BOOT, sizeof *boot);
        memcpy(entries, head + HEAD_ENTRIES, sizeof *entries);
        *entries = le64toh(*entries);
        return true;
}

/* The head names the boot in which the file was last opened to be written, and since systemd 254 that of its last entry: a file of
 * another boot has nothing of this one, whatever became of it. */
static bool is_past(const struct look *look, int fd)
{
        sd_id128_t boot;
        uint64_t entries;

        return look->window->boot_only && read_head(fd, &boot, &entries) && !sd_id128_is_null(boot) &&
               !sd_id128_equal(boot, look->boot);
}

/* A file in which it comes upon something broken libsystemd lets go of without a word, and then has none. */
static int read_once(const struct look *look, int fd)
{
        autojournal sd_journal *journal = NULL;
        uint64_t entries, left = 0;
        sd_id128_t boot;
        int r;

        read_head(fd, &boot, &entries);
        r = sd_journal_open_files_fd(&journal, &fd, 1, 0);
        if (r >= 0)
                r = look->reader(journal, entries, look->about);
        if (r == 0 && (sd_journal_get_usage(journal, &left) < 0 || left == 0))
                r = -EBADMSG;
        return r;
}

static bool is_fault(int r)
{
        return r == -ENOMEM || r == -EMFILE || r == -ENFILE;
}

/* More than once, if need be: journald may be about to begin it, or in the midst of an entry. */
static int read_open(struct look *look, int fd, const char *name)
{
        struct stat st;
        int r;

        r = read_once(look, fd);
        for (unsigned left = AGAIN_MAX; r < 0 && !is_fault(r) && left > 0 && look->waits > 0; left--) {
                look->waits--;
                nanosleep(&moment, NULL);
                r = read_once(look, fd);
        }
        if (r >= 0 || is_fault(r))
                return r;
        /* One that journald removed meanwhile is no part of the journal any more. */
        if (fstat(fd, &st) < 0 || st.st_nlink > 0)
                add_name(name, look->text);
        return 0;
}

/* One that is a user's may not be ours to read. What is not there under this name any more is listed under another, or gone. */
static int read_file(struct look *look, const struct file *file)
{
        struct stat st;
        int fd, r = 0;

        fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0 && (errno == ENOENT || is_fault(-errno)))
                return errno == ENOENT ? 0 : -errno;
        if (fd < 0) {
                see(look, file);
                if (errno != EACCES && errno != EPERM)
                        add_name(file->name, look->text);
                return 0;
        }
        if (fstat(fd, &st) == 0 && st.st_ino == file->inode && st.st_dev == file->device) {
                see(look, file);
                r = is_past(look, fd) ? 0 : read_open(look, fd, file->name);
        }
        close(fd);
        return r;
}

/* As journald renames the files it ends, and begins others, they are listed again until there is none that was not read. */
int journal_each_file(const struct journal_window *window, sd_id128_t boot, journal_reader *reader, void *about,
                      struct text_buffer *text)
{
        autopool struct pool *pool = pool_new();
        struct look look = { .pool = pool, .window = window, .boot = boot, .reader = reader, .about = about, .text = text };
        int r = 0;

        look.waits = WAITS_MAX;
        for (unsigned left = LISTS_MAX; r == 0 && left > 0; left--) {
                r = list_files(&look);
                if (r < 0 || look.listed_count == 0)
                        return r;
                for (size_t i = 0; r == 0 && i < look.listed_count && text->size < NAMES_MAX; i++)
                        r = read_file(&look, &look.listed[i]);
                if (text->size >= NAMES_MAX)
                        return 0;
        }
        return r < 0 ? r : r > 0 ? 0 : -EAGAIN;
}

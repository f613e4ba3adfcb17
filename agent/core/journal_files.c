/* The files of the journal: whether they are ours to read, and which of them libsystemd passes over without a word. */

#include "agent/core/journal_inside.h"

#include "agent/core/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
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

static const char *const folders[] = { "/var/log/journal", "/run/log/journal" };
#define FOLDER_COUNT (sizeof folders / sizeof folders[0])

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
int journal_may_read(void)
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

/* What libsystemd passes over by itself it refuses by name. A file that is gone meanwhile is no part of the journal any more, and one that
 * is a user's may not be ours to read. */
static bool is_refused(const char *path)
{
        const char *paths[] = { path, NULL };
        autojournal sd_journal *journal = NULL;
        int r;

        r = sd_journal_open_files(&journal, paths, 0);
        return r < 0 && r != -ENOENT && r != -EACCES && r != -EPERM;
}

/* journald may be about to begin it. */
static bool is_damaged(const char *path)
{
        const struct timespec moment = { .tv_nsec = 50000000 };

        return is_refused(path) && nanosleep(&moment, NULL) == 0 && is_refused(path);
}

/* With a star for the number that is this machine's alone: to a shell it is the same name. */
static void add_name(const char *name, struct text_buffer *text)
{
        const char *at = strchr(name, '@');

        if (at && strspn(at + 1, "0123456789abcdef") == ID_SIZE)
                text_addf(text, "damaged %.*s@*%s\n", (int)(at - name), name, at + 1 + ID_SIZE);
        else
                text_addf(text, "damaged %s\n", name);
}

static void add_damaged(const char *folder, DIR *list, uint64_t not_before_us, struct text_buffer *text)
{
        const struct dirent *entry;

        while ((entry = readdir(list)) && text->size < NAMES_MAX) {
                char path[PATH_SIZE];
                struct stat st;

                if (!text_ends(entry->d_name, ".journal") && !text_ends(entry->d_name, ".journal~"))
                        continue;
                snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
                if (stat(path, &st) == 0 && (uint64_t)st.st_mtim.tv_sec * 1000000 + CLOCK_OFF_US >= not_before_us &&
                    is_damaged(path))
                        add_name(entry->d_name, text);
        }
}

int journal_add_damaged(uint64_t not_before_us, struct text_buffer *text)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < FOLDER_COUNT; i++) {
                char folder[FOLDER_SIZE];
                DIR *list;

                r = own_folder(i, folder);
                list = r == 0 ? opendir(folder) : NULL;
                if (list) {
                        add_damaged(folder, list, not_before_us, text);
                        closedir(list);
                } else if (r == 0 && errno != ENOENT && errno != ENOTDIR) {
                        r = -errno;
                }
        }
        return r;
}

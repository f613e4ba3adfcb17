/* systemd-boot's menu: loader.conf and the entry files beside it. */

#include "agent/core/loader_entries.h"

#include "agent/core/boot_image.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 1024

/* Where the EFI partition and the extended boot partition are mounted. */
static const char *const folders[] = { "/boot", "/efi", "/boot/efi" };
#define FOLDERS (sizeof folders / sizeof folders[0])

struct file {
        struct boot_entry entry;
        const char *sort_key, *machine, *version;
        bool exhausted; /* its boot counter is at zero */
};

struct menu {
        size_t count;
        struct file *files;
        const char *pattern; /* "default" of loader.conf */
        int64_t written;
        const char *source;
        bool images; /* unified kernel images, whose names and order are inside of them */
};

/* "key value": the value, trimmed, if the line has this key. */
static bool read_key(struct pool *pool, struct slice line, const char *key, const char **value)
{
        struct slice word, rest = slice_trim(line);

        if (!slice_word(&rest, " \t", &word) || !slice_equals(word, key))
                return false;
        *value = slice_dup(pool, slice_trim(rest));
        return true;
}

static void note_written(struct host *host, struct menu *menu, const char *path)
{
        struct host_stat stat;

        if (host_stat(host, &stat, "%s", path) == 0 && stat.modified > menu->written)
                menu->written = stat.modified;
}

static int read_conf(struct host *host, struct pool *pool, const char *folder, struct menu *menu)
{
        const char *path = pool_format(pool, "%s/loader/loader.conf", folder), *text;
        struct slice line;
        int r;

        r = host_read(host, pool, &text, "%s", path);
        if (r < 0)
                return r;
        menu->source = path;
        note_written(host, menu, path);
        while (text_line(&text, &line))
                read_key(pool, line, "default", &menu->pattern);
        return 0;
}

static void read_lines(struct pool *pool, const char *text, struct file *file, const char **image)
{
        autobuffer struct text_buffer options = { 0 };
        struct slice line;
        const char *value;

        text_add(&options, "");
        while (text_line(&text, &line)) {
                if (read_key(pool, line, "options", &value)) {
                        text_add(&options, options.size ? " " : "");
                        text_add(&options, value);
                }
                read_key(pool, line, "linux", image);
                read_key(pool, line, "title", &file->entry.title);
                read_key(pool, line, "version", &file->version);
                read_key(pool, line, "sort-key", &file->sort_key);
                read_key(pool, line, "machine-id", &file->machine);
        }
        if (*image)
                file->entry.cmdline = pool_dup(pool, options.at);
}

/* "NAME+LEFT-DONE.conf" counts boots that were tried; nothing left means that it comes last. */
static bool is_exhausted(const char *name)
{
        const char *plus = strrchr(name, '+');

        return plus && plus[1] == '0' && !isdigit((unsigned char)plus[2]);
}

static int read_entry(struct host *host, struct pool *pool, const char *folder, const char *name, struct menu *menu)
{
        const char *path = pool_format(pool, "%s/loader/entries/%s", folder, name), *text, *image = NULL;
        struct file file = { .entry.id = name, .entry.title = name, .exhausted = is_exhausted(name) };
        int r;

        r = host_read(host, pool, &text, "%s", path);
        if (r < 0)
                return r;
        read_lines(pool, text, &file, &image);
        note_written(host, menu, path);
        if (!menu->source)
                menu->source = path;
        if (image)
                file.entry.release = boot_image_release(host, pool, image);
        if (image && !file.entry.release && file.version)
                file.entry.release = boot_image_release(host, pool, pool_format(pool, "vmlinuz-%s", file.version));
        menu->files = pool_grow(pool, menu->files, menu->count, sizeof *menu->files);
        menu->files[menu->count++] = file;
        return 0;
}

static int read_folder(struct host *host, struct pool *pool, const char *folder, struct menu *menu)
{
        const char *const *names;
        int r;

        r = read_conf(host, pool, folder, menu);
        if (r == -EACCES || r == -EPERM)
                return r;
        r = host_list(host, pool, &names, "%s/loader/entries", folder);
        if (r == -EACCES || r == -EPERM)
                return r;
        for (; r == 0 && *names && menu->count < ENTRIES_MAX; names++) {
                int error = text_ends(*names, ".conf") ? read_entry(host, pool, folder, *names, menu) : 0;

                if (error == -EACCES || error == -EPERM)
                        return error;
        }
        r = host_list(host, pool, &names, "%s/EFI/Linux", folder);
        for (; r == 0 && *names; names++)
                menu->images |= text_ends(*names, ".efi");
        return 0;
}

static int compare_text(const char *a, const char *b)
{
        return text_compare_natural(a ? a : "", b ? b : "");
}

/* With a sort key: by it, newest version first, and before those without; else by file name, newest first. */
static int compare_files(const void *left, const void *right)
{
        const struct file *a = left, *b = right;
        int order;

        if (a->exhausted != b->exhausted)
                return a->exhausted ? 1 : -1;
        if (!a->sort_key != !b->sort_key)
                return a->sort_key ? -1 : 1;
        if (a->sort_key) {
                order = strcmp(a->sort_key, b->sort_key);
                if (order == 0)
                        order = compare_text(a->machine, b->machine);
                if (order == 0)
                        order = compare_text(b->version, a->version);
                if (order != 0)
                        return order;
        }
        return compare_text(b->entry.id, a->entry.id);
}

/* fnmatch tries every way to share out the letters among the stars: a real pattern has one or two. */
static bool is_tame(const char *pattern)
{
        unsigned stars = 0;

        for (const char *at = pattern; *at; at++)
                stars += *at == '*';
        return stars <= 4 && strlen(pattern) < 256;
}

static bool matches(const char *id, const char *pattern)
{
        size_t size = strlen(id) - strlen(".conf");
        char stem[256];

        if (fnmatch(pattern, id, FNM_CASEFOLD) == 0)
                return true;
        if (size >= sizeof stem)
                return false;
        memcpy(stem, id, size);
        stem[size] = '\0';
        return fnmatch(pattern, stem, FNM_CASEFOLD) == 0;
}

static void choose(struct boot *boot, const struct menu *menu)
{
        const char *pattern = menu->pattern;

        if (pattern && *pattern == '@') {
                boot->problem = "the default entry is kept in an EFI variable";
                return;
        }
        for (size_t i = 0; pattern && is_tame(pattern) && i < boot->count; i++) {
                if (matches(boot->entries[i].id, pattern)) {
                        boot->next = &boot->entries[i];
                        return;
                }
        }
        if (menu->images)
                boot->problem = "unified kernel images stand beside the entries, and their order is inside of them";
        else if (boot->count)
                boot->next = &boot->entries[0];
        else
                boot->problem = "there is no entry";
}

int loader_entries_read(struct host *host, struct pool *pool, struct boot *boot)
{
        struct menu menu = { 0 };
        int r;

        for (size_t i = 0; i < FOLDERS; i++) {
                r = read_folder(host, pool, folders[i], &menu);
                if (r < 0)
                        return r;
        }
        if (!menu.source && !menu.images)
                return -ENOENT;
        if (menu.count)
                qsort(menu.files, menu.count, sizeof *menu.files, compare_files);
        *boot = (struct boot){ .loader = "systemd-boot",
                               .source = menu.source ? menu.source : "/boot",
                               .written = menu.written };
        boot->entries = pool_zero(pool, menu.count * sizeof *boot->entries);
        for (size_t i = 0; i < menu.count; i++)
                boot->entries[boot->count++] = menu.files[i].entry;
        choose(boot, &menu);
        return 0;
}

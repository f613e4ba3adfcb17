/* Who sets a sysctl at the next boot: the files of sysctl.d(5) in the order of systemd-sysctl(8), or of sysctl(8) --system. */

#include "agent/core/sysctl_files.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysctl_keys.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define MAIN_FILE "/etc/sysctl.conf"

static int compare_files(const void *a, const void *b)
{
        const struct sysctl_file *left = a, *right = b;

        return strcmp(basename(left->name), basename(right->name));
}

static bool is_named(const struct sysctl_files *files, const char *base)
{
        for (size_t i = 0; i < files->file_count; i++)
                if (text_equals(basename(files->files[i].name), base))
                        return true;
        return false;
}

static void add_file(struct pool *pool, struct sysctl_files *files, const char *name, int error)
{
        files->files = pool_grow(pool, files->files, files->file_count, sizeof *files->files);
        files->files[files->file_count++] = (struct sysctl_file){ .name = name, .error = error };
}

/* A file hides those of the same name in the folders behind it, a link to /dev/null too. */
static void list_folder(struct host *host, struct pool *pool, const char *folder, struct sysctl_files *files)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, "%s", folder);
        if (r == -ENOENT || r == -ENOTDIR)
                return;
        if (r < 0) {
                add_file(pool, files, folder, r);
                return;
        }
        for (size_t i = 0; names[i]; i++)
                if (text_ends(names[i], ".conf") && !is_named(files, names[i]))
                        add_file(pool, files, pool_format(pool, "%s/%s", folder, names[i]), 0);
}

static void parse_line(struct pool *pool, struct sysctl_files *files, const char *name, unsigned number, const char *text)
{
        const char *equals = strchr(text, '=');
        bool dash = text[0] == '-';
        struct sysctl_line line = { .file = name, .number = number };
        const char *key = text + dash;

        if (!text[0] || text[0] == '#' || text[0] == ';' || (!equals && !dash))
                return;
        if (equals) {
                key = slice_dup(pool, slice_trim((struct slice){ .at = key, .size = (size_t)(equals - key) }));
                line.value = text_trim(pool, equals + 1);
        }
        line.path = sysctl_path(pool, key);
        if (!line.path[0])
                return;
        line.pattern = sysctl_is_pattern(line.path);
        files->lines = pool_grow(pool, files->lines, files->line_count, sizeof *files->lines);
        files->lines[files->line_count++] = line;
}

static void read_lines(struct host *host, struct pool *pool, struct sysctl_files *files, struct sysctl_file *file)
{
        struct slice line;
        const char *text;
        unsigned number = 0;

        file->error = host_read(host, pool, &text, "%s", file->name);
        /* -EINVAL: what stands there is no file; a link to /dev/null is how one is switched off. */
        if (file->error == -ENOENT || file->error == -EINVAL || file->error == -EISDIR)
                file->error = 0;
        else if (file->error == 0)
                while (text_line(&text, &line))
                        parse_line(pool, files, file->name, ++number, slice_dup(pool, slice_trim(line)));
}

/* sysvinit's /etc/init.d/procps runs `sysctl --system`. */
static bool boots_with_procps(struct host *host)
{
        return host_exists(host, "/etc/init.d/procps") && !host_exists(host, "/usr/lib/systemd/systemd-sysctl") &&
               !host_exists(host, "/lib/systemd/systemd-sysctl");
}

void sysctl_files_read(struct host *host, struct pool *pool, struct sysctl_files *files)
{
        static const char *const folders[] = {
                "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d",
        };

        *files = (struct sysctl_files){ .procps = boots_with_procps(host) };
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
                list_folder(host, pool, folders[i], files);
        if (files->file_count)
                qsort(files->files, files->file_count, sizeof *files->files, compare_files);
        if (files->procps)
                add_file(pool, files, MAIN_FILE, 0);
        for (size_t i = 0; i < files->file_count; i++)
                if (!files->files[i].error)
                        read_lines(host, pool, files, &files->files[i]);
}

void sysctl_files_add(struct host *host, struct pool *pool, struct sysctl_files *files, const char *name)
{
        const char *target;

        for (size_t i = 0; i < files->file_count; i++) {
                const char *path = files->files[i].name;

                if (text_equals(path, name) ||
                    (host_link(host, pool, &target, "%s", path) == 0 && text_equals(basename(target), basename(name))))
                        return;
        }
        add_file(pool, files, name, 0);
        read_lines(host, pool, files, &files->files[files->file_count - 1]);
}

/* The patterns are glob(7)'s, in which '*' stops at a slash. More than a few stars in one pattern make matching slow, and no
 * sysctl path has so many parts. */
bool sysctl_line_matches(const struct sysctl_line *line, const char *path)
{
        unsigned stars = 0;

        if (!line->pattern)
                return text_equals(line->path, path);
        for (const char *at = line->path; *at; at++)
                stars += *at == '*';
        return stars <= 8 && fnmatch(line->path, path, FNM_PATHNAME | FNM_PERIOD) == 0;
}

const struct sysctl_line *sysctl_files_winner(const struct sysctl_files *files, const char *path, const char *without)
{
        const struct sysctl_line *named = NULL, *pattern = NULL;

        for (size_t i = 0; i < files->line_count; i++) {
                const struct sysctl_line *line = &files->lines[i];

                if (!sysctl_line_matches(line, path) || (without && text_equals(basename(line->file), without)))
                        continue;
                if (!line->pattern)
                        named = line;
                else if (line->value)
                        pattern = line;
        }
        return named ? named : pattern;
}

const struct sysctl_line *sysctl_files_line(const struct sysctl_files *files, const char *path, const char *file)
{
        const struct sysctl_line *found = NULL;

        for (size_t i = 0; i < files->line_count; i++)
                if (text_equals(files->lines[i].file, file) && text_equals(files->lines[i].path, path))
                        found = &files->lines[i];
        return found;
}

bool sysctl_line_is_after(const struct sysctl_files *files, const struct sysctl_line *line, const char *name)
{
        if (files->procps && text_equals(line->file, MAIN_FILE))
                return true;
        return strcmp(basename(line->file), name) > 0;
}

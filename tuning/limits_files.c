/* limits.conf and limits.d, read as pam_limits(8) reads them: in the order of the C locale, the last of equals wins. */

#include "tuning/limits_files.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAIN_FILE "/etc/security/limits.conf"
#define FOLDER    "/etc/security/limits.d"

static int compare_files(const void *a, const void *b)
{
        const struct limits_file *left = a, *right = b;

        return strcmp(left->name, right->name);
}

static void add_file(struct pool *pool, struct limits_files *files, const char *name, int error)
{
        files->files = pool_grow(pool, files->files, files->file_count, sizeof *files->files);
        files->files[files->file_count++] = (struct limits_file){ .name = name, .error = error };
}

static const char *lower(struct pool *pool, struct slice word)
{
        char *text = slice_dup(pool, word);

        for (char *at = text; *at; at++)
                *at = (char)tolower((unsigned char)*at);
        return text;
}

/* Linux-PAM, modules/pam_limits/pam_limits.c: domain, type and item are words, the value is the rest of the line. */
static void parse_line(struct pool *pool, struct limits_files *files, const char *name, unsigned number, struct slice rest)
{
        const char *comment = memchr(rest.at, '#', rest.size);
        struct limits_line line = { .file = name, .number = number };
        struct slice domain, type, item;
        const char *kind;

        if (comment)
                rest.size = (size_t)(comment - rest.at);
        if (!slice_word(&rest, " \t\r", &domain) || !slice_word(&rest, " \t\r", &type))
                return;
        line.domain = slice_dup(pool, domain);
        kind = lower(pool, type);
        line.soft = text_equals(kind, "soft") || text_equals(kind, "-");
        line.hard = text_equals(kind, "hard") || text_equals(kind, "-");
        if (slice_word(&rest, " \t\r", &item)) {
                line.item = lower(pool, item);
                line.value = lower(pool, slice_trim(rest));
                if (!line.value[0])
                        return;
        } else if (kind[0] != '-') {
                return;
        }
        files->lines = pool_grow(pool, files->lines, files->line_count, sizeof *files->lines);
        files->lines[files->line_count++] = line;
}

static void read_file(struct host *host, struct pool *pool, struct limits_files *files, struct limits_file *file)
{
        struct slice line;
        const char *text;
        unsigned number = 0;

        file->error = host_read(host, pool, &text, "%s", file->name);
        if (file->error == -ENOENT || file->error == -EISDIR || file->error == -EINVAL)
                file->error = 0;
        else if (file->error == 0)
                while (text_line(&text, &line))
                        parse_line(pool, files, file->name, ++number, line);
}

void limits_files_read(struct host *host, struct pool *pool, const char *without, struct limits_files *files)
{
        const char *const *names;
        int r;

        *files = (struct limits_files){ 0 };
        add_file(pool, files, MAIN_FILE, 0);
        r = host_list(host, pool, &names, "%s", FOLDER);
        if (r < 0 && r != -ENOENT && r != -ENOTDIR)
                add_file(pool, files, FOLDER, r);
        for (size_t i = 0; r == 0 && names[i]; i++)
                /* The files are found by the pattern *.conf, which skips hidden ones. */
                if (text_ends(names[i], ".conf") && names[i][0] != '.')
                        add_file(pool, files, pool_format(pool, "%s/%s", FOLDER, names[i]), 0);
        qsort(files->files + 1, files->file_count - 1, sizeof *files->files, compare_files);
        for (size_t i = 0; i < files->file_count; i++)
                if (!files->files[i].error && !text_equals(files->files[i].name, without))
                        read_file(host, pool, files, &files->files[i]);
}

static bool says(const struct limits_line *line, const struct limits_item *item, struct limits_value value)
{
        struct limits_value other;

        return limits_parse(item, line->value, &other) == 0 && limits_equal(other, value);
}

const struct limits_line *limits_files_rival(const struct limits_files *files, const char *own, const char *domain,
                                             const struct limits_item *item, struct limits_value value)
{
        const struct limits_line *soft = NULL, *hard = NULL;

        for (size_t i = 0; i < files->line_count; i++) {
                const struct limits_line *line = &files->lines[i];
                bool later = !text_equals(line->file, MAIN_FILE) && strcmp(line->file, own) > 0;

                if (!text_equals(line->domain, domain))
                        continue;
                if (!line->item)
                        return line;
                if (!later || !text_equals(line->item, item->name))
                        continue;
                soft = line->soft ? line : soft;
                hard = line->hard ? line : hard;
        }
        if (soft && !says(soft, item, value))
                return soft;
        return hard && !says(hard, item, value) ? hard : NULL;
}

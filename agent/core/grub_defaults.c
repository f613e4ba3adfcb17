/* Reads the settings of grub-mkconfig: simple shell assignments, one a line. */

#include "agent/core/grub_defaults.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER    "/etc/default/grub.d"
#define FILES_MAX 256

static const char *const names[] = { "GRUB_CMDLINE_LINUX_DEFAULT", "GRUB_CMDLINE_LINUX", "GRUB_DEFAULT" };

/* The name of a reference behind a '$'; moves *at behind it. Its size is 0 for a lone dollar sign. */
static struct slice reference(const char **at, const char *end)
{
        const char *start = *at + 1;
        bool braced = start < end && *start == '{';
        struct slice name = { braced ? start + 1 : start, 0 };

        while (name.at + name.size < end && (isalnum((unsigned char)name.at[name.size]) || name.at[name.size] == '_'))
                name.size++;
        *at = name.at + name.size;
        if (braced)
                while (*at < end && *(*at)++ != '}')
                        ;
        return name;
}

/* A shell word, up to a blank outside of quotes. */
static void read_word(struct pool *pool, struct slice text, struct grub_assignment *row)
{
        autobuffer struct text_buffer value = { 0 };
        const char *at = text.at, *end = text.at + text.size;
        char quote = '\0';

        text_add(&value, "");
        while (at < end) {
                char c = *at;

                if (!quote && (c == ' ' || c == '\t' || c == ';' || c == '#'))
                        break;
                if (quote != '\'' && c == '$') {
                        if (slice_equals(reference(&at, end), row->name))
                                row->appends = true;
                        continue;
                }
                at++;
                if (quote ? c == quote : c == '"' || c == '\'') {
                        quote = quote ? '\0' : c;
                        continue;
                }
                if (c == '\\' && quote != '\'' && at < end)
                        c = *at++;
                text_add_bytes(&value, &c, 1);
        }
        row->value = pool_dup(pool, value.at);
}

static bool read_line(struct pool *pool, struct slice line, struct grub_assignment *row)
{
        struct slice rest = slice_trim(line), word, after;

        if (rest.size == 0 || rest.at[0] == '#')
                return false;
        after = rest;
        if (slice_word(&after, " \t", &word) && slice_equals(word, "export"))
                rest = slice_trim(after);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                size_t size = strlen(names[i]);

                if (rest.size <= size || memcmp(rest.at, names[i], size) != 0 || rest.at[size] != '=')
                        continue;
                row->name = names[i];
                read_word(pool, (struct slice){ rest.at + size + 1, rest.size - size - 1 }, row);
                return true;
        }
        return false;
}

static int read_file(struct host *host, struct pool *pool, const char *path, struct grub_defaults *defaults)
{
        unsigned number = 0;
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, pool, &text, "%s", path);
        if (r < 0)
                return r;
        while (text_line(&text, &line)) {
                struct grub_assignment row = { .file = path, .line = ++number };

                if (!read_line(pool, line, &row))
                        continue;
                defaults->rows = pool_grow(pool, defaults->rows, defaults->count, sizeof *defaults->rows);
                defaults->rows[defaults->count++] = row;
        }
        return 0;
}

/* Upstream's grub-mkconfig knows no grub.d: it is a patch of Debian and those who took it over. */
static bool reads_folder(struct host *host, struct pool *pool)
{
        static const char *const programs[] = { "/usr/sbin/grub-mkconfig", "/usr/bin/grub-mkconfig",
                                                "/usr/sbin/grub2-mkconfig" };
        const char *text;
        struct slice line;

        for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
                if (host_read(host, pool, &text, "%s", programs[i]) == 0)
                        return strstr(text, "default/grub.d") != NULL;
        if (host_exists(host, FOLDER))
                return true;
        if (host_read(host, pool, &text, "/etc/os-release") < 0 && host_read(host, pool, &text, "/usr/lib/os-release") < 0)
                return true;
        while (text_line(&text, &line)) {
                const char *copy = slice_dup(pool, line);

                if ((text_starts(copy, "ID=") || text_starts(copy, "ID_LIKE=")) &&
                    (strstr(copy, "debian") || strstr(copy, "ubuntu")))
                        return true;
        }
        return false;
}

/* A shell sorts what "*.cfg" stands for by bytes, at least in the C locale that package scripts run in. */
static int by_bytes(const void *left, const void *right)
{
        const char *const *a = left, *const *b = right;

        return strcmp(*a, *b);
}

int grub_defaults_read(struct host *host, struct pool *pool, struct grub_defaults *defaults)
{
        const char *sorted[FILES_MAX];
        const char *const *listed;
        size_t count = 0;
        int r, result = 0;

        *defaults = (struct grub_defaults){ .reads_folder = reads_folder(host, pool) };
        r = read_file(host, pool, "/etc/default/grub", defaults);
        defaults->present = r != -ENOENT && r != -ENOTDIR;
        if (r == -EACCES || r == -EPERM)
                result = -EACCES;
        if (host_list(host, pool, &listed, FOLDER) < 0)
                return result;
        for (; *listed && count < FILES_MAX; listed++)
                if (text_ends(*listed, ".cfg") && (*listed)[0] != '.')
                        sorted[count++] = *listed;
        if (count)
                qsort(sorted, count, sizeof sorted[0], by_bytes);
        for (size_t i = 0; i < count; i++) {
                r = read_file(host, pool, pool_format(pool, FOLDER "/%s", sorted[i]), defaults);
                if (r == -EACCES || r == -EPERM)
                        result = -EACCES;
        }
        return result;
}

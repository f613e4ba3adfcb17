/* Reads who is asked for accounts (nsswitch.conf(5)). */

#include "probes/account_sources.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

/* "systemd" tells of dynamic users and of root and nobody, out of this host (nss-systemd(8)); "compat" and "db" of files. */
static bool is_local(struct slice word)
{
        return slice_equals(word, "files") || slice_equals(word, "systemd") || slice_equals(word, "compat") ||
               slice_equals(word, "db");
}

/* "files [NOTFOUND=return] sss": what stands in brackets is what to do, and no source. */
static void read_sources(struct pool *pool, struct slice rest, struct account_sources *sources)
{
        autobuffer struct text_buffer others = { 0 };
        bool files = false, action = false, merge = false;
        struct slice word;

        while (slice_word(&rest, " \t", &word)) {
                if (word.at[0] == '[' || action) {
                        action = !memchr(word.at, ']', word.size);
                        merge = merge || strcasestr(slice_dup(pool, word), "=merge");
                        continue;
                }
                if (word.at[0] == '#')
                        break;
                files = files || slice_equals(word, "files") || slice_equals(word, "compat");
                if (is_local(word))
                        continue;
                sources->before = sources->before || !files;
                text_addf(&others, "%s%.*s", others.size ? ", " : "", (int)(word.size < 64 ? word.size : 64), word.at);
        }
        sources->before = sources->before || (merge && others.size);
        sources->others = others.size ? text_printable(pool, others.at, 200) : NULL;
}

struct account_sources account_sources_read(struct host *host, struct pool *pool, const char *database)
{
        struct account_sources sources = { 0 };
        size_t size = strlen(database);
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, pool, &text, NSSWITCH);
        if (r < 0) {
                sources.error = r == -ENOENT || r == -ENOTDIR ? 0 : r;
                return sources;
        }
        while (text_line(&text, &line)) {
                line = slice_trim(line);
                if (line.size > size && !memcmp(line.at, database, size) && line.at[size] == ':')
                        read_sources(pool, (struct slice){ line.at + size + 1, line.size - size - 1 }, &sources);
        }
        return sources;
}

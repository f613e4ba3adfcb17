/* Files of sysctl.d(5) that set huge pages, beside the setting that writes the kernel's own files. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 200

static bool sets_pages(const char *line)
{
        return *line != '#' && *line != ';' && strchr(line, '=') &&
               (evidence_has_word(line, "vm.nr_hugepages") || evidence_has_word(line, "vm/nr_hugepages"));
}

static void hold_line(const struct evidence *evidence, const char *path, unsigned number, const char *line)
{
        const char *value = text_trim(evidence->pool, strchr(line, '=') + 1);
        struct host_stat stat = { 0 };

        host_stat(evidence->session->host, &stat, "%s", path);
        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];
                bool same = row->now && text_equals(row->now, value);

                if (!text_starts(row->name, "hugepages") || text_equals(row->layer, "profile"))
                        continue;
                evidence_add(evidence, row, "file",
                             !same                                      ? 50
                             : evidence_surely_fits(row, stat.modified) ? 90
                                                                        : 72,
                             stat.modified,
                             pool_format(evidence->pool, "%s:%u, %s, sets vm.nr_hugepages to %s",
                                         text_printable(evidence->pool, path, SHOWN_MAX), number,
                                         evidence_owner(evidence, path), text_printable(evidence->pool, value, 40)));
        }
}

static void read_file(const struct evidence *evidence, const char *path)
{
        const char *text;
        struct slice line;

        if (host_read(evidence->session->host, evidence->pool, &text, "%s", path) < 0)
                return;
        for (unsigned number = 1; text_line(&text, &line); number++) {
                const char *words = slice_dup(evidence->pool, slice_trim(line));

                words += *words == '-'; /* that it may fail (sysctl.d(5)) */
                if (sets_pages(words))
                        hold_line(evidence, path, number, words);
        }
}

static bool has_pages(const struct drift *drift)
{
        for (size_t i = 0; i < drift->count; i++)
                if (text_starts(drift->rows[i].name, "hugepages"))
                        return true;
        return false;
}

void evidence_of_hugepages(const struct evidence *evidence)
{
        static const char *const folders[] = { "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d",
                                               "/usr/lib/sysctl.d" };
        const char *const *names;

        if (!has_pages(evidence->drift))
                return;
        /* Debian's 99-sysctl.conf is a link to it. */
        read_file(evidence, "/etc/sysctl.conf");
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                if (host_list(evidence->session->host, evidence->pool, &names, "%s", folders[i]) < 0)
                        continue;
                for (; *names; names++)
                        if (text_ends(*names, ".conf") &&
                            !(text_equals(*names, "99-sysctl.conf") && text_equals(folders[i], "/etc/sysctl.d")))
                                read_file(evidence, pool_format(evidence->pool, "%s/%s", folders[i], *names));
        }
}

/* Commands that set what they do not name: plumbline's own, drivers, sysctl from files, and what stands in the folder where they ran. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SEPARATORS " \t'\"<>=;|&()"

bool evidence_sysctl_loads(struct slice word)
{
        static const char *const names[] = { "--load", "--system" };

        /* Of a long option the beginning is enough (getopt_long(3)). */
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (word.size > strlen("--") && word.size <= strlen(names[i]) && !strncmp(word.at, names[i], word.size))
                        return true;
        if (word.size < 2 || word.at[0] != '-')
                return false;
        for (size_t i = 1; i < word.size && strchr("aAbdefhinNpqVwxX", word.at[i]); i++)
                if (word.at[i] == 'p' || word.at[i] == 'f')
                        return true;
        return false;
}

/* What stands behind `sysctl`: `-qp FILE`, `--system`. */
static enum naming names_loaded(const struct evidence *evidence, const struct drift_row *row, const char *arguments,
                                const char *folder)
{
        enum naming naming = NAMES_NOT;
        bool loads = false, all = true;
        struct slice word;

        for (const char *at = arguments; text_word(&at, SEPARATORS, &word);)
                loads = loads || evidence_sysctl_loads(word);
        while (loads && text_word(&arguments, SEPARATORS, &word)) {
                const char *path = slice_dup(evidence->pool, word);
                enum naming here;

                if (*path == '-' && !(path = strchr(path, '/')))
                        continue;
                if (*path != '/')
                        path = pool_format(evidence->pool, "%s/%s", folder ? folder : "", path);
                all = false;
                here = evidence_names_loaded(evidence, row, path);
                naming = here > naming ? here : naming;
        }
        return loads && all ? evidence_names_loaded(evidence, row, "/etc/sysctl.conf") : naming;
}

static bool is_begun(const char *text)
{
        static const char *const begins[] = { "start", "restart", "reload", "try-restart", "force-reload" };

        for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
                if (evidence_has_word(text, begins[i]))
                        return true;
        return false;
}

enum naming evidence_names_load(const struct evidence *evidence, const struct drift_row *row, const char *text,
                                const char *folder)
{
        enum naming naming = evidence_names_deed(evidence, row, text);
        const char *rest = text;
        struct slice word;

        if (naming != NAMES_NOT)
                return naming;
        if (evidence_names_driver(evidence, row, text))
                return NAMES_FILE;
        if (!text_equals(row->layer, "running") && !text_equals(row->layer, "fact"))
                return NAMES_NOT;
        if (!text_starts(row->name, "sysctl.") && !text_starts(row->name, "hugepages"))
                return NAMES_NOT;
        if (!strstr(text, "sysctl") && !strstr(text, "procps"))
                return NAMES_NOT;
        while (text_word(&rest, SEPARATORS, &word)) {
                const char *path = slice_dup(evidence->pool, word), *name = basename(path);

                if (text_equals(name, "sysctl"))
                        return names_loaded(evidence, row, rest, folder);
                if (text_equals(name, "systemd-sysctl") && name > path)
                        return NAMES_PERHAPS;
                /* Debian's procps.service is another name of it. */
                if ((text_starts(name, "systemd-sysctl") || text_equals(name, "procps") ||
                     text_equals(name, "procps.service")) &&
                    is_begun(text))
                        return NAMES_PERHAPS;
        }
        return NAMES_NOT;
}

const char *evidence_below(const struct evidence *evidence, const char *text, const char *folder)
{
        autobuffer struct text_buffer below = { 0 };
        struct slice word;

        if (!folder || (!text_starts(folder, "/proc/") && !text_starts(folder, "/sys/") && !text_equals(folder, "/sys") &&
                        !text_equals(folder, "/proc")))
                return NULL;
        while (text_word(&text, SEPARATORS, &word)) {
                const char *path = pool_format(evidence->pool, "%s/%s", folder, slice_dup(evidence->pool, word));

                if (word.at[0] != '/' && word.at[0] != '-' && host_exists(evidence->session->host, "%s", path))
                        text_addf(&below, " %s", path);
        }
        return below.at ? pool_dup(evidence->pool, below.at) : NULL;
}

/* The distribution and its version. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define VALUE_LIMIT 200

static const struct fact_info os_facts[] = {
        { "os.id", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The distribution in one lower-case word: debian, ubuntu.",
          "/etc/os-release, /usr/lib/os-release: ID" },
        { "os.version", VALUE_VERSION, UNIT_NONE, REACH_QUIET,
          "The version of the distribution. Absent for one that has none, such as Debian unstable.",
          "/etc/os-release, /usr/lib/os-release: VERSION_ID" },
        { "os.name", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The distribution and its version, as people write them.",
          "/etc/os-release, /usr/lib/os-release: PRETTY_NAME" },
        { 0 },
};

/* Takes the quotes of a shell off: os-release(5) is a list of shell assignments. NULL where a quote stays open. */
static const char *unquote(struct pool *pool, struct slice raw)
{
        char *text = pool_zero(pool, raw.size + 1);
        size_t size = 0;
        char quote = 0;

        for (size_t i = 0; i < raw.size; i++) {
                char c = raw.at[i];

                if (quote ? c == quote : c == '"' || c == '\'') {
                        quote = quote ? 0 : c;
                        continue;
                }
                if (!quote && (c == ' ' || c == '\t'))
                        break;
                /* Between double quotes a backslash stands for itself unless it guards one of these. */
                if (c == '\\' && quote != '\'' && i + 1 < raw.size && (!quote || strchr("\"\\$`", raw.at[i + 1])))
                        c = raw.at[++i];
                text[size++] = c;
        }
        return quote ? NULL : text;
}

/* The value of the last line that sets the name, as a shell would have it. -ENODATA: no line; -EINVAL: not a value. */
static int find(struct pool *pool, const char *release, const char *name, const char **value)
{
        size_t size = strlen(name);
        struct slice line;
        int r = -ENODATA;

        while (text_line(&release, &line)) {
                line = slice_trim(line);
                if (line.size <= size || memcmp(line.at, name, size) != 0 || line.at[size] != '=')
                        continue;
                *value = unquote(pool, (struct slice){ line.at + size + 1, line.size - size - 1 });
                if (*value)
                        *value = text_printable(pool, text_trim(pool, *value), VALUE_LIMIT);
                r = *value ? 0 : -EINVAL;
        }
        return r == 0 && !**value ? -ENODATA : r;
}

static int os_run(struct host *host, struct facts *facts)
{
        static const char *const places[] = { "/etc/os-release", "/usr/lib/os-release" };
        autopool struct pool *scratch = pool_new();
        const char *release = NULL, *value, *source = places[0];
        bool named;
        int r;

        r = host_read(host, scratch, &release, "%s", places[0]);
        if (r == -ENOENT && host_read(host, scratch, &release, "%s", places[1]) == 0) {
                source = places[1];
                r = 0;
        }
        if (r < 0)
                return r == -ENOENT ? -ENODATA : r;

        r = find(scratch, release, "ID", &value);
        named = r == 0;
        if (r == 0)
                fact_known(facts, value_text(scratch, value), source, "os.id");
        else
                fact_unknown(facts, r, source, "os.id");
        r = find(scratch, release, "VERSION_ID", &value);
        if (r == 0 && !strpbrk(value, "0123456789"))
                r = -EINVAL;
        if (r == 0)
                fact_known(facts, value_version(scratch, value), source, "os.version");
        else if (r == -ENODATA && named)
                fact_absent(facts, source, "os.version");
        else
                fact_unknown(facts, r, source, "os.version");
        r = find(scratch, release, "PRETTY_NAME", &value);
        if (r == 0)
                fact_known(facts, value_text(scratch, value), source, "os.name");
        else
                fact_unknown(facts, r, source, "os.name");
        return 0;
}

const struct probe probe_os = {
        .name = "os",
        .help = "The distribution and its version.",
        .facts = os_facts,
        .run = os_run,
};

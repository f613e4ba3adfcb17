/* Who else sets frequency governors: services that are running or enabled, and Debian's cpufrequtils script. */

#include "tuning/cpu_owners.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"

#include <string.h>
#include <sys/stat.h>

static const struct tool {
        const char *name, *unit;
        const char *pid_file; /* NULL: it keeps none */
} tools[] = {
        { "power-profiles-daemon", "power-profiles-daemon.service", NULL },
        { "tuned", "tuned.service", "/run/tuned/tuned.pid" },
        { "TLP", "tlp.service", NULL },
        { "auto-cpufreq", "auto-cpufreq.service", NULL },
        { "cpupower", "cpupower.service", NULL },
        { "the ondemand script", "ondemand.service", NULL },
};

struct list {
        size_t count;
        struct cpu_owner *rows;
};

static void add(struct pool *pool, struct list *list, const char *name, const char *evidence, const char *state,
                const char *fix)
{
        list->rows = pool_grow(pool, list->rows, list->count, sizeof *list->rows);
        list->rows[list->count++] = (struct cpu_owner){ name, evidence, state, fix };
}

static bool is_masked(struct host *host, struct pool *pool, const char *unit)
{
        const char *target;

        return (host_link(host, pool, &target, "/etc/systemd/system/%s", unit) == 0 ||
                host_link(host, pool, &target, "/run/systemd/system/%s", unit) == 0) &&
               text_equals(target, "/dev/null");
}

/* The link that enables the unit, or NULL. */
static const char *enabling_link(struct host *host, struct pool *pool, const char *const *folders, const char *unit)
{
        struct host_stat stat;

        for (size_t i = 0; folders && folders[i]; i++)
                if ((text_ends(folders[i], ".wants") || text_ends(folders[i], ".requires")) &&
                    host_stat(host, &stat, "/etc/systemd/system/%s/%s", folders[i], unit) == 0)
                        return pool_format(pool, "/etc/systemd/system/%s/%s", folders[i], unit);
        return NULL;
}

static bool is_active(struct host *host, struct pool *pool, const char *unit)
{
        const char *answer;

        return unit_ask(host, pool, unit, &answer) >= 0 && text_equals(unit_property(pool, answer, "ActiveState"), "active");
}

/* A file that a crash left behind names a process that is gone; where processes cannot be seen it is believed. */
static bool is_alive(struct host *host, struct pool *pool, const char *pid_file)
{
        const char *text;
        uint64_t pid;

        if (!pid_file || host_read(host, pool, &text, "%s", pid_file) < 0 || text_u64(text, 10, &pid) < 0)
                return false;
        return !host_exists(host, "/proc/1") || host_exists(host, "/proc/%llu", (unsigned long long)pid);
}

static void find_tool(struct host *host, struct pool *pool, const struct tool *tool, const char *const *folders,
                      struct list *list)
{
        const char *fix = pool_format(pool, "turn it off: `services: { off: [%s] }` in the profile", tool->unit);
        const char *link = enabling_link(host, pool, folders, tool->unit);

        if (is_alive(host, pool, tool->pid_file))
                add(pool, list, tool->name, tool->pid_file, "running", fix);
        else if (is_active(host, pool, tool->unit))
                add(pool, list, tool->name, tool->unit, "running", fix);
        else if (link && !is_masked(host, pool, tool->unit))
                add(pool, list, tool->name, link, "enabled", fix);
}

/* The value that a line of shell gives the variable, quotes removed; NULL if it gives none. */
static const char *shell_value(struct pool *pool, struct slice line, const char *name)
{
        char *text = text_trim(pool, slice_dup(pool, line));
        size_t size = strlen(name);
        char *end;

        if (!text_starts(text, name) || text[size] != '=')
                return NULL;
        text += size + 1;
        if (text[0] == '"' || text[0] == '\'') {
                end = strchr(text + 1, text[0]);
                if (end)
                        *end = 0;
                return text + 1;
        }
        text[strcspn(text, " \t;#")] = 0;
        return text;
}

static bool is_wanted(const struct want *want, const char *governor)
{
        for (size_t i = 0; i < want->count; i++)
                if (text_equals(want->values[i].text, governor))
                        return true;
        return false;
}

/* Debian's /etc/init.d/cpufrequtils sets "ondemand" at boot unless /etc/default/cpufrequtils says otherwise. */
static void find_cpufrequtils(struct host *host, struct pool *pool, const struct want *want, struct list *list)
{
        const char *governor = "ondemand", *enable = "true", *value, *text;
        struct slice line;

        if (!host_exists(host, "/etc/init.d/cpufrequtils") || is_masked(host, pool, "cpufrequtils.service"))
                return;
        if (host_read(host, pool, &text, "/etc/default/cpufrequtils") == 0)
                while (text_line(&text, &line)) {
                        value = shell_value(pool, line, "GOVERNOR");
                        governor = value ? value : governor;
                        value = shell_value(pool, line, "ENABLE");
                        enable = value ? value : enable;
                }
        if (text_equals(enable, "true") && !is_wanted(want, governor))
                add(pool, list, "cpufrequtils", "/etc/default/cpufrequtils",
                    pool_format(pool, "sets %s at boot", text_printable(pool, governor, 60)),
                    "remove the package cpufrequtils, or set GOVERNOR in /etc/default/cpufrequtils");
}

const struct cpu_owner *cpu_owners(struct host *host, struct pool *pool, const struct want *want, size_t *count)
{
        const char *const *folders = NULL;
        struct list list = { 0 };

        if (host_list(host, pool, &folders, "/etc/systemd/system") < 0)
                folders = NULL;
        for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
                find_tool(host, pool, &tools[i], folders, &list);
        find_cpufrequtils(host, pool, want, &list);
        *count = list.count;
        return list.rows;
}

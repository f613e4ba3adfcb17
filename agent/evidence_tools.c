/* Which tool that runs now has the item in its hands. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"

#include <string.h>

#define SHOWN_MAX   200
#define TUNED_DEPTH 5 /* of profiles of tuned that include one another */

/* Those that no setting of the profile contends with by itself; what each of them is known to set. */
static const struct tool {
        const char *unit;
        const char *items; /* patterns of names */
        const char *words;
} tools[] = {
        { "thermald.service", "cpu.turbo cpu.governor* cpu.idle_states", "steers frequency and turbo by the temperature" },
        { "NetworkManager.service", "nic.* interface.* sysctl.net.ipv4.conf.* sysctl.net.ipv6.conf.*",
          "sets up links, and their sysctls" },
        { "systemd-networkd.service", "nic.* interface.* sysctl.net.ipv4.conf.* sysctl.net.ipv6.conf.*",
          "sets up links, and their sysctls" },
        { "tuned.service", "sysctl.* irq* hugepages* cpu.turbo cpu.idle_states", "sets what its profile says" },
};

static bool is_in_hand(const struct tool *tool, const struct drift_row *row)
{
        const char *patterns = tool->items;
        struct slice pattern;
        char name[64];

        if (text_equals(row->layer, "profile") || text_equals(row->layer, "package"))
                return false;
        while (text_word(&patterns, " ", &pattern)) {
                if (pattern.size >= sizeof name)
                        continue;
                memcpy(name, pattern.at, pattern.size);
                name[pattern.size] = 0;
                if (text_matches(row->name, name))
                        return true;
        }
        return false;
}

/* "irqbalance.service (pid 512)" */
static const char *unit_words(struct pool *pool, const char *unit, const char *answer)
{
        const char *name = text_printable(pool, unit, SHOWN_MAX), *pid = unit_property(pool, answer, "MainPID");

        return pid && !text_equals(pid, "0") ? pool_format(pool, "%s (pid %s)", name, text_printable(pool, pid, 20)) : name;
}

/* --- tuned --------------------------------------------------------------------------------------------------------------- */

/* The file of a profile of tuned(8); of two with one name the administrator's. */
static const char *tuned_file(const struct evidence *evidence, const char *profile)
{
        static const char *const folders[] = { "/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles",
                                               "/usr/lib/tuned" };

        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                const char *path = pool_format(evidence->pool, "%s/%s/tuned.conf", folders[i], profile);

                if (host_exists(evidence->session->host, "%s", path))
                        return path;
        }
        return NULL;
}

/* Where the profile, or one that it includes, names the item; NULL: nowhere, or nobody can tell. */
static const char *profile_says(const struct evidence *evidence, const struct drift_row *row, const char *profile)
{
        for (unsigned depth = 0; profile && depth < TUNED_DEPTH; depth++) {
                const char *path = strchr(profile, '/') ? NULL : tuned_file(evidence, profile), *text, *line;
                struct slice at;

                profile = NULL;
                if (!path || host_read(evidence->session->host, evidence->pool, &text, "%s", path) < 0)
                        return NULL;
                while (text_line(&text, &at)) {
                        line = slice_dup(evidence->pool, slice_trim(at));
                        if (*line != '#' && *line != ';' && evidence_names(evidence, row, line))
                                return path;
                        if (text_starts(line, "include=") || text_starts(line, "include ="))
                                profile = text_trim(evidence->pool, strchr(line, '=') + 1);
                }
        }
        return NULL;
}

static const char *tuned_says(const struct evidence *evidence, const struct drift_row *row)
{
        const char *names, *path = NULL;
        struct slice name;

        if (host_read(evidence->session->host, evidence->pool, &names, "/etc/tuned/active_profile") < 0)
                return NULL;
        while (!path && text_word(&names, " \n", &name))
                path = profile_says(evidence, row, slice_dup(evidence->pool, name));
        return path;
}

/* --- all of them --------------------------------------------------------------------------------------------------------- */

static void hold_tool(const struct evidence *evidence, const struct tool *tool, const char *unit, struct drift_row *row)
{
        const char *path = text_equals(tool->unit, "tuned.service") ? tuned_says(evidence, row) : NULL;

        if (path)
                evidence_add(evidence, row, "tool", 72, 0,
                             pool_format(evidence->pool, "%s: %s, its profile, names it", unit,
                                         text_printable(evidence->pool, path, SHOWN_MAX)));
        else
                evidence_add(evidence, row, "tool", 45, 0, pool_format(evidence->pool, "%s: %s", unit, tool->words));
}

static void look_for(const struct evidence *evidence, const struct tool *tool)
{
        const char *answer, *unit = NULL;

        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                if (!is_in_hand(tool, row))
                        continue;
                if (!unit && (unit_ask(evidence->session->host, evidence->pool, tool->unit, &answer) < 0 ||
                              !text_equals(unit_property(evidence->pool, answer, "ActiveState"), "active")))
                        return;
                unit = unit ? unit : unit_words(evidence->pool, tool->unit, answer);
                hold_tool(evidence, tool, unit, row);
        }
}

/* "cpu" for cpu.governor and cpu.governors, "irq" for irq.default. */
static bool is_subject(const struct step *step, const struct drift_row *row)
{
        size_t size = strlen(step->knob);

        return !strncmp(row->name, step->knob, size) && (row->name[size] == '.' || !row->name[size]);
}

/* What the setting itself found to contend with it. */
static void hold_contested(const struct evidence *evidence, const struct step *step, struct drift_row *row)
{
        struct pool *pool = evidence->pool;
        const char *name = text_printable(pool, step->target, SHOWN_MAX), *answer;

        if (text_ends(step->target, ".service") && unit_ask(evidence->session->host, pool, step->target, &answer) >= 0)
                name = unit_words(pool, step->target, answer);
        evidence_add(evidence, row, "tool", 68, 0,
                     pool_format(pool, "%s%s%s", name, step->note ? ": " : " runs, and does the same",
                                 step->note ? text_printable(pool, step->note, SHOWN_MAX) : ""));
}

void evidence_of_tools(const struct evidence *evidence)
{
        const struct plan *plan = evidence->examination->plan;

        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                for (size_t j = 0; j < plan->count; j++)
                        if (plan->rows[j]->status == STATUS_CONTESTED && is_subject(plan->rows[j], row) &&
                            !text_equals(row->layer, "profile"))
                                hold_contested(evidence, plan->rows[j], row);
        }
        for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
                look_for(evidence, &tools[i]);
}

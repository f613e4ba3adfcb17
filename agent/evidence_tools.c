/* Which tool that runs now has the item in its hands. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"

#include <string.h>

#define SHOWN_MAX 200
#define CONTESTED 68 /* the weight of what a setting found itself */

/* What each of them is known to set. */
#define FREQUENCY "cpu.governor* cpu.turbo"
/* Not whether there is a link, nor what hardware is there. */
#define LINKS                                                                                                                  \
        "nic.*.speed nic.*.duplex nic.*.mtu nic.*.addresses interface.*.mtu interface.*.addresses interface.*.kind "           \
        "interface.*.ports interface.*.active sysctl.net.ipv4.conf.* sysctl.net.ipv6.conf.*"
static const struct tool {
        const char *unit;
        const char *items; /* patterns of names */
        const char *words;
        bool once; /* it does its work and ends */
} tools[] = {
        { "thermald.service", FREQUENCY " cpu.idle_states", "steers frequency and turbo by the temperature", false },
        { "power-profiles-daemon.service", FREQUENCY, "sets what the chosen profile of power says", false },
        { "tuned.service", FREQUENCY " cpu.idle_states sysctl.* irq* hugepages*", "sets what its profile says", false },
        { "tlp.service", FREQUENCY, "sets what its file says for mains and battery", true },
        { "auto-cpufreq.service", FREQUENCY, "sets governor and turbo by the load", false },
        { "cpupower.service", FREQUENCY " cpu.idle_states", "sets governor and frequencies when it is started", true },
        { "cpufrequtils.service", "cpu.governor*", "sets the governor when it is started", true },
        { "ondemand.service", "cpu.governor*", "sets the governor a minute after the start of the host", true },
        { "irqbalance.service", "irq*", "moves interrupts as it sees fit", false },
        { "NetworkManager.service", LINKS, "sets up links, and their sysctls", false },
        { "systemd-networkd.service", LINKS, "sets up links, and their sysctls", false },
};

/* A port that came or went took its facts along. */
static bool is_in_hand(const struct evidence *evidence, const struct tool *tool, const struct drift_row *row)
{
        if (text_equals(row->layer, "profile") || text_equals(row->layer, "package"))
                return false;
        if (text_starts(row->name, "nic.") && !(row->baseline && row->now))
                return false;
        return evidence_matches(evidence->pool, row->name, tool->items);
}

static bool works_once(const char *unit)
{
        for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
                if (text_equals(tools[i].unit, unit))
                        return tools[i].once;
        return false;
}

/* What systemd, or the file of its process, says of a unit. */
struct state {
        const char *name; /* "irqbalance.service (pid 512)", "cpupower.service (has run)" */
        int64_t at;       /* when what works once was started; 0: not known, or it goes on */
        bool works;       /* it runs, or has run */
};

static const char *pid_text(const struct evidence *evidence, const char *answer, const char *pid_file)
{
        const char *text = answer ? unit_property(evidence->pool, answer, "MainPID") : NULL;
        uint64_t pid;

        if (!text && pid_file && host_read(evidence->session->host, evidence->pool, &text, "%s", pid_file) == 0)
                text = text_trim(evidence->pool, text);
        return text && text_u64(text, 10, &pid) == 0 && pid ? text : NULL;
}

static struct state look_at(const struct evidence *evidence, const char *unit, const char *pid_file)
{
        struct pool *pool = evidence->pool;
        const char *answer = NULL, *started = NULL, *pid, *name = text_printable(pool, unit, SHOWN_MAX);
        bool once = works_once(unit), active;
        struct state state = { .name = name };
        uint64_t us = 0;

        if (unit_ask(evidence->session->host, pool, unit, &answer) == 0)
                started = unit_property(pool, answer, "ExecMainStartTimestamp");
        active = answer && text_equals(unit_property(pool, answer, "ActiveState"), "active");
        pid = active || !answer ? pid_text(evidence, answer, pid_file) : NULL;
        if (once && started && text_u64(started, 10, &us) == 0 && us)
                state.at = (int64_t)(us / 1000000);
        state.works = active || pid || state.at;
        if (pid)
                state.name = pool_format(pool, "%s (pid %s)", name, text_printable(pool, pid, 20));
        else if (once && state.works)
                state.name = pool_format(pool, "%s (has run)", name);
        else if (answer && !active)
                state.name = pool_format(pool, "%s (does not run now)", name);
        return state;
}

static bool is_told(const struct drift_row *row, const char *name)
{
        for (size_t i = 0; i < row->clue_count; i++)
                if (text_equals(row->clues[i].kind, "tool") && text_starts(row->clues[i].text, name))
                        return true;
        return false;
}

static const char *file_words(const struct evidence *evidence, const char *unit, const char *path, enum saying saying)
{
        return pool_format(evidence->pool, "%s%s %s", text_printable(evidence->pool, path, SHOWN_MAX),
                           text_equals(unit, "tuned.service") ? ", its profile," : "",
                           saying == SAYS ? "names it" : "sets it to something else");
}

/* What works once did nothing at another time. A tool whose own file wants what was at the baseline is only told where a setting found that
 * it contends with it, and one whose file wants something else as what may have had it for a while. */
static void hold(const struct evidence *evidence, const char *unit, const struct state *state, struct drift_row *row,
                 unsigned weight, const char *words)
{
        enum saying saying;
        const char *path;

        if (is_told(row, state->name) || (state->at && !evidence_fits(row, state->at)))
                return;
        saying = evidence_tool_file(evidence, row, unit, &path);
        if (saying == SAYS_BASELINE && weight < CONTESTED)
                return;
        if (saying == SAYS || (saying == SAYS_OTHER && weight < CONTESTED))
                words = file_words(evidence, unit, path, saying);
        if (saying == SAYS)
                weight = 72;
        evidence_add(evidence, row, "tool", state->at ? evidence_weigh(row, state->at, weight) : weight, state->at,
                     pool_format(evidence->pool, "%s: %s", state->name, words));
}

static void look_for(const struct evidence *evidence, const struct tool *tool)
{
        struct state state = { 0 };

        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                if (!is_in_hand(evidence, tool, row))
                        continue;
                if (!state.name)
                        state = look_at(evidence, tool->unit, NULL);
                if (!state.works)
                        return;
                hold(evidence, tool->unit, &state, row, 45, tool->words);
        }
}

/* --- what a setting found itself ----------------------------------------------------------------------------------------- */

/* "cpu" for cpu.governor and cpu.governors, "irq" for irq.default. */
static bool is_subject(const struct step *step, const struct drift_row *row)
{
        size_t size = strlen(step->knob);

        return !strncmp(row->name, step->knob, size) && (row->name[size] == '.' || !row->name[size]);
}

/* The unit behind what a setting found to contend with it: the unit itself, the link that enables it, the file of its process, its
 * settings. */
static const char *unit_of(const struct evidence *evidence, const char *target)
{
        const char *name = basename(target);

        if (text_ends(name, ".service"))
                return name;
        if (text_ends(name, ".pid"))
                return pool_format(evidence->pool, "%.*s.service", (int)(strlen(name) - strlen(".pid")), name);
        if (text_starts(target, "/etc/default/"))
                return pool_format(evidence->pool, "%s.service", name);
        return NULL;
}

static void hold_contested(const struct evidence *evidence, const struct step *step, struct drift_row *row)
{
        struct pool *pool = evidence->pool;
        const char *unit = unit_of(evidence, step->target);
        const char *words = step->note ? text_printable(pool, step->note, SHOWN_MAX) : "does the same";
        struct state state = { .name = text_printable(pool, step->target, SHOWN_MAX) };

        if (unit)
                state = look_at(evidence, unit, text_ends(step->target, ".pid") ? step->target : NULL);
        hold(evidence, unit, &state, row, CONTESTED, words);
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

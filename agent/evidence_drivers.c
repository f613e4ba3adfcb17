/* Tools that drive an item without naming it: tuned the governor, systemctl a unit, a driver its ports. */

#include "agent/evidence_commands.h"

#include "agent/core/fact.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define GOVERNORS "cpu.governor cpu.governor.* cpu.governors"
#define LINKS     "nic.* interface.*"
#define MODULES   "modprobe rmmod insmod"
#define UNIT_VERBS                                                                                                             \
        "start stop restart reload try-restart reload-or-restart kill reset-failed isolate enable disable mask unmask edit "   \
        "daemon-reload set-property revert"

static const struct {
        const char *items;    /* patterns of their names */
        const char *programs; /* by their manual pages */
        const char *words;    /* one of which stands among the arguments; NULL: any do */
        enum naming naming;
} drivers[] = {
        { GOVERNORS, "tuned-adm", "profile off auto_profile", NAMES_FILE },
        { GOVERNORS, "powerprofilesctl", "set launch", NAMES_FILE },
        { GOVERNORS, "tlp", NULL, NAMES_FILE },
        { GOVERNORS " cpu.turbo", "x86_energy_perf_policy cpufreq-set", NULL, NAMES_PERHAPS },
        { "cpu.turbo cpu.idle_states sysctl.* irq* hugepages* cmdline* kernel.cmdline swap.*", "tuned-adm",
          "profile off auto_profile", NAMES_PERHAPS },
        { "cpu.turbo", "tlp powerprofilesctl", NULL, NAMES_PERHAPS },
        { "cpu.idle_states", "cpupower", "idle-set", NAMES_FILE },
        { "clock.*", "timedatectl", "set-ntp set-time set-timezone set-local-rtc", NAMES_FILE },
        { "clock.*", "date hwclock ntpdate sntp chronyc adjtimex ptp4l phc2sys phc_ctl", NULL, NAMES_FILE },
        { "cpu.online cpu.threads cpu.smt", "chcpu", NULL, NAMES_FILE },
        { LINKS, MODULES, NULL, NAMES_PERHAPS },
        { LINKS, "netplan", "apply try", NAMES_PERHAPS },
        { LINKS, "ifdown ifup ifreload", NULL, NAMES_PERHAPS },
        { LINKS, "nmcli", NULL, NAMES_PERHAPS },
        { LINKS, "networkctl", "reconfigure reload up down renew forcerenew delete", NAMES_PERHAPS },
};

/* The same of units of systemd: to start one of them is to run it. */
static const struct {
        const char *items, *units;
} units[] = {
        { GOVERNORS, "tlp tuned power-profiles-daemon cpupower cpufrequtils ondemand loadcpufreq cpufreqd thermald" },
        { "cpu.turbo cpu.idle_states", "tlp tuned power-profiles-daemon cpupower" },
        { "sysctl.* irq* hugepages*", "tuned" },
        { "irq*", "irqbalance" },
        { "clock.*", "chrony chronyd ntp ntpd ntpsec systemd-timesyncd ptp4l phc2sys" },
        { LINKS, "systemd-networkd networking NetworkManager systemd-udevd" },
};

static bool has_word_of(const char *arguments, const char *words)
{
        struct slice word;

        while (evidence_argument(&arguments, &word))
                if (evidence_is_among(word, words))
                        return true;
        return false;
}

/* "tlp" and "tlp.service" alike. */
static bool has_unit(struct pool *pool, const char *arguments, const char *names)
{
        struct slice word;

        while (evidence_argument(&arguments, &word)) {
                const char *unit = slice_dup(pool, word);

                if (text_ends(unit, ".service"))
                        unit = pool_copy(pool, unit, strlen(unit) - strlen(".service"));
                if (evidence_is_among(slice_of(unit), names))
                        return true;
        }
        return false;
}

/* The names of the units that failed stand in the fact's note. */
static bool names_failed(const struct evidence *evidence, const char *arguments)
{
        const struct facts *facts = evidence->examination->facts;
        const struct fact *failed = facts ? fact_find(facts, "units.failed") : NULL;
        const char *names = failed && failed->note ? failed->note : "";
        struct slice word;

        while (text_word(&names, " ,;", &word)) {
                const char *unit = slice_dup(evidence->pool, word), *dot = strrchr(unit, '.');

                if (dot && (has_word_of(arguments, unit) ||
                            has_word_of(arguments, pool_copy(evidence->pool, unit, (size_t)(dot - unit)))))
                        return true;
        }
        return false;
}

static enum naming by_unit(const struct evidence *evidence, const struct drift_row *row, const char *arguments)
{
        const char *unit = text_starts(row->name, "unit.") ? evidence_device(evidence->pool, row->name) : NULL;

        if (!has_word_of(arguments, UNIT_VERBS))
                return NAMES_NOT;
        if (unit)
                return has_unit(evidence->pool, arguments,
                                text_ends(unit, ".service") ? pool_copy(evidence->pool, unit, strlen(unit) - strlen(".service"))
                                                            : unit)
                               ? NAMES_FILE
                       : has_word_of(arguments, "daemon-reload isolate reset-failed") ? NAMES_PERHAPS
                                                                                      : NAMES_NOT;
        if (text_equals(row->name, "units.failed"))
                return names_failed(evidence, arguments) ? NAMES_FILE : NAMES_PERHAPS;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                if (evidence_matches(evidence->pool, row->name, units[i].items) &&
                    has_unit(evidence->pool, arguments, units[i].units))
                        return has_word_of(arguments, "start restart reload try-restart reload-or-restart") ? NAMES_FILE
                                                                                                            : NAMES_PERHAPS;
        return NAMES_NOT;
}

enum naming evidence_drives(const struct evidence *evidence, const struct drift_row *row, const char *words)
{
        const char *arguments, *program = evidence_program(evidence->pool, words, &arguments);
        enum naming naming = NAMES_NOT;

        if (!program || text_equals(row->layer, "profile") || text_equals(row->layer, "package") ||
            text_equals(row->layer, "files"))
                return NAMES_NOT;
        if (text_equals(program, "systemctl") || text_equals(program, "service"))
                return by_unit(evidence, row, arguments);
        /* Which module it was is told already. */
        if (evidence_is_among(slice_of(program), MODULES) && evidence_knows_driver(evidence, row))
                return NAMES_NOT;
        for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++)
                if (evidence_is_among(slice_of(program), drivers[i].programs) && drivers[i].naming > naming &&
                    (!drivers[i].words || has_word_of(arguments, drivers[i].words)) &&
                    evidence_matches(evidence->pool, row->name, drivers[i].items))
                        naming = drivers[i].naming;
        return naming;
}

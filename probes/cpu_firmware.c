/* What the firmware lets the processors do, and whether they found errors in themselves. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"
#include "probes/cpu_parts.h"

#include <errno.h>
#include <string.h>

#define FOLDER     "/sys/devices/system/cpu"
#define INTERRUPTS "/proc/interrupts"
#define NO_TURBO   FOLDER "/intel_pstate/no_turbo"
#define BOOST      FOLDER "/cpufreq/boost"
#define NAME_LIMIT 60

/* intel_pstate says what is off, the others what is on (Documentation/admin-guide/pm/intel_pstate.rst, cpufreq.rst). */
static void add_turbo(struct host *host, struct facts *facts)
{
        static const struct {
                const char *path;
                int64_t on;
        } switches[] = { { NO_TURBO, 0 }, { BOOST, 1 } };

        for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
                int64_t number;
                int r = host_number(host, &number, "%s", switches[i].path);

                if (r == -ENOENT)
                        continue;
                if (r == 0 && number != 0 && number != 1)
                        r = -EINVAL;
                if (r < 0)
                        fact_unknown(facts, r, switches[i].path, "cpu.turbo");
                else
                        fact_known(facts, value_flag(number == switches[i].on), switches[i].path, "cpu.turbo");
                return;
        }
        fact_absent(facts, FOLDER, "cpu.turbo");
}

#define STATES_MAX 64

struct idle_states {
        size_t count;
        struct {
                const char *name;
                unsigned cpus; /* that may sink into it */
        } at[STATES_MAX];
        unsigned cpus; /* that have any, switched off or not */
};

/* Of one CPU; a state may be switched off for each (Documentation/admin-guide/pm/cpuidle.rst). */
static int read_state(struct host *host, struct pool *pool, const char *folder, struct idle_states *states)
{
        int64_t off = 0;
        const char *text;
        size_t at = 0;
        char *word;
        int r;

        r = host_read(host, pool, &text, "%s/name", folder);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        word = pool_dup(pool, text_printable(pool, text_trim(pool, text), NAME_LIMIT));
        if (!*word)
                return -EINVAL;
        /* "haltpoll idle" */
        for (char *c = word; (c = strpbrk(c, " \t")) != NULL;)
                *c = '_';
        r = host_number(host, &off, "%s/disable", folder);
        if (r < 0 && r != -ENOENT)
                return r;
        while (at < states->count && !text_equals(states->at[at].name, word))
                at++;
        if (at == STATES_MAX)
                return -ERANGE;
        if (at == states->count)
                states->at[states->count++].name = word;
        states->at[at].cpus += off == 0;
        return 1;
}

static int read_states(struct host *host, struct pool *pool, unsigned cpu, struct idle_states *states)
{
        const char *folder = pool_format(pool, FOLDER "/cpu%u/cpuidle", cpu);
        const char *const *names;
        bool any = false;
        int r;

        r = host_list(host, pool, &names, "%s", folder);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (; *names; names++) {
                if (!sysfs_is_numbered(*names, "state"))
                        continue;
                r = read_state(host, pool, pool_format(pool, "%s/%s", folder, *names), states);
                if (r < 0)
                        return r;
                any |= r > 0;
        }
        states->cpus += any;
        return 0;
}

/* Which are not the same on all CPUs: "C6 on 2 of 4 CPUs; switched off: C8"; NULL: none. */
static const char *differing_states(struct pool *pool, const struct idle_states *states)
{
        const char *some = NULL, *off = NULL;

        for (size_t i = 0; i < states->count; i++)
                if (!states->at[i].cpus)
                        off = cpu_add_word(pool, off, states->at[i].name);
                else if (states->at[i].cpus < states->cpus)
                        some = pool_format(pool, "%s%s%s on %u of %u CPUs", some ? some : "", some ? ", " : "",
                                           states->at[i].name, states->at[i].cpus, states->cpus);
        if (!off)
                return some;
        return pool_format(pool, "%s%sswitched off: %s", some ? some : "", some ? "; " : "", off);
}

/* CPUs of two kinds have states of their own. */
static void add_idle_states(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology)
{
        static const char source[] = FOLDER "/cpu*/cpuidle";
        struct idle_states states = { 0 };
        const char *note, *words = NULL;
        int r = 0;

        for (unsigned cpu = cpus_next(&topology->online, 0); r == 0 && cpu != CPUS_END;
             cpu = cpus_next(&topology->online, cpu + 1))
                r = read_states(host, pool, cpu, &states);
        if (r < 0) {
                fact_unknown(facts, r, source, "cpu.idle_states");
                return;
        }
        if (!states.count) {
                fact_absent(facts, source, "cpu.idle_states");
                return;
        }
        for (size_t i = 0; i < states.count; i++)
                if (states.at[i].cpus)
                        words = cpu_add_word(pool, words, states.at[i].name);
        fact_known(facts, value_words(pool, words ? words : ""), source, "cpu.idle_states");
        note = differing_states(pool, &states);
        if (note)
                fact_note(facts, "%s", note);
}

/* The row "MCE: 0 Machine check exceptions" (arch/x86/kernel/irq.c); what could not be added up has more than one number. */
static int sum_row(struct pool *pool, struct slice line, int64_t *sum)
{
        struct slice word;
        uint64_t number;

        *sum = 0;
        while (slice_word(&line, " \t", &word)) {
                if (word.at[0] < '0' || word.at[0] > '9')
                        return 0;
                if (text_u64(slice_dup(pool, word), 10, &number) < 0 || number > INT64_MAX)
                        return -EINVAL;
                if (__builtin_add_overflow(*sum, (int64_t)number, sum))
                        return -ERANGE;
        }
        return 0;
}

/* Whether there is such a row, and its sum; *r: a negative errno where it makes no sense. */
static bool find_row(struct pool *pool, const char *text, const char *label, int64_t *sum, int *r)
{
        struct slice line, word;

        *sum = 0;
        while (text_line(&text, &line)) {
                if (!slice_word(&line, " \t", &word) || !slice_equals(word, label))
                        continue;
                *r = sum_row(pool, line, sum);
                return true;
        }
        return false;
}

/* AMD processors report an error in data that nobody has used yet by an interrupt instead of an exception, "DFR"; "THR" counts interrupts
 * about errors that were corrected (arch/x86/kernel/cpu/mce/amd.c, threshold.c). */
static void add_machine_checks(struct host *host, struct facts *facts, struct pool *pool)
{
        int64_t checks = 0, deferred = 0, corrected = 0, sum = 0;
        const char *text;
        int r, unsound = 0;

        r = host_interrupts(host, pool, &text);
        if (r < 0) {
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, INTERRUPTS, "cpu.machine_checks");
                return;
        }
        if (!find_row(pool, text, "MCE:", &checks, &r)) {
                fact_absent(facts, INTERRUPTS, "cpu.machine_checks");
                return;
        }
        if (find_row(pool, text, "DFR:", &deferred, &unsound) && r == 0)
                r = unsound;
        if (r == 0 && __builtin_add_overflow(checks, deferred, &sum))
                r = -ERANGE;
        if (r < 0) {
                fact_unknown(facts, r, INTERRUPTS, "cpu.machine_checks");
                return;
        }
        fact_known(facts, value_number(sum, UNIT_COUNT), INTERRUPTS, "cpu.machine_checks");
        if (!find_row(pool, text, "THR:", &corrected, &unsound) || unsound < 0)
                corrected = 0;
        if (deferred && corrected)
                fact_note(facts, "%lld of them deferred; besides, %lld interrupts about corrected errors", (long long)deferred,
                          (long long)corrected);
        else if (deferred)
                fact_note(facts, "%lld of them deferred", (long long)deferred);
        else if (corrected)
                fact_note(facts, "besides, %lld interrupts about corrected errors", (long long)corrected);
}

void cpu_firmware_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology)
{
        add_turbo(host, facts);
        add_idle_states(host, facts, pool, topology);
        add_machine_checks(host, facts, pool);
}

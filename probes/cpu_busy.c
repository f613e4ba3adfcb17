/* How busy the CPUs are that no trading thread has for itself, and what a hypervisor takes from all of them. */

#include "probes/cpu_parts.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"

#include <errno.h>
#include <string.h>

#define BUSY     "cpu.busy"
#define STOLEN   "cpu.steal"
#define QUESTION "cpu/times"
#define FOLDER   "/sys/devices/system/cpu"
#define TICK_MS  10 /* USER_HZ is 100 for every program there is (proc_stat(5)) */
#define SAMPLES  2

/* In the order of proc_stat(5). The times of guests behind them are part of user and nice already. */
enum column { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMNS };

struct sample {
        uint64_t after_ms;
        struct cpus seen;
        uint64_t (*ticks)[COLUMNS]; /* by number of the CPU */
};

struct share {
        uint64_t busy, all, iowait, steal;
};

static int read_cpu(struct pool *pool, struct slice line, struct slice name, struct sample *sample)
{
        uint64_t cpu, row[COLUMNS];
        struct slice word;

        if (text_u64(slice_dup(pool, (struct slice){ name.at + 3, name.size - 3 }), 10, &cpu) < 0 || cpu >= CPUS_MAX)
                return -EBADMSG;
        if (cpus_has(&sample->seen, (unsigned)cpu))
                return -EBADMSG;
        for (unsigned i = 0; i < COLUMNS; i++)
                if (!slice_word(&line, " ", &word) || text_u64(slice_dup(pool, word), 10, &row[i]) < 0)
                        return -EBADMSG;
        memcpy(sample->ticks[cpu], row, sizeof row);
        cpus_add(&sample->seen, (unsigned)cpu);
        return 0;
}

static int read_samples(struct pool *pool, const char *text, struct sample *samples)
{
        struct slice line, name;
        unsigned count = 0;

        while (text_line(&text, &line)) {
                int r;

                if (!slice_word(&line, " ", &name))
                        return -EBADMSG;
                if (!slice_equals(name, "after_ms")) {
                        r = count && name.size > 3 && text_starts(name.at, "cpu")
                                    ? read_cpu(pool, line, name, &samples[count - 1])
                                    : -EBADMSG;
                        if (r < 0)
                                return r;
                        continue;
                }
                if (count == SAMPLES || text_u64(slice_dup(pool, line), 10, &samples[count].after_ms) < 0)
                        return -EBADMSG;
                samples[count].ticks = pool_zero(pool, CPUS_MAX * sizeof *samples[count].ticks);
                count++;
        }
        if (count < SAMPLES)
                return -ENODATA;
        return samples[1].after_ms > samples[0].after_ms && samples[1].after_ms - samples[0].after_ms < INT32_MAX ? 0
                                                                                                                  : -EBADMSG;
}

/* Idle time is corrected backwards now and then (proc_stat(5) says so of iowait): that is none. Anything else that shrinks is a
 * counter that starts again, of a CPU that was away. */
static int add_cpu(const struct sample *samples, unsigned cpu, struct share *share)
{
        uint64_t elapsed = samples[1].after_ms - samples[0].after_ms, moved[COLUMNS], all = 0;

        for (unsigned i = 0; i < COLUMNS; i++) {
                uint64_t before = samples[0].ticks[cpu][i], now = samples[1].ticks[cpu][i];

                if (now < before && i != IDLE && i != IOWAIT)
                        return -EAGAIN;
                moved[i] = now < before ? 0 : now - before;
                if (moved[i] > elapsed)
                        return -EBADMSG;
                all += moved[i];
        }
        /* Where the kernel does not tell half of the time, what it does tell says little. */
        if (all * TICK_MS * 2 < elapsed)
                return -ENODATA;
        share->all += all;
        share->busy += all - moved[IDLE] - moved[IOWAIT];
        share->iowait += moved[IOWAIT];
        share->steal += moved[STEAL];
        return 0;
}

/* Those that work for everybody. */
static int find_housekeeping(struct host *host, const struct topology *topology, struct cpus *counted)
{
        struct cpus boot, partitions, nohz_full;
        const char *source;
        int r;

        *counted = topology->online;
        r = cpu_isolated(host, &boot, &partitions, &source);
        if (r < 0 && r != -ENODATA)
                return r;
        cpus_subtract(counted, &boot);
        cpus_subtract(counted, &partitions);
        r = host_cpus(host, &nohz_full, FOLDER "/nohz_full");
        if (r < 0 && r != -ENOENT)
                return r;
        if (r == 0)
                cpus_subtract(counted, &nohz_full);
        if (cpus_empty(counted))
                *counted = topology->online;
        return cpus_empty(counted) ? -ENODATA : 0;
}

static void add_busy(struct facts *facts, struct pool *pool, const struct share *share, const struct cpus *counted)
{
        double percent = 100.0 / (double)share->all;

        fact_known(facts, value_real((double)share->busy * percent, UNIT_PERCENT), QUESTION, BUSY);
        fact_note(facts,
                  "CPUs %s over one second; %.1f %% stolen by the hypervisor (counted as busy), %.1f %% waiting for disks "
                  "(counted as idle)",
                  cpus_format(pool, counted), (double)share->steal * percent, (double)share->iowait * percent);
}

static void add_stolen(struct facts *facts, struct pool *pool, const struct share *share, const struct cpus *counted)
{
        fact_known(facts, value_real((double)share->steal * 100.0 / (double)share->all, UNIT_PERCENT), QUESTION, STOLEN);
        fact_note(facts, "CPUs %s over one second", cpus_format(pool, counted));
}

static bool tells_steal(const struct sample *sample)
{
        for (unsigned cpu = cpus_next(&sample->seen, 0); cpu != CPUS_END; cpu = cpus_next(&sample->seen, cpu + 1))
                if (sample->ticks[cpu][STEAL])
                        return true;
        return false;
}

static int sum(const struct sample *samples, const struct cpus *counted, struct share *share, unsigned *culprit)
{
        for (unsigned cpu = cpus_next(counted, 0); cpu != CPUS_END; cpu = cpus_next(counted, cpu + 1)) {
                int r = -EAGAIN;

                *culprit = cpu;
                if (cpus_has(&samples[0].seen, cpu) && cpus_has(&samples[1].seen, cpu))
                        r = add_cpu(samples, cpu, share);
                if (r < 0)
                        return r;
        }
        return 0;
}

static void add_unknown(struct host *host, struct facts *facts, int error, const char *name, unsigned culprit)
{
        fact_unknown(facts, error, QUESTION, "%s", name);
        if (culprit != CPUS_END)
                fact_note(facts,
                          error == -EAGAIN ? "CPU %u came or went while the sample was taken"
                                           : "the kernel does not tell what CPU %u did in that time",
                          culprit);
        else if (error == -ENODATA && !host_is_live(host))
                fact_note(facts, "it takes two looks at /proc/stat, and a copy of a host holds one");
}

static int take_samples(struct host *host, struct pool *pool, struct sample *samples)
{
        const void *answer;
        size_t size;
        int r;

        r = host_ask(host, pool, &answer, &size, QUESTION);
        if (r < 0)
                return r;
        return memchr(answer, 0, size) ? -EILSEQ : read_samples(pool, pool_copy(pool, answer, size), samples);
}

/* One sample serves both, for it takes a second. */
void cpu_busy_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology, bool guest)
{
        struct measure {
                const char *name;
                void (*add)(struct facts *facts, struct pool *pool, const struct share *share, const struct cpus *counted);
                int error;
                struct cpus counted;
        } measures[] = { { .name = BUSY, .add = add_busy },
                         { .name = STOLEN, .add = add_stolen, .counted = topology->online } };
        struct sample samples[SAMPLES] = { 0 };
        int taken;

        if (!fact_is_asked(facts, BUSY) && !fact_is_asked(facts, STOLEN))
                return;
        measures[0].error = find_housekeeping(host, topology, &measures[0].counted);
        measures[1].error = cpus_empty(&topology->online) ? -ENODATA : 0;
        taken = take_samples(host, pool, samples);
        for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
                struct measure *measure = &measures[i];
                struct share share = { 0 };
                unsigned culprit = CPUS_END;
                int r = measure->error ? measure->error : taken;

                if (!fact_is_asked(facts, measure->name))
                        continue;
                if (r == 0)
                        r = sum(samples, &measure->counted, &share, &culprit);
                if (r == 0 && guest && text_equals(measure->name, STOLEN) && !tells_steal(&samples[1])) {
                        fact_unknown(facts, -ENODATA, QUESTION, STOLEN);
                        fact_note(facts, "the hypervisor has told no steal since the start");
                } else if (r == 0)
                        measure->add(facts, pool, &share, &measure->counted);
                else
                        add_unknown(host, facts, r, measure->name, culprit);
        }
}

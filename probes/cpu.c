/* The processors: how many sockets, cores and threads, what they are, and how the kernel drives them. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/processor.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"
#include "probes/cpu_parts.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define FOLDER     "/sys/devices/system/cpu"
#define TEXT_LIMIT 100

static const struct fact_info cpu_facts[] = {
        { "cpu.vendor", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Maker of the processor: GenuineIntel, AuthenticAMD.",
          "the CPUID instruction, leaf 0; /proc/cpuinfo of a tree" },
        { "cpu.model", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "Name of the processor. Hypervisors shorten it or make one up, so it is evidence only on bare metal.",
          "the CPUID instruction, leaves 0x80000002 to 0x80000004; /proc/cpuinfo of a tree" },
        { "cpu.sockets", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "Processor packages with at least one online CPU.",
          "/sys/devices/system/cpu/cpu*/topology/physical_package_id, package_cpus_list" },
        { "cpu.cores", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Physical cores. Threads of one core share its units, so 32 threads on 16 cores do not count as 32.",
          "/sys/devices/system/cpu/cpu*/topology/core_cpus_list, physical_package_id, die_id, core_id" },
        { "cpu.threads", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "Logical CPUs that are present, also those that are offline.",
          "/sys/devices/system/cpu/present" },
        { "cpu.online", VALUE_CPUS, UNIT_NONE, REACH_QUIET, "CPUs that run.", "/sys/devices/system/cpu/online" },
        { "cpu.smt", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether two threads of one core run. They slow each other down: a trading thread wants its core alone.",
          "/sys/devices/system/cpu/smt/active, /sys/devices/system/cpu/cpu*/topology" },
        { "cpu.isolated", VALUE_CPUS, UNIT_NONE, REACH_QUIET,
          "CPUs that the scheduler leaves alone unless a thread asks for them: isolcpus=domain, and from Linux 6.12 on those "
          "of "
          "isolated cpuset partitions, which an older kernel does not list. The note names these.",
          CPU_ISOLATED ", " CPU_PARTITIONS },
        { "cpu.nohz_full", VALUE_CPUS, UNIT_NONE, REACH_QUIET, "CPUs whose tick stops while a single thread runs (nohz_full=).",
          "/sys/devices/system/cpu/nohz_full" },
        { "cpu.governors", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "Frequency governors in use. Absent where firmware or hypervisor keeps the frequency to itself.",
          "/sys/devices/system/cpu/cpufreq/policy*/scaling_governor" },
        { "cpu.frequency_driver", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "Driver that sets the frequency: it decides which governors exist.",
          "/sys/devices/system/cpu/cpufreq/policy*/scaling_driver" },
        { "cpu.microcode", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "Microcode revision of the online CPUs. Boxes of one fleet should have the same; one box must.",
          "/sys/devices/system/cpu/cpu*/microcode/version; /proc/cpuinfo of a tree" },
        { "cpu.microcode_equal", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether all online CPUs run the same microcode. Where they do not, an update reached only a part of them.",
          "/sys/devices/system/cpu/cpu*/microcode/version" },
        { "cpu.busy", VALUE_REAL, UNIT_PERCENT, REACH_QUIET,
          "How busy the housekeeping CPUs are, over one second: the online CPUs that are neither isolated nor nohz_full, all "
          "of "
          "them where none is. A trading thread that polls keeps its CPU busy by design, and is left out. Waiting for a disk "
          "counts as idle, for the CPU could work; time that the hypervisor gave to others counts as busy, for it could not. "
          "Measured only where it is asked for by name or where every fact is.",
          "/proc/stat, read twice, a second apart" },
        { "cpu.steal", VALUE_REAL, UNIT_PERCENT, REACH_QUIET,
          "Time that the hypervisor took from the online CPUs, isolated ones included, in the second of cpu.busy: a guest that "
          "is to answer in time must lose none. 0 on real hardware; unknown in a guest that was told of none since its start, "
          "for a hypervisor need not tell. Measured only where it is asked for by name or where every fact is.",
          "/proc/stat, read twice, a second apart" },
        { "cpu.turbo", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the processors may go above their base frequency: the fastest, and not always the steadiest. Absent where "
          "the firmware keeps that to itself.",
          "/sys/devices/system/cpu/intel_pstate/no_turbo, /sys/devices/system/cpu/cpufreq/boost" },
        { "cpu.idle_states", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "The states that an idle CPU may sink into: POLL and C1 where firmware or kernel allow no deeper one, from which "
          "it takes tens of microseconds to wake up. Of all online CPUs, without those that are switched off; the note says "
          "which those are, and what only some of the CPUs have.",
          "/sys/devices/system/cpu/cpu*/cpuidle/state*: name, disable" },
        { "cpu.machine_checks", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Machine check exceptions since the boot, of all CPUs: a processor, its caches or the memory found an error that "
          "could not wait. A single one asks for the vendor. Deferred errors of AMD processors, found before anything used "
          "what "
          "is broken, are among them. Interrupts about errors that were corrected are only named beside it.",
          "/proc/interrupts, the rows MCE and DFR" },
        { "cpu.tsc_invariant", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the time stamp counter runs at one rate whatever a CPU does: what makes it a clock. A hypervisor that may "
          "move its guest elsewhere hides that.",
          "the CPUID instruction, leaf 0x80000007; the flags constant_tsc and nonstop_tsc in /proc/cpuinfo of a tree" },
        { "cpu.throttles.core", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "How often since boot a core was slowed down because it was too hot: of the CPU with the most. Any at all asks for a "
          "look at "
          "fans, dust and power limits. Only Intel processors count it.",
          "/sys/devices/system/cpu/cpu*/thermal_throttle/core_throttle_count" },
        { "cpu.throttles.package", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "The same for a whole package, which slows down all of its cores.",
          "/sys/devices/system/cpu/cpu*/thermal_throttle/package_throttle_count" },
        { 0 },
};

/* --- what the processor is -------------------------------------------------------------------------------------------- */

static void add_text(struct facts *facts, struct pool *pool, int error, const char *text, const char *source, const char *name)
{
        if (text)
                fact_known(facts, value_text(pool, text), source, "%s", name);
        else
                fact_unknown(facts, error < 0 ? error : -ENODATA, source, "%s", name);
}

/* --- how many there are ----------------------------------------------------------------------------------------------- */

static void note_cores(struct facts *facts, struct pool *pool, const struct topology *topology)
{
        const char *offline = cpus_format(pool, &topology->offline);

        if (*offline && topology->core_problem)
                fact_note(facts, "CPUs %s are offline and not counted; %s", offline, topology->core_problem);
        else if (*offline)
                fact_note(facts, "CPUs %s are offline: cores of which no thread runs are not counted", offline);
        else if (topology->core_problem)
                fact_note(facts, "%s", topology->core_problem);
}

static bool cores_known(const struct topology *topology)
{
        for (size_t i = 0; i < topology->count; i++)
                if (topology->cpus[i].core_index < 0 && cpus_has(&topology->online, topology->cpus[i].cpu))
                        return false;
        return topology->cores > 0;
}

static void add_smt(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology)
{
        struct value active;
        int r;

        r = host_value(host, pool, VALUE_FLAG, UNIT_NONE, &active, FOLDER "/smt/active");
        if (r == 0) {
                fact_known(facts, active, FOLDER "/smt/active", "cpu.smt");
                return;
        }
        if (!cores_known(topology)) {
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, FOLDER "/smt/active", "cpu.smt");
                return;
        }
        fact_known(facts, value_flag(cpus_count(&topology->online) > topology->cores), FOLDER "/cpu*/topology", "cpu.smt");
}

static void add_counts(struct facts *facts, struct pool *pool, const struct topology *topology)
{
        if (topology->sockets)
                fact_known(facts, value_number(topology->sockets, UNIT_COUNT), topology->source, "cpu.sockets");
        else
                fact_unknown(facts, -ENODATA, topology->source, "cpu.sockets");
        if (cores_known(topology))
                fact_known(facts, value_number(topology->cores, UNIT_COUNT), topology->source, "cpu.cores");
        else
                fact_unknown(facts, -ENODATA, topology->source, "cpu.cores");
        note_cores(facts, pool, topology);
        fact_known(facts, value_number((int64_t)topology->count, UNIT_COUNT), topology->source, "cpu.threads");
        if (cpus_empty(&topology->online)) {
                fact_unknown(facts, -ENODATA, topology->source, "cpu.online");
                return;
        }
        fact_known(facts, value_cpus(pool, &topology->online), topology->source, "cpu.online");
        if (!topology->online_known)
                fact_note(facts, "no list of the online CPUs can be read: these have a topology");
}

/* --- how the kernel drives them --------------------------------------------------------------------------------------- */

static void add_nohz_full(struct host *host, struct facts *facts, struct pool *pool)
{
        static const char source[] = FOLDER "/nohz_full", name[] = "cpu.nohz_full";
        struct cpus set;
        int r;

        r = host_cpus(host, &set, "%s", source);
        if (r == 0)
                fact_known(facts, value_cpus(pool, &set), source, "%s", name);
        else if (r == -ENOENT)
                fact_absent(facts, source, "%s", name);
        else
                fact_unknown(facts, r, source, "%s", name);
}

static void add_isolated(struct host *host, struct facts *facts, struct pool *pool)
{
        struct cpus boot, partitions, all;
        const char *source;
        int r;

        r = cpu_isolated(host, &boot, &partitions, &source);
        if (r < 0) {
                fact_unknown(facts, r, source, "cpu.isolated");
                return;
        }
        all = boot;
        cpus_unite(&all, &partitions);
        fact_known(facts, value_cpus(pool, &all), cpus_empty(&partitions) ? CPU_ISOLATED : CPU_PARTITIONS, "cpu.isolated");
        if (!cpus_empty(&partitions))
                fact_note(facts, "%s by cpuset partitions", cpus_format(pool, &partitions));
}

struct frequency {
        const char *governors, *drivers;
        unsigned policies;
        int error; /* of the first policy that could not be read */
};

/* A policy whose CPUs are all offline answers EBUSY and sets no frequency (drivers/cpufreq/cpufreq.c, show). */
static void read_policy(struct host *host, struct pool *pool, const char *path, struct frequency *frequency)
{
        const char *governor, *driver;
        int r;

        r = host_read(host, pool, &governor, "%s/scaling_governor", path);
        if (r == -EBUSY || r == -ENOENT)
                return;
        frequency->policies++;
        governor = r < 0 ? "" : text_trim(pool, governor);
        if (!*governor || strpbrk(governor, " \t\n") || strlen(governor) > TEXT_LIMIT) {
                if (!frequency->error)
                        frequency->error = r < 0 ? r : -EINVAL;
                return;
        }
        frequency->governors = cpu_add_word(pool, frequency->governors, text_printable(pool, governor, TEXT_LIMIT));
        if (host_read(host, pool, &driver, "%s/scaling_driver", path) < 0)
                return;
        driver = text_trim(pool, driver);
        if (*driver && strlen(driver) <= TEXT_LIMIT)
                frequency->drivers = cpu_add_word(pool, frequency->drivers, text_printable(pool, driver, TEXT_LIMIT));
}

/* Kernels before 4.3 have a folder below each CPU in place of the policies. */
static void read_frequency(struct host *host, struct pool *pool, const struct topology *topology, struct frequency *frequency)
{
        const char *const *names;
        bool any = false;
        int r;

        r = host_list(host, pool, &names, FOLDER "/cpufreq");
        if (r < 0 && r != -ENOENT)
                frequency->error = r;
        if (r == 0)
                for (; *names; names++) {
                        if (!text_starts(*names, "policy"))
                                continue;
                        any = true;
                        read_policy(host, pool, pool_format(pool, FOLDER "/cpufreq/%s", *names), frequency);
                }
        if (any)
                return;
        for (unsigned cpu = cpus_next(&topology->online, 0); cpu != CPUS_END; cpu = cpus_next(&topology->online, cpu + 1))
                read_policy(host, pool, pool_format(pool, FOLDER "/cpu%u/cpufreq", cpu), frequency);
}

static void add_frequency(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology)
{
        struct frequency frequency = { 0 };

        read_frequency(host, pool, topology, &frequency);
        if (!frequency.policies && !frequency.error) {
                fact_absent(facts, FOLDER "/cpufreq", "cpu.governors");
                fact_absent(facts, FOLDER "/cpufreq", "cpu.frequency_driver");
                return;
        }
        if (frequency.error < 0)
                fact_unknown(facts, frequency.error, FOLDER "/cpufreq", "cpu.governors");
        else
                fact_known(facts, value_words(pool, frequency.governors), FOLDER "/cpufreq", "cpu.governors");
        if (frequency.drivers)
                fact_known(facts, value_words(pool, frequency.drivers), FOLDER "/cpufreq", "cpu.frequency_driver");
        else
                fact_unknown(facts, frequency.error < 0 ? frequency.error : -ENODATA, FOLDER "/cpufreq",
                             "cpu.frequency_driver");
}

static int cpu_run(struct host *host, struct facts *facts)
{
        autopool struct pool *scratch = pool_new();
        const struct topology *topology;
        struct processor processor;
        int r;

        r = processor_read(host, scratch, &processor);
        add_text(facts, scratch, r, processor.vendor, processor.source, "cpu.vendor");
        add_text(facts, scratch, r, processor.model, processor.source, "cpu.model");
        if (processor.tsc_known)
                fact_known(facts, value_flag(processor.tsc_invariant), processor.source, "cpu.tsc_invariant");
        else
                fact_unknown(facts, r < 0 ? r : -ENODATA, processor.source, "cpu.tsc_invariant");
        r = topology_read(host, &topology);
        if (r < 0)
                return r == -ENOENT ? -ENODATA : r;
        add_counts(facts, scratch, topology);
        add_smt(host, facts, scratch, topology);
        add_isolated(host, facts, scratch);
        add_nohz_full(host, facts, scratch);
        add_frequency(host, facts, scratch, topology);
        cpu_microcode_facts(host, facts, scratch, topology, &processor);
        cpu_firmware_facts(host, facts, scratch, topology);
        cpu_throttle_facts(host, facts, scratch, topology);
        cpu_busy_facts(host, facts, scratch, topology, processor.guest);
        return 0;
}

const struct probe probe_cpu = {
        .name = "cpu",
        .help = "The processors: how many, what they are, and how the kernel drives them.",
        .facts = cpu_facts,
        .run = cpu_run,
};

/* What the firmware lets processors do, and the errors they found in themselves. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define CPU "/sys/devices/system/cpu"

/* Up to two files beside two online CPUs, and the fact that comes of them. */
static const struct {
        const char *name;
        struct {
                const char *path, *text;
        } files[2];
        struct fact_row row;
} cases[] = {
        { "turbo of intel_pstate", { { CPU "/intel_pstate/no_turbo", "0\n" } }, { "cpu.turbo", "true" } },
        { "no turbo of intel_pstate",
          { { CPU "/intel_pstate/no_turbo", "1\n" }, { CPU "/cpufreq/boost", "1\n" } },
          { "cpu.turbo", "false" } },
        { "boost", { { CPU "/cpufreq/boost", "1\n" } }, { "cpu.turbo", "true" } },
        { "no boost", { { CPU "/cpufreq/boost", "0\n" } }, { "cpu.turbo", "false" } },
        { "boost of another kind", { { CPU "/cpufreq/boost", "2\n" } }, { "cpu.turbo", "unreadable EINVAL" } },
        { "no boost told", { { NULL, NULL } }, { "cpu.turbo", "absent" } },
        { "idle states",
          { { CPU "/cpu0/cpuidle/state0/name", "POLL\n" }, { CPU "/cpu0/cpuidle/state1/name", "haltpoll idle\n" } },
          { "cpu.idle_states", "POLL haltpoll_idle" } },
        { "nameless idle state", { { CPU "/cpu0/cpuidle/state0/name", "\n" } }, { "cpu.idle_states", "unreadable EINVAL" } },
        { "no name of an idle state", { { CPU "/cpu0/cpuidle/state0/usage", "1\n" } }, { "cpu.idle_states", "absent" } },
        { "no idle states", { { CPU "/cpu0/cpuidle/driver", "none\n" } }, { "cpu.idle_states", "absent" } },
        { "no machine check",
          { { "/proc/interrupts",
              "   CPU0 CPU1\n 0: 5 6 IO-APIC 2-edge timer\nMCE: 0 0 Machine check exceptions\nMCP: 7 7 x\n" } },
          { "cpu.machine_checks", "0" } },
        { "machine checks",
          { { "/proc/interrupts", "  MCE:          1          2   Machine check exceptions\n" } },
          { "cpu.machine_checks", "3" } },
        { "no row",
          { { "/proc/interrupts", "   CPU0\n MCP: 3 3 Machine check polls\n" } },
          { "cpu.machine_checks", "absent" } },
        { "row cut off", { { "/proc/interrupts", "MCE: 4" } }, { "cpu.machine_checks", "4" } },
        { "beyond 63 bits",
          { { "/proc/interrupts", "MCE: 9223372036854775807 1\n" } },
          { "cpu.machine_checks", "unreadable ERANGE" } },
        { "a word that is none", { { "/proc/interrupts", "MCE: 4x 1\n" } }, { "cpu.machine_checks", "unreadable EINVAL" } },
        { "deferred errors",
          { { "/proc/interrupts",
              "   CPU0 CPU1\nTHR: 9 0 Threshold APIC interrupts\nDFR: 3 1 Deferred Error APIC interrupts\nMCE: 1 0 x\n" } },
          { "cpu.machine_checks", "5" } },
        { "deferred ones that make no sense",
          { { "/proc/interrupts", "CPU0\nMCE: 1 x\nDFR: many 1\nDFR: 3x\n" } },
          { "cpu.machine_checks", "1" } },
        { "deferred ones that are none",
          { { "/proc/interrupts", "CPU0\nMCE: 1 x\nDFR: 3x\n" } },
          { "cpu.machine_checks", "unreadable EINVAL" } },
        { "together beyond 63 bits",
          { { "/proc/interrupts", "CPU0\nDFR: 9223372036854775807 x\nMCE: 1 x\n" } },
          { "cpu.machine_checks", "unreadable ERANGE" } },
        { "corrected ones do not count",
          { { "/proc/interrupts", "CPU0\nTHR: 9x\nMCE: 0 x\n" } },
          { "cpu.machine_checks", "0" } },
        { "no interrupts", { { NULL, NULL } }, { "cpu.machine_checks", "unreadable ENODATA" } },
        { "invariant",
          { { "/.plumbline/ask/cpuid", "00000000 0 0000000d 68747541 444d4163 69746e65\n"
                                       "80000007 0 0 0 0 00000100\n" } },
          { "cpu.tsc_invariant", "true" } },
        { "not invariant",
          { { "/.plumbline/ask/cpuid", "00000000 0 0000000d 68747541 444d4163 69746e65\n"
                                       "80000007 0 0 0 0 fffffeff\n" } },
          { "cpu.tsc_invariant", "false" } },
        { "leaf not told",
          { { "/.plumbline/ask/cpuid", "00000000 0 0000000d 68747541 444d4163 69746e65\n" } },
          { "cpu.tsc_invariant", "unreadable ENODATA" } },
        { "both flags",
          { { "/proc/cpuinfo", "processor : 0\nvendor_id : x\nflags : constant_tsc nonstop_tsc\n" } },
          { "cpu.tsc_invariant", "true" } },
        { "one flag",
          { { "/proc/cpuinfo", "processor : 0\nvendor_id : x\nflags : constant_tsc\n" } },
          { "cpu.tsc_invariant", "false" } },
        { "nothing told", { { NULL, NULL } }, { "cpu.tsc_invariant", "unreadable ENOENT" } },
};

static struct tree *two_cpus(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, CPU "/present", "0-1\n");
        tree_file(tree, CPU "/online", "0-1\n");
        tree_file(tree, CPU "/cpu0/topology/core_id", "0\n");
        tree_file(tree, CPU "/cpu1/topology/core_id", "1\n");
        return tree;
}

static void test_firmware(void)
{
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct tree *tree = two_cpus();
                struct facts *facts;

                for (size_t j = 0; j < 2 && cases[i].files[j].path; j++)
                        tree_file(tree, cases[i].files[j].path, "%s", cases[i].files[j].text);
                facts = probe_facts(tree_host(tree), &probe_cpu);
                expect_facts(cases[i].name, facts, &cases[i].row, 1);
                facts_free(facts);
                tree_free(tree);
        }
}

/* What is said beside the number. */
static void test_notes(void)
{
        static const struct {
                const char *name, *rows, *note;
        } notes[] = {
                { "in order", "THR: 0\nDFR: 0\nMCE: 0\n", NULL },
                { "exceptions alone", "MCE: 2\n", NULL },
                { "deferred", "DFR: 3\nMCE: 0\n", "3 of them deferred" },
                { "corrected", "THR: 9\nMCE: 0\n", "besides, 9 interrupts about corrected errors" },
                { "both", "THR: 9\nDFR: 3\nMCE: 1\n", "3 of them deferred; besides, 9 interrupts about corrected errors" },
        };

        for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
                struct tree *tree = two_cpus();
                const struct fact *fact;
                struct facts *facts;

                tree_file(tree, "/proc/interrupts", "CPU0\n%s", notes[i].rows);
                facts = probe_facts(tree_host(tree), &probe_cpu);
                fact = fact_find(facts, "cpu.machine_checks");
                EXPECT_TEXT(notes[i].name, fact ? fact->note : "no such fact", notes[i].note);
                facts_free(facts);
                tree_free(tree);
        }
}

/* "POLL=0 C1=0 C6=1": the states of a CPU, and what their file "disable" says; "C6" has none. */
static void put_states(struct tree *tree, unsigned cpu, const char *text)
{
        autopool struct pool *pool = pool_new();
        unsigned state = 0;
        struct slice word;

        while (text_word(&text, " ", &word)) {
                char *one = slice_dup(pool, word), *equals = strchr(one, '=');

                if (equals) {
                        *equals = '\0';
                        tree_file(tree, pool_format(pool, CPU "/cpu%u/cpuidle/state%u/disable", cpu, state), "%s\n",
                                  equals + 1);
                }
                tree_file(tree, pool_format(pool, CPU "/cpu%u/cpuidle/state%u/name", cpu, state++), "%s\n", one);
        }
}

static void test_idle_states(void)
{
        static const struct {
                const char *name, *first, *second, *says, *note;
        } rows[] = {
                { "all on", "POLL=0 C1=0 C6=0", "POLL=0 C1=0 C6=0", "C1 C6 POLL", NULL },
                { "one switched off", "POLL=0 C1=0 C6=1", "POLL=0 C1=0 C6=1", "C1 POLL", "switched off: C6" },
                { "on one CPU alone", "POLL=0 C1=0 C6=1", "POLL=0 C1=0 C6=0", "C1 C6 POLL", "C6 on 1 of 2 CPUs" },
                { "two kinds of CPUs", "POLL=0 C1=0 C6=1", "POLL=0 C1E=0 C8=0", "C1 C1E C8 POLL",
                  "C1 on 1 of 2 CPUs, C1E on 1 of 2 CPUs, C8 on 1 of 2 CPUs; switched off: C6" },
                { "the first has none", "", "POLL=0 C1=0", "C1 POLL", NULL },
                { "all switched off", "C1=1", "C1=1", "", "switched off: C1" },
                { "a kernel that switches none off", "POLL C1", "POLL C1", "C1 POLL", NULL },
                { "on or off?", "POLL=0 C1=maybe", "POLL=0", "unreadable EINVAL", NULL },
                { "the second makes no sense", "POLL=0", "POLL=?", "unreadable EINVAL", NULL },
        };

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                const struct fact_row row = { "cpu.idle_states", rows[i].says };
                struct tree *tree = two_cpus();
                const struct fact *fact;
                struct facts *facts;

                put_states(tree, 0, rows[i].first);
                put_states(tree, 1, rows[i].second);
                facts = probe_facts(tree_host(tree), &probe_cpu);
                expect_facts(rows[i].name, facts, &row, 1);
                fact = fact_find(facts, "cpu.idle_states");
                EXPECT_TEXT(rows[i].name, fact ? fact->note : "no such fact", rows[i].note);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "idle states", test_idle_states },
        { "notes", test_notes },
        { "firmware", test_firmware },
        { NULL, NULL },
};

const struct suite suite_cpu_firmware = { "cpu_firmware", tests };

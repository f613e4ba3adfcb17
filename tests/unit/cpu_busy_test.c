/* What the probe of the processors makes of two looks at what the CPUs did. */

#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ANSWER       "/.plumbline/ask/cpu/times"
#define CPUS         "/sys/devices/system/cpu"

/* user nice system idle iowait irq softirq steal guest guest_nice */
#define FIRST "after_ms 0\ncpu0 1000 0 0 5000 100 0 0 0 0 0\ncpu1 7000 0 0 0 0 0 0 0 0 0\n"
#define QUIET FIRST "after_ms 1000\ncpu0 1010 5 5 5060 110 2 3 5 10 5\ncpu1 7100 0 0 0 0 0 0 0 0 0\n"

static struct tree *machine(const char *isolated, const char *nohz_full, const void *answer, size_t size)
{
        struct tree *tree = tree_new();

        tree_file(tree, CPUS "/present", "0-1\n");
        tree_file(tree, CPUS "/online", "0-1\n");
        tree_file(tree, CPUS "/cpu0/topology/core_cpus_list", "0\n");
        tree_file(tree, CPUS "/cpu1/topology/core_cpus_list", "1\n");
        if (isolated)
                tree_file(tree, CPUS "/isolated", "%s\n", isolated);
        if (nohz_full)
                tree_file(tree, CPUS "/nohz_full", "%s\n", nohz_full);
        if (answer)
                tree_bytes(tree, ANSWER, answer, size);
        return tree;
}

static struct facts *run(const char *isolated, const char *nohz_full, const void *answer, size_t size, const char *const *asked)
{
        struct tree *tree = machine(isolated, nohz_full, answer, size);
        struct facts *facts;

        facts = probe_facts_asked(tree_host(tree), &probe_cpu, asked);
        tree_free(tree);
        return facts;
}

static void expect_busy(const char *name, struct facts *facts, const char *want)
{
        const struct fact_row row = { "cpu.busy", want };

        expect_facts(name, facts, &row, 1);
        facts_free(facts);
}

static void test_share(void)
{
        static const char *const named[] = { "cpu.busy", NULL }, *const first[] = { "cpu", NULL },
                                 *const other[] = { "cpu.smt", NULL }, *const none[] = { NULL };
        static const struct {
                const char *name, *isolated, *nohz_full;
                const char *const *asked;
                const char *want;
        } cases[] = {
                /* Of 100 ticks of CPU 0, 60 idle and 10 waiting; CPU 1 polls. */
                { "all CPUs", "", "(null)", named, "65.00" },
                { "one isolated", "1", NULL, named, "30.00" },
                { "one without a tick", NULL, "1", named, "30.00" },
                { "all set apart", "0", "1", named, "65.00" },
                { "asked by the first part", "1", NULL, first, "30.00" },
                { "everything is asked", "1", NULL, NULL, "30.00" },
                { "another is asked", "1", NULL, other, "none" },
                { "nothing is asked", "1", NULL, none, "none" },
                { "no list", "1-x", NULL, named, "unreadable EINVAL" },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                expect_busy(cases[i].name, run(cases[i].isolated, cases[i].nohz_full, QUIET, strlen(QUIET), cases[i].asked),
                            cases[i].want);
}

/* A CPU of an isolated partition polls like one that isolcpus= took out. */
static void test_partition(void)
{
        static const struct {
                const char *name, *partitions, *want;
        } cases[] = {
                { "a partition", "1", "30.00" },
                { "none", "", "65.00" },
                { "no list", "x", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = machine("", NULL, QUIET, strlen(QUIET));

                tree_file(tree, "/sys/fs/cgroup/cpuset.cpus.isolated", "%s\n", cases[i].partitions);
                expect_busy(cases[i].name, probe_facts(tree_host(tree), &probe_cpu), cases[i].want);
                tree_free(tree);
        }
}

static void test_stolen(void)
{
        static const char *const named[] = { "cpu.steal", NULL }, *const both[] = { "cpu.busy", "cpu.steal", NULL },
                                 *const other[] = { "cpu.busy", NULL };
        static const struct {
                const char *name, *isolated, *answer;
                const char *const *asked;
                const char *steal, *busy;
        } cases[] = {
                /* Of 200 ticks of two CPUs, 5 of the first. */
                { "all CPUs", "", QUIET, both, "2.50", "65.00" },
                { "isolated ones count", "0", QUIET, both, "2.50", "100.00" },
                { "asked alone", "1", QUIET, named, "2.50", "none" },
                { "not asked", "1", QUIET, other, "none", "30.00" },
                { "everything is asked", "1", QUIET, NULL, "2.50", "30.00" },
                { "housekeeping is not known", "1-x", QUIET, both, "2.50", "unreadable EINVAL" },
                { "no answer", "1", NULL, both, "unreadable ENODATA", "unreadable ENODATA" },
                { "an isolated CPU went", "1", FIRST "after_ms 1000\ncpu0 1050 0 0 5050 100 0 0 0\n", both, "unreadable EAGAIN",
                  "50.00" },
                { "none", "1", FIRST "after_ms 1000\ncpu0 1050 0 0 5050 100 0 0 0\ncpu1 7100 0 0 0 0 0 0 0\n", both, "0.00",
                  "50.00" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row rows[] = { { "cpu.steal", cases[i].steal }, { "cpu.busy", cases[i].busy } };
                struct facts *facts = run(cases[i].isolated, NULL, cases[i].answer,
                                          cases[i].answer ? strlen(cases[i].answer) : 0, cases[i].asked);

                expect_facts(cases[i].name, facts, rows, COUNT(rows));
                facts_free(facts);
        }
}

/* A hypervisor that tells nothing leaves the column at 0, and that is no word on what it took. */
static void test_silent_hypervisor(void)
{
#define TIMES(one, two)                                                                                                        \
        "after_ms 0\ncpu0 1000 0 0 5000 100 0 0 " one "\ncpu1 7000 0 0 0 0 0 0 0\n"                                            \
        "after_ms 1000\ncpu0 1050 0 0 5050 100 0 0 " two "\ncpu1 7100 0 0 0 0 0 0 0\n"
        static const struct {
                const char *name, *flags, *answer, *want;
        } cases[] = {
                { "a guest that is told nothing", "fpu hypervisor", TIMES("0", "0"), "unreadable ENODATA" },
                { "a guest that lost something before", "fpu hypervisor", TIMES("7", "7"), "0.00" },
                { "a guest that loses the first now", "fpu hypervisor", TIMES("0", "4"), "1.96" },
                { "no guest", "fpu", TIMES("0", "0"), "0.00" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row row = { "cpu.steal", cases[i].want };
                struct tree *tree = machine("1", NULL, cases[i].answer, strlen(cases[i].answer));
                const struct fact *fact;
                struct facts *facts;

                tree_file(tree, "/proc/cpuinfo", "vendor_id\t: GenuineIntel\nflags\t\t: %s\n\n", cases[i].flags);
                facts = probe_facts(tree_host(tree), &probe_cpu);
                expect_facts(cases[i].name, facts, &row, 1);
                fact = fact_find(facts, "cpu.steal");
                EXPECT_TEXT(cases[i].name, fact ? fact->note : NULL,
                            i == 0 ? "the hypervisor has told no steal since the start" : "CPUs 0-1 over one second");
                facts_free(facts);
                tree_free(tree);
        }
}

/* It takes a second, so nobody waits for it twice, or for nothing. */
static void test_one_sample(void)
{
        static const char *const both[] = { "cpu.busy", "cpu.steal", NULL }, *const one[] = { "cpu.busy", NULL },
                                 *const other[] = { "cpu.smt", NULL };
        static const char *const *const asked[] = { both, one, other };
        unsigned reads[COUNT(asked)];

        for (size_t i = 0; i < COUNT(asked); i++) {
                struct tree *tree = machine("1", NULL, QUIET, strlen(QUIET));

                facts_free(probe_facts_asked(tree_host(tree), &probe_cpu, asked[i]));
                reads[i] = host_reads(tree_host(tree), REACH_QUIET);
                tree_free(tree);
        }
        EXPECT_NUMBER("one question for both", reads[0], reads[1]);
        EXPECT("none without", reads[2] < reads[1]);
}

static void test_note(void)
{
        struct facts *facts = run("1", NULL, QUIET, strlen(QUIET), NULL);
        const struct fact *busy = fact_find(facts, "cpu.busy");

        EXPECT_TEXT(
                "note", busy ? busy->note : NULL,
                "CPUs 0 over one second; 5.0 % stolen by the hypervisor (counted as busy), 10.0 % waiting for disks (counted "
                "as idle)");
        facts_free(facts);
}

static void test_hostile(void)
{
#define LATER(line) FIRST "after_ms 1000\n" line "\ncpu1 7100 0 0 0 0 0 0 0 0 0\n"
        static const struct {
                const char *name, *answer, *want;
        } cases[] = {
                { "no answer", NULL, "unreadable ENODATA" },
                { "empty", "", "unreadable ENODATA" },
                { "one look", FIRST, "unreadable ENODATA" },
                { "three looks", QUIET "after_ms 2000\n", "unreadable EBADMSG" },
                { "no time between", "after_ms 5\nafter_ms 5\n", "unreadable EBADMSG" },
                { "cut off", LATER("cpu0 1010 5"), "unreadable EBADMSG" },
                { "no number", LATER("cpu0 1010 5 5 x 110 2 3 5"), "unreadable EBADMSG" },
                { "a huge number", LATER("cpu0 99999999999999999999 5 5 5060 110 2 3 5"), "unreadable EBADMSG" },
                { "a huge step", LATER("cpu0 18446744073709551615 5 5 5060 110 2 3 5"), "unreadable EBADMSG" },
                { "no such CPU", LATER("cpu8192 1 0 0 1 0 0 0 0"), "unreadable EBADMSG" },
                { "twice", LATER("cpu1 7100 0 0 0 0 0 0 0"), "unreadable EBADMSG" },
                { "a word", LATER("intr 12"), "unreadable EBADMSG" },
                { "a CPU gone", LATER("cpu5 1 0 0 1 0 0 0 0"), "unreadable EAGAIN" },
                { "counted anew", LATER("cpu0 10 0 0 5060 110 2 3 5"), "unreadable EAGAIN" },
                { "stood still", LATER("cpu0 1000 0 0 5000 100 0 0 0"), "unreadable ENODATA" },
                { "idle went back", LATER("cpu0 1050 0 0 4999 99 0 0 0"), "100.00" },
                { "idle", LATER("cpu0 1000 0 0 5100 100 0 0 0"), "50.00" },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                expect_busy(cases[i].name, run("", "", cases[i].answer, cases[i].answer ? strlen(cases[i].answer) : 0, NULL),
                            cases[i].want);
        expect_busy("binary", run("", "", "after_ms 0\0after_ms 1000\n", 26, NULL), "unreadable EILSEQ");
}

/* Every number that a CPU can have; each busy for half of the time. */
static void test_large(void)
{
        autobuffer struct text_buffer answer = { 0 };

        for (unsigned look = 0; look < 2; look++) {
                text_addf(&answer, "after_ms %u\n", look * 1000);
                for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
                        text_addf(&answer, "cpu%u %u 0 0 %u 0 0 0 0\n", cpu, look * 50, look * 50);
        }
        expect_busy("8192 CPUs", run("", "", answer.at, answer.size, NULL), "50.00");
}

static const struct test tests[] = {
        { "share", test_share },
        { "partition", test_partition },
        { "stolen", test_stolen },
        { "a silent hypervisor", test_silent_hypervisor },
        { "one sample", test_one_sample },
        { "note", test_note },
        { "hostile answers", test_hostile },
        { "a large machine", test_large },
        { NULL, NULL },
};
const struct suite suite_cpu_busy = { "cpu_busy", tests };

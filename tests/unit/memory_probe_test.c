/* Memory facts: what the kernel has, how much of it is used, and counted errors. */

#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <stdio.h>

static void test_used(void)
{
        static const struct {
                const char *name, *meminfo;
                struct fact_row rows[2];
        } cases[] = {
                { "without a pool",
                  "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 250 kB\nHugetlb: 0 kB\n",
                  { { "memory.total", "1024000" }, { "memory.used", "75.00" } } },
                { "the pool is left out",
                  "MemTotal: 1000 kB\nMemAvailable: 100 kB\nHugePages_Total: 3\nHugepagesize: 2048 kB\n"
                  "Hugetlb: 800 kB\n",
                  { { "memory.total", "1024000" }, { "memory.used", "50.00" } } },
                { "the pool by its pages",
                  "MemTotal: 10240 kB\nMemAvailable: 1024 kB\nHugePages_Total: 4\nHugepagesize: 2048 kB\n",
                  { { "memory.total", "10485760" }, { "memory.used", "50.00" } } },
                { "before MemAvailable",
                  "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 50 kB\n",
                  { { "memory.total", "1024000" }, { "memory.used", "80.00" } } },
                { "a pool larger than all",
                  "MemTotal: 1000 kB\nMemAvailable: 1 kB\nHugetlb: 1000 kB\n",
                  { { "memory.total", "1024000" }, { "memory.used", "unreadable EINVAL" } } },
                { "more available than there is",
                  "MemTotal: 1000 kB\nMemAvailable: 2000 kB\n",
                  { { "memory.total", "1024000" }, { "memory.used", "unreadable EINVAL" } } },
                { "empty", "", { { "memory.total", "unreadable ENODATA" }, { "memory.used", "unreadable ENODATA" } } },
                { "no number",
                  "MemTotal: kB\n",
                  { { "memory.total", "unreadable EINVAL" }, { "memory.used", "unreadable EINVAL" } } },
                { "negative",
                  "MemTotal: -5 kB\n",
                  { { "memory.total", "unreadable EINVAL" }, { "memory.used", "unreadable EINVAL" } } },
                { "zero",
                  "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
                  { { "memory.total", "unreadable EINVAL" }, { "memory.used", "unreadable EINVAL" } } },
                { "beyond 63 bits",
                  "MemTotal: 9223372036854775807 kB\n",
                  { { "memory.total", "unreadable ERANGE" }, { "memory.used", "unreadable ERANGE" } } },
                { "beyond 64 bits",
                  "MemTotal: 99999999999999999999999 kB\n",
                  { { "memory.total", "unreadable ERANGE" }, { "memory.used", "unreadable ERANGE" } } },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;

                tree_file(tree, "/proc/meminfo", "%s", cases[i].meminfo);
                facts = probe_facts(tree_host(tree), &probe_memory);
                expect_facts(cases[i].name, facts, cases[i].rows, 2);
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_errors(void)
{
        static const struct {
                const char *name, *corrected, *uncorrected, *want_corrected, *want_uncorrected;
        } cases[] = {
                { "counted", "5", "0", "7", "2" },
                { "garbage", "many", "", "unreadable EINVAL", "unreadable EINVAL" },
                { "negative", "-1", "1", "unreadable EINVAL", "3" },
                { "beyond 63 bits", "9223372036854775807", "0", "unreadable EINVAL", "2" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "memory.errors.corrected", cases[i].want_corrected },
                                                 { "memory.errors.uncorrected", cases[i].want_uncorrected },
                                                 { "memory.ecc", "true" } };
                struct tree *tree = tree_new();
                struct facts *facts;

                tree_file(tree, "/sys/devices/system/edac/mc/mc0/ce_count", "%s\n", cases[i].corrected);
                tree_file(tree, "/sys/devices/system/edac/mc/mc0/ue_count", "%s\n", cases[i].uncorrected);
                tree_file(tree, "/sys/devices/system/edac/mc/mc1/ce_count", "2\n");
                tree_file(tree, "/sys/devices/system/edac/mc/mc1/ue_count", "2\n");
                tree_file(tree, "/sys/devices/system/edac/mc/mc0/dimm0/dimm_edac_mode", "SECDED\n");
                facts = probe_facts(tree_host(tree), &probe_memory);
                expect_facts(cases[i].name, facts, rows, 3);
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_nodes(void)
{
        struct tree *tree = tree_new();
        struct facts *facts;

        tree_file(tree, "/sys/devices/system/node/node0/meminfo", "Node 0 MemTotal:  16772456 kB\n");
        tree_file(tree, "/sys/devices/system/node/node8/meminfo", "Node 8 MemTotal:  0 kB\n");
        facts = probe_facts(tree_host(tree), &probe_memory);
        expect_facts("nodes", facts,
                     (const struct fact_row[]){ { "memory.total", "17174994944" }, { "memory.installed", "17179869184" } }, 2);
        facts_free(facts);
        tree_free(tree);
}

static void test_capture(void)
{
        static const struct fact_row rows[] = {
                { "memory.installed", "34359738368" },
                { "memory.dimms", "8" },
                { "memory.type", "DDR3" },
                { "memory.speed", "1600" },
                { "memory.total", "33624072192" },
                { "memory.ecc", "true" },
                { "memory.errors.corrected", "absent" },
        };
        struct tree *tree = tree_capture("32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2");
        struct facts *facts;

        if (!tree) {
                printf("skipped: no capture 32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2\n");
                return;
        }
        facts = probe_facts(tree_host(tree), &probe_memory);
        expect_facts("Dell DCS8000Z", facts, rows, sizeof rows / sizeof rows[0]);
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "how much is used", test_used },
        { "counted errors", test_errors },
        { "a tree with nodes alone", test_nodes },
        { "a captured machine", test_capture },
        { NULL, NULL },
};
const struct suite suite_memory_probe = { "memory_probe", tests };

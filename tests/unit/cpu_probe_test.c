/* CPU facts: what the processor says of itself, counts with what is unknown, governors old and new, microcode. */

#include "agent/core/pool.h"
#include "agent/core/processor.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CPU   "/sys/devices/system/cpu"
#define CPUID "/.plumbline/ask/cpuid"

/* AuthenticAMD, a guest of KVM, "AMD EPYC 7451 24-Core Processor". */
static const char epyc_guest[] = "00000000 0 0000000d 68747541 444d4163 69746e65\n"
                                 "00000001 0 00800f12 00000000 80000000 00000000\n"
                                 "40000000 0 40000001 4b4d564b 564b4d56 0000004d\n"
                                 "80000002 0 20444d41 43595045 35343720 34322031\n"
                                 "80000003 0 726f432d 72502065 7365636f 20726f73\n"
                                 "80000004 0 20202020 20202020 20202020 00202020\n";

static void test_processor(void)
{
        static const struct {
                const char *name, *cpuid, *cpuinfo;
                int64_t r;
                const char *vendor, *model, *microcode, *hypervisor;
                bool guest_known, guest;
        } cases[] = {
                { "by CPUID", epyc_guest, "vendor_id : Wrong\n", 0, "AuthenticAMD", "AMD EPYC 7451 24-Core Processor", NULL,
                  "KVMKVMKVM", true, true },
                { "CPUID of real hardware",
                  "0 0 d 756e6547 6c65746e 49656e69\n1 0 0 0 40000000 0\n40000000 0 1 41414141 41414141 41414141\n", NULL, 0,
                  "GenuineIntel", NULL, NULL, NULL, true, false },
                { "x86 by its file", NULL,
                  "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t:      Intel(R) Xeon(TM) 2.60GHz\n"
                  "microcode\t: 0xa6\nflags\t\t: fpu hypervisor lahf_lm\n\nprocessor\t: 1\nvendor_id\t: Other\n",
                  0, "GenuineIntel", "Intel(R) Xeon(TM) 2.60GHz", "0xa6", NULL, true, true },
                { "no hypervisor", NULL,
                  "vendor_id : AuthenticAMD\nflags : fpu hypervisors x-hypervisor\n\nflags : hypervisor\n", 0, "AuthenticAMD",
                  NULL, NULL, NULL, true, false },
                { "arm64", NULL, "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n", 0, NULL,
                  NULL, NULL, NULL, false, false },
                { "s390", NULL, "vendor_id       : IBM/S390\n# processors    : 4\nfeatures\t: esan3 zarch\n", 0, "IBM/S390",
                  NULL, NULL, NULL, false, false },
                { "empty file", NULL, "", -ENODATA, NULL, NULL, NULL, NULL, false, false },
                { "nothing", NULL, NULL, -ENOENT, NULL, NULL, NULL, NULL, false, false },
                { "garbage for CPUID", "xyz\n1 2 3\n00000000 0 fffffffffffff 1 2 3\n", "vendor_id : GenuineIntel\n", 0,
                  "GenuineIntel", NULL, NULL, NULL, false, false },
                { "half a brand", "0 0 d 756e6547 6c65746e 49656e69\n80000002 0 41414141 41414141 41414141 41414141\n", NULL, 0,
                  "GenuineIntel", NULL, NULL, NULL, false, false },
                { "control characters", "0 0 d 01020304 05060708 090a0b0c\n", NULL, 0, "????????????", NULL, NULL, NULL, false,
                  false },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();
                struct processor processor;

                if (cases[i].cpuid)
                        tree_file(tree, CPUID, "%s", cases[i].cpuid);
                if (cases[i].cpuinfo)
                        tree_file(tree, "/proc/cpuinfo", "%s", cases[i].cpuinfo);
                EXPECT_NUMBER(cases[i].name, processor_read(tree_host(tree), pool, &processor), cases[i].r);
                EXPECT_TEXT(cases[i].name, processor.vendor, cases[i].vendor);
                EXPECT_TEXT(cases[i].name, processor.model, cases[i].model);
                EXPECT_TEXT(cases[i].name, processor.microcode, cases[i].microcode);
                EXPECT_TEXT(cases[i].name, processor.hypervisor, cases[i].hypervisor);
                EXPECT_NUMBER(cases[i].name, processor.guest_known, cases[i].guest_known);
                EXPECT_NUMBER(cases[i].name, processor.guest, cases[i].guest);
                tree_free(tree);
        }
}

struct file {
        const char *path, *text;
};

#define TWO_CORES                                                                                                              \
        { CPU "/present", "0-1" }, { CPU "/online", "0-1" }, { CPU "/cpu0/topology/physical_package_id", "0" },                \
                { CPU "/cpu0/topology/core_id", "0" }, { CPU "/cpu0/topology/core_cpus_list", "0" },                           \
                { CPU "/cpu1/topology/physical_package_id", "0" }, { CPU "/cpu1/topology/core_id", "1" },                      \
        {                                                                                                                      \
                CPU "/cpu1/topology/core_cpus_list", "1"                                                                       \
        }

static const struct {
        const char *name;
        struct file files[14];
        struct fact_row rows[8];
} trees[] = {
        { "two cores",
          { TWO_CORES, { CPU "/isolated", "" }, { CPU "/nohz_full", "  (null)" }, { CPU "/smt/active", "0" } },
          { { "cpu.cores", "2" },
            { "cpu.threads", "2" },
            { "cpu.online", "0-1" },
            { "cpu.smt", "false" },
            { "cpu.isolated", "" },
            { "cpu.nohz_full", "" },
            { "cpu.governors", "absent" },
            { "cpu.microcode", "absent" } } },
        { "isolated",
          { TWO_CORES, { CPU "/isolated", "1" }, { CPU "/nohz_full", "1" } },
          { { "cpu.isolated", "1" }, { "cpu.nohz_full", "1" }, { "cpu.smt", "false" }, { "cpu.sockets", "1" } } },
        { "partitions",
          { TWO_CORES, { CPU "/isolated", "" }, { "/sys/fs/cgroup/cpuset.cpus.isolated", "1" } },
          { { "cpu.isolated", "1" } } },
        { "partitions beside isolated ones",
          { TWO_CORES, { CPU "/isolated", "0" }, { "/sys/fs/cgroup/cpuset.cpus.isolated", "0-1" } },
          { { "cpu.isolated", "0-1" } } },
        { "partitions, and no list of isolated ones",
          { TWO_CORES, { "/sys/fs/cgroup/cpuset.cpus.isolated", "1" } },
          { { "cpu.isolated", "unreadable ENODATA" } } },
        { "partitions that are none",
          { TWO_CORES, { CPU "/isolated", "" }, { "/sys/fs/cgroup/cpuset.cpus.isolated", "one" } },
          { { "cpu.isolated", "unreadable EINVAL" } } },
        { "lists missing", { TWO_CORES }, { { "cpu.isolated", "unreadable ENODATA" }, { "cpu.nohz_full", "absent" } } },
        { "lists of garbage",
          { TWO_CORES, { CPU "/isolated", "x" }, { CPU "/nohz_full", "3-1" }, { CPU "/smt/active", "maybe" } },
          { { "cpu.isolated", "unreadable EINVAL" }, { "cpu.nohz_full", "unreadable EINVAL" } } },
        { "governors by policy",
          { TWO_CORES,
            { CPU "/cpufreq/policy0/scaling_governor", "schedutil\n" },
            { CPU "/cpufreq/policy1/scaling_governor", "performance\n" },
            { CPU "/cpufreq/policy0/scaling_driver", "acpi-cpufreq\n" } },
          { { "cpu.governors", "performance schedutil" }, { "cpu.frequency_driver", "acpi-cpufreq" } } },
        { "governors by CPU",
          { TWO_CORES,
            { CPU "/cpu0/cpufreq/scaling_governor", "ondemand\n" },
            { CPU "/cpu1/cpufreq/scaling_governor", "ondemand\n" } },
          { { "cpu.governors", "ondemand" }, { "cpu.frequency_driver", "unreadable ENODATA" } } },
        { "a governor of garbage",
          { TWO_CORES,
            { CPU "/cpufreq/policy0/scaling_governor", "performance\n" },
            { CPU "/cpufreq/policy1/scaling_governor", "" } },
          { { "cpu.governors", "unreadable EINVAL" } } },
        { "an empty cpufreq folder", { TWO_CORES, { CPU "/cpufreq/boost", "1" } }, { { "cpu.governors", "absent" } } },
        { "microcode",
          { TWO_CORES, { CPU "/cpu0/microcode/version", "0x8001227\n" }, { CPU "/cpu1/microcode/version", "0x8001227\n" } },
          { { "cpu.microcode", "0x8001227" }, { "cpu.microcode_equal", "true" } } },
        { "microcodes that differ",
          { TWO_CORES, { CPU "/cpu0/microcode/version", "0xa6" }, { CPU "/cpu1/microcode/version", "0xa4" } },
          { { "cpu.microcode", "0xa6 0xa4" }, { "cpu.microcode_equal", "false" } } },
        { "microcode of half the CPUs",
          { TWO_CORES, { CPU "/cpu0/microcode/version", "0xa6" } },
          { { "cpu.microcode", "unreadable ENODATA" }, { "cpu.microcode_equal", "unreadable ENODATA" } } },
        { "microcode of the other half",
          { TWO_CORES, { CPU "/cpu1/microcode/version", "0xa6" } },
          { { "cpu.microcode", "unreadable ENODATA" }, { "cpu.microcode_equal", "unreadable ENODATA" } } },
        { "no microcode", { TWO_CORES }, { { "cpu.microcode", "absent" }, { "cpu.microcode_equal", "absent" } } },
        { "throttled",
          { TWO_CORES,
            { CPU "/cpu0/thermal_throttle/core_throttle_count", "3" },
            { CPU "/cpu1/thermal_throttle/core_throttle_count", "0" },
            { CPU "/cpu0/thermal_throttle/package_throttle_count", "7" },
            { CPU "/cpu1/thermal_throttle/package_throttle_count", "12" } },
          { { "cpu.throttles.core", "3" }, { "cpu.throttles.package", "12" } } },
        { "cool",
          { TWO_CORES,
            { CPU "/cpu0/thermal_throttle/core_throttle_count", "0" },
            { CPU "/cpu1/thermal_throttle/core_throttle_count", "0" } },
          { { "cpu.throttles.core", "0" }, { "cpu.throttles.package", "absent" } } },
        { "throttling of half the CPUs",
          { TWO_CORES,
            { CPU "/cpu0/thermal_throttle/core_throttle_count", "0" },
            { CPU "/cpu0/thermal_throttle/package_throttle_count", "-1" } },
          { { "cpu.throttles.core", "unreadable ENODATA" }, { "cpu.throttles.package", "unreadable ERANGE" } } },
        { "throttling of the other half",
          { TWO_CORES, { CPU "/cpu1/thermal_throttle/core_throttle_count", "5" } },
          { { "cpu.throttles.core", "unreadable ENODATA" }, { "cpu.throttles.package", "absent" } } },
        { "throttling of garbage",
          { TWO_CORES,
            { CPU "/cpu0/thermal_throttle/core_throttle_count", "hot" },
            { CPU "/cpu0/thermal_throttle/package_throttle_count", "99999999999999999999" } },
          { { "cpu.throttles.core", "unreadable EINVAL" }, { "cpu.throttles.package", "unreadable ERANGE" } } },
        { "microcode by cpuinfo",
          { TWO_CORES, { "/proc/cpuinfo", "microcode : 0xa6\n" } },
          { { "cpu.microcode", "0xa6" },
            { "cpu.microcode_equal", "unreadable ENODATA" },
            { "cpu.vendor", "unreadable ENODATA" },
            { "cpu.model", "unreadable ENODATA" } } },
        { "no topology",
          { { CPU "/present", "0-1" }, { CPU "/online", "0-1" }, { CPU "/cpu0/x", "" }, { CPU "/cpu1/x", "" } },
          { { "cpu.cores", "unreadable ENODATA" },
            { "cpu.sockets", "unreadable ENODATA" },
            { "cpu.threads", "2" },
            { "cpu.smt", "unreadable ENODATA" } } },
        { "SMT by siblings",
          { { CPU "/online", "0-1" },
            { CPU "/cpu0/topology/core_cpus_list", "0-1" },
            { CPU "/cpu1/topology/core_cpus_list", "0-1" } },
          { { "cpu.smt", "true" }, { "cpu.cores", "1" }, { "cpu.threads", "2" } } },
};

static void test_trees(void)
{
        for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;
                size_t rows = 0;

                for (const struct file *file = trees[i].files; file->path; file++)
                        tree_file(tree, file->path, "%s", file->text);
                while (rows < sizeof trees[i].rows / sizeof trees[i].rows[0] && trees[i].rows[rows].name)
                        rows++;
                facts = probe_facts(tree_host(tree), &probe_cpu);
                expect_facts(trees[i].name, facts, trees[i].rows, rows);
                facts_free(facts);
                tree_free(tree);
        }
}

/* Without a CPU folder the processor itself is all there is. */
static void test_without_folder(void)
{
        struct tree *tree = tree_new();
        struct facts *facts = facts_new();

        tree_file(tree, CPUID, "%s", epyc_guest);
        facts->infos = probe_cpu.facts;
        EXPECT_NUMBER(NULL, probe_cpu.run(tree_host(tree), facts), -ENODATA);
        expect_facts("no folder", facts, (const struct fact_row[]){ { "cpu.vendor", "AuthenticAMD" }, { "cpu.cores", "none" } },
                     2);
        facts_free(facts);
        tree_free(tree);
}

static void test_captures(void)
{
        static const struct {
                const char *archive;
                struct fact_row rows[7];
        } captures[] = {
                { "x86_64-epyc_7451.tar.gz",
                  { { "cpu.model", "AMD EPYC 7451 24-Core Processor" },
                    { "cpu.governors", "performance" },
                    { "cpu.smt", "true" },
                    { "cpu.cores", "48" },
                    { "cpu.microcode", "0x8001227" },
                    { "cpu.isolated", "" },
                    { "cpu.nohz_full", "" } } },
                { "16em64t-4s2c2t-offlines.tar.bz2",
                  { { "cpu.model", "Intel(R) Xeon(TM) CPU 2.60GHz" },
                    { "cpu.governors", "absent" },
                    { "cpu.smt", "true" },
                    { "cpu.cores", "7" },
                    { "cpu.threads", "16" },
                    { "cpu.sockets", "4" },
                    { "cpu.online", "0-1,3-4,6-12,15" } } },
                { "x86_64-64cpu-linux6.2.tar.gz",
                  { { "cpu.vendor", "GenuineIntel" },
                    { "cpu.governors", "powersave" },
                    { "cpu.smt", "true" },
                    { "cpu.cores", "4" },
                    { "cpu.frequency_driver", "intel_pstate" },
                    { "cpu.threads", "8" },
                    { "cpu.microcode", "0xa6" } } },
        };

        for (size_t i = 0; i < sizeof captures / sizeof captures[0]; i++) {
                struct tree *tree = tree_capture(captures[i].archive);
                struct facts *facts;

                if (!tree) {
                        printf("skipped: no capture %s\n", captures[i].archive);
                        continue;
                }
                facts = probe_facts(tree_host(tree), &probe_cpu);
                expect_facts(captures[i].archive, facts, captures[i].rows, 7);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "what the processor says", test_processor }, { "trees", test_trees }, { "no CPU folder", test_without_folder },
        { "captured machines", test_captures },        { NULL, NULL },
};
const struct suite suite_cpu_probe = { "cpu_probe", tests };

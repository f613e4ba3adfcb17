/* Facts of the host, its distribution, its nodes and its hugepages. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DMI   "/sys/class/dmi/id"
#define CPU   "/sys/devices/system/cpu"
#define NODE  "/sys/devices/system/node"
#define PAGES "/sys/kernel/mm/hugepages"
#define GUEST "00000000 0 d 756e6547 6c65746e 49656e69\n00000001 0 0 0 80000000 0\n"
#define REAL  "00000000 0 d 756e6547 6c65746e 49656e69\n00000001 0 0 0 0 0\n"
#define KVM   "40000000 0 40000001 4b4d564b 564b4d56 0000004d\n"

struct file {
        const char *path, *text;
};
struct row {
        const char *name;
        struct file files[6];
        struct fact_row facts[5];
};

static void run(const struct probe *probe, const struct row *rows, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;
                size_t known = 0;

                for (size_t j = 0; j < 6 && rows[i].files[j].path; j++)
                        tree_file(tree, rows[i].files[j].path, "%s", rows[i].files[j].text);
                while (known < 5 && rows[i].facts[known].name)
                        known++;
                facts = probe_facts(tree_host(tree), probe);
                expect_facts(rows[i].name, facts, rows[i].facts, known);
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_virtual(void)
{
        static const struct {
                const char *name, *cpuid, *vendor, *product, *type, *clocks, *want;
        } cases[] = {
                { "real, CPUID alone", REAL, NULL, NULL, NULL, NULL, "none" },
                { "real", REAL, "Dell Inc.", "PowerEdge R750", NULL, "tsc hpet acpi_pm", "none" },
                { "real, firmware alone", NULL, "Supermicro", "SYS-2029", NULL, NULL, "none" },
                { "no evidence", NULL, NULL, NULL, NULL, NULL, "unreadable ENODATA" },
                { "clocks are no evidence", NULL, NULL, NULL, NULL, "tsc", "unreadable ENODATA" },
                { "KVM by its signature", GUEST KVM, NULL, NULL, NULL, NULL, "kvm" },
                { "KVM under QEMU's name", GUEST KVM, "QEMU", "Standard PC (Q35 + ICH9, 2009)", NULL, NULL, "kvm" },
                { "QEMU that hides", REAL, "QEMU", "Standard PC", NULL, NULL, "qemu" },
                { "KVM by its clock", GUEST, NULL, NULL, NULL, "tsc kvm-clock", "kvm" },
                { "a guest of somebody", GUEST, NULL, NULL, NULL, "tsc", "vm-other" },
                { "VMware", GUEST, "VMware, Inc.", "VMware7,1", NULL, NULL, "vmware" },
                { "VMware, firmware alone", NULL, "VMware, Inc.", "VMware Virtual Platform", NULL, NULL, "vmware" },
                { "VirtualBox", GUEST, "innotek GmbH", "VirtualBox", NULL, NULL, "oracle" },
                { "Oracle's real servers", REAL, "Oracle Corporation", "ORACLE SERVER X8-2", NULL, NULL, "none" },
                { "Hyper-V", GUEST, "Microsoft Corporation", "Virtual Machine", NULL, NULL, "microsoft" },
                { "Microsoft's real machines", REAL, "Microsoft Corporation", "Surface Laptop", NULL, NULL, "none" },
                { "Xen", NULL, "Xen", "HVM domU", "xen", NULL, "xen" },
                { "Xen without firmware", NULL, NULL, NULL, "xen", NULL, "xen" },
                { "EC2", GUEST KVM, "Amazon EC2", "c6i.8xlarge", NULL, NULL, "amazon" },
                { "EC2, firmware alone", NULL, "Amazon EC2", "c6i.8xlarge", NULL, NULL, "amazon" },
                { "EC2 bare metal", REAL, "Amazon EC2", "c6i.metal", NULL, NULL, "none" },
                { "EC2 bare metal, firmware alone", NULL, "Amazon EC2", "c6i.metal", NULL, NULL, "none" },
                { "Google", GUEST KVM, "Google", "Google Compute Engine", NULL, NULL, "google" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;

                if (cases[i].cpuid)
                        tree_file(tree, "/.plumbline/ask/cpuid", "%s", cases[i].cpuid);
                if (cases[i].vendor)
                        tree_file(tree, DMI "/sys_vendor", "%s\n", cases[i].vendor);
                if (cases[i].product)
                        tree_file(tree, DMI "/product_name", "%s\n", cases[i].product);
                if (cases[i].type)
                        tree_file(tree, "/sys/hypervisor/type", "%s\n", cases[i].type);
                if (cases[i].clocks)
                        tree_file(tree, "/sys/devices/system/clocksource/clocksource0/available_clocksource", "%s\n",
                                  cases[i].clocks);
                facts = probe_facts(tree_host(tree), &probe_host);
                expect_facts(cases[i].name, facts, &(struct fact_row){ "host.virtual", cases[i].want }, 1);
                facts_free(facts);
                tree_free(tree);
        }
}

/* On the live host: a processor that says it is a guest's is asked by whom it is one's, and no other. */
static void test_hypervisor_asked(void)
{
        autopool struct pool *pool = pool_new();
        bool guest = false, named = false;
        struct slice line, word = { 0 };
        const void *answer;
        const char *cursor;
        struct host *host;
        size_t size;

        if (!EXPECT_NUMBER("the live host", host_open(NULL, &host), 0))
                return;
        if (host_ask(host, pool, &answer, &size, "cpuid") == 0) {
                cursor = pool_copy(pool, answer, size);
                while (text_line(&cursor, &line)) {
                        named |= text_starts(line.at, "40000000 ");
                        if (!text_starts(line.at, "00000001 "))
                                continue;
                        /* Leaf, subleaf, EAX, EBX, ECX: eight digits, of which the first has the highest bit. */
                        for (unsigned i = 0; i < 5; i++)
                                slice_word(&line, " ", &word);
                        guest = word.size == 8 && strchr("89abcdef", *word.at);
                }
                EXPECT_NUMBER("who makes it a guest", named, guest);
        }
        host_close(host);
}

static void test_host(void)
{
        static const struct row rows[] = {
                { "named",
                  { { "/proc/sys/kernel/hostname", "hft-prod-01\n" }, { "/etc/hostname", "other\n" } },
                  { { "host.name", "hft-prod-01" } } },
                { "named by its file", { { "/etc/hostname", " hft-prod-02 \n" } }, { { "host.name", "hft-prod-02" } } },
                { "unnamed", { { "/proc/sys/kernel/hostname", "(none)\n" } }, { { "host.name", "unreadable ENODATA" } } },
                { "empty",
                  { { "/proc/sys/kernel/hostname", "\n" }, { "/etc/hostname", "" } },
                  { { "host.name", "unreadable ENODATA" } } },
                { "control characters", { { "/proc/sys/kernel/hostname", "a\033[31mb\n" } }, { { "host.name", "a?[31mb" } } },
                { "firmware",
                  { { DMI "/sys_vendor", "Dell Inc.\n" },
                    { DMI "/product_name", " PowerEdge R750 \n" },
                    { DMI "/bios_version", "1.0.30\n" },
                    { DMI "/bios_date", "\n" } },
                  { { "host.vendor", "Dell Inc." },
                    { "host.product", "PowerEdge R750" },
                    { "host.bios.version", "1.0.30" },
                    { "host.bios.date", "unreadable ENODATA" } } },
                { "no firmware",
                  { { "/sys/class/net/x", "" } },
                  { { "host.vendor", "absent" }, { "host.bios.date", "absent" } } },
                { "nothing read", { { "/proc/version", "" } }, { { "host.vendor", "unreadable ENODATA" } } },
        };

        run(&probe_host, rows, sizeof rows / sizeof rows[0]);
}

static void test_pci(void)
{
        static const struct row rows[] = {
                { "a guest that hides, but not its graphics",
                  { { "/proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu tsc\n" },
                    { "/proc/bus/pci/devices", "0000\t80861237\t0\n0010\t80eebeef\ta\n" } },
                  { { "host.virtual", "oracle" } } },
                { "a real one",
                  { { "/proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu tsc\n" },
                    { "/proc/bus/pci/devices", "0000\t10025a10\t0\nshort\n\n0010\t1af41000\tb\n" } },
                  { { "host.virtual", "none" } } },
        };

        run(&probe_host, rows, sizeof rows / sizeof rows[0]);
}

static void test_os(void)
{
        static const struct row rows[] = {
                { "Debian",
                  { { "/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n" } },
                  { { "os.id", "debian" }, { "os.version", "12" }, { "os.name", "Debian GNU/Linux 12 (bookworm)" } } },
                { "Ubuntu",
                  { { "/usr/lib/os-release", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID='22.04'\n" } },
                  { { "os.id", "ubuntu" }, { "os.version", "22.04" }, { "os.name", "unreadable ENODATA" } } },
                { "etc before usr",
                  { { "/etc/os-release", "ID=a\n" }, { "/usr/lib/os-release", "ID=b\nVERSION_ID=1\n" } },
                  { { "os.id", "a" }, { "os.version", "absent" } } },
                { "quotes and escapes",
                  { { "/etc/os-release", "# ID=no\nID=\"a\\\"b\\$c\\d\"\nPRETTY_NAME='a\"b\\$c'\n" } },
                  { { "os.id", "a\"b$c\\d" }, { "os.name", "a\"b\\$c" } } },
                { "the last counts",
                  { { "/etc/os-release", "ID=first\nID=second # no comment in a shell word\n" } },
                  { { "os.id", "second" } } },
                { "open quote",
                  { { "/etc/os-release", "ID=\"debian\nVERSION_ID=12\n" } },
                  { { "os.id", "unreadable EINVAL" }, { "os.version", "12" } } },
                { "no digits",
                  { { "/etc/os-release", "ID=x\nVERSION_ID=rolling\n" } },
                  { { "os.version", "unreadable EINVAL" } } },
                { "empty value",
                  { { "/etc/os-release", "ID=\nVERSION_ID=\"\"\n" } },
                  { { "os.id", "unreadable ENODATA" }, { "os.version", "unreadable ENODATA" } } },
                { "empty file",
                  { { "/etc/os-release", "" } },
                  { { "os.id", "unreadable ENODATA" }, { "os.version", "unreadable ENODATA" } } },
                { "a longer name", { { "/etc/os-release", "XID=a\nIDX=b\nID=c\n" } }, { { "os.id", "c" } } },
        };
        struct tree *tree = tree_new();
        struct facts *facts = facts_new();

        run(&probe_os, rows, sizeof rows / sizeof rows[0]);
        facts->infos = probe_os.facts;
        EXPECT_NUMBER("no file", probe_os.run(tree_host(tree), facts), -ENODATA);
        facts_free(facts);
        tree_free(tree);
}

static void test_numa(void)
{
        static const struct row rows[] = {
                { "one node",
                  { { CPU "/cpu0/topology/core_id", "0" },
                    { NODE "/node0/cpulist", "0" },
                    { NODE "/node0/distance", "10" },
                    { NODE "/node0/meminfo", "Node 0 MemTotal: 4 kB\n" } },
                  { { "numa.nodes", "1" },
                    { "numa.distance.max", "10" },
                    { "numa.node0.cpus", "0" },
                    { "numa.node0.memory", "4096" } } },
                { "odd nodes",
                  { { CPU "/cpu0/topology/core_id", "0" },
                    { NODE "/node0/cpulist", "0" },
                    { NODE "/node252/cpulist", "" },
                    { NODE "/node0/distance", "10 40\n" },
                    { NODE "/node252/distance", "21 10\n" } },
                  { { "numa.nodes", "2" },
                    { "numa.distance.max", "40" },
                    { "numa.node252.cpus", "" },
                    { "numa.node252.memory", "unreadable ENODATA" } } },
                { "no nodes",
                  { { CPU "/cpu0/topology/core_id", "0" } },
                  { { "numa.nodes", "absent" }, { "numa.distance.max", "absent" } } },
                { "distances of garbage",
                  { { CPU "/cpu0/topology/core_id", "0" },
                    { NODE "/node0/cpulist", "0" },
                    { NODE "/node0/distance", "10 -1" } },
                  { { "numa.distance.max", "unreadable EINVAL" } } },
                { "distances beyond sense",
                  { { CPU "/cpu0/topology/core_id", "0" },
                    { NODE "/node0/cpulist", "0" },
                    { NODE "/node0/distance", "99999999999999999999" } },
                  { { "numa.distance.max", "unreadable ERANGE" } } },
                { "no distances",
                  { { CPU "/cpu0/topology/core_id", "0" }, { NODE "/node0/cpulist", "0" } },
                  { { "numa.nodes", "1" }, { "numa.distance.max", "absent" } } },
        };

        run(&probe_numa, rows, sizeof rows / sizeof rows[0]);
}

static void test_hugepages(void)
{
        static const struct row rows[] = {
                { "two sizes",
                  { { PAGES "/hugepages-2048kB/nr_hugepages", "4096\n" },
                    { PAGES "/hugepages-2048kB/free_hugepages", "12\n" },
                    { PAGES "/hugepages-1048576kB/nr_hugepages", "0\n" },
                    { NODE "/node1/hugepages/hugepages-2048kB/nr_hugepages", "2048\n" } },
                  { { "hugepages.2M.total", "4096" },
                    { "hugepages.2M.free", "12" },
                    { "hugepages.1G.total", "0" },
                    { "hugepages.1G.free", "unreadable ENOENT" },
                    { "hugepages.node1.2M.total", "2048" } } },
                { "one size",
                  { { PAGES "/hugepages-2048kB/nr_hugepages", "1\n" }, { PAGES "/hugepages-2048kB/free_hugepages", "1\n" } },
                  { { "hugepages.1G.total", "absent" }, { "hugepages.1G.free", "absent" } } },
                { "other sizes",
                  { { PAGES "/hugepages-64kB/nr_hugepages", "3\n" }, { PAGES "/hugepages-16777216kB/nr_hugepages", "1\n" } },
                  { { "hugepages.64K.total", "3" }, { "hugepages.16G.total", "1" }, { "hugepages.2M.total", "absent" } } },
                { "a kernel without any", { { "/sys/kernel/mm/ksm/run", "0" } }, { { "hugepages.2M.total", "absent" } } },
                { "not read", { { "/proc/version", "" } }, { { "hugepages.2M.total", "unreadable ENODATA" } } },
                { "garbage",
                  { { PAGES "/hugepages-2048kB/nr_hugepages", "-3\n" },
                    { PAGES "/hugepages-2048kB/free_hugepages", "x\n" },
                    { PAGES "/hugepages-kB/nr_hugepages", "1" },
                    { PAGES "/hugepages-0kB/nr_hugepages", "1" },
                    { PAGES "/hugepages-99999999999999999999999kB/nr_hugepages", "1" } },
                  { { "hugepages.2M.total", "unreadable EINVAL" },
                    { "hugepages.2M.free", "unreadable EINVAL" },
                    { "hugepages.0G.total", "none" } } },
        };

        run(&probe_hugepages, rows, sizeof rows / sizeof rows[0]);
}

static const struct test tests[] = {
        { "real or virtual", test_virtual }, { "hypervisor asked", test_hypervisor_asked },
        { "name and firmware", test_host },  { "made-up devices", test_pci },
        { "distribution", test_os },         { "nodes", test_numa },
        { "hugepages", test_hugepages },     { NULL, NULL },
};
const struct suite suite_host_probe = { "host_probe", tests };

/* PCIe links: cards in slow and bad slots, switches, and devices that have no link or cannot tell. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]
#define ROOT       "/sys/devices/pci0000:00"
#define NIC        "0x020000"
#define NVME       "0x010802"
#define BRIDGE     "0x060400"
#define GEN3       "8.0 GT/s PCIe"
#define GEN4       "16.0 GT/s PCIe"

/* A device below the path, without a link. */
static void add(struct tree *tree, const char *above, const char *name, const char *class)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "%s/%s/class", above, name), "%s\n", class);
        tree_link(tree, pool_format(pool, "/sys/bus/pci/devices/%s", name),
                  pool_format(pool, "../../../devices%s/%s", above + sizeof "/sys/devices" - 1, name));
}

static void set(struct tree *tree, const char *folder, const char *which, const char *speed, const char *width)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "%s/%s_link_speed", folder, which), "%s\n", speed);
        tree_file(tree, pool_format(pool, "%s/%s_link_width", folder, which), "%s\n", width);
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_pcie);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

#define PORT ROOT "/0000:00:01.0"
#define CARD PORT "/0000:01:00.0"

/* One card below one port. */
static void one_card(void)
{
        static const struct {
                const char *name, *speed, *width, *card_speed, *card_width, *port_speed, *port_width;
                const char *link, *degraded;
        } cases[] = {
                { "as it should be", GEN4, "16", GEN4, "16", GEN4, "16", "16.0 GT/s x16", "false" },
                { "slow slot", GEN3, "16", GEN4, "16", GEN3, "16", "8.0 GT/s x16", "false" },
                { "narrow slot", GEN4, "8", GEN4, "16", GEN4, "8", "16.0 GT/s x8", "false" },
                { "fast slot", GEN3, "4", GEN3, "4", GEN4, "16", "8.0 GT/s x4", "false" },
                { "too slow", "2.5 GT/s PCIe", "16", GEN4, "16", GEN4, "16", "2.5 GT/s x16", "true" },
                { "a lane lost", GEN4, "8", GEN4, "16", GEN4, "16", "16.0 GT/s x8", "true" },
                { "below a slow slot", "5.0 GT/s PCIe", "8", GEN4, "8", GEN3, "8", "5.0 GT/s x8", "true" },
                { "as older kernels write it", "8 GT/s", "8", "8 GT/s", "8", "8 GT/s", "8", "8.0 GT/s x8", "false" },
                { "unknown speed", "Unknown", "8", GEN4, "8", GEN4, "8", "unreadable ENODATA", "unreadable ENODATA" },
                { "unknown speed of old", "Unknown speed", "8", GEN4, "8", GEN4, "8", "unreadable ENODATA",
                  "unreadable ENODATA" },
                { "no lanes", GEN4, "0", GEN4, "8", GEN4, "8", "unreadable ENODATA", "unreadable ENODATA" },
                { "lanes that nobody has", GEN4, "255", GEN4, "8", GEN4, "8", "unreadable ENODATA", "unreadable ENODATA" },
                { "no width", GEN4, "many", GEN4, "8", GEN4, "8", "unreadable EINVAL", "unreadable EINVAL" },
                { "no such speed", "99999999999999999999 GT/s", "8", GEN4, "8", GEN4, "8", "unreadable ENODATA",
                  "unreadable ENODATA" },
                { "a port that cannot tell", GEN3, "8", GEN4, "8", "Unknown", "255", "8.0 GT/s x8", "unreadable ENODATA" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "pcie.0000:01:00.0.link", cases[i].link },
                                                 { "pcie.0000:01:00.0.degraded", cases[i].degraded },
                                                 { "pcie.0000:00:01.0.link", "none" } };
                struct tree *tree = tree_new();

                add(tree, ROOT, "0000:00:01.0", BRIDGE);
                add(tree, PORT, "0000:01:00.0", NIC);
                set(tree, PORT, "current", cases[i].speed, cases[i].width);
                set(tree, PORT, "max", cases[i].port_speed, cases[i].port_width);
                set(tree, CARD, "current", cases[i].speed, cases[i].width);
                set(tree, CARD, "max", cases[i].card_speed, cases[i].card_width);
                check(cases[i].name, tree, ROWS(rows));
        }
}

#define UPPER PORT "/0000:01:00.0"
#define LOWER UPPER "/0000:02:00.0"

/* A drive behind a switch: two links, and the slot of the switch is the bad one. */
static void behind_a_switch(void)
{
        static const struct fact_row rows[] = {
                { "pcie.0000:03:00.0.link", "8.0 GT/s x4" }, { "pcie.0000:03:00.0.degraded", "false" },
                { "pcie.0000:02:00.0.link", "none" },        { "pcie.0000:01:00.0.link", "8.0 GT/s x4" },
                { "pcie.0000:01:00.0.degraded", "true" },    { "pcie.0000:00:01.0.link", "none" },
        };
        struct tree *tree = tree_new();

        add(tree, ROOT, "0000:00:01.0", BRIDGE);
        add(tree, PORT, "0000:01:00.0", BRIDGE);
        add(tree, UPPER, "0000:02:00.0", BRIDGE);
        add(tree, LOWER, "0000:03:00.0", NVME);
        set(tree, PORT, "max", GEN3, "16");
        set(tree, UPPER, "current", GEN3, "4");
        set(tree, UPPER, "max", GEN3, "8");
        set(tree, LOWER, "max", GEN3, "4");
        set(tree, LOWER "/0000:03:00.0", "current", GEN3, "4");
        set(tree, LOWER "/0000:03:00.0", "max", GEN3, "4");
        check("switch", tree, ROWS(rows));
}

static void no_links(void)
{
        static const struct fact_row rows[] = {
                { "pcie.0000:00:02.0.link", "none" }, /* in the root complex */
                { "pcie.0000:01:00.0.link", "none" }, /* on plain PCI */
                { "pcie.0000:01:00.1.link", "none" }, /* a virtual function */
                { "pcie.0000:01:00.2.link", "none" }, /* a graphics card, which slows down when idle */
                { "pcie.0000:01:00.3.link", "unreadable ENODATA" },
                { "pcie.0000:01:00.3.degraded", "unreadable ENODATA" },
        };
        struct tree *tree = tree_new();

        add(tree, ROOT, "0000:00:01.0", BRIDGE);
        set(tree, PORT, "max", GEN3, "16");
        add(tree, ROOT, "0000:00:02.0", NIC);
        set(tree, ROOT "/0000:00:02.0", "current", "Unknown", "0");
        add(tree, PORT, "0000:01:00.0", NIC);
        add(tree, PORT, "0000:01:00.1", NIC);
        set(tree, PORT "/0000:01:00.1", "current", "Unknown", "0");
        tree_link(tree, PORT "/0000:01:00.1/physfn", "../0000:01:00.0");
        add(tree, PORT, "0000:01:00.2", "0x030000");
        set(tree, PORT "/0000:01:00.2", "current", "2.5 GT/s PCIe", "16");
        add(tree, PORT, "0000:01:00.3", NIC);
        set(tree, PORT "/0000:01:00.3", "current", "2.5 GT/s PCIe", "16");
        set(tree, PORT "/0000:01:00.3", "max", GEN3, "16");
        tree_file(tree, PORT "/0000:01:00.3/power/runtime_status", "suspended\n");
        tree_file(tree, "/sys/bus/pci/devices/not:a:device/class", NIC "\n");
        check("no links", tree, ROWS(rows));
}

/* What the kernel writes for each kind of error (aer_stats_dev_attr in drivers/pci/pcie/aer.c), cut short. */
#define COR(total)      "RxErr 0\nBadTLP 7\nHeaderOF 0\nTOTAL_ERR_COR " total "\n"
#define NONFATAL(total) "Undefined 0\nDLP 0\nUnsupReq 1\nTOTAL_ERR_NONFATAL " total "\n"
#define FATAL(total)    "Undefined 0\nDLP 3\nTOTAL_ERR_FATAL " total "\n"

static void errors(void)
{
        static const struct {
                const char *name, *correctable, *nonfatal, *fatal, *seen;
                const char *corrected, *uncorrected;
        } cases[] = {
                { "none", COR("0"), NONFATAL("0"), FATAL("0"), NULL, "0", "0" },
                { "some of each", COR("7"), NONFATAL("1"), FATAL("3"), NULL, "7", "4" },
                { "no such reporting", NULL, NULL, NULL, NULL, "absent", "absent" },
                { "a file is missing", COR("7"), NONFATAL("1"), NULL, NULL, "7", "unreadable ENODATA" },
                { "the first is missing", NULL, NONFATAL("1"), FATAL("3"), NULL, "unreadable ENODATA", "4" },
                { "not for us", NULL, NONFATAL("1"), FATAL("3"), "read EACCES " CARD "/aer_dev_correctable\n",
                  "unreadable EACCES", "4" },
                { "no total", "RxErr 0\n", "", "\n", NULL, "unreadable EBADMSG", "unreadable EBADMSG" },
                { "another total", "TOTAL_ERR_CORX 1\n", NONFATAL("0"), FATAL("0"), NULL, "unreadable EBADMSG", "0" },
                { "a total of nothing", COR(""), NONFATAL("x"), FATAL("0"), NULL, "unreadable EINVAL", "unreadable EINVAL" },
                { "below zero", COR("-1"), NONFATAL("0"), FATAL("-1"), NULL, "unreadable EINVAL", "unreadable EINVAL" },
                { "beyond all", COR("18446744073709551616"), NONFATAL("9223372036854775807"), FATAL("1"), NULL,
                  "unreadable ERANGE", "unreadable ERANGE" },
                { "beyond 64 bits together", COR("9223372036854775807"), NONFATAL("18446744073709551615"),
                  FATAL("18446744073709551615"), NULL, "9223372036854775807", "unreadable ERANGE" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "pcie.0000:01:00.0.errors.corrected", cases[i].corrected },
                                                 { "pcie.0000:01:00.0.errors.uncorrected", cases[i].uncorrected },
                                                 { "pcie.0000:00:01.0.errors.corrected", "none" },
                                                 { "pcie.0000:01:00.0.link", "unreadable ENODATA" } };
                struct tree *tree = tree_new();

                add(tree, ROOT, "0000:00:01.0", BRIDGE);
                add(tree, PORT, "0000:01:00.0", NIC);
                set(tree, CARD, "current", GEN4, "16");
                /* Counted in memory: the card is not woken, and told all the same. */
                tree_file(tree, CARD "/power/runtime_status", "suspended\n");
                if (cases[i].correctable)
                        tree_file(tree, CARD "/aer_dev_correctable", "%s", cases[i].correctable);
                if (cases[i].nonfatal)
                        tree_file(tree, CARD "/aer_dev_nonfatal", "%s", cases[i].nonfatal);
                if (cases[i].fatal)
                        tree_file(tree, CARD "/aer_dev_fatal", "%s", cases[i].fatal);
                if (cases[i].seen)
                        tree_file(tree, "/.plumbline/seen", "%s", cases[i].seen);
                check(cases[i].name, tree, ROWS(rows));
        }
}

static void count(struct tree *tree, const char *folder, const char *corrected, const char *fatal)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "%s/aer_dev_correctable", folder), "TOTAL_ERR_COR %s\n", corrected);
        tree_file(tree, pool_format(pool, "%s/aer_dev_nonfatal", folder), "TOTAL_ERR_NONFATAL 0\n");
        tree_file(tree, pool_format(pool, "%s/aer_dev_fatal", folder), "TOTAL_ERR_FATAL %s\n", fatal);
}

static const char *note_of(const struct facts *facts, const char *name)
{
        const struct fact *fact = fact_find(facts, name);

        return fact ? fact->note : "no such fact";
}

/* A drive of two functions behind a switch, all of which count; a port that counts nothing; and a port without anything below it. */
static void errors_of_ports(void)
{
        static const struct fact_row rows[] = {
                { "pcie.0000:00:01.0.errors.corrected", "90012" },
                { "pcie.0000:00:01.0.errors.uncorrected", "3" },
                { "pcie.0000:00:01.0.link", "none" },
                { "pcie.0000:01:00.0.errors.corrected", "1" },
                { "pcie.0000:02:00.0.errors.corrected", "unreadable EINVAL" },
                { "pcie.0000:02:00.0.errors.uncorrected", "5" },
                { "pcie.0000:03:00.0.errors.corrected", "0" },
                { "pcie.0000:03:00.1.errors.corrected", "absent" },
                { "pcie.0000:00:03.0.errors.corrected", "none" },
                { "pcie.0000:04:00.0.errors.corrected", "2" },
                { "pcie.0000:00:04.0.errors.corrected", "none" },
        };
        struct tree *tree = tree_new();
        struct facts *facts;

        add(tree, ROOT, "0000:00:01.0", BRIDGE);
        add(tree, PORT, "0000:01:00.0", BRIDGE);
        add(tree, UPPER, "0000:02:00.0", BRIDGE);
        add(tree, LOWER, "0000:03:00.0", NVME);
        add(tree, LOWER, "0000:03:00.1", NVME);
        set(tree, UPPER, "current", GEN3, "4");
        set(tree, LOWER "/0000:03:00.0", "current", GEN3, "4");
        set(tree, LOWER "/0000:03:00.1", "current", GEN3, "4");
        count(tree, PORT, "90012", "3");
        count(tree, UPPER, "1", "0");
        count(tree, LOWER, "many", "5");
        count(tree, LOWER "/0000:03:00.0", "0", "0");
        add(tree, ROOT, "0000:00:03.0", BRIDGE);
        add(tree, ROOT "/0000:00:03.0", "0000:04:00.0", NIC);
        set(tree, ROOT "/0000:00:03.0/0000:04:00.0", "current", GEN3, "4");
        count(tree, ROOT "/0000:00:03.0/0000:04:00.0", "2", "0");
        add(tree, ROOT, "0000:00:04.0", BRIDGE);
        count(tree, ROOT "/0000:00:04.0", "9", "9");

        facts = probe_facts(tree_host(tree), &probe_pcie);
        expect_facts("ports", facts, ROWS(rows));
        EXPECT_TEXT(NULL, note_of(facts, "pcie.0000:00:01.0.errors.corrected"), "of the upper end of the link to 0000:01:00.0");
        EXPECT_TEXT(NULL, note_of(facts, "pcie.0000:02:00.0.errors.uncorrected"),
                    "of the upper end of the link to 0000:03:00.0");
        EXPECT_TEXT("a lower end", note_of(facts, "pcie.0000:01:00.0.errors.corrected"), NULL);
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = { { "errors of ports", errors_of_ports },
                                     { "one card", one_card },
                                     { "behind a switch", behind_a_switch },
                                     { "no links", no_links },
                                     { "errors", errors },
                                     { 0 } };

const struct suite suite_pcie_probe = { "pcie_probe", tests };

/* Whether memory is plugged in evenly: channels by the names of the slots, modules by their sizes, nodes by what they have. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"
#include "tests/unit/smbios_build.h"

#include <string.h>

#define TABLE "/sys/firmware/dmi/tables/DMI"
#define NODES "/sys/devices/system/node"
#define CPU   "/sys/devices/system/cpu"

/* "A1=16 A2=16 B1=0": the slots and their GiB; "?" has a module whose size is not known. */
static void put_modules(struct tree *tree, const char *text)
{
        autopool struct pool *pool = pool_new();
        struct smbios_table table = { 0 };
        struct slice word;

        smbios_put_array(&table, 3, 6);
        while (text_word(&text, ";", &word)) {
                const char *one = slice_dup(pool, word), *equals = strchr(one, '=');
                uint64_t gib = 0;
                struct smbios_module module = { .type = 0x1A,
                                                .technology = 3,
                                                .locator = pool_copy(pool, one, (size_t)(equals - one)) };

                /* From 32 GiB on the size does not fit into its first field. */
                module.extended = text_u64(equals + 1, 10, &gib) < 0 ? 0 : (uint32_t)(gib << 10);
                module.size = one[strlen(one) - 1] == '?' ? 0xFFFF : gib >= 32 ? 0x7FFF : (uint16_t)(gib << 10);
                smbios_put_module(&table, &module);
        }
        smbios_put_end(&table);
        tree_bytes(tree, TABLE, table.bytes, table.size);
}

/* "64 64": the GiB of the nodes, a CPU each; "-" has no CPU. */
static void put_nodes(struct tree *tree, const char *text)
{
        autopool struct pool *pool = pool_new();
        unsigned node = 0;
        struct slice word;

        while (text && text_word(&text, " ", &word)) {
                const char *one = slice_dup(pool, word);
                uint64_t gib = 0;

                text_u64(one + (*one == '-'), 10, &gib);
                tree_file(tree, pool_format(pool, NODES "/node%u/meminfo", node), "Node %u MemTotal: %llu kB\n", node,
                          (unsigned long long)gib << 20);
                tree_file(tree, pool_format(pool, NODES "/node%u/cpulist", node), *one == '-' ? "\n" : "%u\n", node);
                tree_file(tree, pool_format(pool, CPU "/cpu%u/topology/core_id", node), "%u\n", node);
                tree_file(tree, pool_format(pool, CPU "/cpu%u/topology/physical_package_id", node), "%u\n", node);
                node++;
        }
        tree_file(tree, CPU "/present", "0-%u\n", node ? node - 1 : 0);
        tree_file(tree, CPU "/online", "0-%u\n", node ? node - 1 : 0);
}

static const struct {
        const char *name, *modules, *nodes, *want, *note;
} cases[] = {
        { "even", "P1-DIMMA1=16;P1-DIMMB1=16;P2-DIMMA1=16;P2-DIMMB1=16", "31 32", "true", NULL },
        { "even with empty slots", "CPU0_DIMM_A1=32;CPU0_DIMM_A2=0;CPU0_DIMM_B1=32;CPU0_DIMM_B2=0", "63", "true", NULL },
        { "unlike modules, alike channels", "DIMM_A1=16;DIMM_A2=32;DIMM_B1=32;DIMM_B2=16", "90", "true", NULL },
        { "an empty channel", "DIMM_A1=16;DIMM_B1=16;DIMM_C1=0", "31", "true", NULL },
        { "a channel with one more", "DIMM_A1=16;DIMM_A2=16;DIMM_B1=16", "46", "false",
          "channel DIMM_A has 32 GiB, channel DIMM_B has 16 GiB" },
        { "a letter may be a socket", "A1=16;A2=32;B1=32;B2=16", "46 47", "unreadable ENODATA", NULL },
        { "two sizes on each socket", "A1=32;A2=16;A3=32;A4=16;B1=32;B2=16;B3=32;B4=16", "94 95", "unreadable ENODATA", NULL },
        { "one size on each socket", "A1=32;A2=32;A3=0;B1=32;B2=32;B3=0", "62 63", "true",
          "all modules have one size; the names of the slots do not tell their channels" },
        { "a letter with one more", "A1=16;A2=16;B1=16", "46", "false", "slots A have 32 GiB, slots B have 16 GiB" },
        { "letters among channels", "A1=16;A2=32;P1-DIMMB1=48", "90", "unreadable ENODATA", NULL },
        { "a socket with less", "P1-DIMMA1=16;P2-DIMMA1=8", "23", "false",
          "channel P1-DIMMA has 16 GiB, channel P2-DIMMA has 8 GiB" },
        { "names without channels, one size", "DIMM 1=16;DIMM 2=16;DIMM 3=0", "31", "true",
          "all modules have one size; the names of the slots do not tell their channels" },
        { "names without channels, two sizes", "PROC 1 DIMM 1=16;PROC 1 DIMM 2=8", "23", "unreadable ENODATA", NULL },
        { "DIMM2 is no channel", "DIMM1=16;DIMM2=8", "23", "unreadable ENODATA", NULL },
        { "a word is no channel", "BANKA1=16;BANKB1=8", "23", "unreadable ENODATA", NULL },
        { "no name", "=16;=8", "23", "unreadable ENODATA", NULL },
        { "a size that is not known", "A1=16;B1=?", "31", "unreadable ENODATA", NULL },
        { "a node with less", "A1=16;B1=16;C1=16;D1=16", "31 15", "false", "node 0 has 31 GiB, node 1 has 15 GiB" },
        { "a node with nothing", "A1=16;B1=16", "31 0", "false", "node 0 has 31 GiB, node 1 has 0 GiB" },
        { "a node without CPUs", "DIMM_A1=16;DIMM_B1=16;DIMM_C1=16;DIMM_D1=16", "31 -15", "true", NULL },
        { "no list, uneven nodes", NULL, "31 15", "false", "node 0 has 31 GiB, node 1 has 15 GiB" },
        { "no list, even nodes", NULL, "31 30", "unreadable ENODATA", NULL },
};

static void test_balance(void)
{
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row row = { "memory.balanced", cases[i].want };
                struct tree *tree = tree_new();
                const struct fact *fact;
                struct facts *facts;

                if (cases[i].modules)
                        put_modules(tree, cases[i].modules);
                put_nodes(tree, cases[i].nodes);
                facts = probe_facts(tree_host(tree), &probe_memory);
                expect_facts(cases[i].name, facts, &row, 1);
                fact = fact_find(facts, row.name);
                EXPECT_TEXT(cases[i].name, fact ? fact->note : NULL, cases[i].note);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "balance", test_balance },
        { NULL, NULL },
};

const struct suite suite_balance = { "balance", tests };

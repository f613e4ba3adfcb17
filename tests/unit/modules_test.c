/* Type and speed of memory modules, where the firmware keeps back what some or all of them are. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"
#include "tests/unit/smbios_build.h"

#include <string.h>

/* One fact each of boxes with four modules. The first differs from the other three. */
static const struct {
        const char *name;
        struct smbios_module first, others;
        const char *fact, *want, *note; /* note: words in it; NULL: there is none */
} silent[] = {
        { "all tell their speed",
          { .configured = 3200, .rated = 3200 },
          { .configured = 3200, .rated = 3200 },
          "memory.speed",
          "3200",
          NULL },
        { "three tell no speed",
          { .configured = 2933, .rated = 3200 },
          { 0 },
          "memory.speed",
          "unreadable ENODATA",
          "3 of 4 modules do not tell the speed they are configured to; the slowest of the others runs at 2933 MT/s" },
        { "one tells no speed",
          { 0 },
          { .configured = 3200, .rated = 3200 },
          "memory.speed",
          "unreadable ENODATA",
          "1 of 4 modules do not tell the speed they are configured to; the slowest of the others runs at 3200 MT/s" },
        { "rated alone",
          { .rated = 3200 },
          { .rated = 3200 },
          "memory.speed",
          "unreadable ENODATA",
          "4 of 4 modules do not tell the speed they are configured to; the slowest of them is rated at 3200 MT/s" },
        { "rated alone, and configured",
          { .configured = 2933, .rated = 3200 },
          { .rated = 2400 },
          "memory.speed",
          "unreadable ENODATA",
          "rated at 2400 MT/s; the slowest of the others runs at 2933 MT/s" },
        { "SMBIOS 2.6",
          { .rated = 1333, .length = 0x1C },
          { .rated = 1600, .length = 0x1C },
          "memory.speed",
          "unreadable ENODATA",
          "configured to, for which SMBIOS has a field since 2.7; the slowest of them is rated at 1333 MT/s" },
        { "nothing about speed",
          { 0 },
          { 0 },
          "memory.speed",
          "unreadable ENODATA",
          "4 of 4 modules do not tell the speed they are configured to" },
        { "all tell their label", { .rated = 3200 }, { .rated = 2933 }, "memory.rated_speed", "2933", NULL },
        { "run slower than the label says",
          { .configured = 2400, .rated = 3200 },
          { .configured = 2400, .rated = 3200 },
          "memory.rated_speed",
          "3200",
          NULL },
        { "a label beyond 16 bits",
          { .rated = 0xFFFF, .rated_extended = 72000 },
          { .rated = 0xFFFF, .rated_extended = 80000 },
          "memory.rated_speed",
          "72000",
          NULL },
        { "one has no label",
          { .configured = 3200 },
          { .configured = 3200, .rated = 3200 },
          "memory.rated_speed",
          "unreadable ENODATA",
          "1 of 4 modules do not tell it; the slowest of the others is rated at 3200 MT/s" },
        { "no label at all", { .configured = 3200 }, { .configured = 3200 }, "memory.rated_speed", "unreadable ENODATA", NULL },
        { "all tell their type", { .type = 0x1A }, { .type = 0x1A }, "memory.type", "DDR4", NULL },
        { "three tell no type",
          { .type = 0x1A },
          { .type = 2 },
          "memory.type",
          "unreadable ENODATA",
          "3 of 4 modules do not tell their type; the others are DDR4" },
        { "one tells no type",
          { .type = 1 },
          { .type = 0x22 },
          "memory.type",
          "unreadable ENODATA",
          "1 of 4 modules do not tell their type; the others are DDR5" },
        { "no type at all",
          { .type = 2 },
          { .type = 2 },
          "memory.type",
          "unreadable ENODATA",
          "4 of 4 modules do not tell their type" },
        { "two types", { .type = 0x18 }, { .type = 0x1A }, "memory.type", "DDR3 DDR4", NULL },
};

static void test_silent(void)
{
        for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
                const struct fact_row row = { silent[i].fact, silent[i].want };
                struct smbios_table table = { 0 };
                struct tree *tree = tree_new();
                const struct fact *fact;
                struct facts *facts;

                for (unsigned k = 0; k < 4; k++) {
                        struct smbios_module module = k ? silent[i].others : silent[i].first;

                        module.size = 16384;
                        smbios_put_module(&table, &module);
                }
                smbios_put_end(&table);
                tree_bytes(tree, "/sys/firmware/dmi/tables/DMI", table.bytes, table.size);
                facts = probe_facts(tree_host(tree), &probe_memory);
                expect_facts(silent[i].name, facts, &row, 1);
                fact = fact_find(facts, silent[i].fact);
                if (silent[i].note)
                        expect(fact->note && strstr(fact->note, silent[i].note), __FILE__, __LINE__, silent[i].name,
                               "\"%s\" should say \"%s\"", fact->note ? fact->note : "nothing", silent[i].note);
                else
                        EXPECT_TEXT(silent[i].name, fact->note, NULL);
                facts_free(facts);
                tree_free(tree);
        }
}

/* As the trading profile asks. */
static void test_kinds(void)
{
        static const struct {
                const char *name;
                uint8_t first, second;
                bool holds;
        } cases[] = {
                { "DDR4", 0x1A, 0x1A, true },
                { "DDR4 and DDR5", 0x1A, 0x22, true },
                { "DDR3 and DDR4", 0x18, 0x1A, false },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct smbios_table table = { 0 };
                struct tree *tree = tree_new();
                struct facts *facts;
                const struct fact *fact;
                const char *problem;
                struct want want;

                smbios_put_module(&table, &(struct smbios_module){ .size = 16384, .type = cases[i].first });
                smbios_put_module(&table, &(struct smbios_module){ .size = 16384, .type = cases[i].second });
                smbios_put_end(&table);
                tree_bytes(tree, "/sys/firmware/dmi/tables/DMI", table.bytes, table.size);
                facts = probe_facts(tree_host(tree), &probe_memory);
                fact = fact_find(facts, "memory.type");
                EXPECT_NUMBER(cases[i].name,
                              want_parse(pool, "in [DDR4, DDR5]", fact->info->kind, UNIT_NONE, 0, &want, &problem), 0);
                EXPECT_NUMBER(cases[i].name, want_holds(&want, &fact->value), cases[i].holds);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "kinds of modules", test_kinds },
        { "modules that keep something back", test_silent },
        { NULL, NULL },
};
const struct suite suite_modules = { "modules", tests };

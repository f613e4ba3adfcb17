/* Type and speed of memory modules, where the firmware keeps back what some or all of them are. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
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

#define EDAC "/sys/devices/system/edac/mc/"

/* What the drivers say of the modules, "mc0/dimm0=SECDED mc1/dimm0=None", beside a firmware that says yes, no, or nothing. */
static void test_correction(void)
{
        static const struct {
                const char *name, *modes;
                char firmware; /* 'y', 'n', '-' no list, '?' one that contradicts itself */
                const char *want, *note;
        } cases[] = {
                { "all of one", "mc0/dimm0=SECDED mc0/dimm1=SECDED", '-', "true", NULL },
                { "all of two", "mc0/dimm0=S4ECD4ED mc1/dimm0=S8ECD8ED mc1/rank4=S16ECD16ED", '-', "true", NULL },
                { "the second is not", "mc0/dimm0=SECDED mc0/dimm1=None", '-', "false", "mc0/dimm1 is not corrected" },
                { "of the second controller", "mc0/dimm0=SECDED mc1/dimm0=None", '-', "false", "mc1/dimm0 is not corrected" },
                { "parity finds, and corrects nothing", "mc0/dimm0=PARITY", '-', "false", "mc0/dimm0 is not corrected" },
                { "nor does EC", "mc0/dimm0=EC", '-', "false", "mc0/dimm0 is not corrected" },
                { "one is not known", "mc0/dimm0=SECDED mc0/dimm1=Unknown", '-', "unreadable ENODATA",
                  "1 modules are corrected by the driver's word; of others it does not tell" },
                { "one is empty", "mc0/dimm0=SECDED mc0/dimm1=", '-', "unreadable ENODATA",
                  "1 modules are corrected by the driver's word; of others it does not tell" },
                { "one is not known, one is not", "mc0/dimm0=Reserved mc0/dimm1=None", '-', "false",
                  "mc0/dimm1 is not corrected" },
                { "a word to come", "mc0/dimm0=MAGIC", '-', "unreadable ENODATA", NULL },
                { "other files", "mc0/dimmer=None mcx/dimm0=None mc0/csrow0=None mc0/dimm0=SECDED", '-', "true", NULL },
                { "no driver", "", '-', "unreadable ENODATA", NULL },
                { "no driver, firmware says yes", "", 'y', "true", NULL },
                { "no driver, firmware says no", "", 'n', "false", NULL },
                { "both say yes", "mc0/dimm0=SECDED", 'y', "true", NULL },
                { "switched off", "mc0/dimm0=None", 'y', "false",
                  "mc0/dimm0 is not corrected, though the firmware's list says that all are" },
                { "the driver knows nothing", "mc0/dimm0=Unknown", 'y', "true", NULL },
                { "modules without, the driver with", "mc0/dimm0=SECDED", 'n', "false", NULL },
                { "the driver settles it", "mc0/dimm0=SECDED", '?', "true", NULL },
                { "or does not", "mc0/dimm0=Unknown", '?', "unreadable ENODATA", "the firmware contradicts itself about ECC" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                const struct fact_row row = { "memory.ecc", cases[i].want };
                const char *modes = cases[i].modes;
                struct smbios_table table = { 0 };
                struct tree *tree = tree_new();
                struct facts *facts;
                struct slice word;

                while (text_word(&modes, " ", &word)) {
                        const char *one = slice_dup(pool, word);
                        size_t size = strcspn(one, "=");

                        tree_file(tree, pool_format(pool, EDAC "%.*s/dimm_edac_mode", (int)size, one), "%s\n", one + size + 1);
                }
                smbios_put_array(&table, 3, cases[i].firmware == 'n' ? 3 : 6);
                smbios_put_module(&table, &(struct smbios_module){ .size = 16384,
                                                                   .type = 0x1A,
                                                                   .data_width = 64,
                                                                   .total_width = cases[i].firmware == 'y' ? 72 : 64 });
                smbios_put_end(&table);
                if (cases[i].firmware != '-')
                        tree_bytes(tree, "/sys/firmware/dmi/tables/DMI", table.bytes, table.size);
                facts = probe_facts(tree_host(tree), &probe_memory);
                expect_facts(cases[i].name, facts, &row, 1);
                EXPECT_TEXT(cases[i].name, fact_find(facts, "memory.ecc")->note, cases[i].note);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "correction of errors", test_correction },
        { "kinds of modules", test_kinds },
        { "modules that keep something back", test_silent },
        { NULL, NULL },
};
const struct suite suite_modules = { "modules", tests };

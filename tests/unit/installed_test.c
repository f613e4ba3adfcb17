/* What is installed: which source is believed, and what stands for it where none is exact. */

#include "probes/installed.h"

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"
#include "tests/unit/smbios_build.h"

#include <stdio.h>
#include <string.h>

#define GIB    (INT64_C(1) << 30)
#define TABLE  "/sys/firmware/dmi/tables/DMI"
#define BLOCKS "/sys/devices/system/memory"

/* KiB of MemTotal; a box of round size loses 2 to 6 % to firmware, crash kernel and page structures. */
static const struct {
        const char *name;
        double total_gib;
        int64_t installed_gib;
} totals[] = {
        { "128 GiB", 125.6, 128 },
        { "128 GiB with a large crash kernel", 120.5, 128 },
        { "24 GiB guest", 23.54, 24 },
        { "16 GiB", 15.57, 16 },
        { "32 GiB", 31.31, 32 },
        { "96 GiB", 94.0, 96 },
        { "120 GiB guest", 117.7, 120 },
        { "192 GiB", 188.5, 192 },
        { "384 GiB", 376.5, 384 },
        { "768 GiB", 754.0, 768 },
        { "1 TiB", 1007.0, 1024 },
        { "60 GiB guest", 58.9, 60 },
        { "8 GiB", 7.64, 8 },
        { "exactly 64 GiB", 64.0, 64 },
        { "112 GiB is not 128", 110.2, 112 },
        { "just too little for 128", 119.0, 120 },
};

static void put_total(struct tree *tree, double gib)
{
        tree_file(tree, "/proc/meminfo", "MemTotal:       %.0f kB\nMemFree: 1024 kB\nMemAvailable: 2048 kB\n",
                  gib * 1024 * 1024);
}

static void test_totals(void)
{
        for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;
                const struct fact *fact;

                put_total(tree, totals[i].total_gib);
                facts = probe_facts(tree_host(tree), &probe_memory);
                fact = fact_find(facts, "memory.installed");
                if (EXPECT(totals[i].name, fact && fact->status == FACT_KNOWN)) {
                        EXPECT_NUMBER(totals[i].name, fact->value.number, totals[i].installed_gib * GIB);
                        EXPECT_TEXT(totals[i].name, fact->source, "/proc/meminfo");
                        EXPECT(totals[i].name,
                               fact->note && strstr(fact->note, "derived: MemTotal") && strstr(fact->note, "93 %"));
                }
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_round(void)
{
        static const struct {
                const char *name;
                int64_t low, high, round;
        } cases[] = {
                { "exact", 128 * GIB, 137 * GIB, 128 * GIB },
                { "nothing round between", GIB + 1, GIB + 2, GIB + 1 },
                { "zero", 0, 0, 0 },
                { "the largest number", INT64_MAX, INT64_MAX, INT64_MAX },
                { "near the largest", INT64_MAX - 5, INT64_MAX, INT64_MAX - 5 },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                EXPECT_NUMBER(cases[i].name, installed_round(cases[i].low, cases[i].high), cases[i].round);
}

static void put_blocks(struct tree *tree, unsigned online, unsigned offline, const char *size)
{
        char path[128];

        tree_file(tree, BLOCKS "/block_size_bytes", "%s\n", size);
        for (unsigned i = 0; i < online + offline; i++) {
                snprintf(path, sizeof path, BLOCKS "/memory%u/state", i);
                tree_file(tree, path, "%s\n", i < online ? "online" : "offline");
        }
}

static void put_table(struct tree *tree, unsigned count, const struct smbios_module *module, unsigned card_gib, size_t cut)
{
        struct smbios_table table = { 0 };

        if (card_gib) {
                smbios_put_array_at(&table, 0x2000, 0xA4, 3, 6);
                smbios_put_module(&table, &(struct smbios_module){
                                                  .size = 0x7FFF, .extended = card_gib << 10, .type = 0x22, .array = 0x2000 });
        }
        smbios_put_array(&table, 3, 6);
        for (unsigned i = 0; i < count; i++)
                smbios_put_module(&table, module);
        smbios_put_module(&table, &(struct smbios_module){ .locator = "empty" });
        smbios_put_end(&table);
        tree_bytes(tree, TABLE, table.bytes, table.size - cut);
}

static const struct smbios_module ddr4 = { .size = 16384,
                                           .type = 0x1A,
                                           .technology = 3,
                                           .rated = 3200,
                                           .configured = 2933,
                                           .total_width = 72,
                                           .data_width = 64,
                                           .locator = "P1-DIMMA1" };
static const struct smbios_module sizeless = { .size = 0xFFFF, .type = 0x1A, .configured = 3200, .locator = "A" };
static const struct smbios_module optane = { .size = 0x7FFF, .extended = 131072, .type = 0x1F, .technology = 7 };
static const struct smbios_module plain = {
        .size = 16384, .type = 0x22, .rated = 4800, .configured = 4800, .total_width = 64, .data_width = 64
};

static const struct {
        const char *name;
        double total_gib;  /* 0: no /proc/meminfo */
        unsigned card_gib; /* on a CXL card */
        const struct smbios_module *module;
        unsigned modules;
        size_t cut;
        unsigned blocks, offline;  /* of 2 GiB */
        int64_t installed_gib;     /* -1: nothing tells */
        const char *source, *note; /* words in them */
        struct fact_row rows[5];
} sources[] = {
        { .name = "SMBIOS",
          .total_gib = 125.6,
          .module = &ddr4,
          .modules = 8,
          .blocks = 65,
          .installed_gib = 128,
          .source = TABLE,
          .rows = { { "memory.type", "DDR4" },
                    { "memory.speed", "2933" },
                    { "memory.dimms", "8" },
                    { "memory.ecc", "true" } } },
        { .name = "SMBIOS, most of it unused",
          .total_gib = 62.0,
          .module = &ddr4,
          .modules = 8,
          .installed_gib = 128,
          .source = TABLE,
          .note = "the kernel has only",
          .rows = { { "memory.type", "DDR4" }, { "memory.speed", "2933" }, { "memory.dimms", "8" } } },
        { .name = "a CXL card beside the modules",
          .total_gib = 236.6,
          .card_gib = 112,
          .module = &ddr4,
          .modules = 8,
          .installed_gib = 128,
          .source = TABLE,
          .note = "112 GiB on a card or for another use than the system's, such as CXL, does not count",
          .rows = { { "memory.type", "DDR4" },
                    { "memory.dimms", "8" },
                    { "memory.ecc", "true" },
                    { "memory.balanced", "true" } } },
        { .name = "a card alone",
          .total_gib = 110.2,
          .card_gib = 112,
          .installed_gib = 112,
          .source = "/proc/meminfo",
          .note = "the firmware lists no memory device that is filled",
          .rows = { { "memory.type", "unreadable ENODATA" }, { "memory.dimms", "unreadable ENODATA" } } },
        { .name = "SMBIOS claims too little",
          .total_gib = 125.6,
          .module = &ddr4,
          .modules = 2,
          .blocks = 65,
          .installed_gib = 128,
          .source = BLOCKS,
          .note = "less than",
          .rows = { { "memory.type", "unreadable ENODATA" },
                    { "memory.speed", "unreadable ENODATA" },
                    { "memory.rated_speed", "unreadable ENODATA" },
                    { "memory.dimms", "unreadable ENODATA" },
                    { "memory.ecc", "unreadable ENODATA" } } },
        { .name = "SMBIOS cut off",
          .total_gib = 125.6,
          .module = &ddr4,
          .modules = 8,
          .cut = 40,
          .installed_gib = 128,
          .source = "/proc/meminfo",
          .note = "cut off",
          .rows = { { "memory.type", "unreadable ENODATA" }, { "memory.dimms", "unreadable ENODATA" } } },
        { .name = "SMBIOS does not know a size",
          .total_gib = 125.6,
          .module = &sizeless,
          .modules = 8,
          .installed_gib = 128,
          .source = "/proc/meminfo",
          .note = "size of some module",
          .rows = { { "memory.type", "DDR4" }, { "memory.speed", "3200" }, { "memory.dimms", "8" } } },
        { .name = "persistent memory alone",
          .total_gib = 125.6,
          .module = &optane,
          .modules = 8,
          .installed_gib = 128,
          .source = "/proc/meminfo",
          .note = "derived",
          .rows = { { "memory.dimms", "0" }, { "memory.type", "unreadable ENODATA" } } },
        { .name = "blocks, two of them partly holes",
          .total_gib = 125.6,
          .blocks = 65,
          .installed_gib = 128,
          .source = BLOCKS,
          .note = "65 online memory blocks of 2 GiB",
          .rows = { { "memory.type", "unreadable ENODATA" } } },
        { .name = "offline blocks",
          .total_gib = 62.9,
          .blocks = 32,
          .offline = 32,
          .installed_gib = 64,
          .source = BLOCKS,
          .note = "97 %" },
        { .name = "fewer blocks than MemTotal",
          .total_gib = 125.6,
          .blocks = 10,
          .installed_gib = 128,
          .source = "/proc/meminfo",
          .note = "derived: MemTotal" },
        { .name = "nothing",
          .installed_gib = -1,
          .source = "/proc/meminfo",
          .rows = { { "memory.total", "unreadable ENOENT" },
                    { "memory.used", "unreadable ENOENT" },
                    { "memory.errors.corrected", "absent" },
                    { "memory.ecc", "unreadable ENODATA" } } },
        { .name = "modules without ECC under an array with it",
          .total_gib = 31.3,
          .module = &plain,
          .modules = 2,
          .installed_gib = 32,
          .source = TABLE,
          .rows = { { "memory.type", "DDR5" }, { "memory.speed", "4800" }, { "memory.ecc", "unreadable ENODATA" } } },
};

static void expect_words(const char *row, const char *have, const char *words)
{
        if (words)
                expect(have && strstr(have, words), __FILE__, __LINE__, row, "\"%s\" should say \"%s\"",
                       have ? have : "nothing", words);
}

static void test_sources(void)
{
        for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
                const char *name = sources[i].name;
                struct tree *tree = tree_new();
                const struct fact *fact;
                struct facts *facts;
                size_t rows = 0;

                if (sources[i].total_gib > 0)
                        put_total(tree, sources[i].total_gib);
                if (sources[i].module || sources[i].card_gib)
                        put_table(tree, sources[i].modules, sources[i].module, sources[i].card_gib, sources[i].cut);
                if (sources[i].blocks)
                        put_blocks(tree, sources[i].blocks, sources[i].offline, "80000000");
                facts = probe_facts(tree_host(tree), &probe_memory);
                fact = fact_find(facts, "memory.installed");
                EXPECT(name, fact != NULL);
                if (fact) {
                        EXPECT_NUMBER(name, fact->status, sources[i].installed_gib < 0 ? FACT_UNREADABLE : FACT_KNOWN);
                        if (fact->status == FACT_KNOWN)
                                EXPECT_NUMBER(name, fact->value.number, sources[i].installed_gib * GIB);
                        EXPECT_TEXT(name, fact->source, sources[i].source);
                        expect_words(name, fact->note, sources[i].note);
                }
                while (rows < 5 && sources[i].rows[rows].name)
                        rows++;
                expect_facts(name, facts, sources[i].rows, rows);
                facts_free(facts);
                tree_free(tree);
        }
}

static void put_entry(struct tree *tree, unsigned number, const struct smbios_module *module)
{
        struct smbios_table table = { 0 };
        char path[128];

        smbios_put_module(&table, module);
        snprintf(path, sizeof path, "/sys/firmware/dmi/entries/17-%u/raw", number);
        tree_bytes(tree, path, table.bytes, table.size);
}

static void test_entries(void)
{
        static const struct fact_row rows[] = {
                { "memory.installed", "34359738368" },
                { "memory.total", "33624072192" },
                { "memory.dimms", "2" },
                { "memory.type", "DDR4" },
                { "memory.speed", "2933" },
                { "memory.ecc", "true" },
        };
        struct tree *tree = tree_new();
        struct facts *facts;

        put_entry(tree, 0, &ddr4);
        put_entry(tree, 1, &ddr4);
        put_entry(tree, 2, &(struct smbios_module){ .locator = "empty" });
        tree_file(tree, "/proc/meminfo", "MemTotal: 32836008 kB\n");
        tree_bytes(tree, TABLE, "\21\377", 2); /* a damaged table gives way to the entries */
        facts = probe_facts(tree_host(tree), &probe_memory);
        expect_facts("entries", facts, rows, sizeof rows / sizeof rows[0]);
        EXPECT_TEXT(NULL, fact_find(facts, "memory.installed")->source, "/sys/firmware/dmi/entries");
        expect_words("the slow module is named", fact_find(facts, "memory.speed")->note,
                     "P1-DIMMA1 at 2933 instead of 3200 MT/s");
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "what MemTotal stands for", test_totals },
        { "round sizes", test_round },
        { "which source is believed", test_sources },
        { "single SMBIOS entries", test_entries },
        { NULL, NULL },
};
const struct suite suite_installed = { "installed", tests };

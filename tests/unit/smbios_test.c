/* The firmware's list of memory devices: sizes, speeds, kinds, and tables that lie about their lengths. */

#include "agent/core/pool.h"
#include "probes/smbios.h"
#include "tests/support/expect.h"
#include "tests/unit/smbios_build.h"

#include <stdlib.h>
#include <string.h>

#define GIB (UINT64_C(1) << 30)

/* In memory of its exact size, so that the sanitizer sees a step beyond. */
static struct smbios add_exact(const void *bytes, size_t size)
{
        autofree unsigned char *exact = memory_zero(size ? size : 1);
        struct smbios smbios = { 0 };

        memcpy(exact, bytes, size);
        smbios_add_table(&smbios, exact, size);
        smbios.slowed_place = (struct smbios_place){ 0 };
        return smbios;
}

static const struct {
        const char *name;
        struct smbios_module module;
        unsigned modules, sizeless, persistent;
        uint64_t bytes;
        unsigned speed, slowed;
} modules[] = {
        { "16 GiB of DDR4",
          { .size = 16384, .type = 0x1A, .technology = 3, .rated = 3200, .configured = 3200 },
          1,
          0,
          0,
          16 * GIB,
          3200,
          0 },
        { "empty slot", { .size = 0, .type = 2 }, 0, 0, 0, 0, 0, 0 },
        { "unknown size", { .size = 0xFFFF, .type = 0x1A, .configured = 2400 }, 1, 1, 0, 0, 2400, 0 },
        { "in KiB", { .size = 0x8000 | 512, .type = 0x12 }, 1, 0, 0, GIB / 2048, 0, 0 },
        { "extended", { .size = 0x7FFF, .extended = 65536, .type = 0x22, .technology = 3 }, 1, 0, 0, 64 * GIB, 0, 0 },
        { "MRDIMM", { .size = 0x7FFF, .extended = 65536, .type = 0x22, .technology = 8 }, 1, 0, 0, 64 * GIB, 0, 0 },
        { "extended, reserved bit", { .size = 0x7FFF, .extended = 0x80008000, .type = 0x22 }, 1, 0, 0, 32 * GIB, 0, 0 },
        { "extended without the field", { .size = 0x7FFF, .type = 0x18, .length = 0x1B }, 1, 1, 0, 0, 0, 0 },
        { "below its rated speed", { .size = 1024, .type = 0x1A, .rated = 3200, .configured = 2666 }, 1, 0, 0, GIB, 2666, 1 },
        { "one less by rounding", { .size = 1024, .type = 0x1A, .rated = 2934, .configured = 2933 }, 1, 0, 0, GIB, 2933, 0 },
        { "only the rated speed", { .size = 1024, .type = 0x1A, .rated = 3200 }, 1, 0, 0, GIB, 0, 0 },
        { "before configured speeds", { .size = 1024, .type = 0x13, .rated = 800, .length = 0x1C }, 1, 0, 0, GIB, 0, 0 },
        { "extended speeds",
          { .size = 1024,
            .type = 0x22,
            .rated = 0xFFFF,
            .configured = 0xFFFF,
            .rated_extended = 70000,
            .configured_extended = 66000 },
          1,
          0,
          0,
          GIB,
          66000,
          1 },
        { "NVDIMM", { .size = 16384, .type = 0x1A, .technology = 4 }, 0, 0, 1, 0, 0, 0 },
        { "Optane", { .size = 0x7FFF, .extended = 131072, .type = 0x1F, .technology = 7 }, 0, 0, 1, 0, 0, 0 },
        { "firmware flash", { .size = 16, .type = 0x09 }, 0, 0, 1, 0, 0, 0 },
        { "technology unknown", { .size = 1024, .type = 0x1A, .technology = 2 }, 1, 0, 0, GIB, 0, 0 },
        { "only a header", { .length = 4 }, 0, 0, 0, 0, 0, 0 },
};

static void test_modules(void)
{
        for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
                const struct smbios_module *module = &modules[i].module;
                struct smbios_table table = { 0 };
                struct smbios smbios;

                smbios_put_module(&table, module);
                smbios_put_end(&table);
                smbios = add_exact(table.bytes, table.size);
                EXPECT_NUMBER(modules[i].name, smbios.slots, 1);
                EXPECT_NUMBER(modules[i].name, smbios.modules, modules[i].modules);
                EXPECT_NUMBER(modules[i].name, smbios.sizeless, modules[i].sizeless);
                EXPECT_NUMBER(modules[i].name, smbios.persistent, modules[i].persistent);
                EXPECT_NUMBER(modules[i].name, smbios.bytes, modules[i].bytes);
                EXPECT_NUMBER(modules[i].name, smbios.speed, modules[i].speed);
                EXPECT_NUMBER(modules[i].name, smbios.slowed, modules[i].slowed);
                EXPECT_NUMBER(modules[i].name, smbios.speedless, modules[i].speed ? 0 : modules[i].modules);
                EXPECT_NUMBER(modules[i].name, smbios.fieldless, modules[i].modules && module->length && module->length < 0x22);
                EXPECT_NUMBER(modules[i].name, smbios.rated, modules[i].speed ? 0 : module->rated);
                EXPECT(modules[i].name, !smbios.damaged);
        }
}

static void test_sum(void)
{
        struct smbios_table table = { 0 };
        struct smbios smbios = { 0 };

        smbios_put_array(&table, 3, 6);
        smbios_put_array(&table, 4, 3); /* video memory: its correction says nothing about the system's */
        for (unsigned i = 0; i < 4; i++)
                smbios_put_module(&table, &(struct smbios_module){ .size = 8192,
                                                                   .type = 0x1A,
                                                                   .rated = 3200,
                                                                   .total_width = 72,
                                                                   .configured = i == 2 ? 2933 : 3200,
                                                                   .data_width = 64,
                                                                   .locator = i == 2 ? "P1-DIMMC1" : "A1" });
        smbios_put_module(&table, &(struct smbios_module){ .locator = "B1" });
        smbios_put_end(&table);
        smbios_put_module(&table, &(struct smbios_module){ .size = 8192, .type = 0x1A, .locator = "behind the end" });
        smbios_add_table(&smbios, table.bytes, table.size);
        EXPECT_NUMBER(NULL, smbios.slots, 5);
        EXPECT_NUMBER(NULL, smbios.modules, 4);
        EXPECT_NUMBER(NULL, smbios.bytes, 32 * GIB);
        EXPECT_NUMBER("the slowest", smbios.speed, 2933);
        EXPECT_NUMBER(NULL, smbios.slowed, 1);
        EXPECT_NUMBER(NULL, smbios.slowed_place.size, strlen("P1-DIMMC1"));
        EXPECT(NULL, smbios.slowed_place.at && !memcmp(smbios.slowed_place.at, "P1-DIMMC1", 9));
        EXPECT_NUMBER(NULL, smbios.wide, 4);
        EXPECT_NUMBER(NULL, smbios.arrays_with_ecc, 1);
        EXPECT_NUMBER(NULL, smbios.arrays_without_ecc, 0);
        EXPECT_NUMBER(NULL, smbios.types, UINT64_C(1) << 0x1A);
}

/* Cut off at every length: nothing beyond is read, and only a whole table passes for one. */
static void test_cut(void)
{
        struct smbios_table table = { 0 };
        size_t first;

        smbios_put_module(&table, &(struct smbios_module){ .size = 8192, .type = 0x1A, .locator = "A1" });
        first = table.size;
        smbios_put_module(&table, &(struct smbios_module){ .size = 8192, .type = 0x1A, .locator = "A2" });
        smbios_put_end(&table);
        for (size_t size = 0; size <= table.size; size++) {
                struct smbios smbios = add_exact(table.bytes, size);
                bool whole = size == 0 || size == first || size >= table.size - 6;

                /* The end itself may be cut: what it would say is said by its first bytes. */
                if (size > table.size - 6 && size < table.size - 2)
                        continue;
                expect(smbios.damaged == !whole, __FILE__, __LINE__, "cut", "%zu of %zu bytes", size, table.size);
        }
}

static void test_lies(void)
{
        static const struct {
                const char *name;
                unsigned char bytes[16];
                size_t size;
                bool damaged;
        } cases[] = {
                { "empty", { 0 }, 0, false },
                { "zeros", { 0 }, 16, false },
                { "one byte", { 17 }, 1, true },
                { "length 0", { 17, 0, 0, 0, 0, 0 }, 6, true },
                { "length 3", { 17, 3, 0, 0, 0, 0 }, 6, true },
                { "longer than the table", { 17, 255, 0, 0, 0, 0 }, 6, true },
                { "no strings", { 17, 6, 0, 0, 0, 0 }, 6, true },
                { "strings without an end", { 17, 4, 0, 0, 'a', 'b', 'c' }, 7, true },
                { "half an end of strings", { 17, 4, 0, 0, 'a', 0 }, 6, true },
                { "padded with zeros", { 17, 4, 0, 0, 0, 0 }, 16, false },
        };
        static const unsigned char far_string[] = { 17, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 200, 'a', 0, 0 };
        struct smbios smbios = { 0 };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                EXPECT_NUMBER(cases[i].name, add_exact(cases[i].bytes, cases[i].size).damaged, cases[i].damaged);
        smbios_add_structure(&smbios, far_string, sizeof far_string);
        EXPECT_NUMBER("a string that is not there", smbios.damaged, false);
        EXPECT_NUMBER("a string that is not there", smbios.modules, 1);
        smbios_add_structure(&smbios, far_string, 17);
        EXPECT_NUMBER("one structure may lack its strings", smbios.damaged, false);
        smbios_add_structure(&smbios, far_string, 16);
        EXPECT_NUMBER("but not its fields", smbios.damaged, true);
}

/* 16 GiB on the board, and 16 GiB in an array of this kind: do they count, too? */
static void test_arrays(void)
{
        static const struct {
                const char *name;
                unsigned location, use;
                bool counts;
        } cases[] = {
                { "on the board", 3, 3, true },
                { "on a riser", 9, 3, true },
                { "somewhere", 1, 3, true },
                { "nobody knows where", 2, 3, true },
                { "on a CXL card", 0xA4, 3, false },
                { "on a PCI card", 6, 3, false },
                { "on a card to come", 0xA5, 3, false },
                { "of the graphics", 3, 4, false },
                { "flash", 3, 5, false },
                { "kept without power", 3, 6, false },
                { "cache", 3, 7, false },
                { "for something else", 3, 1, false },
                { "for nobody knows what", 3, 2, false },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct smbios_table table = { 0 };
                struct smbios smbios;

                smbios_put_module(&table,
                                  &(struct smbios_module){ .size = 16384, .type = 0x22, .array = 0x2000, .locator = "X" });
                smbios_put_module(&table, &(struct smbios_module){ .array = 0x2000 });
                smbios_put_module(&table,
                                  &(struct smbios_module){ .size = 16384, .type = 0x1A, .array = 0x1000, .locator = "A1" });
                smbios_put_module(&table,
                                  &(struct smbios_module){ .size = 16384, .type = 0x1A, .array = 0x3000, .locator = "B1" });
                smbios_put_array_at(&table, 0x1000, 3, 3, 6);
                smbios_put_array_at(&table, 0x2000, cases[i].location, cases[i].use, 3);
                smbios_put_end(&table);
                smbios = add_exact(table.bytes, table.size);
                EXPECT_NUMBER(cases[i].name, smbios.modules, cases[i].counts ? 3 : 2);
                EXPECT_NUMBER(cases[i].name, smbios.slots, cases[i].counts ? 4 : 2);
                EXPECT_NUMBER(cases[i].name, smbios.bytes, (cases[i].counts ? 48 : 32) * GIB);
                EXPECT_NUMBER(cases[i].name, smbios.foreign, !cases[i].counts);
                EXPECT_NUMBER(cases[i].name, smbios.foreign_bytes, cases[i].counts ? 0 : 16 * GIB);
                EXPECT_NUMBER(cases[i].name, smbios.types, UINT64_C(1) << 0x1A | (uint64_t)cases[i].counts << 0x22);
                EXPECT_NUMBER(cases[i].name, smbios.arrays_without_ecc, cases[i].counts);
        }
}

/* An array that ends before it says what it is for, and a device that ends before it says which array it is in. */
static void test_short_arrays(void)
{
        static const unsigned char bytes[] = { 16, 5, 0, 0, 3, 0, 0, 17, 5, 0, 0, 0, 0, 0, 17,
                                               14, 1, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 4, 0, 0 };
        struct smbios smbios = add_exact(bytes, sizeof bytes);

        EXPECT(NULL, !smbios.damaged);
        EXPECT_NUMBER(NULL, smbios.slots, 2);
        EXPECT_NUMBER(NULL, smbios.modules, 1);
        EXPECT_NUMBER(NULL, smbios.foreign, 0);
}

static void test_names(void)
{
        EXPECT_TEXT(NULL, smbios_type_name(0x18), "DDR3");
        EXPECT_TEXT(NULL, smbios_type_name(0x1A), "DDR4");
        EXPECT_TEXT(NULL, smbios_type_name(0x22), "DDR5");
        EXPECT_TEXT("other", smbios_type_name(1), NULL);
        EXPECT_TEXT("flash", smbios_type_name(9), NULL);
        EXPECT_TEXT("beyond", smbios_type_name(255), NULL);
}

static const struct test tests[] = {
        { "one module", test_modules },
        { "what a table adds up to", test_sum },
        { "cut off at every length", test_cut },
        { "lengths that lie", test_lies },
        { "names of the kinds", test_names },
        { "arrays", test_arrays },
        { "arrays cut short", test_short_arrays },
        { NULL, NULL },
};
const struct suite suite_smbios = { "smbios", tests };

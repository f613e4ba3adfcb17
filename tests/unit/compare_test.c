/* Values beside each other: equal, before, behind, or without order. */

#include "agent/core/pool.h"
#include "agent/core/value.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <math.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void compares(void)
{
        static const struct {
                enum value_kind kind;
                bool equal;
                const char *a, *b;
        } cases[] = {
                { VALUE_NUMBER, true, "10", "10" },
                { VALUE_NUMBER, false, "10", "0x10" },
                { VALUE_NUMBER, true, "16", "0x10" },
                { VALUE_NUMBER, false, "10", "16" },
                { VALUE_NUMBER, true, "1", "01" },
                { VALUE_NUMBER, true, "-1", "-1" },
                { VALUE_MASK, true, "0", "00000000,00000000" },
                { VALUE_MASK, true, "00000000,00000003", "3" },
                { VALUE_MASK, true, "f", "0000000f" },
                { VALUE_MASK, false, "f", "e" },
                { VALUE_FIELDS, true, "4096 87380 67108864", "4096\t87380\t67108864\n" },
                { VALUE_FIELDS, false, "1 2", "1" },
                { VALUE_FIELDS, false, "1", "-1" },
                { VALUE_CHOICE, true, "never", "always madvise [never]\n" },
                { VALUE_CHOICE, false, "always", "always madvise [never]\n" },
                { VALUE_FLAG, true, "Y", "1" },
                { VALUE_FLAG, true, "on", "1" },
                { VALUE_CPUS, false, "0,1", "1" },
                { VALUE_CPUS, true, "0,1", "0-1\n" },
                { VALUE_TEXT, false, "0,1", "1" },
                { VALUE_TEXT, true, "a", "a\n" },
                { VALUE_WORDS, true, "b a", "a b\n" },
                { VALUE_WORDS, false, "a", "a b" },
                { VALUE_VERSION, true, "6.1", "6.1.0" },
                { VALUE_VERSION, false, "5.15", "5.15.0-91-generic" },
                { VALUE_REAL, true, "0.1", "0.10" },
                { VALUE_REAL, false, "0.1", "0.1001" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct value a, b;

                EXPECT_NUMBER(cases[i].a, value_parse_kernel(pool, cases[i].a, cases[i].kind, UNIT_NONE, &a), 0);
                EXPECT_NUMBER(cases[i].b, value_parse_kernel(pool, cases[i].b, cases[i].kind, UNIT_NONE, &b), 0);
                EXPECT(cases[i].b, value_equals(&a, &b) == cases[i].equal && value_equals(&b, &a) == cases[i].equal);
        }
}

static void orders(void)
{
        static const struct {
                enum value_kind kind;
                const char *a, *b;
                int r, order;
        } cases[] = {
                { VALUE_NUMBER, "-1", "0", 0, -1 },
                { VALUE_REAL, "2.5", "2.49", 0, 1 },
                { VALUE_VERSION, "5.15", "5.15.0-91-generic", 0, -1 },
                { VALUE_VERSION, "5.15.0-91-generic", "6.1.0-28-rt-amd64", 0, -1 },
                { VALUE_VERSION, "6.12", "6.5", 0, 1 },
                { VALUE_VERSION, "6.10000000000000000000000", "6.9", 0, 1 },
                { VALUE_FIELDS, "1 2", "1 3", 0, -1 },
                { VALUE_FIELDS, "1 2", "0 3", -EDOM, 0 },
                { VALUE_FIELDS, "1 2", "1", -EDOM, 0 },
                { VALUE_FIELDS, "-2", "-1", 0, -1 },
                { VALUE_FIELDS, "18446744073709551615", "9223372036854775808", 0, 1 },
                { VALUE_TEXT, "a", "b", -EDOM, 0 },
                { VALUE_CPUS, "0", "1", -EDOM, 0 },
                { VALUE_FLAG, "0", "1", -EDOM, 0 },
        };
        autopool struct pool *pool = pool_new();
        struct value bytes = value_number(5, UNIT_BYTES), seconds = value_number(5, UNIT_SECONDS);
        struct value count = value_number(5, UNIT_COUNT), plain = value_number(5, UNIT_NONE), nan = value_real(NAN, UNIT_NONE);
        int order;

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct value a, b;

                EXPECT_NUMBER(cases[i].a, value_parse_kernel(pool, cases[i].a, cases[i].kind, UNIT_NONE, &a), 0);
                EXPECT_NUMBER(cases[i].b, value_parse_kernel(pool, cases[i].b, cases[i].kind, UNIT_NONE, &b), 0);
                order = 0;
                EXPECT_NUMBER(cases[i].a, value_compare(&a, &b, &order), cases[i].r);
                EXPECT_NUMBER(cases[i].a, (order > 0) - (order < 0), cases[i].order);
        }
        EXPECT("units differ", !value_equals(&bytes, &seconds) && value_compare(&bytes, &seconds, &order) == -EDOM);
        EXPECT("plain numbers", value_equals(&count, &plain));
        EXPECT("not a number", !value_equals(&nan, &nan));
}

static const struct test tests[] = {
        { "compares", compares },
        { "orders", orders },
        { NULL, NULL },
};

const struct suite suite_compare = { "compare", tests };

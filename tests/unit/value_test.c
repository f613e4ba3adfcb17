/* Values: read from people and from the kernel, and written for both. */

#include "agent/core/value.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum author { PERSON, KERNEL };

/* Each value read is written again as for a kernel file. */
static const struct {
        const char *name;
        enum author author;
        enum value_kind kind;
        enum unit unit;
        int r;
        const char *text, *kernel;
} readings[] = {
        { "binary", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "128 GiB", "137438953472" },
        { "decimal", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "2TB", "2000000000000" },
        { "fraction", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "1.9 TB", "1900000000000" },
        { "fraction that is not whole", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "0.1 GiB", "107374182" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "1 KiB", "1024" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "1 MiB", "1048576" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "1 TiB", "1099511627776" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "1 kB", "1000" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "1 KB", "1000" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "100MB", "100000000" },
        { "every size", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "10 B", "10" },
        { "bare is the base unit", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, " 4096\n", "4096" },
        { "half a byte", PERSON, VALUE_NUMBER, UNIT_BYTES, -EINVAL, "0.5 B", NULL },
        { "less than a byte", PERSON, VALUE_NUMBER, UNIT_BYTES, -EINVAL, "0.0001 KiB", NULL },
        { "bare letter", PERSON, VALUE_NUMBER, UNIT_BYTES, -EINVAL, "1G", NULL },
        { "bare letter", PERSON, VALUE_NUMBER, UNIT_BYTES, -EINVAL, "1k", NULL },
        { "negative size", PERSON, VALUE_NUMBER, UNIT_BYTES, -EINVAL, "-1KB", NULL },
        { "rate for a size", PERSON, VALUE_NUMBER, UNIT_BYTES, -EDOM, "10 Gbit/s", NULL },
        { "size for a count", PERSON, VALUE_NUMBER, UNIT_COUNT, -EDOM, "32 GiB", NULL },
        { "size for a plain number", PERSON, VALUE_NUMBER, UNIT_NONE, -EDOM, "1 MB", NULL },
        { "beyond 63 bit", PERSON, VALUE_NUMBER, UNIT_BYTES, -ERANGE, "8192 PiB", NULL },
        { "just within", PERSON, VALUE_NUMBER, UNIT_BYTES, 0, "8191 PiB", "9222246136947933184" },
        { "beyond 64 bit", PERSON, VALUE_NUMBER, UNIT_BYTES, -ERANGE, "99999999999999999999", NULL },
        { "ten times 64 bit", PERSON, VALUE_NUMBER, UNIT_NONE, -ERANGE, "184467440737095516150", NULL },
        { "rate", PERSON, VALUE_NUMBER, UNIT_BITRATE, 0, "10 Gbit/s", "10000000000" },
        { "rate", PERSON, VALUE_NUMBER, UNIT_BITRATE, 0, "2.5 Gbit/s", "2500000000" },
        { "percent", PERSON, VALUE_NUMBER, UNIT_PERCENT, 0, "20 %", "20" },
        { "percent", PERSON, VALUE_REAL, UNIT_PERCENT, 0, "20.5%", "20.5" },
        { "transfers", PERSON, VALUE_NUMBER, UNIT_TRANSFERS, 0, "3200 MT/s", "3200" },
        { "transfers are no hertz", PERSON, VALUE_NUMBER, UNIT_TRANSFERS, -EDOM, "3200 MHz", NULL },
        { "frequency", PERSON, VALUE_NUMBER, UNIT_HERTZ, 0, "3.4GHz", "3400000000" },
        { "frequency", PERSON, VALUE_NUMBER, UNIT_HERTZ, -EINVAL, "1800mHz", NULL },
        { "temperature", PERSON, VALUE_NUMBER, UNIT_CELSIUS, 0, "70 C", "70" },
        { "frost", PERSON, VALUE_NUMBER, UNIT_CELSIUS, 0, "-5 C", "-5" },
        { "time", PERSON, VALUE_REAL, UNIT_SECONDS, 0, "100 us", "0.0001" },
        { "time", PERSON, VALUE_REAL, UNIT_SECONDS, 0, "1.5 ms", "0.0015" },
        { "time", PERSON, VALUE_NUMBER, UNIT_SECONDS, 0, "5 min", "300" },
        { "time", PERSON, VALUE_NUMBER, UNIT_SECONDS, 0, "2 d", "172800" },
        { "time", PERSON, VALUE_NUMBER, UNIT_SECONDS, 0, "2000 ms", "2" },
        { "no whole second", PERSON, VALUE_NUMBER, UNIT_SECONDS, -EINVAL, "1500 ms", NULL },
        { "no count", PERSON, VALUE_NUMBER, UNIT_COUNT, -EINVAL, "1.5", NULL },
        { "whole after all", PERSON, VALUE_NUMBER, UNIT_COUNT, 0, "2.0", "2" },
        { "empty", PERSON, VALUE_NUMBER, UNIT_COUNT, -EINVAL, "", NULL },
        { "only a unit", PERSON, VALUE_NUMBER, UNIT_BYTES, -EINVAL, "GiB", NULL },
        { "exponent", PERSON, VALUE_NUMBER, UNIT_COUNT, -EINVAL, "1e3", NULL },
        { "hex", PERSON, VALUE_NUMBER, UNIT_COUNT, -EINVAL, "0x10", NULL },
        { "two points", PERSON, VALUE_REAL, UNIT_NONE, -EINVAL, "1.2.3", NULL },
        { "point without digits", PERSON, VALUE_REAL, UNIT_NONE, -EINVAL, "1.", NULL },
        { "list", PERSON, VALUE_NUMBER, UNIT_NONE, -EINVAL, "0,1", NULL },
        { "plus", PERSON, VALUE_NUMBER, UNIT_NONE, -EINVAL, "+1", NULL },
        { "many places", PERSON, VALUE_REAL, UNIT_NONE, 0, "0.33333333333333333333333333", "0.333333333333333" },
        { "flag", PERSON, VALUE_FLAG, UNIT_NONE, 0, "Yes", "1" },
        { "flag", PERSON, VALUE_FLAG, UNIT_NONE, 0, "OFF", "0" },
        { "flag", PERSON, VALUE_FLAG, UNIT_NONE, 0, "true", "1" },
        { "flag", PERSON, VALUE_FLAG, UNIT_NONE, -EINVAL, "2", NULL },
        { "flag", PERSON, VALUE_FLAG, UNIT_NONE, -EINVAL, "", NULL },
        { "text", PERSON, VALUE_TEXT, UNIT_NONE, 0, " |/usr/bin/core %p ", "|/usr/bin/core %p" },
        { "no text", PERSON, VALUE_TEXT, UNIT_NONE, 0, "", "" },
        { "version", PERSON, VALUE_VERSION, UNIT_NONE, 0, "5.15", "5.15" },
        { "no version", PERSON, VALUE_VERSION, UNIT_NONE, -EINVAL, "bookworm", NULL },
        { "CPUs", PERSON, VALUE_CPUS, UNIT_NONE, 0, "3,0-2", "0-3" },
        { "no CPUs", PERSON, VALUE_CPUS, UNIT_NONE, 0, "none", "" },
        { "no list", PERSON, VALUE_CPUS, UNIT_NONE, -EINVAL, "", NULL },
        { "beyond any box", PERSON, VALUE_CPUS, UNIT_NONE, -ERANGE, "99999", NULL },
        { "mask from a list", PERSON, VALUE_MASK, UNIT_NONE, 0, "0-3,32", "00000001,0000000f" },
        { "no mask of nothing", PERSON, VALUE_MASK, UNIT_NONE, -EINVAL, "none", NULL },
        { "words", PERSON, VALUE_WORDS, UNIT_NONE, 0, " schedutil  performance schedutil", "performance schedutil" },
        { "a word and its start", PERSON, VALUE_WORDS, UNIT_NONE, 0, "ab a b", "a ab b" },
        { "words with numbers", PERSON, VALUE_WORDS, UNIT_NONE, 0, "eth10 eth2 eth1 eth2", "eth1 eth2 eth10" },
        { "the same number in two ways", PERSON, VALUE_WORDS, UNIT_NONE, 0, "a1 a01 a1 a001", "a001 a01 a1" },
        { "no words", PERSON, VALUE_WORDS, UNIT_NONE, -EINVAL, " ", NULL },
        { "choice", PERSON, VALUE_CHOICE, UNIT_NONE, 0, "madvise", "madvise" },
        { "two choices", PERSON, VALUE_CHOICE, UNIT_NONE, -EINVAL, "a b", NULL },
        { "fields", PERSON, VALUE_FIELDS, UNIT_NONE, 0, "4096  131072\t67108864", "4096 131072 67108864" },
        { "field with a unit", PERSON, VALUE_FIELDS, UNIT_BYTES, 0, "68 GiB", "73014444032" },
        { "field with a wrong unit", PERSON, VALUE_FIELDS, UNIT_NONE, -EDOM, "68 GiB", NULL },
        { "no field", PERSON, VALUE_FIELDS, UNIT_NONE, -EINVAL, "abc", NULL },

        { "newline", KERNEL, VALUE_NUMBER, UNIT_NONE, 0, "10\n", "10" },
        { "hex", KERNEL, VALUE_NUMBER, UNIT_NONE, 0, "0x10\n", "16" },
        { "hex beyond 63 bit", KERNEL, VALUE_NUMBER, UNIT_NONE, -ERANGE, "0xffffffffffffffff", NULL },
        { "leading zeros", KERNEL, VALUE_NUMBER, UNIT_NONE, 0, "0010", "10" },
        { "negative", KERNEL, VALUE_NUMBER, UNIT_NONE, 0, "-1\n", "-1" },
        { "unknown speed", KERNEL, VALUE_NUMBER, UNIT_BITRATE, -EINVAL, "-1\n", NULL },
        { "meminfo", KERNEL, VALUE_NUMBER, UNIT_BYTES, 0, "       24684096 kB", "25276514304" },
        { "cache", KERNEL, VALUE_NUMBER, UNIT_BYTES, 0, "32K\n", "32768" },
        { "garbage", KERNEL, VALUE_NUMBER, UNIT_NONE, -EINVAL, "\x01\xff", NULL },
        { "empty", KERNEL, VALUE_NUMBER, UNIT_NONE, -EINVAL, "", NULL },
        { "another unit", KERNEL, VALUE_NUMBER, UNIT_NONE, -EINVAL, "1 kB", NULL },
        { "flag", KERNEL, VALUE_FLAG, UNIT_NONE, 0, "Y\n", "1" },
        { "flag", KERNEL, VALUE_FLAG, UNIT_NONE, 0, "N\n", "0" },
        { "no CPUs", KERNEL, VALUE_CPUS, UNIT_NONE, 0, "\n", "" },
        { "negative CPU", KERNEL, VALUE_CPUS, UNIT_NONE, -EINVAL, "-1\n", NULL },
        { "mask", KERNEL, VALUE_MASK, UNIT_NONE, 0, "00000000,00000003\n", "00000003" },
        { "no mask", KERNEL, VALUE_MASK, UNIT_NONE, -EINVAL, "\n", NULL },
        { "no words", KERNEL, VALUE_WORDS, UNIT_NONE, 0, "\n", "" },
        { "chosen", KERNEL, VALUE_CHOICE, UNIT_NONE, 0, "always [madvise] never\n", "madvise" },
        { "chosen last", KERNEL, VALUE_CHOICE, UNIT_NONE, 0, "opt1 opt3 [opt2]\n", "opt2" },
        { "the first of several", KERNEL, VALUE_CHOICE, UNIT_NONE, 0, "opt1 opt2\n", "opt1" },
        { "half a bracket", KERNEL, VALUE_CHOICE, UNIT_NONE, -EINVAL, "a [b c\n", NULL },
        { "nothing chosen", KERNEL, VALUE_CHOICE, UNIT_NONE, -EINVAL, "a [] c\n", NULL },
        { "no choice", KERNEL, VALUE_CHOICE, UNIT_NONE, -EINVAL, "\n", NULL },
        { "tabs", KERNEL, VALUE_FIELDS, UNIT_NONE, 0, "4096\t131072\t6291456\n", "4096 131072 6291456" },
        { "64 bit", KERNEL, VALUE_FIELDS, UNIT_NONE, 0, "18446744073692774399\n", "18446744073692774399" },
        { "beyond", KERNEL, VALUE_FIELDS, UNIT_NONE, -ERANGE, "18446744073709551616\n", NULL },
        { "far beyond", KERNEL, VALUE_FIELDS, UNIT_NONE, -ERANGE, "1 99999999999999999999999999999999999999999\n", NULL },
        { "long and no number", KERNEL, VALUE_FIELDS, UNIT_NONE, -EINVAL, "9999999999999999999999999999999999999x\n", NULL },
        { "many zeros", KERNEL, VALUE_FIELDS, UNIT_NONE, 0, "00000000000000000000000000000000000000000001", "1" },
        { "negative field", KERNEL, VALUE_FIELDS, UNIT_NONE, 0, "-1 0 -0\n", "-1 0 0" },
        { "hex field", KERNEL, VALUE_FIELDS, UNIT_NONE, 0, "0x10\n", "16" },
        { "16 fields", KERNEL, VALUE_FIELDS, UNIT_NONE, 0, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
          "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16" },
        { "17 fields", KERNEL, VALUE_FIELDS, UNIT_NONE, -ERANGE, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", NULL },
        { "text among fields", KERNEL, VALUE_FIELDS, UNIT_NONE, -EINVAL, "1 a 3", NULL },
        { "two signs", KERNEL, VALUE_FIELDS, UNIT_NONE, -EINVAL, "--1", NULL },
        { "no fields", KERNEL, VALUE_FIELDS, UNIT_NONE, -EINVAL, "\n", NULL },
};

static void reads(void)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(readings); i++) {
                struct value value = value_flag(true);
                char row[128];
                int r;

                snprintf(row, sizeof(row), "%s: \"%.80s\"", readings[i].name, readings[i].text);
                if (readings[i].author == PERSON)
                        r = value_parse(pool, readings[i].text, readings[i].kind, readings[i].unit, &value);
                else
                        r = value_parse_kernel(pool, readings[i].text, readings[i].kind, readings[i].unit, &value);
                EXPECT_NUMBER(row, r, readings[i].r);
                if (r < 0)
                        EXPECT(row, value.kind == VALUE_FLAG && value.flag);
                else
                        EXPECT_TEXT(row, value_kernel(pool, &value), readings[i].kernel);
        }
}

static void expect_shown(struct pool *pool, const char *shown, struct value value)
{
        EXPECT_TEXT(shown, value_show(pool, &value), shown);
}

static void shows_quantities(void)
{
        autopool struct pool *pool = pool_new();

        expect_shown(pool, "128 GiB", value_number(137438953472, UNIT_BYTES));
        expect_shown(pool, "1.92 TB", value_number(1920383410176, UNIT_BYTES));
        expect_shown(pool, "2 TB", value_number(2000000000000, UNIT_BYTES));
        expect_shown(pool, "480 MB", value_number(480000000, UNIT_BYTES));
        expect_shown(pool, "1500 MiB", value_number(INT64_C(1500) * 1048576, UNIT_BYTES));
        expect_shown(pool, "25.3 GB", value_number(25276514304, UNIT_BYTES));
        expect_shown(pool, "1 TB", value_number(999999999999, UNIT_BYTES));
        expect_shown(pool, "0 B", value_number(0, UNIT_BYTES));
        expect_shown(pool, "512 B", value_number(512, UNIT_BYTES));
        expect_shown(pool, "1000 B", value_number(1000, UNIT_BYTES));
        expect_shown(pool, "9000 B", value_number(9000, UNIT_BYTES));
        expect_shown(pool, "10 kB", value_number(10000, UNIT_BYTES));
        expect_shown(pool, "4 KiB", value_number(4096, UNIT_BYTES));
        expect_shown(pool, "9223 PB", value_number(INT64_MAX, UNIT_BYTES));
        expect_shown(pool, "10 Gbit/s", value_number(10000000000, UNIT_BITRATE));
        expect_shown(pool, "2.5 Gbit/s", value_number(2500000000, UNIT_BITRATE));
        expect_shown(pool, "20 %", value_number(20, UNIT_PERCENT));
        expect_shown(pool, "99.97 %", value_real(99.97, UNIT_PERCENT));
        expect_shown(pool, "0 %", value_real(-0.0001, UNIT_PERCENT));
        expect_shown(pool, "100 us", value_real(100e-6, UNIT_SECONDS));
        expect_shown(pool, "1.5 ms", value_real(0.0015, UNIT_SECONDS));
        expect_shown(pool, "0 s", value_real(0, UNIT_SECONDS));
        expect_shown(pool, "12.5 s", value_real(12.5, UNIT_SECONDS));
        expect_shown(pool, "300 s", value_number(300, UNIT_SECONDS));
        expect_shown(pool, "3200 MT/s", value_number(3200, UNIT_TRANSFERS));
        expect_shown(pool, "70 C", value_number(70, UNIT_CELSIUS));
        expect_shown(pool, "3.4 GHz", value_number(3400000000, UNIT_HERTZ));
        expect_shown(pool, "32", value_number(32, UNIT_COUNT));
        expect_shown(pool, "-1", value_number(-1, UNIT_NONE));
        expect_shown(pool, "0.25", value_real(0.25, UNIT_NONE));
        EXPECT("not a number",
               value_show(pool, &(struct value){ .kind = VALUE_REAL, .unit = UNIT_BYTES, .real = NAN }) != NULL);
}

static void shows_the_rest(void)
{
        autopool struct pool *pool = pool_new();
        struct cpus set = { 0 };

        expect_shown(pool, "yes", value_flag(true));
        expect_shown(pool, "no", value_flag(false));
        expect_shown(pool, "none", value_cpus(pool, &set));
        cpus_add(&set, 0);
        cpus_add(&set, 2);
        expect_shown(pool, "0,2", value_cpus(pool, &set));
        expect_shown(pool, "a b", value_words(pool, "b a b"));
        expect_shown(pool, "6.1.0-28-rt-amd64", value_version(pool, "6.1.0-28-rt-amd64\n"));
        expect_shown(pool, "AMD EPYC", value_text(pool, " AMD EPYC\n"));
}

static const struct test tests[] = {
        { "reads", reads },
        { "shows quantities", shows_quantities },
        { "shows the rest", shows_the_rest },
        { NULL, NULL },
};

const struct suite suite_value = { "value", tests };

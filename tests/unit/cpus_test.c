/* CPU lists and masks: the kernel's own test vectors, and where this parser is stricter. */

#include "agent/core/cpus.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
        const char *name, *text;
        unsigned flags, count;
        int r;
        const char *list;
} lists[] = {
        /* torvalds/linux lib/test_bitmap.c */
        { "one", "0", 0, 8, 0, "0" },
        { "another", "1", 0, 8, 0, "1" },
        { "every other", "0-31:1/2", 0, 32, 0, "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30" },
        { "every other from 1", "1-31:1/2", 0, 32, 0, "1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31" },
        { "all of each group", "0-31:4/4", 0, 32, 0, "0-31" },
        { "all of each group from 1", "1-31:4/4", 0, 32, 0, "1-31" },
        { "two strides", "0-31:3/4,32-63:4/4", 0, 64, 0, "0-2,4-6,8-10,12-14,16-18,20-22,24-26,28-30,32-63" },
        { "group larger than the range", "0-15:16/31", 0, 32, 0, "0-15" },
        { "last to last", "N-N", 0, 32, 0, "31" },
        { "last as group", "15-N:1/N", 0, 32, 0, "15" },
        { "last as group, many", "16-N:16/N", 0, 32, 0, "16-31" },
        { "one in last", "0-0:1/N", 0, 32, 0, "0" },
        { "strided all", "all:1/2", 0, 8, 0, "0,2,4,6" },
        { "all in capitals", "ALL:1/2", 0, 8, 0, "0,2,4,6" },
        { "not quite all", "al", 0, 32, -EINVAL, NULL },
        { "more than all", "alll", 0, 32, -EINVAL, NULL },
        { "negative", "-1", 0, 8, -EINVAL, NULL },
        { "negative zero", "-0", 0, 8, -EINVAL, NULL },
        { "backwards", "10-1", 0, 32, -EINVAL, NULL },
        { "colon alone", "0-31:", 0, 32, -EINVAL, NULL },
        { "no slash", "0-31:0", 0, 32, -EINVAL, NULL },
        { "no group", "0-31:0/", 0, 32, -EINVAL, NULL },
        { "none of none", "0-31:0/0", 0, 32, -EINVAL, NULL },
        { "one of none", "0-31:1/0", 0, 32, -EINVAL, NULL },
        { "more than the group", "0-31:10/1", 0, 32, -EINVAL, NULL },
        { "letter first", "a-31", 0, 32, -EINVAL, NULL },
        { "letter last", "0-a1", 0, 32, -EINVAL, NULL },
        { "letter with stride", "a-31:10/1", 0, 32, -EINVAL, NULL },
        { "letter as used", "0-31:a/1", 0, 32, -EINVAL, NULL },
        { "range without end", "0-\n", 0, 32, -EINVAL, NULL },
        { "beyond count", "8-8", 0, 8, -ERANGE, NULL },
        { "partly beyond count", "0-31", 0, 8, -ERANGE, NULL },
        { "beyond 64 bit", "0-98765432123456789012345", 0, 8, -ERANGE, NULL },
        /* What the kernel tolerates there and a profile must not say. */
        { "commas and blanks", "  ,,  0-31:3/4  ,, 32-63:4/4  ,,  ", 0, 64, -EINVAL, NULL },
        { "none of each group", "0-0:0/1", 0, 32, -EINVAL, NULL },
        /* canonical/rt-conf src/cpulists/parse_test.go */
        { "all", "all", 0, 4, 0, "0-3" },
        { "up to the last", "0-N", 0, 2, 0, "0-1" },
        { "singles", "4,5,9", 0, 10, 0, "4-5,9" },
        { "two ranges", "0-2,4-7", 0, 10, 0, "0-2,4-7" },
        { "range and single", "0-2,3", 0, 4, 0, "0-3" },
        { "cut group", "0-20:2/5", 0, 24, 0, "0-1,5-6,10-11,15-16,20" },
        { "cut group and single", "0-20:2/5,23", 0, 24, 0, "0-1,5-6,10-11,15-16,20,23" },
        { "to all", "0-all", 0, 4, -EINVAL, NULL },
        { "all to last", "all-N", 0, 4, -EINVAL, NULL },
        { "first beyond", "4", 0, 4, -ERANGE, NULL },
        { "three ends", "1-2-3", 0, 4, -EINVAL, NULL },
        { "end beyond", "6-8", 0, 8, -ERANGE, NULL },
        { "two dashes", "0--2:", 0, 8, -EINVAL, NULL },
        { "no end", "0-:2", 0, 8, -EINVAL, NULL },
        { "slash first", "0-2/8:10", 0, 16, -EINVAL, NULL },
        { "letter behind", "0-2a:10", 0, 16, -EINVAL, NULL },
        { "stride without slash", "0-2:10", 0, 16, -EINVAL, NULL },
        { "none used", "0-2:0/8", 0, 16, -EINVAL, NULL },
        { "small n", "0-n", 0, 8, -EINVAL, NULL },
        { "group of none", "0-5:1/0", 0, 8, -EINVAL, NULL },
        { "group below none", "0-5:1/-1", 0, 8, -EINVAL, NULL },
        { "backwards with stride", "5-2:1/2", 0, 8, -EINVAL, NULL },
        { "one of a cut group", "3-3:2/4", 0, 8, 0, "3" },
        { "used beyond the range", "0-3:9/10", 0, 8, 0, "0-3" },
        /* util-linux, libnuma, irqbalance and tuned disagree about these */
        { "empty", "", 0, 0, -EINVAL, NULL },
        { "empty line", "\n", 0, 0, -EINVAL, NULL },
        { "empty, allowed", "", CPUS_MAY_BE_EMPTY, 0, 0, "" },
        { "empty line, allowed", "\n", CPUS_MAY_BE_EMPTY, 0, 0, "" },
        { "unallocated mask", "  (null)\n", CPUS_MAY_BE_EMPTY, 0, 0, "" },
        { "unallocated mask, strict", "(null)", 0, 0, -EINVAL, NULL },
        { "comma behind", "1,", 0, 0, -EINVAL, NULL },
        { "comma behind, may be empty", "1,", CPUS_MAY_BE_EMPTY, 0, -EINVAL, NULL },
        { "only a comma", ",", CPUS_MAY_BE_EMPTY, 0, -EINVAL, NULL },
        { "dash behind", "1-", 0, 0, -EINVAL, NULL },
        { "letter", "a", 0, 0, -EINVAL, NULL },
        { "blank in front", " 1", 0, 0, 0, "1" },
        { "newline behind", "1\n", 0, 0, 0, "1" },
        { "two words", "1 2", 0, 0, -EINVAL, NULL },
        { "blanks within", " 1 , 2", 0, 0, -EINVAL, NULL },
        { "util-linux stride", "0-14:2", 0, 0, -EINVAL, NULL },
        { "all, count unknown", "all", 0, 0, -EINVAL, NULL },
        { "last, count unknown", "0-N", 0, 0, -EINVAL, NULL },
        { "complement", "!0", 0, 0, -EINVAL, NULL },
        { "exclusion", "0-5,^3", 0, 0, -EINVAL, NULL },
        { "2 to the 32", "4294967296", 0, 0, -ERANGE, NULL },
        { "overlapping", "0-3,2-5", 0, 0, 0, "0-5" },
        { "beyond any box", "99999", 0, 0, -ERANGE, NULL },
        { "first beyond any box", "8192", 0, 0, -ERANGE, NULL },
        { "last of any box", "8191", 0, 0, 0, "8191" },
        { "beyond, though count is larger", "8192", 0, 100000, -ERANGE, NULL },
        { "too large, and no list", "99999,x", 0, 0, -EINVAL, NULL },
        { "reversed", "3-0", 0, 0, -EINVAL, NULL },
        { "number with a tail", "1x", 0, 0, -EINVAL, NULL },
        { "hex", "0xf", 0, 0, -EINVAL, NULL },
        { "huge group", "0-5:1/4294967295", 0, 0, 0, "0" },
        { "group beyond 32 bit", "0-5:1/4294967296", 0, 0, -ERANGE, NULL },
        /* openshift/cluster-node-tuning-operator utils_test.go */
        { "dash", "-", 0, 0, -EINVAL, NULL },
        { "comma first", ",2", 0, 0, -EINVAL, NULL },
        { "double comma", "0,1,3,,4", 0, 0, -EINVAL, NULL },
        { "unordered", "10,9,8,7,6,5,4,3,2,1,21,22,23,24,25,26,27,28", 0, 0, 0, "1-10,21-28" },
};

static void reads_lists(void)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(lists); i++) {
                struct cpus set = { .word = { 0xdead } }, before = set;

                EXPECT_NUMBER(lists[i].name, cpus_parse(lists[i].text, lists[i].flags, lists[i].count, &set), lists[i].r);
                if (lists[i].r < 0)
                        EXPECT(lists[i].name, cpus_equal(&set, &before));
                else
                        EXPECT_TEXT(lists[i].name, cpus_format(pool, &set), lists[i].list);
        }
}

static void hostile_lists_take_no_time(void)
{
        static const char *const regions[] = { "0-8191:1/2,", "0-4294967295:1/4294967295,", "0-8191,", "N,", "," };
        static char text[1 << 20];
        struct timespec start, end;
        struct cpus set;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
        for (size_t i = 0; i < COUNT(regions); i++) {
                size_t size = strlen(regions[i]);

                for (size_t at = 0; at + size < sizeof(text); at += size)
                        memcpy(text + at, regions[i], size + 1);
                text[strlen(text) - 1] = '\0';
                EXPECT(regions[i], cpus_parse(text, 0, 0, &set) < 0);
                text[65000 / size * size - 1] = '\0';
                cpus_parse(text, 0, 8192, &set);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        EXPECT("not the hours of a quadratic one", end.tv_sec - start.tv_sec <= 60);
}

static void reads_masks(void)
{
        static const struct {
                const char *name, *text;
                int r;
                const char *list, *mask;
        } cases[] = {
                { "0", "00000001", 0, "0", "00000001" },
                { "plain hex", "c\n", 0, "2-3", "0000000c" },
                { "two groups", "e0e00000,00000018", 0, "3-4,53-55,61-63", "e0e00000,00000018" },
                { "128 CPUs", "ffffffff,ffffffff,ffffffff,ffffffff", 0, "0-127", "ffffffff,ffffffff,ffffffff,ffffffff" },
                { "tuned", "00000001,0000002e", 0, "1-3,5,32", "00000001,0000002e" },
                { "31", "80000000", 0, "31", "80000000" },
                { "63", "80000000,00000000", 0, "63", "80000000,00000000" },
                { "64", "00000001,00000000,00000000", 0, "64", "00000001,00000000,00000000" },
                { "short groups", "1,0", 0, "32", "00000001,00000000" },
                { "irqbalance", "ff,00000001", 0, "0,32-39", "000000ff,00000001" },
                { "capitals", "FC0", 0, "6-11", "00000fc0" },
                { "omitted zero group", "1,,5", 0, "0,2,64", "00000001,00000000,00000005" },
                { "zero", "0", 0, "", "00000000" },
                { "long zero", "00000000,00000000", 0, "", "00000000" },
                { "no hex", "goodfood,deadbeef,1,0", -EINVAL, NULL, NULL },
                { "comma first", ",44", -EINVAL, NULL, NULL },
                { "comma last", "44,", -EINVAL, NULL, NULL },
                { "only a comma", ",", -EINVAL, NULL, NULL },
                { "empty", "", -EINVAL, NULL, NULL },
                { "empty line", "\n", -EINVAL, NULL, NULL },
                { "two words", "1 2", -EINVAL, NULL, NULL },
                { "prefix", "0x1", -EINVAL, NULL, NULL },
                { "33 bits in a group", "1ffffffff", -ERANGE, NULL, NULL },
                { "too long a group in front", "123badf00d,deadbeef,1,0", -ERANGE, NULL, NULL },
                { "too long and no hex", "z23badf00d,deadbeef,1,0", -EINVAL, NULL, NULL },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct cpus set = { .word = { 0xdead } }, before = set;

                EXPECT_NUMBER(cases[i].name, cpus_parse_mask(cases[i].text, &set), cases[i].r);
                if (cases[i].r < 0) {
                        EXPECT(cases[i].name, cpus_equal(&set, &before));
                        continue;
                }
                EXPECT_TEXT(cases[i].name, cpus_format(pool, &set), cases[i].list);
                EXPECT_TEXT(cases[i].name, cpus_format_mask(pool, &set, 0), cases[i].mask);
        }
}

static void masks_know_their_width(void)
{
        autopool struct pool *pool = pool_new();
        struct cpus set = { 0 };
        char *mask;

        cpus_add(&set, 5);
        EXPECT_TEXT("48 CPUs", cpus_format_mask(pool, &set, 48), "00000000,00000020");
        EXPECT_TEXT("64 CPUs", cpus_format_mask(pool, &set, 64), "00000000,00000020");
        EXPECT_TEXT("65 CPUs", cpus_format_mask(pool, &set, 65), "00000000,00000000,00000020");
        EXPECT_TEXT("fewer than in the set", cpus_format_mask(pool, &set, 2), "00000020");
        EXPECT_NUMBER("more than any box", strlen(cpus_format_mask(pool, &set, 1000000)), 256 * 9 - 1);
        /* The highest CPU there can be, there and back; one group more is out of range unless it is zero. */
        cpus_add(&set, CPUS_MAX - 1);
        mask = cpus_format_mask(pool, &set, 0);
        EXPECT_NUMBER("widest", cpus_parse_mask(mask, &set), 0);
        EXPECT_NUMBER("widest", cpus_last(&set), CPUS_MAX - 1);
        EXPECT_NUMBER("wider", cpus_parse_mask(pool_format(pool, "1,%s", mask), &set), -ERANGE);
        EXPECT_NUMBER("wider by zeros", cpus_parse_mask(pool_format(pool, "00000000,%s", mask), &set), 0);
}

static void has_set_arithmetic(void)
{
        static const struct {
                const char *a, *b, *both, *either, *only_a;
        } cases[] = {
                { "", "0-3", "", "0-3", "" },
                { "0-3", "4-15", "", "0-15", "0-3" },
                { "0-3", "0-15", "0-3", "0-15", "" },
                { "0-3", "3-15", "3", "0-15", "0-2" },
                { "3-7", "6-15", "6-7", "3-15", "3-5" },
                { "63-64,8191", "64", "64", "63-64,8191", "63,8191" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct cpus a, b, both, either, only_a;

                EXPECT_NUMBER(cases[i].a, cpus_parse(cases[i].a, CPUS_MAY_BE_EMPTY, 0, &a), 0);
                EXPECT_NUMBER(cases[i].b, cpus_parse(cases[i].b, CPUS_MAY_BE_EMPTY, 0, &b), 0);
                both = either = only_a = a;
                cpus_intersect(&both, &b);
                cpus_unite(&either, &b);
                cpus_subtract(&only_a, &b);
                EXPECT_TEXT(cases[i].a, cpus_format(pool, &both), cases[i].both);
                EXPECT_TEXT(cases[i].a, cpus_format(pool, &either), cases[i].either);
                EXPECT_TEXT(cases[i].a, cpus_format(pool, &only_a), cases[i].only_a);
                EXPECT(cases[i].a, cpus_overlap(&a, &b) == !cpus_empty(&both));
                EXPECT(cases[i].a, cpus_within(&a, &b) == cpus_empty(&only_a));
                EXPECT_NUMBER(cases[i].a, cpus_count(&either), cpus_count(&a) + cpus_count(&b) - cpus_count(&both));
        }
}

static void walks(void)
{
        struct cpus set = { 0 };

        EXPECT("empty", cpus_empty(&set) && cpus_next(&set, 0) == CPUS_END && cpus_last(&set) == CPUS_END);
        cpus_add(&set, 0);
        cpus_add(&set, 63);
        cpus_add(&set, 64);
        cpus_add(&set, CPUS_MAX - 1);
        cpus_add(&set, CPUS_MAX); /* ignored */
        cpus_add(&set, CPUS_END);
        EXPECT_NUMBER("count", cpus_count(&set), 4);
        EXPECT_NUMBER("from 0", cpus_next(&set, 0), 0);
        EXPECT_NUMBER("from 1", cpus_next(&set, 1), 63);
        EXPECT_NUMBER("from 64", cpus_next(&set, 64), 64);
        EXPECT_NUMBER("from 65", cpus_next(&set, 65), CPUS_MAX - 1);
        EXPECT_NUMBER("behind the last", cpus_next(&set, CPUS_MAX), CPUS_END);
        EXPECT_NUMBER("last", cpus_last(&set), CPUS_MAX - 1);
        cpus_remove(&set, CPUS_MAX - 1);
        cpus_remove(&set, CPUS_END);
        EXPECT_NUMBER("last", cpus_last(&set), 64);
        EXPECT("has", cpus_has(&set, 63) && !cpus_has(&set, 62) && !cpus_has(&set, CPUS_MAX) && !cpus_has(&set, CPUS_END));
}

static const struct test tests[] = {
        { "reads lists", reads_lists },
        { "hostile lists take no time", hostile_lists_take_no_time },
        { "reads masks", reads_masks },
        { "masks know their width", masks_know_their_width },
        { "has set arithmetic", has_set_arithmetic },
        { "walks", walks },
        { NULL, NULL },
};

const struct suite suite_cpus = { "cpus", tests };

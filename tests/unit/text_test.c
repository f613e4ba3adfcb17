/* Text: taking it apart, numbers, patterns, order, and what a terminal may be given. */

#include "agent/core/text.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void compares_ends(void)
{
        EXPECT(NULL, text_equals("a", "a") && !text_equals("a", "b") && !text_equals("a", "ab"));
        EXPECT(NULL, text_equals(NULL, NULL) && !text_equals(NULL, "") && !text_equals("", NULL));
        EXPECT(NULL, text_starts("nvme0n1", "nvme") && text_starts("a", "") && !text_starts("nv", "nvme"));
        EXPECT(NULL, text_ends("ssh.service", ".service") && text_ends("a", "") && !text_ends("e", ".service"));
        EXPECT(NULL, slice_equals(slice_of("eth0"), "eth0") && !slice_equals(slice_of("eth0"), "eth"));
        EXPECT(NULL, slice_equals(slice_of(NULL), "") && slice_equals(slice_of(""), ""));
}

/* Lines and words joined by '|'. */
static void takes_lines_and_words(void)
{
        static const struct {
                const char *name, *text, *lines, *words;
        } cases[] = {
                { "empty", "", "", "" },
                { "one line", "a b", "a b|", "a|b|" },
                { "newline at the end", "a b\n", "a b|", "a|b\n|" },
                { "empty lines count", "a\n\nb\n", "a||b|", "a\n\nb\n|" },
                { "no words in blanks", " \t ", " \t |", "" },
                { "runs of separators", "  4096\t\t87380  6291456", "  4096\t\t87380  6291456|", "4096|87380|6291456|" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer lines = { 0 }, words = { 0 }, again = { 0 };
                const char *cursor = cases[i].text;
                struct slice part, rest = slice_of(cases[i].text);

                while (text_line(&cursor, &part))
                        text_addf(&lines, "%s|", slice_dup(pool, part));
                cursor = cases[i].text;
                while (text_word(&cursor, " \t", &part))
                        text_addf(&words, "%s|", slice_dup(pool, part));
                while (slice_word(&rest, " \t", &part))
                        text_addf(&again, "%s|", slice_dup(pool, part));
                EXPECT_TEXT(cases[i].name, lines.at ? lines.at : "", cases[i].lines);
                EXPECT_TEXT(cases[i].name, words.at ? words.at : "", cases[i].words);
                EXPECT_TEXT(cases[i].name, again.at ? again.at : "", cases[i].words);
        }
        EXPECT_TEXT("trim", text_trim(pool, " \t\n x y \v\f\r"), "x y");
        EXPECT_TEXT("trim nothing", text_trim(pool, " \n "), "");
}

static void reads_numbers(void)
{
        static const struct {
                const char *name, *text;
                unsigned base;
                int r;
                uint64_t number;
        } cases[] = {
                { "zero", "0", 10, 0, 0 },
                { "white space around", " \t42\n", 10, 0, 42 },
                { "leading zeros are decimal", "0010", 10, 0, 10 },
                { "the largest", "18446744073709551615", 10, 0, UINT64_MAX },
                { "one more", "18446744073709551616", 10, -ERANGE, 0 },
                { "ten times as much", "184467440737095516150", 10, -ERANGE, 0 },
                { "too large and no number", "99999999999999999999x", 10, -EINVAL, 0 },
                { "empty", "", 10, -EINVAL, 0 },
                { "blank", " \n", 10, -EINVAL, 0 },
                { "negative", "-1", 10, -EINVAL, 0 },
                { "plus", "+1", 10, -EINVAL, 0 },
                { "two numbers", "1 2", 10, -EINVAL, 0 },
                { "fraction", "1.5", 10, -EINVAL, 0 },
                { "hex in decimal", "0x10", 10, -EINVAL, 0 },
                { "hex", "0x10", 16, 0, 16 },
                { "bare hex", "fF", 16, 0, 255 },
                { "only the prefix", "0x", 16, -EINVAL, 0 },
                { "hex by its prefix", "0X1f", 0, 0, 31 },
                { "decimal without it", "010", 0, 0, 10 },
                { "octal", "0644", 8, 0, 0644 },
                { "no octal digit", "8", 8, -EINVAL, 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                uint64_t number = 77;

                EXPECT_NUMBER(cases[i].name, text_u64(cases[i].text, cases[i].base, &number), cases[i].r);
                EXPECT(cases[i].name, number == (cases[i].r < 0 ? 77 : cases[i].number));
        }
}

static void reads_signed_numbers(void)
{
        static const struct {
                const char *name, *text;
                int r;
                int64_t number;
        } cases[] = {
                { "negative", "-1\n", 0, -1 },
                { "the smallest", "-9223372036854775808", 0, INT64_MIN },
                { "the largest", "9223372036854775807", 0, INT64_MAX },
                { "one less", "-9223372036854775809", -ERANGE, 0 },
                { "one more", "9223372036854775808", -ERANGE, 0 },
                { "only a sign", "-", -EINVAL, 0 },
                { "two signs", "--1", -EINVAL, 0 },
                { "sign apart", "- 1", -EINVAL, 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                int64_t number = 77;

                EXPECT_NUMBER(cases[i].name, text_i64(cases[i].text, &number), cases[i].r);
                EXPECT_NUMBER(cases[i].name, number, cases[i].r < 0 ? 77 : cases[i].number);
        }
}

static void matches_patterns(void)
{
        static const struct {
                const char *name, *pattern;
                bool matches;
        } cases[] = {
                { "nvme.nvme0.size", "nvme.*.size", true },
                { "nvme.nvme0.x.size", "nvme.*.size", true },
                { "nvme.size", "nvme.*.size", false },
                { "nvme.nvme0.size_kib", "nvme.*.size", false },
                { "", "", true },
                { "", "*", true },
                { "a", "", false },
                { "anything", "***", true },
                { "abcabcabd", "*abd", true },
                { "abcabcab", "*abd", false },
                { "disk./.free", "disk.*.free", true },
                { "cpu/cpu1/power/energy_bias", "cpu/*/energy*", true },
                { "cpu/cpu1/energy", "cpu/*/energy*bias", false },
                { "a.b.c.b.d", "a*b*d", true },
                { "a.b.c.b.d", "a**c*b", false },
                { "aab", "*a*b*", true },
        };
        char name[4001], pattern[201];

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT(cases[i].pattern, text_matches(cases[i].name, cases[i].pattern) == cases[i].matches);
        /* No time without bound for many stars. */
        memset(name, 'a', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        for (size_t i = 0; i + 1 < sizeof(pattern); i += 2)
                memcpy(pattern + i, "*a", 2);
        pattern[sizeof(pattern) - 2] = 'b';
        pattern[sizeof(pattern) - 1] = '\0';
        EXPECT("many stars", !text_matches(name, pattern));
}

/* Rising: each is before all that follow, so that the order is total. */
static void orders_naturally(void)
{
        static const char *const names[] = {
                "",
                "-a",
                "0",
                "1",
                "2",
                "10",
                "10a",
                "a",
                "a0",
                "a18446744073709551615",
                "a18446744073709551616",
                "b",
                "b1",
                "b9",
                "b10",
                "c1",
                "c01b",
                "c1c",
                "eth2",
                "eth10",
                "eth10.5",
                "eth10.40",
                "x",
                "x0y",
                "x1",
                "y01",
                "y1",
        };

        for (size_t i = 0; i < COUNT(names); i++) {
                for (size_t j = 0; j < COUNT(names); j++) {
                        int order = text_compare_natural(names[i], names[j]);
                        char row[128];

                        snprintf(row, sizeof(row), "\"%s\" and \"%s\"", names[i], names[j]);
                        EXPECT_NUMBER(row, (order > 0) - (order < 0), (i > j) - (i < j));
                }
        }
}

static void finds_the_nearest(void)
{
        static const char *const candidates[] = { "governor", "hugepages", "vm.swappiness", "net.core.rmem_max", "irq", NULL };
        static const char *const none[] = { NULL };
        static const struct {
                const char *text, *nearest;
        } cases[] = {
                { "governer", "governor" },
                { "hugepage", "hugepages" },
                { "vm.swapiness", "vm.swappiness" },
                { "net.core.rmem-max", "net.core.rmem_max" },
                { "qir", NULL },
                { "iqr", "irq" }, /* two letters swapped are one error */
                { "irq", "irq" },
                { "timezone", NULL },
                { "", NULL },
        };
        char longest[200];

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].text, text_nearest(cases[i].text, candidates), cases[i].nearest);
        EXPECT_TEXT("no candidates", text_nearest("irq", none), NULL);
        memset(longest, 'x', sizeof(longest) - 1);
        longest[sizeof(longest) - 1] = '\0';
        EXPECT_TEXT("too long", text_nearest(longest, candidates), NULL);
}

static void makes_printable(void)
{
        static const struct {
                const char *name, *text;
                size_t limit;
                const char *printable;
        } cases[] = {
                { "plain", "Xeon Gold", 80, "Xeon Gold" },
                { "UTF-8 stays", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 80, "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
                { "controls", "a\tb\nc\x1b[2Jd\x7f", 80, "a?b?c?[2Jd?" },
                { "C1 controls", "a\xc2\x9bz", 80, "a?z" },
                { "lone byte", "a\xff\x80z", 80, "a??z" },
                { "overlong slash", "\xc0\xaf", 80, "??" },
                { "overlong in three", "\xe0\x80\xaf", 80, "???" },
                { "surrogate", "\xed\xa0\x80", 80, "???" },
                { "no characters", "a\xef\xbf\xbe\xef\xbf\xbfz", 80, "a??z" },
                { "beyond Unicode", "\xf4\x90\x80\x80", 80, "????" },
                { "cut short", "\xe2\x82", 80, "??" },
                { "turned round", "a\xe2\x80\xaez", 80, "a?z" },
                { "just fits", "12345678", 8, "12345678" },
                { "too long", "123456789", 8, "12345..." },
                { "not through a character",
                  "1234\xc3\xa9"
                  "6789",
                  8, "1234..." },
                { "no room for dots", "12345", 2, "12" },
                { "empty", "", 8, "" },
                { "nothing", NULL, 8, "" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].name, text_printable(pool, cases[i].text, cases[i].limit), cases[i].printable);
}

static void buffers_grow(void)
{
        autobuffer struct text_buffer buffer = { 0 };
        size_t wrong = 0;

        text_add(&buffer, NULL);
        EXPECT("nothing added", buffer.at == NULL);
        text_add(&buffer, "");
        EXPECT_TEXT("empty", buffer.at, "");
        for (size_t i = 0; i < 20000; i++)
                text_addf(&buffer, "%05zu", i);
        text_add_bytes(&buffer, "\0x", 2);
        EXPECT_NUMBER("size", buffer.size, 100002);
        for (size_t i = 0; i < 20000; i++) {
                char number[8];

                snprintf(number, sizeof(number), "%05zu", i);
                wrong += memcmp(buffer.at + i * 5, number, 5) != 0;
        }
        EXPECT_NUMBER("content", wrong, 0);
        EXPECT_NUMBER("NUL behind it", buffer.at[100002], 0);
        text_buffer_free(&buffer);
        EXPECT("free again", buffer.at == NULL && buffer.size == 0);
}

static const struct test tests[] = {
        { "compares ends", compares_ends },         { "takes lines and words", takes_lines_and_words },
        { "reads numbers", reads_numbers },         { "reads signed numbers", reads_signed_numbers },
        { "matches patterns", matches_patterns },   { "orders naturally", orders_naturally },
        { "finds the nearest", finds_the_nearest }, { "makes printable", makes_printable },
        { "buffers grow", buffers_grow },           { NULL, NULL },
};

const struct suite suite_text = { "text", tests };

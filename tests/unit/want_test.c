/* What is wanted: read from a profile, compared, and turned into what should be written. */

#include "agent/core/pool.h"
#include "agent/core/value.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* have is read as the kernel writes it; target is what should be written then, NULL for -EDOM. */
static const struct {
        enum value_kind kind;
        enum unit unit;
        unsigned flags;
        bool holds;
        const char *want, *have, *target;
} cases[] = {
        { VALUE_NUMBER, UNIT_COUNT, 0, true, "4", "4", "4" },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, "= 4", "5", "4" },
        { VALUE_NUMBER, UNIT_COUNT, 0, true, "!= 4", "5", NULL },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, "!=4", "4", NULL },
        { VALUE_NUMBER, UNIT_COUNT, 0, true, "< 4", "3", NULL },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, "< 4", "4", NULL },
        { VALUE_NUMBER, UNIT_COUNT, 0, true, "<= 4", "4", "4" },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, "<= 4", "5", "4" },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, "> 4", "4", NULL },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, ">= 4", "3", "4" },
        { VALUE_NUMBER, UNIT_COUNT, 0, true, ">=4", "9", "9" },
        { VALUE_NUMBER, UNIT_COUNT, 0, true, "in [1, 2]", "2", "2" },
        { VALUE_NUMBER, UNIT_COUNT, 0, false, "in [1, 2]", "3", "1" },
        { VALUE_NUMBER, UNIT_BYTES, 0, false, ">= 128 GiB", "137438953471", "137438953472" },
        { VALUE_REAL, UNIT_PERCENT, 0, true, "< 80 %", "79.9", NULL },
        { VALUE_REAL, UNIT_PERCENT, 0, false, "< 80 %", "80", NULL },
        { VALUE_VERSION, UNIT_NONE, 0, true, ">= 5.15", "5.15.0-91-generic", "5.15.0-91-generic" },
        { VALUE_VERSION, UNIT_NONE, 0, true, "= 5.15", "5.15.0-91-generic", "5.15.0-91-generic" },
        { VALUE_VERSION, UNIT_NONE, 0, true, "<= 5.15", "5.15.0-91-generic", "5.15.0-91-generic" },
        { VALUE_VERSION, UNIT_NONE, 0, false, "> 5.15", "5.15.0-91-generic", NULL },
        { VALUE_VERSION, UNIT_NONE, 0, false, "!= 5.15", "5.15.0-91-generic", NULL },
        { VALUE_VERSION, UNIT_NONE, 0, true, ">= 5.15", "6.12.1", "6.12.1" },
        { VALUE_VERSION, UNIT_NONE, 0, false, ">= 5.15", "5.4.0", "5.15" },
        { VALUE_VERSION, UNIT_NONE, 0, false, ">= 6.1.5", "6.1", "6.1.5" },
        { VALUE_FLAG, UNIT_NONE, 0, true, "true", "Y", "1" },
        { VALUE_FLAG, UNIT_NONE, 0, false, "off", "1", "0" },
        { VALUE_FLAG, UNIT_NONE, 0, true, "!= yes", "0", NULL },
        { VALUE_TEXT, UNIT_NONE, 0, true, "ok", "ok\n", "ok" },
        { VALUE_TEXT, UNIT_NONE, 0, true, "a|b", "a|b", "a|b" },
        { VALUE_TEXT, UNIT_NONE, 0, true, "in [ok, 'a, b']", "a, b", "a, b" },
        { VALUE_TEXT, UNIT_NONE, 0, false, "in [ok]", "no", "ok" },
        { VALUE_TEXT, UNIT_NONE, 0, true, "in order", "in order", "in order" },
        { VALUE_TEXT, UNIT_NONE, 0, true, "~ ^(Intel|AMD)", "AMD EPYC", NULL },
        { VALUE_TEXT, UNIT_NONE, 0, false, "~ ^(Intel|AMD)", "An AMD", NULL },
        { VALUE_TEXT, UNIT_NONE, 0, true, "~ x{2,3}", "axxb", NULL },
        { VALUE_CHOICE, UNIT_NONE, WANT_ALTERNATIVES, true, "performance|schedutil", "schedutil", "schedutil" },
        { VALUE_CHOICE, UNIT_NONE, WANT_ALTERNATIVES, false, "performance | schedutil", "powersave", "performance" },
        { VALUE_CHOICE, UNIT_NONE, WANT_ALTERNATIVES, false, "never", "always [madvise] never", "never" },
        { VALUE_WORDS, UNIT_NONE, 0, true, "b a", "a b", "a b" },
        { VALUE_WORDS, UNIT_NONE, 0, false, "a", "a b", "a" },
        { VALUE_WORDS, UNIT_NONE, 0, true, "!= a", "a b", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, true, "in [a, b, c]", "a b", "a b" },
        { VALUE_WORDS, UNIT_NONE, 0, false, "in [a, c]", "a b", "a" },
        { VALUE_WORDS, UNIT_NONE, 0, false, "in [a]", "", "a" },
        { VALUE_WORDS, UNIT_NONE, 0, true, "has a", "a b", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, true, "has\tc  a", "a b c", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, false, "has a d", "a b c", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, false, "has a", "", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, false, "has 10.0.0.4/2", "10.0.0.4/24", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, true, "hash", "hash", "hash" },
        { VALUE_WORDS, UNIT_NONE, 0, true, "= has a", "a has", "a has" },
        { VALUE_TEXT, UNIT_NONE, 0, true, "has a", "has a", "has a" },
        { VALUE_WORDS, UNIT_NONE, 0, true, "~ ^perf", "performance perfect", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, false, "~ ^perf", "performance schedutil", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, false, "~ e$", "a performance", NULL },
        { VALUE_WORDS, UNIT_NONE, 0, false, "~ .", "", NULL },
        { VALUE_CPUS, UNIT_NONE, 0, true, "0-1", "0,1", "0-1" },
        { VALUE_CPUS, UNIT_NONE, 0, true, "none", "\n", "" },
        { VALUE_CPUS, UNIT_NONE, 0, true, "in [\"0,2\", 4-5]", "0,2", "0,2" },
        { VALUE_MASK, UNIT_NONE, 0, true, "0-3", "0000000f", "0000000f" },
        { VALUE_MASK, UNIT_NONE, 0, false, "0-3,32", "0000000f", "00000001,0000000f" },
        { VALUE_FIELDS, UNIT_NONE, 0, false, ">= 4096 131072 67108864", "4096\t262144\t6291456", "4096 262144 67108864" },
        { VALUE_FIELDS, UNIT_NONE, 0, false, "<= 4096 131072 67108864", "4096\t262144\t6291456", "4096 131072 6291456" },
        { VALUE_FIELDS, UNIT_NONE, 0, true, ">= 1 2 3", "1 2 3", "1 2 3" },
        { VALUE_FIELDS, UNIT_NONE, 0, false, ">= 1 2 3", "9 9", "1 2 3" },
        { VALUE_FIELDS, UNIT_NONE, 0, false, "> 1 2", "2 2", NULL },
        { VALUE_FIELDS, UNIT_NONE, 0, true, "!= 1 2", "1", NULL },
        { VALUE_FIELDS, UNIT_NONE, 0, true, ">= 2097152", "9223372036854775807", "9223372036854775807" },
        { VALUE_FIELDS, UNIT_NONE, 0, true, ">= -1", "18446744073709551615", "18446744073709551615" },
};

static void holds_and_targets(void)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *problem = NULL;
                struct value have, target;
                struct want want;
                char row[160];
                int r;

                snprintf(row, sizeof(row), "want \"%s\", have \"%s\"", cases[i].want, cases[i].have);
                r = want_parse(pool, cases[i].want, cases[i].kind, cases[i].unit, cases[i].flags, &want, &problem);
                if (!EXPECT_NUMBER(row, r, 0))
                        continue;
                EXPECT_TEXT(row, problem, NULL);
                EXPECT_TEXT(row, want.text, cases[i].want);
                EXPECT_NUMBER(row, value_parse_kernel(pool, cases[i].have, cases[i].kind, cases[i].unit, &have), 0);
                EXPECT(row, want_holds(&want, &have) == cases[i].holds);
                r = want_target(pool, &want, &have, &target);
                EXPECT_NUMBER(row, r, cases[i].target ? 0 : -EDOM);
                if (r == 0)
                        EXPECT_TEXT(row, value_kernel(pool, &target), cases[i].target);
                if (r == 0)
                        EXPECT(row, want_holds(&want, &target));
                EXPECT(row, !want_holds(&want, NULL));
        }
}

static const struct {
        enum value_kind kind;
        enum unit unit;
        unsigned flags;
        int r;
        const char *text, *problem;
} problems[] = {
        { VALUE_NUMBER, UNIT_BYTES, 0, -EINVAL, ">= 128 GB/s", "a size was expected, such as \"128 GiB\"; found \"128 GB/s\"" },
        { VALUE_NUMBER, UNIT_BYTES, 0, -EDOM, ">= 10 %",
          "the unit of \"10 %\" does not fit: a size was expected, such as \"128 GiB\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -ERANGE, "99999999999999999999",
          "\"99999999999999999999\" is too large: a number was expected, such as \"32\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, "", "a number was expected, such as \"32\"; found \"\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, ">=", "a number was expected, such as \"32\"; found \"\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, "= = 4", "a number was expected, such as \"32\"; found \"= 4\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, "4|5", "a number was expected, such as \"32\"; found \"4|5\"" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, ">= ok", ">= needs a number, a size or a version: a text was expected" },
        { VALUE_FLAG, UNIT_NONE, 0, -EINVAL, "< true",
          "< needs a number, a size or a version: \"true\" or \"false\" was expected" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, "has 4", "a number was expected, such as \"32\"; found \"has 4\"" },
        { VALUE_WORDS, UNIT_NONE, 0, -EINVAL, "<= a",
          "<= needs a number, a size or a version: words were expected, such as \"performance schedutil\"" },
        { VALUE_CPUS, UNIT_NONE, 0, -EINVAL, "> 0-3",
          "> needs a number, a size or a version: a CPU list was expected, such as \"0-3,8\" or \"0-31:2/4\"" },
        { VALUE_CPUS, UNIT_NONE, 0, -EINVAL, "0-14:2",
          "a CPU list was expected, such as \"0-3,8\" or \"0-31:2/4\"; found \"0-14:2\"" },
        { VALUE_FIELDS, UNIT_NONE, 0, -EINVAL, ">= abc",
          "whole numbers were expected, such as \"4096 131072 6291456\"; found \"abc\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, "~ 4", "~ needs a text: a number was expected, such as \"32\"" },
        { VALUE_NUMBER, UNIT_COUNT, 0, -EINVAL, "in [1, x]", "a number was expected, such as \"32\"; found \"x\"" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "in [a", "\"in\" needs a list, such as \"in [a, b]\"" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "in []",
          "the list behind \"in\" is empty, has an empty item or a quote that does not end" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "in [a,]",
          "the list behind \"in\" is empty, has an empty item or a quote that does not end" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "in ['a]",
          "the list behind \"in\" is empty, has an empty item or a quote that does not end" },
        { VALUE_CHOICE, UNIT_NONE, WANT_ALTERNATIVES, -EINVAL, "a||b", "there is nothing on one side of a \"|\"" },
        { VALUE_CHOICE, UNIT_NONE, WANT_ALTERNATIVES, -EINVAL, "a|", "there is nothing on one side of a \"|\"" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "~", "a regular expression has 1 to 1024 characters, not 0" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "~ (", "the regular expression \"(\" is not valid: Unmatched ( or \\(" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "~ ((a{99}){99}){99}",
          "the regular expression \"((a{99}){99}){99}\" repeats too much or refers back" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "~ a{0,30000}",
          "the regular expression \"a{0,30000}\" repeats too much or refers back" },
        { VALUE_TEXT, UNIT_NONE, 0, -EINVAL, "~ (a)\\1", "the regular expression \"(a)\\1\" repeats too much or refers back" },
};

static void names_problems(void)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(problems); i++) {
                struct want want = { .op = OP_LT };
                const char *problem = NULL;

                EXPECT_NUMBER(problems[i].text,
                              want_parse(pool, problems[i].text, problems[i].kind, problems[i].unit, problems[i].flags, &want,
                                         &problem),
                              problems[i].r);
                EXPECT_TEXT(problems[i].text, problem, problems[i].problem);
                EXPECT(problems[i].text, want.op == OP_LT && want.count == 0 && !want.values && !want.pattern && !want.text);
        }
}

/* What would cost gigabytes or minutes is refused; what people write is not. */
static void weighs_patterns(void)
{
        static const struct {
                const char *pattern;
                int r;
        } patterns[] = {
                { "a++++++++++++++++++++++++++++++++", -EINVAL },
                { "a************", -EINVAL },
                { "((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+", -EINVAL },
                { "((a{99}){99}){99}", -EINVAL },
                { "(a{60}){60}", -EINVAL },
                { "a{60}{60}", -EINVAL },
                { "(a?){2000}", -EINVAL },
                { "a{,30000}", -EINVAL },
                { "a{1,30000}", -EINVAL },
                { "((a)*?{40})*{99}", -EINVAL },
                { "([]+()]a+)+{1000}", -EINVAL },
                { "[[:alpha:]](a{50}){50}", -EINVAL },
                { "((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))", -EINVAL },
                { "^[0-9]+(\\.[0-9]+)+-[0-9]+-[a-z]+(-[a-z0-9]+)+$", 0 },
                { "^([0-9a-f]{2}:){5}[0-9a-f]{2}$", 0 },
                { "[^]+{9999}][[:alpha:]{9999}]", 0 },
                { "\\+\\{9999\\}", 0 },
                { "(a?){500}", 0 },
                { "a{2,}b*c?", 0 },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(patterns); i++) {
                const char *problem = NULL, *text = pool_format(pool, "~ %s", patterns[i].pattern);
                struct want want;

                EXPECT_NUMBER(patterns[i].pattern, want_parse(pool, text, VALUE_TEXT, UNIT_NONE, 0, &want, &problem),
                              patterns[i].r);
        }
}

static void refuses_long_patterns(void)
{
        autopool struct pool *pool = pool_new();
        const char *problem = NULL;
        char text[1100] = "~ ";
        struct want want;

        memset(text + 2, 'a', 1024);
        EXPECT_NUMBER("1024", want_parse(pool, text, VALUE_TEXT, UNIT_NONE, WANT_PLAIN, &want, &problem), 0);
        text[1026] = 'a';
        EXPECT_NUMBER("1025", want_parse(pool, text, VALUE_TEXT, UNIT_NONE, WANT_PLAIN, &want, &problem), -EINVAL);
        EXPECT_TEXT("1025", problem, "a regular expression has 1 to 1024 characters, not 1025");
}

/* No claim, not even "it differs", about things of two kinds. */
static void kinds_do_not_mix(void)
{
        static const char *const wants[] = { "= 4", "!= 4", "< 4", ">= 4", "in [4]" };
        autopool struct pool *pool = pool_new();
        struct value text = value_text(pool, "4"), version = value_version(pool, "5"), flag = value_flag(true);
        const char *problem;
        struct want want;

        for (size_t i = 0; i < COUNT(wants); i++) {
                EXPECT_NUMBER(wants[i], want_parse(pool, wants[i], VALUE_NUMBER, UNIT_COUNT, WANT_PLAIN, &want, &problem), 0);
                EXPECT(wants[i], !want_holds(&want, &text) && !want_holds(&want, &version) && !want_holds(&want, &flag));
        }
        EXPECT_NUMBER("~", want_parse(pool, "~ .", VALUE_TEXT, UNIT_NONE, WANT_PLAIN, &want, &problem), 0);
        EXPECT("~", want_holds(&want, &text) && !want_holds(&want, &flag));
}

static void target_without_have(void)
{
        autopool struct pool *pool = pool_new();
        struct value target;
        const char *problem;
        struct want want;

        EXPECT_NUMBER(NULL, want_parse(pool, ">= 1 2", VALUE_FIELDS, UNIT_NONE, WANT_PLAIN, &want, &problem), 0);
        EXPECT_NUMBER(NULL, want_target(pool, &want, NULL, &target), 0);
        EXPECT_TEXT(NULL, value_kernel(pool, &target), "1 2");
}

static const struct test tests[] = {
        { "holds and targets", holds_and_targets },
        { "names problems", names_problems },
        { "weighs patterns", weighs_patterns },
        { "refuses long patterns", refuses_long_patterns },
        { "kinds do not mix", kinds_do_not_mix },
        { "target without have", target_without_have },
        { NULL, NULL },
};

const struct suite suite_want = { "want", tests };

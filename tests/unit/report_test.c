/* The formats: what a hostile text becomes in each, and which state and exit status a finding has there. */

#include "agent/report.h"

#include "agent/core/pool.h"
#include "tests/unit/report_make.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The finding's words in each format: what stands in every text that comes from a host or a profile. */
static void escaping(void)
{
        static const struct {
                const char *name, *id, *junit, *tap, *nagios, *prometheus;
        } cases[] = {
                { "plain", "cpu.cores", "name=\"cpu.cores\"", "requirement cpu.cores\n", "critical cpu.cores: have",
                  "{id=\"cpu.cores\"," },
                { "quotes", "a\"b'c", "name=\"a&quot;b'c\"", "requirement a\"b'c\n", "critical a\"b'c: have",
                  "{id=\"a\\\"b'c\"," },
                { "markup", "<&>]]>", "name=\"&lt;&amp;&gt;]]&gt;\"", "requirement <&>]]>\n", "critical <&>]]>: have",
                  "{id=\"<&>]]>\"," },
                { "a directive", "a # TODO b", "name=\"a # TODO b\"", "requirement a \\# TODO b\n", "critical a # TODO b: have",
                  "{id=\"a # TODO b\"," },
                { "backslashes", "a\\#\\", "name=\"a\\#\\\"", "requirement a\\\\\\#\\\\\n", "critical a\\#\\: have",
                  "{id=\"a\\\\#\\\\\"," },
                { "a pipe", "a|b", "name=\"a|b\"", "requirement a|b\n", "critical a/b: have", "{id=\"a|b\"," },
                { "lines", "a\nok 1\r\n", "name=\"a?ok 1??\"", "requirement a?ok 1??\n", "critical a?ok 1??: have",
                  "{id=\"a?ok 1??\"," },
                { "control characters", "\x01\x1b[31m\x7f", "name=\"??[31m?\"", "requirement ??[31m?\n",
                  "critical ??[31m?: have", "{id=\"??[31m?\"," },
                { "no UTF-8", "\xff\xc0\x80\xed\xa0\x80z", "name=\"??????z\"", "requirement ??????z\n",
                  "critical ??????z: have", "{id=\"??????z\"," },
                { "no character", "\xef\xbf\xbe\xef\xbf\xbf", "name=\"??\"", "requirement ??\n", "critical ??: have",
                  "{id=\"??\"," },
                { "other letters", "\xc3\xa9\xe6\x97\xa5", "name=\"\xc3\xa9\xe6\x97\xa5\"",
                  "requirement \xc3\xa9\xe6\x97\xa5\n", "critical \xc3\xa9\xe6\x97\xa5: have",
                  "{id=\"\xc3\xa9\xe6\x97\xa5\"," },
                { "nothing", "", "name=\"\"", "requirement \n", "critical : have", "{id=\"\"," },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct finding finding = { .id = cases[i].id, .status = STATUS_FAIL, .have = "2", .want = "4" };
                struct made made;

                made_open(&made, &finding, 1);
                EXPECT(cases[i].name, strstr(made_report(&made, FORMAT_JUNIT), cases[i].junit));
                EXPECT(cases[i].name, strstr(made_report(&made, FORMAT_TAP), cases[i].tap));
                EXPECT(cases[i].name, strstr(made_report(&made, FORMAT_NAGIOS), cases[i].nagios));
                EXPECT(cases[i].name, strstr(made_report(&made, FORMAT_PROMETHEUS), cases[i].prometheus));
                made_close(&made);
        }
}

/* The texts of one finding, behind its first line. */
static void details(void)
{
        struct finding finding = {
                .id = "x",
                .status = STATUS_UNKNOWN,
                .have = "\"\\\n  ...\nok 2",
                .why = "]]></error><!--",
                .source = "|'x'=1",
        };
        struct made made;
        const char *text;

        made_open(&made, &finding, 1);
        text = made_report(&made, FORMAT_TAP);
        EXPECT("a quoted scalar of YAML", strstr(text, "\n  have: \"\\\"\\\\?  ...?ok 2\"\n"));
        text = made_report(&made, FORMAT_JUNIT);
        EXPECT("nothing ends the element", strstr(text, "why: ]]&gt;&lt;/error&gt;&lt;!--\n"));
        EXPECT("could not be told", strstr(text, "<error type=\"unknown\" message=\"unknown: &quot;\\?  ...?ok 2\">"));
        made_close(&made);
}

/* What a harness, a build server and a monitoring system make of each status. */
static void statuses(void)
{
        static const struct {
                const char *name;
                enum tier tier;
                enum status status;
                const char *tap, *junit, *prometheus; /* the gauge that is 1 */
                int nagios;
        } cases[] = {
                { "pass", TIER_CRITICAL, STATUS_PASS, "\nok 1 - critical requirement x\n", "name=\"x\"/>", "ok", 0 },
                { "fail", TIER_CRITICAL, STATUS_FAIL, "\nnot ok 1 - critical requirement x\n", "<failure type=\"fail\"",
                  "failed", 2 },
                { "drift", TIER_CRITICAL, STATUS_DRIFT, "\nnot ok 1 - critical requirement x\n", "<failure type=\"drift\"",
                  "failed", 2 },
                { "unknown", TIER_CRITICAL, STATUS_UNKNOWN, "\nnot ok 1 - critical requirement x\n", "<error type=\"unknown\"",
                  "unknown", 3 },
                { "pending", TIER_CRITICAL, STATUS_PENDING, "\nnot ok 1 - critical requirement x\n",
                  "<failure type=\"pending\"", "pending", 1 },
                { "waived", TIER_CRITICAL, STATUS_WAIVED, "\nnot ok 1 - critical requirement x # TODO waived: until then\n",
                  "<skipped type=\"waived\"", "waived", 0 },
                { "not applicable", TIER_CRITICAL, STATUS_NOT_APPLICABLE,
                  "\nok 1 - critical requirement x # SKIP not-applicable\n", "<skipped type=\"not-applicable\"", "ok", 0 },
                { "exempt", TIER_CRITICAL, STATUS_EXEMPT, "\nok 1 - critical requirement x # SKIP exempt\n",
                  "<skipped type=\"exempt\"", "ok", 0 },
                { "important, too few", TIER_IMPORTANT, STATUS_FAIL, "\nnot ok 1 - important requirement x\n",
                  "<failure type=\"fail\"", "failed", 1 },
                { "important, not told", TIER_IMPORTANT, STATUS_UNKNOWN, "\nnot ok 1 - important requirement x\n",
                  "<error type=\"unknown\"", "unknown", 3 },
                { "important, at the next boot", TIER_IMPORTANT, STATUS_PENDING, "\nnot ok 1 - important requirement x\n",
                  "<failure type=\"pending\"", "pending", 1 },
                { "info", TIER_INFO, STATUS_FAIL,
                  "\nnot ok 1 - info requirement x # TODO fail, for information: decides nothing\n", "<skipped type=\"fail\"",
                  "failed", 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct finding finding = {
                        .id = "x", .tier = cases[i].tier, .status = cases[i].status, .waiver = "until then"
                };
                struct made made;

                made_open(&made, &finding, 1);
                EXPECT(cases[i].name, strstr(made_report(&made, FORMAT_TAP), cases[i].tap));
                EXPECT(cases[i].name, strstr(made_report(&made, FORMAT_JUNIT), cases[i].junit));
                EXPECT(cases[i].name,
                       strstr(made_report(&made, FORMAT_PROMETHEUS),
                              pool_format(made.pool, "{id=\"x\",kind=\"requirement\",tier=\"%s\",state=\"%s\"} 1\n",
                                          tier_name(cases[i].tier), cases[i].prometheus)));
                EXPECT_NUMBER(cases[i].name, made.status, made.judgement.exit);
                made_report(&made, FORMAT_NAGIOS);
                EXPECT_NUMBER(cases[i].name, made.status, cases[i].nagios);
                made_close(&made);
        }
}

/* One of ten important ones fails and the box is ready: nothing may say otherwise, and nothing may hide it. */
static void enough(void)
{
        struct finding rows[10] = { { .id = "x", .tier = TIER_IMPORTANT, .status = STATUS_FAIL } };
        struct made made;

        for (size_t i = 1; i < COUNT(rows); i++)
                rows[i] = (struct finding){ .id = "y", .tier = TIER_IMPORTANT };
        made_open(&made, rows, COUNT(rows));
        EXPECT(NULL,
               strstr(made_report(&made, FORMAT_TAP),
                      "\nnot ok 1 - important requirement x # TODO fail, and enough of what is important holds: 9 of 10\n"));
        EXPECT(NULL, strstr(made_report(&made, FORMAT_JUNIT), " tests=\"10\" failures=\"0\" errors=\"0\" skipped=\"1\""));
        EXPECT_NUMBER("ready", made.status, 0);
        EXPECT(NULL,
               text_starts(made_report(&made, FORMAT_NAGIOS), "PLUMBLINE WARNING - ready, profile p, 1 important failed"));
        made_close(&made);
}

/* The plugin's code when several things come together. */
static void plugin_codes(void)
{
        static const struct {
                const char *name;
                struct finding rows[2];
                const char *line;
                int code;
        } cases[] = {
                { "a critical failure outranks what could not be told",
                  { { .tier = TIER_CRITICAL, .status = STATUS_UNKNOWN, .id = "a" },
                    { .tier = TIER_CRITICAL, .status = STATUS_FAIL, .id = "b" } },
                  "PLUMBLINE CRITICAL - not ready, profile p, 1 critical failed, 1 critical unknown; first b |",
                  2 },
                { "known not to be ready, and something critical not told",
                  { { .tier = TIER_CRITICAL, .status = STATUS_UNKNOWN, .id = "a" },
                    { .tier = TIER_IMPORTANT, .status = STATUS_FAIL, .id = "b" } },
                  "PLUMBLINE CRITICAL - not ready, profile p, 1 critical unknown, 1 important failed; first a |",
                  2 },
                { "what could not be told outranks information",
                  { { .tier = TIER_CRITICAL, .status = STATUS_UNKNOWN, .id = "a" },
                    { .tier = TIER_INFO, .status = STATUS_FAIL, .id = "b" } },
                  "PLUMBLINE UNKNOWN - cannot tell, profile p, 1 critical unknown, 1 info failed; first a |",
                  3 },
                { "only a reboot",
                  { { .tier = TIER_CRITICAL, .status = STATUS_PENDING, .id = "a" },
                    { .tier = TIER_INFO, .status = STATUS_PASS, .id = "b" } },
                  "PLUMBLINE WARNING - ready after a reboot, profile p, 1 critical pending; first a |",
                  1 },
                { "all as wanted",
                  { { .tier = TIER_CRITICAL, .status = STATUS_WAIVED, .id = "a" },
                    { .tier = TIER_INFO, .status = STATUS_PASS, .id = "b" } },
                  "PLUMBLINE OK - ready, profile p |",
                  0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct made made;

                made_open(&made, cases[i].rows, 2);
                EXPECT(cases[i].name, text_starts(made_report(&made, FORMAT_NAGIOS), cases[i].line));
                EXPECT_NUMBER(cases[i].name, made.status, cases[i].code);
                made_close(&made);
        }
}

static const struct test tests[] = {
        { "escaping", escaping },         { "details", details }, { "statuses", statuses },
        { "plugin codes", plugin_codes }, { "enough", enough },   { NULL, NULL },
};

const struct suite suite_report = { "report", tests };

/* Numbers in reports: metrics and performance data, in the unit their name says, never zero where they are unknown, and bounded. */

#include "agent/report.h"

#include "agent/core/pool.h"
#include "tests/unit/report_make.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct fact_info infos[] = {
        { "disk.*.free", VALUE_REAL, UNIT_PERCENT, REACH_QUIET, "", "" },
        { "memory.total", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET, "", "" },
        { "nic.fastest", VALUE_NUMBER, UNIT_BITRATE, REACH_QUIET, "", "" },
        { "memory.speed", VALUE_NUMBER, UNIT_TRANSFERS, REACH_QUIET, "", "" },
        { "kernel.rt", VALUE_FLAG, UNIT_NONE, REACH_QUIET, "", "" },
        { "cpu.vendor", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { 0 },
};

static void add_facts(struct made *made)
{
        made->facts->infos = infos;
        fact_known(made->facts, value_real(12.5, UNIT_PERCENT), "test", "disk./.free");
        fact_known(made->facts, value_real(1, UNIT_PERCENT), "test", "disk./a\x01.free");
        fact_known(made->facts, value_real(2, UNIT_PERCENT), "test", "disk./a\x02.free");
        fact_unknown(made->facts, -EIO, "test", "disk./|'=.free");
        fact_known(made->facts, value_number(137438953472, UNIT_BYTES), "test", "memory.total");
        fact_known(made->facts, value_number(10000000000, UNIT_BITRATE), "test", "nic.fastest");
        fact_absent(made->facts, "test", "memory.speed");
        fact_known(made->facts, value_flag(true), "test", "kernel.rt");
        fact_known(made->facts, value_text(made->facts->pool, "x"), "test", "cpu.vendor");
}

/* Unknown is never zero, and a number stands in the unit its name says. */
static void metrics(void)
{
        static const struct {
                const char *name, *line;
        } cases[] = {
                { "a share", "\nplumbline_fact_ratio{name=\"disk./.free\"} 0.125\n" },
                { "two that print the same", "\nplumbline_fact_ratio{name=\"disk./a?.free\"} NaN\n" },
                { "unreadable", "\nplumbline_fact_ratio{name=\"disk./|'=.free\"} NaN\n" },
                { "bytes", "\nplumbline_fact_bytes{name=\"memory.total\"} 137438953472\n" },
                { "bits become bytes", "\nplumbline_fact_bytes_per_second{name=\"nic.fastest\"} 1250000000\n" },
                { "absent", "\nplumbline_fact_transfers_per_second{name=\"memory.speed\"} NaN\n" },
                { "a flag", "\nplumbline_fact_value{name=\"kernel.rt\"} 1\n" },
                { "the time", "\nplumbline_check_time_seconds 1795253386\n" },
                { "nothing important", "\nplumbline_important_ratio NaN\n" },
        };
        struct finding twice[] = {
                { .id = "x\x01", .status = STATUS_PASS },
                { .id = "x\x02", .status = STATUS_FAIL },
        };
        struct made made;
        const char *text;

        made_open(&made, twice, 2);
        add_facts(&made);
        text = made_report(&made, FORMAT_PROMETHEUS);
        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT(cases[i].name, strstr(text, cases[i].line));
        EXPECT("no text", !strstr(text, "cpu.vendor"));
        EXPECT("the worse of two", strstr(text, "{id=\"x?\",kind=\"requirement\",tier=\"critical\",state=\"failed\"} 1\n"));
        EXPECT("once", strstr(text, "{id=\"x?\"") && !strstr(strstr(text, "state=\"failed\"} 1\n") + 1, "{id=\"x?\""));
        made_close(&made);
}

static void numbers(void)
{
        static const struct {
                const char *name;
                double number;
                const char *words;
        } cases[] = {
                { "zero", 0, "0" },
                { "whole", 9007199254740992.0, "9007199254740992" },
                { "negative", -5, "-5" },
                { "a part", 0.1, "0.1" },
                { "tiny", 0.0000001, "1e-07" },
                { "beyond 64 bit", 1e30, "1e+30" },
                { "no number", NAN, "NaN" },
                { "without end", INFINITY, "+Inf" },
                { "without beginning", -INFINITY, "-Inf" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].name, report_number_words(pool, cases[i].number), cases[i].words);
}

static const struct {
        const char *pattern, *want;
        enum quantifier quantifier;
        enum tier tier;
        const char *item; /* NULL: none */
} required[] = {
        { "disk./.free", ">= 20 %", QUANTIFIER_ONE, TIER_CRITICAL, " 'disk./.free'=12.5%;;20:" },
        { "disk./|'=.free", "< 80 %", QUANTIFIER_ONE, TIER_IMPORTANT, " 'disk./___.free'=U;~:80" },
        { "memory.total", "= 128 GiB", QUANTIFIER_ONE, TIER_IMPORTANT,
          " 'memory.total'=137438953472B;137438953472:137438953472;1073741824:" },
        { "memory.total", ">= 1 GiB", QUANTIFIER_ONE, TIER_CRITICAL,
          " 'memory.total'=137438953472B;137438953472:137438953472;1073741824:" },
        { "memory.total", ">= 256 GiB", QUANTIFIER_ONE, TIER_INFO,
          " 'memory.total'=137438953472B;137438953472:137438953472;1073741824:" },
        { "nic.fastest", "!= 1 Gbit/s", QUANTIFIER_ONE, TIER_INFO, " 'nic.fastest'=10000000000;" },
        { "disk.*.free", ">= 20 %", QUANTIFIER_EVERY, TIER_CRITICAL, NULL },
        { "kernel.rt", "true", QUANTIFIER_ONE, TIER_CRITICAL, NULL },
};

/* Required numbers, with ranges that alert outside of themselves. */
static void performance(void)
{
        struct requirement rows[COUNT(required)];
        const char *text, *problem, *end;
        struct made made;

        made_open(&made, NULL, 0);
        add_facts(&made);
        for (size_t i = 0; i < COUNT(required); i++) {
                const struct fact_info *info = fact_info_match(infos, required[i].pattern);

                rows[i] = (struct requirement){ .pattern = required[i].pattern,
                                                .quantifier = required[i].quantifier,
                                                .tier = required[i].tier,
                                                .info = info };
                EXPECT_NUMBER(required[i].pattern,
                              want_parse(made.pool, required[i].want, info->kind, info->unit, 0, &rows[i].want, &problem), 0);
        }
        made.profile.requirements = rows;
        made.profile.requirement_count = COUNT(rows);
        text = made_report(&made, FORMAT_NAGIOS);
        end = strchr(text, '\n');
        for (size_t i = 0; i < COUNT(required); i++) {
                const char *item = required[i].item ? strstr(text, required[i].item) : NULL;
                const char *after = item ? item + strlen(required[i].item) : NULL;

                EXPECT(required[i].pattern, !required[i].item || (item && item < end && (*after == ' ' || *after == '\n')));
        }
        end = strstr(text, " 'memory.total'");
        EXPECT("one entry for each fact", end && !strstr(end + 1, " 'memory.total'"));
        EXPECT("no range of facts", !strstr(text, "disk.*.free"));
        EXPECT("no flag", !strstr(text, "kernel.rt"));
        made_close(&made);
}

/* However much there is to say, the plugin stays within what is read of it, and says that there is more. */
static void bounded(void)
{
        char id[3000], *text;
        autofree struct finding *rows = NULL;
        struct made made;
        size_t last;

        memset(id, 'i', sizeof id - 1);
        id[sizeof id - 1] = 0;
        rows = memory_zero(3000 * sizeof *rows);
        for (size_t i = 0; i < 3000; i++)
                rows[i] = (struct finding){ .id = id + i % 1000, .status = STATUS_FAIL, .have = id, .want = "1" };
        made_open(&made, rows, 3000);
        made.profile.name = id;
        text = made_report(&made, FORMAT_NAGIOS);
        last = strlen(text);
        EXPECT("8 KiB", last < 8192);
        EXPECT("says that there is more", strstr(text, " more: plumbline check shows them\n"));
        EXPECT("one line of numbers", strchr(text, '|') < strchr(text, '\n') && !strchr(strchr(text, '|') + 1, '|'));
        EXPECT("bounded", strstr(made_report(&made, FORMAT_PROMETHEUS), "\nplumbline_left_out 1001\n"));
        made_close(&made);
}

static const struct test tests[] = {
        { "metrics", metrics }, { "numbers", numbers }, { "performance", performance }, { "bounded", bounded }, { NULL, NULL },
};

const struct suite suite_report_numbers = { "report_numbers", tests };

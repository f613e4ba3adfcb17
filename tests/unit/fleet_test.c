/* Many reports: what most of them say of an item, who stands out, and which report of a host counts. */

#include "agent/fleet.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* "most pass 1 (2 of 3); c: fail 2; split" of the only item. */
static const char *words(struct pool *pool, const struct fleet *fleet)
{
        autobuffer struct text_buffer text = { 0 };
        const struct fleet_item *item = &fleet->items[0];

        if (item->most)
                text_addf(&text, "most %s %s (%zu of %zu)", item->most->status, item->most->have ? item->most->have : "-",
                          item->most->count, item->of);
        else
                text_addf(&text, "none of %zu", item->of);
        for (size_t i = 0; i < fleet->outlier_count; i++)
                text_addf(&text, "; %s: %s %s", fleet->outliers[i].report->host, fleet->outliers[i].answer->status,
                          fleet->outliers[i].answer->have ? fleet->outliers[i].answer->have : "-");
        return pool_format(pool, "%s%s", text.at, item->split ? "; split" : "");
}

/* One word for each host, a, b, c ...: "pass=1", "-" for one that does not speak of it. */
static void add_reports(struct fleet *fleet, const char *text)
{
        const char *cursor = text;
        struct slice word;

        for (char host[] = "a"; text_word(&cursor, " ", &word); host[0]++) {
                const char *said = slice_dup(fleet->pool, word), *equals = strchr(said, '=');
                struct fleet_report report = { .place = host, .host = host, .verb = "check", .time = "2026-01-01T00:00:00Z" };
                size_t number = fleet_add(fleet, &report);

                if (text_equals(said, "-"))
                        continue;
                if (equals)
                        said = slice_dup(fleet->pool, (struct slice){ said, (size_t)(equals - said) });
                fleet_say(fleet, number, "x", said, equals ? equals + 1 : NULL, equals ? equals + 1 : NULL);
        }
}

static void majorities(void)
{
        static const struct {
                const char *name, *said, *words;
                int exit;
        } cases[] = {
                { "one host", "pass=1", "most pass 1 (1 of 1)", 0 },
                { "all alike", "pass=1 pass=1 pass=1", "most pass 1 (3 of 3)", 0 },
                { "one stands out by status", "pass=1 pass=1 fail=2", "most pass 1 (2 of 3); c: fail 2", 1 },
                { "by value", "pass=1 pass=2 pass=1", "most pass 1 (2 of 3); b: pass 2", 1 },
                { "the same value, judged otherwise", "pass=1 waived=1 pass=1", "most pass 1 (2 of 3); b: waived 1", 1 },
                { "two, and no majority", "pass=1 pass=2", "most pass - (2 of 2); split", 1 },
                { "two, and nothing the same", "pass=1 fail=2", "none of 2; split", 1 },
                { "half is no majority", "pass=1 pass=1 pass=2 pass=2", "most pass - (4 of 4); split", 1 },
                { "values apart, one fails", "pass=1 pass=2 pass=3 fail=4", "most pass - (3 of 4); d: fail 4; split", 1 },
                { "one does not speak of it", "pass=1 pass=1 -", "most pass 1 (2 of 3); c: missing -", 1 },
                { "one alone speaks of it", "- pass=1 -", "most missing - (2 of 3); b: pass 1", 1 },
                { "who did not look has no voice", "pass=1 unread unread unread fail=2 pass=1",
                  "most pass 1 (2 of 3); e: fail 2", 1 },
                { "nobody looked", "unread unread", "none of 0", 0 },
                { "nothing and the empty text", "pass pass=", "most pass - (2 of 2)", 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();

                add_reports(fleet, cases[i].said);
                fleet_judge(fleet);
                EXPECT_TEXT(cases[i].name, words(fleet->pool, fleet), cases[i].words);
                EXPECT_NUMBER(cases[i].name, fleet->exit, cases[i].exit);
        }
}

/* Of a host the newest report counts, whichever comes first, and nothing of the others. */
static void newest(void)
{
        static const struct {
                const char *name, *first, *second, *have;
        } cases[] = {
                { "newer last", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "second" },
                { "newer first", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "first" },
                { "at once", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "first" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();
                struct fleet_report report = { .place = "1", .host = "a", .verb = "check", .time = cases[i].first };
                size_t number = fleet_add(fleet, &report);

                fleet_say(fleet, number, "x", "pass", "first", "first");
                fleet_say(fleet, number, "x", "fail", "again", "again");
                report.time = cases[i].second;
                report.place = "2";
                number = fleet_add(fleet, &report);
                if (number != SIZE_MAX)
                        fleet_say(fleet, number, "x", "pass", "second", "second");
                report.kind = FLEET_FACTS;
                fleet_add(fleet, &report);
                fleet_judge(fleet);
                EXPECT_NUMBER(cases[i].name, fleet->host_count, 1);
                EXPECT_NUMBER(cases[i].name, fleet->older_count, 1);
                EXPECT_NUMBER(cases[i].name, fleet->outlier_count, 0);
                EXPECT_NUMBER(cases[i].name, fleet->verdicts[VERDICT_READY], 1);
                EXPECT_TEXT(cases[i].name, fleet->items[0].most ? fleet->items[0].most->have : NULL, cases[i].have);
        }
}

static void verdicts(void)
{
        static const struct {
                const char *name;
                enum verdict verdicts[3];
                int exit;
        } cases[] = {
                { "ready", { VERDICT_READY, VERDICT_READY, VERDICT_READY }, 0 },
                { "one waits", { VERDICT_READY, VERDICT_PENDING, VERDICT_READY }, 4 },
                { "one waits, one is unknown", { VERDICT_UNKNOWN, VERDICT_PENDING, VERDICT_READY }, 3 },
                { "one of each", { VERDICT_UNKNOWN, VERDICT_PENDING, VERDICT_NOT_READY }, 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();

                for (size_t j = 0; j < 3; j++) {
                        struct fleet_report report = { .place = "x",
                                                       .host = pool_format(fleet->pool, "h%zu", j),
                                                       .verb = "check",
                                                       .time = "2026-01-01T00:00:00Z",
                                                       .verdict = cases[i].verdicts[j] };

                        fleet_add(fleet, &report);
                }
                fleet_judge(fleet);
                EXPECT_NUMBER(cases[i].name, fleet->exit, cases[i].exit);
        }
}

/* Two reports of one second: the worse counts, whichever comes first. */
static void at_once(void)
{
        static const struct {
                const char *name;
                enum verdict verdicts[2];
                enum verdict counts;
        } cases[] = {
                { "worse last", { VERDICT_READY, VERDICT_NOT_READY }, VERDICT_NOT_READY },
                { "worse first", { VERDICT_UNKNOWN, VERDICT_READY }, VERDICT_UNKNOWN },
                { "pending is no ready", { VERDICT_READY, VERDICT_PENDING }, VERDICT_PENDING },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();

                for (size_t k = 0; k < 2; k++) {
                        const struct fleet_report report = {
                                .place = k ? "2" : "1",
                                .host = "a",
                                .verb = "check",
                                .time = "2026-01-01T00:00:00Z",
                                .verdict = cases[i].verdicts[k],
                        };

                        fleet_add(fleet, &report);
                }
                fleet_judge(fleet);
                EXPECT_NUMBER(cases[i].name, fleet->older_count, 1);
                EXPECT_NUMBER(cases[i].name, fleet->verdicts[cases[i].counts], 1);
        }
}

/* A number is the same with and without a fraction of nothing; one of another unit, even one that nobody knows here, is not. */
static void numbers(void)
{
        static const struct {
                const char *name, *rows[2], *shown; /* shown: of the second, where it differs */
        } cases[] = {
                { "a fraction of nothing",
                  { "\"value\": 137438953472, \"unit\": \"bytes\"", "\"value\": 137438953472.0, \"unit\": \"bytes\"" },
                  NULL },
                { "a fraction", { "\"value\": 1, \"unit\": \"percent\"", "\"value\": 1.5, \"unit\": \"percent\"" }, "1.5 %" },
                { "a unit that nobody knows",
                  { "\"value\": 5, \"unit\": \"count\"", "\"value\": 5, \"unit\": \"furlongs\"" },
                  "5 furlongs" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();
                struct tree *tree = tree_new();

                for (size_t k = 0; k < 3; k++) {
                        const char *name = pool_format(fleet->pool, "/%zu.json", k);

                        tree_file(tree, name,
                                  "{\"plumbline\": \"1\", \"schema\": 1, \"verb\": \"facts\", \"host\": \"%zu\", \"time\": "
                                  "\"2026-01-01T00:00:00Z\", "
                                  "\"facts\": [{\"name\": \"x\", \"status\": \"known\", %s}]}",
                                  k, cases[i].rows[k == 1]);
                        fleet_read(fleet, pool_format(fleet->pool, "%s%s", tree_path(tree), name));
                }
                fleet_judge(fleet);
                EXPECT_NUMBER(cases[i].name, fleet->damaged_count, 0);
                EXPECT_NUMBER(cases[i].name, fleet->outlier_count, cases[i].shown ? 1 : 0);
                if (cases[i].shown && fleet->outlier_count)
                        EXPECT_TEXT(cases[i].name, fleet->outliers[0].answer->have, cases[i].shown);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "majorities", majorities }, { "the newest of a host", newest },
        { "verdicts", verdicts },     { "at once", at_once },
        { "numbers", numbers },       { NULL, NULL },
};

const struct suite suite_fleet = { "fleet", tests };

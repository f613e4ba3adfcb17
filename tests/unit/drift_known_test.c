/* Drift across versions of plumbline: what one of the two could not tell is passed over, and what both can is not. */

#include "agent/drift.h"
#include "agent/drift_known.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "tests/support/expect.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct fact_info facts[] = {
        { "uptime", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "nic.*.speed", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "nic.*.speed_max", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "nic.*.link", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "nic.*.errors", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" }, /* never recorded */
        { "cpu.cores", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { NULL, VALUE_TEXT, UNIT_NONE, REACH_QUIET, NULL, NULL },
};

static const struct probe probe = { .name = "x", .help = "", .facts = facts };
static const struct probe *const table[] = { &probe, NULL };

static void list(void)
{
        autojson json_t *known = drift_known(table);
        autofree char *text = json_dumps(known, JSON_COMPACT | JSON_SORT_KEYS);

        EXPECT_TEXT("what is recorded", text, "{\"\":\"uptime\",\"cpu\":\"cores\",\"nic.*\":\"speed speed_max link\"}");
}

static const char *words(struct pool *pool, const struct drift *drift)
{
        autobuffer struct text_buffer text = { 0 };

        text_addf(&text, "%zu new, %zu untold", drift->new_count, drift->untold_count);
        for (size_t i = 0; i < drift->count; i++)
                text_addf(&text, "; %s %s", drift->rows[i].layer, drift->rows[i].name);
        return pool_dup(pool, text.at);
}

static void versions(void)
{
        static const char all[] = "{\"\": \"uptime\", \"cpu\": \"cores\", \"nic.*\": \"speed speed_max link\"}";
        static const struct {
                const char *name, *known, *baseline, *now, *words;
        } cases[] = {
                { "nothing differs", all, "{\"uptime\": \"1\"}", "{\"uptime\": \"1\"}", "0 new, 0 untold" },
                { "a new port of a family that was known", all, "{}", "{\"nic.a.speed\": \"1\"}",
                  "0 new, 0 untold; fact nic.a.speed" },
                { "a fact that was not", "{\"nic.*\": \"link\"}", "{\"nic.a.link\": \"1\"}",
                  "{\"nic.a.link\": \"1\", \"nic.a.speed\": \"1\", \"nic.b.speed\": \"1\", \"cpu.cores\": \"1\"}",
                  "3 new, 0 untold" },
                { "and a port that is new", "{\"nic.*\": \"link\"}", "{}", "{\"nic.a.link\": \"1\", \"nic.a.speed\": \"1\"}",
                  "1 new, 0 untold; fact nic.a.link" },
                { "a word that only begins like one", "{\"nic.*\": \"speed_max xspeed\"}", "{}", "{\"nic.a.speed\": \"1\"}",
                  "1 new, 0 untold" },
                { "behind such a word", "{\"nic.*\": \"speed_max speed\"}", "{}", "{\"nic.a.speed\": \"1\"}",
                  "0 new, 0 untold; fact nic.a.speed" },
                { "unreadable, and not known", "{}", "{}", "{\"cpu.cores\": \"unreadable: needs root\"}", "1 new, 0 untold" },
                { "known, and another value", "{}", "{\"cpu.cores\": \"1\"}", "{\"cpu.cores\": \"2\"}",
                  "0 new, 0 untold; fact cpu.cores" },
                { "no list: it knew all", NULL, "{}", "{\"cpu.cores\": \"1\"}", "0 new, 0 untold; fact cpu.cores" },
                { "no list that can be read", "7", "{}", "{\"cpu.cores\": \"1\"}", "0 new, 0 untold; fact cpu.cores" },
                { "gone", all, "{\"nic.a.speed\": \"1\"}", "{}", "0 new, 0 untold; fact nic.a.speed" },
                { "told by a newer version", all, "{\"nic.a.wings\": \"1\", \"wings\": \"1\"}", "{}", "0 new, 2 untold" },
                { "recorded by another version", all, "{\"nic.a.errors\": \"1\"}", "{}", "0 new, 1 untold" },
                { "told by a newer version, no list", NULL, "{\"nic.a.wings\": \"1\"}", "{}", "0 new, 1 untold" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autojson json_t *baseline = json_pack("{s:i, s:{s:o, s:{}}}", "at", 100, "state", "fact",
                                                      json_loads(cases[i].baseline, 0, NULL), "running");
                autojson json_t *now =
                        json_pack("{s:o, s:{s:s}}", "fact", json_loads(cases[i].now, 0, NULL), "running", "cpu.wings", "1");
                autodrift struct drift *drift = NULL;

                if (cases[i].known)
                        json_object_set_new(baseline, "known", json_loads(cases[i].known, JSON_DECODE_ANY, NULL));
                drift = drift_find(baseline, now, NULL, 900, NULL);
                drift_pass_over(drift, baseline, table);
                /* A setting is no fact. */
                EXPECT_TEXT(cases[i].name, words(pool, drift), pool_format(pool, "%s; running cpu.wings", cases[i].words));
        }
}

static void told(void)
{
        static const struct {
                size_t new_count, untold_count;
                const char *text;
        } cases[] = {
                { 0, 0, NULL },
                { 1, 0, "\n1 fact is new with this version of plumbline, and not compared; plumbline baseline takes it in\n" },
                { 2, 1,
                  "\n2 facts are new with this version of plumbline, and not compared; plumbline baseline takes them in\n"
                  "\n1 fact is not told by this version of plumbline any more, and not compared\n" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct drift drift = { .new_count = cases[i].new_count, .untold_count = cases[i].untold_count };
                autobuffer struct text_buffer text = { 0 }, audit = { 0 };

                report_text_drift(&drift, false, &text);
                report_text_drifted(&drift, &audit);
                EXPECT_TEXT("drift", text.at, cases[i].text);
                EXPECT_TEXT("audit", audit.at, cases[i].text);
        }
}

static const struct test tests[] = {
        { "list", list },
        { "versions", versions },
        { "told", told },
        { NULL, NULL },
};

const struct suite suite_drift_known = { "drift_known", tests };

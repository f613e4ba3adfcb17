/* Drift: when each item was last right and first seen wrong. */

#include "agent/drift.h"
#include "agent/history_inside.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void add(struct history *history, struct pool *pool, const char *kind, int id, int at, const char *state)
{
        json_t *json = json_pack("{s:s, s:i, s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:[], s:o}", "record", kind, "id", id, "at", at,
                                 "verb", "audit", "exit", 0, "boot_id", "b", "profile", "p", "sha256", "s", "verdict", "ready",
                                 "wrong", "state", json_loads(state, 0, NULL));
        const char *line = history_line(pool, json);

        history_parse(history, "test", line, strlen(line));
        json_decref(json);
}

static const char *words(struct pool *pool, const struct drift *drift)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < drift->count; i++) {
                const struct drift_row *row = &drift->rows[i];

                text_addf(&text, "%s%s %s %s>%s %lld-%lld%s", i ? "; " : "", row->layer, row->name,
                          row->baseline ? row->baseline : "-", row->now ? row->now : "-", (long long)row->last_right,
                          (long long)row->first_seen, row->unreadable ? " unknown" : "");
        }
        return pool_dup(pool, text.at);
}

/* The baseline is of 100, what is now of 900. */
static void dates(void)
{
        static const struct {
                const char *name;
                struct {
                        const char *kind;
                        int at;
                        const char *state;
                } records[5];
                const char *now, *words;
        } cases[] = {
                { "nothing differs", { { NULL, 0, NULL } }, "{\"running\": {\"a\": \"1\"}}", "" },
                { "no history", { { NULL, 0, NULL } }, "{\"running\": {\"a\": \"2\"}}", "running a 1>2 100-900" },
                { "seen by one audit",
                  { { "whole", 200, "{\"running\": {\"a\": \"1\"}}" }, { "change", 300, "{\"running\": {\"a\": \"2\"}}" } },
                  "{\"running\": {\"a\": \"2\"}}",
                  "running a 1>2 200-300" },
                { "wrong, right, wrong again",
                  { { "whole", 200, "{\"running\": {\"a\": \"2\"}}" },
                    { "change", 300, "{\"running\": {\"a\": \"1\"}}" },
                    { "change", 400, "{\"running\": {\"b\": \"x\"}}" },
                    { "change", 500, "{\"running\": {\"a\": \"3\"}}" },
                    { "change", 600, "{\"running\": {\"a\": \"4\"}}" } },
                  "{\"running\": {\"a\": \"4\"}}",
                  "running a 1>4 400-500" },
                { "right in the last audit",
                  { { "whole", 200, "{\"running\": {\"a\": \"2\"}}" }, { "change", 300, "{\"running\": {\"a\": \"1\"}}" } },
                  "{\"running\": {\"a\": \"2\"}}",
                  "running a 1>2 300-900" },
                { "before the baseline nothing counts",
                  { { "whole", 50, "{\"running\": {\"a\": \"2\"}}" } },
                  "{\"running\": {\"a\": \"2\"}}",
                  "running a 1>2 100-900" },
                { "gone, come and unreadable",
                  { { "whole", 200, "{\"running\": {\"a\": \"1\"}}" }, { "change", 300, "{\"running\": {\"a\": null}}" } },
                  "{\"fact\": {\"x10\": \"y\", \"x9\": \"unreadable: needs root\"}}",
                  "fact x9 ->unreadable: needs root 300-900 unknown; fact x10 ->y 300-900; running a 1>- 200-300" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autojson json_t *baseline = json_pack("{s:i, s:{s:{s:s}}}", "at", 100, "state", "running", "a", "1");
                autojson json_t *now = json_loads(cases[i].now, 0, NULL);
                autohistory struct history *history = history_new();
                autodrift struct drift *drift = NULL;

                for (int j = 0; j < 5 && cases[i].records[j].kind; j++)
                        add(history, pool, cases[i].records[j].kind, j + 1, cases[i].records[j].at, cases[i].records[j].state);
                drift = drift_find(baseline, now, NULL, 900, history);
                EXPECT_TEXT(cases[i].name, words(pool, drift), cases[i].words);
        }
}

/* What could not be listed is not gone: neither now, nor in a look of the past, nor in the baseline. */
static void families(void)
{
        static const struct {
                const char *name, *baseline, *records[3], *now, *words;
        } cases[] = {
                { "now",
                  "{\"nvme.0.size\": \"1\", \"x\": \"1\"}",
                  { NULL },
                  "{\"nvme.*\": \"unreadable: needs root\", \"x\": \"1\"}",
                  "fact nvme.0.size 1>unreadable: needs root 100-900 unknown" },
                { "in a look of the past",
                  "{\"nvme.0.size\": \"1\"}",
                  { "{\"nvme.0.size\": \"1\"}", "{\"nvme.0.size\": null, \"nvme.*\": \"unreadable: needs root\"}",
                    "{\"nvme.*\": null}" },
                  "{}",
                  "fact nvme.0.size 1>- 200-400" },
                { "in the baseline",
                  "{\"nvme.*\": \"unreadable: needs root\"}",
                  { NULL },
                  "{\"nvme.0.size\": \"1\"}",
                  "fact nvme.0.size unreadable: needs root>1 100-900" },
                { "neither then nor now",
                  "{\"nvme.*\": \"unreadable: needs root\"}",
                  { NULL },
                  "{\"nvme.*\": \"unreadable: needs root\"}",
                  "" },
                { "an item, neither then nor now, for the same reason",
                  "{\"nvme.0.size\": \"unreadable: needs root\"}",
                  { NULL },
                  "{\"nvme.0.size\": \"unreadable: needs root\"}",
                  "" },
                { "an item, neither then nor now, for another reason",
                  "{\"nvme.0.size\": \"unreadable: needs root\"}",
                  { NULL },
                  "{\"nvme.0.size\": \"unreadable: it timed out\"}",
                  "fact nvme.0.size unreadable: needs root>unreadable: it timed out 100-900 unknown" },
                { "another family",
                  "{\"raid.0.size\": \"1\"}",
                  { NULL },
                  "{\"nvme.*\": \"unreadable: needs root\"}",
                  "fact raid.0.size 1>- 100-900" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autojson json_t *baseline =
                        json_pack("{s:i, s:{s:o}}", "at", 100, "state", "fact", json_loads(cases[i].baseline, 0, NULL));
                autojson json_t *now = json_pack("{s:o}", "fact", json_loads(cases[i].now, 0, NULL));
                autohistory struct history *history = history_new();
                autodrift struct drift *drift = NULL;

                for (int j = 0; j < 3 && cases[i].records[j]; j++)
                        add(history, pool, j ? "change" : "whole", j + 1, 200 + 100 * j,
                            pool_format(pool, "{\"fact\": %s}", cases[i].records[j]));
                drift = drift_find(baseline, now, NULL, 900, history);
                EXPECT_TEXT(cases[i].name, words(pool, drift), cases[i].words);
        }
}

/* What a device told goes with it, in one breath. */
static void gone_devices(void)
{
        static const struct {
                const char *name, *now;
                size_t together;
        } cases[] = {
                { "a card", "{\"memory.errors.uncorrected\": \"0\"}", 3 },
                { "a card whose link is left", "{\"memory.errors.uncorrected\": \"0\", \"pcie.0000:01:00.0.link\": \"x\"}", 1 },
        };
        static const struct {
                const char *name, *device;
        } names[] = {
                { "nic.eth0.speed", "nic.eth0." },
                { "interface.bond0.100.mtu", "interface.bond0.100." },
                { "pcie.0000:01:00.0.link", "pcie.0000:01:00.0." },
                { "pcie.0000:01:00.0.errors.corrected", "pcie.0000:01:00.0." },
                { "nic.errors.speed", "nic.errors." },
                { "memory.errors.corrected", "memory.errors." },
                { "kernel.rt", "" },
                { "uptime", "" },
        };

        for (size_t i = 0; i < COUNT(names); i++)
                EXPECT_NUMBER(names[i].name, drift_device_size(names[i].name), strlen(names[i].device));
        for (size_t i = 0; i < COUNT(cases); i++) {
                autojson json_t *baseline =
                        json_pack("{s:i, s:{s:{s:s, s:s, s:s, s:s}}}", "at", 100, "state", "fact", "memory.errors.uncorrected",
                                  "0", "pcie.0000:01:00.0.degraded", "no", "pcie.0000:01:00.0.errors.uncorrected", "0",
                                  "pcie.0000:01:00.0.link", "x");
                autojson json_t *now = json_pack("{s:o}", "fact", json_loads(cases[i].now, 0, NULL));
                autohistory struct history *history = history_new();
                autodrift struct drift *drift = drift_find(baseline, now, NULL, 900, history);

                size_t together;

                drift_tell_together(drift, 0, &together);
                EXPECT_NUMBER(cases[i].name, together, cases[i].together);
        }
}

/* A counter of another boot than the baseline's is held against the first look of this boot. */
static void count(const char *counter)
{
        static const struct {
                const char *name, *boot, *records[3], *now, *words; /* records: of boot b; now: of boot */
        } cases[] = {
                { "the same boot", "a", { NULL }, "4", "3>4 100-900" },
                { "another boot, and nobody looked", "b", { NULL }, "1", "" },
                { "nobody knows which boot", NULL, { NULL }, "1", "3>1 100-900" },
                { "as in the first look", "b", { "1" }, "1", "" },
                { "more than in the first look", "b", { "0", "0" }, "3", "0>3 300-900" },
                { "more since the second", "b", { "0", "2" }, "2", "0>2 200-300" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autojson json_t *baseline =
                        json_pack("{s:i, s:s, s:{s:{s:s}}}", "at", 100, "boot_id", "a", "state", "fact", counter, "3");
                autojson json_t *now = json_pack("{s:{s:s}}", "fact", counter, cases[i].now);
                autohistory struct history *history = history_new();
                autodrift struct drift *drift = NULL;

                for (int j = 0; j < 3 && cases[i].records[j]; j++)
                        add(history, pool, j ? "change" : "whole", j + 1, 200 + 100 * j,
                            pool_format(pool, "{\"fact\": {\"%s\": \"%s\"}}", counter, cases[i].records[j]));
                drift = drift_find(baseline, now, cases[i].boot, 900, history);
                EXPECT_TEXT(cases[i].name, words(pool, drift),
                            *cases[i].words ? pool_format(pool, "fact %s %s", counter, cases[i].words) : "");
        }
}

static void counters(void)
{
        count("nic.0.flaps");
        count("pcie.0000:01:00.0.errors.uncorrected");
}

/* What is now is of 600, whatever the clock said before. */
static void clock_set_back(void)
{
        static const struct {
                const char *name;
                int baseline_id, baseline_at;
                struct {
                        int id, at;
                        const char *value;
                } records[5];
                const char *words;
                uint64_t looks;
        } cases[] = {
                { "after the baseline",
                  2,
                  1000,
                  { { 1, 900, "2" }, { 2, 1000, "1" }, { 3, 500, "2" } },
                  "running a 1>2 1000-500",
                  3 },
                { "and right in between",
                  1,
                  1000,
                  { { 1, 1000, "1" }, { 2, 400, "2" }, { 3, 500, "1" } },
                  "running a 1>2 500-600",
                  5 },
                { "before the baseline nothing counts",
                  2,
                  300,
                  { { 1, 900, "2" }, { 2, 300, "1" }, { 3, 500, "2" } },
                  "running a 1>2 300-500",
                  3 },
                { "the baseline's own record is pruned", 2, 1000, { { 3, 500, "2" } }, "running a 1>2 1000-500", 3 },
                { "a history begun anew counts by time",
                  9,
                  300,
                  { { 1, 200, "2" }, { 2, 400, "1" } },
                  "running a 1>2 400-600",
                  1 },
                { "and so does one that came as far again",
                  2,
                  300,
                  { { 1, 200, "1" }, { 2, 250, "2" }, { 3, 400, "1" } },
                  "running a 1>2 400-600",
                  1 },
                { "no id, by time", 0, 300, { { 1, 200, "2" }, { 2, 400, "1" } }, "running a 1>2 400-600", 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autojson json_t *baseline = json_pack("{s:i, s:i, s:{s:{s:s}}}", "id", cases[i].baseline_id, "at",
                                                      cases[i].baseline_at, "state", "running", "a", "1");
                autojson json_t *now = json_pack("{s:{s:s}}", "running", "a", "2");
                autohistory struct history *history = history_new();
                autobuffer struct text_buffer text = { 0 };
                autodrift struct drift *drift = NULL;

                for (int j = 0; j < 5 && cases[i].records[j].id; j++)
                        add(history, pool, "whole", cases[i].records[j].id, cases[i].records[j].at,
                            pool_format(pool, "{\"running\": {\"a\": \"%s\"}}", cases[i].records[j].value));
                drift = drift_find(baseline, now, NULL, 600, history);
                EXPECT_TEXT(cases[i].name, words(pool, drift), cases[i].words);
                EXPECT_NUMBER(cases[i].name, drift->rows[0].looks & 7, cases[i].looks);
                report_text_drift(drift, false, &text);
                EXPECT_NUMBER(cases[i].name, strstr(text.at, "the clock was set back") != NULL,
                              drift->rows[0].first_seen < drift->rows[0].last_right);
        }
}

/* --- states -------------------------------------------------------------------------------------------------------------- */

static void differences(void)
{
        static const char *const states[] = {
                "{}",
                "{\"fact\": {\"a\": \"1\"}}",
                "{\"fact\": {\"a\": \"1\", \"b\": \"2\"}, \"running\": {\"a\": \"x\"}}",
                "{\"fact\": {\"b\": \"3\"}, \"running\": {}}",
                "{\"files\": {\"b\": \"3\"}}",
        };

        for (size_t i = 0; i < COUNT(states); i++) {
                for (size_t j = 0; j < COUNT(states); j++) {
                        autojson json_t *before = json_loads(states[i], 0, NULL), *after = json_loads(states[j], 0, NULL);
                        autojson json_t *difference = state_difference(before, after), *rest = NULL;

                        EXPECT(states[i], state_is_valid(difference));
                        state_advance(before, difference);
                        rest = state_difference(before, after);
                        EXPECT_NUMBER(states[j], state_size(rest), 0);
                }
        }
}

static const struct test tests[] = {
        { "dates", dates },
        { "families", families },
        { "counters", counters },
        { "gone devices", gone_devices },
        { "clock_set_back", clock_set_back },
        { "differences", differences },
        { NULL, NULL },
};

const struct suite suite_drift = { "drift", tests };

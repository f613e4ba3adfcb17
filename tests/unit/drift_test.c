/* States and drift: what is recorded of a host and what is not, and when each item was last right and first seen wrong. */

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

/* A counter of another boot than the baseline's is held against the first look of this boot. */
static void counters(void)
{
        static const struct {
                const char *name, *boot, *records[3], *now, *words; /* records: of boot b; now: of boot */
        } cases[] = {
                { "the same boot", "a", { NULL }, "4", "fact nic.0.flaps 3>4 100-900" },
                { "another boot, and nobody looked", "b", { NULL }, "1", "" },
                { "nobody knows which boot", NULL, { NULL }, "1", "fact nic.0.flaps 3>1 100-900" },
                { "as in the first look", "b", { "1" }, "1", "" },
                { "more than in the first look", "b", { "0", "0" }, "3", "fact nic.0.flaps 0>3 300-900" },
                { "more since the second", "b", { "0", "2" }, "2", "fact nic.0.flaps 0>2 200-300" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autojson json_t *baseline =
                        json_pack("{s:i, s:s, s:{s:{s:s}}}", "at", 100, "boot_id", "a", "state", "fact", "nic.0.flaps", "3");
                autojson json_t *now = json_pack("{s:{s:s}}", "fact", "nic.0.flaps", cases[i].now);
                autohistory struct history *history = history_new();
                autodrift struct drift *drift = NULL;

                for (int j = 0; j < 3 && cases[i].records[j]; j++)
                        add(history, pool, j ? "change" : "whole", j + 1, 200 + 100 * j,
                            pool_format(pool, "{\"fact\": {\"nic.0.flaps\": \"%s\"}}", cases[i].records[j]));
                drift = drift_find(baseline, now, cases[i].boot, 900, history);
                EXPECT_TEXT(cases[i].name, words(pool, drift), cases[i].words);
        }
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
                report_text_drift(drift, &text);
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

static const struct fact_info infos[] = {
        { "kernel.cmdline", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "nic.*.speed", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING, "", "" },
        { "nic.*.errors", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "", "" },
        { "nic.*.firmware", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING, "", "" },
        { "memory.used", VALUE_REAL, UNIT_PERCENT, REACH_QUIET, "", "" },
        { 0 },
};

static const char *at(const json_t *state, const char *layer, const char *name)
{
        return json_string_value(json_object_get(json_object_get(state, layer), name));
}

struct scene {
        struct tree *tree;
        struct session session;
        struct examination examination;
};

static void scene_open(struct scene *scene)
{
        *scene = (struct scene){ .tree = tree_new(),
                                 .examination = { .facts = facts_new(),
                                                  .plan = plan_new(),
                                                  .findings = findings_new(),
                                                  .unread = findings_new() } };
        scene->session.host = tree_host(scene->tree);
        scene->examination.facts->infos = infos;
}

static void scene_close(struct scene *scene)
{
        examination_close(&scene->examination);
        tree_free(scene->tree);
}

static void facts(void)
{
        autojson json_t *state = NULL, *before = NULL;
        struct scene scene;
        struct facts *list;

        scene_open(&scene);
        list = scene.examination.facts;
        fact_known(list, value_text(list->pool, "root=UUID=5ab1 rd.iscsi.Password=\"open sesame\" quiet"), "test",
                   "kernel.cmdline");
        fact_known(list, value_number(10000000000, UNIT_BITRATE), "test", "nic.eth0.speed");
        fact_unknown(list, -EIO, "test", "nic.eth1.speed");
        fact_absent(list, "test", "nic.eth2.speed");
        fact_unknown(list, -ECANCELED, "test", "nic.eth0.firmware");
        fact_known(list, value_number(7, UNIT_COUNT), "test", "nic.eth0.errors");
        fact_known(list, value_real(7, UNIT_PERCENT), "test", "memory.used");
        state = state_look(&scene.session, &scene.examination);
        EXPECT_TEXT("secrets", at(state, "fact", "kernel.cmdline"),
                    "root=(not recorded) rd.iscsi.Password=(not recorded) quiet");
        EXPECT_TEXT("known", at(state, "fact", "nic.eth0.speed"), "10 Gbit/s");
        EXPECT("unreadable", text_starts(at(state, "fact", "nic.eth1.speed"), "unreadable: "));
        EXPECT_TEXT("absent", at(state, "fact", "nic.eth2.speed"), "absent");
        EXPECT_NUMBER("no counters, no use, nothing that was left unread", state_size(state), 4);
        before = json_loads("{\"fact\": {\"nic.eth0.firmware\": \"1.2\", \"nic.eth9.speed\": \"1 Gbit/s\"}}", 0, NULL);
        state_carry(state, before, &scene.examination, NULL);
        EXPECT_TEXT("what was left unread is carried on", at(state, "fact", "nic.eth0.firmware"), "1.2");
        EXPECT_TEXT("what is gone is gone", at(state, "fact", "nic.eth9.speed"), NULL);
        scene_close(&scene);
}

static void settings(void)
{
        struct setting rows[] = { { .id = "cpu.governor", .text = "performance" }, { .id = "irq.nic", .text = "local" } };
        struct settings wanted = { .count = COUNT(rows), .rows = rows };
        autojson json_t *state = NULL, *before = NULL;
        struct step *step;
        struct scene scene;
        struct plan *plan;

        scene_open(&scene);
        plan = scene.examination.plan;
        plan_begin(plan, "cpu", &wanted);
        plan_note(plan, &rows[0], STATUS_PASS, LAYER_RUNNING, "policy0", "performance", "performance", NULL);
        plan_note(plan, &rows[0], STATUS_PASS, LAYER_RUNNING, "policy1", "performance", "performance", NULL);
        for (int i = 0; i < 8; i++)
                plan_note(plan, &rows[1], STATUS_DRIFT, LAYER_RUNNING, pool_format(plan->pool, "irq%d", i),
                          pool_format(plan->pool, "%d", i / 2 * (i % 2)), "9", NULL);
        plan_note(plan, &rows[1], STATUS_UNKNOWN, LAYER_NEXT_BOOT, "boot", "unreadable: needs root", "9", NULL);
        step = plan_note(plan, NULL, STATUS_DRIFT, LAYER_FILES, "/etc/x", "", "", NULL);
        step->how = STEP_FILE;
        step->before = (struct content){ .kind = CONTENT_FILE, .bytes = "geheim", .size = 6, .mode = 0640 };
        state = state_look(&scene.session, &scene.examination);
        EXPECT_TEXT("all alike", at(state, "running", "cpu.governor"), "performance");
        EXPECT_TEXT("wanted", at(state, "profile", "cpu.governor"), "performance");
        EXPECT_TEXT("not all alike", at(state, "running", "irq.nic"), "0 on 5 of 8, 1 on irq3, 2 on irq5, 3 on irq7");
        EXPECT_TEXT("could not be read", at(state, "next-boot", "irq.nic"), "unreadable: needs root");
        EXPECT_TEXT("no content of a file", at(state, "files", "cpu"), "6 bytes, mode 640, sha256 addb0f5e7826");
        before =
                json_loads("{\"running\": {\"irq.default\": \"1\", \"cpu\": \"2\"}, \"files\": {\"irq.nic\": \"3\"}}", 0, NULL);
        state_carry(state, before, &scene.examination, NULL);
        EXPECT_TEXT("what runs may not have been asked", at(state, "running", "cpu"), "2");
        EXPECT_TEXT("no setting any more", at(state, "running", "irq.default"), NULL);
        EXPECT_TEXT("no file any more", at(state, "files", "irq.nic"), NULL);
        scene_close(&scene);
}

static void packages(void)
{
        autojson json_t *packages = NULL;
        struct tree *tree = tree_new();

        tree_file(tree, "/var/lib/dpkg/status",
                  "Package: linux-image-rt-amd64\nStatus: install ok installed\nArchitecture: amd64\nVersion: 6.1.1-1\n"
                  "Description: x\n Package: tuned\n\n"
                  "Package: irqbalance\nStatus: deinstall ok config-files\nVersion: 1\n\n"
                  "Package: vim\nStatus: install ok installed\nVersion: 2\n\n"
                  "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36\n\n"
                  "Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.35\n\n\n\n"
                  "Package: tuned\nStatus: install ok half-configured\nVersion: 3");
        packages = state_packages(tree_host(tree), false);
        EXPECT_NUMBER("those that matter", json_object_size(packages), 4);
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "linux-image-rt-amd64")), "6.1.1-1");
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "libc6")), "2.36");
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "libc6:i386")), "2.35");
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "tuned")), "3 (not whole)");
        tree_free(tree);
}

static const struct test tests[] = {
        { "dates", dates },
        { "families", families },
        { "counters", counters },
        { "clock_set_back", clock_set_back },
        { "differences", differences },
        { "facts", facts },
        { "settings", settings },
        { "packages", packages },
        { NULL, NULL },
};

const struct suite suite_drift = { "drift", tests };

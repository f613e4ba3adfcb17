/* What is made at boot, what undo takes back of it, whose word counts, and what a boot loader promised. */

#include "agent/apply.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/last_word.h"
#include "agent/ledger.h"
#include "agent/verb.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define KEY       "/proc/sys/vm/swappiness"
#define FILE_PATH "/etc/plumbline-example.conf"
#define BOOT_ID   "/proc/sys/kernel/random/boot_id"

/* One value of the running kernel, one file, and what the file brings at the next boot. */
static int plan_example(struct host *host, const struct settings *want, struct plan *plan)
{
        struct step *step;

        plan_write(plan, host, &want->rows[0], KEY);
        plan_file(plan, host, NULL, "one = 1\n", 0644, FILE_PATH);
        step = plan_note(plan, NULL, host_exists(host, FILE_PATH) ? STATUS_PENDING : STATUS_DRIFT, LAYER_NEXT_BOOT, "/boot",
                         "none", "one", NULL);
        step->when = WHEN_BOOT;
        step->risk = RISK_REBOOT;
        return 0;
}

static const struct field fields[] = {
        { .path = "*", .kind = VALUE_FIELDS, .flags = FIELD_ONE_SIDED },
        { 0 },
};
static const struct knob knob_example = { .name = "example", .help = "An example.", .fields = fields, .plan = plan_example };
static const struct knob *const example_knobs[] = { &knob_example, NULL };

struct run {
        struct pool *pool;
        struct tree *tree;
        struct host *host;
        struct tune tune;
        struct profile profile;
        struct apply_request request;
        struct outcomes *outcomes;
};

static void begin(struct run *run)
{
        const char *problem;

        *run = (struct run){ .pool = pool_new(), .tree = tree_new(), .outcomes = outcomes_new() };
        tree_file(run->tree, KEY, "60\n");
        tree_file(run->tree, BOOT_ID, "boot-a\n");
        run->tune = (struct tune){ .knob = &knob_example,
                                   .setting = { .id = "example.vm.swappiness",
                                                .keys = { "vm.swappiness" },
                                                .field = &fields[0],
                                                .text = "1",
                                                .from = "test.yaml:1" } };
        EXPECT_NUMBER(NULL, want_parse(run->pool, "1", VALUE_FIELDS, UNIT_NONE, 0, &run->tune.setting.want, &problem), 0);
        run->profile = (struct profile){ .pool = run->pool,
                                         .name = "test",
                                         .path = "/etc/test.yaml",
                                         .sha256 = "abc",
                                         .tunes = &run->tune,
                                         .tune_count = 1 };
        run->request = (struct apply_request){ .knobs = example_knobs, .profile = &run->profile };
        run->host = tree_host(run->tree);
}

static void end(struct run *run)
{
        outcomes_free(run->outcomes);
        tree_free(run->tree);
        pool_free(run->pool);
}

static int apply(struct run *run, bool running)
{
        run->request.running = running;
        run->outcomes->count = 0;
        run->outcomes->ledger = 0;
        return apply_run(run->host, &run->request, run->outcomes);
}

/* The kernel has its own value again. */
static void reboot(struct run *run, const char *boot_id)
{
        tree_file(run->tree, BOOT_ID, "%s\n", boot_id);
        tree_file(run->tree, KEY, "33\n");
        host_forget(run->host);
}

static const char *value(struct run *run)
{
        const char *text = NULL;

        host_read(run->host, run->pool, &text, KEY);
        return text;
}

static void only_the_running_kernel(void)
{
        struct ledger ledger;
        struct run run;

        begin(&run);
        EXPECT_NUMBER(NULL, apply(&run, true), 0);
        EXPECT_TEXT("set", value(&run), "1");
        EXPECT("no file", !host_exists(run.host, FILE_PATH));
        EXPECT_NUMBER("one step", run.outcomes->count, 1);
        EXPECT_NUMBER(NULL, ledger_read(run.host, run.pool, 1, &ledger), 0);
        EXPECT("marked", ledger.running);
        EXPECT_NUMBER("in line", apply(&run, true), 0);
        EXPECT_NUMBER("not recorded", run.outcomes->ledger, 0);
        end(&run);
}

static void undo_passes_boots(void)
{
        struct ledger ledger;
        struct run run;

        begin(&run);
        EXPECT_NUMBER("an administrator", apply(&run, false), 0);
        for (unsigned boot = 0; boot < 2; boot++) {
                reboot(&run, boot ? "boot-c" : "boot-b");
                EXPECT_NUMBER("at boot", apply(&run, true), 0);
                EXPECT_NUMBER(NULL, run.outcomes->ledger, 2 + boot);
        }
        EXPECT_NUMBER("undo", undo_run(run.host, 0, run.outcomes), 0);
        EXPECT_TEXT("as this boot had it", value(&run), "33\n");
        EXPECT("the file is gone", !host_exists(run.host, FILE_PATH));
        for (unsigned id = 1; id <= 3; id++) {
                EXPECT_NUMBER(NULL, ledger_read(run.host, run.pool, id, &ledger), 0);
                EXPECT_NUMBER("undone", ledger.state, LEDGER_UNDONE);
        }
        EXPECT_NUMBER("nothing left", undo_run(run.host, 0, run.outcomes), -ENOENT);
        end(&run);
}

/* The administrator's own were taken back by their ids: what boots made goes with the next undo. */
static void only_boots_left(void)
{
        struct run run;

        begin(&run);
        EXPECT_NUMBER("at boot", apply(&run, true), 0);
        tree_file(run.tree, KEY, "44\n");
        EXPECT_NUMBER("once more", apply(&run, true), 0);
        EXPECT_NUMBER(NULL, run.outcomes->ledger, 2);
        EXPECT_NUMBER("undo", undo_run(run.host, 0, run.outcomes), 0);
        EXPECT_TEXT("before the first", value(&run), "60\n");
        EXPECT_NUMBER("nothing left", undo_run(run.host, 0, run.outcomes), -ENOENT);
        end(&run);
}

static void expect_word(struct run *run, const char *row, unsigned id, const char *sha256, bool taken_back)
{
        struct last_word word;

        EXPECT_NUMBER(row, last_word_read(run->host, run->pool, &word), 0);
        EXPECT_NUMBER(row, word.id, id);
        EXPECT_TEXT(row, word.sha256, sha256);
        EXPECT(row, word.taken_back == taken_back);
        if (id)
                EXPECT_TEXT(row, word.path, "/etc/test.yaml");
}

static void whose_word(void)
{
        struct run run;

        begin(&run);
        expect_word(&run, "none yet", 0, NULL, false);
        EXPECT_NUMBER(NULL, apply(&run, true), 0);
        expect_word(&run, "a boot is no word", 0, NULL, false);
        EXPECT_NUMBER(NULL, apply(&run, false), 0);
        expect_word(&run, "applied", 2, "abc", false);
        tree_file(run.tree, KEY, "7\n");
        run.profile.sha256[0] = 'x';
        host_fault(run.host, FAULT_FAIL, 3);
        EXPECT("fails", apply(&run, false) < 0);
        host_fault(run.host, FAULT_NONE, 0);
        expect_word(&run, "one that failed was taken back, and is no word", 2, "abc", false);
        EXPECT_NUMBER(NULL, apply(&run, false), 0);
        expect_word(&run, "applied again", 4, "xbc", false);
        EXPECT_NUMBER(NULL, undo_run(run.host, 0, run.outcomes), 0);
        expect_word(&run, "the one before it holds", 2, "abc", true);
        EXPECT_NUMBER(NULL, undo_run(run.host, 0, run.outcomes), 0);
        expect_word(&run, "nothing holds", 0, NULL, true);
        end(&run);
}

/* The ledger of a version that knew neither paths nor boots. */
static void older_version(void)
{
        static const char text[] =
                "e8e8b31509caa952 {\"record\":\"begin\",\"id\":1,\"time\":\"2026-11-20T09:30:00Z\",\"boot_id\":\"boot-a\","
                "\"profile\":\"trading\"}\n"
                "14a46fab745b8920 {\"record\":\"end\",\"state\":\"applied\"}\n";
        struct last_word word;
        struct run run;

        begin(&run);
        tree_file(run.tree, "/var/lib/plumbline/ledger/000001.log", "%s", text);
        EXPECT_NUMBER(NULL, last_word_read(run.host, run.pool, &word), 0);
        EXPECT_NUMBER("holds", word.id, 1);
        EXPECT_TEXT("name", word.profile, "trading");
        EXPECT_TEXT("path", word.path, NULL);
        EXPECT_TEXT("hash", word.sha256, NULL);
        EXPECT_NUMBER("undone as ever", undo_run(run.host, 0, run.outcomes), 0);
        end(&run);
}

static enum status planned_status_of(struct run *run)
{
        autoplan struct plan *plan = plan_new();

        plan_all(run->host, example_knobs, &run->profile, plan);
        return plan->rows[2]->status;
}

static void promise(void)
{
        static const struct {
                const char *name, *boot_id, *btime;
                enum status status;
        } cases[] = {
                { "not rebooted", "boot-a", "btime 2000000000\n", STATUS_PENDING },
                { "rebooted", "boot-b", "btime 2000000000\n", STATUS_DRIFT },
                { "rebooted, nobody knows when", "boot-b", "", STATUS_DRIFT },
                { "the file was written in this boot", "boot-b", "btime 1000000000\n", STATUS_PENDING },
                { "no boot id", "", "btime 2000000000\n", STATUS_PENDING },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct run run;

                begin(&run);
                EXPECT_NUMBER(cases[i].name, apply(&run, false), 0);
                tree_file(run.tree, "/proc/stat", "%s", cases[i].btime);
                reboot(&run, cases[i].boot_id);
                EXPECT_NUMBER(cases[i].name, planned_status_of(&run), cases[i].status);
                EXPECT_NUMBER("taken back", undo_run(run.host, 0, run.outcomes), 0);
                tree_file(run.tree, FILE_PATH, "one = 1\n");
                host_forget(run.host);
                EXPECT_NUMBER("no promise holds", planned_status_of(&run), STATUS_PENDING);
                end(&run);
        }
}

/* A ledger of before has the hash that is made of the lines: it is of the same profile, and a boot sets it again. */
static void hash_of_before(void)
{
        struct session session = { 0 };
        struct run run;

        begin(&run);
        tree_file(run.tree, "/own.yaml", "plumbline: 1\nrequire: { critical: { cpu.cores: 1 } }\n");
        run.profile.path = pool_format(run.pool, "%s/own.yaml", tree_path(run.tree));
        session = (struct session){ .host = run.host, .pool = run.pool };
        if (!EXPECT_NUMBER("read", session_profile(&session, run.profile.path), 0))
                return;
        memcpy(run.profile.sha256, session.profile->sha256_lines, sizeof run.profile.sha256);
        EXPECT("not the hash of now", !text_equals(session.profile->sha256, session.profile->sha256_lines));
        EXPECT_NUMBER("applied", apply(&run, false), 0);
        tree_file(run.tree, KEY, "7\n");
        EXPECT_NUMBER("applied again", apply(&run, false), 0);
        EXPECT_NUMBER("taken back", undo_run(run.host, 0, run.outcomes), 0);
        profile_free(session.profile);
        session.profile = NULL;
        EXPECT_NUMBER("as it was then", session_last_profile(&session), 0);
        profile_free(session.profile);
        session.profile = NULL;
        tree_file(run.tree, "/own.yaml", "plumbline: 1\nrequire: { critical: { cpu.cores: 2 } }\n");
        host_forget(run.host);
        EXPECT_NUMBER("not as it was then", session_last_profile(&session), EXIT_NOT_READY);
        profile_free(session.profile);
        end(&run);
}

static const struct test tests[] = {
        { "only the running kernel", only_the_running_kernel },
        { "undo passes boots", undo_passes_boots },
        { "only boots are left", only_boots_left },
        { "whose word", whose_word },
        { "older version", older_version },
        { "hash of before", hash_of_before },
        { "promise", promise },
        { NULL, NULL },
};

const struct suite suite_boot_apply = { "boot_apply", tests };

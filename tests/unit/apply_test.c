/* Apply, undo and recover where something stands in the way: a full disk, a lock, a signal, somebody else's hand. */

#include "agent/apply.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/ledger.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY       "/proc/sys/vm/swappiness"
#define FILE_PATH "/etc/new/folder/plumbline.conf"

/* One value, one file in folders that are not there yet, one link that goes. */
static int plan_example(struct host *host, const struct settings *want, struct plan *plan)
{
        plan_write(plan, host, &want->rows[0], KEY);
        plan_file(plan, host, NULL, "one = 1\n", 0644, FILE_PATH);
        plan_link(plan, host, NULL, NULL, "/etc/wants/link");
        return 0;
}

static const struct field fields[] = {
        { .path = "*", .kind = VALUE_FIELDS, .flags = FIELD_ONE_SIDED },
        { 0 },
};
static const struct knob knob_example = { .name = "example", .help = "An example.", .fields = fields, .plan = plan_example };
static const struct knob *const example_knobs[] = { &knob_example, NULL };

static void make_profile(struct profile *profile, struct tune *tune, struct pool *pool, const char *value)
{
        const char *problem;

        *tune = (struct tune){ .knob = &knob_example,
                               .setting = { .id = "example.vm.swappiness",
                                            .keys = { "vm.swappiness" },
                                            .field = &fields[0],
                                            .text = value,
                                            .from = "test.yaml:1" } };
        EXPECT_NUMBER(NULL, want_parse(pool, value, VALUE_FIELDS, UNIT_NONE, 0, &tune->setting.want, &problem), 0);
        *profile = (struct profile){ .pool = pool, .name = "test", .tunes = tune, .tune_count = 1 };
}

static struct tree *make_tree(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, KEY, "60\n");
        tree_file(tree, "/proc/sys/kernel/random/boot_id", "boot-a\n");
        tree_link(tree, "/etc/wants/link", "/lib/unit");
        /* Folders of the agent's own state, so that only what it does to the host is compared. */
        tree_folder(tree, "/var/lib/plumbline/ledger");
        tree_folder(tree, "/run/plumbline");
        return tree;
}

struct run {
        struct pool *pool;
        struct tree *tree;
        struct tune tune;
        struct profile profile;
        struct apply_request request;
        struct outcomes *outcomes;
        char *before;
};

static void begin(struct run *run, const char *value)
{
        *run = (struct run){ .pool = pool_new(), .tree = make_tree(), .outcomes = outcomes_new() };
        make_profile(&run->profile, &run->tune, run->pool, value);
        run->request = (struct apply_request){ .knobs = example_knobs, .profile = &run->profile };
        run->before = tree_fingerprint(run->tree, TREE_WITHOUT_STATE);
}

static void expect_as_before(const struct run *run, const char *row)
{
        char *now = tree_fingerprint(run->tree, TREE_WITHOUT_STATE);

        if (!EXPECT(row, !strcmp(now, run->before)))
                tree_print_difference(run->before, now, 5);
        free(now);
}

static void end(struct run *run)
{
        outcomes_free(run->outcomes);
        tree_free(run->tree);
        free(run->before);
        pool_free(run->pool);
}

static void forth_and_back(void)
{
        struct host *host;
        const char *text;
        struct run run;
        unsigned changes;

        begin(&run, "1");
        host = tree_host(run.tree);
        EXPECT_NUMBER("apply", apply_run(host, &run.request, run.outcomes), 0);
        EXPECT_NUMBER("three steps", run.outcomes->count, 3);
        EXPECT_NUMBER(NULL, host_read(host, run.pool, &text, KEY), 0);
        EXPECT_TEXT("written", text, "1");
        changes = host_changes(host);
        run.outcomes->count = 0;
        EXPECT_NUMBER("again", apply_run(host, &run.request, run.outcomes), 0);
        EXPECT_NUMBER("in line: not one write", host_changes(host), changes);
        EXPECT_NUMBER("undo", undo_run(host, 0, run.outcomes), 0);
        expect_as_before(&run, "undo");
        EXPECT_NUMBER("nothing left to undo", undo_run(host, 0, run.outcomes), -ENOENT);
        EXPECT_NUMBER("no such id", undo_run(host, 9, run.outcomes), -ENOENT);
        end(&run);
}

static void undo_to_an_earlier_one(void)
{
        struct run run;
        struct host *host;
        struct ledger ledger;

        begin(&run, "1");
        host = tree_host(run.tree);
        EXPECT_NUMBER("first", apply_run(host, &run.request, run.outcomes), 0);
        make_profile(&run.profile, &run.tune, run.pool, "2");
        EXPECT_NUMBER("second", apply_run(host, &run.request, run.outcomes), 0);
        EXPECT_NUMBER("an id of its own", run.outcomes->ledger, 2);
        EXPECT_NUMBER("back to before the first", undo_run(host, 1, run.outcomes), 0);
        expect_as_before(&run, "both are undone");
        for (unsigned id = 1; id <= 2; id++) {
                EXPECT_NUMBER(NULL, ledger_read(host, run.pool, id, &ledger), 0);
                EXPECT_NUMBER("marked", ledger.state, LEDGER_UNDONE);
        }
        end(&run);
}

/* The disk is full at any moment: nothing is changed in the end, and a later apply works. */
static void full_disk(void)
{
        for (unsigned nth = 1; nth < 20; nth++) {
                struct run run;
                int r;

                begin(&run, "1");
                host_fault(tree_host(run.tree), FAULT_FULL, nth);
                r = apply_run(tree_host(run.tree), &run.request, run.outcomes);
                if (r < 0) {
                        EXPECT_NUMBER("says why", r, -ENOSPC);
                        if (!EXPECT("in words", run.outcomes->problem && strstr(run.outcomes->problem, "No space left")))
                                printf("        change %u: %s\n", nth,
                                       run.outcomes->problem ? run.outcomes->problem : "nothing");
                        expect_as_before(&run, "full disk");
                        EXPECT_NUMBER("later", apply_run(tree_host(run.tree), &run.request, run.outcomes), 0);
                }
                host_fault(tree_host(run.tree), FAULT_NONE, 0);
                EXPECT_NUMBER("and back", undo_run(tree_host(run.tree), 0, run.outcomes), 0);
                expect_as_before(&run, "undo after all");
                end(&run);
                if (r == 0)
                        return;
        }
        EXPECT("the faults reached the end of the run", false);
}

static void second_apply(void)
{
        struct host *other;
        struct run run;

        begin(&run, "1");
        EXPECT_NUMBER(NULL, host_open(tree_path(run.tree), &other), 0);
        EXPECT_NUMBER("the first holds it", host_lock(other, "/run/plumbline/lock", true), 0);
        EXPECT_NUMBER("apply", apply_run(tree_host(run.tree), &run.request, run.outcomes), -EBUSY);
        EXPECT_NUMBER("nothing was written", host_changes(tree_host(run.tree)), 0);
        host_close(other);
        EXPECT_NUMBER("when it is gone", apply_run(tree_host(run.tree), &run.request, run.outcomes), 0);
        end(&run);
}

static void signal_comes(void)
{
        sigset_t held, old;
        struct run run;
        int caught;

        begin(&run, "1");
        sigemptyset(&held);
        sigaddset(&held, SIGINT);
        sigprocmask(SIG_BLOCK, &held, &old);
        raise(SIGINT);
        EXPECT_NUMBER("stops", apply_run(tree_host(run.tree), &run.request, run.outcomes), -EINTR);
        expect_as_before(&run, "signal");
        sigwait(&held, &caught);
        sigprocmask(SIG_SETMASK, &old, NULL);
        EXPECT_NUMBER("later", apply_run(tree_host(run.tree), &run.request, run.outcomes), 0);
        end(&run);
}

/* Rebooted between apply and undo: values of the running kernel are gone already, files are put back. */
static void rebooted(void)
{
        const char *text;
        struct run run;

        begin(&run, "1");
        EXPECT_NUMBER(NULL, apply_run(tree_host(run.tree), &run.request, run.outcomes), 0);
        tree_file(run.tree, "/proc/sys/kernel/random/boot_id", "boot-b\n");
        tree_file(run.tree, KEY, "33\n");
        run.outcomes->count = 0;
        EXPECT_NUMBER(NULL, undo_run(tree_host(run.tree), 0, run.outcomes), 0);
        EXPECT_NUMBER(NULL, host_read(tree_host(run.tree), run.pool, &text, KEY), 0);
        EXPECT_TEXT("left alone", text, "33\n");
        EXPECT("the file is gone", !host_exists(tree_host(run.tree), FILE_PATH));
        EXPECT("and its folders", !host_exists(tree_host(run.tree), "/etc/new"));
        EXPECT("known", run.outcomes->rebooted);
        end(&run);
}

/* Somebody edited our file, and put one of his own beside it: ours goes back to what it was, his stays. */
static void other_hands(void)
{
        struct run run;

        begin(&run, "1");
        EXPECT_NUMBER(NULL, apply_run(tree_host(run.tree), &run.request, run.outcomes), 0);
        tree_file(run.tree, FILE_PATH, "two = 2\n");
        tree_file(run.tree, "/etc/new/folder/his.conf", "his\n");
        run.outcomes->count = 0;
        EXPECT_NUMBER(NULL, undo_run(tree_host(run.tree), 0, run.outcomes), 0);
        EXPECT("ours is gone", !host_exists(tree_host(run.tree), FILE_PATH));
        EXPECT("his stays", host_exists(tree_host(run.tree), "/etc/new/folder/his.conf"));
        end(&run);
}

/* One record in the middle is damaged: the others are undone, the loss is told, and nobody is locked out. */
static void damaged_ledger(void)
{
        static const char log[] = "/var/lib/plumbline/ledger/000001.log";

        for (unsigned applied = 0; applied < 2; applied++) {
                const char *row = applied ? "applied" : "cut off", *text;
                struct host *host;
                struct run run;
                char *copy, *at;

                begin(&run, "1");
                host = tree_host(run.tree);
                EXPECT_NUMBER(row, apply_run(host, &run.request, run.outcomes), 0);
                EXPECT_NUMBER(row, host_read(host, run.pool, &text, "%s", log), 0);
                copy = pool_dup(run.pool, text);
                at = strstr(copy, "vm/swappiness");
                if (!EXPECT(row, at != NULL) || !at)
                        return;
                *at = 'x';
                if (!applied) {
                        copy[strlen(copy) - 1] = '\0';
                        strrchr(copy, '\n')[1] = '\0';
                }
                tree_file(run.tree, log, "%s", copy);
                run.outcomes->count = 0;
                EXPECT_NUMBER(row, applied ? undo_run(host, 0, run.outcomes) : recover_run(host, run.outcomes), -EBADMSG);
                EXPECT(row, run.outcomes->problem && strstr(run.outcomes->problem, "1 of its records"));
                EXPECT(row, !host_exists(host, FILE_PATH));
                EXPECT_NUMBER(row, apply_run(host, &run.request, run.outcomes), 0);
                end(&run);
        }
}

static const struct test tests[] = {
        { "forth and back", forth_and_back },
        { "undo to an earlier one", undo_to_an_earlier_one },
        { "full disk", full_disk },
        { "second apply", second_apply },
        { "a signal comes", signal_comes },
        { "rebooted", rebooted },
        { "other hands", other_hands },
        { "damaged ledger", damaged_ledger },
        { NULL, NULL },
};

const struct suite suite_apply = { "apply", tests };

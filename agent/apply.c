/* Making it so: each due row is recorded, made and read back; a row that fails takes everything back. */

#include "agent/apply_inside.h"
#include "agent/event.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_file.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PASSES   3 /* a change may bring new targets (a package brings a boot entry): plan again so often */
#define RETRY_NS 100000000L

struct run {
        struct host *host;
        const struct apply_request *request;
        struct outcomes *outcomes;
        struct pool *pool;
        struct ledger ledger;
        struct refreshes refreshes;
};

/* The verb blocks these, so that they wait here until a step is whole. */
static bool stop_wanted(void)
{
        sigset_t pending;

        if (sigpending(&pending) < 0)
                return false;
        return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1;
}

static int record(struct run *run, const struct ledger_row *row)
{
        int r;

        if (!run->ledger.id) {
                run->ledger = (struct ledger){
                        .running = run->request->running,
                        .boot_id = ledger_boot_id(run->host, run->pool),
                        .profile = run->request->profile->name,
                        .profile_path = profile_file_absolute(run->pool, run->request->profile->path),
                        .profile_sha256 = run->request->profile->sha256,
                };
                r = ledger_begin(run->host, run->pool, &run->ledger);
                run->outcomes->ledger = run->ledger.id;
                if (r < 0)
                        return r;
                event_send(run->host, event_apply_begun(run->pool, run->request->profile, run->ledger.id));
        }
        return ledger_record(run->host, &run->ledger, row);
}

/* The folders above a file that are not there yet, each recorded so that undo takes it away again. */
static int make_folders(struct run *run, const struct step *step)
{
        struct ledger_row row = {
                .id = step->id,
                .from = step->from,
                .how = LEDGER_FILE,
                .after = { .kind = CONTENT_FOLDER, .mode = 0755, .uid = step->after.uid, .gid = step->after.gid },
        };
        char folder[PATH_MAX];

        for (const char *slash = strchr(step->target + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                int r;

                snprintf(folder, sizeof folder, "%.*s", (int)(slash - step->target), step->target);
                if (host_exists(run->host, "%s", folder))
                        continue;
                row.target = folder;
                r = record(run, &row);
                if (r < 0)
                        return r;
                r = host_replace(run->host, folder, &row.after);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int record_step(struct run *run, const struct step *step)
{
        struct ledger_row row = {
                .id = step->id,
                .target = step->target,
                .refresh = step->refresh,
                .from = step->from,
                .when = step->when,
                .risk = step->risk,
                .refusal_harmless = step->refusal_harmless || step->short_harmless,
                .before = step->before,
                .after = step->after,
                .text_before = step->undo_text,
                .text_after = step->text,
                .how = step->how == STEP_WRITE  ? LEDGER_WRITE
                       : step->how == STEP_FILE ? LEDGER_FILE
                                                : LEDGER_CALL,
        };

        return record(run, &row);
}

static void wait_a_little(void)
{
        const struct timespec pause = { .tv_nsec = RETRY_NS };

        nanosleep(&pause, NULL);
}

/* Asked X: what does the kernel say now? True when it holds. */
static bool read_back(struct run *run, const struct step *step, struct outcome *outcome)
{
        struct value have;
        const char *raw;
        int r;

        r = host_read(run->host, run->pool, &raw, "%s", step->target);
        if (r >= 0)
                r = value_parse_kernel(run->pool, raw, step->kind, step->unit, &have);
        if (r < 0) {
                outcome->kept = pool_format(run->pool, "unreadable: %s", error_words(r));
                return false;
        }
        outcome->kept = value_show(run->pool, &have);
        return want_holds(&step->check, &have);
}

static int make_write(struct run *run, const struct step *step, struct outcome *outcome)
{
        for (unsigned attempt = 0; attempt <= step->retries; attempt++) {
                int r;

                if (attempt)
                        wait_a_little();
                r = host_write(run->host, step->target, step->text);
                if ((r == -EIO || r == -EPERM) && step->refusal_harmless) {
                        outcome->note = "the kernel keeps it";
                        outcome->kept = step->now;
                        outcome->result = RESULT_KEPT;
                        return 0;
                }
                if (r < 0 && step->short_harmless) {
                        outcome->note = pool_format(run->pool, "the kernel refused it: %s", strerror(-r));
                        outcome->kept = step->now;
                        outcome->result = RESULT_KEPT;
                        return 0;
                }
                if (r < 0)
                        return r;
                if (read_back(run, step, outcome)) {
                        outcome->kept = NULL;
                        return 0;
                }
        }
        outcome->result = RESULT_KEPT;
        return 0;
}

static int make(struct run *run, const struct step *step, struct outcome *outcome)
{
        int r;

        if (step->how == STEP_FILE && step->after.kind != CONTENT_ABSENT) {
                r = make_folders(run, step);
                if (r < 0)
                        return r;
        }
        r = record_step(run, step);
        if (r < 0)
                return r;
        refresh_want(&run->refreshes, step->refresh);
        if (step->how == STEP_WRITE)
                return make_write(run, step, outcome);
        if (step->how == STEP_FILE)
                return host_replace(run->host, step->target, &step->after);
        return host_tell(run->host, step->target, step->text);
}

static int make_step(struct run *run, const struct step *step)
{
        struct outcome outcome = {
                .id = step->id,
                .target = step->target,
                .from = step->from,
                .note = step->note,
                .how = step->how,
                .when = step->when,
                .risk = step->risk,
                .now = step->now,
                .want = step->want,
                .result = RESULT_DONE,
        };
        int r;

        if (stop_wanted())
                return -EINTR;
        r = make(run, step, &outcome);
        if (r < 0) {
                outcome.result = RESULT_FAILED;
                outcome.error = r;
                run->outcomes->problem = pool_format(run->outcomes->pool, "%s: %s: %s", step->id, step->target, strerror(-r));
        }
        outcome_add(run->outcomes, &outcome);
        return r;
}

bool step_is_running(const struct step *step)
{
        return step->how == STEP_WRITE && step->when == WHEN_NOW;
}

static bool is_to_make(const struct apply_request *request, const struct step *step)
{
        return step_is_due(step) && (!request->running || step_is_running(step));
}

/* True when this target was made in this run already: what still differs then was kept by the kernel. */
static bool was_made(const struct run *run, const struct step *step)
{
        for (size_t i = 0; i < run->outcomes->count; i++)
                if (text_equals(run->outcomes->rows[i].target, step->target))
                        return true;
        return false;
}

static int make_knob(struct run *run, const struct knob *knob)
{
        for (unsigned pass = 0; pass < PASSES; pass++) {
                struct plan *plan = plan_new();
                bool made = false;
                int r;

                r = plan_knob(run->host, knob, run->request->profile, plan);
                for (size_t i = 0; r >= 0 && i < plan->count; i++) {
                        if (!is_to_make(run->request, plan->rows[i]) || was_made(run, plan->rows[i]))
                                continue;
                        made = true;
                        r = make_step(run, plan->rows[i]);
                }
                if (r >= 0) {
                        r = refresh_all(run->host, &run->refreshes);
                        if (r < 0)
                                run->outcomes->problem =
                                        pool_format(run->outcomes->pool, "%s: what had to follow a change failed: %s",
                                                    knob->name, strerror(-r));
                }
                plan_free(plan);
                if (r < 0)
                        return r;
                if (!made)
                        break;
        }
        return 0;
}

/* What is pending now is a promise of this apply; what cannot be planned any more promises nothing. */
static void promise(struct run *run)
{
        autoplan struct plan *plan = plan_new();

        plan_all(run->host, run->request->knobs, run->request->profile, plan);
        promise_record(run->pool, plan, &run->ledger);
}

static int make_all(struct run *run)
{
        for (const struct knob *const *knob = run->request->knobs; *knob; knob++) {
                int r = make_knob(run, *knob);

                if (r < 0)
                        return r;
        }
        if (!run->ledger.id)
                return 0;
        if (!run->request->running)
                promise(run);
        return ledger_end(run->host, &run->ledger, LEDGER_APPLIED);
}

/* Something failed: what this run did is taken back from its own ledger, as recover would. */
static void take_back(struct run *run, int error)
{
        struct outcomes *outcomes = run->outcomes;
        struct outcomes *undone;
        struct ledger ledger;
        int r = 0;

        if (error == -EINTR)
                outcomes->problem = "stopped by a signal";
        if (!outcomes->problem)
                outcomes->problem = pool_dup(outcomes->pool, strerror(-error));
        if (!run->ledger.id)
                return;
        undone = outcomes_new();
        r = ledger_read(run->host, run->pool, run->ledger.id, &ledger);
        if (r == -EBADMSG)
                r = 0; /* not even the first record was written: nothing was changed */
        else if (r >= 0)
                r = ledger_undo(run->host, run->pool, &ledger, undone);
        for (size_t i = 0; i < outcomes->count; i++)
                if (outcomes->rows[i].result == RESULT_DONE || outcomes->rows[i].result == RESULT_KEPT)
                        outcomes->rows[i].result = RESULT_UNDONE;
        for (size_t i = 0; i < undone->count; i++)
                if (undone->rows[i].result == RESULT_FAILED)
                        outcome_add(outcomes, &undone->rows[i]);
        outcomes->undone = r >= 0;
        if (r < 0 && undone->problem)
                outcomes->problem = pool_format(outcomes->pool, "%s; %s", outcomes->problem, undone->problem);
        else if (r < 0)
                outcomes->problem =
                        pool_format(outcomes->pool, "%s; and not everything could be taken back (%s): run plumbline recover",
                                    outcomes->problem, strerror(-r));
        outcomes_free(undone);
}

static bool anything_due(struct host *host, const struct apply_request *request, int *r)
{
        struct plan *plan = plan_new();
        bool due = false;

        *r = plan_all(host, request->knobs, request->profile, plan);
        for (size_t i = 0; i < plan->count; i++)
                due = due || is_to_make(request, plan->rows[i]);
        plan_free(plan);
        return due;
}

int apply_run(struct host *host, const struct apply_request *request, struct outcomes *outcomes)
{
        autopool struct pool *pool = pool_new();
        struct run run = { .host = host, .request = request, .outcomes = outcomes, .pool = pool };
        bool found;
        int r, planned;

        /* A host that is in line is not written to at all, so the lock's file is made only when there is something to do. */
        r = host_lock(host, LOCK_FILE, false);
        if (r == -ENOENT || r == -ENOTDIR) {
                if (!anything_due(host, request, &planned))
                        return planned;
                r = lock_take(host);
        }
        if (r < 0 && r != -EBUSY)
                outcomes->problem = pool_format(outcomes->pool, "%s: %s", LOCK_FILE, strerror(-r));
        if (r < 0)
                return r;
        r = recover_open(host, outcomes, &found);
        if (r < 0) {
                outcomes->problem = "an earlier apply was cut off, and could not be taken back: see the rows that failed";
                return r;
        }
        if (found)
                event_send(host, event_recover_ended(pool, "apply", outcomes, NULL, -1));
        outcomes->count = 0;
        outcomes->ledger = 0;
        r = make_all(&run);
        if (r < 0)
                take_back(&run, r);
        return r;
}

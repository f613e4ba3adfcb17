/* Planning changes nothing; after apply nothing is left to do; undo gives back every byte, also after a failure at any change, also
 * when the program dies before any change. */

#include "tests/laws/laws.h"

#include "agent/apply.h"
#include "agent/core/pool.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIED       86 /* what host_fault ends the process with */
#define DENSE      40 /* every change up to here is tried, before a sample of the rest */
#define SHOWN      5  /* lines of a difference */
#define COMPLAINTS 3  /* failing changes that are shown */

static bool complain(const struct trial *trial, const char *law, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool complain(const struct trial *trial, const char *law, const char *format, ...)
{
        va_list args;

        printf("FAILED %s, %s: %s: ", trial->host, trial->name, law);
        va_start(args, format);
        vprintf(format, args);
        va_end(args);
        printf("\n");
        return false;
}

static void count(struct trial *trial, bool holds)
{
        if (holds)
                trial->passed++;
        else
                trial->failed++;
}

/* A door of its own for each step, as each run of the program has: the lock goes with it. */
static struct host *open_door(const struct trial *trial)
{
        struct host *host;
        int r = host_open(tree_path(trial->tree), &host);

        if (r < 0) {
                errno = -r;
                tree_abort("host_open", tree_path(trial->tree));
        }
        return host;
}

static int apply(const struct trial *trial, struct host *host, struct outcomes *outcomes)
{
        const struct apply_request request = { .knobs = trial->knobs, .profile = trial->profile };

        return apply_run(host, &request, outcomes);
}

static const char *words(const struct outcomes *outcomes, int r)
{
        return outcomes->problem ? outcomes->problem : strerror(-r);
}

/* Is every byte as it was before? The state of the agent itself aside, which is then cleared away. */
static bool is_as_before(struct trial *trial, const char *law, const char *when, unsigned nth, bool show)
{
        autofree char *now = tree_fingerprint(trial->tree, TREE_WITHOUT_STATE);

        tree_remove(trial->tree, "/var/lib/plumbline");
        tree_remove(trial->tree, "/run/plumbline");
        if (strcmp(trial->before, now) == 0)
                return true;
        if (show) {
                complain(trial, law, "%s %u: the tree is not what it was:", when, nth);
                tree_print_difference(trial->before, now, SHOWN);
        }
        return false;
}

static bool planning_changes_nothing(struct trial *trial)
{
        const char *law = "planning changes nothing";
        struct host *host = open_door(trial);
        struct plan *plan = plan_new();
        autofree char *now = NULL;
        bool holds = true;

        plan_all(host, trial->knobs, trial->profile, plan);
        now = tree_fingerprint(trial->tree, TREE_WHOLE);
        if (host_changes(host) != 0)
                holds = complain(trial, law, "%u changes were made", host_changes(host));
        if (strcmp(trial->before, now) != 0) {
                holds = complain(trial, law, "the tree is another:");
                tree_print_difference(trial->before, now, SHOWN);
        }
        plan_free(plan);
        host_close(host);
        return holds;
}

/* After an apply: no row is due, and a second apply makes no change at all. */
static bool nothing_is_left(struct trial *trial)
{
        const char *law = "after apply nothing is left to do";
        struct host *host = open_door(trial);
        struct plan *plan = plan_new();
        struct outcomes *outcomes = outcomes_new();
        bool holds = true;
        int r;

        plan_all(host, trial->knobs, trial->profile, plan);
        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];

                if (step_is_due(step))
                        holds = complain(trial, law, "%s: %s: now %s, want %s", step->id, step->target, step->now, step->want);
        }
        r = apply(trial, host, outcomes);
        if (r < 0)
                holds = complain(trial, law, "a second apply: %s", words(outcomes, r));
        if (host_changes(host) != 0)
                holds = complain(trial, law, "a second apply made %u changes", host_changes(host));
        outcomes_free(outcomes);
        plan_free(plan);
        host_close(host);
        return holds;
}

static bool undo(struct trial *trial, const char *law)
{
        struct host *host = open_door(trial);
        struct outcomes *outcomes = outcomes_new();
        bool holds = true;
        int r;

        r = undo_run(host, 0, outcomes);
        if (r < 0 && !(r == -ENOENT && trial->changes == 0))
                holds = complain(trial, law, "undo: %s", words(outcomes, r));
        outcomes_free(outcomes);
        host_close(host);
        return holds;
}

/* True when the apply went through; then it is still there. */
static bool applies(struct trial *trial)
{
        struct host *host = open_door(trial);
        struct outcomes *outcomes = outcomes_new();
        int r;

        r = apply(trial, host, outcomes);
        trial->changes = host_changes(host);
        if (r < 0)
                complain(trial, "apply", "%s", words(outcomes, r));
        outcomes_free(outcomes);
        host_close(host);
        return r >= 0;
}

/* The change at which the fault comes next: all of the first ones, then a sample that ends with the last. */
static unsigned next_point(const struct trial *trial, unsigned nth)
{
        unsigned dense = trial->most_points < DENSE ? trial->most_points / 2 : DENSE;
        unsigned sample = trial->most_points - dense;
        unsigned stride;

        if (trial->changes <= trial->most_points || nth < dense)
                return nth + 1;
        stride = (trial->changes - dense + sample - 1) / sample;
        return nth < trial->changes && nth + stride > trial->changes ? trial->changes : nth + stride;
}

static bool fails_at(struct trial *trial, enum host_fault fault, unsigned nth, bool show)
{
        const char *law = fault == FAULT_FULL ? "a full disk leaves nothing behind" : "a failure leaves nothing behind";
        struct host *host = open_door(trial);
        struct outcomes *outcomes = outcomes_new();
        bool holds = true;
        int r;

        host_fault(host, fault, nth);
        r = apply(trial, host, outcomes);
        outcomes_free(outcomes);
        host_close(host);
        /* Where the kernel may refuse, the refusal is reported and the rest is made. */
        if (r >= 0)
                holds = undo(trial, law);
        return is_as_before(trial, law, "change", nth, show) && holds;
}

static bool failure_is_undone(struct trial *trial)
{
        unsigned bad = 0;

        for (unsigned nth = 1; nth <= trial->changes; nth = next_point(trial, nth)) {
                bad += !fails_at(trial, FAULT_FAIL, nth, bad < COMPLAINTS);
                bad += nth % 5 == 0 && !fails_at(trial, FAULT_FULL, nth, bad < COMPLAINTS);
        }
        if (bad > COMPLAINTS)
                complain(trial, "a failure leaves nothing behind", "at %u changes in all", bad);
        return bad == 0;
}

/* A child that runs until its nth change; -1 when it ended in any other way. */
static int die_at(struct trial *trial, unsigned nth, int (*act)(const struct trial *, struct host *, struct outcomes *))
{
        pid_t child;
        int status;

        fflush(stdout);
        child = fork();
        if (child < 0)
                tree_abort("fork", trial->host);
        if (child == 0) {
                struct host *host = open_door(trial);

                host_fault(host, FAULT_DIE, nth);
                _exit(act(trial, host, outcomes_new()) < 0 ? 1 : 0);
        }
        if (waitpid(child, &status, 0) < 0)
                tree_abort("waitpid", trial->host);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int act_recover(const struct trial *trial, struct host *host, struct outcomes *outcomes)
{
        (void)trial;
        return recover_run(host, outcomes);
}

/* Does what a boot does; gives the number of changes that took. */
static bool recovers(struct trial *trial, unsigned nth, unsigned *changes)
{
        struct host *host = open_door(trial);
        struct outcomes *outcomes = outcomes_new();
        bool holds = true;
        int r;

        r = recover_run(host, outcomes);
        if (r < 0)
                holds = complain(trial, "recover takes back what was cut off", "change %u: %s", nth, words(outcomes, r));
        *changes = host_changes(host);
        outcomes_free(outcomes);
        host_close(host);
        return holds;
}

static bool death_is_undone_at(struct trial *trial, unsigned nth, unsigned *changes, bool show)
{
        const char *law = "recover takes back what was cut off";
        int status = die_at(trial, nth, apply);
        bool holds;

        if (status != DIED)
                return complain(trial, law, "change %u: the program ended with %d and did not die", nth, status);
        holds = recovers(trial, nth, changes);
        return is_as_before(trial, law, "death before change", nth, show) && holds;
}

/* The power may fail again while recover runs. */
static bool second_death_is_undone(struct trial *trial, unsigned nth, unsigned changes)
{
        const char *law = "recover takes up a recover that was cut off";
        unsigned step = changes / 8 + 1;
        bool holds = true;

        for (unsigned again = 1; again <= changes && holds; again += step) {
                unsigned rest;

                die_at(trial, nth, apply);
                if (die_at(trial, again, act_recover) != DIED)
                        holds = complain(trial, law, "change %u: recover did not die", again);
                holds = recovers(trial, nth, &rest) && holds;
                holds = is_as_before(trial, law, "death before change", again, true) && holds;
        }
        return holds;
}

static bool death_is_undone(struct trial *trial)
{
        unsigned bad = 0, changes = 0;

        for (unsigned nth = 1; nth <= trial->changes; nth = next_point(trial, nth))
                bad += !death_is_undone_at(trial, nth, &changes, bad < COMPLAINTS);
        if (bad > COMPLAINTS)
                complain(trial, "recover takes back what was cut off", "at %u changes in all", bad);
        return bad == 0 && second_death_is_undone(trial, trial->changes, changes);
}

void laws_run(struct trial *trial)
{
        autofree char *before = tree_fingerprint(trial->tree, TREE_WHOLE);
        bool applied, left = false;

        trial->before = before;
        count(trial, planning_changes_nothing(trial));
        applied = applies(trial);
        if (applied)
                left = nothing_is_left(trial);
        count(trial, left);
        if (applied)
                applied = undo(trial, "undo gives back every byte");
        count(trial, is_as_before(trial, "undo gives back every byte", "after change", trial->changes, true) && applied);
        count(trial, failure_is_undone(trial));
        count(trial, death_is_undone(trial));
        trial->before = NULL;
}

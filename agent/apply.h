/* Carrying out a plan: recorded first, read back, undone as a whole when a step fails. The only writer of the program. */

#pragma once

#include "agent/core/plan.h"
#include "agent/profile.h"

enum step_result {
        RESULT_NONE, /* not tried: nothing to do, or the run ended before */
        RESULT_DONE,
        RESULT_KEPT, /* the kernel kept something else; `kept` says what */
        RESULT_FAILED,
        RESULT_UNDONE,
        RESULT_SKIPPED, /* undo: nothing to put back (rebooted since, or gone) */
};
const char *step_result_name(enum step_result result); /* "none", "done", "kept", "failed", "undone", "skipped" */

struct outcome {
        const char *id, *target, *from, *note;
        enum step_how how;
        enum step_when when;
        enum risk risk;
        const char *now, *want; /* before and after of this run */
        enum step_result result;
        const char *kept; /* KEPT: what is there instead */
        int error;        /* FAILED: negative errno */
};

struct outcomes {
        struct pool *pool; /* owns all below */
        size_t count;
        struct outcome *rows;
        unsigned ledger;     /* the id of the apply made or undone; 0: nothing was written */
        bool undone;         /* apply: a step failed and everything was taken back; recover: there was something to take back */
        bool rebooted;       /* undo: the host was rebooted since the apply */
        const char *problem; /* one sentence when the run failed as a whole; NULL if not */
};
struct outcomes *outcomes_new(void);
void outcomes_free(struct outcomes *outcomes);
/* A local that frees itself: `autooutcomes struct outcomes *outcomes = outcomes_new();` */
void outcomes_release(struct outcomes **outcomes);
#define autooutcomes __attribute__((cleanup(outcomes_release)))

struct apply_request {
        const struct knob *const *knobs; /* ends with NULL; those without settings in the profile are passed over */
        const struct profile *profile;
        bool running; /* only what is written to the running kernel, and recorded as no word of an administrator */
};
/* A row that no file carries over a reboot: written to the running kernel. */
bool step_is_running(const struct step *step);

/* Plans all knobs in order into one list, from what is there now. 0 or a negative errno of a knob. */
int plan_all(struct host *host, const struct knob *const *knobs, const struct profile *profile, struct plan *plan);

/* A caller that blocks SIGINT, SIGTERM and SIGHUP first gets this: when one is pending, no further step is begun and all is undone
 * (-EINTR). Locks, plans and makes knob by knob, records, reads back. 0 when everything was made or nothing had to be (host_changes stays 0
 * then); -EBUSY: another apply holds the lock; any other: a step failed, all is undone,
 * outcomes->problem says what. An earlier apply that was cut off is taken back first. */
int apply_run(struct host *host, const struct apply_request *request, struct outcomes *outcomes);
/* Puts back what was there before the apply with this id and all later ones, last first; 0: the last of an administrator that is not
 * undone yet, with what was made at boot since, or where only such are left all of them.
 * -ENOENT: there is none. -EBUSY. Other: something could not be put back, the rest was; see the rows. */
int undo_run(struct host *host, unsigned id, struct outcomes *outcomes);
/* Undoes an apply that was cut off. 0 also when there was none. */
int recover_run(struct host *host, struct outcomes *outcomes);

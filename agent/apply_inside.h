/* What apply, undo and recover share; nobody else includes this. */

#pragma once

#include "agent/apply.h"
#include "agent/ledger.h"

#define LOCK_FOLDER "/run/plumbline"
#define LOCK_FILE   LOCK_FOLDER "/lock"

/* Plans one knob; 0 and no rows where the profile has nothing for it. */
int plan_knob(struct host *host, const struct knob *knob, const struct profile *profile, struct plan *plan);

/* What the next boot is to bring by this plan, which was made when the apply of the ledger came to its end. */
void promise_record(struct pool *pool, const struct plan *plan, struct ledger *ledger);
/* What the next boot was to bring, and did not although the host was restarted since, is drift and no longer pending. */
void promise_judge(struct host *host, struct plan *plan);

struct outcome *outcome_add(struct outcomes *outcomes, const struct outcome *row);

/* Names that were asked to be refreshed, each once. */
struct refreshes {
        size_t count;
        const char *names[8];
};
void refresh_want(struct refreshes *refreshes, const char *name);
/* Tells each; what a host has no way to do (a tree, no systemd) is passed over. The first error, after all were told. */
int refresh_all(struct host *host, struct refreshes *refreshes);

/* Holds the lock, making its file where absent. -EBUSY. */
int lock_take(struct host *host);
/* Undoes one ledger, last row first, and marks it undone. Problems are in the rows; the first error is returned and then the
 * ledger stays as it was. */
int ledger_undo(struct host *host, struct pool *pool, struct ledger *ledger, struct outcomes *outcomes);
/* Undoes every apply that was cut off. *found: there was one. */
int recover_open(struct host *host, struct outcomes *outcomes, bool *found);

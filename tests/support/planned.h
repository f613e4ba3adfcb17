/* What a knob plans on a host for settings that a test writes down. */

#pragma once

#include "agent/core/knob.h"

struct asked {
        const char *text;               /* the value as a profile has it */
        const char *keys[SETTING_KEYS]; /* as in struct setting */
        bool absent_ok;
        const char *held;
};

/* asked ends with a row without keys. The caller frees the plan, which owns the settings too. Aborts where a row is no setting
 * of the knob. */
struct plan *planned(struct host *host, const struct knob *knob, const struct asked *asked);
/* The row with this target, or NULL; of several the first that has this status. */
const struct step *planned_row(const struct plan *plan, const char *target);
const struct step *planned_status(const struct plan *plan, const char *target, enum status status);
/* How many rows apply would make. */
size_t planned_due(const struct plan *plan);
/* Makes the due rows of STEP_WRITE and STEP_FILE in the tree, in order, and plans again. */
struct plan *planned_made(struct host *host, const struct knob *knob, const struct asked *asked);
/* NULL: the knob's lint has nothing against it; else what it says, from the pool. */
const char *planned_lint(struct pool *pool, const struct knob *knob, const struct asked *asked);

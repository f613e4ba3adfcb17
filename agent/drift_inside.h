/* What the files of the drift share; nobody else includes this. */

#pragma once

#include "agent/drift.h"
#include "agent/state.h"

/* Marks the rows whose device is gone. */
void drift_mark_gone(struct drift *drift, const json_t *now);
/* The facts of the baseline to compare with. Of another boot (boot: of now; NULL: not known), a counter is what the first look of this boot
 * saw, and as now where there was none. The caller owns it; NULL where the baseline has no facts. */
json_t *drift_facts(const json_t *baseline, const json_t *now, const char *boot, const struct history *history);

/* Which facts a version of plumbline knows, and what drift makes of those that another one did not. */

#pragma once

#include <jansson.h>

struct drift;
struct probe;

/* The rows of the probes' tables that are recorded, by all but their last word: {"nic.*": "link speed", ...}. The caller owns it. */
json_t *drift_known(const struct probe *const *probes);
/* Takes the facts out of the drift that the version which took the baseline could not tell, by its "known", and those that this one cannot tell:
 * they are counted. A baseline without "known" counts as one that knew all. */
void drift_pass_over(struct drift *drift, const json_t *baseline, const struct probe *const *probes);

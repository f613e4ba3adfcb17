/* The answer of drift, for its own verb and for a capture that is evidence. */

#pragma once

#include "agent/evidence.h"
#include "agent/examine.h"

/* Compares what was examined with the baseline, else with the last audit that found all right, and adds the answer, as text or JSON.
 * evidence: also look for what may have done it, and how far. Returns the exit status; where there is nothing to compare with, or it cannot be read,
 * nothing is added and *problem says why. */
int drift_report(const struct session *session, const struct examination *examination, const struct options *options,
                 enum evidence_wanted evidence, struct text_buffer *out, const char **problem);

/* What a capture for a change ticket holds besides what was read: the answers of this moment, as people and programs read them. */

#pragma once

#include "agent/examine.h"

#include "agent/core/record.h"

#define EVIDENCE_FOLDER  ".plumbline/evidence"
#define EVIDENCE_MEMBERS 5

/* Has the ledgers read, so that they become part of the capture, and makes the answers: check as text, JSON and HTML, plan, drift (where
 * there is a baseline). *count of them; their bytes are in the session's pool. */
void capture_evidence(const struct session *session, const struct options *options, const struct examination *examination,
                      struct member members[EVIDENCE_MEMBERS], size_t *count);

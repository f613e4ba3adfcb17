/* Running the probes. */

#pragma once

#include "agent/core/probe.h"

/* Adds the facts of every probe; what a failed probe would have told becomes unknown, and its families unlisted; so does all
 * that a probe told in whose run the time ran out. Sorted by name. */
void survey_run(struct host *host, const struct probe *const *probes, struct facts *facts);
/* The declaration of a fact by its full name ("nic.eth0.speed") or its pattern; NULL if no probe has it. */
const struct fact_info *survey_info(const struct probe *const *probes, const char *name);

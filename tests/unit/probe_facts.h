/* Runs one probe on a host and compares what it says. */

#pragma once

#include "agent/core/probe.h"

#include <stddef.h>

/* The caller frees the facts. */
struct facts *probe_facts(struct host *host, const struct probe *probe);

/* The same where somebody asks for these names; asked ends with NULL, and lives as long as the facts. */
struct facts *probe_facts_asked(struct host *host, const struct probe *probe, const char *const *asked);

struct fact_row {
        const char *name; /* or the pattern of a family that could not be listed */
        /* "5" (a number), "12.50" (a real), "true", "0-3" (a list of CPUs), text as it is, "absent", "unreadable ENODATA";
         * "none": there is no such fact */
        const char *want;
};
/* One check for each row. name: of the machine, printed with what does not hold. */
void expect_facts(const char *name, const struct facts *facts, const struct fact_row *rows, size_t count);

/* A knob says what should be. It changes nothing and prints nothing: it returns steps. */

#pragma once

#include "agent/core/plan.h"

struct knob {
        const char *name;           /* also the key under `tune` in a profile and the first part of its settings' ids */
        const char *help;           /* one sentence */
        const struct field *fields; /* ends with path NULL */
        /* Adds a row for every target, also those already right. 0 or a negative errno when the knob itself failed (one
         * unreadable file is one UNKNOWN row, not an error). Called only when the profile has settings for it. */
        int (*plan)(struct host *host, const struct settings *want, struct plan *plan);
        /* Is this setting right on any host? -EINVAL with *problem (one sentence, from the pool) if not. May be NULL. */
        int (*lint)(const struct setting *setting, struct pool *pool, const char **problem);
};

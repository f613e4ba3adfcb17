/* A probe says what is. It changes nothing and prints nothing. */

#pragma once

#include "agent/core/fact.h"

struct host;

struct probe {
        const char *name;              /* the subject: "cpu", "memory" */
        const char *help;              /* one sentence */
        const struct fact_info *facts; /* ends with name NULL */
        /* Adds facts. One unreadable file is one unknown fact, never an error; a negative errno means that the probe itself
         * failed, and then every fact of its table that has no '*' and was not added becomes unknown with that error. */
        int (*run)(struct host *host, struct facts *facts);
};

/* A probe says what is. It changes nothing and prints nothing. */

#pragma once

#include "agent/core/fact.h"

struct host;

/* A source louder than quiet that a fact cannot be told without. '*' in it stands for the device in the fact's name, "**" for any
 * device: what is told of one is read from others. */
struct fact_touch {
        const char *fact;   /* as in the table of facts: "nic.*.speed" */
        const char *source; /* the path of a file, or a question for host_ask */
};

struct probe {
        const char *name;                 /* the subject: "cpu", "memory" */
        const char *help;                 /* one sentence */
        const struct fact_info *facts;    /* ends with name NULL */
        const struct fact_touch *touches; /* of its facts; ends with fact NULL. May be NULL */
        /* Adds facts. One unreadable file is one unknown fact, never an error; a negative errno means that the probe itself
         * failed, and then every fact of its table that has no '*' and was not added becomes unknown with that error, and every row
         * with one a family that could not be listed. */
        int (*run)(struct host *host, struct facts *facts);
};

/* A report made of findings, without a host. */

#pragma once

#include "agent/report.h"
#include "tests/support/expect.h"

struct made {
        struct pool *pool;
        struct profile profile; /* named "p", which wants 90 % of what is important */
        struct session session;
        struct findings *findings;
        struct facts *facts; /* none yet */
        struct judgement judgement;
        int status; /* what the last report ended with */
};

/* Judges the findings. Close it in any case. */
void made_open(struct made *made, const struct finding *rows, size_t count);
void made_close(struct made *made);
/* The text, which lives as long as what it was made of. */
char *made_report(struct made *made, enum format format);

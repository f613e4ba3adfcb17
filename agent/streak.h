/* Failures in a row: how often a check has not held, without one in between that did. */

#pragma once

#include "agent/judge.h"
#include "agent/verb.h"

struct streak {
        unsigned after;    /* so many are an alert; 0: nobody counts */
        unsigned failures; /* with this one; 0: it is none */
        char since[21];    /* when the first of them was seen: "2026-11-20T09:30:00Z" */
        int error;         /* why they cannot be counted; then each is an alert */
};

/* Counts this result. A reboot and another content of the profile begin anew; checks with --quiet-only are counted by themselves. */
void streak_count(const struct session *session, const struct options *options, const struct judgement *judgement,
                  struct streak *streak);
bool streak_alerts(const struct streak *streak);
/* "the 2nd failure in a row since ...; the 3rd is an alert", in the pool. NULL where nobody counts, or nothing fails. */
const char *streak_words(struct pool *pool, const struct streak *streak);

/* The body of check, here or in a child with a time limit. */

#pragma once

#include "agent/verb.h"

struct check {
        const struct options *options;
        unsigned limit_ms; /* for looking; 0: none */
        char *place;       /* what is being read: see host_limit; may be NULL */
        int opened;        /* a byte is written there once host and profile are open; negative: nowhere */
        /* What came out besides the report. */
        bool refused; /* there is none, because of wrong usage or of the profile, which was complained about */
        int kept;     /* why the result was not kept for a --max-age; 0: it was, or was not to be */
};

/* Opens the session of a check: 0, or the exit status, complained about. */
int check_open(const struct options *options, struct session *session);
/* Looks, judges and adds the report; returns the exit status. check_here.c */
int check_here(struct check *check, struct text_buffer *out);
/* The same within the time limit of the options, whatever hangs. What was given up is unknown, and named. check_in_time.c */
int check_in_time(const struct options *options, struct text_buffer *out);

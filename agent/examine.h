/* What check and audit share: to look, to judge, to print. */

#pragma once

#include "agent/event.h"
#include "agent/judge.h"
#include "agent/streak.h"
#include "agent/verb.h"

struct drift;

struct examination {
        struct facts *facts;
        struct plan *plan;
        struct findings *findings;
        struct findings *unread; /* what an audit leaves unread; nothing in a check */
        struct judgement judgement;
        const char *past; /* when the result was found that stands in for one of now; NULL: it is of now */
        double past_age_s;
        const char *given_up;      /* what was not waited for, within a time limit; NULL: nothing */
        struct streak streak;      /* nobody counts where it is zeroed */
        const struct drift *drift; /* of an audit, from the baseline; NULL: not compared. The caller's */
};

/* Surveys, plans and judges; what is left out decides nothing. Close it in any case. */
void examine(const struct session *session, enum left_out left_out, struct examination *examination);
void examination_close(struct examination *examination);
#define autoexamination __attribute__((cleanup(examination_close)))
/* Tells the journal of the live host what is not in order, and the verdict. kind: EVENT_AUDIT or EVENT_GATE. */
void examination_tell(enum event_kind kind, const struct session *session, const struct examination *examination);
/* In the format of the options, under the verb's name. Returns the exit status that goes with it. */
int examination_print(const char *verb, const struct session *session, const struct examination *examination,
                      const struct options *options, struct text_buffer *out);

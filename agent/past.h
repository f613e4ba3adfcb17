/* The result of a full check, kept for those who accept one that is recent. */

#pragma once

#include <stdbool.h>

struct examination;
struct session;

/* The machine as it was when a check began to look: its result is as old as that, and of no other machine. */
struct past_begin {
        int error; /* of what could not be read of it: nothing can be kept */
        double uptime_s;
        char changes[65]; /* what plumbline itself had changed until then */
};
/* Before anything is looked at that the result is made of. */
void past_begin(const struct session *session, struct past_begin *begin);
/* The result of a check of this boot, this profile and this program that is at most so old, with no apply or undo since; false where
 * there is none. Fills the examination, whose `past` says of when it is. */
bool past_recall(const struct session *session, double max_age_s, struct examination *examination);
/* Keeps the result of a check that left nothing unread, and began then. -EACCES for who is not root on the live host, and its kin. */
int past_keep(const struct session *session, const struct past_begin *begin, const struct examination *examination);

/* The result of a full check, kept for those who accept one that is recent. */

#pragma once

#include <stdbool.h>

struct examination;
struct session;

/* The result of a check of this boot, this profile and this program that is at most so old, with no apply or undo since; false where
 * there is none. Fills the examination, whose `past` says of when it is. */
bool past_recall(const struct session *session, double max_age_s, struct examination *examination);
/* Keeps the result of a check that left nothing unread. -EACCES for who is not root on the live host, and its kin. */
int past_keep(const struct session *session, const struct examination *examination);

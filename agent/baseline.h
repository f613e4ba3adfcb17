/* The baseline: the state that was accepted, and what is compared with it. */

#pragma once

#include "agent/examine.h"

#include <jansson.h>

#define BASELINE_PATH "/var/lib/plumbline/baseline"

/* Writes down what an examination saw: one record in the history, carried on from the one before where the examination was not allowed to
 * look. status: the exit status of the verb. 0 or a negative errno; *id: of the record. */
int history_remember(const struct session *session, const struct examination *examination, const char *verb, int status,
                     unsigned *id);
/* The same, and it becomes the baseline. */
int baseline_accept(const struct session *session, const struct examination *examination, const char *verb, int status,
                    unsigned *id);
/* The record that was accepted: as a whole record of the history, and "ledger", the last apply before it. Where its file is damaged it is the
 * history's record of it, and *damage says what is wrong with the file; else that is NULL. NULL: none; *error: why not, -ENOENT where none
 * was accepted yet. The caller owns it. */
json_t *baseline_read(struct host *host, const char **damage, int *error);
/* Was something applied since the baseline was accepted? False where nothing was ever applied. */
bool baseline_is_stale(struct host *host);

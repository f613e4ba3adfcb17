/* An answer of plumbline in JSON, of another host or another time, of which the form is checked and nothing believed. */

#pragma once

#include "agent/judge.h"

#include <jansson.h>

struct answer {
        json_t *json;
        /* Of its head; NULL where it names none. */
        const char *verb, *host, *boot_id, *time;
        enum verdict verdict; /* of check and audit */
};

/* Reads one of facts, check or audit. NULL, and the caller releases *answer; or why it is none, a sentence without its subject. */
const char *answer_read(struct pool *pool, const char *place, struct answer *answer);
void answer_release(struct answer *answer);
#define autoanswer __attribute__((cleanup(answer_release)))
/* Could the file at this place be one, and no capture? */
bool answer_is_at(const char *place);

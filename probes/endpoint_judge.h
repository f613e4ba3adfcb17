/* From the raw answer of an endpoint to a word. */

#pragma once

#include "agent/core/endpoint.h"
#include "agent/core/text.h"

struct pool;

#define ENDPOINT_SHOWN_MAX 80 /* characters of an answer that a report shows */

/* 0 and the words: "ok", or why it is not. A negative errno: it cannot be told, and *words says why or is NULL. */
int endpoint_judge(struct pool *pool, const struct endpoint *endpoint, const struct endpoint_answer *answer,
                   const char **words);
/* Of a body: NULL where its JSON is what the endpoint's fields want, or why it is not. */
const char *endpoint_json_words(struct pool *pool, const struct endpoint *endpoint, struct slice body);
/* The text between quotes, printable and not too long. */
const char *endpoint_quote(struct pool *pool, const char *text);

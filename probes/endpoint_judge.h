/* From the raw answer of an endpoint to a word. */

#pragma once

#include "agent/core/endpoint.h"

struct pool;

/* 0 and the words: "ok", or why it is not. A negative errno: it cannot be told, and *words says why or is NULL. */
int endpoint_judge(struct pool *pool, const struct endpoint *endpoint, const struct endpoint_answer *answer,
                   const char **words);

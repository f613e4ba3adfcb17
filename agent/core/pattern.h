/* Regular expressions from a profile: checked when it is read, matched against what is there. */

#pragma once

#include <stdbool.h>

struct pool;
struct value;

/* Is it an extended regular expression that compiles within reason? -EINVAL, with *problem one sentence from the pool. */
int pattern_check(struct pool *pool, const char *pattern, const char **problem);
/* Does the value's text match somewhere? Of WORDS every word must; what has no text, and the empty set of words, does not. */
bool pattern_matches(const char *pattern, const struct value *have);

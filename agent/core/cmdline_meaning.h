/* What each kernel parameter's value means: which of several counts, and when two values are the same. */

#pragma once

#include <stdbool.h>

struct pool;

enum parameter_rule { LAST_WINS, FIRST_WINS, ADDS_UP, IGNORED };
enum parameter_shape { SHAPE_TEXT, SHAPE_CPUS, SHAPE_ISOLATION, SHAPE_SIZE };

struct meaning {
        const char *name; /* a trailing '*' stands for anything */
        enum parameter_rule rule;
        enum parameter_shape shape;
};

/* Never NULL: a parameter that we know nothing of is text, and the last one wins. */
const struct meaning *meaning_of(const char *name);
bool meaning_same_name(const char *a, const char *b);
/* One and the same text for values of this parameter that are the same; in the pool, or the value itself. */
const char *meaning_normal(struct pool *pool, const char *name, const char *value);
/* NULL and "" are both the bare word. */
bool meaning_same_value(enum parameter_shape shape, const char *a, const char *b);

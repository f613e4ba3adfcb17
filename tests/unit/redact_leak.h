/* What a capture must not hold, as rows of a table. */

#pragma once

#include <stddef.h>

/* One file tells something, or nothing; what has to go from another one, and what stays in it. */
struct leak {
        const char *name, *source, *secret, *path, *text, *gone, *stays; /* gone NULL: all of it stays */
};
/* Redacts the two, row by row, and looks at the other file. */
void redact_leak_check(const struct leak *leaks, size_t count);

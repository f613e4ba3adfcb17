/* The last word of an administrator: the apply that holds, and the profile it was made of. */

#pragma once

#include <stdbool.h>

struct host;
struct pool;

struct last_word {
        unsigned id; /* 0: nothing was applied, or all of it was taken back */
        const char *profile, *time;
        const char *path, *sha256; /* of the profile; NULL where an older version wrote the ledger */
        bool taken_back;           /* something was applied after it, and taken back */
};

/* What was made at boot, what was cut off and what failed is no word. In the pool. 0 also where there is none. */
int last_word_read(struct host *host, struct pool *pool, struct last_word *word);

/* How much memory is installed, by the best source that can be believed. */

#pragma once

#include "probes/smbios.h"

struct host;
struct pool;

struct installed {
        int error; /* negative: nothing tells */
        int64_t bytes;
        const char *source;
        const char *note; /* NULL: the firmware's own sum, and nothing speaks against it */
        struct smbios modules;
        int modules_error; /* negative: there is no list of modules, or none to be believed */
        const char *modules_source;
        const char *modules_note; /* why not believed; NULL */
};

/* total: MemTotal in bytes, -1 unknown; total_source: where that was read. Texts live in the pool. */
void installed_read(struct host *host, struct pool *pool, int64_t total, const char *total_source, struct installed *installed);
/* The roundest number from low to high: memory is sold in round sizes. */
int64_t installed_round(int64_t low, int64_t high);

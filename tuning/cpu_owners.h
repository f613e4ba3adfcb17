/* Other tools that set frequency governors. Private to tuning/. */

#pragma once

#include <stddef.h>

struct host;
struct pool;
struct want;

struct cpu_owner {
        const char *name;     /* "tuned" */
        const char *evidence; /* the file or unit that gave it away */
        const char *state;    /* "running", "enabled", "sets ondemand" */
        const char *fix;
};

/* Those that run or will run at boot and may set something else than wanted; in the pool. */
const struct cpu_owner *cpu_owners(struct host *host, struct pool *pool, const struct want *want, size_t *count);

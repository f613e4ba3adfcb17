/* How the kernel comes to a file: every directory and link on the way, and the file last. */

#pragma once

#include "agent/core/host.h"

struct way {
        size_t count;
        struct step {
                const char *path; /* the last one: where the file really is */
                struct host_stat stat;
        } * steps;
};

/* Walks an absolute path as the kernel does. The steps live in the pool. -EINVAL: the path is not absolute; -ELOOP; -ENOENT and its
 * kin. */
int way_walk(struct host *host, struct pool *pool, const char *path, struct way *way);

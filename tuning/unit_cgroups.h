/* Which units have processes, by the control groups that systemd gives them: told by files, without asking systemd. Private to
 * tuning/. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

struct unit_cgroups {
        size_t count;
        const char **units; /* in natural order */
};

/* -ENOENT: systemd keeps no control groups here; else the error of the first folder that cannot be listed. What is found is the
 * pool's. */
int unit_cgroups_read(struct host *host, struct pool *pool, struct unit_cgroups *running);
bool unit_cgroups_have(const struct unit_cgroups *running, const char *unit);

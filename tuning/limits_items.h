/* The limits of limits.conf(5), and what systemd and the kernel call them. Private to tuning/. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pool;

struct limits_item {
        const char *name;      /* in limits.conf: "memlock" */
        const char *directive; /* in a unit (systemd.exec(5)): "LimitMEMLOCK"; NULL: services have no such thing */
        const char *process;   /* in /proc/PID/limits: "Max locked memory"; NULL: not there */
        unsigned scale;        /* how many of systemd's units one of limits.conf's is: 1024 for KiB and bytes */
        bool endless;          /* may be unlimited */
        bool nice;             /* a nice level: systemd wants its sign */
        int64_t least, most;   /* as limits.conf counts */
};

struct limits_value {
        bool endless;
        int64_t number; /* as limits.conf counts */
};

const struct limits_item *limits_item(const char *name); /* NULL: no such */
const char *limits_item_nearest(const char *name);       /* NULL: none is near */

/* "65536", "unlimited", "infinity", "-1". -EINVAL: not such; -ERANGE: beyond what the item takes. */
int limits_parse(const struct limits_item *item, const char *text, struct limits_value *value);
bool limits_equal(struct limits_value a, struct limits_value b);
/* As limits.conf and as a unit write it. */
char *limits_format(struct pool *pool, struct limits_value value);
char *limits_format_unit(struct pool *pool, const struct limits_item *item, struct limits_value value);

/* Does a unit's "65536", "64K", "infinity", "1024:524288" mean this value, soft and hard? False also for what is no limit. */
bool limits_unit_is(const struct limits_item *item, const char *text, struct limits_value value);
/* The same for one of the columns of /proc/PID/limits. */
bool limits_process_is(const struct limits_item *item, const char *text, struct limits_value value);

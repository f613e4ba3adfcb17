/* What is special about single sysctl keys, and how a key names its file. */

#pragma once

#include <stdbool.h>

struct pool;

struct sysctl_special {
        const char *key;       /* path below /proc/sys; '*' any run of characters */
        const char *refused;   /* why no profile may ask for it; NULL: it may */
        const char *no_effect; /* why it does nothing, though it is there; NULL: it does */
        const char *gone;      /* what to say where it is absent; NULL: nothing */
        const char *none;      /* absent is as good as this value; NULL: as none */
        const char *stuck;     /* once it has this value the kernel keeps it until the next boot; NULL: free to change */
        const char *partner;   /* the key that the kernel sets to 0 when this one is written, and the other way round */
};

/* The row for this path, or NULL. */
const struct sysctl_special *sysctl_special(const char *path);

/* The path below /proc/sys as systemd reads a key (sysctl.d(5)): if the first separator is a slash, slashes separate and dots
 * stay; else dots separate and slashes stand for dots. Always from the pool. */
char *sysctl_path(struct pool *pool, const char *key);
/* Does it hold characters that sysctl.d takes for a pattern? */
bool sysctl_is_pattern(const char *path);
/* Why this key cannot be asked for, as one sentence from the pool; NULL if it can. */
const char *sysctl_key_problem(struct pool *pool, const char *key);

/* The "Name:   123 kB" lines of /proc/meminfo and of a node's meminfo. */

#pragma once

#include <stdint.h>

/* The line of this name in bytes; a line without "kB" counts as it stands. -ENODATA: no such line; -EINVAL: no number in it;
 * -ERANGE: beyond 63 bits. */
int meminfo_find(const char *text, const char *name, int64_t *number);

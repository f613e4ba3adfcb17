/* The limits that a process has now. */

#pragma once

#include <stdbool.h>

struct pool;

/* Finds the row with this label ("Max open files") in the text of /proc/PID/limits: a number or "unlimited" each, in the pool. false
 * if there is none. */
bool process_limits_find(struct pool *pool, const char *text, const char *label, const char **soft, const char **hard);

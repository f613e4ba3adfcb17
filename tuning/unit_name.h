/* Names of systemd units: how a profile writes them, and which ones no profile may switch off. Private to tuning/. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pool;

/* "cups" is "cups.service"; a name with the ending of a unit stays as it is. */
const char *unit_name_full(struct pool *pool, const char *name);
/* Without its ending, and without the '@' of a template: "cups.socket" and "cups@.service" are "cups". */
const char *unit_name_stem(struct pool *pool, const char *name);
size_t unit_name_stem_size(const char *name);
/* The template of an instance: "getty@tty1.service" is of "getty@.service". NULL: no instance. */
const char *unit_name_template(struct pool *pool, const char *name);
bool unit_name_is_template(const char *name);

/* May a profile switch this unit (its full name) off? -EINVAL with *problem, one sentence from the pool, if not: no name of a
 * unit, a kind that cannot be switched off, or one that the host cannot be reached or booted without. */
int unit_name_check(struct pool *pool, const char *unit, const char **problem);

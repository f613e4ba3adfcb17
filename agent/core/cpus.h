/* A set of CPUs, and the two ways the kernel writes one. */

#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

#define CPUS_MAX 8192U /* the largest NR_CPUS of any x86 distribution kernel */
#define CPUS_END UINT_MAX

struct cpus {
        uint64_t word[CPUS_MAX / 64];
};

enum cpus_flags {
        CPUS_STRICT = 0,
        CPUS_MAY_BE_EMPTY = 1 << 0, /* "" and "\n" are the empty set (what sysfs answers), also "(null)" */
};

/* Reads a list: "0-3,8", "0-31:2/4" (the first 2 of every 4), "all", "N" (the last CPU). White space at the ends is allowed,
 * nowhere else. count is the number of CPUs that "all" and "N" mean; 0 if unknown, and then they are -EINVAL.
 * -EINVAL: not a list (stray commas, reversed ranges, strides without a slash, ...); -ERANGE: a CPU beyond CPUS_MAX, or beyond
 * count where that is not 0. *set is touched only on success. */
int cpus_parse(const char *text, unsigned flags, unsigned count, struct cpus *set);
/* Reads a mask of hex groups of 32 bits: "e0e00000,00000018", "f"; an empty inner group is zero. -EINVAL, -ERANGE. */
int cpus_parse_mask(const char *text, struct cpus *set);

/* "0-3,8"; the empty set is "". */
char *cpus_format(struct pool *pool, const struct cpus *set);
/* Groups of 8 hex digits for at least `count` CPUs: "00000001,0000002e". */
char *cpus_format_mask(struct pool *pool, const struct cpus *set, unsigned count);

void cpus_add(struct cpus *set, unsigned cpu); /* cpu < CPUS_MAX, else ignored */
void cpus_remove(struct cpus *set, unsigned cpu);
bool cpus_has(const struct cpus *set, unsigned cpu);
bool cpus_empty(const struct cpus *set);
bool cpus_equal(const struct cpus *a, const struct cpus *b);
bool cpus_within(const struct cpus *inner, const struct cpus *outer);
bool cpus_overlap(const struct cpus *a, const struct cpus *b);
unsigned cpus_count(const struct cpus *set);
/* The first CPU of the set that is not below `from`; CPUS_END if none. */
unsigned cpus_next(const struct cpus *set, unsigned from);
unsigned cpus_last(const struct cpus *set); /* CPUS_END if empty */
void cpus_unite(struct cpus *set, const struct cpus *more);
void cpus_intersect(struct cpus *set, const struct cpus *only);
void cpus_subtract(struct cpus *set, const struct cpus *less);

/* A number with its unit, as a person or the kernel writes it, kept exact until its kind is known. */

#pragma once

#include "agent/core/value.h"

enum author { AUTHOR_PERSON, AUTHOR_KERNEL };

struct quantity {
        bool negative;
        uint64_t digits; /* the number is digits / 10^places, in a unit of num / den base units */
        unsigned places;
        uint64_t num, den;
};

/* Reads "1.9 TB", "20%", "-1", "10 Gbit/s". -EINVAL: no number, an unknown unit, or below zero where that has no meaning;
 * -EDOM: the unit of something else; -ERANGE: more digits than fit. A kernel's "kB", "K", "M" and "G" are powers of 1024. */
int quantity_read(const char *text, enum unit unit, enum author author, struct quantity *quantity);
/* In whole base units. A multiple of a large unit is rounded to the nearest ("0.1 GiB"); any other fraction is -EINVAL. */
int quantity_whole(const struct quantity *quantity, int64_t *number);
double quantity_real(const struct quantity *quantity);

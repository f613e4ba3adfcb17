/* The clock that deadlines are kept by: nobody sets it. */

#pragma once

#include <stdint.h>

/* Milliseconds since some moment in the past (clock_gettime(2), CLOCK_MONOTONIC). */
int64_t monotonic_ms(void);

/* The unit test suites, one line each. */

#pragma once

#include "tests/support/expect.h"

#define SUITES(S) \
        S(pool)   \
        S(text)   \
        S(cpus)   \
        S(value)

#define SUITE_DECLARE(name) extern const struct suite suite_##name;
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE

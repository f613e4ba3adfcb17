/* Any text as a CPU list, a mask, a value and a want: read without harm, and what is written comes back the same. */

#include "agent/core/cpus.h"
#include "agent/core/pool.h"
#include "agent/core/value.h"

#include <stdlib.h>
#include <string.h>

static void round_trip(struct pool *pool, const struct cpus *set)
{
        struct cpus again;

        if (cpus_parse(cpus_format(pool, set), CPUS_MAY_BE_EMPTY, 0, &again) < 0 || !cpus_equal(set, &again))
                abort();
        if (cpus_parse_mask(cpus_format_mask(pool, set, CPUS_MAX), &again) < 0 || !cpus_equal(set, &again))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        autopool struct pool *pool = pool_new();
        const char *text = pool_copy(pool, bytes, size), *problem;
        struct value value, target;
        struct cpus set;
        struct want want;

        if (cpus_parse(text, CPUS_STRICT, size % 2 ? 64 : 0, &set) == 0)
                round_trip(pool, &set);
        if (cpus_parse_mask(text, &set) == 0)
                round_trip(pool, &set);
        for (unsigned kind = VALUE_FLAG; kind <= VALUE_CHOICE; kind++) {
                enum unit unit = kind == VALUE_NUMBER || kind == VALUE_REAL ? (enum unit)(size % (UNIT_HERTZ + 1)) : UNIT_NONE;

                if (value_parse_kernel(pool, text, (enum value_kind)kind, unit, &value) == 0)
                        value_show(pool, &value);
                if (value_parse(pool, text, (enum value_kind)kind, unit, &value) == 0 && !value_equals(&value, &value))
                        abort();
                if (want_parse(pool, text, (enum value_kind)kind, unit, WANT_ALTERNATIVES, &want, &problem) < 0)
                        continue;
                if (want_target(pool, &want, NULL, &target) == 0)
                        value_kernel(pool, &target);
        }
        return 0;
}

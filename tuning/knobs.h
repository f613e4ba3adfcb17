/* The knobs, one line each: applied from the top, undone from the bottom. */

#pragma once

#include "agent/core/knob.h"

#define KNOBS(K)                                                                                                               \
        K(kernel)                                                                                                              \
        K(cmdline)                                                                                                             \
        K(services)                                                                                                            \
        K(sysctl)                                                                                                              \
        K(hugepages)                                                                                                           \
        K(cpu)                                                                                                                 \
        K(limits)                                                                                                              \
        K(irq)

#define KNOB_DECLARE(name) extern const struct knob knob_##name;
KNOBS(KNOB_DECLARE)
#undef KNOB_DECLARE

/* Ends with NULL; defined in tuning/knobs.c. */
extern const struct knob *const knobs[];

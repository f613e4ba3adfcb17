/* The probes, one line each. */

#pragma once

#include "agent/core/probe.h"

#define PROBES(P)                                                                                                              \
        P(host)                                                                                                                \
        P(os)                                                                                                                  \
        P(cpu)                                                                                                                 \
        P(numa)                                                                                                                \
        P(memory)                                                                                                              \
        P(hugepages)                                                                                                           \
        P(kernel)                                                                                                              \
        P(protection)                                                                                                          \
        P(crash)                                                                                                               \
        P(clock)                                                                                                               \
        P(disk)                                                                                                                \
        P(nvme)                                                                                                                \
        P(pcie)                                                                                                                \
        P(raid)                                                                                                                \
        P(usb)                                                                                                                 \
        P(nic)                                                                                                                 \
        P(unit)                                                                                                                \
        P(service)                                                                                                             \
        P(packages)                                                                                                            \
        P(journal)                                                                                                             \
        P(account)                                                                                                             \
        P(file)                                                                                                                \
        P(port)                                                                                                                \
        P(route)                                                                                                               \
        P(resolver)                                                                                                            \
        P(endpoint)

#define PROBE_DECLARE(name) extern const struct probe probe_##name;
PROBES(PROBE_DECLARE)
#undef PROBE_DECLARE

/* Ends with NULL; defined in probes/probes.c. */
extern const struct probe *const probes[];

/* The table of probes. */

#include "probes/probes.h"

#define PROBE_ROW(name) &probe_##name,
const struct probe *const probes[] = { PROBES(PROBE_ROW) NULL };

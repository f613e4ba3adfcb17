/* The table of knobs. */

#include "tuning/knobs.h"

#define KNOB_ROW(name) &knob_##name,
const struct knob *const knobs[] = { KNOBS(KNOB_ROW) NULL };

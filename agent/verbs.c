/* The table of verbs. */

#include "agent/verb.h"

#define VERB_ROW(name) &verb_##name,
const struct verb *const verbs[] = { VERBS(VERB_ROW) NULL };
_Static_assert(sizeof verbs / sizeof verbs[0] <= VERBS_MAX, "room for the names of all verbs");

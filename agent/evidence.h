/* Evidence: what may have made an item differ from the baseline. A clue says what was found and how well it fits, never that it was so. */

#pragma once

#include "agent/drift.h"
#include "agent/examine.h"

/* From it on a clue is called likely: it names the item and lies between the last audit that found it right and the first that did not, or
 * it makes the item what it is now, whenever that began. */
#define CLUE_LIKELY 70

struct clue {
        const char *kind; /* "command", "file", "hardware", "kernel", "package", "reboot", "tool" */
        unsigned weight;  /* 0 to 100 */
        int64_t at;       /* when, in seconds since the epoch; 0: not known, or now */
        const char *text;
};

/* How much of it: what a capture for others holds is told without what people did, and without the files that they named. */
enum evidence_wanted { EVIDENCE_NONE, EVIDENCE_BUT_PEOPLE, EVIDENCE_ALL };

/* Adds to each row what there is, the best first; what could not be looked at goes into drift->unseen. All of it is the drift's. */
void evidence_find(const struct session *session, const struct examination *examination, const struct history *history,
                   enum evidence_wanted wanted, struct drift *drift);

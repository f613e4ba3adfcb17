/* The laws that hold for every knob on every machine: they are what lets a knob be written without a test of its own. */

#pragma once

#include "agent/core/knob.h"
#include "agent/profile.h"

struct tree;

/* One machine, some knobs, and what came out. */
struct trial {
        const char *host; /* for the report: the name of the tree or of the archive */
        const char *name; /* "all" or the name of the knob that is tried alone */
        struct tree *tree;
        const struct knob *const *knobs; /* ends with NULL */
        const struct profile *profile;
        unsigned most_points; /* at so many changes a fault is tried; beyond it a sample */
        unsigned changes;     /* that a whole apply makes */
        char *before;         /* the fingerprint to come back to */
        unsigned passed, failed;
};

/* Runs the five laws and counts one check for each; prints what does not hold. The tree is left as it was found. */
void laws_run(struct trial *trial);

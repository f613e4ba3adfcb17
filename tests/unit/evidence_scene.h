/* A small machine on which one item drifted, and the clues that are found to it. */

#pragma once

#include "agent/evidence.h"
#include "agent/profile.h"
#include "agent/verb.h"

#include "tests/support/tree.h"

/* 2023-11-14T22:13:20Z, when all was right; the first wrong look is a thousand seconds later. */
#define RIGHT    1700000000
#define WRONG    1700001000
#define BETWEEN  "entry 1700000500000000 "
#define COMMANDS "/.plumbline/ask/journal/commands/day"

struct evidence_scene {
        struct pool *pool;
        struct tree *tree;
        struct profile profile;
        struct session session;
        struct examination examination;
        struct history *history;
        json_t *baseline, *now;
        struct drift *drift;
};

/* A journal and a log of packages that are there and hold nothing; local time is UTC. */
void evidence_scene_open(struct evidence_scene *scene);
void evidence_scene_close(struct evidence_scene *scene);
void evidence_scene_record(struct evidence_scene *scene, int id, int at, const char *boot, const json_t *state);
/* One item was right at the baseline, and was seen wrong by the next audit, in that boot. */
void evidence_scene_drifts(struct evidence_scene *scene, const char *layer, const char *name, const char *from, const char *to,
                           int right, int wrong, const char *boot);
/* The same of several at once, ending with a row of no name; NULL: it was not there, or is gone. */
struct evidence_change {
        const char *name, *from, *to;
};
void evidence_scene_changes(struct evidence_scene *scene, const char *layer, const struct evidence_change *changes, int right,
                            int wrong, const char *boot);
/* "95 command alice by sudo: ...; 35 ..." of the first item. */
const char *evidence_scene_clues(struct evidence_scene *scene);
/* Of these the commands alone. */
const char *evidence_scene_commands(struct evidence_scene *scene);
/* Of the item of this name, once they are found. */
const char *evidence_scene_clues_of(struct evidence_scene *scene, const char *name);

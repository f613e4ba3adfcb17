/* The history: what audits, applies and baselines found, kept small for years.
 *
 * Folder /var/lib/plumbline/history, segments NNNNNNNN.log named after the first id in them. One record a line: 16 hex digits (the start of
 * the SHA-256 of what follows the blank), a blank, a JSON object. A segment begins with a whole record; the next ones hold what
 * differs from the one before. Audits that find the same only add a number, the seconds since the one before, to a list: first in
 * the file `last`, which is replaced each time, then in a line of the segment.
 *
 *     {"record": "whole", "id": 1, "at": 1763717400, "verb": "audit", "boot_id": "...", "profile": "trading", "sha256": "...",
 *      "exit": 0, "verdict": "ready", "wrong": [IDS], "carried": ["LAYER NAME", ...], "known": {FAMILY: WORDS}, "state": {...}}
 * A record that became the baseline has "ledger", too, as the baseline itself.
 *     {"record": "change", "id": 9, ..., "state": DIFFERENCE}    without boot_id, profile, sha256, wrong, carried and known where they
 *                                                                are as before
 *     {"record": "again", "id": 10, "after": [900, 902, ...]} */

#pragma once

#include "agent/core/host.h"

#include <jansson.h>

/* Before there is more than either, the oldest segment goes. An audit every quarter of an hour makes 35 040 a year: four bytes each where nothing changed,
 * some 170 where something did. */
#define HISTORY_AUDITS_MAX 40000U
#define HISTORY_BYTES_MAX  (1024U * 1024)

/* Members that a change leaves out where they are as before: boot_id, profile, sha256, wrong, unread, carried, known. */
#define HISTORY_INHERITED 7

/* A record names no more than these in "wrong" and "unread". Where it names so many, it tells of none that it
 * does not name. */
#define HISTORY_WRONG_MAX  64U
#define HISTORY_UNREAD_MAX 256U

/* One record and the audits after it that found the same. */
struct history_record {
        unsigned id;
        int64_t at;                                 /* seconds since the epoch */
        const json_t *json;                         /* never NULL; what a change leaves out tells history_member */
        const json_t *inherited[HISTORY_INHERITED]; /* its own, or of the one before; NULL: none, or lost */
        bool whole;
        bool lost; /* a record before it is damaged: its state is not known */
        size_t again_count;
        const int64_t *again; /* when; their ids follow on */
};

struct history {
        struct pool *pool; /* owns all below */
        size_t count;
        struct history_record *records; /* ids and places rise */
        size_t damaged_count;
        const char **damaged; /* "00000001.log, line 7: ..." */
        json_t *kept;
};
/* What there is; a damaged record is skipped and named, no folder is an empty history. */
int history_read(struct host *host, struct history **history);
void history_free(struct history *history);
void history_release(struct history **history);
#define autohistory __attribute__((cleanup(history_release)))
/* The record that this id belongs to; NULL. *at: when that audit was. */
const struct history_record *history_find(const struct history *history, unsigned id, int64_t *at);
/* The whole state at a record; NULL where it is lost. The caller owns it. */
json_t *history_state(const struct history *history, const struct history_record *record);
/* The record as one that is whole: with its whole state, and what it has from those before it. NULL where it is lost. The caller owns it. */
json_t *history_whole(const struct history *history, const struct history_record *record);
/* A member of the record, or of the one that a change has it from; NULL: neither has it. */
json_t *history_member(const struct history_record *record, const char *name);
/* The text of such a member; "" where it has none. */
const char *history_text(const struct history_record *record, const char *name);
/* "2026-11-20T09:30:00Z" */
const char *history_time(struct pool *pool, int64_t at);

/* Adds one: entry has all members of a whole record but "record" and "id". fill, unless NULL, may complete the entry while nobody else adds
 * one, from the state before (NULL: none) and the time of the newest audit of the same boot (0: there is none). *id: its own. -EBUSY: another one is being added all the time. */
struct history_fill {
        void (*call)(json_t *entry, const json_t *before, int64_t newest, const void *with);
        const void *with;
};
int history_add(struct host *host, json_t *entry, const struct history_fill *fill, unsigned *id);

/* Drift: what differs from the baseline, and since when. */

#pragma once

#include "agent/history.h"
#include "agent/profile.h"

#include <jansson.h>
#include <limits.h>

struct clue;

#define DRIFT_NOW UINT_MAX

/* One item. Between its last right look and its first wrong one lies what did it: whoever looks for evidence looks there. Looks are told by
 * their ids, which rise; their times need not, since a clock may be set back. */
struct drift_row {
        const char *layer, *name;
        const char *baseline, *now; /* NULL: there was, or is, no such thing */
        int64_t last_right;         /* when it was last seen as in the baseline */
        int64_t first_seen;         /* when it was first seen otherwise since then; before last_right: the clock was set back */
        int64_t since;              /* the latest time of a right look that is no later than first_seen; 0: none is */
        unsigned right_look;        /* id of the last right look */
        unsigned wrong_look;        /* of the first wrong one; DRIFT_NOW: nobody looked before now */
        const char *right_boot;     /* boot id then; NULL: not known */
        const char *wrong_boot;     /* the same; NULL too where nobody looked before now */
        bool unreadable;            /* now; what it is cannot be told */
        bool with_device;           /* it is gone with its device: nothing is left of nic.eth2.* */
        uint64_t looks;             /* this one and those before it since the baseline, from bit 0 on: set where it differed */
        bool fleeting;              /* seen too seldom, by the profile's hysteresis, to decide anything yet */
        const char *waiver;         /* "until 2026-12-31 by ops: ...": accepted for a time; NULL: it is not */
        const char *ended;          /* "the waiver of ops ended on 2001-12-31"; NULL: none did */
        size_t clue_count;
        struct clue *clues; /* what may have done it; see evidence.h */
        size_t clues_left;  /* how many more were found, none of them more likely */
};

struct drift {
        struct pool *pool; /* owns all below */
        size_t count;
        size_t new_count;       /* facts that the version which took the baseline could not tell: not compared, and no rows */
        size_t untold_count;    /* facts of the baseline that this version cannot tell: the same */
        bool looked;            /* for evidence */
        const char *unseen;     /* where evidence could not be looked for; NULL: everywhere it was, or nowhere */
        struct drift_row *rows; /* by layer, then in natural order by name */
};

/* baseline: a whole record; now: the present state, looked at at that time, in the boot of this id (NULL: not known). history may be NULL: then no row is dated. The texts
 * are copied. */
struct drift *drift_find(const json_t *baseline, const json_t *now, const char *boot, int64_t at,
                         const struct history *history);
/* Rows that say that one device is gone are told in one, where they decide alike. Is this one told with one before it? */
bool drift_is_told(const struct drift *drift, size_t at);
/* How many are told with this one, itself among them; and the one whose times and clues hold for all: that which was right last. */
const struct drift_row *drift_tell_together(const struct drift *drift, size_t from, size_t *count);
/* "nic.eth2." of nic.eth2.speed, without its end: its size. 0: the name is of no device. */
size_t drift_device_size(const char *name);
/* Marks the rows that have not differed often enough yet. */
void drift_settle(struct drift *drift, const struct profile *profile);
/* Marks the rows that a waiver of the profile is for. today: "2026-11-20". */
void drift_waive(struct drift *drift, const struct profile *profile, const char *today);
void drift_free(struct drift *drift);
void drift_release(struct drift **drift);
#define autodrift __attribute__((cleanup(drift_release)))

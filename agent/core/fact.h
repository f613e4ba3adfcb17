/* Facts: what is, each with a typed value, a source, a reach and a status. */

#pragma once

#include "agent/core/value.h"

struct journal_watch;
struct pool;

/* How much reading disturbs a box that trades. */
enum reach {
        REACH_QUIET,      /* the kernel answers from memory */
        REACH_TOUCHING,   /* takes a lock others need, asks a device, walks processes */
        REACH_DISTURBING, /* interrupts other CPUs */
};
const char *reach_name(enum reach reach);

enum fact_status {
        FACT_KNOWN,
        FACT_ABSENT,     /* this host has no such thing */
        FACT_UNREADABLE, /* it may have; error says why we do not know */
};

/* What a probe can tell: one row for each fact, with '*' where the name of a device or node stands. */
struct fact_info {
        const char *name; /* "cpu.cores", "nvme.*.size" */
        enum value_kind kind;
        enum unit unit;
        enum reach reach;
        const char *help;  /* what it is and why it matters: whole sentences */
        const char *where; /* where it is read, first source first */
};

struct fact {
        const char *name;
        const struct fact_info *info;
        enum fact_status status;
        struct value value;       /* FACT_KNOWN only */
        int error;                /* FACT_UNREADABLE only: negative errno */
        const char *source;       /* the file or question that answered */
        const char *note;         /* how sure, or what is odd; may be NULL */
        bool at_least;            /* FACT_KNOWN only: what is there may be more than the value, and is not less */
        const struct value *next; /* FACT_KNOWN only: what it will be after a reboot; NULL: the same, or nobody knows */
};

struct facts {
        struct pool *pool; /* owns all below */
        size_t count;
        struct fact *rows;
        /* Where each row is by its name: a row's number plus one in the first free place from the hash on, 0 for none. At least half of
         * the places are free; their number is a power of two. */
        size_t *places, place_count;
        /* Families that could not be listed, each as an unreadable row with a pattern for a name. They are no facts: nobody finds them
         * among the rows. */
        size_t unlisted_count;
        struct fact *unlisted;
        /* The table of the probe that is running: every fact must match a row of it. */
        const struct fact_info *infos; /* ends with name NULL */
        /* Names, their first parts and patterns that somebody asks for, ending with NULL, kept by the caller. NULL: all that can be told without a name. */
        const char *const *asked;
        const struct journal_watch *journal; /* which errors count; NULL: all since the boot */
};

struct facts *facts_new(void);
void facts_free(struct facts *facts);
/* A local that frees itself: `autofacts struct facts *facts = facts_new();` */
void facts_release(struct facts **facts);
#define autofacts __attribute__((cleanup(facts_release)))

/* Each adds one fact, copying what it is given. The name is the format; a name that no row of facts->infos matches, or a value
 * of another kind than that row says, aborts: it is a mistake in the probe. A name that is already there is left as it was. */
void fact_known(struct facts *facts, struct value value, const char *source, const char *name, ...)
        __attribute__((format(printf, 4, 5)));
void fact_absent(struct facts *facts, const char *source, const char *name, ...) __attribute__((format(printf, 3, 4)));
/* error: negative errno. */
void fact_unknown(struct facts *facts, int error, const char *source, const char *name, ...)
        __attribute__((format(printf, 4, 5)));
/* What a family of facts is about could not be listed: a fact that is not there, and whose name the pattern matches ("nvme.*",
 * "hugepages.node1.*"), may have been left out. error: negative errno. A folder that is not there is no such error: it lists nothing.
 * Copies; of a pattern that is there already the first error stays. */
void fact_unlisted(struct facts *facts, int error, const char *source, const char *pattern, ...)
        __attribute__((format(printf, 4, 5)));
/* What was added from this row on is unknown after all. error: negative errno. */
void fact_forget(struct facts *facts, size_t first, int error);
/* Says what the known fact of this name will be after a reboot; copies. Without such a fact nothing is said. */
void fact_next(struct facts *facts, const char *name, struct value value);
/* The value of the fact added last, which is known, is the least that there is. */
void fact_at_least(struct facts *facts);
/* Adds a remark to the fact added last. */
void fact_note(struct facts *facts, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The family that could not be listed to which this name, or some name of this pattern, would belong; NULL: all of them were. */
const struct fact *fact_family_unlisted(const struct facts *facts, const char *pattern);
/* NULL if there is none. */
const struct fact *fact_find(const struct facts *facts, const char *name);
/* The words for a reader: "needs root", "left unread: reading it disturbs", or strerror. */
const char *error_words(int error);
/* Natural order by name. */
void facts_sort(struct facts *facts);
/* Does anybody ask for this fact? For what takes long to find out: the rest is told unasked. */
bool fact_is_asked(const struct facts *facts, const char *name);
/* What somebody names in the place of the '*' of this row, in the order of asking: "443" of "port.tcp.443.state". *at starts with 0
 * and moves on; NULL at the end. A pattern names nothing. It lives as long as the facts. */
const char *fact_named(const struct facts *facts, const char *row, size_t *at);
/* The row whose pattern the name matches; NULL if none. infos ends with name NULL. */
const struct fact_info *fact_info_match(const struct fact_info *infos, const char *name);

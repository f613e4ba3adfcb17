/* Which entries of the journal count: how far back, and what is allowed. */

#pragma once

#include "agent/core/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

enum journal_by { JOURNAL_BY_UNIT, JOURNAL_BY_MESSAGE_ID, JOURNAL_BY_PATTERN };

struct journal_allow {
        enum journal_by by;
        const char *text; /* the unit, the id in 32 hex digits, the extended regular expression */
};

struct journal_watch {
        uint64_t window_s; /* 0: this boot */
        size_t allow_count;
        struct journal_allow *allows;
};

struct journal_entry {
        const char *unit, *id, *message; /* "-": it has none */
};
/* Does the watch's list name this entry? No watch allows nothing. */
bool journal_allows(const struct journal_watch *watch, const struct journal_entry *entry);
/* A line "entry UNIT MESSAGE_ID MESSAGE" of an answer, in the pool; false for any other. */
bool journal_read_entry(struct pool *pool, struct slice line, struct journal_entry *entry);

/* Is it worth telling what the kernel said: its warnings and worse (priority "0" to "4"); and that a link went, came or is slow, that a CPU
 * went, or an array is put together anew, which it only mentions. */
bool journal_is_telling(const char *priority, const char *message);

/* The seconds of "day", "week", "month" or "year"; 0: no such window. */
int64_t journal_window_seconds(const char *name);
/* The smallest of them that holds so many seconds, else "year". */
const char *journal_window_for(int64_t seconds);

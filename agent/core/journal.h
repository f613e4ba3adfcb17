/* Which entries of the journal count: how far back, and what is allowed. */

#pragma once

#include <stddef.h>
#include <stdint.h>

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

/* The seconds of "day", "week", "month" or "year"; 0: no such window. */
int64_t journal_window_seconds(const char *name);
/* The smallest of them that holds so many seconds, else "year". */
const char *journal_window_for(int64_t seconds);

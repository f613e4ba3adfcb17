/* What the two files of the options share; nobody else includes this. */

#pragma once

#include "agent/verb.h"

enum option_name {
        NAME_ROOT,
        NAME_PROFILE,
        NAME_FORMAT,
        NAME_OUTPUT,
        NAME_QUIET_ONLY,
        NAME_SETTLE,
        NAME_MAX_AGE,
        NAME_TIME_LIMIT,
        NAME_ALERT_AFTER,
        NAME_BEFORE_START,
        NAME_AFTER_APPLY,
        NAME_JOURNAL,
        NAME_RUNNING,
        NAME_REDACT,
        NAME_NO_REDACT,
        NAME_EVIDENCE,
        NAME_COLOR,
        NAME_VERBOSE,
        NAME_HELP
};

/* Takes the value of an option into the options; value: NULL where it takes none. False after a complaint. */
bool option_set(const struct verb *verb, enum option_name name, const char *value, struct options *options);
/* Takes a format that this verb has, and leaves any other word alone. */
bool option_format(const struct verb *verb, const char *word, struct options *options);
/* Adds the formats of a verb, with a word between them. */
void option_add_formats(const struct verb *verb, const char *between, struct text_buffer *out);
/* Complains about a word of this kind; nearest: one that is known, or NULL. Always false. */
bool option_unknown(const struct verb *verb, const char *what, const char *word, const char *nearest);

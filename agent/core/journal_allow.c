/* Which entries of the journal somebody allowed. */

#include "agent/core/journal.h"

#include "agent/core/pattern.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

bool journal_allows(const struct journal_watch *watch, const struct journal_entry *entry)
{
        const struct value message = { .kind = VALUE_TEXT, .text = entry->message };

        for (size_t i = 0; watch && i < watch->allow_count; i++) {
                const struct journal_allow *allow = &watch->allows[i];

                if (allow->by == JOURNAL_BY_UNIT && text_equals(allow->text, entry->unit))
                        return true;
                if (allow->by == JOURNAL_BY_MESSAGE_ID && text_equals(allow->text, entry->id))
                        return true;
                if (allow->by == JOURNAL_BY_PATTERN && pattern_matches(allow->text, &message))
                        return true;
        }
        return false;
}

bool journal_read_entry(struct pool *pool, struct slice line, struct journal_entry *entry)
{
        struct slice word, unit, id;

        if (!slice_word(&line, " ", &word) || !slice_equals(word, "entry") || !slice_word(&line, " ", &unit) ||
            !slice_word(&line, " ", &id) || !line.size)
                return false;
        *entry = (struct journal_entry){ slice_dup(pool, unit), slice_dup(pool, id), slice_dup(pool, slice_trim(line)) };
        return true;
}

/* What a line of a file sets an item to: the baseline's value, or another. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SEPARATORS " \t'\"|,"

static const char *spaced(struct pool *pool, const char *text)
{
        autobuffer struct text_buffer words = { 0 };
        struct slice word;

        while (text_word(&text, SEPARATORS, &word))
                text_addf(&words, " %.*s", (int)word.size, word.at);
        text_add(&words, " ");
        return pool_dup(pool, words.at);
}

/* What a file may write for an item's text: 1 for yes, 9000 for 9000 B. */
static bool holds(struct pool *pool, const char *value, const char *have)
{
        static const char *const flags[][5] = { { "yes", "1", "on", "true", "y" }, { "no", "0", "off", "false", "n" } };
        const char *words = spaced(pool, value);

        if (!have)
                return false;
        if (text_ends(have, " B"))
                have = pool_copy(pool, have, strlen(have) - strlen(" B"));
        if (strstr(words, spaced(pool, have)))
                return true;
        for (size_t i = 0; i < 2; i++)
                for (size_t j = 1; text_equals(have, flags[i][0]) && j < 5; j++)
                        if (strstr(words, pool_format(pool, " %s ", flags[i][j])))
                                return true;
        return false;
}

enum saying evidence_saying(struct pool *pool, const struct drift_row *row, const char *value)
{
        return holds(pool, value, row->baseline) && !holds(pool, value, row->now) ? SAYS_BASELINE : SAYS;
}

const char *evidence_set_value(const char *line, const char *words)
{
        struct slice word;

        while (text_word(&words, " ", &word)) {
                const char *behind = line + word.size;

                if (strncmp(line, word.at, word.size) == 0 && behind[strspn(behind, " \t")] == '=')
                        return strchr(behind, '=') + 1;
        }
        return NULL;
}

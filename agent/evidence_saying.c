/* What a line of a file sets an item to: the value that it has now, the baseline's, or another. */

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
static bool holds_one(struct pool *pool, const char *words, const char *have)
{
        /* "auto" of auto-cpufreq is either, by the load. */
        static const char *const flags[][7] = { { "yes", "1", "on", "true", "y", "always", "auto" },
                                                { "no", "0", "off", "false", "n", "never", "auto" } };

        if (text_ends(have, " B"))
                have = pool_copy(pool, have, strlen(have) - strlen(" B"));
        if (strstr(words, spaced(pool, have)))
                return true;
        for (size_t i = 0; i < 2; i++)
                for (size_t j = 1; text_equals(have, flags[i][0]) && j < sizeof flags[0] / sizeof flags[0][0]; j++)
                        if (strstr(words, pool_format(pool, " %s ", flags[i][j])))
                                return true;
        return false;
}

/* Of a setting with many places the text is of all of them: "powersave on 12 of 13, performance on policy3" (state_look.c). */
static bool holds(struct pool *pool, const char *value, const char *have)
{
        const char *words = spaced(pool, value);

        if (have && holds_one(pool, words, have))
                return true;
        for (const char *end; have && *have; have = end + strspn(end, ", ")) {
                const char *on;

                end = strstr(have, ", ");
                end = end ? end : have + strlen(have);
                on = strstr(have, " on ");
                if (holds_one(pool, words, pool_copy(pool, have, (size_t)((on && on < end ? on : end) - have))))
                        return true;
        }
        return false;
}

enum saying evidence_saying(struct pool *pool, const struct drift_row *row, const char *value)
{
        if (holds(pool, value, row->now))
                return SAYS;
        return holds(pool, value, row->baseline) ? SAYS_BASELINE : SAYS_OTHER;
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

/* Variables in the settings of a profile: which there are, and what takes their place. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

bool profile_has_variable(const char *text)
{
        return strstr(text, "${") != NULL;
}

int profile_check_variables(struct sections *sections, const struct node *at)
{
        static const char *const names[] = { "cpus.housekeeping", "cpus.isolated", NULL };
        struct reading *reading = sections->reading;

        for (const char *start = strstr(at->text, "${"); start; start = strstr(start + 2, "${")) {
                const char *end = strchr(start, '}');
                struct node wrong = *at;

                if (!end)
                        return reading_problem(reading, at,
                                               "found \"${\" without \"}\" in %s, expected " HOUSEKEEPING " or " ISOLATED,
                                               reading_found(reading, at));
                wrong.text = pool_copy(reading->pool, start + 2, (size_t)(end - start) - 2);
                if (!text_equals(wrong.text, names[0]) && !text_equals(wrong.text, names[1]))
                        return reading_unknown(reading, &wrong, "variable", names);
        }
        if (!sections->profile->cpus_from)
                return reading_problem(reading, at, "found a variable in %s, expected a section \"cpus\" that gives it a value",
                                       reading_found(reading, at));
        return 0;
}

const char *profile_replace_variables(struct pool *pool, const char *text, const char *housekeeping, const char *isolated)
{
        autobuffer struct text_buffer result = { 0 };
        const char *start;

        while ((start = strstr(text, "${"))) {
                text_add_bytes(&result, text, (size_t)(start - text));
                if (text_starts(start, HOUSEKEEPING)) {
                        text_add(&result, housekeeping);
                        text = start + strlen(HOUSEKEEPING);
                } else if (text_starts(start, ISOLATED)) {
                        text_add(&result, isolated);
                        text = start + strlen(ISOLATED);
                } else { /* not reached with a text that was checked */
                        text_add(&result, "${");
                        text = start + 2;
                }
        }
        text_add(&result, text);
        return pool_dup(pool, result.at);
}

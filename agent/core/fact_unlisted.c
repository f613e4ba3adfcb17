/* Families of facts that could not be listed: what of them is missing may be there. */

#include "agent/core/fact.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdarg.h>

void fact_unlisted(struct facts *facts, int error, const char *source, const char *pattern, ...)
{
        /* Listing asks no device, whatever its members would take. */
        static const struct fact_info family = { .kind = VALUE_TEXT, .unit = UNIT_NONE, .reach = REACH_QUIET };
        const char *name;
        va_list args;

        va_start(args, pattern);
        name = pool_vformat(facts->pool, pattern, args);
        va_end(args);
        for (size_t i = 0; i < facts->unlisted_count; i++)
                if (text_equals(facts->unlisted[i].name, name))
                        return;
        facts->unlisted = pool_grow(facts->pool, facts->unlisted, facts->unlisted_count, sizeof *facts->unlisted);
        facts->unlisted[facts->unlisted_count++] = (struct fact){
                .name = name,
                .info = &family,
                .status = FACT_UNREADABLE,
                .error = error,
                .source = pool_dup(facts->pool, source),
        };
}

const struct fact *fact_family_unlisted(const struct facts *facts, const char *pattern)
{
        for (size_t i = 0; i < facts->unlisted_count; i++)
                if (text_patterns_meet(facts->unlisted[i].name, pattern))
                        return &facts->unlisted[i];
        return NULL;
}

/* What the parts of the probe of the processors share. */

#include "probes/cpu_parts.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

const char *cpu_add_word(struct pool *pool, const char *list, const char *text)
{
        const char *cursor = list;
        struct slice item;

        while (cursor && text_word(&cursor, " ", &item))
                if (slice_equals(item, text))
                        return list;
        return list ? pool_format(pool, "%s %s", list, text) : text;
}

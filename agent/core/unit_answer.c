/* Reads what systemd answers when it is asked for a unit. */

#include "agent/core/unit_answer.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

int unit_ask(struct host *host, struct pool *pool, const char *unit, const char **answer)
{
        const void *bytes;
        size_t size;
        int r;

        r = host_ask(host, pool, &bytes, &size, "unit/%s", unit);
        if (r >= 0)
                *answer = pool_copy(pool, bytes, size);
        return r < 0 ? r : 0;
}

const char *unit_property(struct pool *pool, const char *answer, const char *property)
{
        size_t size = strlen(property);
        struct slice line;

        while (text_line(&answer, &line))
                if (line.size > size && line.at[size] == '=' && memcmp(line.at, property, size) == 0)
                        return text_trim(pool, pool_copy(pool, line.at + size + 1, line.size - size - 1));
        return NULL;
}

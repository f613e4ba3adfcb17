/* The name of an item, taken apart. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

const char *evidence_device(struct pool *pool, const char *name)
{
        size_t size = drift_device_size(name), head = strcspn(name, ".") + 1;

        return size ? pool_copy(pool, name + head, size - head - 1) : NULL;
}

bool evidence_matches(struct pool *pool, const char *name, const char *patterns)
{
        struct slice pattern;

        while (text_word(&patterns, " ", &pattern))
                if (text_matches(name, slice_dup(pool, pattern)))
                        return true;
        return false;
}

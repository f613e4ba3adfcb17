/* The whole of an open file. */

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (16U * 1024 * 1024)
#define PAGE     4096U

/* Into room of its own where the size is known to be large, so that it is neither moved nor copied. */
int door_slurp(int fd, struct door_size known, struct pool *pool, const void **bytes, size_t *size)
{
        bool large = known.expected >= PAGE && known.expected < FILE_MAX;
        size_t capacity = large ? (size_t)known.expected + 1 : 2 * PAGE, used = 0;
        autofree char *larger = NULL;
        char room[2 * PAGE], *at = large ? pool_room(pool, capacity) : room;
        bool kept = large;

        for (;;) {
                ssize_t got = read(fd, at + used, capacity - used);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return -errno;
                used += (size_t)got;
                if (used > FILE_MAX)
                        return -EFBIG;
                if (got == 0 || (known.short_ends && got < PAGE && used < capacity) || used == known.expected)
                        break;
                if (used < capacity)
                        continue;
                capacity *= 4;
                larger = memory_resize(larger, capacity);
                if (at == room || kept)
                        memcpy(larger, at, used);
                kept = false;
                at = larger;
        }
        if (kept)
                at[used] = '\0';
        *bytes = kept ? at : pool_copy(pool, at, used);
        *size = used;
        return 0;
}

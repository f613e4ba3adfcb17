/* Room in the history: how far a segment goes, and what has to go before more is written. */

#include "agent/history_inside.h"

#include "agent/core/pool.h"

#define SEGMENT_BYTES  (64U * 1024)
#define SEGMENT_AUDITS 2048U
#define SEGMENTS_KEPT  256U
#define LAST_ROOM      (16U * 1024) /* for `last` and the one that replaces it, while both are there: 512 numbers of 14 bytes each */
#define SEGMENTS_ROOM  (HISTORY_BYTES_MAX - LAST_ROOM)
#define NUMBERS_ROOM   (HISTORY_BYTES_MAX / 6) /* for the repetitions: four bytes each */

/* So many that the whole records of all that is kept fit beside the repetitions. */
unsigned history_segment_audits(size_t first)
{
        size_t segments = first ? (HISTORY_BYTES_MAX - NUMBERS_ROOM) / first : SEGMENTS_KEPT;
        unsigned audits = segments ? (unsigned)(HISTORY_AUDITS_MAX / segments) : HISTORY_AUDITS_MAX;

        return audits < SEGMENT_AUDITS ? SEGMENT_AUDITS : audits;
}

/* Changes take as much as the whole record before them, or what leaves two segments. Where a second one could hold next to none, there is
 * one, which takes what there is. */
size_t history_segment_bytes(size_t first)
{
        size_t most = 2 * first > SEGMENT_BYTES ? 2 * first : SEGMENT_BYTES;

        if (first > SEGMENTS_ROOM / 5 * 2)
                return SEGMENTS_ROOM;
        return most < SEGMENTS_ROOM / 2 ? most : SEGMENTS_ROOM / 2;
}

static uint64_t size_of(struct host *host, const char *name)
{
        struct host_stat stat;

        return host_stat(host, &stat, HISTORY_FOLDER "/%s", name) < 0 ? 0 : stat.size;
}

bool history_room(struct host *host, const char *keep, unsigned next, size_t size)
{
        const struct content gone = { .kind = CONTENT_ABSENT };
        autopool struct pool *pool = pool_new();
        const char *const *names;
        uint64_t bytes = size;
        size_t count = 0;

        if (history_segments(host, pool, &names) < 0)
                return true;
        while (names[count])
                bytes += size_of(host, names[count++]);
        for (; *names; names++, count--) {
                const char *path = pool_format(pool, HISTORY_FOLDER "/%s", *names);
                uint64_t freed = size_of(host, *names);

                if (bytes <= SEGMENTS_ROOM && count < SEGMENTS_KEPT && next - history_segment_id(*names) < HISTORY_AUDITS_MAX)
                        return true;
                if (text_equals(path, keep))
                        return false;
                /* What cannot be taken away makes no other go. */
                if (host_replace(host, path, &gone) < 0)
                        return true;
                bytes -= freed;
        }
        return bytes <= SEGMENTS_ROOM;
}

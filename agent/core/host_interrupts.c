/* The door, reading side: the table of interrupts, whatever its size. */

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TABLE     "/proc/interrupts"
#define TABLE_MAX (UINT64_C(1) << 30) /* 4096 interrupts on 8192 CPUs are 400 MB */
#define ROW_FIRST (64U * 1024)
#define ROW_MAX   (1024U * 1024) /* 8192 CPUs are 90 kB */
#define SUMS_MAX  (16U * 1024 * 1024)

struct condenser {
        struct text_buffer sums;
        size_t cpus; /* columns of the first row */
        bool begun;
};

static bool is_count(struct slice word, uint64_t *count)
{
        *count = 0;
        for (size_t i = 0; i < word.size; i++) {
                if (word.at[i] < '0' || word.at[i] > '9')
                        return false;
                if (__builtin_mul_overflow(*count, 10, count) ||
                    __builtin_add_overflow(*count, (uint64_t)(word.at[i] - '0'), count))
                        return false;
        }
        return true;
}

/* Behind the counts stand words. False: some of the counts are none, or too many to add up. *rest: what stands behind them. */
static bool add_up(struct slice *rest, size_t cpus, uint64_t *sum)
{
        size_t found = 0;

        *sum = 0;
        while (!cpus || found < cpus) {
                struct slice before = *rest, word;
                uint64_t count;

                if (!slice_word(rest, " \t", &word))
                        break;
                if (!is_count(word, &count)) {
                        *rest = before;
                        return found && (word.at[0] < '0' || word.at[0] > '9');
                }
                found++;
                if (__builtin_add_overflow(*sum, count, sum) || *sum > INT64_MAX)
                        return false;
        }
        return found > 0;
}

/* "  45:  10  20  PCI-MSI 5-edge  nvme0q1" becomes "  45:         30  PCI-MSI 5-edge  nvme0q1"; what is not such a row stays as it is. */
static void take_row(struct condenser *condenser, struct slice row)
{
        struct slice rest = row, label, word;
        uint64_t sum;

        if (!slice_word(&rest, " \t", &label))
                return;
        if (!condenser->begun) {
                condenser->begun = true;
                text_add(&condenser->sums, "           CPU0\n");
                if (label.size > 3 && !memcmp(label.at, "CPU", 3)) {
                        for (condenser->cpus = 1; slice_word(&rest, " \t", &word); condenser->cpus++) {
                        }
                        return;
                }
        }
        if (label.at[label.size - 1] == ':' && add_up(&rest, condenser->cpus, &sum)) {
                rest = slice_trim(rest);
                text_addf(&condenser->sums, "%*.*s %10llu  %.*s\n", label.size < 5 ? 5 : (int)label.size, (int)label.size,
                          label.at, (unsigned long long)sum, (int)rest.size, rest.at);
        } else {
                text_addf(&condenser->sums, "%.*s\n", (int)row.size, row.at);
        }
}

/* Whole rows are taken; the rest moves to the front. ended: what is left is the last row. */
static int take_rows(struct condenser *condenser, char *room, size_t *used, bool ended)
{
        size_t at = 0;

        for (;;) {
                const char *end = memchr(room + at, '\n', *used - at);

                if (!end)
                        break;
                take_row(condenser, (struct slice){ room + at, (size_t)(end - room) - at });
                at = (size_t)(end + 1 - room);
        }
        if (ended && at < *used) {
                take_row(condenser, (struct slice){ room + at, *used - at });
                at = *used;
        }
        *used -= at;
        memmove(room, room + at, *used);
        return condenser->sums.size > SUMS_MAX ? -EFBIG : 0;
}

static int condense(int fd, struct condenser *condenser)
{
        size_t capacity = ROW_FIRST, used = 0;
        autofree char *room = memory_resize(NULL, capacity);
        uint64_t all = 0;
        int r = 0;

        while (r == 0) {
                ssize_t got;

                if (used == capacity && capacity == ROW_MAX)
                        return -EFBIG;
                if (used == capacity) {
                        capacity *= 4;
                        room = memory_resize(room, capacity);
                }
                got = read(fd, room + used, capacity - used);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return -errno;
                if (memchr(room + used, 0, (size_t)got))
                        return -EILSEQ;
                all += (uint64_t)got;
                used += (size_t)got;
                if (all > TABLE_MAX)
                        return -EFBIG;
                r = take_rows(condenser, room, &used, got == 0);
                if (got == 0)
                        break;
        }
        return r;
}

static int open_and_condense(struct host *host, struct pool *pool, const char **text)
{
        struct condenser condenser = { 0 };
        autoclose int fd = -1;
        uint64_t size;
        int r;

        fd = door_open_regular(host, TABLE, &size);
        if (fd < 0)
                return door_seen_part(host, "read", TABLE, fd, -1);
        r = condense(fd, &condenser);
        r = door_read_end(host, TABLE, fd, r, condenser.sums.size, 0);
        if (r == 0)
                *text = pool_dup(pool, condenser.sums.at ? condenser.sums.at : "");
        text_buffer_free(&condenser.sums);
        return r;
}

int host_interrupts(struct host *host, struct pool *pool, const char **text)
{
        const char *sums = "";
        int r;

        r = door_knock(host, door_reach(TABLE), TABLE);
        if (r == 0)
                r = open_and_condense(host, pool, &sums);
        /* A capture holds what was given, of which the same is made again. */
        door_note_bytes(host, "read", TABLE, r, slice_of(sums));
        if (r == 0)
                *text = sums;
        return r;
}

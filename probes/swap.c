/* Swap: how much, how full, and whether it has disks of its own. */

#include "probes/swap.h"

#include "agent/core/host.h"
#include "agent/core/meminfo.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/mounts.h"

#include <errno.h>
#include <string.h>

#define SWAPS     "/proc/swaps"
#define SWAPS_MAX 32 /* MAX_SWAPFILES of linux/swap.h is 32 at most */

struct swaps {
        size_t count;
        struct swap {
                const char *device;
                bool is_file;
        } * rows;
        uint64_t size, used; /* bytes */
};

/* "Filename Type Size Used Priority" and a line for each. A blank in the name is written "\040". */
static int parse_swaps(struct pool *pool, const char *text, struct swaps *swaps)
{
        struct slice line;

        if (!text_line(&text, &line) || line.size < 8 || memcmp(line.at, "Filename", 8) != 0)
                return -EINVAL;
        while (text_line(&text, &line)) {
                struct slice device, type, size, used;
                uint64_t size_kib, used_kib, bytes;

                if (!slice_word(&line, " \t", &device))
                        continue;
                if (!slice_word(&line, " \t", &type) || !slice_word(&line, " \t", &size) || !slice_word(&line, " \t", &used) ||
                    text_u64(slice_dup(pool, size), 10, &size_kib) < 0 || text_u64(slice_dup(pool, used), 10, &used_kib) < 0 ||
                    used_kib > size_kib || __builtin_mul_overflow(size_kib, 1024, &bytes) ||
                    __builtin_add_overflow(swaps->size, bytes, &swaps->size) || swaps->size > INT64_MAX)
                        return -EINVAL;
                if (swaps->count == SWAPS_MAX)
                        return -EINVAL;
                swaps->used += used_kib * 1024;
                swaps->rows = pool_grow(pool, swaps->rows, swaps->count, sizeof *swaps->rows);
                swaps->rows[swaps->count++] =
                        (struct swap){ .device = slice_dup(pool, device), .is_file = slice_equals(type, "file") };
        }
        return 0;
}

/* Where /proc/swaps is missing (a small capture, a kernel without swap) the totals still tell how full it is. */
static int totals_of_meminfo(struct host *host, struct pool *pool, struct swaps *swaps)
{
        int64_t total = 0, unused = 0;
        const char *text;
        int r;

        r = host_read(host, pool, &text, "/proc/meminfo");
        if (r == 0)
                r = meminfo_find(text, "SwapTotal", &total);
        if (r == 0)
                r = meminfo_find(text, "SwapFree", &unused);
        if (r < 0)
                return r;
        if (unused < 0 || unused > total)
                return -EINVAL;
        swaps->size = (uint64_t)total;
        swaps->used = (uint64_t)(total - unused);
        return 0;
}

/* Of something mounted, or with number NULL of any device. */
static int disks_of(struct host *host, struct pool *pool, const char *number, const char *device,
                    const struct block_disk **disks, size_t *count)
{
        const char *name;
        int r;

        r = block_mounted(host, pool, number, device, &name);
        return r < 0 ? r : block_disks(host, pool, name, disks, count);
}

/* 1: its disks are its own; 0: not, and *why says so. */
static int is_separate(struct host *host, struct pool *pool, const struct swap *swap, const struct block_disk *root,
                       size_t root_count, const char **why)
{
        const struct block_disk *disks;
        size_t count;
        int r;

        if (swap->is_file) {
                *why = "a swap file";
                return 0;
        }
        r = disks_of(host, pool, NULL, swap->device, &disks, &count);
        if (r < 0)
                return r;
        for (size_t i = 0; i < count; i++) {
                if (text_equals(disks[i].transport, "zram") || text_equals(disks[i].transport, "ram")) {
                        *why = "compressed memory, not a disk";
                        return 0;
                }
                for (size_t k = 0; k < root_count; k++) {
                        if (!text_equals(disks[i].drive, root[k].drive))
                                continue;
                        *why = pool_format(pool, "%s also holds /", disks[i].name);
                        return 0;
                }
        }
        return 1;
}

static void add_separate(struct host *host, struct facts *facts, struct pool *pool, const struct swaps *swaps,
                         const struct mounts *mounts)
{
        const struct mount *root = mounts ? mounts_at(mounts, "/") : NULL;
        const struct block_disk *disks = NULL;
        int r = -ENODATA, problem = 0;
        const char *why = NULL;
        size_t count = 0;

        if (root)
                r = disks_of(host, pool, root->device, root->source, &disks, &count);
        for (size_t i = 0; i < swaps->count; i++) {
                int separate = is_separate(host, pool, &swaps->rows[i], disks, count, &why);

                if (separate == 0) {
                        fact_known(facts, value_flag(false), SWAPS, "swap.separate");
                        fact_note(facts, "%s: %s", swaps->rows[i].device, why);
                        return;
                }
                if (separate < 0 && !problem)
                        problem = separate;
        }
        if (r == 0)
                r = problem;
        if (r < 0) {
                fact_unknown(facts, r, SWAPS, "swap.separate");
                fact_note(facts, "the disks below swap or / could not be told");
                return;
        }
        fact_known(facts, value_flag(true), SWAPS, "swap.separate");
}

void swap_facts(struct host *host, struct facts *facts, struct pool *pool, const struct mounts *mounts)
{
        struct swaps swaps = { 0 };
        const char *source = SWAPS;
        const char *text;
        bool listed;
        int r;

        r = host_read(host, pool, &text, SWAPS);
        if (r == 0)
                r = parse_swaps(pool, text, &swaps);
        listed = r == 0;
        if (r == -ENOENT) {
                source = "/proc/meminfo";
                r = totals_of_meminfo(host, pool, &swaps);
        }
        if (r < 0) {
                fact_unknown(facts, r, source, "swap.size");
                fact_unknown(facts, r, source, "swap.used");
                fact_unknown(facts, r, source, "swap.separate");
                return;
        }
        fact_known(facts, value_number((int64_t)swaps.size, UNIT_BYTES), source, "swap.size");
        if (!swaps.size) {
                fact_absent(facts, source, "swap.used");
                fact_absent(facts, source, "swap.separate");
                return;
        }
        fact_known(facts, value_real((double)swaps.used * 100.0 / (double)swaps.size, UNIT_PERCENT), source, "swap.used");
        if (listed)
                add_separate(host, facts, pool, &swaps, mounts);
        else
                fact_unknown(facts, -ENOENT, SWAPS, "swap.separate");
}

/* Swap: how much, how full, and whether it has disks of its own. */

#include "probes/swap.h"

#include "agent/core/host.h"
#include "agent/core/meminfo.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/btrfs.h"
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

/* What swap must not share a disk with: a filesystem, as far as its disks are known. */
struct ground {
        const char *point;
        const struct block_disk *disks;
        size_t count;
};

struct inquiry {
        struct host *host;
        struct pool *pool;
        struct ground *grounds;
        size_t count;
        const char *shared; /* what speaks against disks of its own; NULL: nothing yet */
        const char *doubt;  /* the first thing that could not be told, and why */
        int error;
};

static void add_doubt(struct inquiry *inquiry, int error, const char *doubt)
{
        if (inquiry->error < 0)
                return;
        inquiry->error = error;
        inquiry->doubt = doubt;
}

/* Of something mounted, or with number NULL of any device. */
static int disks_of(const struct inquiry *inquiry, const char *number, const char *device, const struct block_disk **disks,
                    size_t *count)
{
        const char *name;
        int r;

        r = block_mounted(inquiry->host, inquiry->pool, number, device, &name);
        return r < 0 ? r : block_disks(inquiry->host, inquiry->pool, name, disks, count);
}

/* Nothing is written there while the box trades, so nothing waits for swapping. Programs are read from the root, however. */
static bool is_calm(const struct mount *mount)
{
        const char *point = mount->point;

        if (text_equals(point, "/"))
                return false;
        return mount->read_only || text_equals(point, "/boot") || text_starts(point, "/boot/") || text_equals(point, "/efi");
}

static void keep_ground(struct inquiry *inquiry, const struct ground *ground)
{
        inquiry->grounds = pool_grow(inquiry->pool, inquiry->grounds, inquiry->count, sizeof *ground);
        inquiry->grounds[inquiry->count++] = *ground;
}

/* Of a btrfs, whose mount names one of its devices. False: there may be more than sysfs tells of. */
static bool add_devices(struct inquiry *inquiry, const struct mount *mount, const char *point)
{
        struct ground ground = { .point = point };
        struct btrfs btrfs;
        const char *name;

        if (!text_equals(mount->type, "btrfs") || block_mounted(inquiry->host, inquiry->pool, NULL, mount->source, &name) < 0 ||
            btrfs_of_device(inquiry->host, inquiry->pool, name, &btrfs) < 0 || btrfs.untold ||
            btrfs_at_work(&btrfs) != btrfs.members)
                return false;
        for (const char *const *device = btrfs.devices; *device; device++) {
                if (block_disks(inquiry->host, inquiry->pool, *device, &ground.disks, &ground.count) < 0)
                        return false;
                keep_ground(inquiry, &ground);
        }
        return true;
}

static void add_ground(struct inquiry *inquiry, const struct mount *mount)
{
        const char *point = text_printable(inquiry->pool, mount->point, 200);
        struct ground ground = { .point = point };
        int r;

        if (add_devices(inquiry, mount, point))
                return;
        r = disks_of(inquiry, mount->device, mount->source, &ground.disks, &ground.count);
        if (r == 0)
                keep_ground(inquiry, &ground);
        if (mount_keeps_devices(mount))
                add_doubt(inquiry, -EOPNOTSUPP,
                          pool_format(inquiry->pool, "%s at %s may have several devices, and the mount names one at most",
                                      mount->type, point));
        else if (r < 0)
                add_doubt(inquiry, r, pool_format(inquiry->pool, "the disks below %s could not be told", point));
}

/* Does a better place of the same filesystem, at which things are written too, speak for this one? */
static bool is_told(const struct mounts *mounts, size_t at)
{
        for (size_t i = 0; i < mounts->count; i++)
                if (mount_goes_before(mounts, i, at) && !is_calm(&mounts->rows[i]))
                        return true;
        return false;
}

static void add_grounds(struct inquiry *inquiry, const struct mounts *mounts)
{
        for (size_t i = 0; mounts && i < mounts->count; i++)
                if (!is_calm(&mounts->rows[i]) && !is_told(mounts, i))
                        add_ground(inquiry, &mounts->rows[i]);
        if (!mounts || !mounts_at(mounts, "/"))
                add_doubt(inquiry, -ENODATA, "the disks below / could not be told");
}

/* The point of what else lies on the disk; NULL: nothing that is known. */
static const char *neighbour(const struct inquiry *inquiry, const struct block_disk *disk)
{
        for (size_t i = 0; i < inquiry->count; i++)
                for (size_t k = 0; k < inquiry->grounds[i].count; k++)
                        if (text_equals(disk->drive, inquiry->grounds[i].disks[k].drive))
                                return inquiry->grounds[i].point;
        return NULL;
}

static void compare_swap(struct inquiry *inquiry, const struct swap *swap)
{
        const struct block_disk *disks;
        size_t count;
        int r;

        if (swap->is_file) {
                inquiry->shared = pool_format(inquiry->pool, "%s: a swap file", swap->device);
                return;
        }
        r = disks_of(inquiry, NULL, swap->device, &disks, &count);
        if (r < 0) {
                add_doubt(inquiry, r, pool_format(inquiry->pool, "the disks below %s could not be told", swap->device));
                return;
        }
        for (size_t i = 0; i < count && !inquiry->shared; i++) {
                const char *point = neighbour(inquiry, &disks[i]);

                if (text_equals(disks[i].transport, "loop"))
                        inquiry->shared =
                                pool_format(inquiry->pool, "%s: a loop device, which is a file on some disk", swap->device);
                else if (text_equals(disks[i].transport, "zram") || text_equals(disks[i].transport, "ram"))
                        inquiry->shared = pool_format(inquiry->pool, "%s: compressed memory, not a disk", swap->device);
                else if (point)
                        inquiry->shared =
                                pool_format(inquiry->pool, "%s: %s also holds %s", swap->device, disks[i].name, point);
        }
}

static void add_separate(struct host *host, struct facts *facts, struct pool *pool, const struct swaps *swaps,
                         const struct mounts *mounts)
{
        struct inquiry inquiry = { .host = host, .pool = pool };

        add_grounds(&inquiry, mounts);
        for (size_t i = 0; i < swaps->count && !inquiry.shared; i++)
                compare_swap(&inquiry, &swaps->rows[i]);
        if (!inquiry.shared && inquiry.error < 0) {
                fact_unknown(facts, inquiry.error, SWAPS, "swap.separate");
                fact_note(facts, "%s", inquiry.doubt);
                return;
        }
        fact_known(facts, value_flag(!inquiry.shared), SWAPS, "swap.separate");
        if (inquiry.shared)
                fact_note(facts, "%s", inquiry.shared);
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

/* How btrfs keeps what it holds: once, twice, on one device or on several. */

#include "probes/btrfs_profile.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdlib.h>

/* btrfs_raid_array in fs/btrfs/volumes.c; the worst first. "dup" has both copies on one device. */
static const struct btrfs_profile known[] = {
        { "raid0", "raid0", 1, 0, 0 }, { "single", "single", 1, 0, 0 }, { "dup", "dup", 2, 0, 0 },
        { "raid5", "raid5", 1, 1, 1 }, { "raid10", "raid10", 2, 0, 1 }, { "raid1", "raid1", 2, 0, 1 },
        { "raid6", "raid6", 1, 2, 2 }, { "raid1c3", "raid1", 3, 0, 2 }, { "raid1c4", "raid1", 4, 0, 3 },
        { NULL, NULL, 0, 0, 0 },
};

static const struct btrfs_profile *find(const char *name)
{
        for (const struct btrfs_profile *row = known; row->name; row++)
                if (text_equals(row->name, name))
                        return row;
        return NULL;
}

/* A profile is a folder with its totals, which is there as long as something is stored so; beside it are files. */
static int take_kind(struct host *host, struct pool *pool, const char *place, const struct btrfs_profile **worst, size_t *kinds,
                     const char **said)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, "%s", place);
        for (; r == 0 && *names; names++) {
                const struct btrfs_profile *profile = find(*names);

                if (!profile && !host_exists(host, "%s/%s/total_bytes", place, *names))
                        continue;
                if (!profile)
                        return -EINVAL;
                if (!*worst || profile < *worst)
                        *worst = profile;
                *said = *said ? pool_format(pool, "%s and %s", *said, profile->name) : profile->name;
                ++*kinds;
        }
        return r;
}

/* Small filesystems keep data and metadata together ("mixed"). What is in "system" leads to all the rest, as metadata does to data. */
int btrfs_profiles_read(struct host *host, struct pool *pool, const char *folder, struct btrfs_profiles *profiles)
{
        struct btrfs_profiles found = { 0 };
        const char *ignored = NULL;
        size_t others = 0;
        int data, mixed, r;

        data = take_kind(host, pool, pool_format(pool, "%s/allocation/data", folder), &found.data, &found.kinds, &found.names);
        mixed = take_kind(host, pool, pool_format(pool, "%s/allocation/mixed", folder), &found.data, &found.kinds,
                          &found.names);
        if (data < 0 && data != -ENOENT)
                return data;
        if (mixed < 0 && mixed != -ENOENT)
                return mixed;
        r = take_kind(host, pool, pool_format(pool, "%s/allocation/metadata", folder), &found.metadata, &others, &ignored);
        if (r < 0 && (r != -ENOENT || mixed < 0))
                return r;
        r = take_kind(host, pool, pool_format(pool, "%s/allocation/system", folder), &found.metadata, &others, &ignored);
        if (r < 0)
                return r;
        if (!found.data || !found.metadata)
                return -ENODATA;
        found.level = found.metadata->lost < found.data->lost ? found.metadata : found.data;
        *profiles = found;
        return 0;
}

static int compare_sizes(const void *a, const void *b)
{
        int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

        return first < second ? 1 : first > second ? -1 : 0;
}

/* Each copy goes to another device, those with the most room first: a device that is larger than all others need is not filled. */
int btrfs_profile_room(const struct btrfs_profile *profile, int64_t *sizes, size_t count, int64_t *bytes)
{
        unsigned copies = profile->copies;
        int64_t sum = 0;
        size_t at = 0;

        qsort(sizes, count, sizeof *sizes, compare_sizes);
        for (size_t i = 0; i < count; i++)
                if (sizes[i] < 0 || __builtin_add_overflow(sum, sizes[i], &sum))
                        return -ERANGE;
        if (count <= profile->lost)
                return -ENODATA;
        if (text_equals(profile->name, "single") || text_equals(profile->name, "dup")) {
                *bytes = sum / copies;
                return 0;
        }
        if (!text_equals(profile->level, "raid1")) {
                if (sizes[0] != sizes[count - 1])
                        return -EOPNOTSUPP; /* stripes end where the smallest device does, or go on over fewer */
                *bytes = (sum - (int64_t)profile->parity * sizes[0]) / copies;
                return 0;
        }
        for (; copies > 1 && sizes[at] > sum / copies; at++, copies--)
                sum -= sizes[at];
        *bytes = sum / copies;
        return 0;
}

/* The btrfs filesystems that are mounted, each with its devices, as /sys/fs/btrfs has them. */

#include "probes/btrfs.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"

#include <errno.h>

#define PLACE "/sys/fs/btrfs"
/* More than fit into the list of chunks of any filesystem (BTRFS_MAX_DEVS in fs/btrfs/volumes.h). */
#define DEVICES_MAX 1024

/* Beside the filesystems, which are called by their UUIDs, there are "features" and "debug". A capture has other letters in a UUID. */
int btrfs_list(struct host *host, struct pool *pool, const char *const **folders)
{
        const char *const *names;
        const char **found = NULL;
        size_t count = 0;
        int r;

        r = host_list(host, pool, &names, PLACE);
        if (r < 0 && r != -ENOENT)
                return r;
        for (; r == 0 && *names; names++) {
                const char *folder = pool_format(pool, PLACE "/%s", *names);

                if (!host_exists(host, "%s/devices", folder))
                        continue;
                found = pool_grow(pool, found, count, sizeof *found);
                found[count++] = folder;
        }
        found = pool_grow(pool, found, count, sizeof *found);
        found[count] = NULL;
        *folders = found;
        return 0;
}

/* A link outlasts the device that it leads to. */
static int read_devices(struct host *host, struct pool *pool, struct btrfs *btrfs)
{
        int r;

        r = host_list(host, pool, &btrfs->devices, "%s/devices", btrfs->folder);
        if (r < 0)
                return r;
        for (const char *const *name = btrfs->devices; *name; name++) {
                if (btrfs->device_count++ == DEVICES_MAX)
                        return -E2BIG;
                btrfs->gone += block_folder(host, pool, *name) == NULL;
        }
        return 0;
}

/* What replaces another device is no member before it is done. */
static int read_member(struct host *host, struct pool *pool, struct btrfs *btrfs, const char ***numbers, const char *number)
{
        int64_t target, missing;
        int r;

        r = host_number(host, &target, "%s/devinfo/%s/replace_target", btrfs->folder, number);
        if (r < 0 || target)
                return r;
        r = host_number(host, &missing, "%s/devinfo/%s/missing", btrfs->folder, number);
        if (r < 0)
                return r;
        *numbers = pool_grow(pool, *numbers, btrfs->members, sizeof **numbers);
        (*numbers)[btrfs->members++] = number;
        btrfs->missing += missing != 0;
        return 0;
}

static int read_members(struct host *host, struct pool *pool, struct btrfs *btrfs)
{
        const char *const *names;
        const char **numbers = NULL;
        size_t count = 0;
        int r;

        r = host_list(host, pool, &names, "%s/devinfo", btrfs->folder);
        if (r == -ENOENT) {
                btrfs->untold = true;
                btrfs->members = btrfs->device_count;
                return 0;
        }
        for (; r == 0 && *names; names++)
                r = count++ == DEVICES_MAX ? -E2BIG : read_member(host, pool, btrfs, &numbers, *names);
        if (r == 0 && !btrfs->members)
                r = -ENODATA;
        btrfs->numbers = numbers;
        return r;
}

int btrfs_read(struct host *host, struct pool *pool, const char *folder, struct btrfs *btrfs)
{
        struct btrfs found = { .folder = folder };
        int r;

        r = read_devices(host, pool, &found);
        if (r == 0)
                r = read_members(host, pool, &found);
        if (r == 0)
                *btrfs = found;
        return r;
}

int btrfs_of_device(struct host *host, struct pool *pool, const char *name, struct btrfs *btrfs)
{
        const char *const *folders;
        int r;

        r = btrfs_list(host, pool, &folders);
        if (r < 0)
                return r;
        for (; *folders; folders++) {
                const char *const *devices;

                r = host_list(host, pool, &devices, "%s/devices", *folders);
                if (r < 0)
                        return r;
                for (; *devices; devices++)
                        if (text_equals(*devices, name))
                                return btrfs_read(host, pool, *folders, btrfs);
        }
        return -ENOENT;
}

size_t btrfs_at_work(const struct btrfs *btrfs)
{
        size_t told = btrfs->members - btrfs->missing, present = btrfs->device_count - btrfs->gone;

        return told < present ? told : present;
}

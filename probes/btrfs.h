/* The btrfs filesystems that are mounted, each with its devices, as /sys/fs/btrfs has them. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

struct btrfs {
        const char *folder;         /* "/sys/fs/btrfs/UUID" */
        const char *const *devices; /* names of its block devices, one that is to take the place of another among them */
        size_t device_count;
        size_t gone;                /* of these: pulled since it was mounted */
        const char *const *numbers; /* of its members, "1": their folders in devinfo */
        size_t members;             /* what it is made of, whether there or missing */
        size_t missing;             /* of these: not there when it was mounted */
        bool untold;                /* a kernel before 5.6 tells of no member that is missing */
};

/* The folders of all of them, ending with NULL; none where the kernel has no btrfs. One is there as long as it is mounted somewhere. */
int btrfs_list(struct host *host, struct pool *pool, const char *const **folders);
int btrfs_read(struct host *host, struct pool *pool, const char *folder, struct btrfs *btrfs);
/* The one that this block device is part of. -ENOENT: none. */
int btrfs_of_device(struct host *host, struct pool *pool, const char *name, struct btrfs *btrfs);
/* How many members are there. */
size_t btrfs_at_work(const struct btrfs *btrfs);

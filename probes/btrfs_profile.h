/* How btrfs keeps what it holds: once, twice, on one device or on several. */

#pragma once

#include <stddef.h>
#include <stdint.h>

struct host;
struct pool;
struct text_buffer;

struct btrfs_profile {
        const char *name;  /* as the kernel says it: "raid1c3" */
        const char *level; /* as md does: "raid1" */
        unsigned copies;   /* 1 with parity, too */
        unsigned parity;   /* devices' worth of it */
        unsigned lost;     /* so many devices of any it can lose */
};

/* What counts of all that is in use in one filesystem. */
struct btrfs_profiles {
        const struct btrfs_profile
                *level; /* what a lost device leaves of it: the worst of data, or of metadata where that is worse still */
        const struct btrfs_profile *data; /* the worst of data */
        const struct btrfs_profile *metadata;
        size_t kinds;      /* of data, at once: more than one while it is converted */
        const char *names; /* of these, " and " between them */
};

/* folder: "/sys/fs/btrfs/UUID". -EINVAL: one of unknown name is in use; -ENODATA: none is. */
int btrfs_profiles_read(struct host *host, struct pool *pool, const char *folder, struct btrfs_profiles *profiles);
/* How much devices of these sizes hold. -EOPNOTSUPP: the sizes do not tell. Sorts the sizes. */
int btrfs_profile_room(const struct btrfs_profile *profile, int64_t *sizes, size_t count, int64_t *bytes);

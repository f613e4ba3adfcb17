/* A btrfs of several devices as an array. */

#pragma once

#include "probes/btrfs.h"
#include "probes/btrfs_profile.h"

struct facts;

struct raid_btrfs {
        const char *label;
        struct btrfs btrfs;
        struct btrfs_profiles profiles;
        const char *allocation; /* where they are told */
        int profiles_error;     /* why they are not */
};

/* Adds raid.LABEL.state. */
void raid_btrfs_state(struct host *host, struct facts *facts, struct pool *pool, const struct raid_btrfs *array);

/* Which mount a path of the host leads to. For the files mounts*.c. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of every mount, whatever its kind: any can hide others. */
struct mount_place {
        uint64_t id, parent;
        const char *point;
};

struct mount_tree {
        const struct mount_place *places; /* in order of mounting */
        size_t count;
        uint64_t budget; /* how many of them may still be looked at; MOUNT_TREE_BUDGET at first */
};
#define MOUNT_TREE_BUDGET (100 * 1000 * 1000ULL)

/* Does the path of this mount lead to another one, which was mounted over it or over a folder above it? False where the list does not
 * tell how the mounts hang together, or is too long for looking. */
bool mount_is_hidden(struct mount_tree *tree, size_t at);

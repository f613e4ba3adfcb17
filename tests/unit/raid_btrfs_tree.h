/* Machines with drives of NVMe, and btrfs filesystems on them. */

#pragma once

struct tree;

#define BTRFS_PLACE "/sys/fs/btrfs/"
#define BTRFS_TRADE BTRFS_PLACE "3e85e2ec-c3c0-49f6-a28d-0077bac8a030"

/* Four drives, "nvme0n1" to "nvme3n1", and a kernel that has btrfs. */
struct tree *raid_btrfs_machine(void);
/* A filesystem on the first members of them, with everything in it stored in this way. label: what the file says. */
void raid_btrfs_add(struct tree *tree, const char *folder, const char *label, unsigned members, const char *profile);
/* Something in it is stored so, too: "data/single". */
void raid_btrfs_store(struct tree *tree, const char *folder, const char *profile);

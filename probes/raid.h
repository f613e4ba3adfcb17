/* What arrays of every make have in common. */

#pragma once

#include <stddef.h>
#include <stdint.h>

struct facts;
struct host;
struct pool;

/* What the members of an array stand on, as "raid.*.transport" has it. NULL and a negative errno in *error where the disks of a
 * member cannot be told, or there is none. members: names of block devices. */
const char *raid_transport(struct host *host, struct pool *pool, const char *const *members, size_t count, int *error);

/* How many members an array of this level can lose; what the kernel keeps running beyond that is lost. INT64_MAX where it depends on
 * which ones. */
int64_t raid_redundancy(const char *level, int64_t members);

/* The arrays of the device mapper among these block devices (the names in place, ending with NULL): adds their facts, returns how many;
 * a negative errno where some could not be told from what is none. */
int64_t raid_mapped_facts(struct host *host, struct facts *facts, struct pool *pool, const char *place,
                          const char *const *names);
/* The same of btrfs filesystems of several devices. */
int64_t raid_btrfs_facts(struct host *host, struct facts *facts, struct pool *pool);
/* Adds what is known of pools of ZFS, returns how many there are. */
int64_t raid_zfs_facts(struct host *host, struct facts *facts, struct pool *pool);

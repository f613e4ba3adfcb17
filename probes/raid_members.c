/* What the members of any array stand on, and how many of them it can lose. */

#include "probes/raid.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"

#include <errno.h>

const char *raid_transport(struct host *host, struct pool *pool, const char *const *members, size_t member_count, int *error)
{
        const char **drives = NULL, *found = NULL;
        size_t drive_count = 0;
        bool shared = false;

        *error = -ENODATA;
        if (!members)
                return NULL;
        for (size_t i = 0; i < member_count; i++) {
                const struct block_disk *disks;
                size_t count;

                *error = block_disks(host, pool, members[i], &disks, &count);
                if (*error < 0)
                        return NULL;
                for (size_t k = 0; k < count; k++) {
                        if (!disks[k].transport) {
                                *error = -ENODATA;
                                return NULL;
                        }
                        for (size_t d = 0; d < drive_count; d++)
                                if (text_equals(drives[d], disks[k].drive))
                                        shared = true;
                        drives = pool_grow(pool, drives, drive_count, sizeof *drives);
                        drives[drive_count++] = disks[k].drive;
                        if (found && !text_equals(found, disks[k].transport))
                                found = "mixed";
                        else
                                found = disks[k].transport;
                }
        }
        return found && shared && text_equals(found, "nvme") ? "nvme-shared" : found;
}

int64_t raid_redundancy(const char *level, int64_t members)
{
        if (text_equals(level, "raid0"))
                return 0;
        if (text_equals(level, "raid1"))
                return members - 1;
        if (text_equals(level, "raid4") || text_equals(level, "raid5"))
                return 1;
        if (text_equals(level, "raid6"))
                return 2;
        return INT64_MAX; /* raid10 depends on which ones; md marks it broken itself */
}

/* Pools of ZFS: their health, which is all that a file says of them. */

#include "probes/raid.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>

#define PLACE "/proc/spl/kstat/zfs"

/* spa_state_to_name in module/zfs/spa_misc.c, and md's words. */
static int read_state(struct host *host, struct pool *pool, const char *path, const char **state)
{
        static const char *const states[][2] = {
                { "ONLINE", "active" },       { "DEGRADED", "degraded" }, { "FAULTED", "failed" }, { "UNAVAIL", "failed" },
                { "SUSPENDED", "suspended" }, { "OFFLINE", "inactive" },  { "REMOVED", "failed" }, { "SPLIT", "failed" },
        };
        const char *word;
        int r;

        r = sysfs_text(host, pool, &word, "%s", path);
        if (r < 0)
                return r;
        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
                if (!text_equals(word, states[i][0]))
                        continue;
                *state = states[i][1];
                return 0;
        }
        return -EINVAL;
}

static void add_pool(struct host *host, struct facts *facts, struct pool *pool, const char *name)
{
        static const char *const untold[] = { "level", "members", "size", "transport" };
        const char *label = pool_format(pool, "zfs-%s", text_printable(pool, name, 64));
        const char *folder = pool_format(pool, PLACE "/%s", name), *state;
        const char *path = pool_format(pool, "%s/state", folder);
        int r;

        /* LVM's volume "tank" of the group "zfs" is called so, too. */
        if (fact_find(facts, pool_format(pool, "raid.%s.size", label)))
                label = pool_format(pool, "zfs-pool-%s", text_printable(pool, name, 64));
        r = read_state(host, pool, path, &state);
        if (r < 0)
                fact_unknown(facts, r, path, "raid.%s.state", label);
        else
                fact_known(facts, value_text(pool, state), path, "raid.%s.state", label);
        for (size_t i = 0; i < sizeof untold / sizeof untold[0]; i++) {
                fact_unknown(facts, -EOPNOTSUPP, folder, "raid.%s.%s", label, untold[i]);
                fact_note(facts, "the layout of a pool is known to zpool only");
        }
}

int64_t raid_zfs_facts(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *const *names, *const *inside;
        int64_t count = 0;
        int r;

        r = host_list(host, pool, &names, PLACE);
        if (r == -ENOENT)
                return 0;
        if (r < 0) {
                fact_unlisted(facts, r, PLACE, "raid.zfs-*");
                return r;
        }
        for (; *names; names++) {
                /* Beside the folders of the pools there are files about all of ZFS. */
                if (host_list(host, pool, &inside, PLACE "/%s", *names) == -ENOTDIR)
                        continue;
                add_pool(host, facts, pool, *names);
                count++;
        }
        return count;
}

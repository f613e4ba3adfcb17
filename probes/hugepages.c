/* The hugepage pools, of the whole host and of each node, for every size. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define FOLDER "/sys/kernel/mm/hugepages"
#define NODES  "/sys/devices/system/node"

#define HELP_TOTAL                                                                                                             \
        "Pages of this size in the pool, used or free. The pool may hold fewer than were asked for, without an error."
#define HELP_FREE "Pages of this size in the pool that no program has."

/* The size is written as people write it: 2M, 1G. A node's pool has the node's name in front: hugepages.node0.2M.total. */
static const struct fact_info hugepages_facts[] = {
        { "hugepages.2M.total", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, HELP_TOTAL, FOLDER "/hugepages-2048kB/nr_hugepages" },
        { "hugepages.2M.free", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, HELP_FREE, FOLDER "/hugepages-2048kB/free_hugepages" },
        { "hugepages.1G.total", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, HELP_TOTAL, FOLDER "/hugepages-1048576kB/nr_hugepages" },
        { "hugepages.1G.free", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, HELP_FREE, FOLDER "/hugepages-1048576kB/free_hugepages" },
        { "hugepages.*.total", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, HELP_TOTAL,
          FOLDER "/hugepages-*kB/nr_hugepages, " NODES "/node*/hugepages/hugepages-*kB/nr_hugepages" },
        { "hugepages.*.free", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, HELP_FREE,
          FOLDER "/hugepages-*kB/free_hugepages, " NODES "/node*/hugepages/hugepages-*kB/free_hugepages" },
        { 0 },
};

/* "hugepages-2048kB" is "2M"; NULL for what is no such name. */
static const char *size_name(struct pool *pool, const char *folder)
{
        uint64_t kib;

        if (!text_starts(folder, "hugepages-") || !text_ends(folder, "kB") || folder[10] < '1' || folder[10] > '9')
                return NULL;
        if (text_u64(slice_dup(pool, (struct slice){ folder + 10, slice_of(folder).size - 12 }), 10, &kib) < 0)
                return NULL;
        if (kib % (1U << 20) == 0)
                return pool_format(pool, "%lluG", (unsigned long long)(kib >> 20));
        if (kib % 1024 == 0)
                return pool_format(pool, "%lluM", (unsigned long long)(kib / 1024));
        return pool_format(pool, "%lluK", (unsigned long long)kib);
}

static void add_count(struct host *host, struct facts *facts, const char *path, const char *name)
{
        int64_t count;
        int r;

        r = host_number(host, &count, "%s", path);
        if (r == 0 && count < 0)
                r = -EINVAL;
        if (r == 0)
                fact_known(facts, value_number(count, UNIT_COUNT), path, "%s", name);
        else
                fact_unknown(facts, r, path, "%s", name);
}

/* prefix: "" or "node0.". */
static int add_pools(struct host *host, struct facts *facts, struct pool *pool, const char *folder, const char *prefix)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, "%s", folder);
        if (r < 0) {
                if (r != -ENOENT)
                        fact_unlisted(facts, r, folder, "hugepages.%s*", prefix);
                return r;
        }
        for (; *names; names++) {
                const char *size = size_name(pool, *names);

                if (!size)
                        continue;
                add_count(host, facts, pool_format(pool, "%s/%s/nr_hugepages", folder, *names),
                          pool_format(pool, "hugepages.%s%s.total", prefix, size));
                add_count(host, facts, pool_format(pool, "%s/%s/free_hugepages", folder, *names),
                          pool_format(pool, "hugepages.%s%s.free", prefix, size));
        }
        return 0;
}

/* What was not found above: a size that this processor does not have, or a kernel without any. */
static void add_missing(struct host *host, struct facts *facts, int error)
{
        for (const struct fact_info *info = hugepages_facts; info->name; info++) {
                if (strchr(info->name, '*') || fact_find(facts, info->name))
                        continue;
                if (error == 0 || (error == -ENOENT && host_exists(host, "/sys/kernel/mm")))
                        fact_absent(facts, FOLDER, "%s", info->name);
                else
                        fact_unknown(facts, error == -ENOENT ? -ENODATA : error, FOLDER, "%s", info->name);
        }
}

static int hugepages_run(struct host *host, struct facts *facts)
{
        autopool struct pool *scratch = pool_new();
        const char *const *names;
        int r;

        r = add_pools(host, facts, scratch, FOLDER, "");
        add_missing(host, facts, r);
        r = host_list(host, scratch, &names, NODES);
        if (r < 0) {
                if (r != -ENOENT)
                        fact_unlisted(facts, r, NODES, "hugepages.node*");
                return 0;
        }
        for (; *names; names++) {
                uint64_t node;

                if (!text_starts(*names, "node") || (*names)[4] < '0' || (*names)[4] > '9' ||
                    text_u64(*names + 4, 10, &node) < 0)
                        continue;
                add_pools(host, facts, scratch, pool_format(scratch, NODES "/%s/hugepages", *names),
                          pool_format(scratch, "%s.", *names));
        }
        return 0;
}

const struct probe probe_hugepages = {
        .name = "hugepages",
        .help = "The hugepage pools, of the whole host and of each node, for every size.",
        .facts = hugepages_facts,
        .run = hugepages_run,
};

/* From a block device down to the whole disks below it. */

#include "probes/block.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block_transport.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

#define DEPTH_MAX 8
#define DISKS_MAX 1024

const char *block_folder(struct host *host, struct pool *pool, const char *name)
{
        static const char *const places[] = { "/sys/class/block", "/sys/block" };

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
                if (host_exists(host, "%s/%s", places[i], name))
                        return pool_format(pool, "%s/%s", places[i], name);
        return NULL;
}

/* A mapping by the name it was given: /dev/mapper is made by udev, and a tree may lack it. */
static int mapped_name(struct host *host, struct pool *pool, const char *mapping, const char **name)
{
        static const char *const places[] = { "/sys/block", "/sys/class/block" };

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                const char *const *names;

                if (host_list(host, pool, &names, "%s", places[i]) < 0)
                        continue;
                for (; *names; names++) {
                        const char *given;

                        if (!sysfs_is_numbered(*names, "dm-") ||
                            sysfs_text(host, pool, &given, "%s/%s/dm/name", places[i], *names) < 0 ||
                            !text_equals(given, mapping))
                                continue;
                        *name = *names;
                        return 0;
                }
        }
        return -ENOENT;
}

int block_name(struct host *host, struct pool *pool, const char *device, const char **name)
{
        const char *target;
        char *plain;

        if (!text_starts(device, "/dev/"))
                return -ENOENT;
        plain = pool_dup(pool, device + strlen("/dev/"));
        if (text_starts(plain, "mapper/") && mapped_name(host, pool, plain + strlen("mapper/"), name) == 0)
                return 0;
        /* Some old drivers have folders below /dev: /dev/cciss/c0d0 is "cciss!c0d0" in sysfs. */
        for (char *slash = strchr(plain, '/'); slash; slash = strchr(slash, '/'))
                *slash = '!';
        if (*plain && plain[0] != '.' && block_folder(host, pool, plain)) {
                *name = plain;
                return 0;
        }
        if (host_link(host, pool, &target, "%s", device) < 0 || !block_folder(host, pool, sysfs_last(pool, target)))
                return -ENOENT;
        *name = sysfs_last(pool, target);
        return 0;
}

int block_mounted(struct host *host, struct pool *pool, const char *number, const char *source, const char **name)
{
        const char *target;

        if (number && number[strspn(number, "0123456789:")] == '\0' &&
            host_link(host, pool, &target, "/sys/dev/block/%s", number) == 0) {
                *name = sysfs_last(pool, target);
                return 0;
        }
        return block_name(host, pool, source, name);
}

int block_size(struct host *host, const char *folder, int64_t *bytes)
{
        int64_t sectors;
        int r;

        r = host_number(host, &sectors, "%s/size", folder);
        if (r < 0)
                return r;
        return sectors < 0 || __builtin_mul_overflow(sectors, 512, bytes) ? -ERANGE : 0;
}

/* The disk of a partition, by the path that its link holds: ".../block/sda/sda1". */
static const char *partitioned_disk(struct host *host, struct pool *pool, const char *folder)
{
        const char *target;

        if (!host_exists(host, "%s/partition", folder) || host_link(host, pool, &target, "%s", folder) < 0)
                return NULL;
        return sysfs_last(pool, sysfs_parent(pool, target));
}

struct search {
        struct host *host;
        struct pool *pool;
        struct block_disk *disks;
        size_t count;
};

static int add_disk(struct search *search, const char *name, const char *folder)
{
        for (size_t i = 0; i < search->count; i++)
                if (text_equals(search->disks[i].name, name))
                        return 0;
        if (search->count >= DISKS_MAX)
                return -ELOOP;
        search->disks = pool_grow(search->pool, search->disks, search->count, sizeof *search->disks);
        search->disks[search->count++] = block_disk(search->host, search->pool, name, folder);
        return 0;
}

/* Every disk of a mesh of links is met only so often that the depth bounds the work: a hostile tree may link back and forth. */
static int descend(struct search *search, const char *name, unsigned depth, unsigned *budget)
{
        const char *folder = block_folder(search->host, search->pool, name), *disk;
        const char *const *slaves;
        int r;

        if (depth > DEPTH_MAX || (*budget)-- == 0)
                return -ELOOP;
        if (!folder)
                return -ENOENT;
        disk = partitioned_disk(search->host, search->pool, folder);
        if (disk)
                return descend(search, disk, depth + 1, budget);
        if (host_list(search->host, search->pool, &slaves, "%s/slaves", folder) < 0 || !*slaves)
                return add_disk(search, name, folder);
        for (; *slaves; slaves++) {
                r = descend(search, *slaves, depth + 1, budget);
                if (r < 0)
                        return r;
        }
        return 0;
}

int block_disks(struct host *host, struct pool *pool, const char *name, const struct block_disk **disks, size_t *count)
{
        struct search search = { .host = host, .pool = pool };
        unsigned budget = DISKS_MAX;
        int r;

        r = descend(&search, name, 0, &budget);
        if (r < 0)
                return r;
        *disks = search.disks;
        *count = search.count;
        return 0;
}

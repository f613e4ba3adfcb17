/* The images that a volume of the device mapper stands on, as LVM names them, and the disks below those. */

#include "probes/raid_mapped.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

/* "vg-root_rimage_0" for "_rimage_": LVM keeps such names to itself (lvm(8), "VALID NAMES"). *stem_size: of "vg-root". */
static bool is_image(const char *name, const char *mark, size_t *stem_size)
{
        const char *found = NULL, *digits;

        for (const char *at = name; (at = strstr(at, mark)); at++)
                found = at;
        if (!found)
                return false;
        digits = found + strlen(mark);
        if (!*digits || digits[strspn(digits, "0123456789")])
                return false;
        *stem_size = (size_t)(found - name);
        return true;
}

static bool find_images(struct host *host, struct pool *pool, const char *place, struct mapped *mapped)
{
        const char *const *slaves, *stem = NULL;
        int r;

        r = host_list(host, pool, &slaves, "%s", mapped->source);
        mapped->error = r < 0 && r != -ENOENT ? r : 0;
        if (r < 0)
                return false;
        for (; *slaves; slaves++) {
                const char *name;
                size_t size;
                bool raid;

                if (!sysfs_is_numbered(*slaves, "dm-") || sysfs_text(host, pool, &name, "%s/%s/dm/name", place, *slaves) < 0)
                        continue;
                raid = is_image(name, "_rimage_", &size);
                if (!raid && !is_image(name, "_mimage_", &size))
                        continue;
                if (mapped->count == IMAGES_MAX || (stem && (strlen(stem) != size || strncmp(stem, name, size) != 0)) ||
                    (mapped->count && mapped->mirror == raid))
                        return false;
                stem = pool_copy(pool, name, size);
                mapped->mirror = !raid;
                mapped->images[mapped->count++] = *slaves;
        }
        return mapped->count > 0;
}

/* A drive that was pulled leaves its link behind: nothing tells the mapping, and the kernel counts the image as alive until the first
 * write to it. */
static bool has_lost_disk(struct host *host, struct pool *pool, const char *place, const char *image)
{
        const char *const *slaves;

        if (host_list(host, pool, &slaves, "%s/%s/slaves", place, image) < 0)
                return false;
        for (; *slaves; slaves++)
                if (!block_folder(host, pool, *slaves))
                        return true;
        return false;
}

/* LVM maps an image whose disk is missing to the error target, which stands on nothing: a mapping at the bottom. Below that there
 * must be nothing, and not a folder that could not be read. */
static int is_backed(struct host *host, struct pool *pool, const char *place, const char *image, bool *backed)
{
        const struct block_disk *disks;
        const char *const *slaves;
        size_t count;
        int r;

        r = block_disks(host, pool, image, &disks, &count);
        *backed = r == 0;
        if (r == -ENOENT && has_lost_disk(host, pool, place, image))
                return 0;
        if (r < 0)
                return r;
        for (size_t i = 0; i < count; i++) {
                if (!sysfs_is_numbered(disks[i].name, "dm-"))
                        continue;
                r = host_list(host, pool, &slaves, "%s/%s/slaves", place, disks[i].name);
                if (r < 0)
                        return r;
                *backed = false;
        }
        return 0;
}

static void find_backed(struct host *host, struct pool *pool, const char *place, struct mapped *mapped)
{
        for (size_t i = 0; i < mapped->count; i++) {
                bool backed;

                mapped->error = is_backed(host, pool, place, mapped->images[i], &backed);
                if (mapped->error < 0)
                        return;
                if (backed)
                        mapped->backed[mapped->backed_count++] = mapped->images[i];
        }
}

int raid_level_by_sizes(struct host *host, struct pool *pool, const char *place, const struct mapped *mapped,
                        const char **level)
{
        int64_t size, sum = 0;
        bool copies = true;
        int r;

        r = block_size(host, mapped->folder, &size);
        for (size_t i = 0; r == 0 && i < mapped->count; i++) {
                int64_t image;

                r = block_size(host, pool_format(pool, "%s/%s", place, mapped->images[i]), &image);
                if (r == 0 && __builtin_add_overflow(sum, image, &sum))
                        r = -ERANGE;
                copies = copies && r == 0 && image == size;
        }
        if (r < 0)
                return r;
        if (mapped->count < 2 || !size)
                return -ENODATA;
        if (!copies && (mapped->mirror || sum != size))
                return -ENODATA;
        *level = copies ? "raid1" : "raid0";
        return 0;
}

bool raid_take_images(struct host *host, struct pool *pool, const char *place, struct mapped *mapped)
{
        if (!find_images(host, pool, place, mapped))
                return false;
        find_backed(host, pool, place, mapped);
        return true;
}

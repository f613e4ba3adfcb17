/* RAID of the device mapper (LVM's raid and mirror volumes), as far as sysfs tells: it knows neither targets nor their health. */

#include "probes/raid.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/sysfs_path.h"

#include <errno.h>
#include <string.h>

/* More than any target takes (MAX_RAID_DEVICES in drivers/md/dm-raid.c is 253). */
#define IMAGES_MAX 256

struct mapped {
        const char *label;
        const char *folder; /* "/sys/block/dm-4" */
        const char *source; /* its folder of slaves */
        bool mirror;        /* the mirror target, each image of which is a whole copy */
        size_t count;
        const char *images[IMAGES_MAX]; /* "dm-1": with and without a disk below */
        size_t backed_count;
        const char *backed[IMAGES_MAX]; /* those with one */
        int error;                      /* why that is not known of some image */
};

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

/* What stands on images of one volume is that volume, or the same under another name while there are snapshots of it
 * ("vg-root-real"). False: no array. */
static bool take_images(struct host *host, struct pool *pool, const char *place, struct mapped *mapped)
{
        const char *const *slaves, *stem = NULL;

        if (host_list(host, pool, &slaves, "%s", mapped->source) < 0)
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

/* LVM maps an image whose disk is missing to the error target, which stands on nothing: a mapping at the bottom. Below that there
 * must be nothing, and not a folder that could not be read. */
static int is_backed(struct host *host, struct pool *pool, const char *place, const char *image, bool *backed)
{
        const struct block_disk *disks;
        const char *const *slaves;
        size_t count;
        int r;

        r = block_disks(host, pool, image, &disks, &count);
        if (r < 0)
                return r;
        *backed = true;
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

/* Images that each hold as much as the volume are copies of it; images that only together do hold nothing twice. Of LVM's levels
 * nothing but raid1 and raid0 fits (two images under raid4 or raid5, a step of a conversion, are copies as well). */
static int read_level(struct host *host, struct pool *pool, const char *place, const struct mapped *mapped, const char **level)
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

static void add_level(struct host *host, struct facts *facts, struct pool *pool, const char *place, const struct mapped *mapped)
{
        const char *level;
        int r;

        r = read_level(host, pool, place, mapped, &level);
        if (r < 0) {
                fact_unknown(facts, r, mapped->source, "raid.%s.level", mapped->label);
                if (r == -ENODATA)
                        fact_note(facts, "sysfs does not tell, and the sizes of the images do not; dmsetup table does");
                return;
        }
        fact_known(facts, value_text(pool, level), mapped->source, "raid.%s.level", mapped->label);
        fact_note(facts, "by the sizes of its images");
}

/* Never in order: which images are in sync only the kernel's answer to DM_TABLE_STATUS says. */
static void add_state(struct host *host, struct facts *facts, struct pool *pool, const struct mapped *mapped)
{
        const char *source = pool_format(pool, "%s/dm/suspended", mapped->folder);
        int64_t suspended;

        if (mapped->error == 0 && mapped->backed_count < mapped->count) {
                fact_known(facts, value_text(pool, "degraded"), mapped->source, "raid.%s.state", mapped->label);
                fact_note(facts, "%zu of its images have no disk", mapped->count - mapped->backed_count);
                return;
        }
        if (host_number(host, &suspended, "%s", source) == 0 && suspended == 1) {
                fact_known(facts, value_text(pool, "suspended"), source, "raid.%s.state", mapped->label);
                return;
        }
        fact_unknown(facts, -ENODATA, mapped->folder, "raid.%s.state", mapped->label);
        fact_note(facts, "sysfs does not tell which images are in sync; dmsetup status does");
}

static void add_rest(struct host *host, struct facts *facts, struct pool *pool, const struct mapped *mapped)
{
        const char *transport;
        int64_t bytes;
        int r;

        if (mapped->error < 0) {
                fact_unknown(facts, mapped->error, mapped->source, "raid.%s.members", mapped->label);
        } else {
                fact_known(facts, value_number((int64_t)mapped->backed_count, UNIT_COUNT), mapped->source, "raid.%s.members",
                           mapped->label);
                if (mapped->backed_count < mapped->count)
                        fact_note(facts, "of %zu", mapped->count);
        }
        r = block_size(host, mapped->folder, &bytes);
        if (r < 0)
                fact_unknown(facts, r, mapped->folder, "raid.%s.size", mapped->label);
        else
                fact_known(facts, value_number(bytes, UNIT_BYTES), mapped->folder, "raid.%s.size", mapped->label);
        transport = raid_transport(host, pool, mapped->backed, mapped->backed_count, &r);
        if (mapped->error == 0 && transport)
                fact_known(facts, value_text(pool, transport), mapped->source, "raid.%s.transport", mapped->label);
        else
                fact_unknown(facts, mapped->error < 0 ? mapped->error : r, mapped->source, "raid.%s.transport", mapped->label);
}

/* A volume by its own name, which lasts; the number changes from boot to boot. Not by one that another array has taken. */
static const char *find_label(struct host *host, const struct facts *facts, struct pool *pool, const char *folder,
                              const char *number)
{
        const char *name;

        if (sysfs_text(host, pool, &name, "%s/dm/name", folder) < 0 ||
            fact_find(facts, pool_format(pool, "raid.%s.size", name)))
                return number;
        return name;
}

int64_t raid_mapped_facts(struct host *host, struct facts *facts, struct pool *pool, const char *place,
                          const char *const *names)
{
        int64_t count = 0;

        for (; *names; names++) {
                struct mapped *mapped;
                const char *folder = pool_format(pool, "%s/%s", place, *names);

                if (!sysfs_is_numbered(*names, "dm-"))
                        continue;
                mapped = pool_zero(pool, sizeof *mapped);
                mapped->folder = folder;
                mapped->source = pool_format(pool, "%s/slaves", folder);
                if (!take_images(host, pool, place, mapped))
                        continue;
                mapped->label = find_label(host, facts, pool, folder, *names);
                find_backed(host, pool, place, mapped);
                add_level(host, facts, pool, place, mapped);
                add_state(host, facts, pool, mapped);
                add_rest(host, facts, pool, mapped);
                count++;
        }
        return count;
}

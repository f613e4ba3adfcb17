/* RAID of btrfs: what each mounted filesystem of several devices makes of them. */

#include "probes/raid.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/raid_btrfs.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+"

/* What the filesystem is called: NULL where it has no label, or one with anything in it that a name should not have. */
static const char *read_name(struct host *host, struct pool *pool, const char *folder)
{
        const char *name;

        if (sysfs_text(host, pool, &name, "%s/label", folder) < 0 || strlen(name) > 64 || name[strspn(name, NAME_LETTERS)])
                return NULL;
        return name;
}

static const char *const *read_names(struct host *host, struct pool *pool, const char *const *folders)
{
        const char **names = NULL;

        for (size_t i = 0; folders[i]; i++) {
                names = pool_grow(pool, names, i, sizeof *names);
                names[i] = read_name(host, pool, folders[i]);
        }
        return names;
}

static bool is_taken(const struct facts *facts, struct pool *pool, const char *label)
{
        return fact_find(facts, pool_format(pool, "raid.%s.size", label)) != NULL;
}

/* NULL: not known. */
static const char *first_device(struct host *host, struct pool *pool, const char *folder)
{
        const char *const *names;
        const char *first = NULL;

        if (host_list(host, pool, &names, "%s/devices", folder) < 0)
                return NULL;
        for (; *names; names++)
                if (!first || text_compare_natural(*names, first) < 0)
                        first = *names;
        return first ? text_printable(pool, first, 64) : NULL;
}

/* By its name, which lasts and is the same on like hosts, where no other has it, too; else by its first device. Not by its UUID: no two hosts
 * have that, and a capture has another. NULL: there is nothing to call it by. */
static const char *find_label(struct host *host, const struct facts *facts, struct pool *pool, const char *const *folders,
                              const char *const *names, size_t at)
{
        const char *name = names[at], *label, *device;

        for (size_t i = 0; name && folders[i]; i++)
                if (i != at && text_equals(names[i], name))
                        name = NULL;
        label = name ? pool_format(pool, "btrfs-%s", name) : NULL;
        if (label && !is_taken(facts, pool, label))
                return label;
        device = first_device(host, pool, folders[at]);
        label = device ? pool_format(pool, "btrfs-%s", device) : NULL;
        for (unsigned i = 2; label && is_taken(facts, pool, label); i++)
                label = pool_format(pool, "btrfs-%s-%u", device, i);
        return label;
}

static void add_level(struct facts *facts, struct pool *pool, const struct raid_btrfs *array)
{
        const struct btrfs_profiles *profiles = &array->profiles;
        const struct btrfs_profile *level = profiles->level;
        autobuffer struct text_buffer note = { 0 };

        if (array->profiles_error < 0) {
                fact_unknown(facts, array->profiles_error, array->allocation, "raid.%s.level", array->label);
                return;
        }
        fact_known(facts, value_text(pool, level->level), array->allocation, "raid.%s.level", array->label);
        if (level != profiles->data)
                text_addf(&note, "; data is %s, but metadata only %s, and without it there is no data", profiles->data->name,
                          level->name);
        if (profiles->kinds > 1)
                text_addf(&note, "; data is %s at once, of which the worse counts", profiles->names);
        if (!text_equals(level->level, level->name))
                text_addf(&note, "; %s", level->name);
        if (text_equals(level->level, "raid1") && level->copies < array->btrfs.members)
                text_addf(&note, "; %u copies on %zu devices", level->copies, array->btrfs.members);
        if (note.size)
                fact_note(facts, "%s", note.at + strlen("; "));
}

/* *why: more than the errno says; NULL: nothing. */
static int read_room(struct host *host, struct pool *pool, const struct raid_btrfs *array, int64_t *bytes, const char **why)
{
        const struct btrfs *btrfs = &array->btrfs;
        int64_t *sizes = NULL;
        size_t count = 0;
        int r;

        *why = NULL;
        if (array->profiles_error < 0)
                return array->profiles_error;
        if (array->profiles.kinds > 1)
                *why = "data is stored in several ways at once";
        else if (btrfs_at_work(btrfs) != btrfs->members)
                *why = "what a missing device held is not told";
        else if (btrfs->device_count != btrfs->members)
                *why = "a device is being replaced";
        if (*why)
                return -EOPNOTSUPP;
        for (; btrfs->devices[count]; count++) {
                sizes = pool_grow(pool, sizes, count, sizeof *sizes);
                r = block_size(host, pool_format(pool, "/sys/class/block/%s", btrfs->devices[count]), &sizes[count]);
                if (r < 0)
                        return r;
        }
        r = btrfs_profile_room(array->profiles.data, sizes, count, bytes);
        if (r == -EOPNOTSUPP)
                *why = pool_format(pool, "its devices differ in size, and what %s makes of that is not told",
                                   array->profiles.data->name);
        return r;
}

static void add_size(struct host *host, struct facts *facts, struct pool *pool, const struct raid_btrfs *array)
{
        const char *why;
        int64_t bytes;
        int r;

        r = read_room(host, pool, array, &bytes, &why);
        if (r < 0)
                fact_unknown(facts, r, array->btrfs.folder, "raid.%s.size", array->label);
        else
                fact_known(facts, value_number(bytes, UNIT_BYTES), array->btrfs.folder, "raid.%s.size", array->label);
        if (why)
                fact_note(facts, "%s", why);
}

static void add_members(struct facts *facts, const struct raid_btrfs *array)
{
        const struct btrfs *btrfs = &array->btrfs;
        size_t at_work = btrfs_at_work(btrfs);

        fact_known(facts, value_number((int64_t)at_work, UNIT_COUNT), btrfs->folder, "raid.%s.members", array->label);
        if (at_work != btrfs->members)
                fact_note(facts, "of %zu", btrfs->members);
}

static void add_transport(struct host *host, struct facts *facts, struct pool *pool, const struct raid_btrfs *array)
{
        const struct btrfs *btrfs = &array->btrfs;
        const char **there = NULL, *transport, *source = pool_format(pool, "%s/devices", btrfs->folder);
        size_t count = 0;
        int r;

        for (const char *const *name = btrfs->devices; *name; name++) {
                if (!block_folder(host, pool, *name))
                        continue;
                there = pool_grow(pool, there, count, sizeof *there);
                there[count++] = *name;
        }
        transport = raid_transport(host, pool, there, count, &r);
        if (transport)
                fact_known(facts, value_text(pool, transport), source, "raid.%s.transport", array->label);
        else
                fact_unknown(facts, r, source, "raid.%s.transport", array->label);
}

/* One device is no array. Where a kernel tells of none that is missing, what is stored on several may have had more. */
static int is_array(const struct raid_btrfs *array, bool *is)
{
        *is = array->btrfs.members > 1;
        if (*is || !array->btrfs.untold)
                return 0;
        *is = array->profiles_error == 0 && array->profiles.level->lost > 0;
        return array->profiles_error;
}

int64_t raid_btrfs_facts(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *const *folders, *const *names;
        int64_t count = 0;
        int unlisted = 0, r;

        r = btrfs_list(host, pool, &folders);
        if (r < 0) {
                fact_unlisted(facts, r, "/sys/fs/btrfs", "raid.btrfs-*");
                return r;
        }
        names = read_names(host, pool, folders);
        for (size_t i = 0; folders[i]; i++) {
                struct raid_btrfs array = { .allocation = pool_format(pool, "%s/allocation", folders[i]) };
                bool is;

                array.profiles_error = btrfs_profiles_read(host, pool, folders[i], &array.profiles);
                r = btrfs_read(host, pool, folders[i], &array.btrfs);
                if (r == 0)
                        r = is_array(&array, &is);
                if (r == 0 && !is)
                        continue;
                array.label = find_label(host, facts, pool, folders, names, i);
                if (r == 0 && !array.label)
                        r = -ENODATA;
                if (r < 0) {
                        unlisted = r;
                        if (array.label)
                                fact_unlisted(facts, r, folders[i], "raid.%s.*", array.label);
                        else
                                fact_unlisted(facts, r, folders[i], "raid.btrfs-*");
                        continue;
                }
                add_level(facts, pool, &array);
                raid_btrfs_state(host, facts, pool, &array);
                add_members(facts, &array);
                add_size(host, facts, pool, &array);
                add_transport(host, facts, pool, &array);
                count++;
        }
        return unlisted < 0 ? unlisted : count;
}

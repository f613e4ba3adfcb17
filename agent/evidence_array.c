/* What an array is called in a text: the devices below it, their drives, and of a btrfs the places where it is mounted. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>

#define BTRFS     "/sys/fs/btrfs/"
#define NAMES_MAX 2048 /* of one array */
#define DEPTH_MAX 8    /* of mappings and arrays on one another */

struct list {
        size_t count;
        const char **rows; /* ends with NULL */
};

static void add(struct pool *pool, struct list *list, const char *name)
{
        for (size_t i = 0; i < list->count; i++)
                if (text_equals(list->rows[i], name))
                        return;
        if (list->count == NAMES_MAX)
                return;
        list->rows = pool_grow(pool, list->rows, list->count, sizeof *list->rows);
        list->rows[list->count++] = name;
        list->rows = pool_grow(pool, list->rows, list->count, sizeof *list->rows);
        list->rows[list->count] = NULL;
}

/* "nvme0n1" of nvme0n1p2, with 'p'; "nvme0" of nvme0n1, with 'n'. NULL: the name has no such ending. */
static const char *without(struct pool *pool, const char *name, char letter)
{
        size_t size = strlen(name), digits = 0;

        while (digits < size && isdigit((unsigned char)name[size - digits - 1]))
                digits++;
        if (!digits || size < digits + 2 || name[size - digits - 1] != letter ||
            !isdigit((unsigned char)name[size - digits - 2]))
                return NULL;
        return pool_copy(pool, name, size - digits - 1);
}

/* "sda" of sda1; NULL: it is no partition of such a disk. */
static const char *whole_disk(struct pool *pool, const char *name)
{
        size_t size = strlen(name), letters;

        while (size && isdigit((unsigned char)name[size - 1]))
                size--;
        letters = strspn(name, "abcdefghijklmnopqrstuvwxyz");
        if (!name[size] || letters != size || !(text_starts(name, "sd") || text_starts(name, "vd") || text_starts(name, "xvd")))
                return NULL;
        return pool_copy(pool, name, size);
}

/* The device, the drive that it is a part of, and that drive's controller: the kernel complains of each. */
static void add_device(struct pool *pool, struct list *list, const char *name)
{
        const char *disk = without(pool, name, 'p'), *controller;

        disk = disk ? disk : whole_disk(pool, name);
        disk = disk ? disk : name;
        add(pool, list, name);
        add(pool, list, disk);
        controller = text_starts(disk, "nvme") ? without(pool, disk, 'n') : NULL;
        if (controller)
                add(pool, list, controller);
}

/* --- what is below ------------------------------------------------------------------------------------------------------- */

static void add_slaves(const struct evidence *evidence, struct list *list, const char *name, unsigned depth)
{
        const char *const *names;

        if (host_list(evidence->session->host, evidence->pool, &names, "/sys/class/block/%s/slaves", name) < 0)
                return;
        for (; *names && list->count < NAMES_MAX; names++) {
                add_device(evidence->pool, list, *names);
                if (depth)
                        add_slaves(evidence, list, *names, depth - 1);
        }
}

/* "/sys/fs/btrfs/UUID", which a fact of the array says that it was read from: what the array is called does not tell. NULL: it is no btrfs,
 * or is not there now. */
static const char *btrfs_folder(const struct evidence *evidence, const char *beginning)
{
        const struct facts *facts = evidence->examination->facts;

        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                const char *at;

                if (!text_starts(fact->name, beginning) || !fact->source)
                        continue;
                at = strstr(fact->source, BTRFS);
                if (at)
                        return pool_copy(evidence->pool, at, strlen(BTRFS) + strcspn(at + strlen(BTRFS), "/ :,;"));
        }
        return NULL;
}

/* "45 28 0:25 /@ /data rw - btrfs /dev/nvme0n1p2 rw" (proc_pid_mountinfo(5)): "/data", where one of these is mounted there. */
static const char *point_in(const struct evidence *evidence, struct slice line, const struct list *devices)
{
        struct slice word, point = { 0 }, source = { 0 };
        const char *name;

        for (unsigned i = 0; slice_word(&line, " ", &word) && !(i >= 6 && slice_equals(word, "-")); i++)
                if (i == 4)
                        point = word;
        if (!slice_word(&line, " ", &word) || !slice_equals(word, "btrfs") || !slice_word(&line, " ", &source))
                return NULL;
        name = slice_dup(evidence->pool, source);
        name = text_starts(name, "/dev/") ? evidence_mapped(evidence, strrchr(name, '/') + 1) : NULL;
        for (size_t i = 0; name && i < devices->count; i++)
                if (text_equals(devices->rows[i], name))
                        return slice_dup(evidence->pool, point);
        return NULL;
}

static void add_points(const struct evidence *evidence, struct list *points, const struct list *devices)
{
        const char *text, *point;
        struct slice line;

        if (host_read(evidence->session->host, evidence->pool, &text, "/proc/self/mountinfo") < 0)
                return;
        while (text_line(&text, &line))
                if ((point = point_in(evidence, line, devices)))
                        add(evidence->pool, points, point);
}

struct evidence_array evidence_array(const struct evidence *evidence, const struct drift_row *row)
{
        size_t size = drift_device_size(row->name), head = strlen("raid.");
        struct list devices = { 0 }, names = { 0 }, points = { 0 };
        struct evidence_array array = { 0 };
        const char *folder;

        if (!text_equals(row->layer, "fact") || !text_starts(row->name, "raid.") || size <= head + 1)
                return array;
        folder = btrfs_folder(evidence, pool_copy(evidence->pool, row->name, size));
        if (!folder) {
                add_slaves(evidence, &names,
                           evidence_mapped(evidence, pool_copy(evidence->pool, row->name + head, size - head - 1)), DEPTH_MAX);
                return (struct evidence_array){ .names = names.rows };
        }
        /* The link of a device outlasts it. */
        if (host_list(evidence->session->host, evidence->pool, &array.devices, "%s/devices", folder) < 0)
                return array;
        for (size_t i = 0; array.devices[i]; i++) {
                add(evidence->pool, &devices, array.devices[i]);
                add_device(evidence->pool, &names, array.devices[i]);
                add_slaves(evidence, &names, array.devices[i], DEPTH_MAX);
        }
        add_points(evidence, &points, &devices);
        array.names = names.rows;
        array.points = points.rows;
        return array;
}

/* --- in a text ----------------------------------------------------------------------------------------------------------- */

bool evidence_names_array(struct pool *pool, const struct evidence_array *array, const char *text)
{
        for (const char *const *name = array->names; name && *name; name++)
                if (evidence_has_word(text, *name))
                        return true;
        /* What is done in the files there is nothing to the array. */
        if (!array->points ||
            (!evidence_has_word(text, "btrfs") && !evidence_has_word(text, "mount") && !evidence_has_word(text, "umount")))
                return false;
        for (const char *const *point = array->points; *point; point++)
                if (evidence_names_path(pool, *point, text))
                        return true;
        return false;
}

bool evidence_array_has(const struct evidence_array *array, const char *device)
{
        for (const char *const *name = array->names; name && *name; name++)
                if (text_equals(*name, device))
                        return true;
        return false;
}

const char *evidence_mapped(const struct evidence *evidence, const char *name)
{
        const char *const *names, *given;

        if (host_list(evidence->session->host, evidence->pool, &names, "/sys/class/block") < 0)
                return name;
        for (; *names; names++) {
                if (!text_starts(*names, "dm-") ||
                    host_read(evidence->session->host, evidence->pool, &given, "/sys/class/block/%s/dm/name", *names) < 0)
                        continue;
                if (text_equals(text_trim(evidence->pool, given), name))
                        break;
        }
        return *names ? *names : name;
}

/* The mounted filesystems: their kind, the size of what they lie on, the room in them; and swap. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/btrfs.h"
#include "probes/mounts.h"
#include "probes/probes.h"
#include "probes/swap.h"

#include <errno.h>
#include <string.h>

#define MOUNTINFO "/proc/self/mountinfo"

static const struct fact_info disk_facts[] = {
        { "disk.*.free", VALUE_REAL, UNIT_PERCENT, REACH_QUIET,
          "How much of a filesystem its users can still fill, in percent of what they can use at all: what is reserved for "
          "root is not "
          "theirs. One fact for each local filesystem, by its shortest mount point; bind mounts are no filesystems of their "
          "own. Unknown where another mount over a folder above hides it: the path leads elsewhere.",
          "statvfs of the mount points in /proc/self/mountinfo" },
        { "disk.*.inodes", VALUE_REAL, UNIT_PERCENT, REACH_QUIET,
          "How many of a filesystem's inodes are free, in percent. Without any, no file can be made however much room there "
          "is. 100 % where the filesystem sets no limit, as btrfs does.",
          "statvfs of the mount points in /proc/self/mountinfo" },
        { "disk.*.size", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "The size of the partition, volume or disk that a filesystem lies on: what a scheme of partitions says. The room in "
          "the filesystem is less. A btrfs shows it where it has one device; ZFS and bcachefs may have several, and show none.",
          "/sys/class/block/DEVICE/size, by the device number in /proc/self/mountinfo; /sys/fs/btrfs/UUID/devices" },
        { "disk.*.filesystem", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The kind of filesystem: ext4, xfs ...",
          "/proc/self/mountinfo" },
        { "disk.*.options", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "What the filesystem is mounted with: rw or ro first, then the options of the mount, then those of the filesystem, "
          "between commas. \"~ noatime\" looks for one.",
          "/proc/self/mountinfo" },
        { "disk.*.writable", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the filesystem itself can be written. ext4 with errors=remount-ro turns read-only after an error of its "
          "disk, "
          "and stays mounted with all its room. A place that is closed to some process alone (ProtectSystem= of a unit) is in "
          "disk.*.options, and not here.",
          "/proc/self/mountinfo, the options of the filesystem; /proc/mounts where there is none" },
        { "swap.size", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "All swap space that is in use or could be, 0 without any. A swap partition of 16 GiB shows a page less: the header "
          "of each is not counted.",
          "/proc/swaps, else /proc/meminfo" },
        { "swap.used", VALUE_REAL, UNIT_PERCENT, REACH_QUIET,
          "How much of the swap space is in use. A trading host that swaps has too little memory, or a process that must be "
          "found.",
          "/proc/swaps, else /proc/meminfo" },
        { "swap.separate", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether swap has disks of its own: no local filesystem that is written to while the box trades lies on one of them. "
          "Those that are read-only themselves do not count, nor does what starts the kernel (/boot and below, /efi), save for "
          "the root. Swap files, loop devices and compressed memory have no disks of their own. Unknown where the disks of "
          "swap "
          "or of a filesystem cannot all be told, as with ZFS and bcachefs, and btrfs with a device missing, unless one is "
          "known to "
          "be shared. The note names the filesystem.",
          "/proc/swaps, /proc/self/mountinfo and the disks below in /sys/class/block, /sys/fs/btrfs/UUID/devices" },
        { 0 },
};

struct room {
        uint64_t blocks, bfree, bavail, files, ffree, favail;
};

static int parse_room(struct pool *pool, const char *text, struct room *room)
{
        const struct {
                const char *name;
                uint64_t *number;
        } table[] = {
                { "blocks", &room->blocks }, { "bfree", &room->bfree }, { "bavail", &room->bavail },
                { "files", &room->files },   { "ffree", &room->ffree }, { "favail", &room->favail },
        };
        unsigned found = 0;
        struct slice line, name;

        while (text_line(&text, &line)) {
                if (!slice_word(&line, " ", &name))
                        continue;
                for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
                        if (!slice_equals(name, table[i].name))
                                continue;
                        if (text_u64(slice_dup(pool, line), 10, table[i].number) < 0)
                                return -EINVAL;
                        found |= 1U << i;
                }
        }
        return found == (1U << sizeof table / sizeof table[0]) - 1 ? 0 : -EINVAL;
}

/* As df counts it: available / (used + available), so that a disk that is full for its users shows 0. */
static int percent(uint64_t total, uint64_t unused, uint64_t available, double *share)
{
        double usable;

        if (unused > total || available > unused)
                return -EINVAL;
        usable = (double)(total - unused) + (double)available;
        *share = usable > 0 ? (double)available * 100.0 / usable : 0;
        return 0;
}

static void add_share(struct facts *facts, const char *source, const char *label, const char *what, uint64_t total,
                      uint64_t unused, uint64_t available)
{
        double share;

        /* btrfs and others make inodes as they are needed. */
        if (total == 0 && unused == 0 && text_equals(what, "inodes")) {
                fact_known(facts, value_real(100, UNIT_PERCENT), source, "disk.%s.%s", label, what);
                fact_note(facts, "the filesystem sets no limit");
                return;
        }
        if (total == 0 && unused == 0) {
                fact_absent(facts, source, "disk.%s.%s", label, what);
                fact_note(facts, "the filesystem has no blocks of its own");
                return;
        }
        if (percent(total, unused, available, &share) < 0)
                fact_unknown(facts, -EINVAL, source, "disk.%s.%s", label, what);
        else
                fact_known(facts, value_real(share, UNIT_PERCENT), source, "disk.%s.%s", label, what);
}

/* Where a btrfs lies on: that of its device, if it has just one. */
static bool find_device(struct host *host, struct pool *pool, const struct mount *mount, const char **name, size_t *count)
{
        struct btrfs btrfs;

        *count = 0;
        if (!text_equals(mount->type, "btrfs") || block_mounted(host, pool, NULL, mount->source, name) < 0 ||
            btrfs_of_device(host, pool, *name, &btrfs) < 0)
                return false;
        *count = btrfs.members;
        return btrfs.members == 1 && btrfs.device_count == 1 && !btrfs.gone && !btrfs.untold;
}

static void add_size(struct host *host, struct facts *facts, struct pool *pool, const char *file, const struct mount *mount,
                     const char *label)
{
        const char *source = file, *name;
        size_t count;
        bool alone = find_device(host, pool, mount, &name, &count);
        int64_t bytes = 0;
        int r;

        if (mount_keeps_devices(mount) && !alone) {
                fact_unknown(facts, -EOPNOTSUPP, source, "disk.%s.size", label);
                if (count > 1)
                        fact_note(facts, "it lies on %zu devices: raid.*.size tells what they hold", count);
                else
                        fact_note(facts, "%s may have several devices, and the mount names one at most", mount->type);
                return;
        }
        if (!alone && mount->device && text_starts(mount->device, "0:")) {
                fact_absent(facts, source, "disk.%s.size", label);
                fact_note(facts, "it lies on no block device");
                return;
        }
        r = alone ? 0 : block_mounted(host, pool, mount->device, mount->source, &name);
        if (r == 0) {
                const char *folder = block_folder(host, pool, name);

                if (folder)
                        source = pool_format(pool, "%s/size", folder);
                r = folder ? block_size(host, folder, &bytes) : -ENOENT;
        }
        if (r < 0)
                fact_unknown(facts, r, source, "disk.%s.size", label);
        else
                fact_known(facts, value_number(bytes, UNIT_BYTES), source, "disk.%s.size", label);
}

static void add_unknown_room(struct facts *facts, const struct mount *mount, int r, const char *source, const char *label)
{
        static const char *const names[] = { "free", "inodes" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                fact_unknown(facts, r, source, "disk.%s.%s", label, names[i]);
                if (mount->hidden)
                        fact_note(facts, "hidden by another mount: its path leads to that");
        }
}

/* /proc/mounts has one word for the mount and for the filesystem below it. */
static void add_writable(struct facts *facts, const char *file, const struct mount *mount, const char *label)
{
        if (!mount->device && text_starts(mount->options, "ro"))
                fact_unknown(facts, -ENODATA, file, "disk.%s.writable", label);
        else
                fact_known(facts, value_flag(!mount->read_only), file, "disk.%s.writable", label);
}

static void add_mount(struct host *host, struct facts *facts, struct pool *pool, const char *file, const struct mount *mount)
{
        const char *point = mount->point;
        const char *label = text_printable(pool, point, 200);
        const char *source = pool_format(pool, "statvfs/%s", point);
        struct room room = { 0 };
        const void *answer;
        size_t size;
        int r;

        add_size(host, facts, pool, file, mount, label);
        fact_known(facts, value_text(pool, text_printable(pool, mount->type, 64)), file, "disk.%s.filesystem", label);
        fact_known(facts, value_text(pool, text_printable(pool, mount->options, 500)), file, "disk.%s.options", label);
        add_writable(facts, file, mount, label);
        r = mount->hidden ? -ENODATA : host_ask(host, pool, &answer, &size, "%s", source);
        if (r == 0)
                r = parse_room(pool, pool_copy(pool, answer, size), &room);
        if (r < 0) {
                add_unknown_room(facts, mount, r, source, label);
                return;
        }
        add_share(facts, source, label, "free", room.blocks, room.bfree, room.bavail);
        add_share(facts, source, label, "inodes", room.files, room.ffree, room.favail);
}

/* The root must not be missing from the list, whether the list could not be read or holds no local filesystem there. */
static void add_root(struct facts *facts, int error)
{
        static const char *const names[] = { "free", "inodes", "size", "filesystem", "options", "writable" };

        if (fact_find(facts, "disk./.free"))
                return;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                fact_unknown(facts, error < 0 ? error : -EOPNOTSUPP, MOUNTINFO, "disk./.%s", names[i]);
                if (error == 0)
                        fact_note(facts, "the root is no local filesystem, and could hang: it is not asked");
        }
}

static int disk_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        struct mounts mounts;
        int r;

        r = mounts_read(host, pool, &mounts);
        if (r < 0)
                fact_unlisted(facts, r, MOUNTINFO, "disk.*");
        for (size_t i = 0; r == 0 && i < mounts.count; i++)
                if (!mount_is_repeated(&mounts, i))
                        add_mount(host, facts, pool, mounts.file, &mounts.rows[i]);
        add_root(facts, r);
        swap_facts(host, facts, pool, r == 0 ? &mounts : NULL);
        return 0;
}

const struct probe probe_disk = {
        .name = "disk",
        .help = "The mounted filesystems: kind, size, options and room; and swap.",
        .facts = disk_facts,
        .run = disk_run,
};

/* RAID of any make that the kernel shows; here md arrays, with their level, state and members. */

#include "probes/raid.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/probes.h"
#include "probes/raid_md.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

static const struct fact_info raid_facts[] = {
        { "raid.count", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "How many arrays there are: md arrays that are assembled, LVM volumes of RAID or mirror type, and btrfs filesystems "
          "of "
          "several devices, as long as they are mounted. Containers of firmware RAID are no arrays. Unknown where there is a "
          "pool "
          "of ZFS, which may be none. RAID inside an adapter (megaraid, PERC, Smart Array) is not seen, since it shows as one "
          "disk, "
          "nor is that of bcachefs and dmraid.",
          "/sys/block/md*/md, /sys/block/dm-*/slaves, /sys/fs/btrfs, /proc/spl/kstat/zfs" },
        { "raid.*.level", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "raid1, raid10, raid0 ... Where the kernel may not be asked for an LVM volume, only raid1 and raid0 show, by the "
          "sizes "
          "of its images. Of btrfs it is how data is stored (dup and single, too, which keep nothing on a second device; "
          "raid1c3 "
          "and raid1c4 are raid1): the worse where there are two ways at once, and that of metadata where it is worse still. "
          "Of ZFS it is not known.",
          "/sys/block/mdN/md/level; the device mapper's status of the volume, else /sys/block/dm-N: size, slaves; "
          "/sys/fs/btrfs/UUID/allocation" },
        { "raid.*.state", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "clean or active when all is well; failed, inactive, degraded, failing, resync, recover, reshape, check, repair, "
          "suspended or readonly when not: the worst that holds. A resync or check takes bandwidth from everything else. An "
          "array "
          "of which a member is being rebuilt, or the journal failed, is degraded. It is failing while all members are at work "
          "and one of them has blocks that cannot be written or read (md's bad_blocks: of those the array has a copy less), "
          "has "
          "failed a write, or is to be replaced. Sectors that did not match in the last check are named beside it and decide "
          "nothing, since a mirror counts some in good order, above all of swap. That all is well with an LVM volume only the "
          "kernel's answer tells, for which "
          "plumbline needs root. A balance of btrfs is a reshape, and it is degraded when a device missed writes since "
          "its error counters were set back. A scrub of btrfs, and a scrub or resilver of ZFS, shows in no file.",
          "/sys/block/mdN/md: array_state, degraded, sync_action, resync_start, mismatch_cnt, dev-*/{state,bad_blocks,errors}; "
          "the device mapper's status of the volume, "
          "/sys/block/dm-N: dm/suspended, slaves; /sys/fs/btrfs/UUID: devices, devinfo, exclusive_operation; "
          "/proc/spl/kstat/zfs/POOL/state" },
        { "raid.*.members", VALUE_NUMBER, UNIT_COUNT, REACH_TOUCHING,
          "How many members the array has at work: spares, failed ones, those being rebuilt and a journal do not count, nor do "
          "images of an LVM volume without their disks, nor devices of btrfs that are missing or replace another.",
          "/sys/block/mdN/md/dev-*: slot, state; the device mapper's status of the volume, /sys/block/dm-N/slaves; "
          "/sys/fs/btrfs/UUID: devices, devinfo" },
        { "raid.*.size", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "The usable size of the array. Of btrfs, by the sizes of its devices, what they hold of data stored as it is stored "
          "now, metadata counted in; that it was made smaller than they are is not seen. Unknown while a device is missing or "
          "data "
          "is stored in two ways, and for stripes on devices of several sizes.",
          "/sys/block/mdN/size, /sys/block/dm-N/size; /sys/fs/btrfs/UUID: devices, allocation" },
        { "raid.*.transport", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "nvme when every member is on a local NVMe drive of its own, nvme-shared when two members share a drive (two "
          "namespaces, or two ports of it: its failure takes both), sata, sas ... when all are of that kind, else mixed.",
          "/sys/block/mdN/md/dev-*/block, /sys/block/dm-N/slaves, /sys/fs/btrfs/UUID/devices, the disks below, and what NVMe "
          "drive they are on: "
          "/sys/class/nvme/nvmeN/subsysnqn" },
        { 0 },
};

/* Of all others everything is told by files. */
static const struct fact_touch raid_touches[] = {
        { "raid.*.level", "devicemapper/status/*" },
        { "raid.*.state", "devicemapper/status/*" },
        { "raid.*.members", "devicemapper/status/*" },
        { NULL, NULL },
};

struct array {
        const char *name;
        const char *label;
        const char *folder; /* "/sys/block/md0" */
        const char *level;  /* NULL: not known */
        struct md_members members;
};

/* An array that was assembled and not written to ("read-auto") does not begin a resync that it needs: the place where it would begin
 * tells. "none": nothing is pending. */
static int read_pending(struct host *host, struct pool *pool, const struct array *array, const char **state)
{
        const char *start;
        int r;

        r = sysfs_text(host, pool, &start, "%s/md/resync_start", array->folder);
        if (r == -ENOENT)
                return 0;
        if (r == 0 && !text_equals(start, "none"))
                *state = "resync";
        return r;
}

/* The kernel's words for array_state and sync_action (Documentation/admin-guide/md.rst), and ours. */
static const char *const array_states[][2] = {
        { "clean", "clean" },         { "active", "active" },
        { "active-idle", "active" },  { "write-pending", "active" },
        { "clear", "inactive" },      { "inactive", "inactive" },
        { "suspended", "suspended" }, { "readonly", "readonly" },
        { "read-auto", "clean" }, /* in order, and not written to since it was assembled; the first write ends it */
        { "broken", "failed" },       { NULL, NULL },
};
static const char *const sync_actions[][2] = {
        { "resync", "resync" }, { "recover", "recover" }, { "reshape", "reshape" }, { "check", "check" },
        { "repair", "repair" }, { "idle", "" },           { "frozen", "" },         { NULL, NULL },
};

/* One of the words in a file; -EINVAL for any other. */
static int read_word(struct host *host, struct pool *pool, const char *const (*words)[2], const char *path, const char **word)
{
        const char *text;
        int r;

        r = sysfs_text(host, pool, &text, "%s", path);
        if (r < 0)
                return r;
        for (; (*words)[0]; words++) {
                if (!text_equals(text, (*words)[0]))
                        continue;
                *word = (*words)[1];
                return 0;
        }
        return -EINVAL;
}

static int read_state(struct host *host, struct pool *pool, const struct array *array, const char **state)
{
        int64_t degraded = 0, disks = 0;
        const char *action, *calm;
        int r;

        r = read_word(host, pool, array_states, pool_format(pool, "%s/md/array_state", array->folder), &calm);
        if (r < 0)
                return r;
        *state = calm;
        if (text_equals(calm, "failed") || text_equals(calm, "inactive"))
                return 0;
        /* Levels without redundancy have neither file (md_redundancy_group in drivers/md/md.c). */
        r = host_number(host, &degraded, "%s/md/degraded", array->folder);
        if (r < 0 && r != -ENOENT)
                return r;
        if (r == 0 && degraded != 0) {
                bool lost = array->level && host_number(host, &disks, "%s/md/raid_disks", array->folder) == 0 &&
                            degraded > raid_redundancy(array->level, disks);

                *state = lost ? "failed" : "degraded";
                return 0;
        }
        if (array->members.journal_failed) {
                *state = "degraded";
                return 0;
        }
        if (array->members.health_error < 0)
                return array->members.health_error;
        if (array->members.failing) {
                *state = "failing";
                return 0;
        }
        r = read_word(host, pool, sync_actions, pool_format(pool, "%s/md/sync_action", array->folder), &action);
        if (r < 0 && r != -ENOENT)
                return r;
        if (r == 0 && *action)
                *state = action;
        else if (r == 0 && (text_equals(calm, "clean") || text_equals(calm, "active")))
                return read_pending(host, pool, array, state);
        return 0;
}

/* Mirrors count mismatches also for what is written while they check, above all of swap, so that these decide nothing (md(4)). */
static void add_state(struct host *host, struct facts *facts, struct pool *pool, const char *source, const struct array *array)
{
        const char *state, *note = array->members.note;
        int64_t mismatches;
        int r;

        r = read_state(host, pool, array, &state);
        if (r < 0)
                fact_unknown(facts, r, source, "raid.%s.state", array->label);
        else
                fact_known(facts, value_text(pool, state), source, "raid.%s.state", array->label);
        if (host_number(host, &mismatches, "%s/md/mismatch_cnt", array->folder) == 0 && mismatches > 0)
                note = pool_format(pool, "%s%s%lld sectors did not match in the last check", note ? note : "", note ? "; " : "",
                                   (long long)mismatches);
        if (note)
                fact_note(facts, "%s", note);
}

static void add_members(struct host *host, struct facts *facts, const struct array *array)
{
        int64_t wanted;

        if (array->members.error < 0) {
                fact_unknown(facts, array->members.error, array->folder, "raid.%s.members", array->label);
                return;
        }
        fact_known(facts, value_number(array->members.count, UNIT_COUNT), array->folder, "raid.%s.members", array->label);
        if (host_number(host, &wanted, "%s/md/raid_disks", array->folder) == 0 && wanted != array->members.count)
                fact_note(facts, "of %lld", (long long)wanted);
}

static void add_array(struct host *host, struct facts *facts, struct pool *pool, const struct array *array)
{
        const char *source = pool_format(pool, "%s/md", array->folder);
        const char *transport;
        int64_t bytes;
        int r;

        add_state(host, facts, pool, source, array);
        add_members(host, facts, array);
        r = block_size(host, array->folder, &bytes);
        if (r < 0)
                fact_unknown(facts, r, array->folder, "raid.%s.size", array->label);
        else
                fact_known(facts, value_number(bytes, UNIT_BYTES), array->folder, "raid.%s.size", array->label);
        r = array->members.error;
        transport = r < 0 ? NULL : raid_transport(host, pool, array->members.names, array->members.count, &r);
        if (transport)
                fact_known(facts, value_text(pool, transport), source, "raid.%s.transport", array->label);
        else
                fact_unknown(facts, r, source, "raid.%s.transport", array->label);
}

/* Firmware RAID ("external:imsm", "external:ddf") has a container beside its arrays, which holds their metadata and all drives, spares too,
 * and for which mdadm writes no level; the arrays in it are "external:/md127/0", or "external:-md127/0" while they are kept from being
 * changed (is_subarray in mdadm.h). What cannot be read is taken for an array, which then is unknown. */
static bool is_container(struct host *host, struct pool *pool, const char *folder)
{
        const char *version;

        if (sysfs_text(host, pool, &version, "%s/md/metadata_version", folder) < 0 || !text_starts(version, "external:"))
                return false;
        version += strlen("external:");
        return *version && *version != '/' && *version != '-';
}

/* False for what is no array. */
static bool take_array(struct host *host, struct facts *facts, struct pool *pool, const char *place, const char *name)
{
        struct array array = {
                .name = name,
                .label = text_printable(pool, name, 64),
                .folder = pool_format(pool, "%s/%s", place, name),
        };
        int r;

        if (!text_starts(name, "md") || !host_exists(host, "%s/md", array.folder) || is_container(host, pool, array.folder))
                return false;
        r = sysfs_text(host, pool, &array.level, "%s/md/level", array.folder);
        if (r < 0) {
                array.level = NULL;
                fact_unknown(facts, r, array.folder, "raid.%s.level", array.label);
        } else {
                fact_known(facts, value_text(pool, array.level), array.folder, "raid.%s.level", array.label);
        }
        raid_md_members(host, pool, array.folder, &array.members);
        add_array(host, facts, pool, &array);
        return true;
}

/* md_count: of the arrays that are told already. A pool of ZFS on one disk is no array, and looks like any other. */
static void add_count(struct host *host, struct facts *facts, struct pool *pool, const char *place, const char *const *names,
                      int64_t md_count)
{
        int64_t mapped = raid_mapped_facts(host, facts, pool, place, names);
        int64_t btrfs = raid_btrfs_facts(host, facts, pool), zfs = raid_zfs_facts(host, facts, pool);
        int64_t sum = md_count + mapped + btrfs;

        if (mapped < 0) {
                fact_unknown(facts, (int)mapped, place, "raid.count");
        } else if (btrfs < 0) {
                fact_unknown(facts, (int)btrfs, "/sys/fs/btrfs", "raid.count");
        } else if (zfs < 0) {
                fact_unknown(facts, (int)zfs, "/proc/spl/kstat/zfs", "raid.count");
        } else if (zfs) {
                fact_unknown(facts, -EOPNOTSUPP, "/proc/spl/kstat/zfs", "raid.count");
                fact_note(facts, "%lld, and the pools of ZFS that are arrays", (long long)sum);
        } else {
                fact_known(facts, value_number(sum, UNIT_COUNT), place, "raid.count");
        }
}

static int raid_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        const char *place = "/sys/block";
        const char *const *names;
        int64_t count = 0;
        int r;

        r = host_list(host, pool, &names, "%s", place);
        if (r == -ENOENT) {
                place = "/sys/class/block";
                r = host_list(host, pool, &names, "%s", place);
        }
        if (r < 0) {
                fact_unlisted(facts, r, place, "raid.*");
                fact_unknown(facts, r, place, "raid.count");
                return 0;
        }
        for (const char *const *name = names; *name; name++)
                count += take_array(host, facts, pool, place, *name);
        add_count(host, facts, pool, place, names, count);
        return 0;
}

const struct probe probe_raid = {
        .name = "raid",
        .help = "RAID of md, LVM, btrfs and ZFS: level, state, members and what they stand on.",
        .facts = raid_facts,
        .touches = raid_touches,
        .run = raid_run,
};

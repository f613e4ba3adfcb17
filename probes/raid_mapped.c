/* RAID of the device mapper (LVM's raid and mirror volumes): sysfs tells what they stand on, the kernel's status of the target how they are. */

#include "probes/raid.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/raid_mapped.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

/* The name is the kernel's own, so that a capture answers to it; LVM gives it to one volume. An image that the table has a gap for does
 * not show in sysfs. */
static void ask_status(struct host *host, struct pool *pool, struct mapped *mapped)
{
        struct raid_status *status = &mapped->status;
        const void *answer;
        const char *name;
        size_t size;

        mapped->question = "devicemapper/status";
        mapped->told = sysfs_text(host, pool, &name, "%s/dm/name", mapped->folder);
        if (mapped->told < 0)
                return;
        mapped->question = pool_format(pool, "devicemapper/status/%s", name);
        mapped->told = host_ask(host, pool, &answer, &size, "%s", mapped->question);
        if (mapped->told < 0)
                return;
        mapped->told = raid_status_parse(pool, answer, size, status, &mapped->problem);
        if (mapped->told < 0)
                return;
        if (text_equals(status->type, "mirror") != mapped->mirror)
                mapped->problem = "it is of another target than the names of its images";
        else if (status->count - status->gaps != mapped->count)
                mapped->problem = pool_format(pool, "it is of %zu images, and %zu are below the volume",
                                              status->count - status->gaps, mapped->count);
        if (mapped->problem)
                mapped->told = -EINVAL;
}

/* Of the volume, as the kernel's status would have told. */
static void add_untold(struct facts *facts, const struct mapped *mapped, const char *fact)
{
        fact_unknown(facts, mapped->told, mapped->question, "raid.%s.%s", mapped->label, fact);
        if (mapped->problem)
                fact_note(facts, "the kernel's status does not fit: %s", mapped->problem);
        else if (mapped->told == -ENODATA)
                fact_note(facts, "what dmsetup status %s prints was not stored", mapped->label);
}

/* An answer that does not fit contradicts what the sizes look like. */
static void add_level(struct host *host, struct facts *facts, struct pool *pool, const char *place, const struct mapped *mapped)
{
        const struct raid_status *status = &mapped->status;
        const char *level;
        int r = mapped->told;

        if (r == 0) {
                fact_known(facts, value_text(pool, status->level), mapped->question, "raid.%s.level", mapped->label);
                if (!text_equals(status->type, status->level))
                        fact_note(facts, "%s", status->type);
                return;
        }
        if (!mapped->problem)
                r = raid_level_by_sizes(host, pool, place, mapped, &level);
        if (r == 0) {
                fact_known(facts, value_text(pool, level), mapped->source, "raid.%s.level", mapped->label);
                fact_note(facts, "by the sizes of its images");
                return;
        }
        add_untold(facts, mapped, "level");
}

/* What is worse than any sync, by what the kernel says or the disks show. */
static const char *find_loss(const struct mapped *mapped)
{
        const char *state = mapped->told == 0 ? raid_status_state(&mapped->status) : "";

        if (text_equals(state, "failed") || text_equals(state, "degraded"))
                return state;
        return mapped->error == 0 && mapped->backed_count < mapped->count ? "degraded" : NULL;
}

/* Why it is not known that all is well. A disk that nobody has missed yet is no error for the kernel. */
static bool add_doubt(struct facts *facts, struct pool *pool, const struct mapped *mapped, int suspended_error)
{
        if (mapped->told < 0) {
                add_untold(facts, mapped, "state");
        } else if (mapped->error < 0) {
                fact_unknown(facts, mapped->error, mapped->source, "raid.%s.state", mapped->label);
                fact_note(facts, "what its images stand on cannot be told");
        } else if (suspended_error < 0) {
                fact_unknown(facts, suspended_error, pool_format(pool, "%s/dm/suspended", mapped->folder), "raid.%s.state",
                             mapped->label);
        } else {
                return false;
        }
        return true;
}

/* The order is that of md arrays: what is lost, what is being synced, what stands still. */
static void add_state(struct host *host, struct facts *facts, struct pool *pool, const struct mapped *mapped)
{
        const char *state = find_loss(mapped), *note = NULL, *source = mapped->question;
        size_t missing = mapped->error == 0 ? mapped->count - mapped->backed_count : 0;
        int64_t suspended = 0;
        int r;

        if (mapped->told == 0) {
                note = raid_status_note(pool, &mapped->status);
                if (!state && !text_equals(raid_status_state(&mapped->status), "active"))
                        state = raid_status_state(&mapped->status);
        }
        r = host_number(host, &suspended, "%s/dm/suspended", mapped->folder);
        if (missing) {
                note = pool_format(pool, "%zu of %zu images without a disk%s%s", missing, mapped->count, note ? "; " : "",
                                   note ? note : "");
                source = mapped->source;
        } else if (!state && r == 0 && suspended) {
                state = "suspended";
                source = pool_format(pool, "%s/dm/suspended", mapped->folder);
        }
        if (!state && add_doubt(facts, pool, mapped, r))
                return;
        fact_known(facts, value_text(pool, state ? state : "active"), source, "raid.%s.state", mapped->label);
        if (note)
                fact_note(facts, "%s", note);
}

/* Either may know of a loss that the other does not see yet. */
static void add_members(struct facts *facts, const struct mapped *mapped)
{
        const struct raid_status *status = &mapped->status;
        size_t at_work = status->count - status->failed - status->rebuilding;

        if (mapped->told < 0) {
                add_untold(facts, mapped, "members");
                return;
        }
        if (mapped->error < 0) {
                fact_unknown(facts, mapped->error, mapped->source, "raid.%s.members", mapped->label);
                return;
        }
        if (at_work > mapped->backed_count)
                at_work = mapped->backed_count;
        fact_known(facts, value_number((int64_t)at_work, UNIT_COUNT), mapped->question, "raid.%s.members", mapped->label);
        if (at_work < status->count)
                fact_note(facts, "of %zu", status->count);
}

static void add_rest(struct host *host, struct facts *facts, struct pool *pool, const struct mapped *mapped)
{
        const char *transport;
        int64_t bytes;
        int r;

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
        int unlisted = 0;

        for (; *names; names++) {
                struct mapped *mapped;
                const char *folder = pool_format(pool, "%s/%s", place, *names);

                if (!sysfs_is_numbered(*names, "dm-"))
                        continue;
                mapped = pool_zero(pool, sizeof *mapped);
                mapped->folder = folder;
                mapped->source = pool_format(pool, "%s/slaves", folder);
                if (!raid_take_images(host, pool, place, mapped)) {
                        if (mapped->error == 0)
                                continue;
                        unlisted = mapped->error;
                        fact_unlisted(facts, unlisted, mapped->source, "raid.%s.*",
                                      find_label(host, facts, pool, folder, *names));
                        continue;
                }
                mapped->label = find_label(host, facts, pool, folder, *names);
                ask_status(host, pool, mapped);
                add_level(host, facts, pool, place, mapped);
                add_state(host, facts, pool, mapped);
                add_members(facts, mapped);
                add_rest(host, facts, pool, mapped);
                count++;
        }
        return unlisted < 0 ? unlisted : count;
}

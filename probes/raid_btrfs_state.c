/* How a btrfs of several devices is: what is missing, what it is busy with, what could not be written. */

#include "probes/raid_btrfs.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

/* The kernel's words for what only one of can run (btrfs_exclusive_operation_show in fs/btrfs/sysfs.c, since 5.10), and md's. A swap file
 * that is being switched on moves nothing, nor does a balance that waits. */
static int read_operation(struct host *host, struct pool *pool, const char *folder, const char **state, const char **note)
{
        static const char *const operations[][2] = {
                { "none", "active" },
                { "balance", "reshape" },
                { "balance paused", "active" },
                { "device add", "reshape" },
                { "resize", "reshape" },
                { "device remove", "reshape" },
                { "device replace", "recover" },
                { "swap activate", "active" },
        };
        const char *word;
        int r;

        r = sysfs_text(host, pool, &word, "%s/exclusive_operation", folder);
        if (r == -ENOENT) {
                *state = "active";
                *note = "a balance is not told by this kernel";
                return 0;
        }
        if (r < 0)
                return r;
        for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
                if (!text_equals(word, operations[i][0]))
                        continue;
                *state = operations[i][1];
                *note = i ? operations[i][0] : NULL;
                return 0;
        }
        return -EINVAL;
}

/* "write_errs 0" and four more. They stand until somebody sets them back. What was not written to a device has a copy less until a scrub
 * mends it; md would have thrown the device out. A generation that is wrong is a write that the device missed, while it was away perhaps. What
 * was read wrongly has been mended by then, or could not be. */
static int read_counters(struct pool *pool, const char *text, const char *number, bool *unwritten, struct text_buffer *note)
{
        static const char *const missed[] = { "write_errs", "flush_errs", "generation_errs" };
        unsigned seen = 0;
        struct slice line, name;
        uint64_t count;

        while (text_line(&text, &line)) {
                if (!slice_word(&line, " ", &name) || text_u64(slice_dup(pool, line), 10, &count) < 0)
                        return -EINVAL;
                for (unsigned i = 0; i < sizeof missed / sizeof missed[0]; i++) {
                        if (!slice_equals(name, missed[i]))
                                continue;
                        seen |= 1U << i;
                        *unwritten = *unwritten || count;
                }
                if (count)
                        text_addf(note, "; device %s: %s %llu", text_printable(pool, number, 16),
                                  text_printable(pool, slice_dup(pool, name), 32), (unsigned long long)count);
        }
        return seen == 7 ? 0 : -EBADMSG;
}

static int read_errors(struct host *host, struct pool *pool, const struct raid_btrfs *array, bool *unwritten,
                       struct text_buffer *note)
{
        for (size_t i = 0; i < array->btrfs.members && !array->btrfs.untold; i++) {
                const char *number = array->btrfs.numbers[i], *text;
                int r;

                r = host_read(host, pool, &text, "%s/devinfo/%s/error_stats", array->btrfs.folder, number);
                if (r == -ENOENT)
                        continue; /* before 5.14 */
                if (r == 0)
                        r = read_counters(pool, text, number, unwritten, note);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* How many raid10 can lose depends on which ones; where data is stored in two ways, nobody tells what of it was on which device. */
static const char *find_loss(const struct raid_btrfs *array, size_t missing, bool unwritten)
{
        const struct btrfs_profiles *profiles = &array->profiles;

        if (array->profiles_error == 0 && profiles->kinds == 1 && missing > profiles->data->lost &&
            !text_equals(profiles->data->level, "raid10"))
                return "failed";
        return missing || unwritten ? "degraded" : NULL;
}

void raid_btrfs_state(struct host *host, struct facts *facts, struct pool *pool, const struct raid_btrfs *array)
{
        const struct btrfs *btrfs = &array->btrfs;
        size_t missing = btrfs->members - btrfs_at_work(btrfs);
        autobuffer struct text_buffer note = { 0 };
        const char *state = NULL, *operation = NULL, *loss, *source = btrfs->folder;
        bool unwritten = false;
        int running, errors;

        running = read_operation(host, pool, btrfs->folder, &state, &operation);
        if (missing)
                text_addf(&note, "; %zu of %zu devices missing", missing, btrfs->members);
        errors = read_errors(host, pool, array, &unwritten, &note);
        loss = find_loss(array, missing, unwritten);
        if (!loss && (btrfs->untold || errors < 0)) {
                fact_unknown(facts, errors < 0 ? errors : -ENOENT, pool_format(pool, "%s/devinfo", source), "raid.%s.state",
                             array->label);
                return;
        }
        if (!loss && running < 0) {
                fact_unknown(facts, running, pool_format(pool, "%s/exclusive_operation", source), "raid.%s.state",
                             array->label);
                return;
        }
        fact_known(facts, value_text(pool, loss ? loss : state), source, "raid.%s.state", array->label);
        if (operation)
                text_addf(&note, "; %s", operation);
        if (unwritten)
                text_add(&note, "; a scrub mends what was not written, and btrfs device stats --reset ends this");
        if (note.size)
                fact_note(facts, "%s", note.at + strlen("; "));
}

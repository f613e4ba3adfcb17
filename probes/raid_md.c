/* Which members of an md array are at work, and how they do (Documentation/admin-guide/md.rst). */

#include "probes/raid_md.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

struct member {
        const char *folder; /* "/sys/block/md0/md/dev-nvme0n1p2" */
        const char *name;   /* "nvme0n1p2" */
        const char *slot, *state;
};

static bool has_word(const char *state, const char *wanted)
{
        struct slice word;

        while (text_word(&state, ", \n", &word))
                if (slice_equals(word, wanted))
                        return true;
        return false;
}

/* A file that is missing speaks for the member, one that cannot be read does not. */
static int read_word(struct host *host, struct pool *pool, const char *folder, const char *file, const char **word)
{
        int r;

        *word = "";
        r = sysfs_text(host, pool, word, "%s/%s", folder, file);
        return r == -ENOENT ? 0 : r;
}

static int read_member(struct host *host, struct pool *pool, const char *folder, struct member *member)
{
        const char *target;
        int r;

        member->folder = folder;
        member->name = pool_dup(pool, strrchr(folder, '/') + strlen("/dev-"));
        if (host_link(host, pool, &target, "%s/block", folder) == 0)
                member->name = sysfs_last(pool, target);
        r = read_word(host, pool, folder, "slot", &member->slot);
        if (r == 0)
                r = read_word(host, pool, folder, "state", &member->state);
        return r;
}

/* A member in the array has a slot, and is not faulty. */
static bool is_at_work(const struct member *member)
{
        return !text_equals(member->slot, "none") && !has_word(member->state, "faulty") && !has_word(member->state, "spare");
}

static bool is_journal(const struct member *member)
{
        return text_equals(member->slot, "journal") || has_word(member->state, "journal");
}

/* The list is empty where all is well, and what is in it is kept nowhere else: of those blocks the array has a copy less. Kernels before
 * 3.1 keep none. */
static int read_bad_blocks(struct host *host, struct pool *pool, const struct member *member, bool *any)
{
        const char *text;
        int r;

        *any = false;
        r = sysfs_text(host, pool, &text, "%s/bad_blocks", member->folder);
        if (r == -ENOENT || r == -ENODATA)
                return 0;
        if (r == 0 && !strchr("0123456789", *text))
                r = -EINVAL;
        *any = r == 0;
        return r;
}

/* md says by itself who should be replaced once a write failed (raid1_end_write_request in drivers/md/raid1.c and its kin), and an
 * administrator can say so. Errors in reading that were made good are worth a word, no more. */
static int look_after(struct host *host, struct pool *pool, const struct member *member, struct md_members *members,
                      struct text_buffer *note)
{
        static const char *const words[] = { "write_error", "want_replacement" };
        autobuffer struct text_buffer said = { 0 };
        int64_t errors;
        bool bad;
        int r;

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (has_word(member->state, words[i]))
                        text_addf(&said, ", %s", words[i]);
        r = read_bad_blocks(host, pool, member, &bad);
        if (bad)
                text_add(&said, ", bad blocks");
        members->failing |= said.size > 0;
        if (host_number(host, &errors, "%s/errors", member->folder) == 0 && errors > 0)
                text_addf(&said, ", %lld read errors made good", (long long)errors);
        if (said.size)
                text_addf(note, "; %s: %s", text_printable(pool, member->name, 64), said.at + strlen(", "));
        return r;
}

static int take_member(struct host *host, struct pool *pool, const char *folder, struct md_members *members,
                       const char ***names, struct text_buffer *note)
{
        struct member member;
        int r;

        r = read_member(host, pool, folder, &member);
        if (r < 0) {
                members->error = r;
                return r;
        }
        if (is_journal(&member)) {
                if (has_word(member.state, "faulty")) {
                        members->journal_failed = true;
                        text_addf(note, "; its journal %s failed", text_printable(pool, member.name, 64));
                }
                return 0;
        }
        if (!is_at_work(&member))
                return 0;
        *names = pool_grow(pool, *names, members->count, sizeof **names);
        (*names)[members->count++] = member.name;
        return look_after(host, pool, &member, members, note);
}

void raid_md_members(struct host *host, struct pool *pool, const char *folder, struct md_members *members)
{
        autobuffer struct text_buffer note = { 0 };
        const char *const *entries;
        const char **names = NULL;
        bool any = false;

        *members = (struct md_members){ 0 };
        members->error = host_list(host, pool, &entries, "%s/md", folder);
        if (members->error < 0)
                return;
        for (; *entries; entries++) {
                int r;

                if (!text_starts(*entries, "dev-"))
                        continue;
                any = true;
                r = take_member(host, pool, pool_format(pool, "%s/md/%s", folder, *entries), members, &names, &note);
                if (r < 0 && members->health_error == 0)
                        members->health_error = r;
        }
        if (!any)
                members->error = -ENODATA; /* no array runs on nothing */
        members->names = names;
        if (note.size)
                members->note = pool_dup(pool, note.at + strlen("; "));
}

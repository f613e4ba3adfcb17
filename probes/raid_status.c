/* Reading the status lines of the device mapper's RAID targets. */

#include "probes/raid_status.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/raid.h"

#include <errno.h>
#include <string.h>

/* MAX_RAID_DEVICES in drivers/md/dm-raid.c; MAX_NR_MIRRORS in drivers/md/dm-raid1.c is 9. */
#define IMAGES_MAX 253
#define LINE_MAX   4096

/* Documentation/admin-guide/device-mapper/dm-raid.rst; those of raid10 that only the kernel says are in its table raid_types. */
static const char *const types[][2] = {
        { "raid0", "raid0" },        { "raid1", "raid1" },       { "raid10", "raid10" },
        { "raid10_near", "raid10" }, { "raid10_far", "raid10" }, { "raid10_offset", "raid10" },
        { "raid4", "raid4" },        { "raid5_n", "raid5" },     { "raid5_ls", "raid5" },
        { "raid5_rs", "raid5" },     { "raid5_la", "raid5" },    { "raid5_ra", "raid5" },
        { "raid6_zr", "raid6" },     { "raid6_nr", "raid6" },    { "raid6_nc", "raid6" },
        { "raid6_n_6", "raid6" },    { "raid6_ls_6", "raid6" },  { "raid6_rs_6", "raid6" },
        { "raid6_la_6", "raid6" },   { "raid6_ra_6", "raid6" },  { NULL, NULL },
};
static const char *const actions[] = { "idle", "frozen", "resync", "recover", "reshape", "check", "repair", NULL };

/* The line, as it shrinks from the left. */
struct reading {
        struct pool *pool;
        struct slice rest;
        const char *problem;
};

static int refuse(struct reading *reading, const char *problem)
{
        reading->problem = problem;
        return -EINVAL;
}

static int take_number(struct reading *reading, uint64_t most, uint64_t *number)
{
        struct slice word;
        const char *text;

        if (!slice_word(&reading->rest, " ", &word))
                return -EINVAL;
        text = slice_dup(reading->pool, word);
        if (text[strspn(text, "0123456789")] || text_u64(text, 10, number) < 0 || *number > most)
                return -EINVAL;
        return 0;
}

static int take_ratio(struct reading *reading, struct raid_status *status)
{
        struct slice word;
        struct reading parts = { .pool = reading->pool };
        char *text, *slash;

        if (!slice_word(&reading->rest, " ", &word))
                return refuse(reading, "how far it is in sync is missing");
        text = slice_dup(reading->pool, word);
        slash = strchr(text, '/');
        if (slash && slash != text) {
                *slash = ' ';
                parts.rest = slice_of(text);
                if (take_number(&parts, UINT64_MAX, &status->done) == 0 &&
                    take_number(&parts, UINT64_MAX, &status->whole) == 0 && !parts.rest.size && status->whole &&
                    status->done <= status->whole)
                        return 0;
        }
        return refuse(reading, "how far it is in sync makes no sense");
}

/* One letter for each image. Who is not in sync beside others that are is being written from those; where nobody is, all wait for the
 * same sync, and none is more in order than the others. good: the letter of one that is in order. */
static int take_health(struct reading *reading, struct raid_status *status, const char *letters, char good)
{
        size_t in_sync = 0, unsynced = 0;
        struct slice word;

        if (!slice_word(&reading->rest, " ", &word) || word.size != status->count)
                return refuse(reading, "there is not one letter for each image");
        for (size_t i = 0; i < word.size; i++) {
                if (!strchr(letters, word.at[i]) || !word.at[i])
                        return refuse(reading, "an image is in a condition of unknown name");
                status->gaps += word.at[i] == '-';
                if (word.at[i] == good)
                        in_sync++;
                else if (word.at[i] == 'a')
                        unsynced++;
                else
                        status->failed++;
        }
        status->rebuilding = in_sync ? unsynced : 0;
        status->unsynced = in_sync ? 0 : unsynced;
        return 0;
}

static const char *find_word(const char *const *words, struct slice word)
{
        for (; *words; words++)
                if (slice_equals(word, *words))
                        return *words;
        return NULL;
}

static int take_count(struct reading *reading, struct raid_status *status, uint64_t most)
{
        uint64_t count;

        if (take_number(reading, most, &count) < 0 || !count)
                return refuse(reading, "the number of images makes no sense");
        status->count = count;
        return 0;
}

/* The journal is "-" where there is none, and "a" where it holds writes back, which is in order. */
static int take_raid_end(struct reading *reading, struct raid_status *status)
{
        static const char *const journals[] = { "A", "a", "D", "-", NULL };
        struct slice word;
        uint64_t offset;

        if (!slice_word(&reading->rest, " ", &word))
                return refuse(reading, "what it does is missing");
        status->action = find_word(actions, word);
        if (!status->action)
                return refuse(reading, "it does something of unknown name");
        if (take_number(reading, UINT64_MAX, &status->mismatches) < 0)
                return refuse(reading, "the number of mismatches makes no sense");
        if (!reading->rest.size)
                return 0;
        if (take_number(reading, UINT64_MAX, &offset) < 0)
                return refuse(reading, "the data offset makes no sense");
        if (!reading->rest.size)
                return 0;
        if (!slice_word(&reading->rest, " ", &word) || !find_word(journals, word))
                return refuse(reading, "its journal is in a condition of unknown name");
        status->log_failed = slice_equals(word, "D");
        return 0;
}

/* "raid1 2 AA 131072/131072 idle 0 0 -": raid_status() in drivers/md/dm-raid.c. */
static int take_raid(struct reading *reading, struct raid_status *status)
{
        struct slice word;
        int r;

        if (!slice_word(&reading->rest, " ", &word))
                return refuse(reading, "its type is missing");
        for (size_t i = 0; types[i][0]; i++) {
                if (!slice_equals(word, types[i][0]))
                        continue;
                status->type = types[i][0];
                status->level = types[i][1];
        }
        if (!status->type)
                return refuse(reading, "it has a type of unknown name");
        r = take_count(reading, status, IMAGES_MAX);
        if (r == 0)
                r = take_health(reading, status, "AaD-", 'A');
        if (r == 0)
                r = take_ratio(reading, status);
        return r < 0 ? r : take_raid_end(reading, status);
}

/* "1 core" or "3 disk 253:2 A" (drivers/md/dm-log.c); other logs belong to clusters. */
static int take_log(struct reading *reading, struct raid_status *status)
{
        struct slice kind, device, health;
        uint64_t count;

        if (take_number(reading, 3, &count) < 0 || !slice_word(&reading->rest, " ", &kind))
                return refuse(reading, "its log makes no sense");
        if (count == 1 && slice_equals(kind, "core"))
                return 0;
        if (count != 3 || !slice_equals(kind, "disk") || !slice_word(&reading->rest, " ", &device) ||
            !slice_word(&reading->rest, " ", &health))
                return refuse(reading, "its log is of an unknown kind");
        if (!slice_equals(health, "A") && !slice_equals(health, "D") && !slice_equals(health, "F"))
                return refuse(reading, "its log is in a condition of unknown name");
        status->log_failed = !slice_equals(health, "A");
        return 0;
}

/* "2 253:3 253:4 1024/1024 1 AA 3 disk 253:2 A": mirror_status() in drivers/md/dm-raid1.c, where D is a failed write, F a failed flush,
 * S a failed sync, R a failed read and U anything else. */
static int take_mirror(struct reading *reading, struct raid_status *status)
{
        struct slice word;
        uint64_t words;
        int r;

        status->level = "raid1";
        status->type = "mirror";
        r = take_count(reading, status, IMAGES_MAX);
        for (size_t i = 0; r == 0 && i < status->count; i++)
                if (!slice_word(&reading->rest, " ", &word) || !memchr(word.at, ':', word.size))
                        r = refuse(reading, "an image is missing");
        if (r == 0)
                r = take_ratio(reading, status);
        if (r == 0 && (take_number(reading, 1, &words) < 0 || words != 1))
                r = refuse(reading, "there is not one word on the images");
        if (r == 0)
                r = take_health(reading, status, "ADFSRU", 'A');
        if (r < 0)
                return r;
        status->action = status->done < status->whole ? "resync" : "idle";
        return take_log(reading, status);
}

static int take_line(struct reading *reading, struct raid_status *status)
{
        struct slice target;
        uint64_t start, length;
        int r;

        if (take_number(reading, UINT64_MAX, &start) < 0 || take_number(reading, UINT64_MAX, &length) < 0 || start || !length ||
            !slice_word(&reading->rest, " ", &target))
                return refuse(reading, "it is no line of a table that starts with the volume");
        if (slice_equals(target, "raid"))
                r = take_raid(reading, status);
        else if (slice_equals(target, "mirror"))
                r = take_mirror(reading, status);
        else
                r = refuse(reading, pool_format(reading->pool, "its target is %s, neither raid nor mirror",
                                                text_printable(reading->pool, slice_dup(reading->pool, target), 32)));
        if (r == 0 && slice_trim(reading->rest).size)
                r = refuse(reading, "there is more than is known of such a line");
        return r;
}

int raid_status_parse(struct pool *pool, const char *answer, size_t size, struct raid_status *status, const char **problem)
{
        struct reading reading = { .pool = pool };
        struct raid_status found = { 0 };
        const char *newline = size ? memchr(answer, '\n', size) : NULL;
        int r;

        reading.rest = (struct slice){ answer, newline ? (size_t)(newline - answer) : size };
        if (!size)
                r = refuse(&reading, "it has no table");
        else if (newline && (size_t)(newline + 1 - answer) != size)
                r = refuse(&reading, "it has more than one target");
        else if (size > LINE_MAX || memchr(answer, '\0', size))
                r = refuse(&reading, "that is no line of text");
        else
                r = take_line(&reading, &found);
        if (r < 0)
                *problem = reading.problem;
        else
                *status = found;
        return r;
}

/* md counts an image that is being rebuilt as lost, too (mddev->degraded), for until it is whole it saves nobody. */
const char *raid_status_state(const struct raid_status *status)
{
        size_t lost = status->failed + status->rebuilding;

        if (lost == status->count || (lost && (int64_t)lost > raid_redundancy(status->level, (int64_t)status->count)))
                return "failed";
        if (lost || status->log_failed)
                return "degraded";
        if (!text_equals(status->action, "idle") && !text_equals(status->action, "frozen"))
                return status->action;
        return status->done < status->whole || status->unsynced ? "resync" : "active";
}

const char *raid_status_note(struct pool *pool, const struct raid_status *status)
{
        autobuffer struct text_buffer text = { 0 };
        unsigned percent = (unsigned)(100.0 * (double)status->done / (double)status->whole);

        if (status->failed)
                text_addf(&text, "; %zu of %zu images failed", status->failed, status->count);
        if (status->rebuilding)
                text_addf(&text, "; %zu of %zu images being rebuilt", status->rebuilding, status->count);
        if (status->log_failed)
                text_add(&text, "; its log failed");
        if (status->done < status->whole && (text_equals(status->action, "idle") || text_equals(status->action, "frozen")))
                text_addf(&text, "; %u %% in sync", percent);
        else if (status->done < status->whole && text_equals(status->action, raid_status_state(status)))
                text_addf(&text, "; %u %% done", percent);
        else if (status->done < status->whole)
                text_addf(&text, "; %s, %u %% done", status->action, percent);
        if (status->mismatches)
                text_addf(&text, "; %llu mismatches in the last check", (unsigned long long)status->mismatches);
        return text.size ? pool_dup(pool, text.at + strlen("; ")) : NULL;
}

/* Whether one file of the journal that is open is seen to be damaged: what its hash tables find is held against its own list of entries. */

#include "agent/core/journal_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

/* For a file in which something was not found: a whole one has so many at most, of 128 MiB (journald.conf(5), SystemMaxFileSize). */
#define STEPS_SUSPICIOUS 2000000
/* A sender may make up priorities; those of syslog are eight. */
#define VALUES_MAX     1000
#define VALUE_SIZE_MAX 64

struct journal_key {
        size_t boot;
        uint64_t since_boot_us;
};

/* Are there entries with this value, by its hash? */
static int is_found(sd_journal *journal, struct slice value)
{
        int r;

        sd_journal_flush_matches(journal);
        r = sd_journal_add_match(journal, value.at, value.size);
        if (r >= 0)
                r = sd_journal_seek_head(journal);
        return r < 0 ? r : sd_journal_next(journal);
}

/* Every value that the file lists by itself must have entries, and a file with entries lists values. 0 is no proof: what did not fit into
 * a file any more may have left a value without an entry. */
static int are_values_found(sd_journal *journal, const char *field)
{
        autobuffer struct text_buffer values = { 0 };
        const char *cursor;
        struct slice value;
        unsigned count = 0;
        const void *bytes;
        size_t size;
        int r;

        r = sd_journal_query_unique(journal, field);
        while (r >= 0 && count < VALUES_MAX && (r = sd_journal_enumerate_unique(journal, &bytes, &size)) > 0) {
                count++;
                /* What is longer, or of more than one line, was made up. */
                if (size > VALUE_SIZE_MAX || memchr(bytes, '\n', size) || memchr(bytes, '\0', size))
                        continue;
                text_add_bytes(&values, bytes, size);
                text_add(&values, "\n");
        }
        if (r < 0 || count == 0)
                return r < 0 ? r : 0;
        cursor = values.at;
        while (cursor && text_line(&cursor, &value)) {
                r = is_found(journal, value);
                if (r <= 0)
                        return r;
        }
        return 1;
}

static bool is_error(sd_journal *journal)
{
        char word[JOURNAL_FIELD_MAX];

        return journal_field(journal, "PRIORITY", false, word, sizeof word) && word[0] >= '0' && word[0] <= '3' && !word[1];
}

/* Keeps the entry, if it is an error that may be in the window. */
static int keep(sd_journal *journal, struct journal_found *found, struct journal_walk *walk)
{
        const struct journal_window *window = &found->window;
        uint64_t since_boot, when;
        sd_id128_t id;
        size_t boot;

        if (sd_journal_get_monotonic_usec(journal, &since_boot, &id) < 0 || sd_journal_get_realtime_usec(journal, &when) < 0)
                return -EBADMSG;
        boot = journal_found_boot(found, id);
        if (boot > 0 ? window->boot_only || when < window->not_before_us : since_boot < window->since_us)
                return 0;
        if (!is_error(journal))
                return 0;
        walk->keys = pool_grow(found->pool, walk->keys, walk->count, sizeof *walk->keys);
        walk->keys[walk->count++] = (struct journal_key){ boot, since_boot };
        return 0;
}

/* From the end, over so many entries. -EBADMSG: there are fewer than the head told. */
static int walk_over(sd_journal *journal, uint64_t steps, uint64_t entries, struct journal_found *found,
                     struct journal_walk *walk)
{
        uint64_t met = 0;
        int r;

        sd_journal_flush_matches(journal);
        r = sd_journal_seek_tail(journal);
        while (r >= 0 && met < steps && (r = sd_journal_previous(journal)) > 0) {
                met++;
                r = keep(journal, found, walk);
        }
        found->steps -= met < found->steps ? met : found->steps;
        if (r < 0)
                return r;
        return met < steps && met < entries ? -EBADMSG : 0;
}

int journal_walk_back(sd_journal *journal, uint64_t entries, struct journal_found *found, struct journal_walk *walk)
{
        int boots = 1, priorities = 1;

        if (entries > 0) {
                boots = are_values_found(journal, "_BOOT_ID");
                priorities = are_values_found(journal, "PRIORITY");
        }
        if (boots < 0 || priorities < 0)
                return -EBADMSG;
        if (boots > 0 && priorities > 0)
                return walk_over(journal, found->steps, entries, found, walk);
        return entries > STEPS_SUSPICIOUS ? -EBADMSG : walk_over(journal, STEPS_SUSPICIOUS, entries, found, walk);
}

/* Of another boot the window ends a length before its last error. */
int journal_walk_compare(const struct journal_walk *walk, const struct journal_found *found)
{
        for (size_t i = 0; i < walk->count; i++) {
                const struct journal_key *key = &walk->keys[i];

                if (key->boot > 0 && key->since_boot_us + found->window.length_us < found->boots[key->boot].last_us)
                        continue;
                if (!journal_found_has(found, key->boot, key->since_boot_us))
                        return -EBADMSG;
        }
        return 0;
}

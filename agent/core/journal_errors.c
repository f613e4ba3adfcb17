/* The errors in one file of the journal that is open. */

#include "agent/core/journal_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WORST_IGNORED  4 /* LOG_WARNING: err and what is worse counts (syslog(3)) */
#define BOOT_MATCH_MAX (16 + SD_ID128_STRING_MAX)
/* For the heads of an answer, the names of damaged files, and a last entry. */
#define ROOM 8192

/* What plumbline told the journal itself, as root: its findings are no errors of the host. Any user may call a program of his so. */
static bool is_own(sd_journal *journal)
{
        char word[JOURNAL_FIELD_MAX];

        return journal_field(journal, "_COMM", false, word, sizeof word) && text_equals(word, "plumbline") &&
               journal_field(journal, "_UID", false, word, sizeof word) && text_equals(word, "0");
}

/* Fields with an underscore are journald's word, the others the sender's own: only systemd itself is believed about other units. */
static void add_unit(sd_journal *journal, struct text_buffer *text)
{
        char word[JOURNAL_FIELD_MAX];

        if (is_own(journal)) {
                text_add(text, " plumbline");
                return;
        }
        if (journal_field(journal, "_TRANSPORT", false, word, sizeof word) && text_equals(word, "kernel")) {
                text_add(text, " kernel");
                return;
        }
        if (journal_field(journal, "_SYSTEMD_UNIT", false, word, sizeof word) && text_equals(word, "init.scope"))
                if (!journal_field(journal, "UNIT", false, word, sizeof word))
                        snprintf(word, sizeof word, "init.scope");
        text_addf(text, " %s", word);
}

/* Where in the journal to look, of one boot. */
struct span {
        uint64_t since_us;      /* by the boot's own clock */
        uint64_t not_before_us; /* by the clock of the day */
};

static int get_age(sd_journal *journal, uint64_t *since_boot_us)
{
        sd_id128_t boot;

        return sd_journal_get_monotonic_usec(journal, since_boot_us, &boot);
}

static void add_entry(sd_journal *journal, size_t boot, uint64_t since_boot, struct journal_found *found)
{
        char message[JOURNAL_MESSAGE_MAX], id[JOURNAL_FIELD_MAX];
        struct journal_line line = { .boot = boot, .file = found->file, .at = found->text.size, .since_boot_us = since_boot };

        journal_field(journal, "MESSAGE_ID", false, id, sizeof id);
        journal_field(journal, "MESSAGE", true, message, sizeof message);
        text_add(&found->text, "entry");
        add_unit(journal, &found->text);
        text_addf(&found->text, " %s %s\n", id, message);
        line.size = found->text.size - line.at;
        found->lines = pool_grow(found->pool, found->lines, found->line_count, sizeof *found->lines);
        found->lines[found->line_count++] = line;
}

static int add_entries(sd_journal *journal, size_t boot, const struct span *span, struct journal_found *found)
{
        int r;

        while ((r = sd_journal_next(journal)) > 0) {
                uint64_t since_boot, when;

                if (get_age(journal, &since_boot) < 0 || sd_journal_get_realtime_usec(journal, &when) < 0)
                        return -EBADMSG;
                if (since_boot < span->since_us || when < span->not_before_us)
                        continue;
                if (found->text.size > JOURNAL_ANSWER_MAX - ROOM) {
                        found->more = true;
                        return 0;
                }
                add_entry(journal, boot, since_boot, found);
        }
        return r;
}

static int match_errors(sd_journal *journal, sd_id128_t boot)
{
        char match[BOOT_MATCH_MAX], id[SD_ID128_STRING_MAX];
        int r = 0;

        sd_journal_flush_matches(journal);
        for (int priority = 0; r >= 0 && priority < WORST_IGNORED; priority++) {
                snprintf(match, sizeof match, "PRIORITY=%d", priority);
                r = sd_journal_add_match(journal, match, 0);
        }
        snprintf(match, sizeof match, "_BOOT_ID=%s", sd_id128_to_string(boot, id));
        return r < 0 ? r : sd_journal_add_match(journal, match, 0);
}

/* From the end, so that the time it takes is that of the window and not of the boot. Within a boot libsystemd keeps the order in which
 * journald wrote, whatever the clock of the day did meanwhile; where it was set, sd_journal_seek_realtime_usec leads astray. */
static int seek_back(sd_journal *journal, uint64_t since_us)
{
        uint64_t since_boot;
        int r;

        if (since_us == 0)
                return sd_journal_seek_head(journal);
        r = sd_journal_seek_tail(journal);
        while (r >= 0 && (r = sd_journal_previous(journal)) > 0) {
                r = get_age(journal, &since_boot);
                if (r < 0 || since_boot < since_us)
                        return r;
        }
        return r < 0 ? r : sd_journal_seek_head(journal);
}

static int add_boot(sd_journal *journal, size_t boot, const struct span *span, struct journal_found *found)
{
        int r;

        r = match_errors(journal, found->boots[boot].id);
        if (r >= 0)
                r = seek_back(journal, span->since_us);
        return r < 0 ? r : add_entries(journal, boot, span, found);
}

/* The clock of the day is all that dates another boot. Its last error came before now, so that what came a window before that is
 * outside, and nothing else of the boot is looked at. */
static int add_other_boot(sd_journal *journal, size_t boot, struct journal_found *found)
{
        struct span span = { 0, found->window.not_before_us };
        uint64_t last;
        int r;

        r = match_errors(journal, found->boots[boot].id);
        if (r >= 0)
                r = sd_journal_seek_tail(journal);
        if (r >= 0)
                r = sd_journal_previous(journal);
        if (r > 0)
                r = get_age(journal, &last) < 0 ? -EBADMSG : 1;
        if (r <= 0)
                return r;
        found->boots[boot].last_us = last;
        span.since_us = last > found->window.length_us ? last - found->window.length_us : 0;
        return add_boot(journal, boot, &span, found);
}

static int add_other_boots(sd_journal *journal, struct journal_found *found)
{
        autobuffer struct text_buffer boots = { 0 };
        const char *cursor;
        struct slice boot;
        const void *bytes;
        size_t size;
        int r;

        r = sd_journal_query_unique(journal, "_BOOT_ID");
        while (r >= 0 && (r = sd_journal_enumerate_unique(journal, &bytes, &size)) > 0) {
                text_add_bytes(&boots, bytes, size);
                text_add(&boots, "\n");
        }
        cursor = boots.at;
        while (r >= 0 && !found->more && cursor && text_line(&cursor, &boot)) {
                char word[BOOT_MATCH_MAX];
                sd_id128_t id;
                size_t number;

                snprintf(word, sizeof word, "%.*s", (int)boot.size, boot.at);
                if (!text_starts(word, "_BOOT_ID=") || sd_id128_from_string(word + strlen("_BOOT_ID="), &id) < 0)
                        return -EBADMSG;
                number = journal_found_boot(found, id);
                if (number > 0)
                        r = add_other_boot(journal, number, found);
        }
        return r;
}

int journal_find_errors(sd_journal *journal, struct journal_found *found)
{
        int r = 0;

        if (!found->window.boot_only)
                r = add_other_boots(journal, found);
        /* An entry is of this boot by its _BOOT_ID, whatever time it bears. */
        if (r >= 0 && !found->more)
                r = add_boot(journal, 0, &(struct span){ found->window.since_us, 0 }, found);
        if (r >= 0)
                journal_found_sort(found, found->file_line);
        return r;
}

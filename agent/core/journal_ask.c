/* Asking the journal for its errors, over libsystemd. */

#include "agent/core/ask.h"
#include "agent/core/journal_inside.h"

#include "agent/core/children.h"
#include "agent/core/text.h"

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define WORST_IGNORED  4 /* LOG_WARNING: err and what is worse counts (syslog(3)) */
#define BOOT_MATCH_MAX (16 + SD_ID128_STRING_MAX)

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

struct window {
        bool boot_only;
        uint64_t length_us;
        uint64_t since_us;      /* by this boot's own clock, CLOCK_MONOTONIC: nobody sets it */
        uint64_t not_before_us; /* by the clock of the day; of a boot its beginning */
};

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

static int add_entries(sd_journal *journal, const struct span *span, struct text_buffer *text)
{
        int r;

        while ((r = sd_journal_next(journal)) > 0) {
                char message[JOURNAL_MESSAGE_MAX], id[JOURNAL_FIELD_MAX];
                uint64_t since_boot, when;

                if (get_age(journal, &since_boot) < 0 || sd_journal_get_realtime_usec(journal, &when) < 0)
                        return -EBADMSG;
                if (since_boot < span->since_us || when < span->not_before_us)
                        continue;
                if (text->size > JOURNAL_ANSWER_MAX - 2048) {
                        text_add(text, "more\n");
                        return 0;
                }
                journal_field(journal, "MESSAGE_ID", false, id, sizeof id);
                journal_field(journal, "MESSAGE", true, message, sizeof message);
                text_add(text, "entry");
                add_unit(journal, text);
                text_addf(text, " %s %s\n", id, message);
        }
        return r;
}

static int match_errors(sd_journal *journal, const char *boot_match)
{
        int r = 0;

        sd_journal_flush_matches(journal);
        for (int priority = 0; r >= 0 && priority < WORST_IGNORED; priority++) {
                char match[32];

                snprintf(match, sizeof match, "PRIORITY=%d", priority);
                r = sd_journal_add_match(journal, match, 0);
        }
        return r < 0 ? r : sd_journal_add_match(journal, boot_match, 0);
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

static int add_boot(sd_journal *journal, const char *boot_match, const struct span *span, struct text_buffer *text)
{
        int r;

        r = match_errors(journal, boot_match);
        if (r >= 0)
                r = seek_back(journal, span->since_us);
        return r < 0 ? r : add_entries(journal, span, text);
}

/* The clock of the day is all that dates another boot. Its last error came before now, so that what came a window before that is
 * outside, and nothing else of the boot is looked at. */
static int add_other_boot(sd_journal *journal, const char *boot_match, const struct window *window, struct text_buffer *text)
{
        struct span span = { 0, window->not_before_us };
        uint64_t last;
        int r;

        r = match_errors(journal, boot_match);
        if (r >= 0)
                r = sd_journal_seek_tail(journal);
        if (r >= 0)
                r = sd_journal_previous(journal);
        if (r > 0)
                r = get_age(journal, &last) < 0 ? -EBADMSG : 1;
        if (r <= 0)
                return r;
        span.since_us = last > window->length_us ? last - window->length_us : 0;
        return add_boot(journal, boot_match, &span, text);
}

/* Those first, as they came first. */
static int add_other_boots(sd_journal *journal, const char *boot_match, const struct window *window, struct text_buffer *text)
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
        while (r >= 0 && cursor && text_line(&cursor, &boot)) {
                char match[BOOT_MATCH_MAX];

                snprintf(match, sizeof match, "%.*s", (int)boot.size, boot.at);
                if (!text_equals(match, boot_match))
                        r = add_other_boot(journal, match, window, text);
        }
        return r;
}

static uint64_t before(clockid_t clock, uint64_t length_us)
{
        struct timespec now;
        uint64_t now_us;

        clock_gettime(clock, &now);
        now_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
        return now_us > length_us ? now_us - length_us : 0;
}

/* "boot", or seconds. */
static int read_window(const char *name, struct window *window)
{
        uint64_t seconds;

        if (text_equals(name, "boot")) {
                *window = (struct window){ .boot_only = true };
                window->not_before_us = before(CLOCK_REALTIME, before(CLOCK_BOOTTIME, 0));
                return 0;
        }
        if (text_u64(name, 10, &seconds) < 0 || seconds > UINT64_MAX / 1000000)
                return -ENOENT;
        *window = (struct window){ .length_us = seconds * 1000000 };
        window->since_us = before(CLOCK_MONOTONIC, window->length_us);
        window->not_before_us = before(CLOCK_REALTIME, window->length_us);
        return 0;
}

/* Only in the system's own files: a user's file may be old and still there when what the system said meanwhile is gone. */
static int add_reach(const char *boot_match, struct text_buffer *text)
{
        autojournal sd_journal *journal = NULL;
        int r;

        r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
        return r < 0 ? r : journal_add_reach(journal, boot_match, text);
}

static int add_errors(sd_journal *journal, const char *boot_match, const struct window *window, struct text_buffer *text)
{
        int r = 0;

        if (!window->boot_only)
                r = add_other_boots(journal, boot_match, window, text);
        /* An entry is of this boot by its _BOOT_ID, whatever time it bears. */
        return r < 0 ? r : add_boot(journal, boot_match, &(struct span){ window->since_us, 0 }, text);
}

/* A file in which it comes upon something broken libsystemd lets go of, and goes on without it: then the files that are left are smaller. */
static int add_all(const char *boot_match, const struct window *window, struct text_buffer *text, bool *whole)
{
        autojournal sd_journal *journal = NULL;
        uint64_t first = 0, last = 0;
        int r;

        r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);
        if (r >= 0)
                r = sd_journal_get_usage(journal, &first);
        if (r >= 0)
                r = add_errors(journal, boot_match, window, text);
        if (r >= 0)
                r = sd_journal_get_usage(journal, &last);
        *whole = r >= 0 && last >= first;
        return r;
}

/* Twice, if need be: a file may become smaller since journald gives back what it did not fill. */
static int add_whole(const char *boot_match, const struct window *window, struct text_buffer *text)
{
        bool whole = false;
        int r = 0;

        for (unsigned left = 2; r >= 0 && !whole && left-- > 0;) {
                autobuffer struct text_buffer entries = { 0 };

                r = add_all(boot_match, window, &entries, &whole);
                if (whole || left == 0)
                        text_add_bytes(text, entries.at, entries.size);
        }
        if (!whole)
                text_add(text, "damaged -\n");
        return r;
}

static int ask_errors(const void *about, struct text_buffer *text)
{
        char match[BOOT_MATCH_MAX], id[SD_ID128_STRING_MAX];
        struct window window;
        sd_id128_t boot;
        int r;

        r = read_window(about, &window);
        if (r >= 0)
                r = sd_id128_get_boot(&boot);
        if (r < 0)
                return r;
        snprintf(match, sizeof match, "_BOOT_ID=%s", sd_id128_to_string(boot, id));
        r = add_reach(match, text);
        if (r >= 0)
                r = journal_add_damaged(window.not_before_us, text);
        if (r < 0)
                return r;
        text_addf(text, "boot_since_us %llu\n", (unsigned long long)window.since_us);
        return add_whole(match, &window, text);
}

int ask_journal(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        int r;

        r = journal_may_read();
        return r < 0 ? r : children_ask(ask_errors, rest, JOURNAL_TIMEOUT_MS, JOURNAL_ANSWER_MAX, pool, answer, size);
}

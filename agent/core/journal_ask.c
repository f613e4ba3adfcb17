/* Asking the journal for its errors, over libsystemd. */

#include "agent/core/ask.h"
#include "agent/core/journal_inside.h"

#include "agent/core/children.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define BOOT_MATCH_MAX (16 + SD_ID128_STRING_MAX)
/* Entries that are walked over beside what is looked for, in all files. */
#define STEPS_MAX 100000

static uint64_t before(clockid_t clock, uint64_t length_us)
{
        struct timespec now;
        uint64_t now_us;

        clock_gettime(clock, &now);
        now_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
        return now_us > length_us ? now_us - length_us : 0;
}

/* "boot", or seconds. */
static int read_window(const char *name, struct journal_window *window)
{
        uint64_t seconds;

        if (text_equals(name, "boot")) {
                *window = (struct journal_window){ .boot_only = true };
                window->not_before_us = before(CLOCK_REALTIME, before(CLOCK_BOOTTIME, 0));
                return 0;
        }
        if (text_u64(name, 10, &seconds) < 0 || seconds > UINT64_MAX / 1000000)
                return -ENOENT;
        *window = (struct journal_window){ .length_us = seconds * 1000000 };
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

/* What is left out of a damaged file is all of it. */
static int read_file(sd_journal *journal, uint64_t entries, void *about)
{
        struct journal_found *found = about;
        struct journal_walk walk = { 0 };
        uint64_t steps = found->steps;
        int r;

        journal_found_begin(found);
        r = journal_walk_back(journal, entries, found, &walk);
        if (r >= 0)
                r = journal_find_errors(journal, found);
        if (r >= 0 && !found->more)
                r = journal_walk_compare(&walk, found);
        if (r < 0) {
                journal_found_forget(found);
                found->steps = steps;
        }
        return r < 0 ? r : found->more;
}

/* How far the journal reaches comes last: what was rotated away before it was read is beyond its reach by then. */
static int add_all(sd_id128_t boot, struct journal_found *found, struct text_buffer *text)
{
        char match[BOOT_MATCH_MAX], id[SD_ID128_STRING_MAX];
        int r;

        journal_found_boot(found, boot);
        r = journal_each_file(&found->window, boot, read_file, found, text);
        snprintf(match, sizeof match, "_BOOT_ID=%s", sd_id128_to_string(boot, id));
        if (r >= 0)
                r = add_reach(match, text);
        if (r < 0)
                return r;
        text_addf(text, "boot_since_us %llu\n", (unsigned long long)found->window.since_us);
        journal_found_tell(found, text);
        return 0;
}

static int ask_errors(const void *about, struct text_buffer *text)
{
        autopool struct pool *pool = pool_new();
        struct journal_found found = { .pool = pool, .steps = STEPS_MAX };
        sd_id128_t boot;
        int r;

        r = read_window(about, &found.window);
        if (r >= 0)
                r = sd_id128_get_boot(&boot);
        if (r >= 0)
                r = add_all(boot, &found, text);
        text_buffer_free(&found.text);
        return r;
}

int ask_journal(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        int r;

        r = journal_may_read();
        return r < 0 ? r : children_ask(ask_errors, rest, JOURNAL_TIMEOUT_MS, JOURNAL_ANSWER_MAX, pool, answer, size);
}

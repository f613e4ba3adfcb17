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
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORST_IGNORED 4 /* LOG_WARNING: err and what is worse counts (syslog(3)) */

void journal_close(sd_journal **journal)
{
        sd_journal_close(*journal);
}

/* libsystemd passes over the files that this process may not read, and a journal without them looks clean. */
int journal_may_read(void)
{
        static const char *const folders[] = { "/var/log/journal", "/run/log/journal" };
        char id[SD_ID128_STRING_MAX], path[128];
        sd_id128_t machine;
        bool any = false;
        int r;

        r = sd_id128_get_machine(&machine);
        if (r < 0)
                return r == -ENOENT || r == -ENOMEDIUM ? -EOPNOTSUPP : r;
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                snprintf(path, sizeof path, "%s/%s/system.journal", folders[i], sd_id128_to_string(machine, id));
                if (access(path, R_OK) == 0)
                        any = true;
                else if (errno != ENOENT && errno != ENOTDIR)
                        return -errno;
        }
        return any ? 0 : -EOPNOTSUPP;
}

bool journal_field(sd_journal *journal, const char *name, bool blanks, char *text, size_t size)
{
        const void *bytes;
        size_t length, skip = strlen(name) + 1;

        snprintf(text, size, "-");
        if (sd_journal_get_data(journal, name, &bytes, &length) < 0 || length <= skip)
                return false;
        length = length - skip < size - 1 ? length - skip : size - 1;
        memcpy(text, (const char *)bytes + skip, length);
        text[length] = '\0';
        for (size_t i = 0; i < length; i++)
                if ((unsigned char)text[i] < ' ' || text[i] == 0x7f || (text[i] == ' ' && !blanks))
                        text[i] = '?';
        return true;
}

/* Fields with an underscore are journald's word, the others the sender's own: only systemd itself is believed about other units. */
static void add_unit(sd_journal *journal, struct text_buffer *text)
{
        char word[JOURNAL_FIELD_MAX];

        if (journal_field(journal, "_COMM", false, word, sizeof word) && text_equals(word, "plumbline")) {
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

static int add_entries(sd_journal *journal, uint64_t until_us, struct text_buffer *text)
{
        int r;

        while ((r = sd_journal_next(journal)) > 0) {
                char message[JOURNAL_MESSAGE_MAX], id[JOURNAL_FIELD_MAX];
                uint64_t when;

                if (sd_journal_get_realtime_usec(journal, &when) < 0)
                        return -EBADMSG;
                if (when > until_us)
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

int journal_add_oldest(sd_journal *journal, sd_id128_t boot, struct text_buffer *text)
{
        sd_id128_t first;
        uint64_t when, since_boot;
        int r;

        sd_journal_flush_matches(journal);
        r = sd_journal_seek_head(journal);
        if (r >= 0)
                r = sd_journal_next(journal);
        if (r == 0)
                return -ENODATA;
        if (r > 0)
                r = sd_journal_get_realtime_usec(journal, &when);
        if (r >= 0)
                r = sd_journal_get_monotonic_usec(journal, &since_boot, &first);
        if (r < 0)
                return r;
        text_addf(text, "oldest_us %llu\nearlier_boot %d\nafter_boot_us %llu\n", (unsigned long long)when,
                  !sd_id128_equal(first, boot), (unsigned long long)since_boot);
        return 0;
}

static int add_matches(sd_journal *journal, const char *boot_match)
{
        for (int priority = 0; priority < WORST_IGNORED; priority++) {
                char match[32];
                int r;

                snprintf(match, sizeof match, "PRIORITY=%d", priority);
                r = sd_journal_add_match(journal, match, 0);
                if (r < 0)
                        return r;
        }
        return boot_match ? sd_journal_add_match(journal, boot_match, 0) : 0;
}

/* window: "boot", or seconds. */
static int ask_errors(const void *about, struct text_buffer *text)
{
        const char *window = about;
        char match[16 + SD_ID128_STRING_MAX], id[SD_ID128_STRING_MAX];
        autojournal sd_journal *journal = NULL;
        struct timespec now;
        uint64_t seconds = 0, now_us, since_us;
        bool boot_only = text_equals(window, "boot");
        sd_id128_t boot;
        int r;

        if (!boot_only && text_u64(window, 10, &seconds) < 0)
                return -ENOENT;
        r = sd_id128_get_boot(&boot);
        if (r >= 0)
                r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);
        if (r >= 0)
                r = journal_add_oldest(journal, boot, text);
        snprintf(match, sizeof match, "_BOOT_ID=%s", sd_id128_to_string(boot, id));
        if (r >= 0)
                r = add_matches(journal, boot_only ? match : NULL);
        if (r < 0)
                return r;
        clock_gettime(CLOCK_REALTIME, &now);
        now_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
        since_us = seconds > now_us / 1000000 ? 0 : now_us - seconds * 1000000;
        text_addf(text, "since_us %llu\n", boot_only ? 0ULL : (unsigned long long)since_us);
        r = boot_only ? sd_journal_seek_head(journal) : sd_journal_seek_realtime_usec(journal, since_us);
        return r < 0 ? r : add_entries(journal, now_us, text);
}

int ask_journal(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        int r;

        r = journal_may_read();
        return r < 0 ? r : children_ask(ask_errors, rest, JOURNAL_TIMEOUT_MS, JOURNAL_ANSWER_MAX, pool, answer, size);
}

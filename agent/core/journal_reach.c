/* How far back the journal of this boot reaches. */

#include "agent/core/journal_inside.h"

#include "agent/core/text.h"

#include <errno.h>

/* SD_MESSAGE_JOURNAL_START (sd-messages.h) */
#define JOURNAL_START "f77379a8490b408bbe5f6940505a777b"

/* journald, of 249 as of today, writes down first what the kernel has said so far, then that it started itself (journald.c, main). The
 * kernel's banner is its first line, but for a word on microcode and the like, and comes before its clock runs. Where it is there,
 * nothing of this boot is gone, as files are removed oldest first (journald.conf(5), SystemMaxUse). */
static int find_banner(sd_journal *journal)
{
        char message[JOURNAL_MESSAGE_MAX];
        int r;

        r = sd_journal_add_match(journal, "_TRANSPORT=kernel", 0);
        if (r >= 0)
                r = sd_journal_add_match(journal, "_SOURCE_MONOTONIC_TIMESTAMP=0", 0);
        if (r >= 0)
                r = sd_journal_seek_head(journal);
        while (r >= 0 && (r = sd_journal_next(journal)) > 0)
                if (journal_field(journal, "MESSAGE", true, message, sizeof message) && text_starts(message, "Linux version "))
                        return 1;
        return r;
}

int journal_add_reach(sd_journal *journal, const char *boot_match, struct text_buffer *text)
{
        char first[JOURNAL_FIELD_MAX];
        uint64_t since_boot;
        sd_id128_t boot;
        int r;

        r = sd_journal_add_match(journal, boot_match, 0);
        if (r >= 0)
                r = sd_journal_seek_head(journal);
        if (r >= 0)
                r = sd_journal_next(journal);
        if (r == 0)
                return -ENODATA;
        if (r > 0)
                r = sd_journal_get_monotonic_usec(journal, &since_boot, &boot);
        if (r < 0)
                return r;
        journal_field(journal, "MESSAGE_ID", false, first, sizeof first);
        r = find_banner(journal);
        if (r < 0)
                return r;
        text_addf(text, "boot_oldest_us %llu\nboot_begins %s\n", (unsigned long long)since_boot,
                  r > 0                               ? "kernel"
                  : text_equals(first, JOURNAL_START) ? "journald"
                                                      : "later");
        return 0;
}

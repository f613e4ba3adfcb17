/* What the questions to the journal share; nobody else includes this. */

#pragma once

#include "agent/core/text.h"

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_TIMEOUT_MS  5000
#define JOURNAL_ANSWER_MAX  (4U << 20)
#define JOURNAL_MESSAGE_MAX 400
#define JOURNAL_FIELD_MAX   256

void journal_close(sd_journal **journal);
#define autojournal __attribute__((cleanup(journal_close)))

/* 0: all of it; -EACCES: it is not ours to read; -EOPNOTSUPP: there is none. */
int journal_may_read(void);
/* "damaged FILE" for each file that cannot be read at all, and was written to since then: entries may be lost. */
int journal_add_damaged(uint64_t not_before_us, struct text_buffer *text);
/* One word or line, whatever is in it; "-" and false where there is no such field. */
bool journal_field(sd_journal *journal, const char *name, bool blanks, char *text, size_t size);
/* Of a journal without matches, of the system's own files: "boot_oldest_us N", how long after its boot the oldest entry of this boot was
 * written, and "boot_begins kernel|journald|later", what it begins with. -ENODATA: it has no entry of this boot. */
int journal_add_reach(sd_journal *journal, const char *boot_match, struct text_buffer *text);

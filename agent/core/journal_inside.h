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
/* One word or line, whatever is in it; "-" and false where there is no such field. */
bool journal_field(sd_journal *journal, const char *name, bool blanks, char *text, size_t size);
/* What tells whether the beginning was rotated away: when the oldest entry is from, and how long after its boot. -ENODATA: no entry. */
int journal_add_oldest(sd_journal *journal, sd_id128_t boot, struct text_buffer *text);

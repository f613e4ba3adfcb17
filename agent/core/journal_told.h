/* An answer of entries that are met from the newest back, and told from the oldest on; what is equal is told once. */

#pragma once

#include "agent/core/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal_told;

/* most: of bytes in the answer. */
struct journal_told *journal_told_new(size_t most);
void journal_told_free(struct journal_told *told);
/* An entry that is older than those before it; words: who said it and the message, "sudo:812 MESSAGE". False: it does not fit any more, and neither does what is older. */
bool journal_told_add(struct journal_told *told, uint64_t when_us, const char *words);
/* This one is the newest of those that are not looked at. */
void journal_told_end(struct journal_told *told, uint64_t when_us);
/* Adds a line "entry WHEN WHO MESSAGE" for each, the oldest first; "same NUMBER WHEN WHO" where the message is that of the line "entry" with
 * this number, counted from 1; and in front of them "older WHEN" where older ones are missing, of then and before. */
void journal_told_tell(struct journal_told *told, struct text_buffer *text);

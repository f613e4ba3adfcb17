/* Taking out of a capture what names one machine and nothing else: serial numbers, hardware and network addresses, the host's name. */

#pragma once

#include <stddef.h>

struct journal_watch;
struct member;
struct pool;

/* The same value becomes the same other value of the same length and form everywhere, in contents, links and paths, so that what
 * is found in the capture stays the same. What it becomes cannot be worked back: the key is thrown away. Rows are sorted again.
 * watch: what the journal's messages are held against, so that none of them is allowed or forbidden by it; NULL: nothing. */
void redact(struct pool *pool, struct member *members, size_t count, const struct journal_watch *watch);

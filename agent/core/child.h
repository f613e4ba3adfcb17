/* A question asked in a child of its own, because asking may hang inside the kernel. */

#pragma once

#include <stddef.h>

struct pool;
struct text_buffer;

/* What one answer may hold: it comes back through a pipe in one piece (pipe(7), PIPE_BUF). */
#define CHILD_ANSWER_MAX 2048

/* Has the child call ask(name, answer, size), which fills all of the answer or returns a negative errno; it gets no memory and prints
 * nothing. The child has no open file of this process. What ask returned, or -ETIMEDOUT past the deadline: the child is then killed, and
 * left behind when it does not die, which a child that waits for a device does not. -EIO: it ended without a word. */
int child_run(int (*ask)(const char *name, void *answer, size_t size), const char *name, unsigned timeout_ms, void *answer,
              size_t size);

/* The same for an answer of any length up to size_max, which is then in the pool; -EFBIG above. ask adds it to the text, and may get
 * memory. */
int child_text(int (*ask)(const char *name, struct text_buffer *text), const char *name, unsigned timeout_ms, size_t size_max,
               struct pool *pool, const void **answer, size_t *size);

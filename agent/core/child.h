/* A question asked in a child of its own, because asking may hang inside the kernel. */

#pragma once

#include <stddef.h>

/* What one answer may hold: it comes back through a pipe in one piece (pipe(7), PIPE_BUF). */
#define CHILD_ANSWER_MAX 2048

/* Has the child call ask(name, answer, size), which fills all of the answer or returns a negative errno; it gets no memory and prints
 * nothing. The child has no open file of this process. What ask returned, or -ETIMEDOUT past the deadline: the child is then killed, and
 * left behind when it does not die, which a child that waits for a device does not. -EIO: it ended without a word. */
int child_run(int (*ask)(const char *name, void *answer, size_t size), const char *name, unsigned timeout_ms, void *answer,
              size_t size);

/* Several questions at once, each asked in a child of its own with a deadline. */

#pragma once

#include "agent/core/text.h"

#include <stddef.h>
#include <sys/types.h>

struct pool;

struct task {
        /* In the child: writes the answer to the descriptor and returns. The child has no other open file, no environment, no
         * terminal, and a process group of its own, which is killed when the answer has come or the time is up. */
        void (*work)(const void *about, int out);
        const void *about;
        unsigned timeout_ms;
        int result;                /* 0, -ETIMEDOUT, or why there is no child */
        struct text_buffer answer; /* the caller frees it */
};

/* Runs them side by side; of each answer at most so many bytes are taken. A child that a kill does not end is left behind. */
void children_run(struct task *tasks, size_t count, size_t most);
/* In a child: has the signal come when its parent ends, or at once if that has ended. A change of user forgets it (prctl(2)), and what the
 * child starts in turn does not inherit it. */
void children_tie(pid_t parent, int number);
/* For the work of a task: writes all of it, or ends the child. */
void children_answer(int out, const void *bytes, size_t size);
/* Has one child call ask, which adds its answer to the text and returns 0 or a negative errno; the answer is then in the pool, with a NUL
 * behind it. -ETIMEDOUT past the time; -EFBIG: the answer is longer than most; -EIO: the child ended without a whole answer. */
int children_ask(int (*ask)(const void *about, struct text_buffer *text), const void *about, unsigned timeout_ms, size_t most,
                 struct pool *pool, const void **answer, size_t *size);

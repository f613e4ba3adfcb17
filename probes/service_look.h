/* What is found out about the process of a service. For the files service*.c. */

#pragma once

#include "agent/core/host.h"
#include "agent/core/text.h"

/* A service, and why its process should be started again. */
struct look {
        struct host *host;
        struct pool *pool;
        const char *answer;
        uint64_t pid, started_us;
        struct text_buffer reasons, notes; /* notes: what could not be compared */
};

void look_add(struct text_buffer *to, const char *text);
bool look_is_later(const struct look *look, int64_t seconds); /* than the start of the process */
/* Is what the process runs older than what its unit would start? Adds reasons, and notes. -ENOENT, with a note: it sees other files
 * than the host. */
int look_at_program(struct look *look);

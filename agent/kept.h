/* Small files under /run/plumbline, which no boot outlives: what one run leaves for the next. */

#pragma once

#include "agent/verb.h"

#define KEPT_FOLDER "/run/plumbline"

/* Reads one; its bytes are in the session's pool. -ENOENT: there is none. -EBADMSG: who could have written it is not trusted, which are
 * root and, on a tree, the caller. */
int kept_read(const struct session *session, const char *path, const void **bytes, size_t *size);
/* Replaces one by a text; NULL takes it away. -EACCES where nobody would trust it: on the live host only root keeps. */
int kept_write(const struct session *session, const char *path, const char *text);

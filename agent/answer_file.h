/* Reading an answer of plumbline that somebody names on the command line. */

#pragma once

#include <stddef.h>

/* What a report of a box of a thousand CPUs does not come near; in memory JSON takes up to eighty times its own size. */
#define ANSWER_SIZE_MAX ((size_t)2 * 1024 * 1024)

/* The whole file, to be freed by the caller. A negative errno with *problem one sentence that lives for ever: -EINVAL for what is no
 * regular file, -EFBIG above ANSWER_SIZE_MAX. */
int answer_file_read(const char *path, char **bytes, size_t *size, const char **problem);

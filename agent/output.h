/* Where an answer goes. */

#pragma once

#include "agent/core/text.h"

/* Writes it to the file, whole or not at all, as readable as the umask lets it be; NULL: to standard output. A pipe is given some
 * seconds to find a reader, and to be read. 0 or a negative errno. */
int output_write(const char *path, const struct text_buffer *out);
/* Opens the null device in the place of each of the three standard files that is not open. */
void output_fill(void);

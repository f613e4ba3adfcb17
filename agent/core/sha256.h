/* SHA-256, to tell whether two contents are the same. */

#pragma once

#include <stddef.h>

/* The digest of the bytes in lower-case hex, with a NUL behind it. bytes may be NULL where size is 0. */
void sha256_hex(const void *bytes, size_t size, char hex[65]);

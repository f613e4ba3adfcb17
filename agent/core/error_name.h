/* The names of errors, as errno(3) has them; the C library has them for a shorter time than we need them. */

#pragma once

/* "ENOENT" for ENOENT; NULL for one that the kernel does not answer us with. The text lives for ever. */
const char *error_name(int error);
/* The other way round: positive, or 0 for no such name. */
int error_number(const char *name);

/* The files of pam_limits: what they say, in the order in which it reads them. Private to tuning/. */

#pragma once

#include "tuning/limits_items.h"

#include <stddef.h>

struct host;
struct pool;

struct limits_line {
        const char *file;
        unsigned number;
        const char *domain; /* "hft_user", "@group" */
        bool soft, hard;
        const char *item; /* NULL: "domain -", which switches all limits off for it */
        const char *value;
};

struct limits_file {
        const char *name;
        int error; /* negative errno where it could not be read, else 0 */
};

struct limits_files {
        size_t file_count;
        struct limits_file *files;
        size_t line_count;
        struct limits_line *lines;
};

/* Everything lives in the pool. The file `without` is left out. */
void limits_files_read(struct host *host, struct pool *pool, const char *without, struct limits_files *files);

/* The line that takes this limit away from the file `own`: one that switches limits off for the domain, or a later one for the
 * same domain and item with another value. NULL: none. */
const struct limits_line *limits_files_rival(const struct limits_files *files, const char *own, const char *domain,
                                             const struct limits_item *item, struct limits_value value);

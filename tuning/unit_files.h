/* Which unit files a host has, what enables them and what starts them: found as systemd finds them (systemd.unit(5)), without
 * asking it. Private to tuning/. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

#define UNIT_OWN_FOLDER "/etc/systemd/system"
#define UNIT_MASK       "/dev/null"

/* A link below UNIT_OWN_FOLDER: what `systemctl enable` makes. */
struct unit_link {
        const char *path;
        const char *name; /* its own */
        const char *unit; /* the last part of its target */
        bool alias;       /* another name of the unit, not a dependency */
};

struct unit_file {
        const char *name;
        unsigned folders;    /* bit n: the n-th of those in which systemd looks has it */
        bool looked;         /* `started` and `error` are known */
        const char *started; /* the unit that a socket, timer or path starts, as its file names it; NULL: no file, nothing */
        const char *real;    /* and the unit for which that name stands; NULL: none has it, or only by what its file says */
        int error;           /* why its file could not be read; 0 */
};

struct unit_files {
        struct host *host;
        struct pool *pool; /* owns all below */
        size_t count;
        struct unit_file *rows; /* by name, each once */
        size_t link_count;
        struct unit_link *links;
};

/* Read once for each host until something is changed; lives until the host is closed. -ENOENT: the host has no folder for units,
 * nor for init scripts; else the error of the first folder that cannot be listed. */
int unit_files_read(struct host *host, struct unit_files *files);

/* Is there a file for this unit (for an instance: for its template), or an init script that systemd makes a unit of? */
bool unit_files_have(const struct unit_files *files, const char *unit);
/* Where the file is that says what the unit does, masks passed over; NULL if there is none. */
const char *unit_files_path(const struct unit_files *files, const char *unit);
/* The unit that this name stands for, links that are aliases followed; the name itself if it is none. */
const char *unit_files_real(const struct unit_files *files, const char *unit);
/* Is what stands at its place in UNIT_OWN_FOLDER a file with text in it? Such a unit cannot be masked. */
bool unit_files_is_own(const struct unit_files *files, const char *unit);
/* Is this link there because of the unit? */
bool unit_link_enables(const struct unit_files *files, const struct unit_link *link, const char *unit);
/* Does this socket, timer or path start the unit? 1 yes, 0 no, or why its file cannot be read. */
int unit_file_starts(const struct unit_files *files, struct unit_file *activator, const char *unit);

/* The sysctl.d files of a host: the order in which the boot reads them, and who wins a key. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

struct sysctl_line {
        const char *file; /* "/etc/sysctl.d/99-sysctl.conf" */
        unsigned number;
        const char *path;  /* of the key below /proc/sys */
        const char *value; /* NULL: "-key", which keeps patterns off the key */
        bool pattern;
};

struct sysctl_file {
        const char *name;
        int error; /* negative errno where it could not be read, else 0 */
};

struct sysctl_files {
        bool procps; /* the boot runs `sysctl --system` (no systemd-sysctl here), which reads /etc/sysctl.conf last */
        size_t file_count;
        struct sysctl_file *files; /* in the order in which they are read */
        size_t line_count;
        struct sysctl_line *lines; /* the same */
};

/* Everything lives in the pool. Never fails as a whole: what could not be read carries its error. */
void sysctl_files_read(struct host *host, struct pool *pool, struct sysctl_files *files);

/* Reads one more behind the others, unless it is among them, be it by a link of the folders. */
void sysctl_files_add(struct host *host, struct pool *pool, struct sysctl_files *files, const char *name);

/* Is the line about the key of this path, by its name or as a pattern? */
bool sysctl_line_matches(const struct sysctl_line *line, const char *path);
/* The line that gives the key its value at the next boot if no file were called `without` (its name without folders; NULL: as
 * the files are); NULL if none does. A line that names the key beats every pattern, wherever it stands; among equals the last
 * one wins. A line with value NULL: the key is kept off. */
const struct sysctl_line *sysctl_files_winner(const struct sysctl_files *files, const char *path, const char *without);
/* The last line for the key in the file of this full name, or NULL. */
const struct sysctl_line *sysctl_files_line(const struct sysctl_files *files, const char *path, const char *file);
/* Does this line come into force after a file in /etc/sysctl.d of that name? */
bool sysctl_line_is_after(const struct sysctl_files *files, const struct sysctl_line *line, const char *name);

/* The files of profiles: finding one by its name, and reading it if it can be trusted. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pool;
struct profile_places;
struct reading;

struct profile_file {
        const char *path; /* as given, or folder/name.yaml */
        const char *bytes;
        size_t size;
        dev_t device; /* device and inode tell whether two paths are one file */
        ino_t inode;
};

/* The path that a name or a path stands for, in reading->pool. A name is looked for in the local folder, then in the shipped one,
 * then beside the file that asks; a path that is not absolute is beside the file that asks. asking may be NULL. The file that asks
 * is passed over; -ELOOP if it is the only one. -ENOENT if there is none, with reading->problem a clause that says where it was
 * looked for and what the nearest name is; other errors with a whole problem. */
int profile_file_find(struct reading *reading, const struct profile_places *places, const char *name,
                      const struct profile_file *asking, const char **path);

/* Reads it whole: a regular file of at most 1 MiB, owned by root (or the caller, when that is not root) and writable by nobody
 * else, as every folder above it; a sticky folder counts as closed. What lies in the shipped folder may also belong to the owner of
 * the running program. Everything lives in reading->pool. -ENOENT, -EACCES, -EPERM (others may write it), -EINVAL; with the
 * problem set. */
int profile_file_read(struct reading *reading, const struct profile_places *places, const char *path,
                      struct profile_file *file);

/* The path as it is from every folder; links in it stay. In the pool. */
const char *profile_file_absolute(struct pool *pool, const char *path);

/* "trading" of "/x/trading.yaml". */
const char *profile_file_name(struct pool *pool, const char *path);

/* The names of the profiles in a folder, sorted, ending with NULL; none where there is no such folder. */
int profile_file_names(struct pool *pool, const char *folder, const char ***names);

/* The local filesystems that are mounted. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

struct mount {
        const char *point;   /* "/", "/boot": escapes decoded */
        const char *type;    /* "ext4" */
        const char *source;  /* "/dev/sda1" */
        const char *device;  /* "8:1"; NULL: the list does not say */
        const char *options; /* "rw,noatime,errors=remount-ro": "ro" or "rw" first; escapes as the kernel writes them */
        bool partial;        /* a folder of the filesystem is mounted here, by a bind mount or as a subvolume */
        size_t place;        /* among all mounts, whatever their kind */
        bool hidden;    /* its path leads to another mount, over it or over a folder above it; false where that is not told */
        bool read_only; /* the filesystem itself; false where the list does not tell it from a mount that is */
};

struct mounts {
        const char *file; /* that was read */
        size_t count;
        const struct mount *rows; /* in order of mounting */
};

/* From /proc/self/mountinfo, else /proc/1/mountinfo, else /proc/mounts; in the pool. Lines that are none are passed over. Left
 * out are the kernel's own filesystems, read-only images, what a network or a program serves, and what another mount covers.
 * -E2BIG: too many. */
int mounts_read(struct host *host, struct pool *pool, struct mounts *mounts);
/* Of a kind that keeps its devices, one or several, to itself: the mount has a number of its own (0:N). */
bool mount_keeps_devices(const struct mount *mount);
/* Are both of one filesystem, and is the first the better place to speak of it? */
bool mount_goes_before(const struct mounts *mounts, size_t a, size_t b);
/* Is the filesystem mounted at a better place, too? Of all its places one is not repeated. */
bool mount_is_repeated(const struct mounts *mounts, size_t at);
/* NULL if nothing is mounted there. */
const struct mount *mounts_at(const struct mounts *mounts, const char *point);

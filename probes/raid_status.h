/* What the kernel says of an array of the device mapper: one line of the target "raid" or "mirror". */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

struct raid_status {
        const char *level;  /* as md calls it: "raid5" for every layout of it */
        const char *type;   /* "raid5_ls" */
        const char *action; /* "idle", "frozen", "resync", "recover", "reshape", "check", "repair" */
        size_t count;       /* images, with those that the table has a gap for */
        size_t gaps;
        size_t failed;     /* gaps are among them */
        size_t rebuilding; /* being written from others that are in sync */
        size_t unsynced;   /* all others, where no one is in sync */
        bool log_failed;   /* that of a mirror, or the journal of a raid4, 5 or 6 */
        uint64_t done, whole;
        uint64_t mismatches; /* of the last check */
};

/* The answer to "devicemapper/status/NAME". -EINVAL: not one whole line of these targets; *problem then says why. */
int raid_status_parse(struct pool *pool, const char *answer, size_t size, struct raid_status *status, const char **problem);
/* In the words of raid.*.state, the worst that holds; "active" where all is well. */
const char *raid_status_state(const struct raid_status *status);
/* How far it is, how many have failed; NULL: nothing more to say. */
const char *raid_status_note(struct pool *pool, const struct raid_status *status);

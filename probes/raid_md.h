/* The members of an md array. */

#pragma once

#include <stdbool.h>

struct host;
struct pool;

struct md_members {
        const char *const *names; /* block devices at work */
        unsigned count;
        int error;        /* they cannot be told; -ENODATA: there is none */
        int health_error; /* how one of them does cannot be told */
        bool failing;     /* one that is at work wants to be replaced */
        bool journal_failed;
        const char *note; /* who is failing, and how; NULL: nothing to say */
};

/* folder: "/sys/block/md0" */
void raid_md_members(struct host *host, struct pool *pool, const char *folder, struct md_members *members);

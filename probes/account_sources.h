/* Who else than the files is asked for accounts. For account.c. */

#pragma once

#include <stdbool.h>

struct host;
struct pool;

#define NSSWITCH "/etc/nsswitch.conf"

struct account_sources {
        int error;          /* negative: not known */
        const char *others; /* "sss, ldap"; NULL: none */
        bool before;        /* one of them is asked before the files, or adds to what they say */
};

/* database: "passwd", "group", "initgroups". Without the file, or without a line of it, the files are all there is. */
struct account_sources account_sources_read(struct host *host, struct pool *pool, const char *database);

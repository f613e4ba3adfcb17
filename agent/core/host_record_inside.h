/* What is written down of a host: things by their paths, and words about what a tree cannot say. */

#pragma once

#include "agent/core/record.h"

struct entry {
        const char *path; /* "/proc/cmdline"; a word of its own for what is only said: "read /proc/kmsg" */
        struct member member;
        const char *said; /* a line of the list .plumbline/seen; NULL: this is a thing */
        bool odd;         /* a device, a socket: it has a name and nothing to read */
};

struct record {
        bool no_refusals;
        struct pool *pool;
        struct entry **slots; /* open addressing; a power of two */
        size_t room, count;
};

/* Where the entry of this path is or belongs. */
struct entry **record_slot(const struct record *record, const char *path);
struct entry *record_add(struct record *record, const char *path);
/* The thing at a path whose folders are no links: as it is known, else as the host has it now. */
int record_look(struct host *host, const char *path, struct entry **found);
/* Goes the way of a path as the kernel goes it, and writes down what lies on it. *found: what is at its end, NULL for the root. */
int record_walk(struct host *host, const char *path, bool to_target, struct entry **found);

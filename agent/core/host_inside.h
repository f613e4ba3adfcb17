/* What the files of the door share; nobody else includes this. */

#pragma once

#include "agent/core/host.h"

struct memo {
        struct memo *older;
        const char *name; /* NULL: forgotten, but somebody may still look at it */
        unsigned changes; /* of the host when it was worked out */
        void *thing;
        void (*release)(void *thing);
};

/* The folder of the file read last. */
struct door_near {
        int fd; /* opened with O_PATH; negative: none */
        unsigned changes;
        size_t size;
        char path[1024];
};

#define DOOR_LOCKS 2
struct door_lock {
        int fd; /* -1: free */
        const char *path;
};

struct host {
        int root; /* folder, opened with O_PATH */
        bool live;
        bool unheard; /* the journal did not take an entry */
        enum reach loudest;
        const char *const *also; /* patterns of touching sources that are allowed besides; NULL: none */
        unsigned reads[REACH_DISTURBING + 1];
        unsigned changes;
        enum host_fault fault;
        unsigned fault_in; /* changes until the fault strikes */
        struct door_lock locks[DOOR_LOCKS];
        struct memo *memos; /* the newest first */
        struct door_near near;
};

/* Opens below the root, links resolved inside it. A file descriptor or a negative errno. */
int door_open(const struct host *host, const char *path, int flags, mode_t mode);
/* The same with this folder as the root. */
int door_open_in(int folder, const char *path, int flags, mode_t mode);
/* Counts a read of a path or a question, or refuses it with -ECANCELED when it is louder than allowed. */
int door_knock(struct host *host, enum reach reach, const char *source);
/* How loud reading this path is. */
enum reach door_reach(const char *path);
/* The path from a format; -ENAMETOOLONG. */
int door_path(char *path, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
/* What is known of a file before it is read. */
struct door_size {
        uint64_t expected; /* what stat tells; 0 where that is fiction */
        bool short_ends;   /* a read that brings less than a page is the last */
};
/* The whole of an open regular file. */
int door_slurp(int fd, struct door_size known, struct pool *pool, const void **bytes, size_t *size);
/* Closes the folder of the file read last. */
void door_leave(struct host *host);

/* Before each change: counts it. -EIO, -ENOSPC or the end of the process when the tests asked for it; later ones go through. */
int door_change(struct host *host);

void close_fd(int *fd);
#define autoclose __attribute__((cleanup(close_fd)))

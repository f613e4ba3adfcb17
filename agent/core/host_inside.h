/* What the files of the door share; nobody else includes this. */

#pragma once

#include "agent/core/host.h"
#include "agent/core/text.h"

struct stat;
struct record;
struct seen;
struct unpacked;

struct endpoint;
struct question;

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
        const struct endpoint *endpoints; /* that the profile names; the caller's */
        size_t endpoint_count;
        bool ask_endpoints;
        bool limited, late;
        int64_t deadline_ms; /* of the monotonic clock */
        char *place;
        struct text_buffer given_up;
        const char *const *also; /* patterns of touching sources that are allowed besides; NULL: none */
        unsigned reads[REACH_DISTURBING + 1];
        unsigned changes;
        enum host_fault fault;
        unsigned fault_in; /* changes until the fault strikes */
        struct door_lock locks[DOOR_LOCKS];
        struct memo *memos; /* the newest first */
        struct door_near near;
        struct record *record;     /* NULL: nothing is written down */
        struct seen *seen;         /* of a capture; NULL: this is none */
        struct unpacked *unpacked; /* the folder an archive was unpacked into; NULL: none */
};

/* Opens below the root, links resolved inside it. A file descriptor or a negative errno. */
int door_open(const struct host *host, const char *path, int flags, mode_t mode);
/* The same with this folder as the root. */
int door_open_in(int folder, const char *path, int flags, mode_t mode);
/* Counts a read of a path or a question, or refuses it with -ECANCELED when it is louder than allowed. */
int door_knock(struct host *host, enum reach reach, const char *source);
/* How loud reading this path is. */
enum reach door_reach(const char *path);
/* host_limit.c: -ETIME when the time is out, and says what is read next. */
int door_hurry(struct host *host, const char *source);
unsigned door_left_ms(const struct host *host);
void door_give_up(struct host *host, const char *what, const char *name);
/* Asks in a child that is given up in time: -ETIME. */
int door_ask_in_time(struct host *host, struct pool *pool, const struct question *question, const char *rest,
                     const void **answer, size_t *size);
/* The path from a format; -ENAMETOOLONG. */
int door_path(char *path, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
/* A file descriptor of a regular file, and the size that stat tells; 0 where that is fiction. */
int door_open_regular(struct host *host, const char *path, uint64_t *size);
/* When that file was read to its end with this result: what is told. -ENODATA and the errors of a capture's host come before what its tree
 * says: an empty file there may be one that was not read. got, expected: bytes; expected 0 where nobody knows. */
int door_read_end(struct host *host, const char *path, int fd, int r, size_t got, uint64_t expected);
/* What is known of a file before it is read. */
struct door_size {
        uint64_t expected; /* what stat tells; 0 where that is fiction */
        bool short_ends;   /* a read that brings less than a page is the last */
};
/* The whole of an open regular file. */
int door_slurp(int fd, struct door_size known, struct pool *pool, const void **bytes, size_t *size);
/* Closes the folder of the file read last. */
void door_leave(struct host *host);

/* In a folder of a capture: not all its names are there. */
#define DOOR_PART ".plumbline-part"

/* Writing down (host_record.c): nothing where the host has no record. question: "read" or "content". */
void door_note_bytes(struct host *host, const char *question, const char *path, int r, struct slice bytes);
void door_note_list(struct host *host, const char *path, int r, const char *const *names);
void door_note_link(struct host *host, const char *path, int r);
void door_note_exists(struct host *host, const char *path, bool exists);
void door_note_stat(struct host *host, const char *path, int r, const struct host_stat *stat);
/* path: where a tree keeps the answer. */
void door_note_answer(struct host *host, const char *question, const char *path, int r, struct slice answer);
void door_record_free(struct host *host);

/* Replaying (host_seen.c). Each takes what the tree said, and returns what the host had said; without a capture the same. */
void door_seen_open(struct host *host);
void door_seen_close(struct host *host);
int door_seen(const struct host *host, const char *question, const char *path, int r);
/* The same for what may be there by name only, which is -ENODATA. fd: the file or folder, or negative. */
int door_seen_part(const struct host *host, const char *question, const char *path, int r, int fd);
int door_seen_stat(const struct host *host, const char *path, int r, struct stat *st);
/* Removes the folder that an archive was unpacked into. */
void door_unpacked_close(struct host *host);

/* Before each change: counts it. -EIO, -ENOSPC or the end of the process when the tests asked for it; later ones go through. */
int door_change(struct host *host);

void close_fd(int *fd);
#define autoclose __attribute__((cleanup(close_fd)))

/* What is written down of a host: each thing by its path without links, and beside that what no tree can say by itself. */

#include "agent/core/record.h"

#include "agent/core/host_inside.h"
#include "agent/core/host_record_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOPS_MAX    40 /* links on one way: path_resolution(7) */
#define FIRST_SLOTS 4096U

static size_t hash(const char *text)
{
        uint64_t sum = 14695981039346656037U; /* FNV-1a */

        for (; *text; text++)
                sum = (sum ^ (unsigned char)*text) * 1099511628211U;
        return (size_t)(sum ^ sum >> 32);
}

struct entry **record_slot(const struct record *record, const char *path)
{
        size_t at = hash(path) & (record->room - 1);

        while (record->slots[at] && !text_equals(record->slots[at]->path, path))
                at = (at + 1) & (record->room - 1);
        return &record->slots[at];
}

static void make_room(struct record *record)
{
        struct entry **old = record->slots;
        size_t room = record->room;

        if (record->count * 2 < room)
                return;
        record->room = room * 4;
        record->slots = pool_zero(record->pool, record->room * sizeof(struct entry *));
        for (size_t i = 0; i < room; i++)
                if (old[i])
                        *record_slot(record, old[i]->path) = old[i];
}

struct entry *record_add(struct record *record, const char *path)
{
        struct entry *entry = pool_zero(record->pool, sizeof *entry);

        make_room(record);
        entry->path = pool_dup(record->pool, path);
        entry->member.path = entry->path + 1;
        entry->member.kind = MEMBER_FILE;
        *record_slot(record, path) = entry;
        record->count++;
        return entry;
}

int record_look(struct host *host, const char *path, struct entry **found)
{
        struct record *record = host->record;
        struct entry *entry = *record_slot(record, path);
        autoclose int fd = -1;
        char target[PATH_MAX];
        struct stat st;
        ssize_t size = 0;

        if (entry) {
                *found = entry;
                return 0;
        }
        fd = door_open(host, path, O_PATH | O_NOFOLLOW, 0);
        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (S_ISLNK(st.st_mode)) {
                size = readlinkat(fd, "", target, sizeof target);
                if (size < 0)
                        return -errno;
        }
        entry = record_add(record, path);
        entry->member.modified = st.st_mtime;
        entry->odd = !S_ISLNK(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode);
        if (S_ISDIR(st.st_mode))
                entry->member.kind = MEMBER_FOLDER;
        if (S_ISLNK(st.st_mode)) {
                entry->member.kind = MEMBER_LINK;
                entry->member.known = true;
                entry->member.bytes = pool_copy(record->pool, target, (size_t)size);
                entry->member.size = (size_t)size;
        }
        *found = entry;
        return 0;
}

struct way {
        char at[PATH_MAX];       /* how far it was gone: a path without links; "" is the root */
        char rest[2 * PATH_MAX]; /* what is still to go */
        unsigned hops;
};

static int follow(struct way *way, const struct entry *link)
{
        char rest[2 * PATH_MAX];
        int length;

        if (++way->hops > HOPS_MAX)
                return -ELOOP;
        length = snprintf(rest, sizeof rest, "%s/%s", link->member.bytes, way->rest);
        if (length < 0 || (size_t)length >= sizeof rest)
                return -ENAMETOOLONG;
        memcpy(way->rest, rest, (size_t)length + 1);
        if (link->member.bytes[0] == '/')
                way->at[0] = '\0';
        return 0;
}

/* One component on. 0: gone on; 1: this was the last. */
static int take_step(struct host *host, struct way *way, bool to_target, struct entry **found)
{
        char *start = way->rest + strspn(way->rest, "/"), next[PATH_MAX];
        size_t size = strcspn(start, "/");
        bool last = !start[size + strspn(start + size, "/")];
        int length, r;

        if (!size || (size == 1 && start[0] == '.')) {
                memmove(way->rest, start + size, strlen(start + size) + 1);
                return !*start || last;
        }
        if (size == 2 && !strncmp(start, "..", 2)) {
                char *slash = strrchr(way->at, '/');

                if (slash)
                        *slash = '\0';
                memmove(way->rest, start + size, strlen(start + size) + 1);
                return last;
        }
        length = snprintf(next, sizeof next, "%s/%.*s", way->at, (int)size, start);
        if (length < 0 || (size_t)length >= sizeof next)
                return -ENAMETOOLONG;
        r = record_look(host, next, found);
        if (r < 0 || !*found)
                return r;
        memmove(way->rest, start + size, strlen(start + size) + 1);
        if ((*found)->member.kind == MEMBER_LINK && (!last || to_target))
                return follow(way, *found);
        if (!last && (*found)->member.kind != MEMBER_FOLDER)
                return -ENOTDIR;
        memcpy(way->at, next, (size_t)length + 1);
        return last;
}

int record_walk(struct host *host, const char *path, bool to_target, struct entry **found)
{
        struct way way = { .hops = 0 };
        struct entry *entry = NULL;
        int r;

        if (strlen(path) >= sizeof way.rest)
                return -ENAMETOOLONG;
        memcpy(way.rest, path, strlen(path) + 1);
        do
                r = take_step(host, &way, to_target, &entry);
        while (r == 0);
        if (r < 0)
                return r;
        /* After ".." or "." at the end the last thing looked at is another one. */
        *found = way.at[0] && (to_target || !entry || entry->member.kind != MEMBER_LINK) ? *record_slot(host->record, way.at)
                                                                                         : (way.at[0] ? entry : NULL);
        return 0;
}

void host_record(struct host *host)
{
        struct pool *pool;

        if (host->record)
                return;
        pool = pool_new();
        host->record = pool_zero(pool, sizeof *host->record);
        host->record->pool = pool;
        host->record->room = FIRST_SLOTS;
        host->record->slots = pool_zero(pool, FIRST_SLOTS * sizeof(struct entry *));
}

void host_record_refusals(struct host *host, bool wanted)
{
        if (host->record)
                host->record->no_refusals = !wanted;
}

void door_record_free(struct host *host)
{
        if (host->record)
                pool_free(host->record->pool);
        host->record = NULL;
}

static int compare_members(const void *a, const void *b)
{
        const struct member *left = a, *right = b;

        return strcmp(left->path, right->path);
}

static int compare_lines(const void *a, const void *b)
{
        const char *const *left = a, *const *right = b;

        return strcmp(*left, *right);
}

/* A folder that was not listed holds more than is in the capture. */
static struct member part_of(struct record *record, const struct member *folder)
{
        return (struct member){ .path = pool_format(record->pool, "%s/" DOOR_PART, folder->path), .kind = MEMBER_FILE };
}

struct member *host_members(struct host *host, int64_t seconds, size_t *count)
{
        struct record *record = host->record;
        struct member *rows = pool_zero(record->pool, (2 * record->count + 1) * sizeof *rows);
        const char **lines = pool_zero(record->pool, (record->count + 1) * sizeof *lines);
        autobuffer struct text_buffer list = { 0 };
        size_t things = 0, said = 0;

        for (size_t i = 0; i < record->room; i++) {
                if (record->slots[i] && record->slots[i]->said)
                        lines[said++] = record->slots[i]->said;
                if (!record->slots[i] || record->slots[i]->said)
                        continue;
                rows[things++] = record->slots[i]->member;
                if (rows[things - 1].kind == MEMBER_FOLDER && !rows[things - 1].known) {
                        rows[things] = part_of(record, &rows[things - 1]);
                        things++;
                }
        }
        qsort(lines, said, sizeof *lines, compare_lines);
        text_addf(&list, "%s\ntime %lld /\n", host_was_live(host) ? "live" : "tree", (long long)seconds);
        for (size_t i = 0; i < said; i++)
                text_add(&list, lines[i]);
        rows[things++] = (struct member){
                .path = ".plumbline/seen",
                .kind = MEMBER_FILE,
                .known = true,
                .bytes = pool_copy(record->pool, list.at, list.size),
                .size = list.size,
        };
        qsort(rows, things, sizeof *rows, compare_members);
        *count = things;
        return rows;
}

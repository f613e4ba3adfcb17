/* The door before a capture: what a tree of files cannot say by itself stands in its list .plumbline/seen. */

#include "agent/core/error_name.h"
#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "read EACCES /proc/kmsg": what was asked, what came of it, where. */
struct sight {
        struct slice question, answer, path;
};

struct seen {
        struct pool *pool;
        bool live; /* the capture is of a live host */
        size_t count;
        struct sight *rows; /* sorted by path, then by question */
};

static int compare_slices(struct slice a, struct slice b)
{
        size_t size = a.size < b.size ? a.size : b.size;
        int order = size ? memcmp(a.at, b.at, size) : 0;

        return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_sights(const void *a, const void *b)
{
        const struct sight *left = a, *right = b;
        int order = compare_slices(left->path, right->path);

        return order ? order : compare_slices(left->question, right->question);
}

void door_seen_open(struct host *host)
{
        autoclose int fd = door_open(host, "/.plumbline/seen", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, 0);
        struct pool *pool;
        struct seen *seen;
        const void *text;
        const char *cursor;
        struct slice line;
        struct stat st;
        size_t size;

        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return;
        pool = pool_new();
        seen = pool_zero(pool, sizeof *seen);
        seen->pool = pool;
        host->seen = seen;
        if (door_slurp(fd, (struct door_size){ 0 }, pool, &text, &size) < 0)
                return;
        cursor = text;
        while (text_line(&cursor, &line)) {
                struct sight row;

                seen->live = seen->live || slice_equals(line, "live");
                if (!slice_word(&line, " ", &row.question) || !slice_word(&line, " ", &row.answer) ||
                    !slice_word(&line, " ", &row.path))
                        continue;
                seen->rows = pool_grow(pool, seen->rows, seen->count, sizeof *seen->rows);
                seen->rows[seen->count++] = row;
        }
        if (seen->count > 1)
                qsort(seen->rows, seen->count, sizeof *seen->rows, compare_sights);
}

void door_seen_close(struct host *host)
{
        if (host->seen)
                pool_free(host->seen->pool);
        host->seen = NULL;
}

bool host_was_live(const struct host *host)
{
        return host->live || (host->seen && host->seen->live);
}

static const struct sight *find(const struct host *host, const char *question, const char *path)
{
        autobuffer struct text_buffer encoded = { 0 };
        struct sight wanted;

        if (!host->seen || !host->seen->count)
                return NULL;
        record_encode(&encoded, path);
        wanted = (struct sight){ .question = slice_of(question), .path = { encoded.at ? encoded.at : "", encoded.size } };
        return bsearch(&wanted, host->seen->rows, host->seen->count, sizeof wanted, compare_sights);
}

bool host_captured_at(const struct host *host, int64_t *seconds)
{
        const struct sight *sight = host->unpacked ? find(host, "time", "/") : NULL;
        autopool struct pool *pool = NULL;

        if (!sight)
                return false;
        pool = pool_new();
        return text_i64(slice_dup(pool, sight->answer), seconds) == 0;
}

static int error_of(struct slice name)
{
        autopool struct pool *pool = pool_new();
        int error = error_number(slice_dup(pool, name));

        return error ? -error : -ENODATA;
}

int door_seen(const struct host *host, const char *question, const char *path, int r)
{
        const struct sight *sight = find(host, question, path);

        if (!sight)
                return r;
        return slice_equals(sight->answer, "0") ? 0 : error_of(sight->answer);
}

int door_seen_part(const struct host *host, const char *question, const char *path, int r, int fd)
{
        struct stat st;

        if (!host->seen)
                return r;
        r = door_seen(host, question, path, r);
        /* What has no permission to be read is there by name only. Who is not root learns it at once. */
        if (r == 0 && fd >= 0 && fstat(fd, &st) == 0 && !(st.st_mode & 0444))
                return -ENODATA;
        return r == -EACCES && !find(host, question, path) ? -ENODATA : r;
}

/* "100644,0,0,28,1700000000,1,1700000000,66306,4711": mode, owner, group, size, time, links, time of the inode, device, inode. Older
 * captures have the first six. False: something else. */
static bool parse_stat(struct slice text, struct stat *st)
{
        enum { MODIFIED = 4, TOLD_ALWAYS = 6, CHANGED = 6, NUMBERS = 9 };
        autopool struct pool *pool = pool_new();
        uint64_t numbers[NUMBERS] = { [CHANGED] = (uint64_t)-1 };
        struct slice word;

        for (unsigned i = 0; i < NUMBERS; i++) {
                int64_t time;

                if (!slice_word(&text, ",", &word)) {
                        if (i < TOLD_ALWAYS)
                                return false;
                        break;
                }
                if (text_u64(slice_dup(pool, word), i == 0 ? 8 : 10, &numbers[i]) == 0)
                        continue;
                /* Clocks that were set wrong make files of before the epoch. */
                if ((i != MODIFIED && i != CHANGED) || text_i64(slice_dup(pool, word), &time) < 0)
                        return false;
                numbers[i] = (uint64_t)time;
        }
        st->st_mode = (mode_t)numbers[0];
        st->st_uid = (uid_t)numbers[1];
        st->st_gid = (gid_t)numbers[2];
        st->st_size = (off_t)numbers[3];
        st->st_mtime = (time_t)numbers[4];
        st->st_nlink = numbers[5];
        st->st_ctime = (time_t)numbers[CHANGED];
        st->st_dev = numbers[7];
        st->st_ino = numbers[8];
        return true;
}

int door_seen_stat(const struct host *host, const char *path, int r, struct stat *st)
{
        const struct sight *sight = find(host, "stat", path);
        struct stat was = { 0 };

        if (!sight)
                return r;
        if (!parse_stat(sight->answer, &was))
                return error_of(sight->answer);
        /* Who changed the tree since has changed this time, too: then the tree speaks. */
        if (r < 0 || st->st_mtime != was.st_mtime)
                return r;
        if (S_IFMT & (was.st_mode ^ st->st_mode) && (S_ISREG(was.st_mode) || S_ISDIR(was.st_mode) || S_ISLNK(was.st_mode)))
                return r;
        st->st_mode = was.st_mode;
        st->st_uid = was.st_uid;
        st->st_gid = was.st_gid;
        st->st_size = was.st_size;
        st->st_nlink = was.st_nlink;
        st->st_ctime = was.st_ctime;
        st->st_dev = was.st_dev;
        st->st_ino = was.st_ino;
        return 0;
}

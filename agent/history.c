/* Adding to the history: whole records and changes to segments, repetitions to a small file beside them. */

#include "agent/history_inside.h"

#include "agent/core/pool.h"
#include "agent/state.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK       HISTORY_FOLDER "/lock"
#define LOCK_TRIES 20U

/* What is there before one is added: the newest segment, and the repetitions after its last record. */
struct tail {
        struct host *host;
        struct pool *pool;
        struct history *history;
        const char *segment; /* path; NULL: none */
        unsigned segment_id;
        const char *bytes;
        size_t size, first; /* of it, and of its first line */
        bool ends_whole;    /* with a newline: another line may follow */
        json_t *last;       /* the record in the file `last` where it follows on; NULL: none */
        unsigned next;      /* the next id */
};

static int take_lock(struct host *host)
{
        const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
        int r;

        r = host_make_folder(host, HISTORY_FOLDER, 0700);
        for (unsigned i = 0; r >= 0 && i < LOCK_TRIES; i++) {
                r = host_lock(host, LOCK, true);
                if (r != -EBUSY)
                        return r;
                nanosleep(&pause, NULL);
                r = i + 1 < LOCK_TRIES ? 0 : r;
        }
        return r;
}

/* The list in `last` counts where it follows on from the segment. Where it does not, a crash came between the two places it stands
 * in, and the segment has it already. */
static void read_last(struct tail *tail)
{
        autojson json_t *json = NULL;
        const void *bytes;
        size_t size;

        if (host_read_bytes(tail->host, tail->pool, &bytes, &size, HISTORY_LAST) < 0 || !size)
                return;
        json = history_open((struct slice){ bytes, size - 1 });
        if (json_integer_value(json_object_get(json, "id")) == tail->next)
                tail->last = json_incref(json);
        history_parse(tail->history, "last", bytes, size);
}

/* One behind the newest record. */
static unsigned next_id(const struct tail *tail)
{
        const struct history *history = tail->history;
        const struct history_record *record = history->count ? &history->records[history->count - 1] : NULL;
        unsigned next = record ? record->id + (unsigned)record->again_count + 1 : 1;

        return next > tail->segment_id ? next : tail->segment_id + 1;
}

static int read_once(struct tail *tail)
{
        const char *const *names, *newline;
        const void *bytes;
        int r;

        r = history_segments(tail->host, tail->pool, &names);
        if (r < 0)
                return r;
        tail->history = history_new();
        while (*names && names[1])
                names++;
        if (*names) {
                tail->segment = pool_format(tail->pool, HISTORY_FOLDER "/%s", *names);
                tail->segment_id = history_segment_id(*names);
                r = host_read_bytes(tail->host, tail->pool, &bytes, &tail->size, "%s", tail->segment);
                if (r < 0)
                        return r;
                tail->bytes = bytes;
                tail->ends_whole = tail->size && tail->bytes[tail->size - 1] == '\n';
                newline = tail->size ? memchr(bytes, '\n', tail->size) : NULL;
                tail->first = newline ? (size_t)(newline + 1 - tail->bytes) : tail->size;
                history_parse(tail->history, *names, bytes, tail->size);
        }
        tail->next = next_id(tail);
        read_last(tail);
        tail->next = next_id(tail);
        return 0;
}

/* A crash came while the list in `last` was added: it is still there, and nothing behind it was ever told of. Any other damage stays
 * where it is, so that it is named. 1: mended. */
static int mend(const struct tail *tail)
{
        struct content content = { .kind = CONTENT_FILE, .mode = 0600, .uid = geteuid(), .gid = getegid() };
        autobuffer struct text_buffer text = { 0 };
        const char *newline = tail->size ? memrchr(tail->bytes, '\n', tail->size) : NULL;
        int r;

        if (!tail->last || !newline || tail->ends_whole || tail->history->damaged_count != 1)
                return 0;
        text_addf(&text, "%.*s%s", (int)(newline + 1 - tail->bytes), tail->bytes, history_line(tail->pool, tail->last));
        /* Both are there for a moment. */
        if (!history_room(tail->host, tail->segment, tail->next, text.size))
                return 0;
        content.bytes = text.at;
        content.size = text.size;
        r = host_replace(tail->host, tail->segment, &content);
        return r < 0 ? r : 1;
}

static int read_tail(struct tail *tail)
{
        int r;

        r = read_once(tail);
        if (r >= 0)
                r = mend(tail);
        if (r != 1)
                return r;
        history_free(tail->history);
        json_decref(tail->last);
        tail->history = NULL;
        tail->last = NULL;
        return read_once(tail);
}

/* --- the same again ------------------------------------------------------------------------------------------------------- */

static bool is_same(const json_t *entry, const struct history_record *record, const json_t *before)
{
        static const char *const names[] = { "verb",    "boot_id", "profile", "sha256",  "exit",
                                             "verdict", "wrong",   "unread",  "carried", "known" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                const json_t *have = json_object_get(entry, names[i]), *had = history_member(record, names[i]);

                if ((have || had) && !json_equal(have, had))
                        return false;
        }
        return text_equals(json_string_value(json_object_get(entry, "verb")), "audit") &&
               json_equal(json_object_get(entry, "state"), before);
}

static int put_last(const struct tail *tail, const json_t *again)
{
        const char *line = history_line(tail->pool, again);
        const struct content content = {
                .kind = CONTENT_FILE,
                .bytes = line,
                .size = strlen(line),
                .mode = 0600,
                .uid = geteuid(),
                .gid = getegid(),
        };

        return host_replace(tail->host, HISTORY_LAST, &content);
}

/* 1: it does not fit into this segment. */
static int add_again(struct tail *tail, const struct history_record *record, int64_t at)
{
        int64_t before = record->again_count ? record->again[record->again_count - 1] : record->at;
        bool ends = tail->last && json_array_size(json_object_get(tail->last, "after")) >= AGAIN_MAX;
        const char *line = ends ? history_line(tail->pool, tail->last) : "";
        autojson json_t *again = NULL;

        if (!history_room(tail->host, tail->segment, tail->next, strlen(line)))
                return 1;
        if (ends) {
                int r = host_append(tail->host, tail->segment, line, strlen(line));

                if (r < 0)
                        return r;
                json_decref(tail->last);
                tail->last = NULL;
        }
        again = tail->last ? json_incref(tail->last)
                           : json_pack("{s:s, s:i, s:[]}", "record", "again", "id", (int)tail->next, "after");
        json_array_append_new(json_object_get(again, "after"), json_integer(at - before));
        return put_last(tail, again);
}

/* --- something else ------------------------------------------------------------------------------------------------------- */

static int remove_last(const struct tail *tail)
{
        const struct content gone = { .kind = CONTENT_ABSENT };

        return host_exists(tail->host, HISTORY_LAST) ? host_replace(tail->host, HISTORY_LAST, &gone) : 0;
}

/* What was pending ends the segment before, where both fit beside it; else that one goes with it. What has to go does so before. */
static int begin_segment(const struct tail *tail, json_t *entry, const char *pending)
{
        const char *path = pool_format(tail->pool, HISTORY_FOLDER "/%08u.log", tail->next), *line;
        const struct content gone = { .kind = CONTENT_ABSENT };
        int r = 0;

        json_object_set_new(entry, "record", json_string("whole"));
        line = history_line(tail->pool, entry);
        if (history_room(tail->host, tail->segment, tail->next, strlen(pending) + strlen(line))) {
                if (*pending && tail->ends_whole)
                        r = host_append(tail->host, tail->segment, pending, strlen(pending));
        } else {
                r = remove_last(tail);
                if (r >= 0)
                        history_room(tail->host, NULL, tail->next, strlen(line));
        }
        if (r < 0)
                return r;
        r = host_append(tail->host, path, line, strlen(line));
        if (r < 0)
                host_replace(tail->host, path, &gone);
        return r;
}

/* 1: it does not fit into this segment. */
static int add_change(const struct tail *tail, json_t *entry, const json_t *before, const char *pending)
{
        const struct history *history = tail->history;
        const struct history_record *record = &history->records[history->count - 1];
        autojson json_t *change = json_copy(entry);
        const char *line;

        json_object_set_new(change, "record", json_string("change"));
        json_object_set_new(change, "state", state_difference(before, json_object_get(entry, "state")));
        for (size_t i = 0; i < HISTORY_INHERITED; i++)
                if (json_equal(json_object_get(change, history_inherited[i]), record->inherited[i]))
                        json_object_del(change, history_inherited[i]);
        line = pool_format(tail->pool, "%s%s", pending, history_line(tail->pool, change));
        if (!history_room(tail->host, tail->segment, tail->next, strlen(line)))
                return 1;
        return host_append(tail->host, tail->segment, line, strlen(line));
}

static int add_record(const struct tail *tail, json_t *entry, const json_t *before)
{
        const char *pending = tail->last ? history_line(tail->pool, tail->last) : "";
        int r = 1;

        json_object_set_new(entry, "id", json_integer(tail->next));
        if (before && tail->size <= history_segment_bytes(tail->first))
                r = add_change(tail, entry, before, pending);
        if (r == 1)
                r = begin_segment(tail, entry, pending);
        return r < 0 ? r : remove_last(tail);
}

static int64_t newest_of_boot(const struct history_record *record, const json_t *entry)
{
        if (!record || !json_equal(history_member(record, "boot_id"), json_object_get(entry, "boot_id")))
                return 0;
        return record->again_count ? record->again[record->again_count - 1] : record->at;
}

static int add(struct tail *tail, json_t *entry, const struct history_fill *fill)
{
        const struct history *history = tail->history;
        const struct history_record *record = history->count ? &history->records[history->count - 1] : NULL;
        autojson json_t *before = NULL;
        bool ends, same;
        int r = 1;

        /* After damage everything is written anew, so that it ends there. */
        if (record && !history->damaged_count)
                before = history_state(history, record);
        if (fill)
                fill->call(entry, before, newest_of_boot(record, entry), fill->with);
        /* A quiet host, too, begins another segment at times: only whole ones can go. */
        ends = !before || tail->next - tail->segment_id >= history_segment_audits(tail->first);
        same = before && is_same(entry, record, before);
        if (!ends && same)
                r = add_again(tail, record, json_integer_value(json_object_get(entry, "at")));
        return r == 1 ? add_record(tail, entry, ends || same ? NULL : before) : r;
}

int history_add(struct host *host, json_t *entry, const struct history_fill *fill, unsigned *id)
{
        autopool struct pool *pool = pool_new();
        struct tail tail = { .host = host, .pool = pool };
        int r;

        r = take_lock(host);
        if (r >= 0)
                r = read_tail(&tail);
        if (r >= 0)
                r = add(&tail, entry, fill);
        if (r >= 0 && id)
                *id = tail.next;
        history_free(tail.history);
        json_decref(tail.last);
        return r;
}

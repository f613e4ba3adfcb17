/* Reading the history back. It may have been cut off, damaged or put there by somebody else: nothing in it is taken on trust. */

#include "agent/history_inside.h"

#include "agent/core/pool.h"
#include "agent/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ID_MAX      999999999
#define TIME_MAX    INT64_C(253402300799) /* the end of the year 9999 */
#define DAMAGED_MAX 100U

struct history *history_new(void)
{
        struct pool *pool = pool_new();
        struct history *history = pool_zero(pool, sizeof *history);

        history->pool = pool;
        history->kept = json_array();
        return history;
}

void history_free(struct history *history)
{
        if (!history)
                return;
        json_decref(history->kept);
        pool_free(history->pool);
}

void history_release(struct history **history)
{
        history_free(*history);
}

static void add_damage(struct history *history, const char *name, size_t line, const char *what)
{
        if (history->damaged_count == DAMAGED_MAX)
                return;
        history->damaged = pool_grow(history->pool, history->damaged, history->damaged_count, sizeof *history->damaged);
        history->damaged[history->damaged_count++] = pool_format(history->pool, "%s, line %zu: %s", name, line, what);
}

/* --- one record ---------------------------------------------------------------------------------------------------------- */

static struct history_record *newest(const struct history *history)
{
        return history->count ? &history->records[history->count - 1] : NULL;
}

static int64_t next_id(const struct history *history)
{
        const struct history_record *record = newest(history);

        return record ? (int64_t)(record->id + record->again_count + 1) : 1;
}

static bool is_text(const json_t *json, bool may_lack)
{
        return json_is_string(json) || (may_lack && !json);
}

static bool is_record(const json_t *json, bool may_lack)
{
        const json_t *wrong = json_object_get(json, "wrong");

        for (size_t i = 0; i < json_array_size(wrong); i++)
                if (!json_is_string(json_array_get(wrong, i)))
                        return false;
        return is_text(json_object_get(json, "boot_id"), may_lack) && is_text(json_object_get(json, "profile"), may_lack) &&
               is_text(json_object_get(json, "sha256"), may_lack) && (json_is_array(wrong) || (may_lack && !wrong)) &&
               json_is_string(json_object_get(json, "verb")) && json_is_string(json_object_get(json, "verdict")) &&
               json_is_integer(json_object_get(json, "exit")) && state_is_valid(json_object_get(json, "state"));
}

static const char *add_record(struct history *history, json_t *json, bool whole, bool gap)
{
        const json_t *id = json_object_get(json, "id"), *at = json_object_get(json, "at");
        const struct history_record *before = newest(history);
        struct history_record record = { .json = json, .whole = whole, .lost = !whole && (gap || !before || before->lost) };

        if (!json_is_integer(id) || json_integer_value(id) < next_id(history) || json_integer_value(id) > ID_MAX)
                return "an id out of order";
        if (!json_is_integer(at) || json_integer_value(at) < 0 || json_integer_value(at) > TIME_MAX)
                return "no time";
        if (!is_record(json, !whole))
                return "no record of a history";
        for (size_t i = 0; i < HISTORY_INHERITED; i++) {
                record.inherited[i] = json_object_get(json, history_inherited[i]);
                if (!record.inherited[i] && !whole && !record.lost)
                        record.inherited[i] = before->inherited[i];
        }
        record.id = (unsigned)json_integer_value(id);
        record.at = json_integer_value(at);
        history->records = pool_grow(history->pool, history->records, history->count, sizeof *history->records);
        history->records[history->count++] = record;
        return NULL;
}

static const char *add_again(struct history *history, const json_t *json)
{
        const json_t *after = json_object_get(json, "after"), *id = json_object_get(json, "id");
        struct history_record *record = newest(history);
        int64_t at, *times;
        size_t count = json_array_size(after), had;

        if (!record || json_integer_value(id) < 1 || !count || count > AGAIN_MAX)
                return "repeats nothing";
        if (json_integer_value(id) + (json_int_t)count <= next_id(history))
                return NULL; /* the same list, from before the crash that came between the two places it stands in */
        if (json_integer_value(id) != next_id(history) || json_integer_value(id) > ID_MAX)
                return "an id out of order";
        had = record->again_count;
        at = had ? record->again[had - 1] : record->at;
        times = pool_room(history->pool, (had + count) * sizeof *times);
        if (had)
                memcpy(times, record->again, had * sizeof *times);
        for (size_t i = 0; i < count; i++) {
                const json_t *step = json_array_get(after, i);

                if (!json_is_integer(step) || llabs(json_integer_value(step)) > TIME_MAX)
                        return "no time";
                at += json_integer_value(step);
                if (at < 0 || at > TIME_MAX)
                        return "no time";
                times[had + i] = at;
        }
        record->again = times;
        record->again_count = had + count;
        return NULL;
}

static const char *add_line(struct history *history, struct slice line, bool gap)
{
        json_t *json = history_open(line);
        const char *kind = json_string_value(json_object_get(json, "record"));

        if (!json)
                return "does not match its checksum";
        json_array_append_new(history->kept, json);
        if (text_equals(kind, "whole") || text_equals(kind, "change"))
                return add_record(history, json, text_equals(kind, "whole"), gap);
        if (text_equals(kind, "again"))
                return gap ? "repeats what is lost" : add_again(history, json);
        return "no record of a history";
}

void history_parse(struct history *history, const char *name, const void *bytes, size_t size)
{
        const char *at = bytes, *end = at + size;
        bool gap = false;

        for (size_t number = 1; at < end; number++) {
                const char *newline = memchr(at, '\n', (size_t)(end - at)), *problem;
                size_t before = history->count;

                problem = newline ? add_line(history, (struct slice){ at, (size_t)(newline - at) }, gap) : "cut off";
                at = newline ? newline + 1 : end;
                if (problem)
                        add_damage(history, name, number, problem);
                gap = problem || (gap && history->count == before);
        }
}

/* --- all of them --------------------------------------------------------------------------------------------------------- */

unsigned history_segment_id(const char *name)
{
        autopool struct pool *pool = pool_new();
        uint64_t id;

        if (strlen(name) != 12 || !text_ends(name, ".log"))
                return 0;
        return text_u64(pool_format(pool, "%.8s", name), 10, &id) < 0 ? 0 : (unsigned)id;
}

int history_segments(struct host *host, struct pool *pool, const char *const **names)
{
        const char *const *all;
        const char **found = NULL;
        size_t count = 0;
        int r;

        r = host_list(host, pool, &all, HISTORY_FOLDER);
        if (r < 0 && r != -ENOENT && r != -ENOTDIR)
                return r;
        for (; r >= 0 && *all; all++) {
                if (!history_segment_id(*all))
                        continue;
                found = pool_grow(pool, found, count, sizeof *found);
                found[count++] = *all;
        }
        found = pool_grow(pool, found, count, sizeof *found);
        found[count] = NULL;
        *names = found + (count > HISTORY_SEGMENTS ? count - HISTORY_SEGMENTS : 0);
        return 0;
}

static void parse_file(struct host *host, struct history *history, const char *name)
{
        const void *bytes;
        size_t size;
        int r;

        r = host_read_bytes(host, history->pool, &bytes, &size, HISTORY_FOLDER "/%s", name);
        if (r >= 0)
                history_parse(history, name, bytes, size);
        else if (r != -ENOENT)
                add_damage(history, name, 1, strerror(-r));
}

int history_read(struct host *host, struct history **history)
{
        autopool struct pool *pool = pool_new();
        const char *const *names;
        int r;

        r = history_segments(host, pool, &names);
        if (r < 0)
                return r;
        *history = history_new();
        for (; *names; names++)
                parse_file(host, *history, *names);
        parse_file(host, *history, "last");
        return 0;
}

const struct history_record *history_find(const struct history *history, unsigned id, int64_t *at)
{
        for (size_t i = 0; i < history->count; i++) {
                const struct history_record *record = &history->records[i];

                if (id < record->id || id - record->id > record->again_count)
                        continue;
                *at = id == record->id ? record->at : record->again[id - record->id - 1];
                return record;
        }
        return NULL;
}

json_t *history_member(const struct history_record *record, const char *name)
{
        for (size_t i = 0; i < HISTORY_INHERITED; i++)
                if (text_equals(name, history_inherited[i]))
                        return (json_t *)(uintptr_t)record->inherited[i];
        return json_object_get(record->json, name);
}

const char *history_text(const struct history_record *record, const char *name)
{
        const char *text = json_string_value(history_member(record, name));

        return text ? text : "";
}

json_t *history_state(const struct history *history, const struct history_record *record)
{
        const struct history_record *from = record;
        json_t *state;

        if (record->lost)
                return NULL;
        while (!from->whole && from > history->records)
                from--;
        state = json_deep_copy(json_object_get(from->json, "state"));
        while (from++ < record)
                state_advance(state, json_object_get(from->json, "state"));
        return state;
}

json_t *history_whole(const struct history *history, const struct history_record *record)
{
        json_t *state = history_state(history, record), *whole;

        if (!state)
                return NULL;
        whole = json_copy((json_t *)(uintptr_t)record->json);
        json_object_set_new(whole, "state", state);
        for (size_t i = 0; i < HISTORY_INHERITED; i++)
                if (record->inherited[i])
                        json_object_set(whole, history_inherited[i], (json_t *)(uintptr_t)record->inherited[i]);
        return whole;
}

const char *history_time(struct pool *pool, int64_t at)
{
        time_t seconds = (time_t)at;
        char text[32];
        struct tm tm;

        gmtime_r(&seconds, &tm);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
        return pool_dup(pool, text);
}

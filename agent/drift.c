/* Comparing a state with the baseline, and walking the history for when each item went wrong. */

#include "agent/drift_inside.h"

#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>

static void add_row(struct drift *drift, const char *layer, const char *name, const char *baseline, const char *now)
{
        struct drift_row *row;

        if (text_equals(baseline, now))
                return;
        drift->rows = pool_grow(drift->pool, drift->rows, drift->count, sizeof *drift->rows);
        row = &drift->rows[drift->count++];
        *row = (struct drift_row){
                .layer = layer,
                .name = pool_dup(drift->pool, name),
                .baseline = pool_dup(drift->pool, baseline),
                .now = pool_dup(drift->pool, now),
                .unreadable = now && text_starts(now, STATE_UNREADABLE),
        };
}

/* What the state says in place of an item that it does not hold: why its family could not be listed; NULL: it is not there. */
static const char *unlisted(const json_t *items, const char *layer, const char *name)
{
        const char *pattern;
        json_t *value;

        if (!text_equals(layer, "fact"))
                return NULL;
        json_object_foreach((json_t *)(uintptr_t)items, pattern,
                            value) if (strchr(pattern, '*') && text_matches(name, pattern) &&
                                       json_is_string(value)) return json_string_value(value);
        return NULL;
}

static const char *text_in(const json_t *items, const char *layer, const char *name)
{
        const char *text = json_string_value(json_object_get(items, name));

        return text ? text : unlisted(items, layer, name);
}

static int by_name(const void *a, const void *b)
{
        const struct drift_row *left = a, *right = b;

        return text_compare_natural(left->name, right->name);
}

static void compare_layer(struct drift *drift, const char *layer, json_t *baseline, json_t *now)
{
        size_t from = drift->count;
        const char *name;
        json_t *value;

        json_object_foreach(baseline, name, value) if (!strchr(name, '*'))
                add_row(drift, layer, name, json_string_value(value), text_in(now, layer, name));
        json_object_foreach(now, name, value) if (!strchr(name, '*') && !json_object_get(baseline, name))
                add_row(drift, layer, name, unlisted(baseline, layer, name), json_string_value(value));
        if (drift->count > from)
                qsort(drift->rows + from, drift->count - from, sizeof *drift->rows, by_name);
}

/* Does the record say what the item is, and is that the baseline's value? */
static bool tells(const struct history_record *record, const struct drift_row *row, bool *right)
{
        const json_t *items = json_object_get(json_object_get(record->json, "state"), row->layer);
        const json_t *value = json_object_get(items, row->name);

        if (record->lost || (!record->whole && !value))
                return false;
        *right = text_equals(json_string_value(value), row->baseline);
        return true;
}

/* Whether the item is missing from the record for no other reason than that its family could not be listed; hidden: so it was before. */
static bool is_hidden(const struct history_record *record, const struct drift_row *row, bool hidden)
{
        const json_t *items = json_object_get(json_object_get(record->json, "state"), row->layer);
        const json_t *value = json_object_get(items, row->name);
        const char *pattern;
        json_t *why;

        if (json_is_string(value))
                return false;
        if (value || record->whole)
                return unlisted(items, row->layer, row->name) != NULL;
        if (hidden)
                json_object_foreach((json_t *)(uintptr_t)items, pattern, why) if (strchr(pattern, '*') &&
                                                                                  text_matches(row->name, pattern) &&
                                                                                  json_is_null(why)) return false;
        return hidden;
}

/* Nobody looked: the record only holds what was known before. */
static bool was_carried(const struct history_record *record, const struct drift_row *row)
{
        const json_t *carried = history_member(record, "carried");
        size_t layer = strlen(row->layer);

        for (size_t i = 0; i < json_array_size(carried); i++) {
                const char *text = json_string_value(json_array_get(carried, i));

                if (text && !strncmp(text, row->layer, layer) && text[layer] == ' ' && text_equals(text + layer + 1, row->name))
                        return true;
        }
        return false;
}

/* What the looks are counted from. */
struct accepted {
        unsigned id; /* 0: the history does not count on from it, and only the time is left to go by */
        int64_t at;
        const char *boot;
};

/* A history that was begun anew after the baseline counts from 1 again. */
static struct accepted accepted_of(const json_t *baseline, const struct history *history)
{
        int64_t id = json_integer_value(json_object_get(baseline, "id"));
        struct accepted accepted = { .at = json_integer_value(json_object_get(baseline, "at")),
                                     .boot = json_string_value(json_object_get(baseline, "boot_id")) };
        const struct history_record *record, *last;
        int64_t at;

        if (!history->count || id <= 0 || id >= DRIFT_NOW)
                return accepted;
        record = history_find(history, (unsigned)id, &at);
        if (record && at == accepted.at)
                accepted.boot = json_string_value(history_member(record, "boot_id"));
        last = &history->records[history->count - 1];
        if (record ? at == accepted.at : (unsigned)id <= last->id + last->again_count)
                accepted.id = (unsigned)id;
        return accepted;
}

static bool is_older(const struct history_record *record, const struct accepted *accepted)
{
        return accepted->id ? record->id + record->again_count < accepted->id : record->at < accepted->at;
}

static int64_t last_time(const struct history_record *record)
{
        return record->again_count ? record->again[record->again_count - 1] : record->at;
}

/* While it was right, the clock may have been wrong for a while: what happened before the latest of those looks did nothing. */
static int64_t since_when(const struct drift_row *row, const struct accepted *accepted, const struct history *history)
{
        int64_t since = accepted->at <= row->first_seen ? accepted->at : 0;

        for (size_t i = 0; i < history->count && history->records[i].id <= row->right_look; i++) {
                int64_t at = last_time(&history->records[i]);

                if (!is_older(&history->records[i], accepted) && at > since && at <= row->first_seen)
                        since = at;
        }
        return since;
}

static void note_look(struct drift_row *row, const struct history_record *record, bool right)
{
        for (size_t look = 0; look <= record->again_count && look < DRIFT_LOOKS_MAX; look++)
                row->looks = row->looks << 1 | !right;
        if (right) {
                row->last_right = last_time(record);
                row->right_look = record->id + (unsigned)record->again_count;
                row->right_boot = json_string_value(history_member(record, "boot_id"));
                row->wrong_look = DRIFT_NOW;
        } else if (row->wrong_look == DRIFT_NOW) {
                row->first_seen = record->at;
                row->wrong_look = record->id;
                row->wrong_boot = json_string_value(history_member(record, "boot_id"));
        }
}

static void date_row(struct drift *drift, struct drift_row *row, const struct accepted *accepted, int64_t at,
                     const struct history *history)
{
        bool right = true, told, hidden = false;

        row->last_right = accepted->at;
        row->right_look = accepted->id;
        row->right_boot = accepted->boot;
        row->wrong_look = DRIFT_NOW;
        for (size_t i = 0; i < history->count; i++) {
                const struct history_record *record = &history->records[i];

                if (is_older(record, accepted) || was_carried(record, row))
                        continue;
                told = tells(record, row, &right);
                hidden = is_hidden(record, row, hidden);
                /* What a record after a damaged one does not name may have changed in the damaged one. */
                if (!hidden && (told || !record->lost))
                        note_look(row, record, right);
        }
        row->looks = row->looks << 1 | 1;
        if (row->wrong_look == DRIFT_NOW) {
                row->first_seen = at;
                row->wrong_boot = NULL;
        }
        row->since = since_when(row, accepted, history);
        row->right_boot = pool_dup(drift->pool, row->right_boot);
        row->wrong_boot = pool_dup(drift->pool, row->wrong_boot);
}

struct drift *drift_find(const json_t *baseline, const json_t *now, const char *boot, int64_t at, const struct history *history)
{
        autojson json_t *facts = drift_facts(baseline, now, boot, history);
        const json_t *before = json_object_get(baseline, "state");
        struct pool *pool = pool_new();
        struct drift *drift = pool_zero(pool, sizeof *drift);

        drift->pool = pool;
        for (size_t i = 0; i < STATE_LAYERS; i++)
                compare_layer(drift, state_layers[i],
                              text_equals(state_layers[i], "fact") ? facts : json_object_get(before, state_layers[i]),
                              json_object_get(now, state_layers[i]));
        drift_mark_gone(drift, now);
        if (history) {
                const struct accepted accepted = accepted_of(baseline, history);

                for (size_t i = 0; i < drift->count; i++)
                        date_row(drift, &drift->rows[i], &accepted, at, history);
        }
        return drift;
}

void drift_settle(struct drift *drift, const struct profile *profile)
{
        uint64_t mask = profile->drift_looks == DRIFT_LOOKS_MAX ? UINT64_MAX : (UINT64_C(1) << profile->drift_looks) - 1;

        for (size_t i = 0; profile->drift_looks && i < drift->count; i++)
                drift->rows[i].fleeting = (unsigned)__builtin_popcountll(drift->rows[i].looks & mask) < profile->drift_count;
}

void drift_waive(struct drift *drift, const struct profile *profile, const char *today)
{
        for (size_t i = 0; i < drift->count; i++) {
                const struct waiver *expired = NULL, *waiver = profile_waiver(profile, drift->rows[i].name, today, &expired);

                if (waiver)
                        drift->rows[i].waiver =
                                pool_format(drift->pool, "until %s by %s: %s", waiver->until, waiver->who, waiver->why);
                else if (expired)
                        drift->rows[i].ended =
                                pool_format(drift->pool, "the waiver of %s ended on %s", expired->who, expired->until);
        }
}

void drift_free(struct drift *drift)
{
        if (drift)
                pool_free(drift->pool);
}

void drift_release(struct drift **drift)
{
        drift_free(*drift);
}

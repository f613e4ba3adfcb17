/* Comparing a state with the baseline, and walking the history for when each item went wrong. */

#include "agent/drift.h"

#include "agent/state.h"

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

        json_object_foreach(baseline, name, value)
                add_row(drift, layer, name, json_string_value(value), json_string_value(json_object_get(now, name)));
        json_object_foreach(now, name, value) if (!json_object_get(baseline, name))
                add_row(drift, layer, name, NULL, json_string_value(value));
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

static void date_row(struct drift_row *row, int64_t accepted, int64_t at, const struct history *history)
{
        bool right = true;

        row->last_right = accepted;
        for (size_t i = 0; i < history->count; i++) {
                const struct history_record *record = &history->records[i];

                if (record->at < accepted || was_carried(record, row))
                        continue;
                /* What a record after a damaged one does not name may have changed in the damaged one. */
                if (!tells(record, row, &right) && record->lost)
                        continue;
                for (size_t look = 0; look <= record->again_count && look < DRIFT_LOOKS_MAX; look++)
                        row->looks = row->looks << 1 | !right;
                if (right) {
                        row->last_right = record->again_count ? record->again[record->again_count - 1] : record->at;
                        row->first_seen = 0;
                } else if (!row->first_seen) {
                        row->first_seen = record->at;
                }
        }
        row->looks = row->looks << 1 | 1;
        if (!row->first_seen)
                row->first_seen = at;
}

size_t drift_device_size(const char *name)
{
        const char *first = strchr(name, '.'), *last = strrchr(name, '.');

        return first && last > first + 1 ? (size_t)(last + 1 - name) : 0;
}

static bool is_left(const json_t *facts, const char *name, size_t size)
{
        const char *other;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)facts, other, value) if (!strncmp(other, name, size)) return true;
        return false;
}

static void mark_gone(struct drift *drift, const json_t *now)
{
        const json_t *facts = json_object_get(now, "fact");

        for (size_t i = 0; i < drift->count; i++) {
                struct drift_row *row = &drift->rows[i];
                size_t size = drift_device_size(row->name);

                if (text_equals(row->layer, "fact") && !row->now && size)
                        row->with_device = !is_left(facts, row->name, size);
        }
}

size_t drift_gone_together(const struct drift *drift, size_t from)
{
        const struct drift_row *first = &drift->rows[from];
        size_t size = drift_device_size(first->name), count = 1;

        for (; first->with_device && from + count < drift->count; count++) {
                const struct drift_row *row = &drift->rows[from + count];

                if (!row->with_device || strncmp(row->name, first->name, size) != 0 || row->first_seen != first->first_seen ||
                    row->last_right != first->last_right || row->fleeting != first->fleeting ||
                    !text_equals(row->waiver, first->waiver))
                        break;
        }
        return count;
}

struct drift *drift_find(const json_t *baseline, const json_t *now, int64_t at, const struct history *history)
{
        const json_t *before = json_object_get(baseline, "state");
        int64_t accepted = json_integer_value(json_object_get(baseline, "at"));
        struct pool *pool = pool_new();
        struct drift *drift = pool_zero(pool, sizeof *drift);

        drift->pool = pool;
        for (size_t i = 0; i < STATE_LAYERS; i++)
                compare_layer(drift, state_layers[i], json_object_get(before, state_layers[i]),
                              json_object_get(now, state_layers[i]));
        mark_gone(drift, now);
        for (size_t i = 0; history && i < drift->count; i++)
                date_row(&drift->rows[i], accepted, at, history);
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
                const struct waiver *expired, *waiver = profile_waiver(profile, drift->rows[i].name, today, &expired);

                if (waiver)
                        drift->rows[i].waiver =
                                pool_format(drift->pool, "until %s by %s: %s", waiver->until, waiver->who, waiver->why);
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

/* Devices that are gone: what each of their facts was goes with them, and is told in one. */

#include "agent/drift_inside.h"

#include "agent/evidence.h"

#include <string.h>

size_t drift_device_size(const char *name)
{
        const char *first = strchr(name, '.'), *last = strrchr(name, '.'), *errors = strstr(name, ".errors.");

        /* "pcie.0000:01:00.0.errors.corrected" ends with two words. */
        if (errors && errors > first)
                last = errors;
        return first && last > first + 1 ? (size_t)(last + 1 - name) : 0;
}

static bool is_left(const json_t *facts, const char *name, size_t size)
{
        const char *other;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)facts, other, value) if (!strncmp(other, name, size)) return true;
        return false;
}

void drift_mark_gone(struct drift *drift, const json_t *now)
{
        const json_t *facts = json_object_get(now, "fact");

        for (size_t i = 0; i < drift->count; i++) {
                struct drift_row *row = &drift->rows[i];
                size_t size = drift_device_size(row->name);

                if (text_equals(row->layer, "fact") && !row->now && size)
                        row->with_device = !is_left(facts, row->name, size);
        }
}

/* Alike, too, in whether they decide anything. */
static bool is_told_with(const struct drift_row *row, const struct drift_row *other)
{
        return row->with_device && other->with_device && text_equals(row->layer, other->layer) &&
               !strncmp(row->name, other->name, drift_device_size(row->name)) && row->fleeting == other->fleeting &&
               text_equals(row->waiver, other->waiver) && text_equals(row->ended, other->ended);
}

bool drift_is_told(const struct drift *drift, size_t at)
{
        for (size_t i = 0; drift->rows[at].with_device && i < at; i++)
                if (is_told_with(&drift->rows[at], &drift->rows[i]))
                        return true;
        return false;
}

static unsigned best_weight(const struct drift_row *row)
{
        return row->clue_count ? row->clues[0].weight : 0;
}

/* As long as one of its facts was right it was there. */
static bool tells_better(const struct drift_row *row, const struct drift_row *other)
{
        if (row->right_look != other->right_look)
                return row->right_look > other->right_look;
        if (row->wrong_look != other->wrong_look)
                return row->wrong_look < other->wrong_look;
        return best_weight(row) > best_weight(other);
}

const struct drift_row *drift_tell_together(const struct drift *drift, size_t from, size_t *count)
{
        const struct drift_row *first = &drift->rows[from], *best = first;

        *count = 1;
        for (size_t i = from + 1; first->with_device && i < drift->count; i++) {
                const struct drift_row *row = &drift->rows[i];

                if (!is_told_with(first, row))
                        continue;
                ++*count;
                if (tells_better(row, best))
                        best = row;
        }
        return best;
}

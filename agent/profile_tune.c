/* The section `tune`: the settings of every knob, each matched with a row of the knob's table. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* One knob's part of the profile, and where in it we are. */
struct walk {
        struct sections *sections;
        const struct knob *knob;
        const char *keys[SETTING_KEYS];
        size_t depth; /* keys in use */
};

/* The n-th of the parts of a field's path. */
static bool path_part(const struct field *field, size_t n, struct slice *part)
{
        const char *cursor = field->path;

        for (size_t i = 0; i <= n; i++) {
                if (!text_word(&cursor, "/", part))
                        return false;
        }
        return true;
}

static size_t path_parts(const struct field *field)
{
        struct slice part;
        size_t count = 0;

        while (path_part(field, count, &part))
                count++;
        return count;
}

/* Does the path begin with the keys of the walk? Each key that it names outweighs any '*' further on. */
static bool path_fits(const struct walk *walk, const struct field *field, unsigned *weight)
{
        struct slice part;

        *weight = 0;
        for (size_t i = 0; i < walk->depth; i++) {
                if (!path_part(field, i, &part))
                        return false;
                *weight *= 2;
                if (slice_equals(part, walk->keys[i]))
                        ++*weight;
                else if (!slice_equals(part, "*"))
                        return false;
        }
        return true;
}

/* The row whose path is the keys of the walk (deeper: goes on behind them); NULL if none. */
static const struct field *field_at(const struct walk *walk, bool deeper)
{
        const struct field *best = NULL;
        unsigned best_weight = 0, weight;

        for (const struct field *field = walk->knob->fields; field->path; field++) {
                if (!path_fits(walk, field, &weight) || (path_parts(field) > walk->depth) != deeper)
                        continue;
                if (!best || weight > best_weight) {
                        best = field;
                        best_weight = weight;
                }
        }
        return best;
}

/* The last key is none of those that may stand here. */
static int unknown_key(struct walk *walk, const struct node *key)
{
        struct pool *pool = walk->sections->reading->pool;
        const char **names = NULL;
        size_t count = 0;
        struct slice part;
        unsigned weight;

        walk->depth--;
        for (const struct field *field = walk->knob->fields; field->path; field++) {
                if (!path_fits(walk, field, &weight) || !path_part(field, walk->depth, &part))
                        continue;
                names = pool_grow(pool, names, count, sizeof(*names));
                names[count++] = slice_dup(pool, part);
                for (size_t i = 0; i + 1 < count; i++) {
                        if (strcmp(names[i], names[count - 1]) == 0) {
                                count--;
                                break;
                        }
                }
        }
        names = pool_grow(pool, names, count, sizeof(*names));
        names[count] = NULL;
        return reading_unknown(walk->sections->reading, key, pool_format(pool, "key of tune.%s", walk->knob->name), names);
}

static const char *setting_id(const struct walk *walk)
{
        autobuffer struct text_buffer id = { 0 };

        text_add(&id, walk->knob->name);
        for (size_t i = 0; i < walk->depth; i++)
                text_addf(&id, ".%s", walk->keys[i]);
        return pool_dup(walk->sections->profile->pool, id.at);
}

static int add_setting(struct walk *walk, const struct field *field, const struct node *from, const struct node *value,
                       const char *text, const struct long_form *form)
{
        struct profile *profile = walk->sections->profile;
        struct tune tune = {
                .knob = walk->knob,
                .setting = {
                        .id = setting_id(walk),
                        .field = field,
                        .text = text,
                        .tier = form->tier,
                        .absent_ok = form->absent_ok,
                        .why = form->why,
                        .from = node_from(profile->pool, from),
                },
        };
        int r;

        memcpy(tune.setting.keys, walk->keys, walk->depth * sizeof(walk->keys[0]));
        r = profile_check_setting(walk->sections, value, walk->knob, &tune.setting);
        if (r < 0)
                return r;
        profile->tunes = pool_grow(profile->pool, profile->tunes, profile->tune_count, sizeof(tune));
        profile->tunes[profile->tune_count++] = tune;
        return 0;
}

static int add_list(struct walk *walk, const struct field *field, const struct long_form *form)
{
        struct reading *reading = walk->sections->reading;
        const struct node *list = form->is;
        int r;

        r = node_is_list(reading, list, "the names");
        if (r < 0)
                return r;
        if (walk->depth == SETTING_KEYS)
                return reading_problem(reading, list, "found a list, expected none this deep");
        for (size_t i = 0; i < list->count; i++) {
                const struct node *item = list->items[i];

                r = node_is_line(reading, item, "a name");
                if (r < 0)
                        return r;
                if (!*item->text)
                        return reading_problem(reading, item, "found an empty name, expected one");
                for (size_t j = 0; j < i; j++) {
                        if (strcmp(list->items[j]->text, item->text) == 0)
                                return reading_problem(reading, item, "found %s a second time, expected it once",
                                                       reading_found(reading, item));
                }
                walk->keys[walk->depth++] = item->text;
                r = add_setting(walk, field, item, item, "true", form);
                walk->depth--;
                if (r < 0)
                        return r;
        }
        return 0;
}

static int add_value(struct walk *walk, const struct field *field, const struct pair *pair)
{
        static const char *const keys[] = { "is", "tier", "absent", "why", NULL };
        struct reading *reading = walk->sections->reading;
        struct long_form form;
        int r;

        r = profile_long_form(reading, pair->value, keys, &form);
        if (r < 0)
                return r;
        if (field->flags & FIELD_LIST)
                return add_list(walk, field, &form);
        if (form.is->nothing && field->kind == VALUE_TEXT)
                return reading_problem(reading, form.is, "found nothing, expected text (\"\" if it is to be empty)");
        r = node_is_line(reading, form.is, value_kind_name(field->kind));
        if (r < 0)
                return r;
        return add_setting(walk, field, pair->key, form.is, form.is->text, &form);
}

/* Only keys can stand here, whatever does. */
static int expect_map(struct walk *walk, const struct node *value)
{
        struct reading *reading = walk->sections->reading;

        if (value->kind == NODE_MAP)
                return reading_problem(reading, value, "found a value with \"is\", expected a map: what stands below tune.%s",
                                       setting_id(walk));
        return node_is_map(reading, value, pool_format(reading->pool, "what stands below tune.%s", setting_id(walk)));
}

/* As deep as a key of a setting can be, and no deeper. */
static int read_map(struct walk *walk, const struct node *map)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < map->count; i++) {
                const struct pair *pair = &map->pairs[i];
                const struct field *field, *deeper = NULL;

                walk->keys[walk->depth++] = pair->key->text;
                field = field_at(walk, false);
                if (walk->depth < SETTING_KEYS)
                        deeper = field_at(walk, true);
                if (!field && !deeper)
                        return unknown_key(walk, pair->key);
                if (deeper && pair->value->kind == NODE_MAP && !node_find(pair->value, "is"))
                        r = read_map(walk, pair->value);
                else if (field)
                        r = add_value(walk, field, pair);
                else
                        r = expect_map(walk, pair->value);
                walk->depth--;
        }
        return r;
}

int profile_tune(struct sections *sections, const struct node *node)
{
        struct pool *pool = sections->reading->pool;
        const char **names = NULL;
        size_t count = 0;
        int r;

        if (!node)
                return 0;
        for (; sections->tables->knobs[count]; count++) {
                names = pool_grow(pool, names, count, sizeof(*names));
                names[count] = sections->tables->knobs[count]->name;
        }
        names = pool_grow(pool, names, count, sizeof(*names));
        names[count] = NULL;
        r = node_is_map(sections->reading, node, "the knobs, and what each should be");
        if (r == 0)
                r = node_has_keys(sections->reading, node, names);
        for (size_t i = 0; r == 0 && i < count; i++) {
                struct walk walk = { .sections = sections, .knob = sections->tables->knobs[i] };
                const struct pair *pair = node_find(node, names[i]);

                if (!pair)
                        continue;
                r = node_is_map(sections->reading, pair->value, pool_format(pool, "the settings of %s", names[i]));
                if (r == 0)
                        r = read_map(&walk, pair->value);
        }
        return r;
}

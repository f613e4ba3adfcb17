/* States of a host: how they differ, and how one becomes the next. */

#include "agent/state.h"

#include "agent/core/text.h"

#include <stdint.h>

const char *const state_layers[STATE_LAYERS] = { "fact", "package", "profile", "files", "next-boot", "running" };

void state_drop(json_t **json)
{
        json_decref(*json);
}

static void set(json_t *states, const char *layer, const char *name, json_t *value)
{
        json_t *items = json_object_get(states, layer);

        if (!items) {
                items = json_object();
                json_object_set_new(states, layer, items);
        }
        json_object_set(items, name, value);
}

json_t *state_difference(const json_t *before, const json_t *after)
{
        json_t *difference = json_object(), *none = json_null();

        for (size_t i = 0; i < STATE_LAYERS; i++) {
                json_t *old = json_object_get(before, state_layers[i]), *new = json_object_get(after, state_layers[i]);
                const char *name;
                json_t *value;

                json_object_foreach(new, name, value) if (!json_equal(value, json_object_get(old, name)))
                        set(difference, state_layers[i], name, value);
                json_object_foreach(old, name, value) if (!json_object_get(new, name))
                        set(difference, state_layers[i], name, none);
        }
        return difference;
}

static bool is_layer(const char *name)
{
        for (size_t i = 0; i < STATE_LAYERS; i++)
                if (text_equals(name, state_layers[i]))
                        return true;
        return false;
}

bool state_is_valid(const json_t *json)
{
        const char *layer, *name;
        json_t *items, *value;

        if (!json_is_object(json))
                return false;
        json_object_foreach((json_t *)(uintptr_t)json, layer, items)
        {
                if (!is_layer(layer) || !json_is_object(items))
                        return false;
                json_object_foreach(items, name, value) if (!json_is_string(value) && !json_is_null(value)) return false;
        }
        return true;
}

void state_advance(json_t *state, const json_t *difference)
{
        for (size_t i = 0; i < STATE_LAYERS; i++) {
                const char *name;
                json_t *value;

                json_object_foreach(json_object_get(difference, state_layers[i]), name, value)
                {
                        if (json_is_null(value))
                                json_object_del(json_object_get(state, state_layers[i]), name);
                        else
                                set(state, state_layers[i], name, value);
                }
        }
}

size_t state_size(const json_t *state)
{
        size_t size = 0;

        for (size_t i = 0; i < STATE_LAYERS; i++)
                size += json_object_size(json_object_get(state, state_layers[i]));
        return size;
}

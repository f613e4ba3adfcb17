/* One side of a comparison that is no host, but what facts said of one. */

#include "agent/diff.h"

#include "agent/answer.h"
#include "agent/json_text.h"
#include "agent/survey.h"

#include "agent/core/pool.h"
#include "probes/probes.h"

#include <string.h>

/* As the fact's probe would have told it; false where it could not have. */
static bool read_value(struct pool *pool, const json_t *json, const struct fact_info *info, struct value *value)
{
        const char *text = json_string_value(json);

        if (info->kind == VALUE_FLAG && json_is_boolean(json))
                *value = value_flag(json_is_true(json));
        else if (info->kind == VALUE_NUMBER && json_is_integer(json))
                *value = value_number(json_integer_value(json), info->unit);
        else if (info->kind == VALUE_REAL && json_is_number(json))
                *value = value_real(json_number_value(json), info->unit);
        else if (info->kind == VALUE_WORDS && text)
                *value = value_words(pool, text);
        else if (info->kind == VALUE_TEXT && text)
                *value = value_text(pool, text);
        else
                return text && info->kind != VALUE_FLAG && info->kind != VALUE_NUMBER && info->kind != VALUE_REAL &&
                       value_parse_kernel(pool, text, info->kind, info->unit, value) == 0;
        return true;
}

static void add_known(struct items *items, const char *name, const json_t *json, const struct fact_info *info)
{
        struct value *value = pool_zero(items->pool, sizeof *value);

        if (!read_value(items->pool, json, info, value)) {
                items_add(items, "fact", name, ITEM_UNKNOWN, "the answer holds something that is no such value");
                return;
        }
        value->unit = info->unit;
        if (text_equals(name, "kernel.cmdline"))
                items_add_parameters(items, value->text);
        else
                items_add(items, "fact", name, ITEM_KNOWN, value_show(items->pool, value))->value = value;
}

void items_add_answer(struct items *items, const struct answer *answer)
{
        const json_t *facts = json_object_get(answer->json, "facts");

        for (size_t i = 0; i < json_array_size(facts); i++) {
                const json_t *row = json_array_get(facts, i);
                const char *name = pool_dup(items->pool, json_text(row, "name")), *status = json_text(row, "status");
                const struct fact_info *info = survey_info(probes, name);
                const char *reason = json_text(row, "reason");

                if (text_equals(status, "absent"))
                        items_add(items, "fact", name, ITEM_ABSENT, NULL);
                else if (text_equals(status, "unreadable"))
                        items_add(items, "fact", name, ITEM_UNKNOWN, reason ? pool_dup(items->pool, reason) : "not known");
                else if (!info)
                        items_add(items, "fact", name, ITEM_UNKNOWN, "this version knows no such fact");
                else
                        add_known(items, name, json_object_get(row, "value"), info);
        }
}

void items_doubt(struct items *items, const struct items *other)
{
        size_t count = items->count;

        for (size_t i = 0; i < other->count; i++) {
                const char *name = other->rows[i].name;
                const struct fact_info *info = survey_info(probes, name);
                bool told = false;

                if (!info || strchr(info->name, '*'))
                        continue;
                for (size_t j = 0; j < count && !told; j++)
                        told = text_equals(items->rows[j].name, name);
                if (!told)
                        items_add(items, "fact", name, ITEM_UNKNOWN, "the answer does not speak of it");
        }
        items->partial = items->count > count;
        items_sort(items);
}

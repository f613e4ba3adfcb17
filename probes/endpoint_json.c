/* Holds the JSON that an endpoint answered against what the profile wants of its members. */

#include "probes/endpoint_judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What a number is written with. */
#define NUMBER "+-.0123456789eE"

const char *endpoint_quote(struct pool *pool, const char *text)
{
        return pool_format(pool, "\"%s\"", text_printable(pool, text_trim(pool, text), ENDPOINT_SHOWN_MAX));
}

/* More than a whole number of 64 bits holds: such a one is read as a real one, of which the last digits are lost. */
static bool is_beyond(double real)
{
        return real < -9223372036854775808.0 || real >= 9223372036854775808.0;
}

/* "100.0" and "1e2" are 100. By whole numbers, since a real one has lost the last digits beyond 2^53; a whole one that is too large is none. */
static bool is_whole(int64_t have, const char *want)
{
        int64_t number;
        double real;

        if (!endpoint_is_number(want))
                return false;
        if (text_i64(want, &number) == 0)
                return number == have;
        real = strtod(want, NULL);
        return !is_beyond(real) && (double)(int64_t)real == real && (int64_t)real == have;
}

/* Is it what a person wrote, in quotes or not? */
static bool is_written(const json_t *json, const char *want)
{
        switch (json_typeof(json)) {
        case JSON_STRING:
                return text_equals(json_string_value(json), want);
        case JSON_TRUE:
                return text_equals(want, "true");
        case JSON_FALSE:
                return text_equals(want, "false");
        case JSON_NULL:
                return text_equals(want, "null");
        case JSON_INTEGER:
                return is_whole(json_integer_value(json), want);
        case JSON_REAL:
                return endpoint_is_number(want) && strtod(want, NULL) == json_real_value(json);
        default:
                return false;
        }
}

/* False: null, an array and an object compare with nothing, not even with their like. */
static bool value_of(struct pool *pool, const json_t *json, struct value *value)
{
        switch (json_typeof(json)) {
        case JSON_STRING:
                *value = value_text(pool, json_string_value(json));
                return true;
        case JSON_TRUE:
        case JSON_FALSE:
                *value = value_flag(json_is_true(json));
                return true;
        case JSON_INTEGER:
                *value = value_number(json_integer_value(json), UNIT_NONE);
                return true;
        case JSON_REAL:
                *value = value_real(json_real_value(json), UNIT_NONE);
                return true;
        default:
                return false;
        }
}

static struct value number_of(const char *text)
{
        int64_t number;

        return text_i64(text, &number) == 0 ? value_number(number, UNIT_NONE) : value_real(strtod(text, NULL), UNIT_NONE);
}

static void make_real(struct value *value)
{
        if (value->kind == VALUE_NUMBER)
                *value = value_real((double)value->number, UNIT_NONE);
}

/* Whole numbers are compared as such: beyond 2^53 a real one has lost the last digits. */
static bool holds(enum op op, struct value have, struct value wanted)
{
        const struct want want = { .op = op, .count = 1, .values = &wanted };

        if (have.kind == VALUE_REAL)
                make_real(&wanted);
        else if (wanted.kind == VALUE_REAL)
                make_real(&have);
        return want_holds(&want, &have);
}

/* Of two numbers that are the same but for digits which are lost nobody knows more: they compare in no way. */
static bool is_blurred(const struct endpoint_field *field, const json_t *json, const json_t *other)
{
        double real = json_real_value(json);

        if (!json_is_real(json) || !is_beyond(real))
                return false;
        if (other)
                return json_is_number(other) && json_number_value(other) == real;
        return endpoint_is_number(field->want) && !field->want[strcspn(field->want, ".eE")] &&
               strtod(field->want, NULL) == real;
}

static bool field_holds(struct pool *pool, const struct endpoint_field *field, const json_t *json, const json_t *other)
{
        struct value have, wanted;

        if (is_blurred(field, json, other))
                return false;
        if (field->op == OP_EQ && !other)
                return is_written(json, field->want);
        if (field->op == OP_NE && !other)
                return value_of(pool, json, &have) && !is_written(json, field->want);
        if (!value_of(pool, json, &have))
                return false;
        if (!other)
                return holds(field->op, have, number_of(field->want));
        return value_of(pool, other, &wanted) && holds(field->op, have, wanted);
}

static const char *shown(struct pool *pool, const json_t *json)
{
        autofree char *text = NULL;

        if (json_is_string(json))
                return endpoint_quote(pool, json_string_value(json));
        text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
        return text_printable(pool, text ? text : "?", ENDPOINT_SHOWN_MAX);
}

/* NULL: there is none. *name: its names with points between them. */
static const json_t *find(struct pool *pool, const json_t *json, const char *const *path, const char **name)
{
        autobuffer struct text_buffer text = { 0 };

        for (; *path; path++) {
                text_addf(&text, "%s%s", text.size ? "." : "", *path);
                json = json_object_get(json, *path);
        }
        *name = pool_dup(pool, text.at);
        return json;
}

static const char *field_words(struct pool *pool, const json_t *root, const struct endpoint_field *field)
{
        static const char *const signs[] = {
                [OP_EQ] = "=", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">="
        };
        const char *name, *other_name = NULL;
        const json_t *json = find(pool, root, field->path, &name);
        const json_t *other = field->other ? find(pool, root, field->other, &other_name) : NULL;
        const char *label = text_printable(pool, name, ENDPOINT_SHOWN_MAX);

        if (!json || (field->other && !other))
                return pool_format(pool, "answers without %s", endpoint_quote(pool, json ? other_name : name));
        if (field_holds(pool, field, json, other))
                return NULL;
        if (other)
                return pool_format(pool, "answers %s: %s, not %s %s: %s", label, shown(pool, json), signs[field->op],
                                   text_printable(pool, other_name, ENDPOINT_SHOWN_MAX), shown(pool, other));
        if (field->op == OP_EQ)
                return pool_format(pool, "answers %s: %s, not \"%s\"", label, shown(pool, json),
                                   text_printable(pool, field->want, ENDPOINT_SHOWN_MAX));
        return pool_format(pool, "answers %s: %s, not %s %s", label, shown(pool, json), signs[field->op],
                           text_printable(pool, field->want, ENDPOINT_SHOWN_MAX));
}

/* Gives whole numbers of more than 64 bits a point, without which the reader refuses the whole answer for one of them. */
static void add_points(struct slice body, struct text_buffer *text)
{
        autopool struct pool *pool = pool_new();
        bool quoted = false;
        int64_t number;
        size_t size;

        for (size_t i = 0; i < body.size; i += size) {
                for (size = 0; !quoted && i + size < body.size && body.at[i + size] && strchr(NUMBER, body.at[i + size]);)
                        size++;
                if (size > 1) {
                        text_add_bytes(text, body.at + i, size);
                        if (text_i64(slice_dup(pool, (struct slice){ body.at + i, size }), &number) == -ERANGE)
                                text_add(text, ".0");
                        continue;
                }
                size = quoted && body.at[i] == '\\' && i + 1 < body.size ? 2 : 1;
                quoted ^= body.at[i] == '"';
                text_add_bytes(text, body.at + i, size);
        }
}

/* Which of two members of one name a reader takes is anybody's guess, so such an answer is none. */
static json_t *read_answer(struct slice body, json_error_t *error)
{
        autobuffer struct text_buffer text = { 0 };
        json_t *json = json_loadb(body.at, body.size, JSON_REJECT_DUPLICATES, error);

        if (json || json_error_code(error) != json_error_numeric_overflow)
                return json;
        add_points(body, &text);
        return json_loadb(text.at, text.size, JSON_REJECT_DUPLICATES, error);
}

const char *endpoint_json_words(struct pool *pool, const struct endpoint *endpoint, struct slice body)
{
        json_error_t error;
        json_t *json = read_answer(body, &error);
        const char *words = NULL;

        /* RFC 8259, section 8.1: nobody may send it. It cannot be seen in the words of the reader. */
        if (body.size >= 3 && memcmp(body.at, "\xef\xbb\xbf", 3) == 0)
                words = "answers with a byte order mark before its JSON";
        else if (!json)
                words = pool_format(pool, "answers with something that is no JSON object: %s",
                                    text_printable(pool, error.text, sizeof error.text));
        else if (!json_is_object(json))
                words = "answers with something that is no JSON object";
        for (size_t i = 0; i < endpoint->field_count && !words; i++)
                words = field_words(pool, json, &endpoint->fields[i]);
        json_decref(json);
        return words;
}

/* Wanted values read from a profile: operators, lists, alternatives, and one clear sentence about what is wrong with one. */

#include "agent/core/pattern.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

#include <errno.h>
#include <string.h>

#define SHOWN_MAX 60U

struct reader {
        struct pool *pool;
        enum value_kind kind;
        enum unit unit;
        unsigned flags;
        const char **problem;
        struct value *values;
        size_t count;
};

static const struct {
        const char *sign;
        enum op op;
} operators[] = {
        { "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE }, { "==", OP_EQ },
        { "=", OP_EQ },  { "<", OP_LT },  { ">", OP_GT },  { "~", OP_MATCH },
};

static const char *shown(const struct reader *reader, const char *text)
{
        return text_printable(reader->pool, text, SHOWN_MAX);
}

/* The end of every problem with a value. */
static const char *expected(const struct reader *reader)
{
        static const char *const by_unit[] = {
                [UNIT_NONE] = "a number was expected, such as \"32\"",
                [UNIT_COUNT] = "a number was expected, such as \"32\"",
                [UNIT_BYTES] = "a size was expected, such as \"128 GiB\"",
                [UNIT_BITRATE] = "a bit rate was expected, such as \"10 Gbit/s\"",
                [UNIT_SECONDS] = "a time was expected, such as \"100 us\"",
                [UNIT_PERCENT] = "a percentage was expected, such as \"20 %\"",
                [UNIT_TRANSFERS] = "a transfer rate was expected, such as \"3200 MT/s\"",
                [UNIT_CELSIUS] = "a temperature was expected, such as \"70 C\"",
                [UNIT_HERTZ] = "a frequency was expected, such as \"3.4 GHz\"",
        };
        static const char *const by_kind[] = {
                [VALUE_FLAG] = "\"true\" or \"false\" was expected",
                [VALUE_TEXT] = "a text was expected",
                [VALUE_VERSION] = "a version was expected, such as \"5.15\"",
                [VALUE_CPUS] = "a CPU list was expected, such as \"0-3,8\" or \"0-31:2/4\"",
                [VALUE_MASK] = "a CPU list was expected, such as \"0-3,8\" or \"0-31:2/4\"",
                [VALUE_WORDS] = "words were expected, such as \"performance schedutil\"",
                [VALUE_FIELDS] = "whole numbers were expected, such as \"4096 131072 6291456\"",
                [VALUE_CHOICE] = "a single word was expected, such as \"madvise\"",
        };
        bool by_its_unit = reader->kind == VALUE_NUMBER || reader->kind == VALUE_REAL;

        return by_its_unit ? by_unit[reader->unit] : by_kind[reader->kind];
}

/* "128" of memory would be 128 bytes, which holds everywhere. */
static bool lacks_unit(const struct reader *reader, const char *text, const struct value *value)
{
        bool wanted = reader->flags & WANT_UNIT && (reader->unit == UNIT_BYTES || reader->unit == UNIT_BITRATE ||
                                                    reader->unit == UNIT_SECONDS || reader->unit == UNIT_HERTZ);
        bool number = (value->kind == VALUE_NUMBER && value->number != 0) || (value->kind == VALUE_REAL && value->real != 0);
        size_t size = strlen(text);

        return wanted && number && size && text[size - 1] >= '0' && text[size - 1] <= '9';
}

static int read_value(const struct reader *reader, const char *text, struct value *value)
{
        int r = value_parse(reader->pool, text, reader->kind, reader->unit, value);

        if (r == -ERANGE)
                *reader->problem = pool_format(reader->pool, "\"%s\" is too large: %s", shown(reader, text), expected(reader));
        else if (r == -EDOM)
                *reader->problem =
                        pool_format(reader->pool, "the unit of \"%s\" does not fit: %s", shown(reader, text), expected(reader));
        else if (r < 0)
                *reader->problem = pool_format(reader->pool, "%s; found \"%s\"", expected(reader), shown(reader, text));
        if (r == 0 && lacks_unit(reader, text, value)) {
                *reader->problem = pool_format(reader->pool, "\"%s\" has no unit: %s", shown(reader, text), expected(reader));
                return -EINVAL;
        }
        return r;
}

static void add_value(struct reader *reader, const struct value *value)
{
        reader->values = pool_grow(reader->pool, reader->values, reader->count, sizeof(*reader->values));
        reader->values[reader->count++] = *value;
}

static int add_text(struct reader *reader, struct slice text)
{
        struct value value;
        int r;

        r = read_value(reader, slice_dup(reader->pool, slice_trim(text)), &value);
        if (r < 0)
                return r;
        add_value(reader, &value);
        return 0;
}

/* "a|b": each alternative, in order. */
static int read_alternatives(struct reader *reader, struct slice rest, struct want *want)
{
        for (;;) {
                const char *bar = rest.size > 0 ? memchr(rest.at, '|', rest.size) : NULL;
                struct slice item = { .at = rest.at, .size = bar ? (size_t)(bar - rest.at) : rest.size };
                int r;

                if (slice_trim(item).size == 0) {
                        *reader->problem = pool_format(reader->pool, "there is nothing on one side of a \"|\"");
                        return -EINVAL;
                }
                r = add_text(reader, item);
                if (r < 0)
                        return r;
                if (!bar)
                        break;
                rest.at += item.size + 1;
                rest.size -= item.size + 1;
        }
        want->op = reader->count > 1 ? OP_IN : OP_EQ;
        return 0;
}

/* Takes one item, quoted if it holds a comma, off the front of a list. False where the list is not well formed. */
static bool item_take(struct slice *rest, struct slice *item, bool *last)
{
        const char *end;

        *rest = slice_trim(*rest);
        if (rest->size == 0)
                return false;
        if (rest->at[0] == '"' || rest->at[0] == '\'') {
                end = memchr(rest->at + 1, rest->at[0], rest->size - 1);
                if (!end)
                        return false;
                *item = (struct slice){ .at = rest->at + 1, .size = (size_t)(end - rest->at) - 1 };
                end++;
        } else {
                end = memchr(rest->at, ',', rest->size);
                end = end ? end : rest->at + rest->size;
                *item = slice_trim((struct slice){ .at = rest->at, .size = (size_t)(end - rest->at) });
        }
        rest->size -= (size_t)(end - rest->at);
        rest->at = end;
        *rest = slice_trim(*rest);
        *last = rest->size == 0;
        if (*last)
                return item->size > 0;
        if (rest->at[0] != ',')
                return false;
        rest->at++;
        rest->size--;
        return item->size > 0;
}

/* "[a, b]" behind "in". */
static int read_list(struct reader *reader, struct slice list, struct want *want)
{
        bool last = false;

        if (list.size < 2 || list.at[0] != '[' || list.at[list.size - 1] != ']') {
                *reader->problem = pool_format(reader->pool, "\"in\" needs a list, such as \"in [a, b]\"");
                return -EINVAL;
        }
        list.at++;
        list.size -= 2;
        while (!last) {
                struct slice item;
                int r;

                if (!item_take(&list, &item, &last)) {
                        *reader->problem = pool_format(reader->pool, "the list behind \"in\" is empty, has an empty item or a "
                                                                     "quote that does not end");
                        return -EINVAL;
                }
                r = add_text(reader, item);
                if (r < 0)
                        return r;
        }
        want->op = OP_IN;
        return 0;
}

static int read_pattern(struct reader *reader, struct slice text, struct want *want)
{
        struct value value;

        if (reader->kind != VALUE_TEXT && reader->kind != VALUE_VERSION && reader->kind != VALUE_WORDS &&
            reader->kind != VALUE_CHOICE) {
                *reader->problem = pool_format(reader->pool, "~ needs a text: %s", expected(reader));
                return -EINVAL;
        }
        want->pattern = slice_dup(reader->pool, text);
        value = value_text(reader->pool, want->pattern);
        add_value(reader, &value);
        return pattern_check(reader->pool, want->pattern, reader->problem);
}

/* "has a b"; anything else that begins so is words, too. */
static bool has_take(struct slice *text)
{
        if (text->size < 5 || memcmp(text->at, "has", 3) != 0 || !strchr(" \t", text->at[3]))
                return false;
        *text = slice_trim((struct slice){ .at = text->at + 3, .size = text->size - 3 });
        return true;
}

/* Takes the operator off the front; without one it is "=". */
static const char *operator_take(struct slice *text, enum value_kind kind, enum op *op)
{
        for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
                size_t size = strlen(operators[i].sign);

                if (text->size < size || memcmp(text->at, operators[i].sign, size) != 0)
                        continue;
                *text = slice_trim((struct slice){ .at = text->at + size, .size = text->size - size });
                *op = operators[i].op;
                return operators[i].sign;
        }
        *op = OP_EQ;
        if (kind == VALUE_WORDS && has_take(text)) {
                *op = OP_HAS;
                return "has";
        }
        if (text->size > 2 && memcmp(text->at, "in", 2) == 0) {
                struct slice list = slice_trim((struct slice){ .at = text->at + 2, .size = text->size - 2 });

                if (list.size == 0 || list.at[0] != '[')
                        return NULL;
                *text = list;
                *op = OP_IN;
                return "in";
        }
        return NULL;
}

static bool has_order(enum value_kind kind)
{
        return kind == VALUE_NUMBER || kind == VALUE_REAL || kind == VALUE_VERSION || kind == VALUE_FIELDS;
}

static int read_want(struct reader *reader, struct slice text, struct want *want)
{
        const char *sign = operator_take(&text, reader->kind, &want->op);

        switch (want->op) {
        case OP_MATCH:
                return read_pattern(reader, text, want);
        case OP_IN:
                return read_list(reader, text, want);
        case OP_LT:
        case OP_LE:
        case OP_GT:
        case OP_GE:
                if (has_order(reader->kind))
                        return add_text(reader, text);
                *reader->problem =
                        pool_format(reader->pool, "%s needs a number, a size or a version: %s", sign, expected(reader));
                return -EINVAL;
        case OP_EQ:
                if ((reader->flags & WANT_ALTERNATIVES) != 0 && text.size > 0 && memchr(text.at, '|', text.size))
                        return read_alternatives(reader, text, want);
                return add_text(reader, text);
        case OP_NE:
        case OP_HAS:
                return add_text(reader, text);
        }
        return -EINVAL;
}

int want_parse(struct pool *pool, const char *text, enum value_kind kind, enum unit unit, unsigned flags, struct want *want,
               const char **problem)
{
        struct reader reader = { .pool = pool, .kind = kind, .unit = unit, .flags = flags, .problem = problem };
        struct want found = { .text = text_trim(pool, text) };
        int r;

        r = read_want(&reader, slice_of(found.text), &found);
        if (r < 0)
                return r;
        found.values = reader.values;
        found.count = reader.count;
        *want = found;
        return 0;
}

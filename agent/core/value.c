/* Typed values: making them, and which of two is the same or the greater. */

#include "agent/core/value.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/version.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A share of the larger of two reals below which their difference is the rounding of decimal text. */
#define REAL_GRAIN 1e-9

struct value value_flag(bool flag)
{
        return (struct value){ .kind = VALUE_FLAG, .flag = flag };
}

struct value value_number(int64_t number, enum unit unit)
{
        return (struct value){ .kind = VALUE_NUMBER, .unit = unit, .number = number };
}

struct value value_real(double real, enum unit unit)
{
        return (struct value){ .kind = VALUE_REAL, .unit = unit, .real = real };
}

struct value value_text(struct pool *pool, const char *text)
{
        return (struct value){ .kind = VALUE_TEXT, .text = text_trim(pool, text) };
}

struct value value_version(struct pool *pool, const char *text)
{
        return (struct value){ .kind = VALUE_VERSION, .text = text_trim(pool, text) };
}

struct value value_cpus(struct pool *pool, const struct cpus *cpus)
{
        struct cpus *copy = pool_zero(pool, sizeof(*copy));

        *copy = *cpus;
        return (struct value){ .kind = VALUE_CPUS, .cpus = copy };
}

static int compare_words(const void *a, const void *b)
{
        return text_compare_natural(*(const char *const *)a, *(const char *const *)b);
}

struct value value_words(struct pool *pool, const char *text)
{
        autobuffer struct text_buffer sorted = { 0 };
        const char **words = NULL;
        struct slice word;
        size_t count = 0;

        while (text_word(&text, " \t\n\v\f\r", &word)) {
                words = pool_grow(pool, words, count, sizeof *words);
                words[count++] = slice_dup(pool, word);
        }
        if (count > 1)
                qsort(words, count, sizeof *words, compare_words);
        for (size_t i = 0; i < count; i++)
                if (i == 0 || !text_equals(words[i - 1], words[i]))
                        text_addf(&sorted, "%s%s", i ? " " : "", words[i]);
        return (struct value){ .kind = VALUE_WORDS, .text = pool_dup(pool, sorted.at ? sorted.at : "") };
}

static int field_compare(const struct value_field *a, const struct value_field *b)
{
        int order = (a->magnitude > b->magnitude) - (a->magnitude < b->magnitude);

        if (a->negative != b->negative)
                return a->negative ? -1 : 1;
        return a->negative ? -order : order;
}

/* One list is before another when no field is greater and some field is less. */
static int fields_compare(const struct value *a, const struct value *b, int *order)
{
        bool less = false, greater = false;

        if (a->fields.count != b->fields.count)
                return -EDOM;
        for (size_t i = 0; i < a->fields.count; i++) {
                int one = field_compare(&a->fields.at[i], &b->fields.at[i]);

                less = less || one < 0;
                greater = greater || one > 0;
        }
        if (less && greater)
                return -EDOM;
        *order = greater - less;
        return 0;
}

static int real_compare(double a, double b, int *order)
{
        if (isnan(a) || isnan(b))
                return -EDOM;
        *order = (a > b) - (a < b);
        if (isfinite(a) && isfinite(b) && fabs(a - b) <= REAL_GRAIN * fmax(fabs(a), fabs(b)))
                *order = 0;
        return 0;
}

static bool is_set(const struct value *value)
{
        return value->kind == VALUE_CPUS || value->kind == VALUE_MASK;
}

static bool is_plain(enum unit unit)
{
        return unit == UNIT_NONE || unit == UNIT_COUNT;
}

/* Values of two kinds are never equal and have no order; a set is a set however the kernel writes it. */
static bool comparable(const struct value *a, const struct value *b)
{
        if (is_set(a) && is_set(b))
                return true;
        return a->kind == b->kind && (a->unit == b->unit || (is_plain(a->unit) && is_plain(b->unit)));
}

bool value_equals(const struct value *a, const struct value *b)
{
        int order;

        if (!comparable(a, b))
                return false;
        switch (a->kind) {
        case VALUE_FLAG:
                return a->flag == b->flag;
        case VALUE_TEXT:
        case VALUE_WORDS:
        case VALUE_CHOICE:
                return text_equals(a->text, b->text);
        case VALUE_CPUS:
        case VALUE_MASK:
                return cpus_equal(a->cpus, b->cpus);
        case VALUE_NUMBER:
        case VALUE_REAL:
        case VALUE_VERSION:
        case VALUE_FIELDS:
                return value_compare(a, b, &order) == 0 && order == 0;
        }
        return false;
}

int value_compare(const struct value *a, const struct value *b, int *order)
{
        if (!comparable(a, b))
                return -EDOM;
        switch (a->kind) {
        case VALUE_NUMBER:
                *order = (a->number > b->number) - (a->number < b->number);
                return 0;
        case VALUE_REAL:
                return real_compare(a->real, b->real, order);
        case VALUE_VERSION:
                *order = version_compare(a->text, b->text);
                return 0;
        case VALUE_FIELDS:
                return fields_compare(a, b, order);
        case VALUE_FLAG:
        case VALUE_TEXT:
        case VALUE_WORDS:
        case VALUE_CHOICE:
        case VALUE_CPUS:
        case VALUE_MASK:
                break;
        }
        return -EDOM;
}

const char *unit_name(enum unit unit)
{
        static const char *const names[] = {
                [UNIT_NONE] = "",          [UNIT_COUNT] = "count",     [UNIT_BYTES] = "bytes",
                [UNIT_BITRATE] = "bit/s",  [UNIT_SECONDS] = "seconds", [UNIT_PERCENT] = "percent",
                [UNIT_TRANSFERS] = "MT/s", [UNIT_CELSIUS] = "celsius", [UNIT_HERTZ] = "hertz",
        };

        return names[unit];
}

const char *value_kind_name(enum value_kind kind)
{
        static const char *const names[] = {
                [VALUE_FLAG] = "true or false",   [VALUE_NUMBER] = "a whole number", [VALUE_REAL] = "a number",
                [VALUE_TEXT] = "a text",          [VALUE_VERSION] = "a version",     [VALUE_CPUS] = "a CPU list",
                [VALUE_MASK] = "a CPU list",      [VALUE_WORDS] = "words",           [VALUE_FIELDS] = "whole numbers",
                [VALUE_CHOICE] = "a single word",
        };

        return names[kind];
}

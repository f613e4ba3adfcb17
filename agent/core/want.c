/* Does what is there satisfy what is wanted, and if not, what should be written? */

#include "agent/core/pattern.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/value.h"
#include "agent/core/version.h"

#include <errno.h>
#include <string.h>

static bool order_holds(enum op op, int order)
{
        switch (op) {
        case OP_EQ:
        case OP_IN:
                return order == 0;
        case OP_NE:
                return order != 0;
        case OP_LT:
                return order < 0;
        case OP_LE:
                return order <= 0;
        case OP_GT:
                return order > 0;
        case OP_GE:
                return order >= 0;
        case OP_MATCH:
        case OP_HAS:
                break;
        }
        return false;
}

/* The i-th field alone, as a value of its own. */
static struct value field_of(const struct value *fields, size_t i)
{
        struct value one = { .kind = VALUE_FIELDS, .unit = fields->unit };

        one.fields.count = 1;
        one.fields.at[0] = fields->fields.at[i];
        return one;
}

static bool fields_hold(enum op op, const struct value *have, const struct value *wanted)
{
        if (op == OP_NE)
                return !value_equals(have, wanted);
        if (have->fields.count != wanted->fields.count)
                return false;
        for (size_t i = 0; i < have->fields.count; i++) {
                struct value a = field_of(have, i), b = field_of(wanted, i);
                int order;

                if (value_compare(&a, &b, &order) < 0 || !order_holds(op, order))
                        return false;
        }
        return true;
}

/* One value against one wanted, by any operator but a match. */
static bool one_holds(enum op op, const struct value *have, const struct value *wanted)
{
        int order;

        switch (wanted->kind) {
        case VALUE_VERSION:
                return order_holds(op, version_compare_series(have->text, wanted->text));
        case VALUE_FIELDS:
                return fields_hold(op, have, wanted);
        case VALUE_NUMBER:
        case VALUE_REAL:
                return value_compare(have, wanted, &order) == 0 && order_holds(op, order);
        case VALUE_FLAG:
        case VALUE_TEXT:
        case VALUE_CPUS:
        case VALUE_MASK:
        case VALUE_WORDS:
        case VALUE_CHOICE:
                break;
        }
        return order_holds(op, value_equals(have, wanted) ? 0 : 1) && (op == OP_EQ || op == OP_NE || op == OP_IN);
}

static bool word_among(const char *words, struct slice word)
{
        struct slice one;

        while (text_word(&words, " ", &one)) {
                if (one.size == word.size && memcmp(one.at, word.at, word.size) == 0)
                        return true;
        }
        return false;
}

/* Is the word among those of any wanted value? */
static bool word_listed(const struct want *want, struct slice word)
{
        for (size_t i = 0; i < want->count; i++) {
                if (word_among(want->values[i].text, word))
                        return true;
        }
        return false;
}

/* For a set: every word of it is listed. The empty set holds nothing, which is no sign that all is well. */
static bool words_listed(const struct want *want, const char *words)
{
        struct slice word;
        bool any = false;

        while (text_word(&words, " ", &word)) {
                if (!word_listed(want, word))
                        return false;
                any = true;
        }
        return any;
}

/* Every wanted word is there, whatever else is. */
static bool words_there(const char *wanted, const char *words)
{
        struct slice word;

        while (text_word(&wanted, " ", &word)) {
                if (!word_among(words, word))
                        return false;
        }
        return true;
}

static bool same_kind(const struct value *a, const struct value *b)
{
        bool a_set = a->kind == VALUE_CPUS || a->kind == VALUE_MASK, b_set = b->kind == VALUE_CPUS || b->kind == VALUE_MASK;

        return a->kind == b->kind || (a_set && b_set);
}

bool want_holds(const struct want *want, const struct value *have)
{
        if (!have)
                return false;
        if (want->op == OP_MATCH)
                return pattern_matches(want->pattern, have);
        for (size_t i = 0; i < want->count; i++) {
                /* Not even "!=" holds between things of different kinds: there the question itself is wrong. */
                if (!same_kind(&want->values[i], have))
                        return false;
        }
        if (want->op == OP_IN && have->kind == VALUE_WORDS)
                return words_listed(want, have->text);
        if (want->op == OP_HAS)
                return have->kind == VALUE_WORDS && words_there(want->values[0].text, have->text);
        for (size_t i = 0; i < want->count; i++) {
                if (one_holds(want->op, have, &want->values[i]))
                        return true;
        }
        return false;
}

static struct value value_copy(struct pool *pool, const struct value *value)
{
        struct value copy = *value;

        switch (value->kind) {
        case VALUE_TEXT:
        case VALUE_VERSION:
        case VALUE_WORDS:
        case VALUE_CHOICE:
                copy.text = pool_dup(pool, value->text);
                break;
        case VALUE_CPUS:
        case VALUE_MASK:
                copy.cpus = pool_copy(pool, value->cpus, sizeof(*value->cpus));
                break;
        case VALUE_FLAG:
        case VALUE_NUMBER:
        case VALUE_REAL:
        case VALUE_FIELDS:
                break;
        }
        return copy;
}

int want_target(struct pool *pool, const struct want *want, const struct value *have, struct value *target)
{
        const struct value *wanted;

        if (want->op != OP_EQ && want->op != OP_IN && want->op != OP_GE && want->op != OP_LE)
                return -EDOM;
        if (want->count == 0)
                return -EDOM;
        wanted = &want->values[0];
        if (want_holds(want, have)) {
                *target = value_copy(pool, have);
                target->kind = wanted->kind;
                return 0;
        }

        *target = value_copy(pool, wanted);
        if (!have || wanted->kind != VALUE_FIELDS || have->kind != VALUE_FIELDS || want->op == OP_EQ || want->op == OP_IN)
                return 0;
        /* A field that is already better than asked for stays as it is. */
        for (size_t i = 0; i < wanted->fields.count && have->fields.count == wanted->fields.count; i++) {
                struct value a = field_of(have, i), b = field_of(wanted, i);

                if (fields_hold(want->op, &a, &b))
                        target->fields.at[i] = have->fields.at[i];
        }
        return 0;
}

/* One setting of a profile: is its value one that its field and its knob accept? */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

/* Stand-ins for CPU lists that no host is known for yet: they show whether the field can take a list at all. */
#define SAMPLE_HOUSEKEEPING "0-1"
#define SAMPLE_ISOLATED     "2-3"

static int check_choice(struct reading *reading, const struct node *at, const struct field *field, struct slice word)
{
        const char *cursor = field->choices;
        const char **choices = NULL;
        struct node wrong = *at;
        struct slice choice;
        size_t count = 0;

        word = slice_trim(word);
        while (text_word(&cursor, "|", &choice)) {
                choices = pool_grow(reading->pool, choices, count, sizeof(*choices));
                choices[count] = slice_dup(reading->pool, choice);
                if (slice_equals(word, choices[count++]))
                        return 0;
        }
        choices = pool_grow(reading->pool, choices, count, sizeof(*choices));
        choices[count] = NULL;
        wrong.text = slice_dup(reading->pool, word);
        return reading_unknown(reading, &wrong, "value", choices);
}

static int check_choices(struct reading *reading, const struct node *at, const struct field *field, const char *text)
{
        const char *separators = field->flags & FIELD_ALTERNATIVES ? "|" : "";
        size_t count = 0;
        struct slice word;
        int r;

        if (!field->choices || field->flags & FIELD_LIST)
                return 0;
        for (; text_word(&text, separators, &word); count++) {
                r = check_choice(reading, at, field, word);
                if (r < 0)
                        return r;
        }
        return count > 0 ? 0 : check_choice(reading, at, field, slice_of(""));
}

static int check_operator(struct reading *reading, const struct node *at, const struct field *field, const struct want *want)
{
        static const char *const also[] = { "one value", "one value, \">= N\" or \"<= N\"", "one value or \"a|b\"",
                                            "one value, \">= N\", \"<= N\" or \"a|b\"" };
        bool one_sided = field->flags & FIELD_ONE_SIDED, alternatives = field->flags & FIELD_ALTERNATIVES;

        if (want->op == OP_EQ)
                return 0;
        if (one_sided && (want->op == OP_GE || want->op == OP_LE))
                return 0;
        if (alternatives && want->op == OP_IN)
                return 0;
        return reading_problem(reading, at, "found %s, expected %s: what is set must be told exactly",
                               reading_found(reading, at), also[one_sided + 2 * alternatives]);
}

/* With an operator it is meant to be of the field's kind: ">= many" is no text. */
static bool has_operator(const char *text)
{
        struct slice word = slice_trim(slice_of(text));

        return word.size > 0 && strchr("!<>=~", word.at[0]);
}

int profile_want(struct pool *pool, const struct field *field, const char *text, struct want *want, const char **problem)
{
        unsigned flags = field->flags & FIELD_ALTERNATIVES ? WANT_ALTERNATIVES : WANT_PLAIN;
        int r;

        r = want_parse(pool, text, field->kind, field->unit, flags, want, problem);
        if (r < 0 && r != -ERANGE && field->flags & FIELD_TEXT_TOO && !has_operator(text))
                return want_parse(pool, text, VALUE_TEXT, UNIT_NONE, flags, want, problem);
        return r;
}

int profile_check_setting(struct sections *sections, const struct node *at, const struct knob *knob, struct setting *setting)
{
        const struct field *field = setting->field;
        struct reading *reading = sections->reading;
        struct setting sample = *setting;
        const char *problem;
        bool variable = profile_has_variable(setting->text);
        int r;

        if (variable) {
                r = profile_check_variables(sections, at);
                if (r < 0)
                        return r;
                sample.text = profile_replace_variables(reading->pool, setting->text, SAMPLE_HOUSEKEEPING, SAMPLE_ISOLATED);
        }
        r = check_choices(reading, at, field, sample.text);
        if (r < 0)
                return r;
        r = profile_want(reading->pool, field, sample.text, &sample.want, &problem);
        if (r < 0)
                return reading_problem(reading, at, "found %s, expected %s for %s: %s", reading_found(reading, at),
                                       value_kind_name(field->kind), setting->id, problem);
        r = check_operator(reading, at, field, &sample.want);
        if (r < 0)
                return r;
        if (knob->lint && knob->lint(&sample, reading->pool, &problem) < 0)
                return reading_problem(reading, at, "found %s for %s, expected another: %s", reading_found(reading, at),
                                       setting->id, problem);
        if (!variable)
                setting->want = sample.want;
        return 0;
}

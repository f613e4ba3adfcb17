/* The section `require`: what a host must have and be, in three tiers. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define IMPORTANT_PASS 90.0 /* percent, unless the profile says otherwise */

static void add_requirement(struct profile *profile, const struct requirement *requirement)
{
        profile->requirements =
                pool_grow(profile->pool, profile->requirements, profile->requirement_count, sizeof *requirement);
        profile->requirements[profile->requirement_count++] = *requirement;
}

/* Takes "any nvme.*.size" apart. What it stands for, or NULL with the problem. */
static const struct fact_info *read_id(struct sections *sections, const struct node *key, struct requirement *requirement)
{
        static const char *const words[] = { "", "any", "every" };
        const struct fact_info *info = NULL;
        const char *rest = key->text;
        struct slice word;

        requirement->id = requirement->pattern = key->text;
        requirement->quantifier = QUANTIFIER_ONE;
        for (unsigned i = QUANTIFIER_ANY; i <= QUANTIFIER_EVERY; i++) {
                if (!text_starts(key->text, words[i]) || key->text[strlen(words[i])] != ' ')
                        continue;
                requirement->quantifier = (enum quantifier)i;
                rest += strlen(words[i]);
                requirement->pattern = text_trim(sections->reading->pool, rest);
        }
        rest = requirement->pattern;
        if (!text_word(&rest, " ", &word) || text_word(&rest, " ", &word)) {
                reading_problem(sections->reading, key, "found %s, expected a fact, \"any PATTERN\" or \"every PATTERN\"",
                                reading_quote(sections->reading, key->text));
                return NULL;
        }
        if (requirement->quantifier == QUANTIFIER_ONE && strchr(requirement->pattern, '*')) {
                reading_problem(sections->reading, key, "found the pattern %s alone, expected \"any %s\" or \"every %s\"",
                                reading_quote(sections->reading, key->text), key->text, key->text);
                return NULL;
        }
        return profile_fact(sections, key, requirement->pattern, &info) < 0 ? NULL : info;
}

static int read_requirement(struct sections *sections, const struct pair *pair, enum tier tier)
{
        static const char *const keys[] = { "is", "why", NULL };
        struct profile *profile = sections->profile;
        struct requirement requirement = { .tier = tier };
        struct reading *reading = sections->reading;
        struct long_form form;
        const char *problem;
        int r;

        requirement.info = read_id(sections, pair->key, &requirement);
        if (!requirement.info)
                return -EINVAL;
        r = profile_long_form(reading, pair->value, keys, &form);
        if (r < 0)
                return r;
        r = node_is_line(reading, form.is, "what the fact must be, such as \">= 4\"");
        if (r < 0)
                return r;
        r = want_parse(profile->pool, form.is->text, requirement.info->kind, requirement.info->unit, WANT_UNIT,
                       &requirement.want, &problem);
        if (r < 0)
                return reading_problem(reading, form.is, "found %s, expected %s for %s: %s", reading_found(reading, form.is),
                                       value_kind_name(requirement.info->kind), requirement.info->name, problem);
        requirement.why = form.why;
        requirement.from = node_from(profile->pool, pair->key);
        add_requirement(profile, &requirement);
        return 0;
}

static int read_tier(struct sections *sections, const struct node *node, enum tier tier)
{
        int r;

        r = node_is_map(sections->reading, node, "facts, and what each must be");
        for (size_t i = 0; r == 0 && i < node->count; i++)
                r = read_requirement(sections, &node->pairs[i], tier);
        return r;
}

static int read_important_pass(struct sections *sections, const struct node *node)
{
        struct pool *pool = sections->profile->pool;
        struct value value;
        int r;

        r = node_is_line(sections->reading, node, "a share such as \"90 %\"");
        if (r < 0)
                return r;
        r = value_parse(pool, node->text, VALUE_REAL, UNIT_PERCENT, &value);
        /* "0.9" is 90 % to one and less than a hundredth to another. */
        if (r < 0 || !(value.real >= 0 && value.real <= 100) || (value.real > 0 && value.real <= 1 && !strchr(node->text, '%')))
                return reading_problem(sections->reading, node,
                                       "found %s, expected a share from 0 %% to 100 %%, such as \"90 %%\"",
                                       reading_found(sections->reading, node));
        sections->profile->important_pass = value.real;
        return 0;
}

int profile_require(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "critical", "important", "info", "important_pass", NULL };
        const struct pair *pair;
        int r;

        sections->profile->important_pass = IMPORTANT_PASS;
        if (!node)
                return 0;
        r = node_is_map(sections->reading, node, "critical, important, info and important_pass");
        if (r < 0)
                return r;
        r = node_has_keys(sections->reading, node, keys);
        if (r < 0)
                return r;
        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++) {
                pair = node_find(node, tier_name((enum tier)tier));
                r = pair ? read_tier(sections, pair->value, (enum tier)tier) : 0;
                if (r < 0)
                        return r;
        }
        pair = node_find(node, "important_pass");
        return pair ? read_important_pass(sections, pair->value) : 0;
}

int profile_require_fact(struct sections *sections, const struct node *at, const char *fact, const char *want, enum tier tier,
                         const char *why)
{
        struct profile *profile = sections->profile;
        struct requirement requirement = { .id = fact, .pattern = fact, .tier = tier, .why = why, .of_health = true };
        const char *problem;
        int r;

        for (size_t i = 0; i < profile->requirement_count; i++)
                if (text_equals(profile->requirements[i].id, fact))
                        return 0;
        r = profile_fact(sections, at, fact, &requirement.info);
        if (r < 0)
                return r;
        r = want_parse(profile->pool, want, requirement.info->kind, requirement.info->unit, WANT_UNIT, &requirement.want,
                       &problem);
        if (r < 0)
                return reading_problem(sections->reading, at, "found %s: %s", fact, problem);
        requirement.from = node_from(profile->pool, at);
        add_requirement(profile, &requirement);
        return 0;
}

bool profile_is_of_health(const struct profile *profile, const char *id)
{
        for (size_t i = 0; i < profile->requirement_count; i++)
                if (text_equals(profile->requirements[i].id, id))
                        return profile->requirements[i].of_health;
        return false;
}

const char *const *profile_asked(const struct profile *profile, struct pool *pool)
{
        const char **asked = pool_zero(pool, (profile->requirement_count + 1) * sizeof *asked);

        for (size_t i = 0; i < profile->requirement_count; i++)
                asked[i] = profile->requirements[i].pattern;
        return asked;
}

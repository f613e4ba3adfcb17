/* A value in its long form: { is: VALUE, tier: info, absent: ok, why: "..." }. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/text.h"

int profile_tier(struct reading *reading, const struct pair *pair, enum tier *tier)
{
        static const char *const names[] = { "critical", "important", "info", NULL };
        const struct node *node = pair ? pair->value : NULL;
        int r;

        *tier = TIER_CRITICAL;
        if (!node)
                return 0;
        r = node_is_line(reading, node, "critical, important or info");
        if (r < 0)
                return r;
        for (size_t i = 0; names[i]; i++) {
                if (text_equals(node->text, names[i])) {
                        *tier = (enum tier)i;
                        return 0;
                }
        }
        return reading_unknown(reading, node, "tier", names);
}

int profile_long_form(struct reading *reading, const struct node *node, const char *const *keys, struct long_form *form)
{
        struct long_form result = { .is = node, .tier = TIER_CRITICAL };
        const struct pair *pair;
        int r;

        if (node->kind != NODE_MAP) {
                *form = result;
                return 0;
        }
        r = node_has_keys(reading, node, keys);
        if (r < 0)
                return r;
        pair = node_find(node, "is");
        if (!pair)
                return reading_problem(reading, node,
                                       "found a map without \"is\", expected { is: VALUE, ... } or the value alone");
        result.is = pair->value;
        r = profile_tier(reading, node_find(node, "tier"), &result.tier);
        if (r < 0)
                return r;
        pair = node_find(node, "absent");
        if (pair && !text_equals(pair->value->text, "ok"))
                return reading_problem(reading, pair->value, "found %s, expected \"absent: ok\", or no \"absent\" at all",
                                       reading_found(reading, pair->value));
        result.absent_ok = pair != NULL;
        pair = node_find(node, "why");
        if (pair) {
                r = node_sentence(reading, pair->value, "a sentence that says why", &result.why);
                if (r < 0)
                        return r;
        }
        *form = result;
        return 0;
}

/* The section `audit`. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

static int read_touching(struct sections *sections, const struct node *node)
{
        struct profile *profile = sections->profile;
        int r;

        r = node_is_list(sections->reading, node, "the patterns of facts that may be read though reading disturbs");
        for (size_t i = 0; r == 0 && i < node->count; i++) {
                const struct node *item = node->items[i];

                r = node_is_line(sections->reading, item, "a pattern of facts");
                if (r == 0)
                        r = profile_pattern(sections, item);
                if (r < 0)
                        return r;
                profile->touching =
                        pool_grow(profile->pool, profile->touching, profile->touching_count, sizeof(*profile->touching));
                profile->touching[profile->touching_count++] = item->text;
        }
        return r;
}

/* "2 of 3" */
static int read_hysteresis(struct sections *sections, const struct node *node)
{
        struct slice words[4] = { { 0 } };
        uint64_t count = 0, looks = 0;
        const char *rest;
        size_t found = 0;
        int r;

        r = node_is_line(sections->reading, node, "how often an item must differ, such as \"2 of 3\"");
        if (r < 0)
                return r;
        rest = node->text;
        while (found < 4 && text_word(&rest, " ", &words[found]))
                found++;
        if (found != 3 || !slice_equals(words[1], "of") ||
            text_u64(slice_dup(sections->profile->pool, words[0]), 10, &count) < 0 ||
            text_u64(slice_dup(sections->profile->pool, words[2]), 10, &looks) < 0 || count < 1 || looks < count ||
            looks > DRIFT_LOOKS_MAX)
                return reading_problem(
                        sections->reading, node,
                        "found %s, expected how often of how many looks an item must differ, such as \"2 of 3\", "
                        "at most of %d",
                        reading_found(sections->reading, node), DRIFT_LOOKS_MAX);
        sections->profile->drift_count = (unsigned)count;
        sections->profile->drift_looks = (unsigned)looks;
        return 0;
}

int profile_audit(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "touching", "hysteresis", NULL };
        const struct pair *touching, *hysteresis;
        int r;

        if (!node)
                return 0;
        r = node_is_map(sections->reading, node, "touching and hysteresis");
        if (r == 0)
                r = node_has_keys(sections->reading, node, keys);
        if (r < 0)
                return r;
        touching = node_find(node, "touching");
        hysteresis = node_find(node, "hysteresis");
        if (touching)
                r = read_touching(sections, touching->value);
        if (r == 0 && hysteresis)
                r = read_hysteresis(sections, hysteresis->value);
        return r;
}

/* The section `audit`. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"

int profile_audit(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "touching", NULL };
        struct profile *profile = sections->profile;
        const struct pair *pair;
        int r;

        if (!node)
                return 0;
        r = node_is_map(sections->reading, node, "touching");
        if (r == 0)
                r = node_has_keys(sections->reading, node, keys);
        pair = r == 0 ? node_find(node, "touching") : NULL;
        if (!pair)
                return r;
        r = node_is_list(sections->reading, pair->value, "the patterns of facts that may be read though reading disturbs");
        if (r < 0)
                return r;
        for (size_t i = 0; i < pair->value->count; i++) {
                const struct node *item = pair->value->items[i];

                r = node_is_line(sections->reading, item, "a pattern of facts");
                if (r == 0)
                        r = profile_pattern(sections, item);
                if (r < 0)
                        return r;
                profile->touching =
                        pool_grow(profile->pool, profile->touching, profile->touching_count, sizeof(*profile->touching));
                profile->touching[profile->touching_count++] = item->text;
        }
        return 0;
}

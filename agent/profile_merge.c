/* One profile over another, key by key. */

#include "agent/profile_node.h"

#include "agent/core/pool.h"

#include <string.h>

/* A setting in its long form is one value, whatever its parts: half of an inherited one must not shine through. */
static bool is_long_form(const struct node *map)
{
        return node_find(map, "is") != NULL;
}

static void join(struct pool *pool, struct node *below, const struct node *above)
{
        for (size_t i = 0; i < above->count; i++) {
                below->items = pool_grow(pool, below->items, below->count, sizeof(struct node *));
                below->items[below->count++] = above->items[i];
        }
}

static struct node *merge(struct pool *pool, struct node *below, struct node *above)
{
        if (below->kind != NODE_MAP || above->kind != NODE_MAP || is_long_form(below) || is_long_form(above))
                return above;
        for (size_t i = 0; i < above->count; i++) {
                const struct pair *pair = &above->pairs[i];
                struct pair *same = node_find(below, pair->key->text);

                if (same) {
                        same->key = pair->key;
                        same->value = merge(pool, same->value, pair->value);
                        continue;
                }
                below->pairs = pool_grow(pool, below->pairs, below->count, sizeof(*pair));
                below->pairs[below->count++] = *pair;
        }
        return below;
}

struct node *profile_merge(struct pool *pool, struct node *below, struct node *above)
{
        struct pair *old = below ? node_find(below, "waivers") : NULL;
        const struct pair *more = node_find(above, "waivers");

        if (!below)
                return above;
        if (old && more && old->value->kind == NODE_LIST && more->value->kind == NODE_LIST) {
                join(pool, old->value, more->value);
                node_remove(above, "waivers");
        }
        return merge(pool, below, above);
}

void profile_prune(struct node *node)
{
        size_t kept = 0;

        if (node->kind == NODE_LIST) {
                for (size_t i = 0; i < node->count; i++)
                        profile_prune(node->items[i]);
                return;
        }
        if (node->kind != NODE_MAP)
                return;
        for (size_t i = 0; i < node->count; i++) {
                if (node->pairs[i].value->drop)
                        continue;
                profile_prune(node->pairs[i].value);
                node->pairs[kept++] = node->pairs[i];
        }
        node->count = kept;
}

/* The hash by which two profiles are the same: over the resolved tree itself, of which no two are written alike. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <string.h>

static int compare_pairs(const void *a, const void *b)
{
        const struct pair *const *x = a, *const *y = b;

        return strcmp((*x)->key->text, (*y)->key->text);
}

static void add_text(struct text_buffer *content, const char *text)
{
        text_addf(content, "s%zu:%s", strlen(text), text);
}

static void add_node(struct pool *pool, struct text_buffer *content, const struct node *node);

/* In an order of its own, so that moving a line changes nothing. */
static void add_map(struct pool *pool, struct text_buffer *content, const struct node *map)
{
        const struct pair **sorted = pool_zero(pool, (map->count + 1) * sizeof(struct pair *));

        for (size_t i = 0; i < map->count; i++)
                sorted[i] = &map->pairs[i];
        if (map->count > 0)
                qsort(sorted, map->count, sizeof(struct pair *), compare_pairs);
        text_addf(content, "m%zu:", map->count);
        for (size_t i = 0; i < map->count; i++) {
                add_text(content, sorted[i]->key->text);
                add_node(pool, content, sorted[i]->value);
        }
}

/* Each with its kind and its length in front, so that nothing can look like the end of something, or like two. */
static void add_node(struct pool *pool, struct text_buffer *content, const struct node *node)
{
        switch (node->kind) {
        case NODE_SCALAR:
                if (node->nothing)
                        text_add(content, "n");
                else
                        add_text(content, node->text);
                return;
        case NODE_LIST:
                text_addf(content, "l%zu:", node->count);
                for (size_t i = 0; i < node->count; i++)
                        add_node(pool, content, node->items[i]);
                return;
        case NODE_MAP:
                add_map(pool, content, node);
                return;
        }
}

void profile_hash(struct sections *sections, const struct node *root)
{
        autobuffer struct text_buffer content = { 0 };

        add_node(sections->profile->pool, &content, root);
        sha256_hex(content.at, content.size, sections->profile->sha256);
}

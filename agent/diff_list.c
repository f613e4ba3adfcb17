/* The list of what is known of one side of a comparison. */

#include "agent/diff.h"

#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>

struct items *items_new(void)
{
        struct pool *pool = pool_new();
        struct items *items = pool_zero(pool, sizeof *items);

        items->pool = pool;
        return items;
}

void items_release(struct items **items)
{
        if (*items)
                pool_free((*items)->pool);
}

struct item *items_add(struct items *items, const char *layer, const char *name, enum item_status status, const char *text)
{
        struct item *item;

        items->rows = pool_grow(items->pool, items->rows, items->count, sizeof *items->rows);
        item = &items->rows[items->count++];
        *item = (struct item){ .layer = layer, .name = name, .status = status, .text = text };
        return item;
}

static int in_order(const char *left_layer, const char *left_name, const char *right_layer, const char *right_name)
{
        int order = strcmp(left_layer, right_layer);

        if (!order)
                order = text_compare_natural(left_name, right_name);
        return order ? order : strcmp(left_name, right_name);
}

static int compare(const void *a, const void *b)
{
        const struct item *left = a, *right = b;

        return in_order(left->layer, left->name, right->layer, right->name);
}

void items_sort(struct items *items)
{
        if (items->count > 1)
                qsort(items->rows, items->count, sizeof *items->rows, compare);
}

const struct item *items_find(const struct items *items, const char *layer, const char *name)
{
        const struct item wanted = { .layer = layer, .name = name };

        return items->count ? bsearch(&wanted, items->rows, items->count, sizeof *items->rows, compare) : NULL;
}

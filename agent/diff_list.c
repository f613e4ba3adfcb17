/* The list of what is known of one side of a comparison. */

#include "agent/diff.h"

#include "agent/core/pool.h"

#include <ctype.h>
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

static void sort(struct items *items)
{
        if (items->count > 1)
                qsort(items->rows, items->count, sizeof *items->rows, compare);
}

/* --- cards that go by their hardware address ------------------------------------------------------------------------------- */

#define CARD      "enx" /* systemd.net-naming-scheme(7) */
#define CARD_SIZE (strlen(CARD) + 12)

/* The first "enx02beefc0ffee" in the text, from here on. NULL: none. */
static const char *find_card(const char *text, const char *from)
{
        while ((from = strstr(from, CARD))) {
                bool begins = from == text || !isalnum((unsigned char)from[-1]);

                if (begins && strspn(from + strlen(CARD), "0123456789abcdef") == CARD_SIZE - strlen(CARD) &&
                    !isalnum((unsigned char)from[CARD_SIZE]))
                        return from;
                from++;
        }
        return NULL;
}

struct cards {
        size_t count;
        const char **names;
};

static size_t number_of(const struct cards *cards, const char *name)
{
        size_t number = 0;

        while (number < cards->count && strncmp(cards->names[number], name, CARD_SIZE) != 0)
                number++;
        return number;
}

static void collect(struct pool *pool, struct cards *cards, const char *text)
{
        for (const char *card = text; card && (card = find_card(text, card)); card += CARD_SIZE) {
                if (number_of(cards, card) < cards->count)
                        continue;
                cards->names = pool_grow(pool, cards->names, cards->count, sizeof *cards->names);
                cards->names[cards->count++] = card;
        }
}

/* "nic.enx#1.speed" of "nic.enx02beefc0ffee.speed" */
static const char *by_number(struct pool *pool, const struct cards *cards, const char *text)
{
        autobuffer struct text_buffer made = { 0 };
        const char *at = text, *card;

        if (!text || !find_card(text, text))
                return text;
        while ((card = find_card(text, at))) {
                text_addf(&made, "%.*s" CARD "#%zu", (int)(card - at), at, number_of(cards, card) + 1);
                at = card + CARD_SIZE;
        }
        text_add(&made, at);
        return pool_dup(pool, made.at);
}

static const struct value *value_by_number(struct pool *pool, const struct cards *cards, const struct value *value)
{
        struct value *made;

        if (!value || (value->kind != VALUE_TEXT && value->kind != VALUE_WORDS) || !find_card(value->text, value->text))
                return value;
        made = pool_zero(pool, sizeof *made);
        *made = value->kind == VALUE_TEXT ? value_text(pool, by_number(pool, cards, value->text))
                                          : value_words(pool, by_number(pool, cards, value->text));
        return made;
}

/* No two hosts have such a name in common, and what it says is not to be shown: each is called by its number. */
static void number_cards(struct items *items)
{
        struct cards cards = { 0 };

        for (size_t i = 0; i < items->count; i++)
                collect(items->pool, &cards, items->rows[i].name);
        for (size_t i = 0; i < items->count; i++)
                collect(items->pool, &cards, items->rows[i].text);
        for (size_t i = 0; cards.count && i < items->count; i++) {
                struct item *item = &items->rows[i];

                item->name = by_number(items->pool, &cards, item->name);
                item->text = by_number(items->pool, &cards, item->text);
                item->key = by_number(items->pool, &cards, item->key);
                item->value = value_by_number(items->pool, &cards, item->value);
        }
        if (cards.count)
                sort(items);
}

void items_sort(struct items *items)
{
        sort(items);
        number_cards(items);
}

const struct item *items_find(const struct items *items, const char *layer, const char *name)
{
        const struct item wanted = { .layer = layer, .name = name };

        return items->count ? bsearch(&wanted, items->rows, items->count, sizeof *items->rows, compare) : NULL;
}

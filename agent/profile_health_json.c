/* The members of an endpoint's JSON: what each must be, or how it must compare with a number, a text or another member. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define COMPARISON "a comparison such as \"> 0\" or \"= ${total}\""

#define SHOWN_MAX 64

/* The names on the way to a member. */
struct way {
        const char *const *names;
        size_t depth;
};

static void add_field(struct pool *pool, struct endpoint *endpoint, struct endpoint_field field)
{
        struct endpoint_field *fields =
                pool_grow(pool, (void *)(uintptr_t)endpoint->fields, endpoint->field_count, sizeof *fields);

        fields[endpoint->field_count++] = field;
        endpoint->fields = fields;
}

static bool is_order(enum op op)
{
        return op != OP_EQ && op != OP_NE;
}

/* "> 0": the sign, and *rest behind it. */
static bool read_sign(const char *text, enum op *op, const char **rest)
{
        static const struct {
                const char *sign;
                enum op op;
        } signs[] = { { "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE }, { "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT } };

        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
                if (!text_starts(text, signs[i].sign))
                        continue;
                *op = signs[i].op;
                *rest = text + strlen(signs[i].sign);
                *rest += strspn(*rest, " ");
                return **rest != '\0';
        }
        return false;
}

/* "${exchanges.total}": its names, from the answer's own members down. NULL: it is no member. */
static const char *const *read_member(struct pool *pool, const char *text)
{
        size_t size = strlen(text), count = 0;
        const char **names = pool_zero(pool, (size + 1) * sizeof *names);
        const char *name = text + 2;

        if (!text_starts(text, "${") || text[size - 1] != '}')
                return NULL;
        for (const char *at = name; at < text + size; at++) {
                if (*at != '.' && at != text + size - 1)
                        continue;
                if (at == name)
                        return NULL;
                names[count++] = slice_dup(pool, (struct slice){ name, (size_t)(at - name) });
                name = at + 1;
        }
        return names;
}

static int add_comparison(struct sections *sections, const struct node *node, struct way way, struct endpoint *endpoint)
{
        struct pool *pool = sections->profile->pool;
        struct endpoint_field field = { .path = way.names };
        int r;

        r = node_is_line(sections->reading, node, COMPARISON);
        if (r < 0)
                return r;
        if (!read_sign(node->text, &field.op, &field.want))
                return reading_problem(sections->reading, node, "found %s, expected " COMPARISON,
                                       reading_found(sections->reading, node));
        if (text_starts(field.want, "${")) {
                field.other = read_member(pool, field.want);
                if (!field.other)
                        return reading_problem(sections->reading, node,
                                               "found %s, expected the name of a member between \"${\" and \"}\", with a point "
                                               "between each name and the next",
                                               reading_found(sections->reading, node));
                field.want = NULL;
        } else if (is_order(field.op) && !endpoint_is_number(field.want)) {
                return reading_problem(sections->reading, node,
                                       "found %s, expected a number or a member such as \"${total}\" behind the sign",
                                       reading_found(sections->reading, node));
        }
        add_field(pool, endpoint, field);
        return 0;
}

/* Every comparison of the list must hold. */
static int add_comparisons(struct sections *sections, const struct node *list, struct way way, struct endpoint *endpoint)
{
        int r = 0;

        if (!list->count)
                return reading_problem(sections->reading, list, "found an empty list, expected " COMPARISON);
        for (size_t i = 0; r == 0 && i < list->count; i++)
                r = add_comparison(sections, list->items[i], way, endpoint);
        return r;
}

/* What looks like a comparison would be compared with the answer letter by letter, and never hold. */
static int add_value(struct sections *sections, const struct node *node, struct way way, struct endpoint *endpoint)
{
        struct pool *pool = sections->profile->pool;
        const char *rest;
        enum op op;
        int r;

        r = node_is_line(sections->reading, node, "the value that the member must have");
        if (r < 0)
                return r;
        if (text_starts(node->text, "${"))
                return reading_problem(sections->reading, node,
                                       "found %s, expected a list to compare with a member: [\"= %s\"]",
                                       reading_found(sections->reading, node), text_printable(pool, node->text, SHOWN_MAX));
        if (read_sign(node->text, &op, &rest))
                return reading_problem(sections->reading, node,
                                       "found %s, expected a list for a comparison: [\"%s\"], or for that very text: "
                                       "[\"= %s\"]",
                                       reading_found(sections->reading, node), text_printable(pool, node->text, SHOWN_MAX),
                                       text_printable(pool, node->text, SHOWN_MAX));
        add_field(pool, endpoint, (struct endpoint_field){ way.names, OP_EQ, node->text, NULL });
        return 0;
}

static int add_members(struct sections *sections, const struct node *map, struct way above, struct endpoint *endpoint)
{
        struct pool *pool = sections->profile->pool;
        int r = 0;

        if (!map->count)
                return reading_problem(sections->reading, map,
                                       "found an empty map, expected members that the answer must have");
        for (size_t i = 0; r == 0 && i < map->count; i++) {
                const char **names = pool_zero(pool, (above.depth + 2) * sizeof *names);
                const struct way way = { names, above.depth + 1 };
                const struct node *value = map->pairs[i].value;

                for (size_t j = 0; j < above.depth; j++)
                        names[j] = above.names[j];
                names[above.depth] = map->pairs[i].key->text;
                if (value->kind == NODE_MAP)
                        r = add_members(sections, value, way, endpoint);
                else if (value->kind == NODE_LIST)
                        r = add_comparisons(sections, value, way, endpoint);
                else
                        r = add_value(sections, value, way, endpoint);
        }
        return r;
}

int profile_endpoint_members(struct sections *sections, const struct node *node, struct endpoint *endpoint)
{
        int r = node_is_map(sections->reading, node, "members of the answer's JSON, and what each must be");

        return r < 0 ? r : add_members(sections, node, (struct way){ 0 }, endpoint);
}

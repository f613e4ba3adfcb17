/* Looking into the tree of a profile, and telling what is wrong with it. */

#include "agent/profile_node.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define PROBLEM_MAX 4096 /* bytes; more than any path, so that a hostile text cannot hide the sentence */
#define QUOTE_MAX   60
#define NAMED_MAX   16 /* candidates a reader can take in */

int reading_problem(struct reading *reading, const struct node *at, const char *format, ...)
{
        va_list args;
        char *text;

        va_start(args, format);
        text = pool_vformat(reading->pool, format, args);
        va_end(args);
        return reading_failure(reading, -EINVAL, "%s:%u:%u: %s", at->file, at->line, at->column, text);
}

int reading_failure(struct reading *reading, int error, const char *format, ...)
{
        va_list args;
        char *text;

        va_start(args, format);
        text = pool_vformat(reading->pool, format, args);
        va_end(args);
        reading->problem = text_printable(reading->problem_pool, text, PROBLEM_MAX);
        return error;
}

const char *reading_quote(struct reading *reading, const char *text)
{
        return pool_format(reading->pool, "\"%s\"", text_printable(reading->pool, text, QUOTE_MAX));
}

const char *reading_found(struct reading *reading, const struct node *node)
{
        if (node->kind == NODE_MAP)
                return "a map";
        if (node->kind == NODE_LIST)
                return "a list";
        if (node->drop)
                return "!drop";
        return node->nothing ? "nothing" : reading_quote(reading, node->text);
}

int reading_unknown(struct reading *reading, const struct node *at, const char *what, const char *const *candidates)
{
        const char *nearest = text_nearest(at->text, candidates), *quoted = reading_quote(reading, at->text);
        const char *hint = nearest ? pool_format(reading->pool, "; did you mean \"%s\"?", nearest) : "";
        autobuffer struct text_buffer names = { 0 };
        size_t count = 0;

        for (; candidates[count]; count++)
                text_addf(&names, "%s%s", count > 0 ? ", " : "", candidates[count]);
        if (count == 0)
                return reading_problem(reading, at, "found unknown %s %s, expected none", what, quoted);
        if (count > NAMED_MAX)
                return reading_problem(reading, at, "found unknown %s %s, expected one of the %zu known%s", what, quoted, count,
                                       hint);
        return reading_problem(reading, at, "found unknown %s %s, expected %s%s%s", what, quoted, count > 1 ? "one of " : "",
                               names.at, hint);
}

struct pair *node_find(const struct node *map, const char *key)
{
        for (size_t i = 0; i < map->count; i++) {
                if (strcmp(map->pairs[i].key->text, key) == 0)
                        return &map->pairs[i];
        }
        return NULL;
}

void node_remove(struct node *map, const char *key)
{
        struct pair *pair = node_find(map, key);

        if (!pair)
                return;
        map->count--;
        memmove(pair, pair + 1, (size_t)(map->pairs + map->count - pair) * sizeof(*pair));
}

int node_is_map(struct reading *reading, const struct node *node, const char *what)
{
        if (node->kind == NODE_MAP)
                return 0;
        return reading_problem(reading, node, "found %s, expected a map: %s", reading_found(reading, node), what);
}

int node_is_list(struct reading *reading, const struct node *node, const char *what)
{
        if (node->kind == NODE_LIST)
                return 0;
        return reading_problem(reading, node, "found %s, expected a list in [ ]: %s", reading_found(reading, node), what);
}

static int node_has_value(struct reading *reading, const struct node *node, const char *what)
{
        if (node->kind == NODE_SCALAR && !node->drop && !node->nothing)
                return 0;
        return reading_problem(reading, node, "found %s, expected %s", reading_found(reading, node), what);
}

static bool is_control(char c)
{
        return (unsigned char)c < 0x20 || c == 0x7f;
}

int node_is_line(struct reading *reading, const struct node *node, const char *what)
{
        int r;

        r = node_has_value(reading, node, what);
        if (r < 0)
                return r;
        for (const char *at = node->text; *at; at++) {
                if (is_control(*at))
                        return reading_problem(reading, node,
                                               "found the control character 0x%02x in %s, expected %s on one line",
                                               (unsigned)(unsigned char)*at, reading_found(reading, node), what);
        }
        return 0;
}

int node_has_keys(struct reading *reading, const struct node *map, const char *const *valid)
{
        for (size_t i = 0; i < map->count; i++) {
                const struct node *key = map->pairs[i].key;
                size_t known = 0;

                while (valid[known] && strcmp(valid[known], key->text) != 0)
                        known++;
                if (!valid[known])
                        return reading_unknown(reading, key, "key", valid);
        }
        return 0;
}

int node_sentence(struct reading *reading, const struct node *node, const char *what, const char **sentence)
{
        char *text;
        int r;

        r = node_has_value(reading, node, what);
        if (r < 0)
                return r;
        text = pool_dup(reading->pool, node->text);
        for (char *at = text; *at; at++) {
                if (is_control(*at))
                        *at = ' ';
        }
        text = text_trim(reading->pool, text);
        if (!*text)
                return reading_problem(reading, node, "found an empty text, expected %s", what);
        *sentence = text;
        return 0;
}

const char *node_from(struct pool *pool, const struct node *node)
{
        return pool_format(pool, "%s:%u", basename(node->file), node->line);
}

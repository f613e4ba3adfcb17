/* The resolved profile as lines, each with its origin. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <string.h>

static const char *below(struct pool *pool, const char *path, const char *key)
{
        return *path ? pool_format(pool, "%s.%s", path, key) : key;
}

static void add_line(struct profile *profile, const char *path, const char *value, const struct node *at)
{
        struct profile_line *line;

        profile->lines = pool_grow(profile->pool, profile->lines, profile->line_count, sizeof(*line));
        line = &profile->lines[profile->line_count++];
        *line = (struct profile_line){ .path = path, .value = value, .from = node_from(profile->pool, at) };
}

static bool is_plain_list(const struct node *node)
{
        if (node->kind != NODE_LIST)
                return false;
        for (size_t i = 0; i < node->count; i++) {
                if (node->items[i]->kind != NODE_SCALAR)
                        return false;
        }
        return true;
}

/* Line breaks and what a terminal would obey become blanks. */
static const char *one_line(struct pool *pool, const char *text)
{
        char *line = pool_dup(pool, text);

        for (char *at = line; *at; at++) {
                if ((unsigned char)*at < 0x20 || *at == 0x7f)
                        *at = ' ';
        }
        return text_trim(pool, line);
}

/* An item that would look like two, or like none, stands between quotes. */
static bool needs_quotes(const char *text)
{
        return !*text || strpbrk(text, ",[]{}\"");
}

static const char *show_list(struct pool *pool, const struct node *list)
{
        autobuffer struct text_buffer result = { 0 };

        text_add(&result, "[");
        for (size_t i = 0; i < list->count; i++) {
                const char *text = one_line(pool, list->items[i]->text);

                text_addf(&result, needs_quotes(text) ? "%s\"%s\"" : "%s%s", i > 0 ? ", " : "", text);
        }
        text_add(&result, "]");
        return pool_dup(pool, result.at);
}

/* at: where the path's last key is written. */
static void flatten(struct profile *profile, const char *path, const struct node *at, const struct node *node)
{
        if (node->kind == NODE_SCALAR) {
                add_line(profile, path, one_line(profile->pool, node->text), at);
        } else if (is_plain_list(node)) {
                add_line(profile, path, show_list(profile->pool, node), at);
        } else if (node->kind == NODE_LIST) {
                for (size_t i = 0; i < node->count; i++)
                        flatten(profile, pool_format(profile->pool, "%s[%zu]", path, i), node->items[i], node->items[i]);
        } else {
                for (size_t i = 0; i < node->count; i++)
                        flatten(profile, below(profile->pool, path, node->pairs[i].key->text), node->pairs[i].key,
                                node->pairs[i].value);
        }
}

static int compare_lines(const void *a, const void *b)
{
        const struct profile_line *const *x = a, *const *y = b;
        int order = strcmp((*x)->path, (*y)->path);

        return order != 0 ? order : strcmp((*x)->value, (*y)->value);
}

/* Two profiles can have the same lines: this hash is only good for knowing again what an older version wrote down. */
static void hash_lines(struct profile *profile)
{
        const struct profile_line **sorted =
                pool_zero(profile->pool, (profile->line_count + 1) * sizeof(struct profile_line *));
        autobuffer struct text_buffer content = { 0 };

        for (size_t i = 0; i < profile->line_count; i++)
                sorted[i] = &profile->lines[i];
        if (profile->line_count > 0)
                qsort(sorted, profile->line_count, sizeof(struct profile_line *), compare_lines);
        for (size_t i = 0; i < profile->line_count; i++) {
                text_add_bytes(&content, sorted[i]->path, strlen(sorted[i]->path) + 1);
                text_add_bytes(&content, sorted[i]->value, strlen(sorted[i]->value) + 1);
        }
        sha256_hex(content.at, content.size, profile->sha256_lines);
}

void profile_flatten(struct sections *sections, const struct node *root)
{
        static const char *const order[] = { "cpus", "require", "tune", "health", "audit", "waivers" };

        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
                const struct pair *pair = node_find(root, order[i]);

                if (pair)
                        flatten(sections->profile, order[i], pair->key, pair->value);
        }
        hash_lines(sections->profile);
}

/* From the bytes of a file to a tree of nodes: libyaml's events, with every limit a hostile file could lean on. */

#include "agent/profile_node.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_yaml.h"

#include <yaml.h>

#include <errno.h>
#include <string.h>

struct source {
        struct reading *reading;
        const char *file, *bytes;
        size_t size;
        yaml_parser_t parser;
};

static void free_event(yaml_event_t *event)
{
        yaml_event_delete(event);
}
#define autoevent __attribute__((cleanup(free_event)))

static void free_source(struct source *source)
{
        yaml_parser_delete(&source->parser);
}
#define autosource __attribute__((cleanup(free_source)))

static struct node place(const struct source *source, yaml_mark_t mark)
{
        return (struct node){ .file = source->file, .line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1 };
}

static int next_event(struct source *source, yaml_event_t *event)
{
        return yaml_parser_parse(&source->parser, event)
                       ? 0
                       : profile_yaml_problem(source->reading, source->file, source->bytes, source->size, &source->parser);
}

/* NULL, with the problem, when there are too many. */
static struct node *new_node(struct source *source, const yaml_event_t *event, enum node_kind kind)
{
        struct node at = place(source, event->start_mark), *node;

        if (source->reading->nodes_left == 0) {
                reading_problem(source->reading, &at, "found more than %d keys and values, expected fewer", NODE_COUNT_MAX);
                return NULL;
        }
        source->reading->nodes_left--;
        node = pool_copy(source->reading->pool, &at, sizeof(at));
        node->kind = kind;
        return node;
}

static int check_marks(struct source *source, const struct node *at, const yaml_char_t *anchor, const yaml_char_t *tag,
                       bool *drop)
{
        const char *hint = "no tag; quote text that begins with !";

        if (anchor)
                return reading_problem(source->reading, at,
                                       "found the anchor &%s, expected the value itself: profiles inherit by "
                                       "`extends`",
                                       text_printable(source->reading->pool, (const char *)anchor, NODE_KEY_MAX));
        if (drop)
                hint = "!drop or no tag; quote text that begins with !";
        if (!tag || (drop && strcmp((const char *)tag, "!drop") == 0)) {
                if (drop)
                        *drop = tag != NULL;
                return 0;
        }
        return reading_problem(source->reading, at, "found the tag %s, expected %s",
                               reading_quote(source->reading, (const char *)tag), hint);
}

static bool reads_as_nothing(const yaml_event_t *event)
{
        const char *text = (const char *)event->data.scalar.value;

        if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
                return false;
        return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

/* NULL, with the problem, for what is no text. */
static struct node *scalar(struct source *source, const yaml_event_t *event)
{
        const char *text = (const char *)event->data.scalar.value;
        size_t size = event->data.scalar.length;
        struct node *node = new_node(source, event, NODE_SCALAR);

        if (!node || check_marks(source, node, event->data.scalar.anchor, event->data.scalar.tag, &node->drop) < 0)
                return NULL;
        if (strlen(text) != size) {
                reading_problem(source->reading, node, "found a NUL character, expected text");
                return NULL;
        }
        if (node->drop && size > 0) {
                reading_problem(source->reading, node, "found %s behind !drop, expected nothing there",
                                reading_quote(source->reading, text));
                return NULL;
        }
        node->text = pool_copy(source->reading->pool, text, size);
        node->nothing = !node->drop && reads_as_nothing(event);
        return node;
}

static int check_key(struct source *source, const struct node *key, const struct node *map)
{
        const struct pair *same = node_find(map, key->text);

        if (key->drop)
                return reading_problem(source->reading, key, "found !drop as a key, expected it as a value");
        if (!*key->text)
                return reading_problem(source->reading, key, "found an empty key, expected a name");
        if (same)
                return reading_problem(source->reading, key,
                                       "found the key %s a second time, expected it once: it is on line %u",
                                       reading_quote(source->reading, key->text), same->key->line);
        return node_is_line(source->reading, key, "a key");
}

/* NULL, with the problem, for what cannot be a key of this map. */
static struct node *key(struct source *source, const yaml_event_t *event, const struct node *map)
{
        struct node at = place(source, event->start_mark), *node;

        if (event->type != YAML_SCALAR_EVENT) {
                reading_problem(source->reading, &at, "found a key that is not text, expected a name");
                return NULL;
        }
        if (event->data.scalar.length > NODE_KEY_MAX) {
                reading_problem(source->reading, &at, "found a key of %zu bytes, expected at most %d",
                                event->data.scalar.length, NODE_KEY_MAX);
                return NULL;
        }
        node = scalar(source, event);
        if (!node)
                return NULL;
        node->nothing = false; /* a key is a name, also "null" */
        return check_key(source, node, map) < 0 ? NULL : node;
}

static struct node *value(struct source *source, const yaml_event_t *event, unsigned depth);

static int map(struct source *source, unsigned depth, struct node *map)
{
        int r;

        for (;;) {
                autoevent yaml_event_t first = { 0 }, second = { 0 };
                struct pair pair;

                r = next_event(source, &first);
                if (r < 0)
                        return r;
                if (first.type == YAML_MAPPING_END_EVENT)
                        return 0;
                pair.key = key(source, &first, map);
                if (!pair.key)
                        return -EINVAL;
                r = next_event(source, &second);
                if (r < 0)
                        return r;
                pair.value = value(source, &second, depth);
                if (!pair.value)
                        return -EINVAL;
                map->pairs = pool_grow(source->reading->pool, map->pairs, map->count, sizeof(pair));
                map->pairs[map->count++] = pair;
        }
}

static int list(struct source *source, unsigned depth, struct node *list)
{
        int r;

        for (;;) {
                autoevent yaml_event_t event = { 0 };
                struct node *item;

                r = next_event(source, &event);
                if (r < 0)
                        return r;
                if (event.type == YAML_SEQUENCE_END_EVENT)
                        return 0;
                item = value(source, &event, depth);
                if (!item)
                        return -EINVAL;
                if (item->drop)
                        return reading_problem(source->reading, item,
                                               "found !drop in a list, expected it as the value of a key");
                list->items = pool_grow(source->reading->pool, list->items, list->count, sizeof(struct node *));
                list->items[list->count++] = item;
        }
}

/* NULL, with the problem, for what a profile cannot hold. */
static struct node *value(struct source *source, const yaml_event_t *event, unsigned depth)
{
        struct node at = place(source, event->start_mark), *node;
        bool is_map = event->type == YAML_MAPPING_START_EVENT;
        const yaml_char_t *anchor = is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
        const yaml_char_t *tag = is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag;

        if (event->type == YAML_SCALAR_EVENT)
                return scalar(source, event);
        if (event->type == YAML_ALIAS_EVENT) {
                reading_problem(source->reading, &at,
                                "found the alias *%s, expected the value itself: profiles inherit by `extends`",
                                text_printable(source->reading->pool, (const char *)event->data.alias.anchor, NODE_KEY_MAX));
                return NULL;
        }
        if (depth == NODE_DEPTH_MAX) {
                reading_problem(source->reading, &at,
                                "found maps and lists within each other more than %d deep, expected fewer", NODE_DEPTH_MAX);
                return NULL;
        }
        node = new_node(source, event, is_map ? NODE_MAP : NODE_LIST);
        if (!node || check_marks(source, &at, anchor, tag, NULL) < 0)
                return NULL;
        return (is_map ? map : list)(source, depth + 1, node) < 0 ? NULL : node;
}

static int document(struct source *source, struct node **root)
{
        static const char want[] = "a map that begins with \"plumbline: 1\"";
        int r;

        for (;;) {
                autoevent yaml_event_t event = { 0 };
                struct node at;

                r = next_event(source, &event);
                if (r < 0)
                        return r;
                at = place(source, event.start_mark);
                if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_END_EVENT)
                        continue;
                if (event.type == YAML_STREAM_END_EVENT && *root)
                        return node_is_map(source->reading, *root, want);
                if (event.type == YAML_STREAM_END_EVENT)
                        return reading_problem(source->reading, &at, "found nothing: the profile is empty, expected %s", want);
                if (event.type == YAML_DOCUMENT_START_EVENT && *root)
                        return reading_problem(source->reading, &at, "found a second document, expected one");
                if (event.type == YAML_DOCUMENT_START_EVENT)
                        continue;
                *root = value(source, &event, 0);
                if (!*root)
                        return -EINVAL;
        }
}

int profile_parse(struct reading *reading, const char *file, const char *bytes, size_t size, struct node **root)
{
        autosource struct source source = { .reading = reading, .file = file, .bytes = bytes, .size = size };
        const char *nul = size > 0 ? memchr(bytes, '\0', size) : NULL;
        struct node *tree = NULL;
        int r;

        if (nul) {
                struct node at = profile_yaml_place(file, bytes, (size_t)(nul - bytes));

                return reading_problem(reading, &at, "found a NUL byte, expected text");
        }
        if (!yaml_parser_initialize(&source.parser))
                return reading_failure(reading, -ENOMEM, "%s: libyaml has no memory", file);
        /* Said, not guessed: a byte order mark must not turn the file into UTF-16. */
        yaml_parser_set_encoding(&source.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&source.parser, (const unsigned char *)bytes, size);
        r = document(&source, &tree);
        if (r < 0)
                return r;
        *root = tree;
        return 0;
}

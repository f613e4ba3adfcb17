/* Reads tests/hosts/NAME.tree: a machine described line by line. */

#include "tests/support/tree.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
        struct tree *tree;
        struct pool *pool;
        const char *file;
        unsigned line;
        const char *rest; /* of the text, behind the present line */
};

static __attribute__((noreturn)) void mistake(const struct reader *reader, const char *what)
{
        fprintf(stderr, "%s:%u: %s\n", reader->file, reader->line, what);
        abort();
}

static const char *read_all(struct pool *pool, const char *file)
{
        struct text_buffer text = { 0 };
        char bytes[4096];
        FILE *stream = fopen(file, "re");
        const char *copy;

        if (!stream)
                tree_abort("open", file);
        text_add(&text, "");
        for (size_t size = fread(bytes, 1, sizeof(bytes), stream); size > 0; size = fread(bytes, 1, sizeof(bytes), stream))
                text_add_bytes(&text, bytes, size);
        fclose(stream);
        copy = pool_dup(pool, text.at);
        text_buffer_free(&text);
        return copy;
}

/* The nth text that a pattern with at most one "{0..7}" or "{a|b|c}" stands for; NULL when there is none. A text without braces
 * stands for itself, every time. */
static const char *expand(struct reader *reader, const char *text, unsigned nth)
{
        const char *open = strchr(text, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        const char *inner;
        unsigned long first, last;
        struct slice word;
        char *rest;

        if (!close)
                return text;
        inner = pool_format(reader->pool, "%.*s", (int)(close - open - 1), open + 1);
        first = strtoul(inner, &rest, 10);
        if (text_starts(rest, "..")) {
                last = strtoul(rest + 2, NULL, 10);
                if (first + nth > last)
                        return NULL;
                return pool_format(reader->pool, "%.*s%lu%s", (int)(open - text), text, first + nth, close + 1);
        }
        for (unsigned i = 0; i <= nth; i++) {
                if (!text_word(&inner, "|", &word))
                        return NULL;
        }
        return pool_format(reader->pool, "%.*s%.*s%s", (int)(open - text), text, (int)word.size, word.at, close + 1);
}

static void add_line(struct reader *reader, const char *path, const char *value)
{
        for (unsigned nth = 0;; nth++) {
                const char *one = expand(reader, path, nth);
                const char *text = one ? expand(reader, value, nth) : NULL;

                if (!one)
                        return;
                if (!text)
                        mistake(reader, "fewer values than paths");
                tree_file(reader->tree, one, "%s\n", text);
                if (!strchr(path, '{'))
                        return;
        }
}

static void add_links(struct reader *reader, const char *path, const char *target)
{
        for (unsigned nth = 0;; nth++) {
                const char *one = expand(reader, path, nth);

                if (!one)
                        return;
                tree_link(reader->tree, one, expand(reader, target, nth));
                if (!strchr(path, '{'))
                        return;
        }
}

/* The lines up to the one that is only the end word. */
static void add_block(struct reader *reader, const char *path, const char *end)
{
        struct text_buffer text = { 0 };
        struct slice line;

        text_add(&text, "");
        for (;;) {
                if (!text_line(&reader->rest, &line))
                        mistake(reader, "the end word of the block is missing");
                reader->line++;
                if (slice_equals(line, end))
                        break;
                text_add_bytes(&text, line.at, line.size);
                text_add(&text, "\n");
        }
        for (unsigned nth = 0;; nth++) {
                const char *one = expand(reader, path, nth);

                if (!one)
                        break;
                tree_bytes(reader->tree, one, text.at, text.size);
                if (!strchr(path, '{'))
                        break;
        }
        text_buffer_free(&text);
}

static void add_hex(struct reader *reader, const char *path, const char *digits)
{
        size_t size = strlen(digits) / 2;
        unsigned char *bytes = pool_zero(reader->pool, size + 1);

        for (size_t i = 0; i < size; i++) {
                char pair[] = { digits[2 * i], digits[2 * i + 1], '\0' };
                char *end;

                bytes[i] = (unsigned char)strtoul(pair, &end, 16);
                if (*end)
                        mistake(reader, "no hex digits");
        }
        tree_bytes(reader->tree, path, bytes, size);
}

static void add_repeated(struct reader *reader, const char *path, const char *what)
{
        char *text;
        size_t count, size;
        char *rest;

        count = strtoul(what, &rest, 10);
        if (*rest != ' ' || !rest[1])
                mistake(reader, "want: repeat PATH COUNT TEXT");
        size = strlen(rest + 1);
        text = pool_zero(reader->pool, count * size + 1);
        for (size_t i = 0; i < count; i++)
                memcpy(text + i * size, rest + 1, size);
        tree_bytes(reader->tree, path, text, count * size);
}

static void read_directive(struct reader *reader, char *word, char *rest)
{
        char *second = strchr(rest, ' ');

        if (text_equals(word, "include")) {
                char *copy = pool_dup(reader->pool, reader->file);

                tree_read(reader->tree, pool_format(reader->pool, "%s/%s", dirname(copy), rest));
                return;
        }
        if (text_equals(word, "remove")) {
                tree_remove(reader->tree, rest);
                return;
        }
        if (!second)
                mistake(reader, "a word is missing");
        *second++ = '\0';
        if (text_equals(word, "mode"))
                tree_mode(reader->tree, second, (mode_t)strtoul(rest, NULL, 8));
        else if (text_equals(word, "hex"))
                add_hex(reader, rest, second);
        else if (text_equals(word, "repeat"))
                add_repeated(reader, rest, second);
        else
                mistake(reader, "unknown word");
}

static void read_path(struct reader *reader, char *path, char *rest)
{
        if (text_starts(rest, "= "))
                add_line(reader, path, rest + 2);
        else if (text_equals(rest, "="))
                add_line(reader, path, "");
        else if (text_starts(rest, "-> "))
                add_links(reader, path, rest + 3);
        else if (text_starts(rest, "<< "))
                add_block(reader, path, rest + 3);
        else if (!*rest && text_ends(path, "/") && path[1])
                tree_folder(reader->tree, path);
        else if (text_equals(rest, "empty"))
                tree_bytes(reader->tree, path, "", 0);
        else
                mistake(reader, "want: PATH = TEXT, PATH -> TARGET, PATH << END, PATH empty or PATH/");
}

void tree_read(struct tree *tree, const char *file)
{
        autopool struct pool *pool = pool_new();
        struct reader reader = { .tree = tree, .pool = pool, .file = file };
        struct slice line;

        reader.rest = read_all(pool, file);
        while (text_line(&reader.rest, &line)) {
                char *word = slice_dup(pool, slice_trim(line));
                char *rest = strchr(word, ' ');

                reader.line++;
                if (!*word || *word == '#')
                        continue;
                if (rest)
                        *rest++ = '\0';
                if (*word == '/')
                        read_path(&reader, word, rest ? rest : word + strlen(word));
                else if (rest)
                        read_directive(&reader, word, rest);
                else
                        mistake(&reader, "want a path or include, remove, mode, hex, repeat");
        }
}

struct tree *tree_load(const char *name)
{
        const char *folder = getenv("PLUMBLINE_HOSTS");
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();

        tree_read(tree, pool_format(pool, "%s/%s.tree", folder && *folder ? folder : "tests/hosts", name));
        return tree;
}

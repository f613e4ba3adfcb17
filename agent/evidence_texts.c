/* The files of tools, each read once however many items it is asked for. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define FILES_MAX 200 /* of one folder */

/* Without comments and the blanks around. NULL: nobody can tell. */
static const char *const *read_lines(const struct evidence *evidence, struct pool *pool, const char *path)
{
        autopool struct pool *scratch = pool_new();
        const char **lines = NULL;
        struct slice line;
        const char *text;
        size_t count = 0;

        if (!host_is_for_all(evidence->session->host, evidence->pool, path) ||
            host_read(evidence->session->host, scratch, &text, "%s", path) < 0)
                return NULL;
        while (text_line(&text, &line)) {
                line = slice_trim(line);
                if (!line.size || line.at[0] == '#' || line.at[0] == ';')
                        continue;
                lines = pool_grow(pool, lines, count, sizeof *lines);
                lines[count++] = slice_dup(pool, line);
        }
        lines = pool_grow(pool, lines, count, sizeof *lines);
        lines[count] = NULL;
        return lines;
}

static void add(const struct evidence *evidence, struct pool *pool, struct evidence_texts *texts, const char *path)
{
        const char *const *lines = text_ends(path, ".netdev") ? NULL : read_lines(evidence, pool, path);

        if (!lines)
                return;
        texts->rows = pool_grow(pool, texts->rows, texts->count, sizeof *texts->rows);
        texts->rows[texts->count++] = (struct evidence_text){ pool_dup(pool, path), lines };
}

static void read_place(const struct evidence *evidence, struct pool *pool, struct evidence_texts *texts)
{
        const char *const *names;

        if (!text_ends(texts->place, "/")) {
                add(evidence, pool, texts, texts->place);
                return;
        }
        if (host_list(evidence->session->host, evidence->pool, &names, "%s", texts->place) < 0)
                return;
        for (size_t i = 0; i < FILES_MAX && names[i]; i++)
                add(evidence, pool, texts, pool_format(evidence->pool, "%s%s", texts->place, names[i]));
}

const struct evidence_texts *evidence_texts(const struct evidence *evidence, const char *place)
{
        struct evidence_library *library = evidence->library;
        struct evidence_texts *texts;

        for (size_t i = 0; i < library->count; i++)
                if (text_equals(library->places[i]->place, place))
                        return library->places[i];
        texts = pool_zero(library->pool, sizeof *texts);
        texts->place = pool_dup(library->pool, place);
        texts->there = host_exists(evidence->session->host, "%s", place);
        if (texts->there)
                read_place(evidence, library->pool, texts);
        library->places = pool_grow(library->pool, library->places, library->count, sizeof(struct evidence_texts *));
        library->places[library->count++] = texts;
        return texts;
}

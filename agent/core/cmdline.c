/* The kernel command line, taken apart and compared the way the kernel reads it. */

#include "agent/core/cmdline.h"

#include "agent/core/cmdline_meaning.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* COMMAND_LINE_SIZE is 2048 on x86 and nowhere above 64 KiB; what is longer never was a command line. */
#define TEXT_MAX  ((size_t)64 * 1024)
#define ROWS_MAX  1024U
#define PAIRS_MAX 64U

/* next_arg() of lib/cmdline.c: double quotes keep blanks together and fall away at both ends of the value or of the word; there
 * is no escape. Cuts the text in place and returns what follows. */
static char *next_word(char *at, char **name, char **value)
{
        bool quoted = *at == '"', inside = quoted;
        char *equals = NULL, *end;

        if (quoted)
                at++;
        for (end = at; *end && (inside || !isspace((unsigned char)*end)); end++) {
                if (*end == '=' && !equals && end > at)
                        equals = end;
                if (*end == '"')
                        inside = !inside;
        }
        *name = at;
        *value = NULL;
        if (equals) {
                *equals = '\0';
                *value = equals + 1;
                if (**value == '"') {
                        (*value)++;
                        if (end > *value && end[-1] == '"')
                                end[-1] = '\0';
                }
        }
        if (quoted && end > at && end[-1] == '"')
                end[-1] = '\0';
        if (*end)
                *end++ = '\0';
        return end;
}

int cmdline_parse(struct pool *pool, const char *text, struct cmdline *cmdline)
{
        struct cmdline found = { 0 };
        char *at, *name, *value;

        if (strnlen(text, TEXT_MAX + 1) > TEXT_MAX)
                return -E2BIG;
        at = pool_dup(pool, text);
        for (;;) {
                while (isspace((unsigned char)*at))
                        at++;
                if (*at == '\0')
                        break;
                at = next_word(at, &name, &value);
                if (!value && !strcmp(name, "--"))
                        break;
                if (found.count == ROWS_MAX)
                        return -E2BIG;
                for (char *c = name; *c; c++)
                        if (*c == '-')
                                *c = '_';
                found.rows = pool_grow(pool, found.rows, found.count, sizeof *found.rows);
                found.rows[found.count++] = (struct parameter){ .name = name, .value = value };
        }
        *cmdline = found;
        return 0;
}

bool cmdline_keeps_first(const char *name)
{
        return meaning_of(name)->rule == FIRST_WINS;
}

/* --- lookups ------------------------------------------------------------------------------------------------------- */

static const struct parameter *in_force(const struct cmdline *cmdline, const char *name)
{
        const struct parameter *found = NULL;
        bool first = cmdline_keeps_first(name);

        for (size_t i = 0; i < cmdline->count; i++) {
                if (!meaning_same_name(cmdline->rows[i].name, name))
                        continue;
                if (first)
                        return &cmdline->rows[i];
                found = &cmdline->rows[i];
        }
        return found;
}

const char *cmdline_get(const struct cmdline *cmdline, const char *name)
{
        const struct parameter *row = in_force(cmdline, name);

        if (!row)
                return NULL;
        return row->value ? row->value : "";
}

bool cmdline_has(const struct cmdline *cmdline, const char *name, const char *value)
{
        const struct meaning *meaning = meaning_of(name);
        const struct parameter *row;

        if (meaning->rule != ADDS_UP) {
                row = in_force(cmdline, name);
                return row && meaning_same_value(meaning->shape, row->value, value);
        }
        for (size_t i = 0; i < cmdline->count; i++)
                if (meaning_same_name(cmdline->rows[i].name, name) &&
                    meaning_same_value(meaning->shape, cmdline->rows[i].value, value))
                        return true;
        return false;
}

/* --- pages of each size: hugepages= belongs to the hugepagesz= before it, else to the default size (mm/hugetlb.c) --- */

struct pages {
        const char *size, *pages;
};

static size_t pages_of(const struct cmdline *cmdline, struct pages pairs[PAIRS_MAX])
{
        const char *standard = cmdline_get(cmdline, "default_hugepagesz"), *size = standard ? standard : "2M";
        size_t count = 0;

        for (size_t i = 0; i < cmdline->count && count < PAIRS_MAX; i++) {
                const struct parameter *row = &cmdline->rows[i];

                if (!row->value)
                        continue;
                if (meaning_same_name(row->name, "hugepagesz"))
                        size = row->value;
                else if (meaning_same_name(row->name, "hugepages"))
                        pairs[count++] = (struct pages){ size, row->value };
        }
        return count;
}

static bool pages_contain(const struct pages *pairs, size_t count, const struct pages *pair)
{
        for (size_t i = 0; i < count; i++)
                if (meaning_same_value(SHAPE_SIZE, pairs[i].size, pair->size) && strcmp(pairs[i].pages, pair->pages) == 0)
                        return true;
        return false;
}

bool cmdline_has_pages(const struct cmdline *cmdline, const char *size, const char *pages)
{
        struct pages pairs[PAIRS_MAX];

        return pages_contain(pairs, pages_of(cmdline, pairs), &(struct pages){ size, pages });
}

static bool same_pages(const struct cmdline *a, const struct cmdline *b)
{
        struct pages pairs_a[PAIRS_MAX], pairs_b[PAIRS_MAX];
        size_t count_a = pages_of(a, pairs_a), count_b = pages_of(b, pairs_b);

        if (count_a != count_b)
                return false;
        for (size_t i = 0; i < count_a; i++)
                if (!pages_contain(pairs_b, count_b, &pairs_a[i]) || !pages_contain(pairs_a, count_a, &pairs_b[i]))
                        return false;
        return true;
}

static int compare_texts(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *cmdline_pages(struct pool *pool, const struct cmdline *cmdline)
{
        autobuffer struct text_buffer text = { 0 };
        struct pages pairs[PAIRS_MAX];
        const char *texts[PAIRS_MAX];
        size_t count = pages_of(cmdline, pairs);

        for (size_t i = 0; i < count; i++)
                texts[i] = pool_format(pool, "%s of %s", pairs[i].pages, meaning_normal(pool, "hugepagesz", pairs[i].size));
        if (count > 1)
                qsort(texts, count, sizeof *texts, compare_texts);
        text_add(&text, "");
        for (size_t i = 0; i < count; i++)
                if (i == 0 || !text_equals(texts[i], texts[i - 1]))
                        text_addf(&text, "%s%s", i ? ", " : "", texts[i]);
        return pool_dup(pool, text.at);
}

/* --- the whole ----------------------------------------------------------------------------------------------------- */

/* The next row of this name from *at on, which moves behind it. */
static const struct parameter *next_of(const struct cmdline *cmdline, const char *name, size_t *at)
{
        while (*at < cmdline->count) {
                const struct parameter *row = &cmdline->rows[(*at)++];

                if (meaning_same_name(row->name, name))
                        return row;
        }
        return NULL;
}

/* The last console= becomes /dev/console: among rows of one name that add up, order has a meaning. */
static bool same_rows(const struct cmdline *a, const struct cmdline *b, const char *name, enum parameter_shape shape)
{
        const struct parameter *row_a, *row_b;
        size_t at_a = 0, at_b = 0;

        do {
                row_a = next_of(a, name, &at_a);
                row_b = next_of(b, name, &at_b);
                if (row_a && row_b && !meaning_same_value(shape, row_a->value, row_b->value))
                        return false;
        } while (row_a && row_b);
        return !row_a && !row_b;
}

static bool same_parameter(const struct cmdline *a, const struct cmdline *b, const char *name)
{
        const struct meaning *meaning = meaning_of(name);
        const struct parameter *row_a, *row_b;

        if (meaning->rule == IGNORED)
                return true;
        if (meaning_same_name(name, "hugepages") || meaning_same_name(name, "hugepagesz"))
                return same_pages(a, b);
        if (meaning->rule == ADDS_UP)
                return same_rows(a, b, name, meaning->shape);
        row_a = in_force(a, name);
        row_b = in_force(b, name);
        return row_a && row_b && meaning_same_value(meaning->shape, row_a->value, row_b->value);
}

bool cmdline_equals(const struct cmdline *a, const struct cmdline *b)
{
        for (size_t i = 0; i < a->count; i++)
                if (!same_parameter(a, b, a->rows[i].name))
                        return false;
        for (size_t i = 0; i < b->count; i++)
                if (!same_parameter(a, b, b->rows[i].name))
                        return false;
        return true;
}

/* Parameters of the kernel's command line among the items of a comparison: equal by what they mean. */

#include "agent/diff.h"

#include "agent/private_parameter.h"
#include "agent/state.h"

#include "agent/core/cmdline.h"
#include "agent/core/cmdline_meaning.h"
#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>

#define HIDDEN "(not shown)"

bool items_is_private(const char *parameter, const char *text)
{
        return private_parameter(parameter) != PRIVATE_NOT || private_value(text);
}

/* Of a secret, and of what names the host, a disk or an address of it, only that it differs is told; what a capture holds in the place of
 * a secret says nothing of it. */
static void add_parameter(struct items *items, const char *name, const char *text, const char *key)
{
        const char *full = pool_format(items->pool, "kernel.cmdline.%s", name);
        size_t size;
        const char *login = private_login(text, &size);
        struct item *item;

        if (private_parameter(name) != PRIVATE_SECRET && !login) {
                items_add(items, "fact", full, ITEM_KNOWN, items_is_private(name, text) ? HIDDEN : text)->key = key;
        } else if (text[0] == PRIVATE_MASK || (login && login[0] == PRIVATE_MASK)) {
                items_add(items, "fact", full, ITEM_UNKNOWN, "it was taken out of the capture");
        } else {
                item = items_add(items, "fact", full, ITEM_KNOWN, HIDDEN);
                item->key = text;
        }
}

static bool is_of_pages(const char *name)
{
        return text_equals(name, "hugepages") || text_equals(name, "hugepagesz");
}

static int compare_texts(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sizes without their order. */
static const char *sizes_of(struct pool *pool, const struct cmdline *cmdline)
{
        const char **sizes = pool_zero(pool, (cmdline->count + 1) * sizeof *sizes);
        autobuffer struct text_buffer text = { 0 };
        size_t count = 0;

        for (size_t i = 0; i < cmdline->count; i++)
                if (text_equals(cmdline->rows[i].name, "hugepagesz"))
                        sizes[count++] = meaning_normal(pool, "hugepagesz", cmdline->rows[i].value ?: "");
        qsort(sizes, count, sizeof *sizes, compare_texts);
        text_add(&text, "");
        for (size_t i = 0; i < count; i++)
                text_addf(&text, "%s%s", i ? " " : "", sizes[i]);
        return pool_dup(pool, text.at);
}

/* What counts pages belongs to the size in front of it, so that the order of such pairs means nothing. */
static const char *key_of_pages(struct pool *pool, const struct cmdline *cmdline, const char *name)
{
        return text_equals(name, "hugepages") ? cmdline_pages(pool, cmdline) : sizes_of(pool, cmdline);
}

/* All that the command line says under one name, in its order; normal: as it means. */
static const char *values_of(struct pool *pool, const struct cmdline *cmdline, const char *name, bool normal)
{
        autobuffer struct text_buffer all = { 0 };

        for (size_t i = 0; i < cmdline->count; i++) {
                const char *value = cmdline->rows[i].value ?: "";

                if (text_equals(cmdline->rows[i].name, name))
                        text_addf(&all, "%s%s", all.size ? " " : "", normal ? meaning_normal(pool, name, value) : value);
        }
        return all.size ? pool_dup(pool, all.at) : "given";
}

static bool is_repeated(const struct cmdline *cmdline, size_t at)
{
        for (size_t i = 0; i < at; i++)
                if (text_equals(cmdline->rows[i].name, cmdline->rows[at].name))
                        return true;
        return false;
}

/* The order of parameters means nothing, save for several of one name: those stay together, in their order. */
void items_add_parameters(struct items *items, const char *text)
{
        struct cmdline cmdline;

        if (cmdline_parse(items->pool, text, &cmdline) < 0) {
                items_add(items, "fact", "kernel.cmdline", ITEM_UNKNOWN, "it cannot be taken apart");
                return;
        }
        items_add(items, "fact", "kernel.cmdline", ITEM_KNOWN, "known");
        for (size_t i = 0; i < cmdline.count; i++) {
                const char *name = cmdline.rows[i].name;

                if (!is_repeated(&cmdline, i))
                        add_parameter(items, name, values_of(items->pool, &cmdline, name, false),
                                      is_of_pages(name) ? key_of_pages(items->pool, &cmdline, name)
                                                        : values_of(items->pool, &cmdline, name, true));
        }
}

/* "nohz_full=1-3" of "nohz_full=1,2,3". */
static const char *normal_word(struct pool *pool, const char *name, const char *word)
{
        size_t size = strlen(name);

        if (strncmp(word, name, size) != 0 || word[size] != '=')
                return word;
        return pool_format(pool, "%s=%s", name, meaning_normal(pool, name, word + size + 1));
}

const char *items_step_text(struct pool *pool, const struct step *step)
{
        const char *text = state_row_text(pool, step);

        return step->how != STEP_FILE && step->now ? state_without_private(pool, step->id, text, HIDDEN) : text;
}

const char *items_step_key(struct pool *pool, const struct facts *facts, const struct step *step)
{
        const char *name = text_starts(step->id, "cmdline.") ? step->id + strlen("cmdline.") : NULL;
        const struct fact *fact = name && is_of_pages(name) ? fact_find(facts, "kernel.cmdline") : NULL;
        struct cmdline cmdline;

        if (!name || step->how == STEP_FILE || step->status == STATUS_UNKNOWN || !step->now)
                return NULL;
        /* A step tells only the last of several sizes. */
        if (step->layer == LAYER_RUNNING && fact && fact->status == FACT_KNOWN &&
            cmdline_parse(pool, fact->value.text, &cmdline) == 0)
                return key_of_pages(pool, &cmdline, name);
        return normal_word(pool, name, step->status == STATUS_PASS && step->want ? step->want : step->now);
}

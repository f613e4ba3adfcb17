/* One side of a comparison: what is known of a host, item by item. */

#include "agent/diff.h"

#include "agent/state.h"

#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>

/* --- facts ---------------------------------------------------------------------------------------------------------------- */

void items_add_facts(struct items *items, const struct facts *facts)
{
        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                struct item *item;

                if (fact->status == FACT_UNREADABLE) {
                        items_add(items, "fact", fact->name, ITEM_UNKNOWN, error_words(fact->error));
                } else if (fact->status == FACT_ABSENT) {
                        items_add(items, "fact", fact->name, ITEM_ABSENT, NULL);
                } else if (text_equals(fact->name, "kernel.cmdline")) {
                        items_add_parameters(items, fact->value.text);
                } else {
                        item = items_add(items, "fact", fact->name, ITEM_KNOWN, value_show(items->pool, &fact->value));
                        item->value = &fact->value;
                }
        }
}

/* --- packages -------------------------------------------------------------------------------------------------------------- */

static void add_packages(struct items *items, struct host *host)
{
        autojson json_t *packages = state_packages(host, true);
        const char *problem = json_string_value(json_object_get(packages, "dpkg")), *name;
        json_t *version;

        if (problem && text_starts(problem, STATE_UNREADABLE)) {
                items_add(items, "package", DIFF_PACKAGES, ITEM_UNKNOWN,
                          pool_dup(items->pool, problem + strlen(STATE_UNREADABLE)));
                return;
        }
        if (!json_object_size(packages))
                items_add(items, "package", DIFF_PACKAGES, ITEM_ABSENT, NULL);
        else
                items_add(items, "package", DIFF_PACKAGES, ITEM_KNOWN, "there");
        json_object_foreach(packages, name, version) items_add(items, "package", pool_dup(items->pool, name), ITEM_KNOWN,
                                                               pool_dup(items->pool, json_string_value(version)));
}

/* --- settings -------------------------------------------------------------------------------------------------------------- */

/* The numbers of interrupts are given out as drivers come: another one on the next boot. */
static const char *stable_target(const struct step *step)
{
        if (step->stable)
                return step->stable;
        return text_starts(step->target, "/proc/irq/") ? "" : step->target;
}

struct row_of_one {
        const char *key; /* what is compared */
        const char *text;
        const char *line; /* what is where */
};

/* All rows of one setting in one layer, from the one at `first` on. */
struct rows_of_one {
        size_t count;
        struct row_of_one *rows;
        const char *unknown; /* why a row is, or NULL */
};

static int compare_keys(const void *a, const void *b)
{
        const struct row_of_one *left = a, *right = b;
        int order = strcmp(left->key, right->key);

        return order ? order : strcmp(left->text, right->text);
}

static int compare_lines(const void *a, const void *b)
{
        const struct row_of_one *left = a, *right = b;

        return strcmp(left->line, right->line);
}

static void gather(const struct facts *facts, const struct plan *plan, size_t first, struct pool *pool,
                   struct rows_of_one *rows)
{
        const struct step *one = plan->rows[first];

        rows->rows = pool_zero(pool, (plan->count - first) * sizeof *rows->rows);
        for (size_t i = first; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                const char *text, *key, *shown;

                if (step->layer != one->layer || !text_equals(step->id, one->id))
                        continue;
                text = state_row_text(pool, step);
                key = items_step_key(pool, facts, step) ?: text;
                shown = items_step_text(pool, step);
                if (text_starts(text, STATE_UNREADABLE) && !rows->unknown)
                        rows->unknown = text + strlen(STATE_UNREADABLE);
                rows->rows[rows->count++] =
                        (struct row_of_one){ key, shown, pool_format(pool, "%s %s", stable_target(step), key) };
        }
        qsort(rows->rows, rows->count, sizeof *rows->rows, compare_keys);
}

/* The same everywhere is that, on however many targets; else what is where decides. */
static const char *key_of(struct pool *pool, struct rows_of_one *rows)
{
        autobuffer struct text_buffer key = { 0 };
        struct row_of_one *row = rows->rows;

        if (text_equals(row[0].key, row[rows->count - 1].key))
                return pool_dup(pool, row[0].key);
        qsort(row, rows->count, sizeof *row, compare_lines);
        for (size_t i = 0; i < rows->count; i++)
                if (!i || !text_equals(row[i].line, row[i - 1].line))
                        text_addf(&key, "%s\n", row[i].line);
        return pool_dup(pool, key.at);
}

static void add_setting(struct items *items, const char *layer, const char *name, struct rows_of_one *rows)
{
        autobuffer struct text_buffer text = { 0 };
        struct item *item;

        if (rows->unknown) {
                items_add(items, layer, name, ITEM_UNKNOWN, pool_dup(items->pool, rows->unknown));
                return;
        }
        for (size_t i = 0, same; i < rows->count; i += same) {
                for (same = 1; i + same < rows->count && text_equals(rows->rows[i].key, rows->rows[i + same].key);)
                        same++;
                text_addf(&text, "%s%s", i ? ", " : "", rows->rows[i].text);
                if (same < rows->count)
                        text_addf(&text, " on %zu of %zu", same, rows->count);
        }
        item = items_add(items, layer, name, ITEM_KNOWN, pool_dup(items->pool, text.at));
        item->key = key_of(items->pool, rows);
}

void items_add_settings(struct items *items, const struct facts *facts, const struct plan *plan)
{
        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                autopool struct pool *pool = pool_new();
                struct rows_of_one rows = { 0 };
                bool first = true;

                for (size_t j = 0; j < i && first; j++)
                        first = plan->rows[j]->layer != step->layer || !text_equals(plan->rows[j]->id, step->id);
                if (!first)
                        continue;
                gather(facts, plan, i, pool, &rows);
                add_setting(items, layer_name(step->layer), pool_dup(items->pool, step->id), &rows);
        }
}

void items_look(struct items *items, struct host *host, const struct examination *examination)
{
        items_add_facts(items, examination->facts);
        add_packages(items, host);
        items_add_settings(items, examination->facts, examination->plan);
        items_sort(items);
}

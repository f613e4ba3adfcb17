/* Comparing two lists of items: by kind, order-free, and never equal where one is not known. */

#include "agent/diff.h"

#include "agent/core/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PARAMETER "kernel.cmdline."

static int order_of(const struct item *a, const struct item *b)
{
        int order = strcmp(a->layer, b->layer);

        if (!order)
                order = text_compare_natural(a->name, b->name);
        return order ? order : strcmp(a->name, b->name);
}

/* --- what a missing item means --------------------------------------------------------------------------------------------- */

/* A list that could not be read has no members either. NULL: the members speak for themselves. */
static const char *witness_of(const struct item *item)
{
        static const struct {
                const char *pattern, *witness;
        } table[] = {
                { PARAMETER "*", "kernel.cmdline" },
                { "unit.*.state", "units.failed" },
                { "nvme.*.*", "nvme.count" },
                { "raid.*.*", "raid.count" },
        };

        if (text_equals(item->layer, "package"))
                return DIFF_PACKAGES;
        for (size_t i = 0; text_equals(item->layer, "fact") && i < sizeof table / sizeof table[0]; i++)
                if (text_matches(item->name, table[i].pattern))
                        return table[i].witness;
        return NULL;
}

/* Is nothing at all known of what this item belongs to ("nic" of "nic.eth1.driver"), although it was asked for? */
static bool subject_is_unknown(const struct items *items, const struct item *item)
{
        size_t size = strcspn(item->name, ".");
        bool asked = false;

        for (size_t i = 0; i < items->count; i++) {
                const struct item *other = &items->rows[i];

                if (!text_equals(other->layer, item->layer) || strncmp(other->name, item->name, size + 1) != 0)
                        continue;
                if (other->status != ITEM_UNKNOWN)
                        return false;
                asked = true;
        }
        return asked;
}

/* The item is not among these: is that because it is not there? If not, what could not be read is told by a row of its own. */
static bool is_truly_missing(const struct items *items, const struct item *item)
{
        const char *witness = witness_of(item);
        const struct item *found = witness ? items_find(items, item->layer, witness) : NULL;

        if (items->partial)
                return false;
        if (witness && !text_equals(witness, item->name))
                return found && found->status == ITEM_KNOWN;
        return !text_equals(item->layer, "fact") || !subject_is_unknown(items, item);
}

/* --- one item ---------------------------------------------------------------------------------------------------------------- */

/* systemd forgets an idle service when it likes, and remembers it when somebody asks. */
static bool is_idle(const struct item *item)
{
        return text_matches(item->name, "unit.*.state") && text_equals(item->text, "inactive (dead)");
}

static bool is_there(const struct item *item)
{
        return item->status == ITEM_KNOWN && !is_idle(item);
}

static bool numbers_agree(const char *name, const struct value *a, const struct value *b)
{
        double tolerance = diff_tolerance(name);

        return tolerance > 0 && a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER &&
               fabs((double)a->number - (double)b->number) <=
                       tolerance * fmax(fabs((double)a->number), fabs((double)b->number));
}

static bool agree(const struct item *a, const struct item *b)
{
        const char *left = a->key ?: a->text, *right = b->key ?: b->text;

        if (a->value && b->value) {
                /* Versions are equal by their numbers; of two kernels one can be the RT build of the other. */
                if (a->value->kind == VALUE_VERSION && b->value->kind == VALUE_VERSION)
                        return text_equals(a->value->text, b->value->text);
                return value_equals(a->value, b->value) || numbers_agree(a->name, a->value, b->value);
        }
        return text_equals(left, right);
}

/* Rounded for people, two numbers can look the same. */
static void tell(struct pool *pool, struct diff_row *row)
{
        row->a_text = row->a.text;
        row->b_text = row->b.text;
        if (row->status == DIFF_UNKNOWN || !row->a.value || !row->b.value || !text_equals(row->a_text, row->b_text))
                return;
        row->a_text =
                pool_format(pool, "%s (%s %s)", row->a_text, value_kernel(pool, row->a.value), unit_name(row->a.value->unit));
        row->b_text =
                pool_format(pool, "%s (%s %s)", row->b_text, value_kernel(pool, row->b.value), unit_name(row->b.value->unit));
}

static bool judge(struct diff_row *row)
{
        bool there = is_there(&row->a), presence = false;

        row->why = diff_nature(row->name, &presence);
        if (text_equals(row->layer, "fact") && row->why && (!presence || (there && is_there(&row->b)))) {
                row->status = DIFF_NATURE;
                return row->a.status != row->b.status || (there && !agree(&row->a, &row->b));
        }
        row->why = NULL;
        row->status = row->a.status == ITEM_UNKNOWN || row->b.status == ITEM_UNKNOWN ? DIFF_UNKNOWN : DIFF_DIFFERENT;
        if (row->status == DIFF_UNKNOWN)
                return true;
        return there != is_there(&row->b) || (there && !agree(&row->a, &row->b));
}

/* one: whichever of the two there is. */
static void add(struct diff *diff, const struct item *one, const struct item *a, const struct item *b)
{
        struct diff_row row = {
                .group = diff_group_of(one->layer, one->name),
                .layer = one->layer,
                .name = one->name,
                .a = { .layer = one->layer, .name = one->name, .status = ITEM_ABSENT },
                .b = { .layer = one->layer, .name = one->name, .status = ITEM_ABSENT },
        };

        if (a)
                row.a = *a;
        if (b)
                row.b = *b;
        diff->compared++;
        if (!judge(&row))
                return;
        diff->compared -= row.status == DIFF_UNKNOWN;
        diff->different += row.status == DIFF_DIFFERENT;
        diff->unknown += row.status == DIFF_UNKNOWN;
        diff->nature += row.status == DIFF_NATURE;
        tell(diff->pool, &row);
        diff->rows = pool_grow(diff->pool, diff->rows, diff->count, sizeof *diff->rows);
        diff->rows[diff->count++] = row;
}

static int by_group(const void *a, const void *b)
{
        const struct diff_row *left = a, *right = b;

        if (left->group != right->group)
                return (left->group > right->group) - (left->group < right->group);
        return order_of(&left->a, &right->a);
}

struct diff *diff_find(const struct items *a, const struct items *b)
{
        struct pool *pool = pool_new();
        struct diff *diff = pool_zero(pool, sizeof *diff);

        diff->pool = pool;
        for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
                int order = i == a->count ? 1 : j == b->count ? -1 : order_of(&a->rows[i], &b->rows[j]);

                if (order == 0)
                        add(diff, &a->rows[i], &a->rows[i], &b->rows[j]);
                else if (order < 0 && is_truly_missing(b, &a->rows[i]))
                        add(diff, &a->rows[i], &a->rows[i], NULL);
                else if (order > 0 && is_truly_missing(a, &b->rows[j]))
                        add(diff, &b->rows[j], NULL, &b->rows[j]);
                i += order <= 0;
                j += order >= 0;
        }
        if (diff->count > 1)
                qsort(diff->rows, diff->count, sizeof *diff->rows, by_group);
        return diff;
}

void diff_release(struct diff **diff)
{
        if (*diff)
                pool_free((*diff)->pool);
}

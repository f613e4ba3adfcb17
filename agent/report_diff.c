/* Two hosts side by side, for people and for programs. */

#include "agent/report.h"

#include "agent/diff.h"

#include "agent/core/pool.h"

#define SHOWN_MAX  40
#define NAME_WIDTH 36

static const char *verdict_of(int status)
{
        return status == EXIT_READY ? "equal" : status == EXIT_NOT_READY ? "different" : "unknown";
}

static const char *place_words(struct pool *pool, const struct diff_side *side)
{
        const char *name = side->host ? side->host : "a host without a name";

        return text_printable(pool, side->place ? pool_format(pool, "%s, %s", name, side->place) : name, 300);
}

static const char *side_words(struct pool *pool, const struct item *item, const char *text)
{
        if (item->status == ITEM_UNKNOWN)
                return pool_format(pool, "unknown: %s", text_printable(pool, text, 300));
        return item->status == ITEM_ABSENT ? "not there" : text_printable(pool, text, 300);
}

static void add_row(const struct diff_row *row, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        bool setting = row->group == GROUP_SETTINGS && !text_equals(row->layer, "fact");
        const char *name = text_printable(pool, setting ? pool_format(pool, "%s (%s)", row->name, row->layer) : row->name, 200);

        const char *a = side_words(pool, &row->a, row->a_text), *b = side_words(pool, &row->b, row->b_text);

        if (row->status == DIFF_UNKNOWN && text_equals(a, b)) {
                text_addf(out, "  %-*s  neither is known: %s\n", NAME_WIDTH, name, text_printable(pool, row->a_text, 300));
                return;
        }
        text_addf(out, "  %-*s  A  %s\n", NAME_WIDTH, name, a);
        text_addf(out, "  %-*s  B  %s\n", NAME_WIDTH, "", b);
        if (row->why)
                text_addf(out, "  %-*s     %s\n", NAME_WIDTH, "", row->why);
}

/* All rows of this status, a heading over each group. */
static void add_rows(const struct diff *diff, enum diff_status status, const char *title, const struct options *options,
                     struct text_buffer *out)
{
        for (enum diff_group group = GROUP_HARDWARE; group <= GROUP_OTHER; group++) {
                size_t found = 0;

                for (size_t i = 0; i < diff->count; i++) {
                        if (diff->rows[i].group != group || diff->rows[i].status != status)
                                continue;
                        if (!found++)
                                text_addf(out, "\n%s%s\n", diff_group_name(group), title);
                        if (found <= SHOWN_MAX || options->verbose)
                                add_row(&diff->rows[i], out);
                }
                if (found > SHOWN_MAX && !options->verbose)
                        text_addf(out, "  and %zu more (--verbose shows them)\n", found - SHOWN_MAX);
        }
}

void report_text_diff(const struct diff_report *report, const struct options *options, struct text_buffer *out)
{
        static const char *const words[] = {
                [EXIT_READY] = "EQUAL", [EXIT_NOT_READY] = "DIFFERENT", [EXIT_CANNOT_TELL] = "CANNOT TELL"
        };
        autopool struct pool *pool = pool_new();
        const struct diff *diff = report->diff;

        text_addf(out, "%s   %s\n\n", words[report->exit],
                  report->session->profile ? pool_format(pool, "settings by profile %s",
                                                         text_printable(pool, report->session->profile->name, 100))
                                           : "facts alone: an answer of facts holds no packages and no settings");
        text_addf(out, "  A  %s, %s\n", place_words(pool, &report->a), report->a.time);
        text_addf(out, "  B  %s, %s\n\n", place_words(pool, &report->b), report->b.time);
        text_addf(out, "  %zu item%s compared, %zu differ%s, %zu could not be compared\n", diff->compared,
                  diff->compared == 1 ? "" : "s", diff->different, diff->different == 1 ? "s" : "", diff->unknown);
        add_rows(diff, DIFF_DIFFERENT, "", options, out);
        add_rows(diff, DIFF_UNKNOWN, ": could not be compared", options, out);
        if (options->verbose)
                add_rows(diff, DIFF_NATURE, ": differs by nature, and decides nothing", options, out);
        else if (diff->nature)
                text_addf(out, "\n%zu more differ%s by nature (--verbose shows them).\n", diff->nature,
                          diff->nature == 1 ? "s" : "");
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------- */

static json_t *place_json(const struct diff_side *side)
{
        return json_pack("{s:o, s:o, s:o, s:s}", "place", report_json_text(side->place), "host", report_json_text(side->host),
                         "boot_id", report_json_text(side->boot_id), "time", side->time);
}

static json_t *side_json(const struct item *item, const char *text)
{
        static const char *const statuses[] = { "known", "absent", "unknown" };
        json_t *json = json_pack("{s:s}", "status", statuses[item->status]);

        if (item->status == ITEM_KNOWN) {
                json_object_set_new(json, "value", item->value ? report_json_value(item->value) : report_json_text(text));
                json_object_set_new(json, "text", report_json_text(text));
        } else if (item->status == ITEM_UNKNOWN) {
                json_object_set_new(json, "reason", report_json_text(text));
        }
        return json;
}

static json_t *row_json(const struct diff_row *row)
{
        const struct value *value = row->a.value ? row->a.value : row->b.value;
        json_t *json = json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:o}", "group", diff_group_name(row->group), "layer",
                                 row->layer, "name", report_json_text(row->name), "status", diff_status_name(row->status),
                                 "unit", value ? unit_name(value->unit) : "", "a", side_json(&row->a, row->a_text), "b",
                                 side_json(&row->b, row->b_text));

        if (row->why)
                json_object_set_new(json, "why", report_json_text(row->why));
        return json;
}

void report_json_diff(const struct diff_report *report, const struct options *options, struct text_buffer *out)
{
        json_t *json = report_json_head("diff", report->session), *items = json_array(), *groups = json_object();
        const struct diff *diff = report->diff;
        size_t counts[GROUPS] = { 0 };

        for (size_t i = 0; i < diff->count; i++) {
                counts[diff->rows[i].group] += diff->rows[i].status == DIFF_DIFFERENT;
                if (diff->rows[i].status != DIFF_NATURE || options->verbose)
                        json_array_append_new(items, row_json(&diff->rows[i]));
        }
        for (enum diff_group group = GROUP_HARDWARE; group <= GROUP_OTHER; group++)
                json_object_set_new(groups, diff_group_name(group), json_integer((json_int_t)counts[group]));
        json_object_set_new(json, "a", place_json(&report->a));
        json_object_set_new(json, "b", place_json(&report->b));
        json_object_set_new(json, "verdict", json_string(verdict_of(report->exit)));
        json_object_set_new(json, "exit", json_integer(report->exit));
        json_object_set_new(json, "counts",
                            json_pack("{s:I, s:I, s:I, s:I}", "compared", (json_int_t)diff->compared, "different",
                                      (json_int_t)diff->different, "unknown", (json_int_t)diff->unknown, "by_nature",
                                      (json_int_t)diff->nature));
        json_object_set_new(json, "groups", groups);
        json_object_set_new(json, "items", items);
        report_json_print(json, out);
}

/* What differs from the baseline, for people and for programs. */

#include "agent/report.h"

#include "agent/drift.h"
#include "agent/evidence.h"

#include "agent/core/pool.h"

#define NAMED_MAX    12
#define LABEL_INDENT 20

/* "nic.eth2.*" for all rows of a device that is gone. */
static const char *row_name(const struct drift *drift, size_t from, size_t together, struct pool *pool)
{
        const char *name = drift->rows[from].name;

        return text_printable(pool, together == 1 ? name : pool_format(pool, "%.*s*", (int)drift_device_size(name), name), 200);
}

/* What another version of plumbline tells differs for that reason alone. */
static void add_passed_over(const struct drift *drift, struct text_buffer *out)
{
        if (drift->new_count)
                text_addf(out,
                          "\n%zu fact%s new with this version of plumbline, and not compared; plumbline baseline takes %s in\n",
                          drift->new_count, drift->new_count == 1 ? " is" : "s are", drift->new_count == 1 ? "it" : "them");
        if (drift->untold_count)
                text_addf(out, "\n%zu fact%s not told by this version of plumbline any more, and not compared\n",
                          drift->untold_count, drift->untold_count == 1 ? " is" : "s are");
}

void report_text_drifted(const struct drift *drift, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();

        if (!drift)
                return;
        add_passed_over(drift, out);
        if (!drift->count)
                return;
        text_addf(out, "\n%zu item%s from the baseline (plumbline drift tells what, and since when):\n", drift->count,
                  drift->count == 1 ? " differs" : "s differ");
        for (size_t i = 0, named = 0, told = 0, together; i < drift->count; i++) {
                if (drift_is_told(drift, i))
                        continue;
                if (named++ == NAMED_MAX) {
                        text_addf(out, "  and %zu more\n", drift->count - told);
                        break;
                }
                drift_tell_together(drift, i, &together);
                text_addf(out, "  %-10s %s\n", drift->rows[i].layer, row_name(drift, i, together, pool));
                told += together;
        }
}

static const char *likelihood(const struct clue *clue)
{
        return clue->weight >= CLUE_LIKELY ? "likely" : "possible";
}

/* Of a file only this is known, and that of a package is as old as the package was built. */
static const char *when_words(const struct clue *clue, struct pool *pool)
{
        if (!clue->at)
                return "";
        return pool_format(pool, "%s  %s", history_time(pool, clue->at),
                           text_equals(clue->kind, "file") ? "last written then: " : "");
}

static void add_clues(const struct drift *drift, const struct drift_row *row, bool screen, struct pool *pool,
                      struct text_buffer *out)
{
        for (size_t i = 0; i < row->clue_count; i++) {
                const struct clue *clue = &row->clues[i];

                text_addf(out, "           %-8s ", likelihood(clue));
                report_add_wrapped(out, LABEL_INDENT, LABEL_INDENT, screen ? REPORT_SCREEN_WIDTH : 0,
                                   pool_format(pool, "%s%s", when_words(clue, pool), text_printable(pool, clue->text, 400)));
        }
        if (row->clues_left)
                text_addf(out, "           and %zu more that %s no more likely\n", row->clues_left,
                          row->clues_left == 1 ? "is" : "are");
        if (drift->looked && !row->clue_count && !row->unreadable)
                text_add(out, "           nothing was found that may have done it\n");
}

/* No words are a value, too: no unit failed. */
static const char *shown_value(struct pool *pool, const char *text)
{
        return *text ? text_printable(pool, text, 400) : "none";
}

static void add_values(const struct drift_row *row, size_t together, struct pool *pool, struct text_buffer *out)
{
        if (together > 1)
                text_addf(out, "           was there, with %zu facts\n", together);
        else
                text_addf(out, "           was %s\n", row->baseline ? shown_value(pool, row->baseline) : "not there");
        text_addf(out, "           is  %s\n", row->now ? shown_value(pool, row->now) : "gone");
}

void report_text_drift(const struct drift *drift, bool screen, struct text_buffer *out)
{
        for (size_t i = 0, together; i < drift->count; i++) {
                const struct drift_row *row = drift_tell_together(drift, i, &together);
                autopool struct pool *pool = pool_new();

                if (drift_is_told(drift, i))
                        continue;
                text_addf(out, "\n%-10s %s\n", row->layer, row_name(drift, i, together, pool));
                add_values(row, together, pool, out);
                text_addf(out, "           first seen %s, last right %s%s\n", history_time(pool, row->first_seen),
                          history_time(pool, row->last_right),
                          row->first_seen < row->last_right ? ": the clock was set back in between" : "");
                if (row->fleeting)
                        text_add(out, "           fleeting: not seen often enough yet (audit: hysteresis)\n");
                if (row->waiver)
                        text_addf(out, "           waived %s\n", text_printable(pool, row->waiver, 400));
                if (row->ended)
                        text_addf(out, "           %s\n", text_printable(pool, row->ended, 400));
                add_clues(drift, row, screen, pool, out);
        }
        add_passed_over(drift, out);
}

static json_t *json_clues(const struct drift_row *row, struct pool *pool)
{
        json_t *list = json_array();

        for (size_t i = 0; i < row->clue_count; i++) {
                const struct clue *clue = &row->clues[i];

                json_array_append_new(list,
                                      json_pack("{s:s, s:s, s:o, s:o}", "kind", clue->kind, "likelihood", likelihood(clue),
                                                "time", report_json_text(clue->at ? history_time(pool, clue->at) : NULL),
                                                "text", report_json_text(clue->text)));
        }
        return list;
}

static const char *status_of(const struct drift_row *row)
{
        if (row->waiver)
                return "waived";
        if (row->unreadable)
                return "unknown";
        return row->fleeting ? "fleeting" : "drift";
}

json_t *report_json_drift(const struct drift *drift)
{
        autopool struct pool *pool = pool_new();
        json_t *list = json_array();

        if (!drift) {
                json_decref(list);
                return json_null();
        }
        for (size_t i = 0; i < drift->count; i++) {
                const struct drift_row *row = &drift->rows[i];
                json_t *json = json_pack("{s:s, s:o, s:s, s:o, s:o}", "layer", row->layer, "name", report_json_text(row->name),
                                         "status", status_of(row), "baseline", report_json_text(row->baseline), "now",
                                         report_json_text(row->now));

                if (row->first_seen) {
                        json_object_set_new(json, "first_seen", json_string(history_time(pool, row->first_seen)));
                        json_object_set_new(json, "last_right", json_string(history_time(pool, row->last_right)));
                }
                if (row->waiver)
                        json_object_set_new(json, "waiver", report_json_text(row->waiver));
                if (row->ended)
                        json_object_set_new(json, "waiver_ended", report_json_text(row->ended));
                if (row->clue_count)
                        json_object_set_new(json, "evidence", json_clues(row, pool));
                if (row->clues_left)
                        json_object_set_new(json, "evidence_left_out", json_integer((json_int_t)row->clues_left));
                json_array_append_new(list, json);
        }
        return list;
}

/* Plans and what became of them, as text. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <string.h>

#define SHOWN_MAX 200

/* Whole files are shown as the lines that go and the lines that come; order and repetition aside. */
static bool has_line(const char *text, struct slice wanted)
{
        struct slice line;

        while (text_line(&text, &line))
                if (line.size == wanted.size && !memcmp(line.at, wanted.at, line.size))
                        return true;
        return false;
}

static void add_lines(struct text_buffer *out, char mark, const char *text, const char *other)
{
        autopool struct pool *pool = pool_new();
        struct slice line;

        while (text_line(&text, &line))
                if (!has_line(other, line))
                        text_addf(out, "      %c %s\n", mark, text_printable(pool, slice_dup(pool, line), SHOWN_MAX));
}

static void add_change(struct text_buffer *out, struct pool *pool, const struct step *step)
{
        bool file = step->how == STEP_FILE && step->after.kind == CONTENT_FILE;

        if (!file) {
                text_addf(out, "      %s -> %s\n", text_printable(pool, step->now, SHOWN_MAX),
                          text_printable(pool, step->want, SHOWN_MAX));
                return;
        }
        text_addf(out, "      %s\n", step->before.kind == CONTENT_FILE ? "changed:" : "new file:");
        if (step->before.kind == CONTENT_FILE && !memchr(step->before.bytes, 0, step->before.size))
                add_lines(out, '-', step->before.bytes, step->after.bytes);
        add_lines(out, '+', step->after.bytes, step->before.kind == CONTENT_FILE ? step->before.bytes : "");
        if (step->before.kind == CONTENT_FILE && step->before.mode != step->after.mode)
                text_addf(out, "      mode %04o -> %04o\n", step->before.mode, step->after.mode);
}

/* A row that apply has nothing to do for. */
static void add_other(struct text_buffer *out, struct pool *pool, const struct step *step)
{
        bool file = step->how == STEP_FILE && step->after.kind == CONTENT_FILE;

        text_addf(out, "   -  %s: %s, %s", step->waived ? "waived" : status_name(step->status), step->id, step->target);
        if (!file && step->now && step->want && !status_is_fine(step->status))
                text_addf(out, ": have %s, want %s", text_printable(pool, step->now, SHOWN_MAX),
                          text_printable(pool, step->want, SHOWN_MAX));
        text_add(out, "\n");
        if (step->waived)
                text_addf(out, "      %s\n", text_printable(pool, step->waived, SHOWN_MAX));
        else if (step->note)
                text_addf(out, "      %s\n", text_printable(pool, step->note, SHOWN_MAX));
        if (step->fix && !status_is_fine(step->status))
                text_addf(out, "      -> %s\n", text_printable(pool, step->fix, SHOWN_MAX));
}

/* The same is to be done to many targets (a governor on every policy): the first stands for those that follow it. */
static bool is_alike(const struct step *a, const struct step *b)
{
        return step_is_due(b) && a->how == STEP_WRITE && b->how == STEP_WRITE && text_equals(a->id, b->id) &&
               text_equals(a->now, b->now) && text_equals(a->want, b->want) && text_equals(a->note, b->note);
}

void report_text_plan(const struct plan *plan, const struct options *options, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        unsigned due = 0, right = 0, other = 0, left = 0, more;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];

                right += status_is_fine(step->status);
                if (!step_is_due(step)) {
                        left += step->waived != NULL;
                        other += !status_is_fine(step->status) && !step->waived;
                        if (options->verbose || !status_is_fine(step->status))
                                add_other(out, pool, step);
                        continue;
                }
                for (more = 0; i + more + 1 < plan->count && is_alike(step, plan->rows[i + more + 1]) && !options->verbose;)
                        more++;
                text_addf(out, "%4u. %s  %s %s  (%s, %s%s%s)\n", ++due, step->id, step_how_name(step->how), step->target,
                          step->when == WHEN_NOW ? "now" : "at the next boot", risk_name(step->risk), step->from ? ", " : "",
                          step->from ? step->from : "");
                add_change(out, pool, step);
                if (more)
                        text_addf(out, "      and %u more, the last of them %s\n", more, plan->rows[i + more]->target);
                if (step->note)
                        text_addf(out, "      %s\n", text_printable(pool, step->note, SHOWN_MAX));
                due += more;
                i += more;
        }
        if (!due)
                text_add(out, "nothing to do");
        else
                text_addf(out, "\n%u step%s to make", due, due == 1 ? "" : "s");
        text_addf(out, ", %u target%s as wanted already", right, right == 1 ? " is" : "s are");
        if (other)
                text_addf(out, ", %u need%s more than apply (see above)", other, other == 1 ? "s" : "");
        if (left)
                text_addf(out, ", %u left as %s: a waiver holds", left, left == 1 ? "it is" : "they are");
        text_add(out, "\n");
}

static bool is_alike_outcome(const struct outcome *a, const struct outcome *b)
{
        return a->how == STEP_WRITE && b->how == STEP_WRITE && a->result == b->result && text_equals(a->id, b->id) &&
               text_equals(a->now, b->now) && text_equals(a->want, b->want) && text_equals(a->kept, b->kept) &&
               a->error == b->error;
}

void report_text_outcomes(const struct outcomes *outcomes, const struct options *options, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        unsigned count[RESULT_SKIPPED + 1] = { 0 };

        for (size_t i = 0; i < outcomes->count; i++) {
                const struct outcome *row = &outcomes->rows[i];
                unsigned more = 0;

                while (!options->verbose && i + more + 1 < outcomes->count &&
                       is_alike_outcome(row, &outcomes->rows[i + more + 1]))
                        more++;
                count[row->result] += more + 1;
                i += more;
                text_addf(out, "%-8s %s  %s", step_result_name(row->result), row->id ? row->id : "-", row->target);
                if (row->how == STEP_WRITE && row->now && row->want)
                        text_addf(out, "  %s -> %s", text_printable(pool, row->now, 60), text_printable(pool, row->want, 60));
                if (more)
                        text_addf(out, ", and %u more like it", more);
                if (row->kept)
                        text_addf(out, "  kept %s", text_printable(pool, row->kept, 60));
                if (row->result == RESULT_FAILED)
                        text_addf(out, "  %s", strerror(-row->error));
                if (row->note && (options->verbose || row->result != RESULT_DONE))
                        text_addf(out, "  (%s)", text_printable(pool, row->note, SHOWN_MAX));
                text_add(out, "\n");
        }
        for (unsigned result = RESULT_DONE; result <= RESULT_SKIPPED; result++)
                if (count[result])
                        text_addf(out, "%s%u %s", out->size && out->at[out->size - 1] != '\n' ? ", " : "", count[result],
                                  step_result_name(result));
        if (!outcomes->count)
                return;
        /* 0: there was no ledger to write to. An undo may have gone through several, the first of them last. */
        if (outcomes->ledger && !count[RESULT_DONE] && !count[RESULT_KEPT] && !count[RESULT_FAILED])
                text_addf(out, "; as it was before apply %u", outcomes->ledger);
        else if (outcomes->ledger)
                text_addf(out, "; recorded as %u", outcomes->ledger);
        text_add(out, "\n");
}

/* Gauges for the text file collector of the node exporter (Prometheus text format 0.0.4).
 *
 * A host has the same series from run to run, whatever their values: a state is as many gauges of 0 and 1 as there are states, and a
 * number that is not known is NaN, because zero is a number and a series that comes and goes cannot be alerted on. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of findings, and of facts of one unit. A box has some hundred; one that has more than this has something wrong with it. */
#define SERIES_MAX 2000

static const struct escape escapes[] = { { '\\', "\\\\" }, { '"', "\\\"" }, { 0 } };

struct series {
        const char *labels;
        double number;
};

struct series_list {
        struct pool *pool;
        size_t count, left_out;
        struct series *rows;
};

/* --- lines --------------------------------------------------------------------------------------------------------------- */

static void add_head(struct text_buffer *out, const char *name, const char *help)
{
        text_addf(out, "# HELP plumbline_%s %s\n# TYPE plumbline_%s gauge\n", name, help, name);
}

static void add_line(struct text_buffer *out, const char *name, const char *labels, double number)
{
        autopool struct pool *pool = pool_new();

        text_addf(out, "plumbline_%s%s%s%s %s\n", name, *labels ? "{" : "", labels, *labels ? "}" : "",
                  report_number_words(pool, number));
}

static void add_one(struct text_buffer *out, const char *name, const char *help, double number)
{
        add_head(out, name, help);
        add_line(out, name, "", number);
}

static const char *label(struct pool *pool, const char *name, const char *text)
{
        autobuffer struct text_buffer escaped = { 0 };

        report_escape(&escaped, text, escapes);
        return pool_format(pool, "%s=\"%s\"", name, escaped.at ? escaped.at : "");
}

static void series_add(struct series_list *list, const char *labels, double number)
{
        if (list->count == SERIES_MAX) {
                list->left_out++;
                return;
        }
        list->rows = pool_grow(list->pool, list->rows, list->count, sizeof *list->rows);
        list->rows[list->count++] = (struct series){ labels, number };
}

static int compare(const void *a, const void *b)
{
        const struct series *x = a, *y = b;

        return strcmp(x->labels, y->labels);
}

/* By labels, each once: two lines of one series make a reader refuse the whole file. merge says what they become. */
static void series_settle(struct series_list *list, double (*merge)(double, double))
{
        size_t count = 0;

        if (list->count)
                qsort(list->rows, list->count, sizeof *list->rows, compare);
        for (size_t i = 0; i < list->count; i++) {
                if (count && text_equals(list->rows[count - 1].labels, list->rows[i].labels))
                        list->rows[count - 1].number = merge(list->rows[count - 1].number, list->rows[i].number);
                else
                        list->rows[count++] = list->rows[i];
        }
        list->count = count;
}

/* --- findings ------------------------------------------------------------------------------------------------------------ */

static double worse(double a, double b)
{
        return a > b ? a : b;
}

/* The gauges of one finding, of which one is 1. */
static void add_states(struct text_buffer *out, const struct series *row)
{
        autopool struct pool *pool = pool_new();

        for (unsigned state = 0; state < STATES; state++)
                add_line(out, "finding", pool_format(pool, "%s,state=\"%s\"", row->labels, report_state_name(state)),
                         row->number == state);
}

/* Not the kind of the finding, which follows its state: what is contested is a conflict, and still the setting that it is.
 * group: what concerns several settings as a whole, beside them. */
static const char *kind_of(const struct profile *profile, const struct finding *finding)
{
        if (finding->kind == FINDING_REQUIREMENT)
                return "requirement";
        if (judge_is_of_waiver(profile, finding))
                return "waiver";
        for (size_t i = 0; i < profile->tune_count; i++)
                if (text_equals(profile->tunes[i].knob->name, finding->id))
                        return "group";
        return text_equals(finding->id, "cpus") ? "group" : "setting";
}

static void state_add(struct series_list *list, const char *id, const char *kind, enum tier tier, enum state state)
{
        series_add(list,
                   pool_format(list->pool, "%s,kind=\"%s\",tier=\"%s\"", label(list->pool, "id", id), kind, tier_name(tier)),
                   state);
}

/* Findings that are there only when something is wrong: of a tuner as a whole, of the partition, of a waiver that names nothing.
 * Without them here, their series would come and go. */
static void add_absent(const struct profile *profile, struct series_list *list)
{
        const struct knob *last = NULL;
        enum tier tier = TIER_INFO;

        state_add(list, "cpus", "group", TIER_CRITICAL, STATE_OK);
        for (size_t i = 0; i < profile->waiver_count; i++)
                state_add(list, profile->waivers[i].id, "waiver", TIER_INFO, STATE_OK);
        for (size_t i = 0; i <= profile->tune_count; i++) {
                const struct tune *tune = i < profile->tune_count ? &profile->tunes[i] : NULL;

                if (last && (!tune || tune->knob != last)) {
                        state_add(list, last->name, "group", tier, STATE_OK);
                        tier = TIER_INFO;
                }
                if (tune && tune->setting.tier < tier)
                        tier = tune->setting.tier;
                last = tune ? tune->knob : NULL;
        }
}

static void add_findings(const struct report *report, struct text_buffer *out, size_t *left_out)
{
        const struct profile *profile = report->session->profile;
        autopool struct pool *pool = pool_new();
        struct series_list list = { .pool = pool };
        const struct finding *finding;
        enum state state = STATE_OK;

        add_absent(profile, &list);
        for (size_t i = 0; (finding = report_row(report, i, &state)); i++)
                state_add(&list, finding->id, kind_of(profile, finding), finding->tier, state);
        series_settle(&list, worse);
        add_head(out, "finding", "State of each requirement, setting, group of settings and waiver: 1 for the one it is in.");
        for (size_t i = 0; i < list.count; i++)
                add_states(out, &list.rows[i]);
        *left_out += list.left_out;
}

static void add_counts(const struct report *report, struct text_buffer *out)
{
        unsigned counts[TIER_INFO + 1][STATES] = { 0 };
        autopool struct pool *pool = pool_new();
        const struct finding *finding;
        enum state state = STATE_OK;

        for (size_t i = 0; (finding = report_row(report, i, &state)); i++)
                counts[finding->tier][state]++;
        add_head(out, "findings", "Requirements and settings in each state.");
        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++)
                for (state = STATE_OK; state < STATES; state++)
                        add_line(out, "findings",
                                 pool_format(pool, "state=\"%s\",tier=\"%s\"", report_state_name(state), tier_name(tier)),
                                 counts[tier][state]);
}

static void add_build(struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();

        add_head(out, "build_info", "Which plumbline this is.");
        add_line(out, "build_info", label(pool, "version", PLUMBLINE_VERSION), 1);
}

static void add_verdict(enum verdict which, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();

        add_head(out, "verdict", "The verdict of the check: 1 for the one it is, 0 for the others.");
        for (unsigned verdict = VERDICT_READY; verdict <= VERDICT_UNKNOWN; verdict++)
                add_line(out, "verdict", pool_format(pool, "verdict=\"%s\"", verdict_name(verdict)), which == verdict);
}

static void add_share(const struct judgement *judgement, struct text_buffer *out)
{
        add_one(out, "important_ratio", "Share of what is important that holds; NaN where nothing is important.",
                judgement->important_of ? (double)judgement->important_pass / judgement->important_of : NAN);
        add_one(out, "important_needed_ratio", "Share of what is important that must hold.", judgement->important_needed / 100);
}

/* --- facts: one metric for each unit, in the base unit of Prometheus --------------------------------------------------------- */

static const struct {
        const char *name, *help;
        double factor;
} metrics[] = {
        [UNIT_NONE] = { "fact_value", "Facts without a unit, and counts.", 1 },
        [UNIT_BYTES] = { "fact_bytes", "Facts that are sizes.", 1 },
        [UNIT_BITRATE] = { "fact_bytes_per_second", "Facts that are rates; a link of 8 Gbit/s has 1e9.", 1.0 / 8 },
        [UNIT_SECONDS] = { "fact_seconds", "Facts that are times.", 1 },
        [UNIT_PERCENT] = { "fact_ratio", "Facts that are shares; 1 is the whole.", 0.01 },
        [UNIT_TRANSFERS] = { "fact_transfers_per_second", "Facts that are transfers of memory.", 1e6 },
        [UNIT_CELSIUS] = { "fact_celsius", "Facts that are temperatures.", 1 },
        [UNIT_HERTZ] = { "fact_hertz", "Facts that are frequencies.", 1 },
};

static enum unit unit_of(const struct fact *fact)
{
        return fact->info->unit == UNIT_COUNT ? UNIT_NONE : fact->info->unit;
}

/* Two facts that print the same: whose number it is cannot be told. */
static double neither(double a, double b)
{
        (void)a;
        (void)b;
        return NAN;
}

static void add_facts(const struct facts *facts, enum unit unit, struct text_buffer *out, size_t *left_out)
{
        autopool struct pool *pool = pool_new();
        struct series_list list = { .pool = pool };

        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                enum value_kind kind = fact->info->kind;
                double number = NAN;

                if (unit_of(fact) != unit || (kind != VALUE_FLAG && kind != VALUE_NUMBER && kind != VALUE_REAL))
                        continue;
                if (fact->status == FACT_KNOWN && report_number(&fact->value, &number))
                        number *= metrics[unit].factor;
                series_add(&list, label(pool, "name", fact->name), number);
        }
        series_settle(&list, neither);
        if (list.count)
                add_head(out, metrics[unit].name, metrics[unit].help);
        for (size_t i = 0; i < list.count; i++)
                add_line(out, metrics[unit].name, list.rows[i].labels, list.rows[i].number);
        *left_out += list.left_out;
}

/* Whoever asks for it asks in every run, so the series stay the same. */
static void add_streak(const struct streak *streak, struct text_buffer *out)
{
        if (!streak->after)
                return;
        add_one(out, "failures_in_a_row", "Checks in a row that found the host not ready, or could not tell.",
                streak->error < 0 ? NAN : (double)streak->failures);
        add_one(out, "alert", "1 where there are as many of them as make an alert, or they cannot be counted.",
                streak_alerts(streak));
}

int report_prometheus_check(const struct report *report, struct text_buffer *out)
{
        const struct profile *profile = report->session->profile;
        autopool struct pool *pool = pool_new();
        const char *given_up = report_given_up(report, pool);
        size_t left_out = 0;

        add_build(out);
        add_head(out, "profile_info", "The profile that the host is held against.");
        add_line(out, "profile_info",
                 pool_format(pool, "%s,%s", label(pool, "name", profile->name), label(pool, "sha256", profile->sha256)), 1);
        add_one(out, "check_time_seconds", "When the host was looked at, since 1970: an old one says that nobody looks.",
                (double)report->session->seconds);
        if (given_up)
                text_addf(out, "# plumbline: %s\n", given_up);
        add_verdict(report->judgement->verdict, out);
        add_share(report->judgement, out);
        add_streak(&report->streak, out);
        add_counts(report, out);
        add_findings(report, out, &left_out);
        for (unsigned unit = 0; unit < sizeof metrics / sizeof metrics[0]; unit++)
                if (metrics[unit].name)
                        add_facts(report->facts, unit, out, &left_out);
        add_one(out, "left_out", "Findings and facts beyond what this file has room for.", (double)left_out);
        return report->judgement->exit;
}

/* No profile, no time: nothing was looked at. */
void report_prometheus_refused(struct text_buffer *out)
{
        add_build(out);
        add_verdict(VERDICT_UNKNOWN, out);
}

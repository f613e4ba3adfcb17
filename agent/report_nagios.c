/* One status line with performance data, and long text behind it, for Nagios, Icinga and their kin. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <string.h>

/* Nagios reads no more than 8 KiB of a plugin's output, the end of the text included (Plugin API, "Plugin Output Length"). */
#define OUTPUT_MAX  8000
#define NUMBERS_MAX 4000
#define FINDING_MAX 300

enum plugin_code { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

struct summary {
        unsigned counts[TIER_INFO + 1][STATES];
        const struct finding *worst; /* of the heaviest tier that has something wrong; NULL: nothing is */
};

/* '|' parts text from numbers wherever it stands. */
static const struct escape text_escapes[] = { { '|', "/" }, { 0 } };
static const struct escape label_escapes[] = { { '|', "_" }, { '\'', "_" }, { '=', "_" }, { 0 } };

static void summarise(const struct report *report, struct summary *summary)
{
        const struct finding *finding;
        enum state state = STATE_OK, worst = STATE_OK;

        memset(summary, 0, sizeof *summary);
        for (size_t i = 0; (finding = report_row(report, i, &state)); i++) {
                summary->counts[finding->tier][state]++;
                if (state <= STATE_WAIVED || state == STATE_UNREAD)
                        continue;
                if (!summary->worst || finding->tier < summary->worst->tier ||
                    (finding->tier == summary->worst->tier && state > worst)) {
                        summary->worst = finding;
                        worst = state;
                }
        }
}

/* A box that is known not to be ready, and of which something critical could not be told, is not a matter of important findings. */
static enum plugin_code code_of(const struct report *report, const struct summary *summary)
{
        const unsigned *critical = summary->counts[TIER_CRITICAL];
        enum verdict verdict = report->judgement->verdict;

        /* The first failures of several that make an alert wake nobody, and are not hidden either. */
        if (report->streak.failures && !streak_alerts(&report->streak))
                return PLUGIN_WARNING;
        if (critical[STATE_FAILED] || (critical[STATE_UNKNOWN] && verdict == VERDICT_NOT_READY))
                return PLUGIN_CRITICAL;
        if (critical[STATE_UNKNOWN] || verdict == VERDICT_UNKNOWN)
                return PLUGIN_UNKNOWN;
        return summary->worst ? PLUGIN_WARNING : PLUGIN_OK;
}

static void add_finding(const struct finding *finding, struct pool *pool, struct text_buffer *out)
{
        const char *words = report_words(pool, finding, FINDING_MAX);

        words = pool_format(pool, "%s%s%s", text_printable(pool, finding->id, FINDING_MAX / 2), *words ? ": " : "", words);
        report_escape(out, text_printable(pool, words, FINDING_MAX), text_escapes);
}

static void add_status(const struct report *report, const struct summary *summary, struct pool *pool, struct text_buffer *out)
{
        static const char *const names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
        static const enum state states[] = { STATE_FAILED, STATE_UNKNOWN, STATE_PENDING, STATE_UNREAD };
        const char *streak = streak_words(pool, &report->streak), *given_up = report_given_up(report, pool);

        /* Of what was not looked at, an audit must not speak well. */
        text_addf(out, "PLUMBLINE %s - %s%s, profile ", names[code_of(report, summary)],
                  report_verdict_words(report->judgement->verdict),
                  report->judgement->unread && report->judgement->exit % 4 == 0 ? " as far as looked" : "");
        report_escape(out, text_printable(pool, report->session->profile->name, FINDING_MAX), text_escapes);
        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++)
                for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
                        if (summary->counts[tier][states[i]])
                                text_addf(out, ", %u %s %s", summary->counts[tier][states[i]], tier_name(tier),
                                          report_state_name(states[i]));
        if (streak)
                text_addf(out, "; %s", streak);
        if (given_up) {
                text_add(out, "; ");
                report_escape(out, text_printable(pool, given_up, FINDING_MAX), text_escapes);
        }
        if (summary->worst) {
                text_add(out, "; first ");
                add_finding(summary->worst, pool, out);
        }
}

/* A range that alerts outside of itself: "20:" wants at least 20, "~:80" at most 80. */
static void add_range(const struct want *want, struct pool *pool, struct text_buffer *out)
{
        const char *words;
        double number;

        if (want->count != 1 || !want->values || !report_number(&want->values[0], &number))
                return;
        words = report_number_words(pool, number);
        if (want->op == OP_GE || want->op == OP_GT)
                text_addf(out, "%s:", words);
        else if (want->op == OP_LE || want->op == OP_LT)
                text_addf(out, "~:%s", words);
        else if (want->op == OP_EQ)
                text_addf(out, "%s:%s", words, words);
}

static bool is_of(const struct requirement *requirement, const char *fact)
{
        return requirement->quantifier == QUANTIFIER_ONE && text_equals(requirement->pattern, fact);
}

/* The range that one tier wants of a fact, where it wants one. */
static void add_range_of(const struct profile *profile, const char *fact, enum tier tier, struct pool *pool,
                         struct text_buffer *out)
{
        for (size_t i = 0; i < profile->requirement_count; i++)
                if (profile->requirements[i].tier == tier && is_of(&profile->requirements[i], fact))
                        add_range(&profile->requirements[i].want, pool, out);
}

/* 'LABEL'=VALUE[UNIT];WARNING;CRITICAL of one number, whatever tiers require it; U says that there is one and that it is not known. */
static void add_number(const struct report *report, const struct requirement *requirement, struct pool *pool,
                       struct text_buffer *out)
{
        static const char *const units[] = {
                [UNIT_BYTES] = "B", [UNIT_SECONDS] = "s", [UNIT_PERCENT] = "%", [UNIT_HERTZ] = NULL
        };
        const struct fact *fact = fact_find(report->facts, requirement->pattern);
        enum unit unit = requirement->info->unit;
        autobuffer struct text_buffer critical = { 0 };
        double number;

        text_add(out, " '");
        report_escape(out, text_printable(pool, requirement->pattern, FINDING_MAX), label_escapes);
        if (fact && fact->status == FACT_KNOWN && report_number(&fact->value, &number))
                text_addf(out, "'=%s%s;", report_number_words(pool, number), units[unit] ? units[unit] : "");
        else
                text_add(out, "'=U;");
        add_range_of(report->session->profile, requirement->pattern, TIER_IMPORTANT, pool, out);
        add_range_of(report->session->profile, requirement->pattern, TIER_CRITICAL, pool, &critical);
        if (critical.size)
                text_addf(out, ";%s", critical.at);
}

/* A fact has one entry, however many tiers require it. */
static bool is_first(const struct profile *profile, size_t at)
{
        for (size_t i = 0; i < at; i++)
                if (is_of(&profile->requirements[i], profile->requirements[at].pattern))
                        return false;
        return true;
}

static void add_numbers(const struct report *report, const struct summary *summary, struct pool *pool, struct text_buffer *out)
{
        const struct profile *profile = report->session->profile;

        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++) {
                const unsigned *counts = summary->counts[tier];

                for (unsigned state = STATE_WAIVED; state < STATES; state++)
                        text_addf(out, " '%s_%s'=%u;;;0", tier_name(tier), report_state_name(state), counts[state]);
        }
        for (size_t i = 0; i < profile->requirement_count; i++) {
                const struct requirement *requirement = &profile->requirements[i];
                enum value_kind kind = requirement->info->kind;
                autobuffer struct text_buffer one = { 0 };

                if (requirement->quantifier != QUANTIFIER_ONE || (kind != VALUE_NUMBER && kind != VALUE_REAL) ||
                    !is_first(profile, i))
                        continue;
                add_number(report, requirement, pool, &one);
                if (out->size + one.size > NUMBERS_MAX)
                        return;
                text_add(out, one.at);
        }
}

static void add_long_text(const struct report *report, struct pool *pool, struct text_buffer *out)
{
        const struct finding *finding;
        enum state state = STATE_OK;
        size_t left = 0;

        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++)
                for (size_t i = 0; (finding = report_row(report, i, &state)); i++) {
                        autobuffer struct text_buffer line = { 0 };

                        if (finding->tier != tier || state == STATE_OK)
                                continue;
                        text_addf(&line, "%s %s ", state == STATE_UNREAD ? "unread" : status_name(finding->status),
                                  tier_name(tier));
                        add_finding(finding, pool, &line);
                        if (left || out->size + line.size + 1 > OUTPUT_MAX)
                                left++;
                        else
                                text_addf(out, "%s\n", line.at);
                }
        if (left)
                text_addf(out, "and %zu more: plumbline %s shows them\n", left, report->verb);
}

int report_nagios_check(const struct report *report, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        struct summary summary;

        summarise(report, &summary);
        add_status(report, &summary, pool, out);
        text_add(out, " |");
        add_numbers(report, &summary, pool, out);
        text_add(out, "\n");
        add_long_text(report, pool, out);
        return (int)code_of(report, &summary);
}

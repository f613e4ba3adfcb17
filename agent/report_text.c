/* Text for people: a screen that says first what is wrong, and what to do. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <string.h>

#define WIDTH  110
#define INDENT 15
/* Columns of what was counted, and of what comes of a deed. */
#define COUNTS    14
#define DEED      33
#define SHOWN_MAX 400

enum paint { PAINT_PLAIN, PAINT_GOOD, PAINT_BAD, PAINT_WARN, PAINT_DIM };

static const char *paint_on(const struct options *options, enum paint paint)
{
        static const char *const codes[] = { "", "\033[32m", "\033[31;1m", "\033[33m", "\033[2m" };

        return options->color ? codes[paint] : "";
}

static const char *paint_off(const struct options *options, enum paint paint)
{
        return options->color && paint != PAINT_PLAIN ? "\033[0m" : "";
}

static enum paint status_paint(enum status status)
{
        if (status_is_failure(status))
                return PAINT_BAD;
        return status_is_fine(status) ? PAINT_GOOD : PAINT_WARN;
}

/* Of the terminal, where there is one that is narrower. */
static size_t width_of(const struct options *options)
{
        return options->width ? options->width : WIDTH;
}

/* Behind an indent, broken between words at the width of the screen. */
static void add_wrapped(struct text_buffer *out, size_t width, size_t indent, const char *text)
{
        autobuffer struct text_buffer words = { 0 };
        struct slice word;

        while (text_word(&text, " \n\t", &word))
                text_addf(&words, "%s%.*s", words.size ? " " : "", (int)word.size, word.at);
        if (!words.size)
                return;
        text_addf(out, "%*s", (int)indent, "");
        report_add_wrapped(out, indent, indent, width, words.at);
}

/* The text in a column behind its label, below itself where the screen is too narrow. */
static void add_labelled(struct text_buffer *out, const struct options *options, int column, const char *label,
                         const char *text)
{
        autobuffer struct text_buffer lines = { 0 };

        add_wrapped(&lines, width_of(options), (size_t)column, text);
        text_addf(out, "  %-*s%s", column - 2, label, lines.at + column);
}

static const char *capitals(struct pool *pool, const char *word)
{
        char *copy = pool_dup(pool, word);

        for (char *c = copy; *c; c++)
                *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        return copy;
}

/* What is behind the first line: what was found, or else why it matters, and what to do. */
static void add_reasons(const struct finding *finding, const struct options *options, struct pool *pool,
                        struct text_buffer *out)
{
        autobuffer struct text_buffer text = { 0 };
        size_t width = width_of(options);

        if (finding->waiver)
                add_wrapped(out, width, INDENT, pool_format(pool, "waived: %s", finding->waiver));
        if (options->verbose && finding->source)
                add_wrapped(out, width, INDENT, pool_format(pool, "read from %s", text_printable(pool, finding->source, 200)));
        if (options->verbose && finding->note && finding->why)
                add_wrapped(out, width, INDENT, text_printable(pool, finding->why, SHOWN_MAX));
        if (status_is_fine(finding->status) && !options->verbose)
                return;
        if (finding->note || finding->why)
                text_add(&text, text_printable(pool, finding->note ? finding->note : finding->why, SHOWN_MAX));
        if (finding->fix && !status_is_fine(finding->status))
                text_addf(&text, "%s-> %s", text.size ? "  " : "", text_printable(pool, finding->fix, SHOWN_MAX));
        if (text.size)
                add_wrapped(out, width, INDENT, text.at);
}

static void add_finding(const struct finding *finding, const struct options *options, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        enum paint paint = status_paint(finding->status);
        const char *words = report_words(pool, finding, SHOWN_MAX);
        const char *from = finding->from ? pool_format(pool, "(%s)", finding->from) : "";
        const char *id = text_printable(pool, finding->id, 80);
        size_t width = width_of(options), used;

        text_addf(out, "%s%-14s%s %s", paint_on(options, paint), capitals(pool, status_name(finding->status)),
                  paint_off(options, paint), id);
        used = INDENT + strlen(id);
        if (used + 2 + strlen(words) + 2 + strlen(from) <= width) {
                text_addf(out, "  %s  %s%s%s\n", words, paint_on(options, PAINT_DIM), from, paint_off(options, PAINT_DIM));
        } else {
                text_addf(out, "  %s%s%s\n", paint_on(options, PAINT_DIM), from, paint_off(options, PAINT_DIM));
                add_wrapped(out, width, INDENT, words);
        }
        add_reasons(finding, options, pool, out);
}

static void add_requirements(const struct judgement *judgement, enum tier tier, const struct options *options,
                             struct text_buffer *out)
{
        const struct tally *tally = &judgement->tiers[tier];
        autobuffer struct text_buffer text = { 0 };
        unsigned all = tally_all(tally);

        if (all)
                text_addf(&text, "%u of %u requirement%s", tally->pass, all, all == 1 ? " holds" : "s hold");
        else
                text_add(&text, "no requirements");
        if (tally->unknown)
                text_addf(&text, ", %u could not be told", tally->unknown);
        if (tally->waived)
                text_addf(&text, ", %u waived", tally->waived);
        if (tier == TIER_IMPORTANT && judgement->important_of)
                text_addf(&text, " (%.0f %%%s, %.0f %% needed)", 100.0 * judgement->important_pass / judgement->important_of,
                          judgement->important_of > all ? " with settings" : "", judgement->important_needed);
        add_labelled(out, options, COUNTS, tier_name(tier), text.at);
}

static void add_settings(const struct judgement *judgement, const struct options *options, struct text_buffer *out)
{
        const struct tally tally = judge_settings_tally(judgement);
        autobuffer struct text_buffer text = { 0 };

        text_addf(&text, "%u of %u as wanted", tally.pass, tally_all(&tally));
        for (unsigned status = STATUS_PENDING; status <= STATUS_FAIL; status++)
                if (judgement->settings[status])
                        text_addf(&text, ", %u %s", judgement->settings[status], status_name(status));
        if (tally.waived)
                text_addf(&text, ", %u waived", tally.waived);
        add_labelled(out, options, COUNTS, "settings", text.at);
}

static void add_verdict(const struct session *session, const struct judgement *judgement, const struct options *options,
                        struct text_buffer *out)
{
        static const char *const words[] = { "READY", "NOT READY", "READY AFTER A REBOOT", "CANNOT TELL" };
        /* Of what was not looked at, an audit must not speak well. */
        const char *so_far = judgement->unread && judgement->exit % 4 == 0 ? " AS FAR AS LOOKED" : "";
        static const enum paint paints[] = { PAINT_GOOD, PAINT_BAD, PAINT_WARN, PAINT_WARN };

        text_addf(out, "%s%s%s%s   %s, profile %s, %s\n\n", paint_on(options, paints[judgement->verdict]),
                  words[judgement->verdict], so_far, paint_off(options, paints[judgement->verdict]),
                  session->host_name ? session->host_name : "this host", session->profile->name, session->now);
        add_requirements(judgement, TIER_CRITICAL, options, out);
        add_requirements(judgement, TIER_IMPORTANT, options, out);
        add_settings(judgement, options, out);
}

/* Critical before important before info, failures before what could not be told before what waits for a reboot; the order of the
 * profile within. */
static void add_wrong(const struct findings *findings, const struct options *options, struct text_buffer *out)
{
        static const char *const headings[] = { "Critical: all must hold", "Important: most must hold", "For information" };

        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++) {
                bool first = true;

                for (unsigned group = 0; group < 3; group++) {
                        for (size_t i = 0; i < findings->count; i++) {
                                const struct finding *finding = &findings->rows[i];
                                unsigned mine = status_is_failure(finding->status)  ? 0
                                                : finding->status == STATUS_UNKNOWN ? 1
                                                                                    : 2;

                                if (finding->tier != tier || mine != group || status_is_fine(finding->status))
                                        continue;
                                if (first)
                                        text_addf(out, "\n%s\n", headings[tier]);
                                first = false;
                                add_finding(finding, options, out);
                        }
                }
        }
}

/* The few things a person can do, each once. */
static void add_advice(const struct findings *findings, const struct options *options, struct text_buffer *out)
{
        struct report_advice advice = report_advice(findings);
        unsigned root = advice.root, box = advice.box, services = advice.services;
        autopool struct pool *pool = pool_new();

        if (advice.apply || advice.reboot || root || box || services)
                text_add(out, "\nWhat to do:\n");
        if (root)
                add_labelled(out, options, DEED, "run this as root",
                             pool_format(pool, "%u %s unreadable without", root, root == 1 ? "is" : "are"));
        if (advice.apply)
                add_labelled(out, options, DEED, "plumbline apply",
                             pool_format(pool, "makes %u of these right (plumbline plan shows how)", advice.apply));
        if (advice.reboot)
                add_labelled(out, options, DEED, "reboot", pool_format(pool, "makes %u right", advice.reboot));
        if (box)
                add_labelled(out, options, DEED, "mend the box",
                             pool_format(pool, "%u %s about the machine itself; a waiver in the profile accepts one for a time",
                                         box, box == 1 ? "is" : "are"));
        if (services)
                add_labelled(out, options, DEED, "mend the services",
                             pool_format(pool, "%u %s about what runs here", services, services == 1 ? "is" : "are"));
}

static void add_unread(const struct findings *unread, enum left_out left_out, const struct options *options,
                       struct text_buffer *out)
{
        const char *them = unread && unread->count == 1 ? "it" : "them";

        autobuffer struct text_buffer text = { 0 };
        autopool struct pool *pool = pool_new();

        if (!unread || !unread->count)
                return;
        if (left_out == LEFT_SERVICES)
                text_addf(&text,
                          "Left out by --before-start, as what starts behind this gate; plumbline check alone reads %s:", them);
        else
                text_addf(&text, "Left unread, since reading %s would disturb; plumbline check reads %s:", them, them);
        for (size_t i = 0; i < unread->count; i++)
                text_addf(&text, "%s %s", i ? "," : "", text_printable(pool, unread->rows[i].id, 80));
        text_add(out, "\n");
        add_wrapped(out, width_of(options), 0, text.at);
}

int report_text_check(const struct report *report, struct text_buffer *out)
{
        const struct findings *findings = report->findings;
        const struct options *options = report->options;
        struct pool *pool = report->session->pool;
        const char *given_up = report_given_up(report, pool), *streak;
        unsigned right = 0, shown = 0;

        add_verdict(report->session, report->judgement, options, out);
        if (given_up)
                text_addf(out, "\nG%s.\n", given_up + 1);
        if (report->past)
                text_addf(out, "\nA past result, of %s, %.0f s ago: nothing was looked at anew.\n",
                          text_printable(pool, report->past, 40), report->past_age_s);
        streak = streak_words(pool, &report->streak);
        if (streak)
                text_addf(out, "\n%c%s.\n", *streak - 'a' + 'A', streak + 1);
        add_wrong(findings, options, out);
        for (size_t i = 0; i < findings->count; i++) {
                const struct finding *finding = &findings->rows[i];

                if (!status_is_fine(finding->status))
                        continue;
                right += finding->status != STATUS_WAIVED;
                if (!options->verbose && finding->status != STATUS_WAIVED)
                        continue;
                if (++shown == 1)
                        text_add(out, "\n");
                add_finding(finding, options, out);
        }
        if (!options->verbose && right)
                text_addf(out, "\n%u finding%s right (--verbose shows them).\n", right, right == 1 ? " is" : "s are");
        add_advice(findings, options, out);
        add_unread(report->unread, report->judgement->left_out, options, out);
        report_text_drifted(report->drift, out);
        return report->judgement->exit;
}

void report_text_facts(const struct facts *facts, const char *const *patterns, size_t count, const struct options *options,
                       struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                const char *value = "absent";

                if (!report_selects(fact->name, patterns, count))
                        continue;
                if (fact->status == FACT_KNOWN)
                        value = text_printable(pool, value_show(pool, &fact->value), 300);
                else if (fact->status == FACT_UNREADABLE)
                        value = pool_format(pool, "unreadable: %s", error_words(fact->error));
                text_addf(out, "%-28s %s", fact->name, value);
                if (fact->note)
                        text_addf(out, "  (%s)", text_printable(pool, fact->note, 300));
                text_add(out, "\n");
                if (options->verbose)
                        text_addf(out, "%-28s from %s, %s\n", "", text_printable(pool, fact->source ? fact->source : "-", 200),
                                  reach_name(fact->info->reach));
        }
}

/* Many hosts on one screen, and for programs. */

#include "agent/report.h"

#include "agent/fleet.h"

#include "agent/core/pool.h"

#include <stdlib.h>

#define HOSTS_SHOWN 40
#define ITEMS_SHOWN 12
#define FILES_SHOWN 20
#define NAMED_MAX   5
#define WIDTH       34

static const char *word_of(int status)
{
        static const char *const words[] = { [EXIT_READY] = "READY",
                                             [EXIT_NOT_READY] = "NOT IN LINE",
                                             [EXIT_CANNOT_TELL] = "CANNOT TELL",
                                             [EXIT_PENDING] = "PENDING" };

        return words[status];
}

/* "pass 128 GiB", "missing". A text may be empty. */
static const char *answer_words(struct pool *pool, const struct fleet_answer *answer)
{
        bool known = text_equals(answer->status, "known");

        if (!answer->have)
                return answer->status;
        if (!*answer->have)
                return known ? "none" : answer->status;
        return known ? answer->have : pool_format(pool, "%s %s", answer->status, answer->have);
}

static void add_hosts(const struct fleet *fleet, const size_t *reports, size_t count, size_t limit, struct text_buffer *out)
{
        for (size_t i = 0; i < count && i < limit; i++)
                text_addf(out, "%s%s", i ? " " : "", fleet->reports[reports[i]].host);
        if (count > limit)
                text_addf(out, " and %zu more", count - limit);
}

static size_t *in_verdict(const struct fleet *fleet, enum verdict verdict, struct pool *pool, size_t *count)
{
        size_t *reports = pool_zero(pool, (fleet->count + 1) * sizeof *reports);

        *count = 0;
        for (size_t i = 0; i < fleet->count; i++) {
                const struct fleet_report *report = &fleet->reports[i];

                if (report->kind == FLEET_FINDINGS && report->verdict == verdict && !report->replaced)
                        reports[(*count)++] = i;
        }
        return reports;
}

static void add_verdicts(const struct fleet *fleet, const struct options *options, struct text_buffer *out)
{
        for (enum verdict verdict = VERDICT_READY; verdict <= VERDICT_UNKNOWN; verdict++) {
                autopool struct pool *pool = pool_new();
                size_t count;
                const size_t *reports = in_verdict(fleet, verdict, pool, &count);

                if (!count)
                        continue;
                text_addf(out, "  %-20s %5zu", report_verdict_words(verdict), count);
                if (verdict != VERDICT_READY || options->verbose) {
                        text_add(out, "   ");
                        add_hosts(fleet, reports, count, options->verbose ? count : NAMED_MAX, out);
                }
                text_add(out, "\n");
        }
        if (fleet->hosts > fleet->kinds[FLEET_FINDINGS])
                text_addf(out, "  %-20s %5zu\n", "without verdict", fleet->hosts - fleet->kinds[FLEET_FINDINGS]);
}

static void add_outlier(const struct fleet_outlier *outlier, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        const struct fleet_answer *most = outlier->item->most;

        text_addf(out, "  %-*s  %s\n", WIDTH, outlier->item->name, answer_words(pool, outlier->answer));
        text_addf(out, "  %-*s  %zu of %zu: %s\n", WIDTH, "", most->count, outlier->item->of, answer_words(pool, most));
}

/* Host by host; a check and the facts of one host stand together. */
static void add_outliers(const struct fleet *fleet, const struct options *options, struct text_buffer *out)
{
        size_t hosts = 0, items = 0;

        for (size_t i = 0; i < fleet->outlier_count; i++) {
                const struct fleet_outlier *outlier = &fleet->outliers[i];
                const struct fleet_report *findings = fleet_findings_of(fleet, outlier->report->host);

                if (!i || !text_equals(fleet->outliers[i - 1].report->host, outlier->report->host)) {
                        items = 0;
                        if (++hosts <= HOSTS_SHOWN || options->verbose)
                                text_addf(out, "\n%s%s%s\n", outlier->report->host, findings ? "   " : "",
                                          findings ? report_verdict_words(findings->verdict) : "");
                }
                items++;
                if (!options->verbose && (hosts > HOSTS_SHOWN || items > ITEMS_SHOWN + 1))
                        continue;
                if (items <= ITEMS_SHOWN || options->verbose)
                        add_outlier(outlier, out);
                else
                        text_add(out, "  and more (--verbose shows them)\n");
        }
        if (hosts > HOSTS_SHOWN && !options->verbose)
                text_addf(out, "\nand %zu more hosts that stand out (--verbose shows them)\n", hosts - HOSTS_SHOWN);
}

static void add_splits(const struct fleet *fleet, const struct options *options, struct text_buffer *out)
{
        size_t shown = 0;

        for (size_t i = 0; i < fleet->item_count; i++) {
                const struct fleet_item *item = &fleet->items[i];

                if (!item->split)
                        continue;
                if (!shown++)
                        text_add(out, "\nNo answer that more than half give\n");
                if (shown > HOSTS_SHOWN && !options->verbose)
                        continue;
                for (size_t j = 0; j < item->count && (j < NAMED_MAX || options->verbose); j++) {
                        autopool struct pool *pool = pool_new();
                        const struct fleet_answer *answer = &item->answers[j];

                        text_addf(out, "  %-*s  %s: ", WIDTH, j ? "" : item->name, answer_words(pool, answer));
                        if (answer->reports)
                                add_hosts(fleet, answer->reports, answer->count, options->verbose ? answer->count : NAMED_MAX,
                                          out);
                        else
                                text_addf(out, "%zu", answer->count);
                        text_add(out, "\n");
                }
                if (item->count > NAMED_MAX && !options->verbose)
                        text_addf(out, "  %-*s  and %zu other answers\n", WIDTH, "", item->count - NAMED_MAX);
        }
        if (shown > HOSTS_SHOWN && !options->verbose)
                text_addf(out, "  and %zu more (--verbose shows them)\n", shown - HOSTS_SHOWN);
}

static void add_refusals(const char *title, const struct fleet_refusal *rows, size_t count, const struct options *options,
                         struct text_buffer *out)
{
        if (count)
                text_addf(out, "\n%zu %s\n", count, title);
        for (size_t i = 0; i < count && (i < FILES_SHOWN || options->verbose); i++)
                text_addf(out, "  %s: %s\n", rows[i].place, rows[i].why);
        if (count > FILES_SHOWN && !options->verbose)
                text_addf(out, "  and %zu more (--verbose shows them)\n", count - FILES_SHOWN);
}

void report_text_fleet(const struct fleet *fleet, const struct options *options, struct text_buffer *out)
{
        text_addf(out, "%s   %zu host%s\n\n", word_of(fleet->exit), fleet->hosts, fleet->hosts == 1 ? "" : "s");
        add_verdicts(fleet, options, out);
        add_outliers(fleet, options, out);
        add_splits(fleet, options, out);
        add_refusals("damaged, and skipped", fleet->damaged, fleet->damaged_count, options, out);
        add_refusals("older than another of the same host, and skipped", fleet->older, fleet->older_count, options, out);
}

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

static const char *word_of(const struct fleet *fleet)
{
        static const char *const words[] = { [EXIT_READY] = "READY",
                                             [EXIT_NOT_READY] = "NOT IN LINE",
                                             [EXIT_CANNOT_TELL] = "CANNOT TELL",
                                             [EXIT_PENDING] = "PENDING" };

        return fleet->exit == EXIT_READY && fleet->ready_partly ? "READY AS FAR AS LOOKED" : words[fleet->exit];
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

/* A line for the hosts of one verdict: of those that were looked at whole, or of those that were ready as far as was looked. */
static void add_verdict(const struct fleet *fleet, enum verdict verdict, bool partly, const struct options *options,
                        struct text_buffer *out)
{
        size_t count = partly ? fleet->ready_partly : fleet->verdicts[verdict];
        size_t limit = options->verbose ? count : NAMED_MAX, named = 0;

        if (!count)
                return;
        text_addf(out, "  %-22s %5zu", partly ? "ready as far as looked" : report_verdict_words(verdict), count);
        for (size_t i = 0; i < fleet->host_count && (verdict != VERDICT_READY || partly || options->verbose); i++) {
                const struct fleet_host *host = &fleet->hosts[i];

                if (host->judged && host->verdict == verdict && (verdict != VERDICT_READY || host->partial == partly) &&
                    named++ < limit)
                        text_addf(out, "%s%s", named == 1 ? "   " : " ", host->name);
        }
        if (named > limit)
                text_addf(out, " and %zu more", named - limit);
        text_add(out, "\n");
}

static void add_verdicts(const struct fleet *fleet, const struct options *options, struct text_buffer *out)
{
        for (enum verdict verdict = VERDICT_READY; verdict <= VERDICT_UNKNOWN; verdict++) {
                add_verdict(fleet, verdict, false, options, out);
                if (verdict == VERDICT_READY)
                        add_verdict(fleet, verdict, true, options, out);
        }
        if (fleet->host_count > fleet->kinds[FLEET_FINDINGS])
                text_addf(out, "  %-22s %5zu\n", "without verdict", fleet->host_count - fleet->kinds[FLEET_FINDINGS]);
}

/* A verdict of another year is none of today. */
static void add_stale(const struct fleet *fleet, const struct session *session, const struct options *options,
                      struct text_buffer *out)
{
        size_t limit = options->verbose ? fleet->stale_count : FILES_SHOWN, shown = 0;

        if (fleet->stale_count)
                text_addf(out, "\n%zu older than the newest report by more than a day\n", fleet->stale_count);
        for (size_t i = 0; i < fleet->host_count; i++) {
                autopool struct pool *pool = pool_new();
                const struct fleet_host *host = &fleet->hosts[i];

                if (host->stale && shown++ < limit)
                        text_addf(out, "  %s: a report of %s, %s old\n", host->name, host->oldest,
                                  fleet_age(pool, host->oldest, session->seconds));
        }
        if (shown > limit)
                text_addf(out, "  and %zu more (--verbose shows them)\n", shown - limit);
}

static void add_namesakes(const struct fleet *fleet, const struct options *options, struct text_buffer *out)
{
        size_t limit = options->verbose ? fleet->namesake_count : FILES_SHOWN, shown = 0;

        if (fleet->namesake_count)
                text_addf(out, "\n%zu may be two hosts of one name: the worse verdict counts\n", fleet->namesake_count);
        for (size_t i = 0; i < fleet->host_count; i++)
                if (fleet->hosts[i].namesakes && shown++ < limit)
                        text_addf(out, "  %s: %s\n", fleet->hosts[i].name, fleet->hosts[i].namesakes);
        if (shown > limit)
                text_addf(out, "  and %zu more (--verbose shows them)\n", shown - limit);
}

/* What a version does not know of is no difference between hosts. */
static void add_versions(const struct fleet *fleet, struct text_buffer *out)
{
        bool any = false;

        for (size_t i = 0; i < fleet->version_count; i++) {
                const struct fleet_version *version = &fleet->versions[i];

                if (!version->untold)
                        continue;
                text_addf(out, "%splumbline %s: %zu fact%s that others tell, and none of its %zu report%s; not compared\n",
                          any ? "" : "\n", version->name ? version->name : "of no known version", version->untold,
                          version->untold == 1 ? "" : "s", version->reports, version->reports == 1 ? "" : "s");
                any = true;
        }
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
                const char *verdict = fleet_verdict_words(&fleet->hosts[outlier->report->host_at]);

                if (!i || !text_equals(fleet->outliers[i - 1].report->host, outlier->report->host)) {
                        items = 0;
                        if (++hosts <= HOSTS_SHOWN || options->verbose)
                                text_addf(out, "\n%s%s%s\n", outlier->report->host, *verdict ? "   " : "", verdict);
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

void report_text_fleet(const struct fleet *fleet, const struct session *session, const struct options *options,
                       struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();

        text_addf(out, "%s   %zu host%s\n", word_of(fleet), fleet->host_count, fleet->host_count == 1 ? "" : "s");
        if (fleet->oldest)
                text_addf(out, "the oldest report is of %s, %s old\n", fleet->oldest,
                          fleet_age(pool, fleet->oldest, session->seconds));
        text_add(out, "\n");
        add_verdicts(fleet, options, out);
        add_namesakes(fleet, options, out);
        add_stale(fleet, session, options, out);
        add_outliers(fleet, options, out);
        add_splits(fleet, options, out);
        add_versions(fleet, out);
        add_refusals("damaged, and skipped", fleet->damaged, fleet->damaged_count, options, out);
        add_refusals("older than another of the same host, and skipped", fleet->older, fleet->older_count, options, out);
}

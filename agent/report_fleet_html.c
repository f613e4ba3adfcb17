/* Many hosts on a page for people: the verdicts, who stands out in what, and all hosts in a table. */

#include "agent/report_html.h"

#include "agent/fleet.h"

#include "agent/core/pool.h"

#include <stdlib.h>

/* Nobody reads more of them, and each host stands in the table too. */
#define CARDS_MAX   200U
#define ITEMS_MAX   30U
#define ANSWERS_MAX 20U
#define HOSTS_MAX   20U

static const char *verdict_of(int status)
{
        return verdict_name(status == EXIT_READY       ? VERDICT_READY
                            : status == EXIT_NOT_READY ? VERDICT_NOT_READY
                            : status == EXIT_PENDING   ? VERDICT_PENDING
                                                       : VERDICT_UNKNOWN);
}

static const char *title_of(const struct fleet *fleet)
{
        static const char *const words[] = { [EXIT_READY] = "READY, AND ALIKE",
                                             [EXIT_NOT_READY] = "NOT IN LINE",
                                             [EXIT_CANNOT_TELL] = "CANNOT TELL",
                                             [EXIT_PENDING] = "READY AFTER A REBOOT" };

        return fleet->exit == EXIT_READY && fleet->ready_partly ? "READY AS FAR AS LOOKED, AND ALIKE" : words[fleet->exit];
}

static void add_tile(const struct html *html, const char *name, size_t number, const char *more)
{
        html_add(html, "<div><dt>%s</dt><dd><b>%zu</b><span class=\"more\">%s</span></dd></div>\n", name, number, more);
}

static size_t outlying_hosts(const struct fleet *fleet)
{
        size_t hosts = 0;

        for (size_t i = 0; i < fleet->host_count; i++)
                hosts += fleet->hosts[i].outliers > 0;
        return hosts;
}

/* What keeps somebody from work is on top. */
static unsigned concern(const struct fleet_host *host)
{
        return host->judged ? 2 * fleet_rank(host->verdict) + host->partial + 1 : 0;
}

static int by_concern(const void *a, const void *b)
{
        const struct fleet_host *left = *(const struct fleet_host *const *)a, *right = *(const struct fleet_host *const *)b;

        if (concern(left) != concern(right))
                return concern(left) < concern(right) ? 1 : -1;
        return (left > right) - (left < right);
}

/* Those that are not ready first. */
static const struct fleet_host **sorted_hosts(const struct html *html, const struct fleet *fleet)
{
        const struct fleet_host **hosts = pool_zero(html->pool, (fleet->host_count + 1) * sizeof(void *));

        for (size_t i = 0; i < fleet->host_count; i++)
                hosts[i] = &fleet->hosts[i];
        qsort(hosts, fleet->host_count, sizeof *hosts, by_concern);
        return hosts;
}

static void add_tiles(const struct html *html, const struct fleet *fleet)
{
        text_add(html->out, "<dl class=\"tiles eight\">\n");
        for (enum verdict each = VERDICT_READY; each <= VERDICT_UNKNOWN; each++) {
                add_tile(html, report_verdict_words(each), fleet->verdicts[each], "by check or audit");
                if (each == VERDICT_READY)
                        add_tile(html, "ready as far as looked", fleet->ready_partly, "audits leave something unread");
        }
        add_tile(html, "stand out", outlying_hosts(fleet), "say what most do not");
        add_tile(html, "old", fleet->stale_count, "a day behind the newest report");
        add_tile(html, "damaged", fleet->damaged_count, "files that are no report");
        text_add(html->out, "</dl>\n");
}

static void add_header(const struct html *html, const struct fleet *fleet, const struct session *session)
{
        const char *verdict = verdict_of(fleet->exit);

        text_add(html->out, "<header>\n<div class=\"verdict ");
        text_add(html->out, html_verdict_class(verdict));
        text_add(html->out, "\"><h1 id=\"verdict\"><span aria-hidden=\"true\">");
        text_add(html->out, html_verdict_sign(verdict));
        html_add(html, "</span> %s</h1><p class=\"host\">%zu host%s</p></div>\n", title_of(fleet), fleet->host_count,
                 fleet->host_count == 1 ? "" : "s");
        html_add(html, "<dl class=\"about\"><div><dt>time</dt><dd><time datetime=\"%s\">%s</time></dd></div>", session->now,
                 session->now);
        if (fleet->oldest)
                html_add(html, "<div><dt>oldest report</dt><dd><time datetime=\"%s\">%s</time>, %s old</dd></div>",
                         fleet->oldest, fleet->oldest, fleet_age(html->pool, fleet->oldest, session->seconds));
        html_add(html, "<div><dt>asked by</dt><dd>plumbline fleet, exit status %s</dd></div></dl>\n",
                 pool_format(html->pool, "%d", fleet->exit));
        add_tiles(html, fleet);
        html_add(html,
                 "<nav aria-label=\"Parts of this report\"><ul><li><a href=\"#wrong\">Who stands out (%zu)</a></li>"
                 "<li><a href=\"#tables\">All hosts</a></li></ul></nav>\n</header>\n",
                 outlying_hosts(fleet));
}

/* "fail 64 GiB" */
static const char *words_of(const struct html *html, const struct fleet_answer *answer)
{
        if (!answer->have)
                return answer->status;
        return text_equals(answer->status, "known") ? answer->have
                                                    : pool_format(html->pool, "%s %s", answer->status, answer->have);
}

/* The class and sign of a verdict; of none. */
static const char *host_verdict(const struct fleet_host *host)
{
        return host->judged ? verdict_name(host->verdict) : "";
}

/* --- who stands out --------------------------------------------------------------------------------------------------------- */

static void begin_card(const struct html *html, const struct fleet_host *host)
{
        const char *verdict = host_verdict(host);

        text_add(html->out, "<article class=\"f ");
        text_add(html->out, html_verdict_class(verdict));
        text_add(html->out, "\"><h4><span class=\"st\">");
        text_add(html->out, html_verdict_sign(verdict));
        html_add(html, " %s</span><span class=\"id\">%s</span></h4><dl>", *verdict ? fleet_verdict_words(host) : "no verdict",
                 host->name);
}

/* In what the host stands out; its outliers stand one behind the other. */
static void add_card(const struct html *html, const struct fleet *fleet, const struct fleet_host *host)
{
        begin_card(html, host);
        for (size_t i = 0; i < host->outliers && i < ITEMS_MAX; i++) {
                const struct fleet_outlier *outlier = &fleet->outliers[host->first_outlier + i];
                const struct fleet_answer *most = outlier->item->most;

                html_add(html, "<dt>%s</dt><dd class=\"main\">%s</dd>", outlier->item->name, words_of(html, outlier->answer));
                html_add(html, "<dt>%zu of %zu</dt><dd>%s</dd>", most->count, outlier->item->of, words_of(html, most));
        }
        if (host->outliers > ITEMS_MAX)
                html_add(html, "<dt>and %zu more</dt><dd>see --verbose or --format json</dd>", host->outliers - ITEMS_MAX);
        text_add(html->out, "</dl></article>\n");
}

static void add_cards(const struct html *html, const struct fleet *fleet)
{
        const struct fleet_host **hosts = sorted_hosts(html, fleet);
        unsigned cards = 0;

        for (size_t i = 0; i < fleet->host_count && cards < CARDS_MAX; i++) {
                if (!hosts[i]->outliers)
                        continue;
                add_card(html, fleet, hosts[i]);
                cards++;
        }
}

/* Whom to call first. */
static void add_not_ready(const struct html *html, const struct fleet *fleet)
{
        size_t named = 0, all = fleet->verdicts[VERDICT_NOT_READY];

        if (!all)
                return;
        text_add(html->out, "<p class=\"bad\">&#10007; <b>Not ready</b>: ");
        for (size_t i = 0; i < fleet->host_count; i++) {
                const struct fleet_host *host = &fleet->hosts[i];

                if (host->judged && host->verdict == VERDICT_NOT_READY && named++ < HOSTS_MAX)
                        html_add(html, "%s%s", named == 1 ? "" : ", ", host->name);
        }
        if (all > HOSTS_MAX)
                html_add(html, " and %zu more", all - HOSTS_MAX);
        text_add(html->out, "</p>\n");
}

/* Verdicts that may be another's, or of another day, and what was not compared. */
static void add_doubts(const struct html *html, const struct fleet *fleet, const struct session *session)
{
        size_t stale = 0, doubled = 0;

        for (size_t i = 0; i < fleet->host_count; i++) {
                const struct fleet_host *host = &fleet->hosts[i];

                if (host->namesakes && doubled++ < HOSTS_MAX)
                        html_add(html,
                                 "<p class=\"warn\">? <b>%s</b> may be two hosts of one name, and the worse verdict counts: "
                                 "%s</p>\n",
                                 host->name, host->namesakes);
                if (host->stale && stale++ < HOSTS_MAX)
                        html_add(html, "<p class=\"warn\">! <b>%s</b>: a report of %s, %s old</p>\n", host->name, host->oldest,
                                 fleet_age(html->pool, host->oldest, session->seconds));
        }
        if (doubled > HOSTS_MAX || stale > HOSTS_MAX)
                text_add(html->out, "<p class=\"warn\">and more: see --verbose or --format json</p>\n");
        for (size_t i = 0; i < fleet->version_count; i++)
                if (fleet->versions[i].untold)
                        html_add(html,
                                 "<p class=\"dim\">plumbline %s: %zu fact%s that others tell, and no report of it; not "
                                 "compared.</p>\n",
                                 fleet->versions[i].name, fleet->versions[i].untold, fleet->versions[i].untold == 1 ? "" : "s");
}

static void add_outliers(const struct html *html, const struct fleet *fleet, const struct session *session)
{
        size_t hosts = outlying_hosts(fleet);

        html_add(html,
                 "<section id=\"wrong\" aria-labelledby=\"wrong-head\">\n<h2 id=\"wrong-head\">Who stands out: %zu of "
                 "%zu</h2>\n",
                 hosts, fleet->host_count);
        add_not_ready(html, fleet);
        add_doubts(html, fleet, session);
        if (!hosts) {
                text_add(html->out, "<p>Nobody says what most do not.</p>\n</section>\n");
                return;
        }
        text_add(html->out, "<p class=\"dim\">What each host says, and below it what more than half of all say.</p>\n"
                            "<h3 class=\"vh\">By host</h3>\n<div class=\"cards\">\n");
        add_cards(html, fleet);
        text_add(html->out, "</div>\n");
        if (hosts > CARDS_MAX)
                html_add(html, "<p>and %zu more: see the table below</p>\n", hosts - CARDS_MAX);
        text_add(html->out, "</section>\n");
}

/* --- tables ------------------------------------------------------------------------------------------------------------------ */

static void add_report(const struct html *html, const struct fleet_host *host, const struct fleet_report *report)
{
        /* What a part was looked at for is no verdict on the whole. */
        const struct fleet_host said = { .judged = report->kind == FLEET_FINDINGS,
                                         .verdict = report->verdict,
                                         .partial = report->partial };
        const char *verdict = host_verdict(&said);

        html_add(html, "<tr data-row role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th><td role=\"cell\" class=\"s ",
                 host->name);
        text_add(html->out, *verdict ? html_verdict_class(verdict) : "dim");
        text_add(html->out, "\">");
        text_add(html->out, *verdict ? html_verdict_sign(verdict) : "&#8211;");
        html_add(html, " %s</td><td role=\"cell\" data-l=\"stands out in\">%zu</td>", fleet_verdict_words(&said),
                 report->outliers);
        html_add_cell(html, "verb", report->verb);
        html_add(html, "<td role=\"cell\" class=\"one\" data-l=\"time\">%s</td>", report->time);
        html_add(html, "<td role=\"cell\" data-l=\"file\"><code>%s</code></td></tr>\n", report->place);
}

static void add_reports(const struct html *html, const struct fleet *fleet)
{
        static const char *const columns[] = { "host", "verdict", "stands out in", "verb", "time", "file", NULL };
        const struct fleet_host **hosts = sorted_hosts(html, fleet);

        html_add(html, "<details><summary>Hosts: %zu</summary>\n", fleet->host_count);
        html_begin_table(html, columns);
        for (size_t i = 0; i < fleet->host_count; i++)
                for (size_t j = 0; j < hosts[i]->count; j++)
                        if (!fleet->reports[hosts[i]->first + j].replaced)
                                add_report(html, hosts[i], &fleet->reports[hosts[i]->first + j]);
        html_end_table(html);
        text_add(html->out, "</details>\n");
}

static const char *hosts_of(const struct html *html, const struct fleet *fleet, const struct fleet_answer *answer)
{
        autobuffer struct text_buffer hosts = { 0 };

        if (!answer->reports)
                return "";
        text_add(&hosts, "");
        for (size_t i = 0; i < answer->count && i < HOSTS_MAX; i++)
                text_addf(&hosts, "%s%s", i ? ", " : "", fleet->reports[answer->reports[i]].host);
        if (answer->count > HOSTS_MAX)
                text_addf(&hosts, " and %zu more", answer->count - HOSTS_MAX);
        return pool_dup(html->pool, hosts.at);
}

static void add_splits(const struct html *html, const struct fleet *fleet)
{
        static const char *const columns[] = { "name", "answer", "reports", "hosts", NULL };

        html_add(html, "<details><summary>No answer that more than half give: %zu</summary>\n", fleet->split_count);
        html_begin_table(html, columns);
        for (size_t i = 0; i < fleet->item_count; i++) {
                const struct fleet_item *item = &fleet->items[i];

                for (size_t j = 0; item->split && j < item->count && j < ANSWERS_MAX; j++) {
                        html_add(html, "<tr data-row role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th>", item->name);
                        html_add_cell(html, "answer", words_of(html, &item->answers[j]));
                        html_add(html, "<td role=\"cell\" class=\"one\" data-l=\"reports\">%zu</td>", item->answers[j].count);
                        html_add(html, "<td role=\"cell\" data-l=\"hosts\">%s</td></tr>\n",
                                 hosts_of(html, fleet, &item->answers[j]));
                }
        }
        html_end_table(html);
        text_add(html->out, "</details>\n");
}

static void add_refusals(const struct html *html, const char *title, const struct fleet_refusal *rows, size_t count)
{
        static const char *const columns[] = { "file", "why", NULL };

        html_add(html, "<details><summary>%s: %zu</summary>\n", title, count);
        html_begin_table(html, columns);
        for (size_t i = 0; i < count; i++)
                html_add(html,
                         "<tr data-row role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th><td role=\"cell\" "
                         "data-l=\"why\">%s</td></tr>\n",
                         rows[i].place, rows[i].why);
        html_end_table(html);
        text_add(html->out, "</details>\n");
}

void report_html_fleet(const struct fleet *fleet, const struct session *session, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        struct html html = { .out = out, .pool = pool };

        html_begin_page(&html,
                        pool_format(pool, "%s: %zu host%s - plumbline fleet", title_of(fleet), fleet->host_count,
                                    fleet->host_count == 1 ? "" : "s"),
                        "Skip to who stands out");
        add_header(&html, fleet, session);
        text_add(out, "<main>\n");
        add_outliers(&html, fleet, session);
        html_begin_tables(&html, "All hosts");
        add_reports(&html, fleet);
        if (fleet->split_count)
                add_splits(&html, fleet);
        if (fleet->damaged_count)
                add_refusals(&html, "Damaged, and skipped", fleet->damaged, fleet->damaged_count);
        if (fleet->older_count)
                add_refusals(&html, "Older than another of the same host, and skipped", fleet->older, fleet->older_count);
        text_add(out, "</section>\n");
        html_end_page(&html, session->now);
}

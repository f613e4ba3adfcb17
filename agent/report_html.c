/* HTML for people: one page that stands alone, and says first whether the box is ready and what is wrong with it. */

#include "agent/report_html.h"

#include "agent/history.h"

#include "agent/core/pool.h"

static const char *verdict_words(const struct html *html)
{
        static const char *const words[] = { "READY", "NOT READY", "READY AFTER A REBOOT", "CANNOT TELL" };
        const struct judgement *judgement = html->report->judgement;

        /* Of what was not looked at, an audit must not speak well. */
        return pool_format(html->pool, "%s%s", words[judgement->verdict],
                           judgement->unread && judgement->exit % 4 == 0 ? " AS FAR AS LOOKED" : "");
}

static void add_about(const struct html *html)
{
        const struct session *session = html->report->session;

        html_add(html, "<dl class=\"about\"><div><dt>profile</dt><dd>%s <span class=\"dim\">(%s)</span></dd></div>",
                 session->profile->name, pool_format(html->pool, "%.12s", session->profile->sha256));
        html_add(html, "<div><dt>time</dt><dd><time datetime=\"%s\">%s</time></dd></div>", session->now, session->now);
        html_add(html, "<div><dt>boot</dt><dd>%s</dd></div>", session->boot_id ? session->boot_id : "not known");
        html_add(html, "<div><dt>asked by</dt><dd>plumbline %s, exit status %s</dd></div></dl>\n", html->report->verb,
                 pool_format(html->pool, "%d", html->report->judgement->exit));
}

static void add_more(const struct html *html, unsigned number, const char *word, bool *any)
{
        if (number)
                html_add(html, "%s%u %s", *any ? ", " : "", number, word);
        *any = *any || number;
}

static void add_requirements(const struct html *html, enum tier tier)
{
        const struct judgement *judgement = html->report->judgement;
        const struct tally *tally = &judgement->tiers[tier];
        unsigned all = tally_all(tally);
        bool any = false;

        html_add(html, "<div><dt>%s requirements</dt><dd>", tier_name(tier));
        if (all)
                html_add(html, "<b>%u of %u</b> hold<span class=\"more\">", tally->pass, all);
        else
                text_add(html->out, "<b>none</b> required<span class=\"more\">");
        add_more(html, tally->fail, "failed", &any);
        add_more(html, tally->unknown, "could not be told", &any);
        add_more(html, tally->pending, "at the next boot", &any);
        add_more(html, tally->waived, "waived", &any);
        if (tier == TIER_IMPORTANT && judgement->important_of)
                html_add(html, "%s",
                         pool_format(html->pool, "%s%.0f %%%s, %.0f %% needed", any ? "; " : "",
                                     100.0 * judgement->important_pass / judgement->important_of,
                                     judgement->important_of > all ? " with settings" : "", judgement->important_needed));
        else if (!any)
                text_add(html->out, tier == TIER_CRITICAL ? "all must hold" : "");
        text_add(html->out, "</span></dd></div>\n");
}

static void add_counts(const struct html *html)
{
        const struct judgement *judgement = html->report->judgement;
        const struct tally settings = judge_settings_tally(judgement);
        bool any = false;

        text_add(html->out, "<dl class=\"tiles\">\n");
        add_requirements(html, TIER_CRITICAL);
        add_requirements(html, TIER_IMPORTANT);
        html_add(html, "<div><dt>settings</dt><dd><b>%u of %u</b> as wanted<span class=\"more\">", settings.pass,
                 tally_all(&settings));
        for (unsigned status = STATUS_PENDING; status <= STATUS_FAIL; status++)
                add_more(html, judgement->settings[status], status_name(status), &any);
        add_more(html, settings.waived, "waived", &any);
        text_add(html->out, "</span></dd></div>\n");
        if (judgement->unread)
                html_add(html, "<div><dt>left unread</dt><dd><b>%zu</b><span class=\"more\">%s</span></dd></div>\n",
                         judgement->unread,
                         judgement->left_out == LEFT_SERVICES
                                 ? "they start behind this gate; plumbline check without --before-start reads them"
                                 : "reading them would disturb; plumbline check reads them");
        text_add(html->out, "</dl>\n");
}

static void add_header(const struct html *html)
{
        const struct session *session = html->report->session;
        const char *verdict = verdict_name(html->report->judgement->verdict);

        text_add(html->out, "<header>\n<div class=\"verdict ");
        text_add(html->out, html_verdict_class(verdict));
        text_add(html->out, "\"><h1 id=\"verdict\"><span aria-hidden=\"true\">");
        text_add(html->out, html_verdict_sign(verdict));
        html_add(html, "</span> %s</h1><p class=\"host\">%s</p></div>\n", verdict_words(html),
                 session->host_name ? session->host_name : "this host");
        add_about(html);
        add_counts(html);
        html_add(html, "<nav aria-label=\"Parts of this report\"><ul><li><a href=\"#wrong\">What is wrong (%u)</a></li>",
                 html_count_wrong(html));
        text_add(html->out, "<li><a href=\"#machine\">The machine</a></li><li><a href=\"#past\">History</a></li><li><a "
                            "href=\"#tables\">All that was looked "
                            "at</a></li></ul></nav>\n</header>\n");
}

void html_begin_page(const struct html *html, const char *title, const char *skip)
{
        text_add(html->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html_add_head(html);
        text_add(html->out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html_add(html, "<title>%s</title>\n</head>\n<body>\n<a class=\"skip\" href=\"#wrong\">%s</a>\n", title, skip);
}

void html_end_page(const struct html *html, const char *time)
{
        html_add(html, "</main>\n<footer>plumbline %s, report of %s. This page loads nothing and sends nothing.</footer>\n",
                 PLUMBLINE_VERSION, time);
        html_add_script(html);
        text_add(html->out, "</body>\n</html>\n");
}

static void add_page(const struct html *html)
{
        const struct session *session = html->report->session;

        html_begin_page(html,
                        pool_format(html->pool, "%s: %s - plumbline %s", verdict_words(html),
                                    session->host_name ? session->host_name : "this host", html->report->verb),
                        "Skip to what is wrong");
        add_header(html);
        text_add(html->out, "<main>\n");
        html_add_wrong(html);
        html_add_machine(html);
        html_add_past(html);
        html_add_tables(html);
        html_end_page(html, session->now);
}

/* The history is the host's; a report that was made of findings alone has none. */
static void read_history(struct html *html)
{
        int r = html->report->session->host ? history_read(html->report->session->host, &html->history) : 0;

        if (r < 0)
                html->history_problem = pool_format(html->pool, "the history cannot be read (%s)", error_words(r));
        else if (!html->history || !html->history->count)
                html->history_problem = "no audit was recorded yet";
}

int report_html_check(const struct report *report, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        struct html html = { .report = report, .out = out, .pool = pool };

        read_history(&html);
        add_page(&html);
        history_free(html.history);
        return report->judgement->exit;
}

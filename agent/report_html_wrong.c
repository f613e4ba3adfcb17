/* What is wrong, in HTML: what decides first, each with what there is, what is wanted, where, since when, and what to do. */

#include "agent/report_html.h"

#include "agent/core/pool.h"

/* Nobody reads more of them, and each stands in a table too. */
#define CARDS_MAX 300U

static void add_item(const struct html *html, const char *label, const char *text)
{
        if (text && *text)
                html_add(html, "<dt>%s</dt><dd>%s</dd>", label, text);
}

static void add_code(const struct html *html, const char *label, const char *text)
{
        if (text && *text)
                html_add(html, "<dt>%s</dt><dd><code>%s</code></dd>", label, text);
}

static void add_card(const struct html *html, const struct finding *finding, enum state state)
{
        html_add(html, "<article class=\"f ");
        text_add(html->out, html_state_class(state));
        text_add(html->out, "\"><h4><span class=\"st\">");
        text_add(html->out, html_state_sign(state));
        html_add(html, " %s, %s</span><span class=\"id\">%s</span></h4><dl>", status_name(finding->status),
                 tier_name(finding->tier), finding->id);
        html_add(html, "<dt>have</dt><dd class=\"main\">%s</dd>", finding->have ? finding->have : "not known");
        html_add(html, "<dt>want</dt><dd class=\"main\">%s</dd>", finding->want ? finding->want : "not said");
        add_code(html, "where", finding->source);
        add_code(html, "from", finding->from);
        add_item(html, "since", html_since(html, finding));
        add_item(html, "note", finding->note);
        add_item(html, "why", finding->why);
        add_item(html, "fix", finding->fix);
        text_add(html->out, "</dl></article>\n");
}

/* 0: failed, 1: could not be told, 2: waits for a reboot. */
static unsigned group_of(enum state state)
{
        return state == STATE_FAILED ? 0 : state == STATE_UNKNOWN ? 1 : 2;
}

static bool is_shown(const struct html *html, const struct finding *finding, enum state state, bool decides)
{
        return !status_is_fine(finding->status) && state != STATE_UNREAD &&
               judge_decides(finding, html->report->judgement) == decides;
}

static unsigned count(const struct html *html, bool decides)
{
        const struct finding *finding;
        enum state state = STATE_OK;
        unsigned number = 0;

        for (size_t i = 0; (finding = report_row(html->report, i, &state)); i++)
                number += is_shown(html, finding, state, decides);
        return number;
}

static unsigned add_group(const struct html *html, bool decides, enum tier tier, unsigned group, unsigned room)
{
        const struct finding *finding;
        enum state state = STATE_OK;
        unsigned added = 0;

        /* Requirements before settings: what apply cannot make right is what somebody has to be called for. */
        for (unsigned setting = 0; setting < 2; setting++)
                for (size_t i = 0; (finding = report_row(html->report, i, &state)) && added < room; i++) {
                        if (!is_shown(html, finding, state, decides) || finding->tier != tier || group_of(state) != group ||
                            (finding->kind == FINDING_SETTING) != setting)
                                continue;
                        add_card(html, finding, state);
                        added++;
                }
        return added;
}

static void add_cards(const struct html *html, bool decides, unsigned all)
{
        unsigned added = 0;

        text_add(html->out, "<div class=\"cards\">\n");
        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++)
                for (unsigned group = 0; group < 3; group++)
                        added += add_group(html, decides, tier, group, CARDS_MAX - added);
        text_add(html->out, "</div>\n");
        if (all > added)
                html_add(html, "<p>and %u more: see the tables below</p>\n", all - added);
}

static void add_advice(const struct html *html)
{
        struct report_advice advice = report_advice(html->report->findings);

        if (!advice.root && !advice.apply && !advice.reboot && !advice.box && !advice.services)
                return;
        text_add(html->out, "<h3>What to do</h3>\n<ul class=\"todo\">\n");
        if (advice.root)
                html_add(html, "<li><b>run this as root</b>: %u could not be read without</li>\n", advice.root);
        if (advice.apply)
                html_add(html, "<li><code>plumbline apply</code> makes %u right (<code>plumbline plan</code> shows how)</li>\n",
                         advice.apply);
        if (advice.reboot)
                html_add(html, "<li><b>reboot</b>: makes %u right</li>\n", advice.reboot);
        if (advice.box)
                html_add(html,
                         "<li><b>mend the box</b>: %u of these are about the machine itself; a waiver in the profile accepts "
                         "one "
                         "for a time</li>\n",
                         advice.box);
        if (advice.services)
                html_add(html, "<li><b>mend the services</b>: %u about what runs here</li>\n", advice.services);
        text_add(html->out, "</ul>\n");
}

unsigned html_count_wrong(const struct html *html)
{
        return count(html, true) + count(html, false);
}

void html_add_wrong(const struct html *html)
{
        unsigned deciding = count(html, true), rest = count(html, false);
        const char *given_up = report_given_up(html->report, html->pool);

        text_add(html->out, "<section id=\"wrong\" aria-labelledby=\"wrong-head\">\n");
        html_add(html, "<h2 id=\"wrong-head\">What is wrong: %u</h2>\n", deciding + rest);
        if (!deciding && !rest)
                text_add(html->out, "<p>Nothing that was looked at.</p>\n");
        if (html->history_problem)
                html_add(html, "<p class=\"dim\">Since when is not known: %s.</p>\n", html->history_problem);
        if (given_up)
                html_add(html, "<p class=\"given-up\"><b>G%s.</b></p>\n", given_up + 1);
        add_advice(html);
        if (deciding) {
                html_add(html, "<h3>Keeps the box from being ready: %u</h3>\n", deciding);
                add_cards(html, true, deciding);
        }
        if (rest) {
                html_add(html,
                         "<details><summary>Not as wanted, and does not decide: %u</summary><div><h3 class=\"vh\">Does not "
                         "decide</h3>\n",
                         rest);
                add_cards(html, false, rest);
                text_add(html->out, "</div></details>\n");
        }
        text_add(html->out, "</section>\n");
}

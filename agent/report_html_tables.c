/* Everything that was judged, in HTML: tables that fold and can be searched. */

#include "agent/report_html.h"

#include "agent/state.h"

#include "agent/core/pool.h"

#include <string.h>

/* "67108864", "performance", "active (running)" */
#define WORD_MAX 20U

static const char *state_word(const struct finding *finding, enum state state)
{
        return state == STATE_UNREAD ? "left unread" : status_name(finding->status);
}

/* What a style makes of a table takes its meaning from it; the roles give it back. */
static void add_state_cell(const struct html *html, const struct finding *finding, enum state state)
{
        text_add(html->out, "<td role=\"cell\" class=\"s ");
        text_add(html->out, html_state_class(state));
        text_add(html->out, "\">");
        text_add(html->out, html_state_sign(state));
        html_add(html, " %s</td>", state_word(finding, state));
}

/* What has no blank stays on one line; but a word that is longer than those of its kind may be broken, or it would push all else off the
 * page. */
void html_add_cell(const struct html *html, const char *label, const char *text)
{
        const char *shown = text_printable(html->pool, text ? text : "", HTML_TEXT_MAX), *cursor = shown, *end = shown;
        struct slice word;

        html_add(html, "<td role=\"cell\" class=\"%s\" data-l=\"%s\">", strchr(shown, ' ') ? "words" : "one", label);
        while (text_word(&cursor, " ", &word)) {
                html_add(html, "%s", slice_dup(html->pool, (struct slice){ end, (size_t)(word.at - end) }));
                html_add(html, word.size > WORD_MAX ? "<span class=\"any\">%s</span>" : "%s", slice_dup(html->pool, word));
                end = word.at + word.size;
        }
        html_add(html, "%s</td>", end);
}

static void add_requirement(const struct html *html, const struct finding *finding, enum state state)
{
        html_add(html, "<tr data-row role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th>", finding->id);
        add_state_cell(html, finding, state);
        html_add_cell(html, "tier", tier_name(finding->tier));
        html_add_cell(html, "have", finding->have);
        html_add_cell(html, "want", finding->want);
        html_add(html, "<td role=\"cell\" data-l=\"where\"><code>%s</code></td>", finding->source);
        html_add(html, "<td role=\"cell\" data-l=\"from\"><code>%s</code></td>", finding->from);
        html_add(html, "<td role=\"cell\" data-l=\"why\">%s%s%s</td></tr>\n", finding->waiver ? "waived " : "", finding->waiver,
                 finding->waiver ? "" : finding->why);
}

void html_begin_table(const struct html *html, const char *const *columns)
{
        text_add(html->out, "<div><table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">");
        for (; *columns; columns++)
                html_add(html, "<th scope=\"col\" role=\"columnheader\">%s</th>", *columns);
        text_add(html->out, "</tr></thead><tbody role=\"rowgroup\">\n");
}

void html_end_table(const struct html *html)
{
        text_add(html->out, "</tbody></table></div>\n");
}

static void begin_fold(const struct html *html, const char *name, bool settings)
{
        const struct finding *finding;
        enum state state = STATE_OK;
        unsigned all = 0, right = 0;

        for (size_t i = 0; (finding = report_row(html->report, i, &state)); i++) {
                if ((finding->kind != FINDING_REQUIREMENT) != settings)
                        continue;
                all++;
                right += state == STATE_OK;
        }
        html_add(html, "<details><summary>%s: %u of %u right</summary>\n", name, right, all);
}

static void add_requirements(const struct html *html)
{
        static const char *const columns[] = { "name", "status", "tier", "have", "want", "where", "from", "why", NULL };
        const struct finding *finding;
        enum state state = STATE_OK;

        begin_fold(html, "Requirements", false);
        html_begin_table(html, columns);
        for (size_t i = 0; (finding = report_row(html->report, i, &state)); i++)
                if (finding->kind == FINDING_REQUIREMENT)
                        add_requirement(html, finding, state);
        html_end_table(html);
        text_add(html->out, "</details>\n");
}

/* What the setting is in one layer. */
static void add_layer(const struct html *html, const json_t *state, const char *layer, const char *label, const char *id)
{
        const char *text = json_string_value(json_object_get(json_object_get(state, layer), id));

        html_add_cell(html, label, text ? text : "-");
}

static void add_setting(const struct html *html, const json_t *layers, const struct finding *finding, enum state state)
{
        const char *id = text_printable(html->pool, finding->id, 200);

        html_add(html, "<tr data-row role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th>", finding->id);
        add_state_cell(html, finding, state);
        html_add_cell(html, "tier", tier_name(finding->tier));
        html_add_cell(html, "want", finding->want);
        add_layer(html, layers, "running", "running", id);
        add_layer(html, layers, "files", "files", id);
        add_layer(html, layers, "next-boot", "next boot", id);
        html_add(html,
                 "<td role=\"cell\" data-l=\"where\"><code>%s</code></td><td role=\"cell\" "
                 "data-l=\"from\"><code>%s</code></td></tr>\n",
                 finding->source, finding->from);
}

static void add_settings(const struct html *html)
{
        static const char *const columns[] = { "name",  "status",    "tier",  "want", "running",
                                               "files", "next boot", "where", "from", NULL };
        autojson json_t *layers = html->report->plan ? state_settings(html->report->plan) : NULL;
        const struct finding *finding;
        enum state state = STATE_OK;

        begin_fold(html, "Settings", true);
        text_add(html->out,
                 "<p class=\"dim\">What the profile wants, and what there is in each layer: the running kernel, the files on "
                 "disk, and what the boot loader starts next. A dash: it has no row of its own "
                 "there, as the files of many settings are one for all, or that was left unread.</p>\n");
        html_begin_table(html, columns);
        for (size_t i = 0; (finding = report_row(html->report, i, &state)); i++)
                if (finding->kind != FINDING_REQUIREMENT)
                        add_setting(html, layers, finding, state);
        html_end_table(html);
        text_add(html->out, "</details>\n");
}

void html_begin_tables(const struct html *html, const char *title)
{
        html_add(
                html,
                "<section id=\"tables\" aria-labelledby=\"tables-head\">\n<h2 id=\"tables-head\">%s</h2>\n"
                "<div id=\"finder\" role=\"search\" hidden><label for=\"search\">Search these tables</label>"
                "<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">"
                "<button type=\"button\" id=\"unfold\">Unfold all</button><button type=\"button\" id=\"fold\">Fold all</button>"
                "<span id=\"found\" role=\"status\"></span></div>\n",
                title);
}

void html_add_tables(const struct html *html)
{
        html_begin_tables(html, "All that was looked at");
        add_requirements(html);
        add_settings(html);
        text_add(html->out, "</section>\n");
}

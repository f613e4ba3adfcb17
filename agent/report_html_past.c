/* The past of this host, in HTML: since when something is wrong, and the audits one after the other. */

#include "agent/report_html.h"

#include "agent/drift.h"
#include "agent/history.h"

#include "agent/core/pool.h"

#include <string.h>

/* A day of audits, one every quarter of an hour; and the last records in words. */
#define CELLS_MAX   96U
#define RECORDS_MAX 40U
#define NAMES_MAX   12U
#define DRIFT_MAX   200U

enum told { TOLD_NOTHING, TOLD_WRONG, TOLD_OTHERWISE };

static bool names(const json_t *list, const char *id)
{
        for (size_t i = 0; i < json_array_size(list); i++)
                if (text_equals(json_string_value(json_array_get(list, i)), id))
                        return true;
        return false;
}

/* Is it told by facts that audits may leave out? Of facts that this host has not nobody knows; of settings those of services are asked of
 * systemd. */
static bool is_loud(const struct html *html, const struct finding *finding)
{
        const struct facts *facts = html->report->facts;
        const char *pattern = finding->id;
        bool found = false;

        if (finding->kind != FINDING_REQUIREMENT)
                return text_starts(finding->id, "services.");
        if (text_starts(pattern, "any "))
                pattern += strlen("any ");
        else if (text_starts(pattern, "every "))
                pattern += strlen("every ");
        for (size_t i = 0; i < facts->count; i++) {
                if (!text_matches(facts->rows[i].name, pattern))
                        continue;
                if (facts->rows[i].info->reach != REACH_QUIET)
                        return true;
                found = true;
        }
        return !found;
}

/* Records of before they said what was left unread do not tell which audit looked. */
static bool left_unread(const struct html *html, const struct history_record *record, const struct finding *finding,
                        const char *id)
{
        const json_t *unread = history_member(record, "unread");

        if (!json_is_array(unread))
                return text_equals(json_string_value(history_member(record, "verb")), "audit") && is_loud(html, finding);
        return names(unread, id) || json_array_size(unread) >= HISTORY_UNREAD_MAX;
}

/* What a record says of the finding. It means the same only under the same profile, and nothing where nobody looked. */
static enum told tells(const struct html *html, const struct history_record *record, const struct finding *finding)
{
        const char *id = text_printable(html->pool, finding->id, 200);
        const json_t *wrong = history_member(record, "wrong");
        const char *sha256 = json_string_value(history_member(record, "sha256"));

        if (!json_is_array(wrong) || !sha256 || !text_equals(sha256, html->report->session->profile->sha256))
                return TOLD_NOTHING;
        if (names(wrong, id))
                return TOLD_WRONG;
        return left_unread(html, record, finding, id) || json_array_size(wrong) >= HISTORY_WRONG_MAX ? TOLD_NOTHING
                                                                                                     : TOLD_OTHERWISE;
}

static int64_t last_at(const struct history_record *record)
{
        return record->again_count ? record->again[record->again_count - 1] : record->at;
}

/* A record that tells nothing of it is passed over, and said to be. */
static const char *since_words(const struct html *html, const struct history_record *first, unsigned silent,
                               const struct history_record *right)
{
        struct pool *pool = html->pool;
        const char *gap = silent ? pool_format(pool, "; %u record%s since %s nothing of it", silent, silent == 1 ? "" : "s",
                                               silent == 1 ? "tells" : "tell")
                                 : "";

        if (!first)
                return right ? pool_format(pool, "now: not yet wrong at %s, the last record%s",
                                           history_time(pool, last_at(right)), silent ? " that tells of it" : "")
                             : NULL;
        return right ? pool_format(pool, "%s; not yet wrong at %s%s", history_time(pool, first->at),
                                   history_time(pool, last_at(right)), gap)
                     : pool_format(pool, "%s at least, as far back as the history tells%s", history_time(pool, first->at), gap);
}

const char *html_since(const struct html *html, const struct finding *finding)
{
        const struct history *history = html->history;
        const struct history_record *first = NULL;
        unsigned silent = 0,
                 passed = 0; /* records that tell nothing: since the first wrong one; since the one looked at last */

        /* What is for information is not recorded. */
        if (!history || !history->records || finding->tier == TIER_INFO)
                return NULL;
        for (size_t i = history->count; i-- > 0;) {
                const struct history_record *record = &history->records[i];
                enum told told = tells(html, record, finding);

                if (told == TOLD_OTHERWISE)
                        return since_words(html, first, first ? silent : passed, record);
                if (told == TOLD_NOTHING) {
                        passed += 1 + (unsigned)record->again_count;
                        continue;
                }
                first = record;
                silent = passed;
        }
        return since_words(html, first, silent, NULL);
}

/* As the page says it elsewhere. */
static const char *verdict_words(const struct history_record *record)
{
        const char *verdict = history_text(record, "verdict");

        for (unsigned i = VERDICT_READY; i <= VERDICT_UNKNOWN; i++)
                if (text_equals(verdict, verdict_name(i)))
                        return report_verdict_words(i);
        return "no verdict recorded";
}

static void add_cell(const struct html *html, const struct history_record *record, int64_t at, bool boot)
{
        const char *verdict = history_text(record, "verdict"), *time = history_time(html->pool, at);
        size_t wrong = json_array_size(history_member(record, "wrong"));

        text_add(html->out, "<li class=\"");
        text_add(html->out, html_verdict_class(verdict));
        text_add(html->out, boot ? " boot\"><span aria-hidden=\"true\">" : "\"><span aria-hidden=\"true\">");
        text_add(html->out, html_verdict_sign(verdict));
        html_add(html, "</span><time datetime=\"%s\">%s</time>", time,
                 strlen(time) >= 16 ? pool_format(html->pool, "%.5s %.5s", time + 5, time + 11) : time);
        html_add(html, "<span class=\"vh\"> %s: %s, %zu wrong%s</span></li>\n", history_text(record, "verb"),
                 verdict_words(record), wrong, boot ? ", the first after a boot" : "");
}

/* The last so many audits, the oldest first. */
static void add_strip(const struct html *html)
{
        const struct history *history = html->history;
        const struct history_record *before = NULL;
        size_t all = 0, skip;

        for (size_t i = 0; i < history->count; i++)
                all += 1 + history->records[i].again_count;
        skip = all > CELLS_MAX ? all - CELLS_MAX : 0;
        html_add(html, "<p class=\"dim\">The last %zu of %zu that are recorded, the newest last; times are UTC.", all - skip,
                 all);
        if (!text_equals(html->report->verb, "audit"))
                html_add(html, " This %s is not among them.", html->report->verb);
        text_add(html->out, " A bar in front of a cell is a boot.</p>\n<ol class=\"strip\">\n");
        for (size_t i = 0; i < history->count; before = &history->records[i++]) {
                const struct history_record *record = &history->records[i];
                bool boot = before && !text_equals(history_text(before, "boot_id"), history_text(record, "boot_id"));

                for (size_t again = 0; again <= record->again_count; again++) {
                        if (skip)
                                skip--;
                        else
                                add_cell(html, record, again ? record->again[again - 1] : record->at, boot && !again);
                }
        }
        text_add(html->out, "</ol>\n");
}

static void add_record(const struct html *html, const struct history_record *record)
{
        const json_t *wrong = history_member(record, "wrong");
        size_t count = json_array_size(wrong);

        html_add(html, "<tr role=\"row\"><td role=\"cell\" class=\"one\" data-l=\"from\">%s</td>",
                 history_time(html->pool, record->at));
        html_add(html,
                 "<td role=\"cell\" class=\"one\" data-l=\"to\">%s</td><td role=\"cell\" class=\"one\" "
                 "data-l=\"times\">%zu</td>",
                 history_time(html->pool, last_at(record)), record->again_count + 1);
        html_add_cell(html, "by", history_text(record, "verb"));
        text_add(html->out, "<td role=\"cell\" class=\"s ");
        text_add(html->out, html_verdict_class(history_text(record, "verdict")));
        html_add(html, "\" data-l=\"verdict\">%s</td><td role=\"cell\" data-l=\"wrong\">", verdict_words(record));
        for (size_t i = 0; i < count && i < NAMES_MAX; i++)
                html_add(html, "%s%s", i ? ", " : "", json_string_value(json_array_get(wrong, i)));
        if (count > NAMES_MAX)
                html_add(html, " and %zu more", count - NAMES_MAX);
        text_add(html->out, "</td></tr>\n");
}

/* Of an audit: what is not as the baseline has it. */
static void add_drift(const struct html *html)
{
        static const char *const columns[] = { "item", "layer", "was", "is", NULL };
        const struct drift *drift = html->report->drift;

        if (!drift || !drift->count)
                return;
        html_add(html, "<details><summary>Differs from the baseline: %zu</summary>\n", drift->count);
        html_begin_table(html, columns);
        for (size_t i = 0; i < drift->count && i < DRIFT_MAX; i++) {
                const struct drift_row *row = &drift->rows[i];

                html_add(html, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th>", row->name);
                html_add_cell(html, "layer", row->layer);
                html_add_cell(html, "was", row->baseline ? row->baseline : "not there");
                html_add_cell(html, "is", row->now ? row->now : "gone");
                text_add(html->out, "</tr>\n");
        }
        html_end_table(html);
        if (drift->count > DRIFT_MAX)
                html_add(html, "<p>and %zu more: plumbline drift tells</p>\n", drift->count - DRIFT_MAX);
        text_add(html->out, "</details>\n");
}

void html_add_past(const struct html *html)
{
        static const char *const columns[] = { "from", "to", "times", "by", "verdict", "wrong", NULL };
        const struct history *history = html->history;

        text_add(html->out, "<section id=\"past\" aria-labelledby=\"past-head\">\n<h2 id=\"past-head\">History</h2>\n");
        for (size_t i = 0; history && i < history->damaged_count; i++)
                html_add(html, "<p class=\"warn\">? Damaged, and skipped: %s</p>\n", history->damaged[i]);
        add_drift(html);
        if (!history || !history->count) {
                html_add(html, "<p class=\"dim\">Nothing to show: %s.</p>\n</section>\n",
                         html->history_problem ? html->history_problem : "nothing was recorded yet");
                return;
        }
        add_strip(html);
        html_add(html, "<details><summary>The last %zu records in words</summary>\n",
                 history->count < RECORDS_MAX ? history->count : (size_t)RECORDS_MAX);
        html_begin_table(html, columns);
        for (size_t i = history->count; i-- > 0 && history->count - i <= RECORDS_MAX;)
                add_record(html, &history->records[i]);
        html_end_table(html);
        text_add(html->out, "</details>\n</section>\n");
}

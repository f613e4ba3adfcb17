/* TAP for test harnesses (version 13: testanything.org/tap-version-13-specification.html): one line for each finding. */

#include "agent/report.h"

#include "agent/core/pool.h"

/* '#' begins a directive; only version 14 writes down how it is escaped, and harnesses of version 13 do it the same way. */
static const struct escape line_escapes[] = { { '\\', "\\\\" }, { '#', "\\#" }, { 0 } };
static const struct escape yaml_escapes[] = { { '\\', "\\\\" }, { '"', "\\\"" }, { 0 } };

static void add_row(struct text_buffer *out, const char *key, const char *text)
{
        if (!text)
                return;
        text_addf(out, "  %s: \"", key);
        report_escape(out, text, yaml_escapes);
        text_add(out, "\"\n");
}

static void add_diagnostics(const struct finding *finding, struct pool *pool, struct text_buffer *out)
{
        text_add(out, "  ---\n");
        add_row(out, "message", report_words(pool, finding, REPORT_TEXT_MAX));
        add_row(out, "status", status_name(finding->status));
        add_row(out, "have", finding->have);
        add_row(out, "want", finding->want);
        add_row(out, "source", finding->source);
        add_row(out, "from", finding->from);
        add_row(out, "note", finding->note);
        add_row(out, "why", finding->why);
        add_row(out, "fix", finding->fix);
        text_add(out, "  ...\n");
}

/* A harness forgives what is TODO and counts SKIP as passed: that is said of what does not decide, and of nothing else, so that
 * the harness comes to the same verdict. */
static void add_directive(const struct finding *finding, enum state state, const struct judgement *judgement,
                          struct text_buffer *out)
{
        if (state == STATE_UNREAD) {
                text_addf(out, " # SKIP left unread: %s",
                          judgement->left_out == LEFT_SERVICES ? "it starts behind this gate" : "reading it would disturb");
        } else if (finding->status == STATUS_WAIVED) {
                text_add(out, " # TODO waived: ");
                report_escape(out, finding->waiver, line_escapes);
        } else if (status_is_fine(finding->status) && finding->status != STATUS_PASS) {
                text_addf(out, " # SKIP %s", status_name(finding->status));
        } else if (!status_is_fine(finding->status) && finding->tier == TIER_INFO) {
                text_addf(out, " # TODO %s, for information: decides nothing", status_name(finding->status));
        } else if (!status_is_fine(finding->status) && !judge_decides(finding, judgement)) {
                text_addf(out, " # TODO %s, and enough of what is important holds: %u of %u", status_name(finding->status),
                          judgement->important_pass, judgement->important_of);
        }
}

static void add_finding(const struct report *report, size_t number, const struct finding *finding, enum state state,
                        struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        bool good = state == STATE_OK || state == STATE_UNREAD;

        text_addf(out, "%s %zu - %s %s ", good ? "ok" : "not ok", number, tier_name(finding->tier),
                  finding_kind_name(finding->kind));
        report_escape(out, finding->id, line_escapes);
        add_directive(finding, state, report->judgement, out);
        text_add(out, "\n");
        if (finding->status != STATUS_PASS || report->options->verbose)
                add_diagnostics(finding, pool, out);
}

int report_tap_check(const struct report *report, struct text_buffer *out)
{
        const struct session *session = report->session;
        autopool struct pool *pool = pool_new();
        const char *given_up = report_given_up(report, pool);
        const struct finding *finding;
        enum state state = STATE_OK;
        size_t count = 0;

        while (report_row(report, count, NULL))
                count++;
        /* A plan of no tests is a mistake unless it says that this is meant. */
        text_addf(out, "TAP version 13\n1..%zu%s\n", count, count ? "" : " # SKIP nothing is required");
        text_addf(out, "# plumbline %s: %s; host ", PLUMBLINE_VERSION, report_verdict_words(report->judgement->verdict));
        report_escape(out, session->host_name ? session->host_name : "unknown", line_escapes);
        text_add(out, ", profile ");
        report_escape(out, session->profile->name, line_escapes);
        text_addf(out, ", %s\n", session->now);
        if (given_up) {
                text_add(out, "# ");
                report_escape(out, given_up, line_escapes);
                text_add(out, "\n");
        }
        for (size_t i = 0; (finding = report_row(report, i, &state)); i++)
                add_finding(report, i + 1, finding, state, out);
        return report->judgement->exit;
}

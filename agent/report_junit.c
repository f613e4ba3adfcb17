/* JUnit XML for build servers, in the form that Jenkins and GitLab read: one suite for each tier, one case for each finding. */

#include "agent/report.h"

#include "agent/core/pool.h"

/* What XML 1.0 forbids outright (section 2.2) is not printable either, so that nothing is left to escape but its markup. */
static const struct escape escapes[] = {
        { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { 0 },
};

/* A case has one outcome. What keeps the box from being ready is a failure, or an error where it could not be told; what is not
 * as wanted and decides nothing is skipped with its reason, so that a build server comes to the same verdict. */
enum outcome_kind { OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILURE, OUTCOME_ERROR, OUTCOMES };

static enum outcome_kind outcome_of(const struct finding *finding, enum state state, const struct judgement *judgement)
{
        if (finding->status == STATUS_PASS)
                return OUTCOME_PASSED;
        if (state == STATE_UNREAD || !judge_decides(finding, judgement))
                return OUTCOME_SKIPPED;
        return finding->status == STATUS_UNKNOWN ? OUTCOME_ERROR : OUTCOME_FAILURE;
}

static void add_attribute(struct text_buffer *out, const char *name, const char *text)
{
        text_addf(out, " %s=\"", name);
        report_escape(out, text, escapes);
        text_add(out, "\"");
}

static void add_line(struct text_buffer *out, const char *label, const char *text)
{
        if (!text)
                return;
        text_addf(out, "%s: ", label);
        report_escape(out, text, escapes);
        text_add(out, "\n");
}

static void add_details(const struct finding *finding, struct text_buffer *out)
{
        add_line(out, "waived", finding->waiver);
        add_line(out, "have", finding->have);
        add_line(out, "want", finding->want);
        add_line(out, "source", finding->source);
        add_line(out, "from", finding->from);
        add_line(out, "note", finding->note);
        add_line(out, "why", finding->why);
        add_line(out, "fix", finding->fix);
}

static void add_case(const struct report *report, const struct finding *finding, enum state state, struct text_buffer *out)
{
        static const char *const elements[OUTCOMES] = { "system-out", "skipped", "failure", "error" };
        autopool struct pool *pool = pool_new();
        enum outcome_kind outcome = outcome_of(finding, state, report->judgement);
        const char *type = state == STATE_UNREAD ? report_state_name(state) : status_name(finding->status);

        text_add(out, "    <testcase");
        add_attribute(out, "classname",
                      pool_format(pool, "plumbline.%s.%s", tier_name(finding->tier), finding_kind_name(finding->kind)));
        add_attribute(out, "name", finding->id);
        if (outcome == OUTCOME_PASSED && !report->options->verbose) {
                text_add(out, "/>\n");
                return;
        }
        text_addf(out, ">\n      <%s", elements[outcome]);
        if (outcome != OUTCOME_PASSED) {
                add_attribute(out, "type", type);
                add_attribute(out, "message",
                              pool_format(pool, "%s: %s", type, report_words(pool, finding, REPORT_TEXT_MAX / 3)));
        }
        text_add(out, ">");
        add_details(finding, out);
        text_addf(out, "</%s>\n    </testcase>\n", elements[outcome]);
}

static void add_counts(const struct report *report, int tier, struct text_buffer *out)
{
        unsigned counts[OUTCOMES] = { 0 }, all = 0;
        const struct finding *finding;
        enum state state = STATE_OK;

        for (size_t i = 0; (finding = report_row(report, i, &state)); i++) {
                if (tier >= 0 && finding->tier != (enum tier)tier)
                        continue;
                counts[outcome_of(finding, state, report->judgement)]++;
                all++;
        }
        text_addf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", all, counts[OUTCOME_FAILURE], counts[OUTCOME_ERROR]);
        /* The element around the suites has no such attribute in the schema of Jenkins. */
        if (tier >= 0)
                text_addf(out, " skipped=\"%u\"", counts[OUTCOME_SKIPPED]);
}

static void add_property(struct text_buffer *out, const char *name, const char *text)
{
        if (!text)
                return;
        text_add(out, "      <property");
        add_attribute(out, "name", name);
        add_attribute(out, "value", text);
        text_add(out, "/>\n");
}

static void add_properties(const struct report *report, struct text_buffer *out)
{
        text_add(out, "    <properties>\n");
        add_property(out, "plumbline", PLUMBLINE_VERSION);
        add_property(out, "verdict", verdict_name(report->judgement->verdict));
        add_property(out, "boot_id", report->session->boot_id);
        add_property(out, "profile", report->session->profile->name);
        add_property(out, "profile.sha256", report->session->profile->sha256);
        add_property(out, "given_up", report->given_up);
        text_add(out, "    </properties>\n");
}

int report_junit_check(const struct report *report, struct text_buffer *out)
{
        const struct finding *finding;
        enum state state = STATE_OK;

        text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
        add_attribute(out, "name", "plumbline");
        add_counts(report, -1, out);
        text_add(out, ">\n");
        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++) {
                text_add(out, "  <testsuite");
                add_attribute(out, "name", tier_name(tier));
                add_counts(report, (int)tier, out);
                /* Without the Z: some readers take no zone, and those that take one read UTC. */
                text_addf(out, " timestamp=\"%.19s\"", report->session->now);
                add_attribute(out, "hostname", report->session->host_name ? report->session->host_name : "unknown");
                text_add(out, ">\n");
                add_properties(report, out);
                for (size_t i = 0; (finding = report_row(report, i, &state)); i++)
                        if (finding->tier == tier)
                                add_case(report, finding, state, out);
                text_add(out, "  </testsuite>\n");
        }
        text_add(out, "</testsuites>\n");
        return report->judgement->exit;
}

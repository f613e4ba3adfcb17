/* There is no report: each format says so in its own way, since whoever reads only the file, or an old one, would take a host for ready. */

#include "agent/report.h"

#include "agent/core/pool.h"

#define PROBLEM_MAX 1000

/* Why, printable and on one line. */
struct refusal {
        const char *verb, *problem;
        int status;
        struct session session; /* of nothing but a time */
};

static const struct escape nagios_escapes[] = { { '|', "/" }, { 0 } };
static const struct escape tap_escapes[] = { { '\\', "\\\\" }, { '#', "\\#" }, { 0 } };
static const struct escape markup_escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { 0 } };

static const char *escaped(struct pool *pool, const char *text, const struct escape *table)
{
        autobuffer struct text_buffer out = { 0 };

        report_escape(&out, text, table);
        return pool_dup(pool, out.at ? out.at : "");
}

static void refuse_json(const struct refusal *refusal, struct text_buffer *out)
{
        json_t *json = report_json_head(refusal->verb, &refusal->session);

        json_object_set_new(json, "verdict", json_string(verdict_name(VERDICT_UNKNOWN)));
        json_object_set_new(json, "exit", json_integer(refusal->status));
        json_object_set_new(json, "problem", report_json_text(refusal->problem));
        report_json_print(json, out);
}

/* With all that the schema of Jenkins wants. */
static void refuse_junit(struct pool *pool, const struct refusal *refusal, struct text_buffer *out)
{
        text_addf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites name=\"plumbline\" tests=\"1\" failures=\"0\" errors=\"1\">\n"
                  "  <testsuite name=\"%s\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" timestamp=\"%.19s\" "
                  "hostname=\"unknown\">\n"
                  "    <properties>\n      <property name=\"plumbline\" value=\"%s\"/>\n"
                  "      <property name=\"verdict\" value=\"%s\"/>\n    </properties>\n"
                  "    <testcase classname=\"plumbline\" name=\"%s\">\n"
                  "      <error type=\"refused\" message=\"%s\"></error>\n"
                  "    </testcase>\n  </testsuite>\n</testsuites>\n",
                  refusal->verb, refusal->session.now, PLUMBLINE_VERSION, verdict_name(VERDICT_UNKNOWN), refusal->verb,
                  escaped(pool, refusal->problem, markup_escapes));
}

/* A harness stops at the last line, and fails. */
static void refuse_tap(struct pool *pool, const struct refusal *refusal, struct text_buffer *out)
{
        text_addf(out, "TAP version 13\nBail out! %s\n", escaped(pool, refusal->problem, tap_escapes));
}

static void refuse_html(struct pool *pool, const struct refusal *refusal, struct text_buffer *out)
{
        text_addf(out,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>%s</title></head>\n"
                  "<body><h1>%s</h1><p>plumbline %s: %s</p></body>\n</html>\n",
                  report_verdict_words(VERDICT_UNKNOWN), report_verdict_words(VERDICT_UNKNOWN), refusal->verb,
                  escaped(pool, refusal->problem, markup_escapes));
}

/* The plugin codes know no wrong usage: 2 would page somebody because of a typing error, and a plugin that prints nothing is
 * shown without a reason (Monitoring Plugins Development Guidelines, "Plugin Return Codes"). */
int report_refused(const char *verb, const struct options *options, int status, const char *problem, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        struct refusal refusal = { verb, text_printable(pool, problem, PROBLEM_MAX), status, { 0 } };

        session_now(&refusal.session);
        switch (options->format) {
        case FORMAT_TEXT:
                /* Who reads the screen has read it already. */
                if (options->output)
                        text_addf(out, "%s: plumbline %s: %s\n", report_verdict_words(VERDICT_UNKNOWN), verb, refusal.problem);
                break;
        case FORMAT_JSON:
                refuse_json(&refusal, out);
                break;
        case FORMAT_JUNIT:
                refuse_junit(pool, &refusal, out);
                break;
        case FORMAT_TAP:
                refuse_tap(pool, &refusal, out);
                break;
        case FORMAT_NAGIOS:
                text_addf(out, "PLUMBLINE UNKNOWN - %s\n", escaped(pool, refusal.problem, nagios_escapes));
                return EXIT_CANNOT_TELL;
        case FORMAT_PROMETHEUS:
                report_prometheus_refused(out);
                break;
        case FORMAT_HTML:
                refuse_html(pool, &refusal, out);
                break;
        }
        return status;
}

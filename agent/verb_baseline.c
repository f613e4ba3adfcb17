/* baseline: accept what is as what should be. */

#include "agent/baseline.h"
#include "agent/report.h"

#include "agent/core/pool.h"

#include <unistd.h>

static void print_accepted(const struct session *session, const struct examination *examination, unsigned id,
                           const struct options *options, struct text_buffer *out)
{
        json_t *json;

        if (options->format == FORMAT_TEXT) {
                text_addf(out, "accepted: what %s is now (record %u, verdict %s) is what drift compares with\n",
                          session->host_name ? session->host_name : "this host", id,
                          verdict_name(examination->judgement.verdict));
                return;
        }
        json = report_json_head("baseline", session);
        json_object_set_new(json, "id", json_integer(id));
        json_object_set_new(json, "verdict", json_string(verdict_name(examination->judgement.verdict)));
        report_json_print(json, out);
}

/* The gate asks at each boot: what a boot alone has changed is no reason to accept it. */
static int print_kept(const struct session *session, const struct options *options, struct text_buffer *out)
{
        json_t *json;

        if (options->format == FORMAT_TEXT) {
                text_add(out, "nothing was applied since the baseline was accepted\n");
                return EXIT_READY;
        }
        json = report_json_head("baseline", session);
        json_object_set_new(json, "id", json_null());
        json_object_set_new(json, "verdict", json_null());
        report_json_print(json, out);
        return EXIT_READY;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autoexamination struct examination examination = { 0 };
        autosession struct session session = { 0 };
        unsigned id;
        int r, status;

        status = session_open(options, true, &session);
        if (status)
                return status;
        if (host_is_live(session.host) && geteuid() != 0)
                return complain(EXIT_CANNOT_TELL, "baseline: writing the baseline needs root");
        if (options->after_apply && !baseline_is_stale(session.host))
                return print_kept(&session, options, out);
        examine(&session, LEFT_NOTHING, &examination);
        r = baseline_accept(&session, &examination, "baseline", examination.judgement.exit, &id);
        if (r < 0)
                return complain(EXIT_CANNOT_TELL, "baseline: not accepted: /var/lib/plumbline: %s", error_words(r));
        print_accepted(&session, &examination, id, options, out);
        return EXIT_READY;
}

const struct verb verb_baseline = {
        .name = "baseline",
        .arguments = "",
        .help = "Accept what is now as what drift compares with; apply does so by itself when it ends right.",
        .options = OPTIONS_HOST | OPTION_AFTER_APPLY | OPTION_WRITES,
        .run = run,
};

/* plan: what apply would do, step by step. */

#include "agent/report.h"
#include "agent/verb.h"

#include "tuning/knobs.h"

static int run(const struct options *options, struct text_buffer *out)
{
        autofindings struct findings *findings = findings_new();
        autoplan struct plan *plan = plan_new();
        autosession struct session session = { 0 };
        struct judgement judgement;
        json_t *json;
        int status;

        status = session_open(options, true, &session);
        if (status)
                return status;
        plan_all(session.host, knobs, session.profile, plan);
        judge_settings(plan, session.profile, session.today, findings);
        judge_all(findings, session.profile, &judgement);
        if (options->format == FORMAT_TEXT) {
                report_text_plan(plan, options, out);
        } else {
                json = report_json_head("plan", &session);
                json_object_set_new(json, "steps", report_json_steps(plan));
                report_json_print(json, out);
        }
        return judgement.exit;
}

const struct verb verb_plan = {
        .name = "plan",
        .arguments = "",
        .help = "What apply would do, step by step: target, now, want, when it takes effect, risk.",
        .verbose = "each step, also what is right",
        .options = OPTIONS_HOST,
        .run = run,
};

/* apply: make it so. */

#include "agent/event.h"
#include "agent/report.h"
#include "agent/verb.h"

#include "tuning/knobs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* What the box is like now that the steps are made: plan again and judge. */
static int judge_after(const struct session *session)
{
        autofindings struct findings *findings = findings_new();
        autoplan struct plan *plan = plan_new();
        struct judgement judgement;

        plan_all(session->host, knobs, session->profile, plan);
        judge_settings(plan, session->profile, session->today, findings);
        judge_all(findings, session->profile, &judgement);
        return judgement.exit;
}

static const char *closing(int status)
{
        switch (status) {
        case EXIT_READY:
                return "every setting is as the profile wants it";
        case EXIT_PENDING:
                return "every setting is as the profile wants it after a reboot";
        case EXIT_CANNOT_TELL:
                return "some settings could not be read: see plumbline check";
        default:
                return "some settings are not as the profile wants them: see plumbline check";
        }
}

static void print_outcomes(const struct options *options, const struct session *session, const struct outcomes *outcomes,
                           int status, struct text_buffer *out)
{
        json_t *json;

        if (options->format == FORMAT_TEXT) {
                report_text_outcomes(outcomes, options, out);
                if (!outcomes->problem)
                        text_addf(out, "%s%s\n", outcomes->count ? "" : "nothing to do: ", closing(status));
                return;
        }
        json = report_json_head("apply", session);
        json_object_set_new(json, "ledger", outcomes->ledger ? json_integer(outcomes->ledger) : json_null());
        json_object_set_new(json, "undone", json_boolean(outcomes->undone));
        json_object_set_new(json, "exit", json_integer(status));
        json_object_set_new(json, "steps", report_json_outcomes(outcomes));
        report_json_print(json, out);
}

static int run(const struct options *options, struct text_buffer *out)
{
        autooutcomes struct outcomes *outcomes = outcomes_new();
        struct apply_request request = { .knobs = knobs };
        autosession struct session session;
        sigset_t held;
        const char *failure = NULL;
        int r, status;

        status = session_open(options, true, &session);
        if (status)
                return status;
        if (host_is_live(session.host) && geteuid() != 0)
                return complain(EXIT_CANNOT_TELL, "apply: changing this host needs root");
        sigemptyset(&held);
        sigaddset(&held, SIGINT);
        sigaddset(&held, SIGTERM);
        sigaddset(&held, SIGHUP);
        sigprocmask(SIG_BLOCK, &held, NULL);
        request.profile = session.profile;
        r = apply_run(session.host, &request, outcomes);
        if (r == -EBUSY && !outcomes->problem)
                return complain(EXIT_BUSY, "apply: another apply is running (it holds /run/plumbline/lock)");
        if (r < 0) {
                status = EXIT_NOT_READY;
                failure = outcomes->problem ? outcomes->problem : strerror(-r);
                complain(status, "apply: %s%s", failure, outcomes->undone ? "; everything was taken back" : "");
        } else {
                status = judge_after(&session);
        }
        event_send(session.host, event_apply_ended(session.pool, session.profile, outcomes, failure, status, closing(status)));
        print_outcomes(options, &session, outcomes, status, out);
        return status;
}

const struct verb verb_apply = {
        .name = "apply",
        .arguments = "",
        .help = "Make it so: only what differs, each step recorded before it is made; undone as a whole if one fails.",
        .options = OPTIONS_HOST,
        .run = run,
};

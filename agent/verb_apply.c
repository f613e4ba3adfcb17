/* apply: make it so. */

#include "agent/baseline.h"
#include "agent/event.h"
#include "agent/report.h"

#include "agent/core/pool.h"
#include "tuning/knobs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Only what this run was about: what a file carries is for check to judge, and so is what this kernel does not have. */
static void keep_running(struct plan *plan)
{
        size_t kept = 0;

        for (size_t i = 0; i < plan->count; i++)
                if (step_is_running(plan->rows[i]) && plan->rows[i]->status != STATUS_UNSUPPORTED)
                        plan->rows[kept++] = plan->rows[i];
        plan->count = kept;
}

/* What a waiver holds for, each once, with commas between. NULL: nothing. */
static const char *names_of_left(const struct plan *plan, struct pool *pool)
{
        autobuffer struct text_buffer names = { 0 };
        const char *last = NULL;

        for (size_t i = 0; i < plan->count; i++) {
                if (!plan->rows[i]->waived || text_equals(plan->rows[i]->id, last))
                        continue;
                last = plan->rows[i]->id;
                text_addf(&names, "%s%s", names.size ? ", " : "", last);
        }
        return names.size ? pool_dup(pool, names.at) : NULL;
}

/* What the box is like now that the steps are made: plan again and judge. */
static int judge_after(const struct session *session, bool running, const char **left)
{
        autofindings struct findings *findings = findings_new();
        autoplan struct plan *plan = plan_new();
        struct judgement judgement;

        plan_all(session->host, knobs, session->profile, plan);
        *left = names_of_left(plan, session->pool);
        if (running)
                keep_running(plan);
        judge_settings(plan, session->profile, session->today, findings);
        judge_all(findings, session->profile, &judgement);
        return judgement.exit;
}

/* What was changed goes into the history, and becomes the baseline when it ended right. A host that is in line is not written to: an
 * apply that had nothing to do, the one after a reboot for instance, only accepts what an earlier one has changed. In the middle of a boot
 * links are down and mirrors not yet put together: that is never accepted. */
static void remember(const struct session *session, const struct outcomes *outcomes, bool running, int status)
{
        autoexamination struct examination examination = { 0 };
        bool accept = status == EXIT_READY && !running && baseline_is_stale(session->host);
        unsigned id;
        int r;

        if (!outcomes->ledger && !accept)
                return;
        examine(session, LEFT_NOTHING, &examination);
        r = accept ? baseline_accept(session, &examination, "apply", status, &id)
                   : history_remember(session, &examination, "apply", status, &id);
        /* Of an apply that failed its own words are enough: a full disk fails both. */
        if (r < 0 && !outcomes->problem)
                complain(status, "apply: not recorded in /var/lib/plumbline/history: %s", error_words(r));
}

static const char *closing(const struct options *options, const struct session *session, int status)
{
        if (!session->profile)
                return "nothing was applied, or all of it was taken back";
        switch (status) {
        case EXIT_READY:
                return options->running ? "the running kernel is as the profile wants it"
                                        : "every setting is as the profile wants it";
        case EXIT_PENDING:
                return "every setting is as the profile wants it after a reboot";
        case EXIT_CANNOT_TELL:
                return "some settings could not be read: see plumbline check";
        default:
                return "some settings are not as the profile wants them: see plumbline check";
        }
}

static void print_outcomes(const struct options *options, const struct session *session, const struct outcomes *outcomes,
                           int status, const char *left, struct text_buffer *out)
{
        json_t *json;

        if (options->format == FORMAT_TEXT) {
                report_text_outcomes(outcomes, options, out);
                if (!outcomes->problem)
                        text_addf(out, "%s%s\n", outcomes->count ? "" : "nothing to do: ", closing(options, session, status));
                if (left)
                        text_addf(out, "left as it is, since a waiver holds: %s\n", left);
                return;
        }
        json = report_json_head("apply", session);
        json_object_set_new(json, "ledger", outcomes->ledger ? json_integer(outcomes->ledger) : json_null());
        json_object_set_new(json, "undone", json_boolean(outcomes->undone));
        json_object_set_new(json, "exit", json_integer(status));
        json_object_set_new(json, "steps", report_json_outcomes(outcomes));
        report_json_print(json, out);
}

static int open_session(const struct options *options, struct session *session)
{
        int status;

        if (options->running && options->profile)
                return complain(EXIT_USAGE, "apply: --running takes the profile that was applied last, and no --profile");
        status = session_open(options, !options->running, session);
        if (status)
                return status;
        if (host_is_live(session->host) && geteuid() != 0)
                return complain(EXIT_CANNOT_TELL, "apply: changing this host needs root");
        return options->running ? session_last_profile(session) : 0;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autooutcomes struct outcomes *outcomes = outcomes_new();
        struct apply_request request = { .knobs = knobs, .running = options->running };
        autosession struct session session = { 0 };
        sigset_t held;
        const char *failure = NULL, *left = NULL;
        int r, status;

        status = open_session(options, &session);
        if (status)
                return status;
        if (!session.profile) {
                print_outcomes(options, &session, outcomes, EXIT_READY, NULL, out);
                return EXIT_READY;
        }
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
                status = judge_after(&session, options->running, &left);
        }
        event_send(session.host, event_apply_ended(session.pool, session.profile, outcomes, failure, status,
                                                   closing(options, &session, status)));
        remember(&session, outcomes, options->running, status);
        print_outcomes(options, &session, outcomes, status, left, out);
        return status;
}

const struct verb verb_apply = {
        .name = "apply",
        .arguments = "",
        .help = "Make it so: only what differs, each step recorded before it is made; undone as a whole if one fails.",
        .verbose = "each step, however alike",
        .options = OPTIONS_HOST | OPTION_RUNNING | OPTION_WRITES,
        .run = run,
};

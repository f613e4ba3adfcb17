/* undo: put back what was there before an apply. */

#include "agent/event.h"
#include "agent/report.h"
#include "agent/verb.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* What the boot loader starts was put back, but this boot began with the other. */
static bool needs_reboot(const struct outcomes *outcomes)
{
        for (size_t i = 0; i < outcomes->count; i++)
                if (outcomes->rows[i].when == WHEN_BOOT && outcomes->rebooted)
                        return true;
        return false;
}

static int print_outcomes(const char *verb, const struct options *options, const struct session *session,
                          const struct outcomes *outcomes, int status, const char *nothing, struct text_buffer *out)
{
        json_t *json;

        if (options->format == FORMAT_TEXT) {
                report_text_outcomes(outcomes, options, out);
                if (!outcomes->count)
                        text_addf(out, "%s\n", nothing);
                if (status == EXIT_PENDING)
                        text_add(out, "the kernel that runs was started with what is undone now: reboot to be rid of it\n");
                return status;
        }
        json = report_json_head(verb, session);
        json_object_set_new(json, "ledger", outcomes->ledger ? json_integer(outcomes->ledger) : json_null());
        json_object_set_new(json, "exit", json_integer(status));
        json_object_set_new(json, "steps", report_json_outcomes(outcomes));
        report_json_print(json, out);
        return status;
}

static void hold_signals(void)
{
        sigset_t held;

        sigemptyset(&held);
        sigaddset(&held, SIGINT);
        sigaddset(&held, SIGTERM);
        sigaddset(&held, SIGHUP);
        sigprocmask(SIG_BLOCK, &held, NULL);
}

/* Why not everything could be put back; NULL when it was. */
static const char *failure_words(int r, const struct outcomes *outcomes)
{
        if (r >= 0)
                return NULL;
        return outcomes->problem ? outcomes->problem : strerror(-r);
}

/* The exit status for what came out; complains where that is a failure. */
static int finish(const char *verb, int r, const struct outcomes *outcomes)
{
        if (r == -EBUSY && !outcomes->count)
                return complain(EXIT_BUSY, "%s: another apply is running (it holds /run/plumbline/lock)", verb);
        if (r < 0)
                return complain(EXIT_NOT_READY, "%s: not everything could be put back: %s", verb, failure_words(r, outcomes));
        return needs_reboot(outcomes) ? EXIT_PENDING : EXIT_READY;
}

static int run_undo(const struct options *options, struct text_buffer *out)
{
        autooutcomes struct outcomes *outcomes = outcomes_new();
        autosession struct session session = { 0 };
        uint64_t id = 0;
        int r, status;

        if (options->count && (text_u64(options->arguments[0], 10, &id) < 0 || !id || id > INT_MAX))
                return complain(EXIT_USAGE, "undo: \"%s\" is no id of an apply; ids are numbers from 1", options->arguments[0]);
        status = session_open(options, false, &session);
        if (status)
                return status;
        if (host_is_live(session.host) && geteuid() != 0)
                return complain(EXIT_CANNOT_TELL, "undo: changing this host needs root");
        hold_signals();
        r = undo_run(session.host, (unsigned)id, outcomes);
        if (r == -ENOENT && id)
                return complain(EXIT_USAGE, "undo: there is no apply %u that is not undone yet", (unsigned)id);
        status = r == -ENOENT ? EXIT_READY : finish("undo", r, outcomes);
        if (status == EXIT_BUSY)
                return status;
        if (r != -ENOENT)
                event_send(session.host, event_undo_ended(session.pool, outcomes, failure_words(r, outcomes), status));
        return print_outcomes("undo", options, &session, outcomes, status, "nothing to undo", out);
}

static int run_recover(const struct options *options, struct text_buffer *out)
{
        autooutcomes struct outcomes *outcomes = outcomes_new();
        autosession struct session session = { 0 };
        int r, status;

        status = session_open(options, false, &session);
        if (status)
                return status;
        if (host_is_live(session.host) && geteuid() != 0)
                return complain(EXIT_CANNOT_TELL, "recover: changing this host needs root");
        hold_signals();
        r = recover_run(session.host, outcomes);
        status = finish("recover", r, outcomes);
        if (status == EXIT_BUSY)
                return status;
        if (r < 0 || outcomes->undone)
                event_send(session.host,
                           event_recover_ended(session.pool, "recover", outcomes, failure_words(r, outcomes), status));
        return print_outcomes("recover", options, &session, outcomes, status, "nothing to recover: no apply was cut off", out);
}

const struct verb verb_undo = {
        .name = "undo",
        .arguments = "[ID]",
        .help = "Put back what was there before the last apply, or before the named one and all later ones.",
        .verbose = "each step, however alike",
        .options = OPTION_ROOT | OPTION_QUIET_ONLY | OPTION_WRITES,
        .most_arguments = 1,
        .run = run_undo,
};

const struct verb verb_recover = {
        .name = "recover",
        .arguments = "",
        .help = "Finish undoing an apply that a crash or power loss cut off; otherwise do nothing.",
        .verbose = "each step, however alike",
        .options = OPTION_ROOT | OPTION_QUIET_ONLY | OPTION_WRITES,
        .run = run_recover,
};

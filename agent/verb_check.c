/* check: is this box ready? */

#include "agent/examine.h"
#include "agent/report.h"

static int run(const struct options *options, struct text_buffer *out)
{
        autoexamination struct examination examination = { 0 };
        autosession struct session session;
        int status;

        status = session_open(options, true, &session);
        if (status)
                return report_refused(options, status, session.problem, out);
        if (options->journal && !host_is_live(session.host))
                return complain(EXIT_USAGE, "check: --journal is for this host; the folder of --root has no journal");
        examine(&session, false, &examination);
        /* A check by hand is told to nobody. */
        if (options->journal)
                examination_tell(text_equals(options->journal, "gate") ? EVENT_GATE : EVENT_AUDIT, &session, &examination);
        return examination_print("check", &session, &examination, options, out);
}

const struct verb verb_check = {
        .name = "check",
        .arguments = "",
        .help = "Is this box ready? Requirements and settings against the profile, one verdict.",
        .options = OPTIONS_HOST | OPTION_JOURNAL | OPTION_VERDICT,
        .run = run,
};

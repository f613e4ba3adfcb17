/* audit: check with quiet sources, recorded: what the timer runs. */

#include "agent/audit_reach.h"
#include "agent/examine.h"

#include "probes/probes.h"

static int run(const struct options *options, struct text_buffer *out)
{
        autoexamination struct examination examination = { 0 };
        autosession struct session session;
        int status;

        status = session_open(options, true, &session);
        if (status)
                return status;
        host_allow(session.host, REACH_QUIET);
        if (!options->quiet_only)
                host_allow_also(session.host, audit_sources(session.pool, session.profile, probes));
        examine(&session, true, &examination);
        examination_tell(EVENT_AUDIT, &session, &examination);
        examination_print("audit", &session, &examination, options, out);
        return examination.judgement.exit;
}

const struct verb verb_audit = {
        .name = "audit",
        .arguments = "",
        .help = "Is this box still as it should be? A check that disturbs nobody, save for what the profile names.",
        .options = OPTIONS_HOST,
        .run = run,
};

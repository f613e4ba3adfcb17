/* drift: what differs from the baseline, item by item, since when, and what may have done it. */

#include "agent/drift_report.h"

static int run(const struct options *options, struct text_buffer *out)
{
        autoexamination struct examination examination = { 0 };
        autosession struct session session = { 0 };
        const char *problem;
        int status;

        status = session_open(options, true, &session);
        if (status)
                return status;
        examine(&session, LEFT_NOTHING, &examination);
        status = drift_report(&session, &examination, options, EVIDENCE_ALL, out, &problem);
        return problem ? complain(status, "drift: %s", problem) : status;
}

const struct verb verb_drift = {
        .name = "drift",
        .arguments = "",
        .help = "What differs from the baseline, or else from the last good audit, item by item and since when.",
        .options = OPTIONS_HOST,
        .run = run,
};

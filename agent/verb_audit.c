/* audit: a check that disturbs nobody, recorded and held against the baseline: what the timer runs. */

#include "agent/audit_reach.h"
#include "agent/baseline.h"
#include "agent/drift.h"
#include "agent/drift_known.h"
#include "agent/report.h"
#include "agent/state.h"

#include "probes/probes.h"

#include <errno.h>

/* What differs from the baseline is told and decides nothing: what has to hold is the profile's to say. NULL: there is no answer. */
static struct drift *against_baseline(const struct session *session, const struct examination *examination)
{
        int status = examination->judgement.exit, error;
        autojson json_t *baseline = NULL, *now = NULL;
        struct drift *drift;
        const char *damage;

        baseline = baseline_read(session->host, &damage, &error);
        if (damage && baseline)
                complain(status,
                         "audit: /var/lib/plumbline/baseline: %s; compared with record %u of the history, which was accepted",
                         damage, (unsigned)json_integer_value(json_object_get(baseline, "id")));
        else if (!baseline && error != -ENOENT)
                complain(status, "audit: not compared: /var/lib/plumbline/baseline: %s", damage ? damage : error_words(error));
        if (!baseline)
                return NULL;
        now = state_look(session, examination);
        state_carry(now, json_object_get(baseline, "state"), examination, NULL);
        drift = drift_find(baseline, now, session->boot_id, session->seconds, NULL);
        drift_pass_over(drift, baseline, probes);
        drift_waive(drift, session->profile, session->today);
        return drift;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autoexamination struct examination examination = { 0 };
        autodrift struct drift *drift = NULL;
        autosession struct session session = { 0 };
        int r, status, printed;

        status = session_open(options, true, &session);
        if (status)
                return report_refused("audit", options, status, session.problem, out);
        host_allow(session.host, REACH_QUIET);
        if (!options->quiet_only)
                host_allow_also(session.host, audit_sources(session.pool, session.profile, probes));
        examine(&session, LEFT_LOUD, &examination);
        examination_tell(EVENT_AUDIT, &session, &examination);
        drift = against_baseline(&session, &examination);
        status = examination.judgement.exit;
        r = history_remember(&session, &examination, "audit", status, NULL);
        if (r < 0)
                complain(status, "audit: not recorded in /var/lib/plumbline/history: %s", error_words(r));
        examination.drift = drift;
        printed = examination_print("audit", &session, &examination, options, out);
        return r < 0 && status != EXIT_NOT_READY ? EXIT_CANNOT_TELL : printed;
}

const struct verb verb_audit = {
        .name = "audit",
        .arguments = "",
        .help = "Is this box still as it should be? A check that disturbs nobody, recorded in the history.",
        .options = OPTIONS_HOST | OPTION_VERDICT | OPTION_WRITES,
        .run = run,
};

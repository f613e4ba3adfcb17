/* check: is this box ready? */

#include "agent/examine.h"
#include "agent/report.h"

#include "agent/core/endpoint.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <time.h>

#define PAUSE_S 2

static bool may_come_right(const struct judgement *judgement)
{
        return judgement->verdict == VERDICT_NOT_READY || judgement->verdict == VERDICT_UNKNOWN;
}

/* Opens, looks and judges. */
static int look(const struct options *options, struct session *session, struct examination *examination)
{
        int status;

        status = session_open(options, true, session);
        if (status)
                return status;
        if (options->journal && !host_is_live(session->host))
                return complain(EXIT_USAGE, "check: --journal is for this host; the folder of --root has no journal");
        host_allow_endpoints(session->host);
        examine(session, false, examination);
        return 0;
}

/* How long the boot may still settle: nothing where its time is not known. */
static unsigned time_left(const struct options *options, const struct session *session)
{
        const char *text;
        double up;

        if (!options->settle || host_read(session->host, session->pool, &text, "/proc/uptime") < 0)
                return 0;
        up = strtod(text, NULL);
        return up > 0 && up < options->settle ? options->settle - (unsigned)up : 0;
}

static int run(const struct options *options, struct text_buffer *out)
{
        static const struct timespec pause = { .tv_sec = PAUSE_S };
        autoexamination struct examination examination = { 0 };
        autosession struct session session = { 0 };
        unsigned left;
        int status;

        status = look(options, &session, &examination);
        left = status ? 0 : time_left(options, &session);
        /* Right after a boot mirrors are put together, links come up and clocks are set. The profile is read again, too. */
        for (unsigned waited = 0; !status && waited < left && may_come_right(&examination.judgement); waited += PAUSE_S) {
                nanosleep(&pause, NULL);
                examination_close(&examination);
                session_close(&session);
                examination = (struct examination){ 0 };
                session = (struct session){ 0 };
                status = look(options, &session, &examination);
        }
        if (status)
                return report_refused(options, status, session.problem, out);
        /* A check by hand is told to nobody. */
        if (options->journal)
                examination_tell(text_equals(options->journal, "gate") ? EVENT_GATE : EVENT_AUDIT, &session, &examination);
        return examination_print("check", &session, &examination, options, out);
}

const struct verb verb_check = {
        .name = "check",
        .arguments = "",
        .help = "Is this box ready? Requirements and settings against the profile, one verdict.",
        .options = OPTIONS_HOST | OPTION_SETTLE | OPTION_JOURNAL | OPTION_VERDICT,
        .run = run,
};

/* The body of check: looks, waits where a boot may still settle, judges and reports. */

#include "agent/check.h"
#include "agent/examine.h"
#include "agent/past.h"
#include "agent/report.h"

#include "agent/core/children.h"
#include "agent/core/endpoint.h"
#include "agent/core/monotonic.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <time.h>

#define PAUSE_S 2

static bool may_come_right(const struct judgement *judgement)
{
        return judgement->verdict == VERDICT_NOT_READY || judgement->verdict == VERDICT_UNKNOWN;
}

/* What is kept from run to run is kept on the host itself: a folder neither gets older nor is written to. */
static const char *unfit_for_a_folder(const struct options *options)
{
        if (options->journal)
                return "check: --journal is for this host; the folder of --root has no journal";
        if (options->max_age_s > 0)
                return "check: --max-age is for this host; of the folder of --root nothing is kept";
        if (options->alert_after)
                return "check: --alert-after is for this host; of the folder of --root nothing is kept";
        return NULL;
}

int check_open(const struct options *options, struct session *session)
{
        int status;

        status = session_open(options, true, session);
        if (status || host_is_live(session->host))
                return status;
        session->problem = unfit_for_a_folder(options);
        return session->problem ? complain(EXIT_USAGE, "%s", session->problem) : 0;
}

/* Opens, looks and judges. */
static int look(const struct check *check, int64_t deadline, struct session *session, struct past_begin *begin,
                struct examination *examination)
{
        const struct options *options = check->options;
        int status;

        status = check_open(options, session);
        if (status)
                return status;
        if (check->opened >= 0)
                children_answer(check->opened, "O", 1);
        if (check->limit_ms)
                host_limit(session->host, deadline > monotonic_ms() ? (unsigned)(deadline - monotonic_ms()) : 0, check->place);
        if (options->max_age_s > 0 && past_recall(session, options->max_age_s, examination))
                return 0;
        if (options->max_age_s > 0)
                past_begin(session, begin);
        if (!options->before_start)
                host_allow_endpoints(session->host);
        examine(session, options->before_start ? LEFT_SERVICES : LEFT_NOTHING, examination);
        examination->given_up = host_given_up(session->host);
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

/* For those who will accept it. A result that left something out must not stand in for one that did not. */
static int keep(const struct options *options, const struct session *session, const struct past_begin *begin,
                const struct examination *examination)
{
        if (!(options->max_age_s > 0) || examination->past || examination->given_up || options->quiet_only)
                return 0;
        return past_keep(session, begin, examination);
}

int check_here(struct check *check, struct text_buffer *out)
{
        static const struct timespec pause = { .tv_sec = PAUSE_S };
        const struct options *options = check->options;
        autoexamination struct examination examination = { 0 };
        autosession struct session session = { 0 };
        struct past_begin begin = { 0 };
        int64_t deadline = check->limit_ms ? monotonic_ms() + check->limit_ms : INT64_MAX;
        unsigned left;
        int status;

        status = look(check, deadline, &session, &begin, &examination);
        check->opened = -1;
        left = status || examination.past ? 0 : time_left(options, &session);
        /* Right after a boot mirrors are put together, links come up and clocks are set. The profile is read again, too. */
        for (unsigned waited = 0; !status && waited < left && may_come_right(&examination.judgement); waited += PAUSE_S) {
                if (deadline - monotonic_ms() < 2 * PAUSE_S * 1000)
                        break;
                nanosleep(&pause, NULL);
                examination_close(&examination);
                session_close(&session);
                examination = (struct examination){ 0 };
                session = (struct session){ 0 };
                status = look(check, deadline, &session, &begin, &examination);
        }
        check->refused = status != 0;
        if (status)
                return report_refused("check", options, status, session.problem, out);
        streak_count(&session, options, &examination.judgement, &examination.streak);
        check->kept = keep(options, &session, &begin, &examination);
        /* A check by hand is told to nobody. */
        if (options->journal)
                examination_tell(text_equals(options->journal, "gate") ? EVENT_GATE : EVENT_AUDIT, &session, &examination);
        return examination_print("check", &session, &examination, options, out);
}

/* check: is this box ready? */

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
/* Unless --time-limit says otherwise: above what the slowest endpoint may take (60 s) and everything else does. */
#define LIMIT_S 120

static bool may_come_right(const struct judgement *judgement)
{
        return judgement->verdict == VERDICT_NOT_READY || judgement->verdict == VERDICT_UNKNOWN;
}

int check_open(const struct options *options, struct session *session)
{
        int status;

        status = session_open(options, true, session);
        if (!status && options->journal && !host_is_live(session->host))
                status = complain(EXIT_USAGE, "check: --journal is for this host; the folder of --root has no journal");
        return status;
}

/* Opens, looks and judges. */
static int look(const struct check *check, int64_t deadline, struct session *session, struct examination *examination)
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
static int keep(const struct options *options, const struct session *session, const struct examination *examination)
{
        if (!(options->max_age_s > 0) || examination->past || examination->given_up || options->quiet_only)
                return 0;
        return past_keep(session, examination);
}

int check_here(struct check *check, struct text_buffer *out)
{
        static const struct timespec pause = { .tv_sec = PAUSE_S };
        const struct options *options = check->options;
        autoexamination struct examination examination = { 0 };
        autosession struct session session = { 0 };
        int64_t deadline = check->limit_ms ? monotonic_ms() + check->limit_ms : INT64_MAX;
        unsigned left;
        int status;

        status = look(check, deadline, &session, &examination);
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
                status = look(check, deadline, &session, &examination);
        }
        check->refused = status != 0;
        if (status)
                return report_refused(options, status, session.problem, out);
        streak_count(&session, options, &examination.judgement, &examination.streak);
        check->kept = keep(options, &session, &examination);
        /* A check by hand is told to nobody. */
        if (options->journal)
                examination_tell(text_equals(options->journal, "gate") ? EVENT_GATE : EVENT_AUDIT, &session, &examination);
        return examination_print("check", &session, &examination, options, out);
}

/* What can be known before anything is looked at. */
static int refuse_together(const struct options *options)
{
        if (options->alert_after && options->format != FORMAT_TEXT && options->format != FORMAT_JSON &&
            options->format != FORMAT_NAGIOS && options->format != FORMAT_PROMETHEUS)
                return complain(EXIT_USAGE, "check: only text, json, nagios and prometheus tell of an alert (--alert-after)");
        if (options->alert_after && options->before_start)
                return complain(EXIT_USAGE,
                                "check: --alert-after counts whole checks, and --before-start leaves something out");
        if (!(options->max_age_s > 0))
                return 0;
        if (options->alert_after)
                return complain(EXIT_USAGE, "check: --alert-after counts what is now, and --max-age may tell what was");
        if (options->before_start)
                return complain(EXIT_USAGE, "check: --before-start leaves out what a past result may hold (--max-age)");
        if (options->journal)
                return complain(EXIT_USAGE, "check: --journal tells what is now, and --max-age may tell what was");
        if (options->format != FORMAT_TEXT && options->format != FORMAT_JSON)
                return complain(EXIT_USAGE, "check: only text and json can say that a result is a past one (--max-age)");
        return 0;
}

static int run(const struct options *options, struct text_buffer *out)
{
        struct options limited = *options;
        struct check check = { .options = options, .opened = -1 };
        int status;

        status = refuse_together(options);
        if (status)
                return report_refused(options, status, "wrong usage, see standard error", out);
        /* A folder of files hangs less than a host does, and may be slower to look at. */
        if ((!options->root || text_equals(options->root, "/")) && !(options->time_limit_s > 0))
                limited.time_limit_s = LIMIT_S + options->settle;
        if (limited.time_limit_s > 0)
                return check_in_time(&limited, out);
        status = check_here(&check, out);
        if (check.kept < 0)
                complain(status, "check: not kept in /run/plumbline/check.json: %s", error_words(check.kept));
        return status;
}

const struct verb verb_check = {
        .name = "check",
        .arguments = "",
        .help = "Is this box ready? Requirements and settings against the profile, one verdict.",
        .options = OPTIONS_HOST | OPTION_SETTLE | OPTION_MAX_AGE | OPTION_TIME_LIMIT | OPTION_ALERT_AFTER |
                   OPTION_BEFORE_START | OPTION_JOURNAL | OPTION_VERDICT,
        .run = run,
};

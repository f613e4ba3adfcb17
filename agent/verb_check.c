/* check: is this box ready? */

#include "agent/check.h"
#include "agent/report.h"

#include "agent/core/endpoint.h"
#include "agent/core/text.h"

#include <time.h>

/* Unless --time-limit says otherwise: above what the slowest endpoint may take (60 s) and everything else does. */
#define LIMIT_S 120

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
                return report_refused("check", options, status, "wrong usage, see standard error", out);
        /* A folder of files hangs less than a host does, and may be slower to look at. */
        if (host_is_here(options->root) && !(options->time_limit_s > 0))
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

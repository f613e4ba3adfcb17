/* fleet: the reports of many hosts, and which of them stands out in what. */

#include "agent/fleet.h"

#include "agent/core/pool.h"

static int run(const struct options *options, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        struct session session = { .pool = pool };
        autofleet struct fleet *fleet = fleet_new();

        if (!options->count)
                return complain(EXIT_USAGE,
                                "fleet: of which hosts? reports of check, audit or facts with --format json are missing");
        session_now(&session);
        for (size_t i = 0; i < options->count; i++)
                fleet_read(fleet, options->arguments[i]);
        fleet_judge(fleet);
        if (options->format == FORMAT_TEXT)
                report_text_fleet(fleet, &session, options, out);
        else if (options->format == FORMAT_HTML)
                report_html_fleet(fleet, &session, out);
        else
                report_json_fleet(fleet, &session, out);
        return fleet->exit;
}

const struct verb verb_fleet = {
        .name = "fleet",
        .arguments = "REPORT...",
        .help = "The reports of many hosts (check, audit, facts in JSON): their verdicts, and who stands out in what.",
        .verbose = "all hosts and items",
        .options = OPTION_PAGE,
        .most_arguments = 100000,
        .run = run,
};

/* diff: two hosts, or one at two times, side by side. */

#include "agent/diff.h"
#include "agent/report.h"

#include "agent/core/pool.h"

/* One of the two: a folder, a capture, or this host. */
static int open_side(const struct options *options, const char *place, bool with_profile, struct session *session)
{
        struct options side = *options;

        side.root = place;
        return session_open(&side, with_profile, session);
}

static struct diff_side side_of(const struct session *session, const char *place)
{
        return (struct diff_side){
                .place = place,
                .host = session->host_name,
                .boot_id = session->boot_id,
                .time = session->now,
        };
}

static int exit_of(const struct diff *diff)
{
        if (diff->different)
                return EXIT_NOT_READY;
        return diff->unknown ? EXIT_CANNOT_TELL : EXIT_READY;
}

/* One profile for both, so that the same settings are looked at. */
static int compare(const struct options *options, struct session *a, const char *a_place, struct session *b,
                   const char *b_place, struct text_buffer *out)
{
        struct session looking = *b, now = { .pool = a->pool, .profile = a->profile };
        autoexamination struct examination left = { 0 };
        autoexamination struct examination right = { 0 };
        autoitems struct items *a_items = items_new(), *b_items = items_new();
        autodiff struct diff *diff = NULL;
        struct diff_report report = { .session = &now, .a = side_of(a, a_place), .b = side_of(b, b_place) };

        looking.profile = a->profile;
        examine(a, false, &left);
        examine(&looking, false, &right);
        items_look(a_items, a->host, &left);
        items_look(b_items, b->host, &right);
        diff = diff_find(a_items, b_items);
        session_now(&now);
        report.diff = diff;
        report.exit = exit_of(diff);
        if (options->format == FORMAT_TEXT)
                report_text_diff(&report, options, out);
        else
                report_json_diff(&report, options, out);
        return report.exit;
}

static int run(const struct options *options, struct text_buffer *out)
{
        const char *a_place, *b_place;
        autosession struct session a = { 0 };
        autosession struct session b = { 0 };
        int status;

        if (!options->count)
                return complain(EXIT_USAGE,
                                "diff: which two? A and B are captures, folders as --root takes, or / for this host");
        if (options->count == 2 && options->root)
                return complain(EXIT_USAGE, "diff: --root stands for the second host, and two are named already");
        a_place = options->arguments[0];
        b_place = options->count == 2 ? options->arguments[1] : options->root;
        status = open_side(options, a_place, true, &a);
        if (!status)
                status = open_side(options, b_place, false, &b);
        return status ? status : compare(options, &a, a_place, &b, b_place, out);
}

const struct verb verb_diff = {
        .name = "diff",
        .arguments = "A [B]",
        .help = "Two hosts, or one at two times, side by side: captures or folders; without B, A and this host.",
        .options = OPTIONS_HOST | OPTION_SIDES,
        .most_arguments = 2,
        .run = run,
};

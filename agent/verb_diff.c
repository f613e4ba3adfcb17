/* diff: two hosts, or one at two times, side by side. */

#include "agent/answer.h"
#include "agent/diff.h"
#include "agent/report.h"
#include "agent/survey.h"

#include "agent/core/pool.h"
#include "probes/probes.h"

/* One of the two: a folder, a capture or this host; or what facts said of one. */
struct side {
        const char *place; /* NULL: this host */
        bool is_answer;
        struct answer answer;
        struct session session; /* not of an answer */
        struct examination examination;
        struct facts *facts; /* where nothing but facts is compared */
        struct items *items;
};

static void side_close(struct side *side)
{
        items_release(&side->items);
        facts_free(side->facts);
        if (side->examination.facts)
                examination_close(&side->examination);
        answer_release(&side->answer);
        session_close(&side->session);
}
#define autoside __attribute__((cleanup(side_close)))

static int open_answer(struct side *side)
{
        const char *problem = answer_read(side->items->pool, side->place, &side->answer);

        if (!problem && !text_equals(side->answer.verb, "facts"))
                problem = pool_format(side->items->pool, "is an answer of %s; of facts was expected", side->answer.verb);
        return problem ? complain(EXIT_USAGE, "%s: %s", side->place, problem) : 0;
}

static int open_side(const struct options *options, bool with_profile, struct side *side)
{
        struct options one = *options;

        if (side->is_answer)
                return open_answer(side);
        one.root = side->place;
        return session_open(&one, with_profile, &side->session);
}

static struct diff_side words_of(const struct side *side)
{
        const struct session *session = &side->session;

        return (struct diff_side){
                .place = side->place,
                .host = side->is_answer ? side->answer.host : session->host_name,
                .boot_id = side->is_answer ? side->answer.boot_id : session->boot_id,
                .time = side->is_answer ? side->answer.time : session->now,
        };
}

/* One profile for both, so that the same settings are looked at. */
static void look(struct side *side, struct profile *profile)
{
        struct session looking = side->session;

        looking.profile = profile;
        examine(&looking, LEFT_NOTHING, &side->examination);
        items_look(side->items, side->session.host, &side->examination);
}

/* What facts tells without being asked by name: an answer of it holds no more. */
static void look_at_facts(struct side *side)
{
        if (side->is_answer) {
                items_add_answer(side->items, &side->answer);
        } else {
                side->facts = facts_new();
                survey_run(side->session.host, probes, side->facts);
                items_add_facts(side->items, side->facts);
        }
        items_sort(side->items);
}

static int exit_of(const struct diff *diff)
{
        if (diff->different)
                return EXIT_NOT_READY;
        return diff->unknown ? EXIT_CANNOT_TELL : EXIT_READY;
}

static int compare(const struct options *options, struct side *a, struct side *b, struct text_buffer *out)
{
        struct session now = { .pool = a->items->pool, .profile = a->session.profile };
        struct diff_report report = { .session = &now, .a = words_of(a), .b = words_of(b) };
        autodiff struct diff *diff = NULL;

        if (a->is_answer || b->is_answer) {
                look_at_facts(a);
                look_at_facts(b);
                if (a->is_answer)
                        items_doubt(a->items, b->items);
                if (b->is_answer)
                        items_doubt(b->items, a->items);
        } else {
                look(a, a->session.profile);
                look(b, a->session.profile);
        }
        diff = diff_find(a->items, b->items);
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
        autoside struct side a = { .items = items_new() };
        autoside struct side b = { .items = items_new() };
        bool facts_only;
        int status;

        if (!options->count)
                return complain(EXIT_USAGE,
                                "diff: which two? A and B are captures, folders as --root takes, or / for this host");
        if (options->count == 2 && options->root)
                return complain(EXIT_USAGE, "diff: --root stands for the second host, and two are named already");
        a.place = options->arguments[0];
        b.place = options->count == 2 ? options->arguments[1] : options->root;
        a.is_answer = answer_is_at(a.place);
        b.is_answer = b.place && answer_is_at(b.place);
        facts_only = a.is_answer || b.is_answer;
        status = open_side(options, !facts_only, &a);
        if (!status)
                status = open_side(options, false, &b);
        return status ? status : compare(options, &a, &b, out);
}

const struct verb verb_diff = {
        .name = "diff",
        .arguments = "A [B]",
        .help = "Two hosts, or one at two times, side by side: captures or folders; without B, A and this host.",
        .verbose = "also what differs by nature",
        .options = OPTIONS_HOST | OPTION_SIDES,
        .most_arguments = 2,
        .run = run,
};

/* A check that ends in time: made in a child, which is left behind where it hangs in the kernel. */

#include "agent/check.h"
#include "agent/examine.h"
#include "agent/report.h"

#include "agent/core/children.h"
#include "agent/core/endpoint.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define REPORT_MAX ((size_t)64 << 20)
/* What is kept of the time for judging and printing. */
#define MARGIN_MAX_MS 500U

struct end {
        char word; /* 'E' */
        bool refused;
        int status, kept;
};

static void check_in_child(const void *about, int out)
{
        struct check check = *(const struct check *)about;
        autobuffer struct text_buffer report = { 0 };
        struct end end = { .word = 'E' };

        check.opened = out;
        end.status = check_here(&check, &report);
        end.refused = check.refused;
        end.kept = check.kept;
        children_answer(out, &end, sizeof end);
        children_answer(out, report.at ? report.at : "", report.size);
}

/* Which other facts there are is not known either: what stands for them here stands in no ordinary report. */
static void keep_asked(struct facts *facts)
{
        size_t kept = 0;

        for (size_t i = 0; i < facts->count; i++) {
                bool asked = false;

                for (const char *const *name = facts->asked; name && *name && !asked; name++)
                        asked = text_equals(*name, facts->rows[i].name);
                if (asked)
                        facts->rows[kept++] = facts->rows[i];
        }
        facts->count = kept;
}

/* Nothing is read any more: whatever the profile asks for is unknown. That the child could open host and profile says that this
 * process can. */
static int report_nothing(const struct options *options, const char *what, struct text_buffer *out)
{
        autoexamination struct examination examination = { 0 };
        autosession struct session session = { 0 };
        int status;

        status = session_open(options, true, &session);
        if (status)
                return report_refused("check", options, status, session.problem, out);
        host_limit(session.host, 0, NULL);
        host_allow_endpoints(session.host);
        examine(&session, options->before_start ? LEFT_SERVICES : LEFT_NOTHING, &examination);
        keep_asked(examination.facts);
        examination.given_up = what;
        streak_count(&session, options, &examination.judgement, &examination.streak);
        return examination_print("check", &session, &examination, options, out);
}

static int give_up(const struct options *options, bool late, bool opened, const char *place, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        const char *what = pool_format(pool, "all of it, at %s", opened && *place ? place : "the host and its profile");

        if (opened)
                return report_nothing(options, text_printable(pool, what, LIMIT_PLACE + 32), out);
        if (late)
                complain(EXIT_CANNOT_TELL, "check: gave up after %g s, at opening the host and its profile",
                         options->time_limit_s);
        else
                complain(EXIT_CANNOT_TELL, "check: the process that looks ended at opening the host and its profile");
        return report_refused("check", options, EXIT_CANNOT_TELL, "gave up at opening the host and its profile", out);
}

/* The complaint of a child is not heard. */
static int complain_again(const struct options *options, int status)
{
        autosession struct session session = { 0 };

        check_open(options, &session);
        return status;
}

static int finish(const struct options *options, const struct task *task, const char *place, struct text_buffer *out)
{
        bool opened = task->answer.size > 0 && task->answer.at[0] == 'O';
        size_t size = task->answer.size - opened;
        const char *rest;
        struct end end;

        if (task->result < 0 || size < sizeof end)
                return give_up(options, task->result == -ETIMEDOUT, opened, place, out);
        rest = task->answer.at + opened;
        memcpy(&end, rest, sizeof end);
        text_add_bytes(out, rest + sizeof end, size - sizeof end);
        if (end.refused)
                return complain_again(options, end.status);
        if (end.kept < 0)
                complain(end.status, "check: not kept in /run/plumbline/check.json: %s", error_words(end.kept));
        return end.status;
}

int check_in_time(const struct options *options, struct text_buffer *out)
{
        unsigned limit_ms = (unsigned)(options->time_limit_s * 1000), margin_ms = limit_ms / 5;
        char *place = mmap(NULL, LIMIT_PLACE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct check check = { .options = options, .place = place };
        struct task task = { .work = check_in_child, .about = &check, .timeout_ms = limit_ms };
        int status;

        if (place == MAP_FAILED)
                return complain(EXIT_CANNOT_TELL, "check: no memory for a time limit");
        check.limit_ms = limit_ms - (margin_ms < MARGIN_MAX_MS ? margin_ms : MARGIN_MAX_MS);
        children_run(&task, 1, REPORT_MAX);
        status = finish(options, &task, place, out);
        text_buffer_free(&task.answer);
        munmap(place, LIMIT_PLACE);
        return status;
}

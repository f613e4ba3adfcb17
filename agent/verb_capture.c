/* capture: everything that was read of this host, in one archive. */

#include "agent/capture_evidence.h"
#include "agent/drift_report.h"
#include "agent/examine.h"
#include "agent/history.h"
#include "agent/redact.h"
#include "agent/report.h"
#include "agent/state.h"
#include "agent/survey.h"

#include "agent/core/archive.h"
#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/sha256.h"
#include "probes/probes.h"

#include <sys/stat.h>

#define MANIFEST ".plumbline/manifest.json"

/* A profile asks for what it names; facts asks for all that is told without a name. What both ask is kept as it was answered first. */
static void ask_all_facts(struct host *host)
{
        autofacts struct facts *facts = facts_new();

        survey_run(host, probes, facts);
}

/* Where what is louder is not read, other sources are: those who look at the capture with --quiet-only find them, too. */
static void look_quietly(const struct session *session)
{
        autoexamination struct examination examination = { 0 };

        host_allow(session->host, REACH_QUIET);
        host_record_refusals(session->host, false);
        examine(session, LEFT_LOUD, &examination);
        ask_all_facts(session->host);
        host_record_refusals(session->host, true);
}

/* What drift looks at, the past and what tells of it: the answer itself is for whoever asks the capture. What people did is left out where
 * nothing shall name them. */
static void look_at_drift(const struct session *session, const struct options *options, const struct examination *examination)
{
        autobuffer struct text_buffer unused = { 0 };
        struct options as = *options;
        const char *problem;

        as.format = FORMAT_JSON;
        (void)drift_report(session, examination, &as, options->no_redact ? EVIDENCE_ALL : EVIDENCE_BUT_PEOPLE, &unused,
                           &problem);
}

/* The page draws what no fact tells: where each interrupt is handled. */
static void look_at_page(const struct session *session, const struct options *options, const struct examination *examination)
{
        autobuffer struct text_buffer unused = { 0 };
        struct options as = *options;

        as.format = FORMAT_HTML;
        (void)examination_print("check", session, examination, &as, &unused);
}

/* All that a verb which changes nothing looks at: the facts, the plan, the page, and what is recorded of the past. With --evidence the endpoints
 * are asked as well, and answers are made of it. */
static void look_at_all(const struct session *session, const struct options *options, struct member answers[EVIDENCE_MEMBERS],
                        size_t *count)
{
        autoexamination struct examination examination = { 0 };

        *count = 0;
        if (options->evidence)
                host_allow_endpoints(session->host);
        examine(session, LEFT_NOTHING, &examination);
        ask_all_facts(session->host);
        /* Also where there is nothing to compare with yet. */
        json_decref(state_look(session, &examination));
        look_at_page(session, options, &examination);
        look_at_drift(session, options, &examination);
        if (options->evidence)
                capture_evidence(session, options, &examination, answers, count);
        look_quietly(session);
}

/* A capture made of a capture has lists of its own, and answers of its own moment. */
static size_t drop_lists(struct member *members, size_t count)
{
        size_t kept = 0;

        for (size_t i = 0; i < count; i++)
                if (!text_equals(members[i].path, MANIFEST) && !text_equals(members[i].path, ARCHIVE_SUMS) &&
                    !text_starts(members[i].path, EVIDENCE_FOLDER))
                        members[kept++] = members[i];
        return kept;
}

/* What the door wrote down, and the answers behind it. */
static struct member *gather(const struct session *session, const struct member *answers, size_t answer_count, size_t *count)
{
        struct member *read = host_members(session->host, session->seconds, count);
        struct member *members;

        *count = drop_lists(read, *count);
        members = pool_zero(session->pool, (*count + answer_count + 1) * sizeof *members);
        for (size_t i = 0; i < *count; i++)
                members[i] = read[i];
        for (size_t i = 0; i < answer_count; i++)
                members[(*count)++] = answers[i];
        return members;
}

static struct member manifest(const struct session *session, const struct options *options, const struct member *members,
                              size_t count)
{
        json_t *json = report_json_head("capture", session), *reads = json_object(), *counts;
        autobuffer struct text_buffer text = { 0 };
        unsigned files = 0, folders = 0, links = 0, names = 0;

        for (size_t i = 0; i < count; i++) {
                files += members[i].kind == MEMBER_FILE && members[i].known;
                names += members[i].kind == MEMBER_FILE && !members[i].known;
                folders += members[i].kind == MEMBER_FOLDER;
                links += members[i].kind == MEMBER_LINK;
        }
        if (!options->no_redact)
                json_object_set_new(json, "host", json_null());
        for (enum reach reach = REACH_QUIET; reach <= REACH_DISTURBING; reach++)
                json_object_set_new(reads, reach_name(reach), json_integer(host_reads(session->host, reach)));
        counts = json_pack("{s:i, s:i, s:i, s:i}", "files", files, "names", names, "folders", folders, "links", links);
        json_object_set_new(json, "live", json_boolean(host_was_live(session->host)));
        json_object_set_new(json, "redacted", json_boolean(!options->no_redact));
        json_object_set_new(json, "reads", reads);
        json_object_set_new(json, "members", counts);
        report_json_print(json, &text);
        return (struct member){
                .path = MANIFEST,
                .kind = MEMBER_FILE,
                .known = true,
                .bytes = pool_copy(session->pool, text.at, text.size),
                .size = text.size,
                .modified = session->seconds,
        };
}

static struct member sums(const struct session *session, const struct member *members, size_t count)
{
        autobuffer struct text_buffer text = { 0 };
        char hex[65];

        for (size_t i = 0; i < count; i++) {
                if (members[i].kind != MEMBER_FILE || !members[i].known)
                        continue;
                sha256_hex(members[i].bytes, members[i].size, hex);
                archive_sum_line(&text, hex, members[i].path);
        }
        return (struct member){
                .path = ARCHIVE_SUMS,
                .kind = MEMBER_FILE,
                .known = true,
                .bytes = pool_copy(session->pool, text.at, text.size),
                .size = text.size,
                .modified = session->seconds,
        };
}

static int run(const struct options *options, struct text_buffer *out)
{
        autosession struct session session = { 0 };
        struct member answers[EVIDENCE_MEMBERS], *members, *all;
        const char *problem;
        size_t count, answer_count;
        int status;

        if (!options->output)
                return complain(EXIT_USAGE, "capture: where to? -o FILE is missing");
        status = session_open(options, true, &session);
        if (status)
                return status;
        look_at_all(&session, options, answers, &answer_count);
        members = gather(&session, answers, answer_count, &count);
        if (!options->no_redact)
                redact(session.pool, members, count, session.profile->journal);
        all = pool_zero(session.pool, (count + 2) * sizeof *all);
        for (size_t i = 0; i < count; i++)
                all[i + 2] = members[i];
        all[1] = manifest(&session, options, members, count);
        all[0] = sums(&session, all + 1, count + 1);
        /* It tells how this host is set up: whoever made it decides who else may read it. */
        umask(077);
        if (archive_pack(all, count + 2, session.pool, out, &problem) < 0)
                return complain(EXIT_CANNOT_TELL, "capture: %s", problem);
        return EXIT_READY;
}

const struct verb verb_capture = {
        .name = "capture",
        .arguments = "",
        .help = "All that is read of this host, in one archive for --root: without serial numbers, addresses and names.",
        .options = OPTIONS_HOST | OPTION_REDACT | OPTION_EVIDENCE | OPTION_RECORD,
        .run = run,
};

/* check: is this box ready? */

#include "agent/event.h"
#include "agent/report.h"
#include "agent/survey.h"
#include "agent/verb.h"

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tuning/knobs.h"

/* A partition that the host cannot hold is a finding of its own: every setting that is made of it is held for this reason. */
static void judge_partition(const struct session *session, struct findings *findings)
{
        const struct partition *partition;
        const struct topology *topology;
        struct finding finding = {
                .id = "cpus",
                .kind = FINDING_CONFLICT,
                .status = STATUS_FAIL,
                .source = "/sys/devices/system/cpu",
                .from = session->profile->cpus_from,
                .fix = "give the profile a partition that fits this host (cpus: housekeeping, isolated)",
        };

        profile_partition(session->profile, session->host, session->pool, &topology, &partition);
        if (!partition || partition->valid)
                return;
        finding.have = partition->problem;
        finding.want = pool_format(session->pool, "housekeeping %s, isolated %s",
                                   session->profile->housekeeping ? session->profile->housekeeping : "rest",
                                   session->profile->isolated ? session->profile->isolated : "none");
        finding_add(findings, &finding);
}

/* What an audit or the gate found, for the journal. A check by hand is told to nobody. */
static void tell_journal_of(const struct options *options, const struct session *session, const struct findings *findings,
                            const struct judgement *judgement)
{
        enum event_kind kind = text_equals(options->journal, "gate") ? EVENT_GATE : EVENT_AUDIT;
        struct event **events;
        size_t count;

        if (!options->journal)
                return;
        events = events_of_check(session->pool, kind, session->profile, findings, judgement, &count);
        for (size_t i = 0; i < count; i++)
                event_send(session->host, events[i]);
}

static int run(const struct options *options, struct text_buffer *out)
{
        autofindings struct findings *findings = findings_new();
        autofacts struct facts *facts = facts_new();
        autoplan struct plan *plan = plan_new();
        autosession struct session session;
        struct judgement judgement;
        json_t *json;
        int status;

        status = session_open(options, true, &session);
        if (status)
                return status;
        if (options->journal && !host_is_live(session.host))
                return complain(EXIT_USAGE, "check: --journal is for this host; the folder of --root has no journal");
        survey_run(session.host, probes, facts);
        plan_all(session.host, knobs, session.profile, plan);
        judge_requirements(facts, session.profile, session.today, findings);
        judge_partition(&session, findings);
        judge_settings(plan, session.profile, session.today, findings);
        judge_waivers(session.profile, findings);
        judge_all(findings, session.profile, &judgement);
        tell_journal_of(options, &session, findings, &judgement);
        if (options->format == FORMAT_TEXT) {
                report_text_check(&session, findings, &judgement, options, out);
                return judgement.exit;
        }
        json = report_json_head("check", &session);
        json_object_set_new(json, "verdict", json_string(verdict_name(judgement.verdict)));
        json_object_set_new(json, "exit", json_integer(judgement.exit));
        json_object_set_new(json, "counts", report_json_counts(&judgement));
        json_object_set_new(json, "findings", report_json_findings(findings));
        report_json_print(json, out);
        return judgement.exit;
}

const struct verb verb_check = {
        .name = "check",
        .arguments = "",
        .help = "Is this box ready? Requirements and settings against the profile, one verdict.",
        .options = OPTIONS_HOST | OPTION_JOURNAL,
        .run = run,
};

/* Looking at a host and judging it: the body of check and audit. */

#include "agent/examine.h"

#include "agent/apply.h"
#include "agent/report.h"
#include "agent/survey.h"

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

void examine(const struct session *session, enum left_out left_out, struct examination *examination)
{
        struct findings *findings = findings_new(), *unread = findings_new();
        struct facts *facts = facts_new();
        struct plan *plan = plan_new();

        *examination = (struct examination){ .facts = facts, .plan = plan, .findings = findings, .unread = unread };
        facts->asked = profile_asked(session->profile, facts->pool);
        facts->journal = session->profile->journal;
        survey_run(session->host, probes, facts);
        plan_all(session->host, knobs, session->profile, plan);
        if (left_out == LEFT_LOUD)
                judge_drop_refused(plan, unread);
        judge_requirements(facts, session->profile, session->today, findings);
        judge_partition(session, findings);
        judge_settings(plan, session->profile, session->today, findings);
        judge_waivers(session->host, examination->facts, session->profile, findings);
        if (left_out == LEFT_SERVICES)
                judge_leave_services(session->profile, findings);
        if (left_out != LEFT_NOTHING)
                judge_set_aside(findings, unread);
        judge_all(findings, session->profile, &examination->judgement);
        examination->judgement.unread = unread->count;
        examination->judgement.left_out = left_out;
}

void examination_close(struct examination *examination)
{
        findings_free(examination->unread);
        findings_free(examination->findings);
        plan_free(examination->plan);
        facts_free(examination->facts);
}

void examination_tell(enum event_kind kind, const struct session *session, const struct examination *examination)
{
        struct event **events;
        size_t count;

        events = events_of_check(session->pool, kind, session->profile, examination->findings, &examination->judgement, &count);
        for (size_t i = 0; i < count; i++)
                event_send(session->host, events[i]);
}

int examination_print(const char *verb, const struct session *session, const struct examination *examination,
                      const struct options *options, struct text_buffer *out)
{
        struct report report = {
                .verb = verb,
                .session = session,
                .options = options,
                .facts = examination->facts,
                .plan = examination->plan,
                .findings = examination->findings,
                .unread = examination->unread,
                .past = examination->past,
                .past_age_s = examination->past_age_s,
                .given_up = examination->given_up,
                .streak = examination->streak,
                .drift = examination->drift,
                .judgement = &examination->judgement,
        };

        return report_check(&report, out);
}

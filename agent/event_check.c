/* Events of a check: what is not in order, the gravest first, and the verdict. */

#include "agent/event.h"

#include "agent/core/pool.h"

#include <syslog.h>

/* Never LOG_ERR: who counts the errors in the journal to judge a host would count this verdict, and never see the host ready again. */
static int finding_priority(const struct finding *finding)
{
        if (finding->tier == TIER_INFO)
                return LOG_INFO;
        return finding->tier == TIER_CRITICAL && finding->status != STATUS_PENDING ? LOG_WARNING : LOG_NOTICE;
}

static const char *finding_words(struct pool *pool, const struct finding *finding)
{
        const char *from = finding->from ? pool_format(pool, " (%s)", finding->from) : "";
        const char *said = "";

        if (finding->have && finding->want)
                said = pool_format(pool, ": have %s, want %s", finding->have, finding->want);
        else if (finding->have || finding->want)
                said = pool_format(pool, ": %s %s", finding->have ? "have" : "want",
                                   finding->have ? finding->have : finding->want);
        return pool_format(pool, "%s %s %s: %s%s%s", tier_name(finding->tier), finding_kind_name(finding->kind), finding->id,
                           status_name(finding->status), said, from);
}

static struct event *event_of_finding(struct pool *pool, const struct profile *profile, const struct finding *finding)
{
        struct event *event = event_new(pool, EVENT_FINDING, finding_priority(finding));

        event_say(event, "%s", finding_words(pool, finding));
        event_add(event, "PLUMBLINE_VERB", "check");
        event_add_profile(event, profile);
        event_add(event, "PLUMBLINE_FINDING", finding->id);
        event_add(event, "PLUMBLINE_KIND", finding_kind_name(finding->kind));
        event_add(event, "PLUMBLINE_TIER", tier_name(finding->tier));
        event_add(event, "PLUMBLINE_STATUS", status_name(finding->status));
        event_add(event, "PLUMBLINE_HAVE", finding->have);
        event_add(event, "PLUMBLINE_WANT", finding->want);
        event_add(event, "PLUMBLINE_SOURCE", finding->source);
        event_add(event, "PLUMBLINE_FROM", finding->from);
        event_add(event, "PLUMBLINE_NOTE", finding->note);
        event_add(event, "PLUMBLINE_FIX", finding->fix);
        return event;
}

/* Critical before important before info, failures before what could not be told before what waits for a reboot. */
static unsigned gravity(const struct finding *finding)
{
        return (unsigned)finding->tier * 3 + (status_is_failure(finding->status)  ? 0
                                              : finding->status == STATUS_UNKNOWN ? 1
                                                                                  : 2);
}

/* Those not in order, sorted; how many there are of them. */
static size_t gather(struct pool *pool, const struct findings *findings, const struct finding ***sorted)
{
        const struct finding **rows = pool_zero(pool, (findings->count + 1) * sizeof *rows);
        size_t count = 0;

        for (unsigned grade = 0; grade < 3 * (TIER_INFO + 1U); grade++)
                for (size_t i = 0; i < findings->count; i++)
                        if (!status_is_fine(findings->rows[i].status) && gravity(&findings->rows[i]) == grade)
                                rows[count++] = &findings->rows[i];
        *sorted = rows;
        return count;
}

static struct event *event_of_verdict(struct pool *pool, enum event_kind kind, const struct profile *profile,
                                      const struct judgement *judgement, const struct finding *gravest, size_t wrong)
{
        static const char *const words[] = { "ready", "not ready", "ready after a reboot", "could not tell" };
        static const int priorities[] = { LOG_INFO, LOG_WARNING, LOG_NOTICE, LOG_WARNING };
        struct event *event = event_new(pool, kind, priorities[judgement->verdict]);
        size_t recorded = wrong < EVENT_FINDINGS_MAX ? wrong : EVENT_FINDINGS_MAX;
        const char *left = recorded < wrong ? pool_format(pool, ", %zu of them recorded", recorded) : "";

        if (gravest)
                event_say(event, "%s: %s: profile %s, %zu finding%s not in order%s, the gravest: %s",
                          kind == EVENT_GATE ? "gate" : "audit", words[judgement->verdict], profile->name, wrong,
                          wrong == 1 ? " is" : "s are", left, finding_words(pool, gravest));
        else
                event_say(event, "%s: %s: profile %s, everything%s is in order", kind == EVENT_GATE ? "gate" : "audit",
                          words[judgement->verdict], profile->name, judgement->unread ? " that was looked at" : "");
        event_add(event, "PLUMBLINE_VERB", "check");
        event_add_profile(event, profile);
        event_add(event, "PLUMBLINE_VERDICT", verdict_name(judgement->verdict));
        event_add_number(event, "PLUMBLINE_EXIT", (unsigned long)judgement->exit);
        event_add_number(event, "PLUMBLINE_FINDINGS", wrong);
        event_add_number(event, "PLUMBLINE_RECORDED", recorded);
        return event;
}

struct event **events_of_check(struct pool *pool, enum event_kind kind, const struct profile *profile,
                               const struct findings *findings, const struct judgement *judgement, size_t *count)
{
        const struct finding **wrong;
        size_t all = gather(pool, findings, &wrong), recorded = all < EVENT_FINDINGS_MAX ? all : EVENT_FINDINGS_MAX;
        struct event **events = pool_zero(pool, (recorded + 1) * sizeof *events);

        for (size_t i = 0; i < recorded; i++)
                events[i] = event_of_finding(pool, profile, wrong[i]);
        events[recorded] = event_of_verdict(pool, kind, profile, judgement, wrong[0], all);
        *count = recorded + 1;
        return events;
}

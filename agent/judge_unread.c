/* What an audit, or the gate at boot, does not look at: set aside, and named, so that it neither fails for ever nor passes for right. */

#include "agent/judge.h"

#include "agent/core/text.h"

static void name_unread(struct findings *unread, const struct step *step)
{
        const struct finding finding = {
                .id = step->id,
                .kind = FINDING_SETTING,
                .tier = step->tier,
                .status = STATUS_UNKNOWN,
                .source = step->target,
                .unread = true,
        };

        for (size_t i = 0; i < unread->count; i++)
                if (text_equals(unread->rows[i].id, step->id))
                        return;
        finding_add(unread, &finding);
}

static bool has_read_row(const struct plan *plan, const struct step *refused)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->id, refused->id) && !judge_was_refused(plan->rows[i]))
                        return true;
        return false;
}

void judge_drop_refused(struct plan *plan, struct findings *unread)
{
        size_t kept = 0;

        for (size_t i = 0; i < plan->count; i++) {
                struct step *step = plan->rows[i];

                if (judge_was_refused(step) && has_read_row(plan, step))
                        name_unread(unread, step);
                else
                        plan->rows[kept++] = step;
        }
        plan->count = kept;
}

void judge_leave_services(const struct profile *profile, struct findings *findings)
{
        for (size_t i = 0; i < findings->count; i++) {
                struct finding *finding = &findings->rows[i];

                if (finding->kind == FINDING_REQUIREMENT && profile_is_of_health(profile, finding->id)) {
                        finding->status = STATUS_UNKNOWN;
                        finding->unread = true;
                }
        }
}

void judge_set_aside(struct findings *findings, struct findings *unread)
{
        size_t kept = 0;

        for (size_t i = 0; i < findings->count; i++) {
                if (findings->rows[i].unread && findings->rows[i].status == STATUS_UNKNOWN)
                        finding_add(unread, &findings->rows[i]);
                else
                        findings->rows[kept++] = findings->rows[i];
        }
        findings->count = kept;
}

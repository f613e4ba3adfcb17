/* Rows of the plan into findings: one for each setting, in which the worst row speaks. */

#include "agent/judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

/* A row among many of the same setting: fine rows say less than bad ones, and a plain pass more than an exemption. */
static unsigned weight(const struct step *step)
{
        if (step->status == STATUS_PASS)
                return STATUS_EXEMPT;
        return status_is_fine(step->status) ? 0U + (step->status == STATUS_NO_EFFECT) : (unsigned)step->status;
}

bool judge_was_refused(const struct step *step)
{
        const char *refused = error_words(-ECANCELED);

        return step->status == STATUS_UNKNOWN && step->now &&
               (text_equals(step->now, refused) ||
                (text_starts(step->now, "unreadable: ") && text_equals(step->now + strlen("unreadable: "), refused)));
}

static const char *short_content(struct pool *pool, const struct step *step, const char *text, const struct content *content)
{
        if (step->how != STEP_FILE || content->kind != CONTENT_FILE)
                return text;
        return step->status == STATUS_PASS ? "as wanted"
               : content == &step->before  ? "another content"
                                           : pool_format(pool, "a file of %zu bytes", content->size);
}

static const char *setting_fix(const struct step *step)
{
        if (step->fix)
                return step->fix;
        if (step->status == STATUS_PENDING)
                return "reboot";
        if (step_is_due(step))
                return "plumbline apply";
        if (step->status == STATUS_UNKNOWN && step->now && strstr(step->now, "needs root"))
                return "run it as root";
        return NULL;
}

static void describe_setting(struct pool *pool, const struct plan *plan, const struct step *worst, struct finding *finding)
{
        unsigned same = 0, differ = 0, all = 0, unread = 0;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];

                if (!text_equals(step->id, worst->id))
                        continue;
                all++;
                differ += step->status == worst->status;
                unread += judge_was_refused(step);
                same += step->status == worst->status && text_equals(step->now, worst->now) &&
                        text_equals(step->want, worst->want);
        }
        finding->have = short_content(pool, worst, worst->now, &worst->before);
        finding->want = worst->check.text ? worst->check.text : short_content(pool, worst, worst->want, &worst->after);
        /* One speaks for all only where all are alike. */
        if (differ > 1 && !status_is_fine(worst->status))
                finding->have =
                        pool_format(pool, same == differ ? "%s (so on %u of %u targets)" : "%s (%u of %u targets differ)",
                                    finding->have ? finding->have : "", differ, all);
        finding->source = worst->target;
        finding->note = worst->note;
        finding->unread = worst->status == STATUS_UNKNOWN && unread == differ;
        finding->fix = setting_fix(worst);
}

static bool has_row(const struct plan *plan, const char *id)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->id, id))
                        return true;
        return false;
}

/* What is in a file with others and has no row of its own as long as nobody contradicts it (a limit): the file's row speaks for it. There is
 * a finding for each setting in every run. */
static void judge_by_file(const struct plan *plan, const struct profile *profile, const struct tune *tune, const char *today,
                          struct findings *findings)
{
        const struct step *file = NULL;
        struct finding finding = {
                .id = tune->setting.id,
                .kind = FINDING_SETTING,
                .tier = tune->setting.tier,
                .want = tune->setting.text,
                .from = tune->setting.from,
                .why = tune->setting.why,
        };

        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->id, tune->knob->name) && (!file || weight(plan->rows[i]) > weight(file)))
                        file = plan->rows[i];
        if (!file)
                return;
        finding.status = file->status;
        finding.source = file->target;
        finding.have = status_is_fine(file->status) ? tune->setting.text
                                                    : short_content(findings->pool, file, file->now, &file->before);
        finding.fix = setting_fix(file);
        judge_waive(findings->pool, profile, today, &finding);
        finding_add(findings, &finding);
}

void judge_settings(const struct plan *plan, const struct profile *profile, const char *today, struct findings *findings)
{
        struct pool *pool = findings->pool;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *first = plan->rows[i], *worst = first;
                struct finding finding = {
                        .id = first->id,
                        .kind = FINDING_SETTING,
                        .tier = first->tier,
                        .from = first->from,
                        .why = first->why,
                };
                bool seen = false;

                for (size_t j = 0; j < i && !seen; j++)
                        seen = text_equals(plan->rows[j]->id, first->id);
                if (seen)
                        continue;
                for (size_t j = i + 1; j < plan->count; j++)
                        if (text_equals(plan->rows[j]->id, first->id) && weight(plan->rows[j]) > weight(worst))
                                worst = plan->rows[j];
                finding.status = worst->status;
                if (worst->status == STATUS_CONTESTED)
                        finding.kind = FINDING_CONFLICT;
                describe_setting(pool, plan, worst, &finding);
                judge_waive(pool, profile, today, &finding);
                finding_add(findings, &finding);
        }
        for (size_t i = 0; i < profile->tune_count; i++)
                if (!has_row(plan, profile->tunes[i].setting.id))
                        judge_by_file(plan, profile, &profile->tunes[i], today, findings);
}

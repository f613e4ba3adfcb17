/* Waivers: what they turn, which have ended, and which name nothing. */

#include "agent/judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

void judge_waive(struct pool *pool, const struct profile *profile, const char *today, struct finding *finding)
{
        const struct waiver *expired = NULL;
        const struct waiver *waiver = profile_waiver(profile, finding->id, today, &expired);

        if (status_is_fine(finding->status))
                return;
        if (waiver) {
                finding->waiver = pool_format(pool, "%s, until %s by %s: %s", status_name(finding->status), waiver->until,
                                              waiver->who, waiver->why);
                finding->status = STATUS_WAIVED;
        } else if (expired) {
                finding->note = pool_format(pool, "the waiver of %s ended on %s", expired->who, expired->until);
        }
}

void judge_waivers(const struct facts *facts, const struct profile *profile, struct findings *findings)
{
        const size_t count = findings->count;
        const char **ids = pool_zero(findings->pool, (count + 1) * sizeof *ids);

        for (size_t i = 0; i < count; i++)
                ids[i] = findings->rows[i].id;
        for (size_t i = 0; i < profile->waiver_count; i++) {
                const struct waiver *waiver = &profile->waivers[i];
                struct finding finding = {
                        .id = waiver->id,
                        .kind = FINDING_CONFLICT,
                        .tier = TIER_INFO,
                        .status = STATUS_FAIL,
                        .have = "a waiver for nothing that is checked here",
                        .from = waiver->from,
                };
                const char *nearest = text_nearest(waiver->id, ids);
                bool named = fact_find(facts, waiver->id) != NULL;

                for (size_t j = 0; j < count; j++)
                        named = named || text_equals(ids[j], waiver->id);
                if (named)
                        continue;
                if (nearest)
                        finding.fix = pool_format(findings->pool, "did you mean %s?", nearest);
                finding_add(findings, &finding);
        }
}

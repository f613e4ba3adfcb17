/* Waivers: what they turn, which have ended, and which name nothing. */

#include "agent/judge.h"

#include "agent/baseline.h"
#include "agent/state.h"

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

bool judge_is_of_waiver(const struct profile *profile, const struct finding *finding)
{
        for (size_t i = 0; finding->kind == FINDING_CONFLICT && i < profile->waiver_count; i++)
                if (text_equals(profile->waivers[i].id, finding->id) && text_equals(profile->waivers[i].from, finding->from))
                        return true;
        return false;
}

/* What went since the baseline is drift that can be waived. */
static bool was_there(const json_t *baseline, const char *name)
{
        const json_t *state = json_object_get(baseline, "state");

        for (size_t i = 0; i < STATE_LAYERS; i++)
                if (json_object_get(json_object_get(state, state_layers[i]), name))
                        return true;
        return false;
}

/* Only there are names to be looked for where a waiver fits nothing else. */
static bool is_in_baseline(struct host *host, const char *name)
{
        autojson json_t *baseline = NULL;
        const char *damage;
        int error;

        baseline = baseline_read(host, &damage, &error);
        return was_there(baseline, name);
}

void judge_waivers(struct host *host, const struct facts *facts, const struct profile *profile, struct findings *findings)
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
                if (named || is_in_baseline(host, waiver->id))
                        continue;
                if (nearest)
                        finding.fix = pool_format(findings->pool, "did you mean %s?", nearest);
                finding_add(findings, &finding);
        }
}

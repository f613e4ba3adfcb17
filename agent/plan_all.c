/* Planning: every knob that the profile has settings for, on what is there now. */

#include "agent/apply_inside.h"

#include "agent/core/pool.h"

int plan_knob(struct host *host, const struct knob *knob, const struct profile *profile, struct plan *plan)
{
        struct settings *settings = pool_zero(plan->pool, sizeof *settings);
        const struct partition *partition;
        const struct topology *topology;

        profile_partition(profile, host, plan->pool, &topology, &partition);
        profile_settings(profile, knob, plan->pool, topology, partition, settings);
        if (!settings->count)
                return 0;
        plan_begin(plan, knob->name, settings);
        return knob->plan(host, settings, plan);
}

int plan_all(struct host *host, const struct knob *const *knobs, const struct profile *profile, struct plan *plan)
{
        int first = 0;

        for (; *knobs; knobs++) {
                int r = plan_knob(host, *knobs, profile, plan);

                if (r < 0) {
                        plan_note(plan, NULL, STATUS_UNKNOWN, LAYER_RUNNING, (*knobs)->name, error_words(r), "a plan",
                                  "the knob %s could not make its plan", (*knobs)->name);
                        first = first ? first : r;
                }
        }
        promise_judge(host, plan);
        return first;
}

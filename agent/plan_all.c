/* Planning: every knob that the profile has settings for, on what is there now. */

#include "agent/apply_inside.h"

#include "agent/core/pool.h"

#include <errno.h>

static bool has_row(const struct plan *plan, size_t from, const struct setting *setting)
{
        for (size_t i = from; i < plan->count; i++)
                if (plan->rows[i]->setting == setting)
                        return true;
        return false;
}

/* From somewhere in the middle on the knob was refused everything, and took what it did not see for not there. */
static void forget(struct plan *plan, size_t from, const struct settings *settings)
{
        const char *now = pool_format(plan->pool, "unreadable: %s", error_words(-ETIME));

        for (size_t i = from; i < plan->count; i++) {
                struct step *step = plan->rows[i];

                step->status = STATUS_UNKNOWN;
                step->how = STEP_NONE;
                step->now = now;
                step->note = step->fix = NULL;
        }
        for (size_t i = 0; i < settings->count; i++)
                if (!has_row(plan, from, &settings->rows[i]))
                        plan_note(plan, &settings->rows[i], STATUS_UNKNOWN, LAYER_RUNNING, plan->knob, now,
                                  settings->rows[i].text, NULL);
}

int plan_knob(struct host *host, const struct knob *knob, const struct profile *profile, struct plan *plan)
{
        struct settings *settings = pool_zero(plan->pool, sizeof *settings);
        const struct partition *partition;
        const struct topology *topology;
        size_t before = plan->count;
        int r;

        profile_partition(profile, host, plan->pool, &topology, &partition);
        profile_settings(profile, knob, plan->pool, topology, partition, settings);
        if (!settings->count)
                return 0;
        plan_begin(plan, knob->name, settings);
        r = knob->plan(host, settings, plan);
        if (host_is_late(host))
                forget(plan, before, settings);
        return r;
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

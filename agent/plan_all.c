/* Planning: every knob that the profile has settings for, on what is there now. */

#include "agent/apply_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

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

static int plan_settings(struct host *host, const struct knob *knob, const struct settings *settings, struct plan *plan)
{
        size_t before = plan->count;
        int r;

        if (!settings->count)
                return 0;
        plan_begin(plan, knob->name, settings);
        r = knob->plan(host, settings, plan);
        if (host_is_late(host))
                forget(plan, before, settings);
        return r;
}

/* --- what a waiver holds for: apply leaves it as it is --------------------------------------------------------------------- */

static const struct waiver *waiver_of(const struct profile *profile, const char *id)
{
        const struct waiver *expired;

        return *profile->today ? profile_waiver(profile, id, profile->today, &expired) : NULL;
}

/* Those that no waiver holds for. */
static struct settings *without_waived(const struct profile *profile, struct pool *pool, const struct settings *all)
{
        struct settings *rest = pool_zero(pool, sizeof *rest);
        struct setting *rows = pool_zero(pool, (all->count + 1) * sizeof *rows);

        *rest = *all;
        rest->count = 0;
        rest->held = false;
        for (size_t i = 0; i < all->count; i++) {
                if (waiver_of(profile, all->rows[i].id))
                        continue;
                rest->held = rest->held || all->rows[i].held;
                rows[rest->count++] = all->rows[i];
        }
        rest->rows = rows;
        return rest;
}

static void leave(struct pool *pool, struct step *step, const struct waiver *waiver)
{
        if (status_is_fine(step->status))
                return;
        step->fix = NULL;
        step->waived = pool_format(pool, "until %s by %s: %s", waiver->until, waiver->who, waiver->why);
}

/* A file of many settings is right with what is waived in it, and without: whoever waives something changes no file by that. */
static void accept_with_waived(struct plan *plan, size_t from, const struct plan *whole)
{
        for (size_t i = from; i < plan->count; i++)
                for (size_t j = 0; j < whole->count && step_is_due(plan->rows[i]); j++)
                        if (plan->rows[i]->how == STEP_FILE && whole->rows[j]->how == STEP_FILE &&
                            text_equals(plan->rows[i]->target, whole->rows[j]->target) &&
                            status_is_fine(whole->rows[j]->status))
                                plan->rows[i] = whole->rows[j];
}

static void add_row(struct plan *plan, struct step *step)
{
        plan->rows = pool_grow(plan->pool, plan->rows, plan->count, sizeof *plan->rows);
        plan->rows[plan->count++] = step;
}

/* One that has no row of its own is as the file is in which it would be. */
static void tell_by_file(struct plan *plan, const struct setting *setting, const struct plan *whole)
{
        for (size_t i = 0; i < whole->count; i++) {
                const struct step *file = whole->rows[i];

                if (file->setting || file->how != STEP_FILE)
                        continue;
                plan_note(plan, setting, file->status, LAYER_FILES, file->target,
                          status_is_fine(file->status) ? setting->text : "not in it", setting->text, NULL);
                return;
        }
}

/* Where all is waived, the rows of the knob as a whole still tell what is there, and want nothing. */
static void keep_as_it_is(struct plan *plan, const struct plan *whole)
{
        for (size_t i = 0; i < whole->count; i++) {
                if (whole->rows[i]->setting)
                        continue;
                if (!status_is_fine(whole->rows[i]->status)) {
                        whole->rows[i]->status = STATUS_NOT_APPLICABLE;
                        whole->rows[i]->note = "a waiver holds for all that it is about";
                        whole->rows[i]->fix = NULL;
                }
                add_row(plan, whole->rows[i]);
        }
}

int plan_knob(struct host *host, const struct knob *knob, const struct profile *profile, struct plan *plan)
{
        struct settings *settings = pool_zero(plan->pool, sizeof *settings), *rest;
        struct plan whole = { .pool = plan->pool };
        const struct partition *partition;
        const struct topology *topology;
        const struct waiver *waiver;
        size_t before = plan->count;
        int r, s = 0;

        profile_partition(profile, host, plan->pool, &topology, &partition);
        profile_settings(profile, knob, plan->pool, topology, partition, settings);
        rest = without_waived(profile, plan->pool, settings);
        r = plan_settings(host, knob, rest, plan);
        if (rest->count < settings->count) {
                s = plan_settings(host, knob, settings, &whole);
                accept_with_waived(plan, before, &whole);
                for (size_t i = 0; i < whole.count; i++)
                        if (whole.rows[i]->setting && waiver_of(profile, whole.rows[i]->id))
                                add_row(plan, whole.rows[i]);
                for (size_t i = 0; i < settings->count; i++)
                        if (waiver_of(profile, settings->rows[i].id) && !has_row(&whole, 0, &settings->rows[i]))
                                tell_by_file(plan, &settings->rows[i], &whole);
                if (!rest->count)
                        keep_as_it_is(plan, &whole);
        }
        for (size_t i = before; i < plan->count; i++) {
                waiver = waiver_of(profile, plan->rows[i]->id);
                if (waiver)
                        leave(plan->pool, plan->rows[i], waiver);
        }
        return r < 0 ? r : s;
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

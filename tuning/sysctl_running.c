/* Sysctls in the running kernel: absent, without effect, one-way and paired keys among them. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/sysctl_wish.h"

static struct want *want_text(struct pool *pool, const char *text)
{
        struct want *want = pool_zero(pool, sizeof *want);
        const char *problem;

        return want_parse(pool, text, VALUE_FIELDS, UNIT_NONE, WANT_PLAIN, want, &problem) < 0 ? NULL : want;
}

static void only_tell(struct step *step, enum status status, const char *note)
{
        step->how = STEP_NONE;
        step->status = status;
        step->note = note;
}

static void set_absent(struct sysctl_round *round, struct sysctl_wish *wish)
{
        const struct sysctl_special *special = wish->special;
        struct step *step = wish->step;

        if (!host_exists(round->host, "/proc/sys")) {
                only_tell(step, STATUS_UNKNOWN, "there is no /proc/sys here, so nothing can be said about the running kernel");
                step->now = "unreadable: no /proc/sys";
                step->fix = "look again on the running host";
                return;
        }
        wish->present = false;
        step->note = special ? special->gone : NULL;
        step->fix = "take it out of the profile, or mark it `absent: ok`";
        if (special && (special->no_effect || (special->none && sysctl_fulfils(round->plan->pool, wish, special->none))))
                step->status = STATUS_NOT_APPLICABLE;
        if (special && special->no_effect)
                step->note = special->no_effect;
}

/* What cannot be undone before the next boot is left to the next boot. */
static void leave_to_boot(struct sysctl_round *round, struct sysctl_wish *wish)
{
        struct pool *pool = round->plan->pool;
        const char *stuck = wish->special->stuck;
        const char *now = wish->step->undo_text, *target = wish->step->text;
        struct value value, end;

        if (!step_is_due(wish->step) || value_parse_kernel(pool, stuck, wish->kind, UNIT_NONE, &end) < 0)
                return;
        if (value_parse_kernel(pool, now, wish->kind, UNIT_NONE, &value) == 0 && value_equals(&value, &end))
                only_tell(
                        wish->step, STATUS_PENDING,
                        pool_format(pool, "the kernel keeps %s until the next boot; %s sets it then", stuck, SYSCTL_OWN_FILE));
        else if (value_parse_kernel(pool, target, wish->kind, UNIT_NONE, &value) == 0 && value_equals(&value, &end))
                only_tell(wish->step, STATUS_PENDING,
                          pool_format(pool, "the kernel never takes %s back, so it is left to the next boot; %s sets it then",
                                      stuck, SYSCTL_OWN_FILE));
        if (wish->step->how != STEP_NONE)
                return;
        wish->step->when = WHEN_BOOT;
        wish->step->risk = RISK_REBOOT;
        wish->step->fix = "reboot when the profile's file is in place";
}

/* Writing a byte count makes the kernel zero the ratio. The row says so, and its undo, which comes first, writes the ratio
 * back, at which the kernel zeroes the count by itself: the kernel refuses a byte count of 0. */
static void plan_ratio_goes(struct sysctl_round *round, const struct sysctl_wish *wish)
{
        const struct want *zero = want_text(round->plan->pool, "0");
        struct step *step;

        if (!zero)
                return;
        step = plan_write_want(round->plan, round->host, wish->setting, zero, VALUE_FIELDS, UNIT_NONE, "/proc/sys/%s",
                               wish->special->partner);
        step->note = pool_format(round->plan->pool, "the kernel sets it to 0 when %s is written", wish->path);
}

/* Writing a ratio makes the kernel zero the byte count, which nothing but the count itself brings back: this row stands before
 * the ratio's, so that its undo comes after, and writes now what is there now. */
static struct step *plan_bytes_come_back(struct sysctl_round *round, const struct sysctl_wish *wish)
{
        struct plan *plan = round->plan;
        const struct want *same;
        const char *now;
        struct step *step;

        if (host_read(round->host, plan->pool, &now, "/proc/sys/%s", wish->special->partner) < 0 ||
            sysctl_is_zero(plan->pool, now))
                return NULL;
        same = want_text(plan->pool, text_trim(plan->pool, now));
        if (!same)
                return NULL;
        step = plan_write_want(plan, round->host, wish->setting, same, VALUE_FIELDS, UNIT_NONE, "/proc/sys/%s",
                               wish->special->partner);
        step->note = pool_format(
                plan->pool, "the kernel sets it to 0 when %s is written; recorded so that undo can bring it back", wish->path);
        return step;
}

void sysctl_plan_running(struct sysctl_round *round, struct sysctl_wish *wish)
{
        const char *partner = wish->special ? wish->special->partner : NULL;
        struct step *bytes = NULL;

        if (partner && text_ends(partner, "_bytes"))
                bytes = plan_bytes_come_back(round, wish);
        wish->step = plan_write_want(round->plan, round->host, wish->setting, wish->want, wish->kind, UNIT_NONE, "/proc/sys/%s",
                                     wish->path);
        if (wish->step->status == STATUS_UNSUPPORTED || wish->step->status == STATUS_NOT_APPLICABLE)
                set_absent(round, wish);
        else if (wish->special && wish->special->no_effect)
                only_tell(wish->step, STATUS_NO_EFFECT, wish->special->no_effect);
        else if (wish->special && wish->special->stuck)
                leave_to_boot(round, wish);
        if (bytes && step_is_due(wish->step)) {
                bytes->status = STATUS_DRIFT;
                bytes->want = "0";
        }
        if (partner && text_ends(partner, "_ratio") && wish->present && host_exists(round->host, "/proc/sys/%s", partner))
                plan_ratio_goes(round, wish);
}

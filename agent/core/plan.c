/* Rows of the plan: reading what is there, comparing, setting the status. */

#include "agent/core/plan.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX 200

const char *step_how_name(enum step_how how)
{
        static const char *const names[] = { "write", "file", "call", "none" };

        return names[how];
}

const char *step_when_name(enum step_when when)
{
        return when == WHEN_NOW ? "now" : "boot";
}

const char *risk_name(enum risk risk)
{
        static const char *const names[] = { "quiet", "disruptive", "reboot" };

        return names[risk];
}

const char *layer_name(enum layer layer)
{
        static const char *const names[] = { "running", "files", "next-boot" };

        return names[layer];
}

struct plan *plan_new(void)
{
        struct pool *pool = pool_new();
        struct plan *plan = pool_zero(pool, sizeof *plan);

        plan->pool = pool;
        return plan;
}

void plan_free(struct plan *plan)
{
        if (plan)
                pool_free(plan->pool);
}

void plan_release(struct plan **plan)
{
        plan_free(*plan);
}

void plan_begin(struct plan *plan, const char *knob, const struct settings *want)
{
        plan->knob = pool_dup(plan->pool, knob);
        plan->tier = TIER_INFO;
        plan->from = want->count ? pool_dup(plan->pool, want->rows[0].from) : NULL;
        for (size_t i = 0; i < want->count; i++)
                if (want->rows[i].tier < plan->tier)
                        plan->tier = want->rows[i].tier;
}

bool step_is_due(const struct step *step)
{
        return step->status == STATUS_DRIFT && step->how != STEP_NONE && !step->waived;
}

static struct step *add(struct plan *plan, const struct setting *setting, enum step_how how, const char *target)
{
        struct pool *pool = plan->pool;
        struct step *step = pool_zero(pool, sizeof *step);

        plan->rows = pool_grow(pool, plan->rows, plan->count, sizeof *plan->rows);
        plan->rows[plan->count++] = step;
        step->knob = plan->knob;
        step->how = how;
        step->target = pool_dup(pool, target);
        step->setting = setting;
        step->id = setting ? pool_dup(pool, setting->id) : plan->knob;
        step->tier = setting ? setting->tier : plan->tier;
        step->from = setting ? pool_dup(pool, setting->from) : plan->from;
        step->why = setting ? pool_dup(pool, setting->why) : NULL;
        return step;
}

/* The target is not there. */
static void set_absent(struct step *step)
{
        step->now = "absent";
        step->status = step->setting && step->setting->absent_ok ? STATUS_NOT_APPLICABLE : STATUS_UNSUPPORTED;
}

static void set_unknown(struct plan *plan, struct step *step, int error)
{
        step->status = STATUS_UNKNOWN;
        step->now = pool_format(plan->pool, "unreadable: %s", error_words(error));
}

static void compare_write(struct plan *plan, struct step *step, const struct want *want, const char *raw)
{
        struct pool *pool = plan->pool;
        struct value have, target;
        int r;

        r = value_parse_kernel(pool, raw, step->kind, step->unit, &have);
        if (r < 0) {
                set_unknown(plan, step, r);
                return;
        }
        step->now = value_show(pool, &have);
        r = want_target(pool, want, &have, &target);
        if (r < 0) {
                set_unknown(plan, step, r);
                return;
        }
        step->text = value_kernel(pool, &target);
        step->undo_text = step->kind == VALUE_CHOICE ? have.text : pool_dup(pool, raw);
        step->status = want_holds(want, &have) ? STATUS_PASS : STATUS_DRIFT;
        if (step->status == STATUS_DRIFT)
                step->want = value_show(pool, &target);
}

static struct step *plan_write_path(struct plan *plan, struct host *host, const struct setting *setting,
                                    const struct want *want, enum value_kind kind, enum unit unit, const char *path)
{
        struct step *step = add(plan, setting, STEP_WRITE, path);
        const char *raw;
        int r;

        step->check = *want;
        step->kind = kind;
        step->unit = unit;
        step->want = want->text;
        r = host_read(host, plan->pool, &raw, "%s", path);
        if (r == -ENOENT || r == -ENOTDIR)
                set_absent(step);
        else if (r < 0)
                set_unknown(plan, step, r);
        else
                compare_write(plan, step, want, raw);
        return step;
}

struct step *plan_write(struct plan *plan, struct host *host, const struct setting *setting, const char *path, ...)
{
        const char *full;
        va_list args;

        va_start(args, path);
        full = pool_vformat(plan->pool, path, args);
        va_end(args);
        return plan_write_path(plan, host, setting, &setting->want, setting->field->kind, setting->field->unit, full);
}

struct step *plan_write_want(struct plan *plan, struct host *host, const struct setting *setting, const struct want *want,
                             enum value_kind kind, enum unit unit, const char *path, ...)
{
        const char *full;
        va_list args;

        va_start(args, path);
        full = pool_vformat(plan->pool, path, args);
        va_end(args);
        return plan_write_path(plan, host, setting, want, kind, unit, full);
}

const char *content_words(struct pool *pool, const struct content *content)
{
        switch (content->kind) {
        case CONTENT_ABSENT:
                return "absent";
        case CONTENT_LINK:
                return pool_format(pool, "link to %s", text_printable(pool, content->bytes, SHOWN_MAX));
        case CONTENT_FOLDER:
                return "a folder";
        case CONTENT_FILE:
                break;
        }
        if (memchr(content->bytes, 0, content->size))
                return pool_format(pool, "%zu bytes of binary data", content->size);
        return content->bytes;
}

static void compare_content(struct plan *plan, struct host *host, struct step *step)
{
        int r;

        r = host_content(host, plan->pool, &step->before, step->target);
        step->want = content_words(plan->pool, &step->after);
        if (r < 0) {
                set_unknown(plan, step, r);
                return;
        }
        step->now = content_words(plan->pool, &step->before);
        step->status = content_equals(&step->before, &step->after) ? STATUS_PASS : STATUS_DRIFT;
        if (step->status == STATUS_DRIFT && step->before.kind == CONTENT_FOLDER) {
                step->how = STEP_NONE;
                step->note = "a folder stands where a file belongs";
                step->fix = "look at what made it, and move it away";
        }
}

/* On a live host files are root's; a tree may belong to whoever tries things out in it. */
static struct content wanted_content(const struct host *host, enum content_kind kind, const char *bytes, mode_t mode)
{
        return (struct content){
                .kind = bytes ? kind : CONTENT_ABSENT,
                .bytes = bytes,
                .size = bytes ? strlen(bytes) : 0,
                .mode = mode,
                .uid = host_was_live(host) ? 0 : geteuid(),
                .gid = host_was_live(host) ? 0 : getegid(),
        };
}

struct step *plan_file(struct plan *plan, struct host *host, const struct setting *setting, const char *text, mode_t mode,
                       const char *path, ...)
{
        struct step *step;
        va_list args;

        va_start(args, path);
        step = add(plan, setting, STEP_FILE, pool_vformat(plan->pool, path, args));
        va_end(args);
        step->layer = LAYER_FILES;
        step->after = wanted_content(host, CONTENT_FILE, pool_dup(plan->pool, text), mode);
        compare_content(plan, host, step);
        return step;
}

struct step *plan_link(struct plan *plan, struct host *host, const struct setting *setting, const char *target,
                       const char *path, ...)
{
        struct step *step;
        va_list args;

        va_start(args, path);
        step = add(plan, setting, STEP_FILE, pool_vformat(plan->pool, path, args));
        va_end(args);
        step->layer = LAYER_FILES;
        step->after = wanted_content(host, CONTENT_LINK, pool_dup(plan->pool, target), 0);
        compare_content(plan, host, step);
        return step;
}

struct step *plan_call(struct plan *plan, const struct setting *setting, const char *target, const char *now, const char *want,
                       const char *tell, const char *undo)
{
        struct step *step = add(plan, setting, STEP_CALL, target);

        step->now = pool_dup(plan->pool, now);
        step->want = pool_dup(plan->pool, want);
        step->text = pool_dup(plan->pool, tell);
        step->undo_text = pool_dup(plan->pool, undo);
        step->status = text_equals(now, want) ? STATUS_PASS : STATUS_DRIFT;
        return step;
}

struct step *plan_note(struct plan *plan, const struct setting *setting, enum status status, enum layer layer,
                       const char *target, const char *now, const char *want, const char *note, ...)
{
        struct step *step = add(plan, setting, STEP_NONE, target);
        va_list args;

        step->status = status;
        step->layer = layer;
        step->now = pool_dup(plan->pool, now);
        step->want = pool_dup(plan->pool, want);
        if (note) {
                va_start(args, note);
                step->note = pool_vformat(plan->pool, note, args);
                va_end(args);
        }
        return step;
}

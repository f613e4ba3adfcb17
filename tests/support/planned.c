/* Settings made by hand, given to a knob. */

#include "tests/support/planned.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned count_keys(const char *const *keys)
{
        unsigned count = 0;

        while (count < SETTING_KEYS && keys[count])
                count++;
        return count;
}

static bool field_fits(const struct field *field, const char *const *keys)
{
        unsigned count = count_keys(keys), at = 0;
        const char *path = field->path;
        struct slice part;

        while (text_word(&path, "/", &part)) {
                if (at == count || (!slice_equals(part, "*") && !slice_equals(part, keys[at])))
                        return false;
                at++;
        }
        return at + !!(field->flags & FIELD_LIST) == count;
}

static const struct field *find_field(const struct knob *knob, const char *const *keys)
{
        for (const struct field *field = knob->fields; field->path; field++)
                if (field_fits(field, keys))
                        return field;
        fprintf(stderr, "%s: no field for %s\n", knob->name, keys[0]);
        abort();
}

static void make_setting(struct pool *pool, const struct knob *knob, const struct asked *asked, struct setting *setting)
{
        const char *problem;

        *setting = (struct setting){
                .text = asked->text, .absent_ok = asked->absent_ok, .from = "test.yaml:1", .held = asked->held
        };
        setting->id = knob->name;
        for (unsigned i = 0; i < SETTING_KEYS && asked->keys[i]; i++) {
                setting->keys[i] = asked->keys[i];
                setting->id = pool_format(pool, "%s.%s", setting->id, asked->keys[i]);
        }
        setting->field = find_field(knob, asked->keys);
        if (asked->held)
                return;
        if (profile_want(pool, setting->field, setting->text, &setting->want, &problem) < 0) {
                fprintf(stderr, "%s: %s\n", setting->id, problem);
                abort();
        }
}

struct plan *planned(struct host *host, const struct knob *knob, const struct asked *asked)
{
        struct plan *plan = plan_new();
        struct settings settings = { 0 };
        struct setting *rows = NULL;

        for (; asked[settings.count].keys[0]; settings.count++) {
                rows = pool_grow(plan->pool, rows, settings.count, sizeof *rows);
                make_setting(plan->pool, knob, &asked[settings.count], &rows[settings.count]);
                settings.held |= asked[settings.count].held != NULL;
        }
        settings.rows = rows;
        if (topology_read(host, &settings.topology) < 0)
                settings.topology = NULL;
        plan_begin(plan, knob->name, &settings);
        if (knob->plan(host, &settings, plan) < 0) {
                fprintf(stderr, "%s: the knob failed\n", knob->name);
                abort();
        }
        return plan;
}

const struct step *planned_row(const struct plan *plan, const char *target)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->target, target))
                        return plan->rows[i];
        return NULL;
}

const struct step *planned_status(const struct plan *plan, const char *target, enum status status)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->target, target) && plan->rows[i]->status == status)
                        return plan->rows[i];
        return NULL;
}

size_t planned_due(const struct plan *plan)
{
        size_t due = 0;

        for (size_t i = 0; i < plan->count; i++)
                due += step_is_due(plan->rows[i]);
        return due;
}

static void make(struct host *host, const struct step *step)
{
        char folder[1024];
        int r = 0;

        if (step->how == STEP_WRITE)
                r = host_write(host, step->target, step->text);
        if (step->how == STEP_FILE) {
                snprintf(folder, sizeof folder, "%s", step->target);
                *strrchr(folder, '/') = 0;
                r = step->after.kind == CONTENT_ABSENT ? 0 : host_make_folder(host, folder, 0755);
                if (r == 0)
                        r = host_replace(host, step->target, &step->after);
        }
        if (r == 0)
                return;
        fprintf(stderr, "%s: %s\n", step->target, strerror(-r));
        abort();
}

struct plan *planned_made(struct host *host, const struct knob *knob, const struct asked *asked)
{
        struct plan *plan = planned(host, knob, asked);

        for (size_t i = 0; i < plan->count; i++)
                if (step_is_due(plan->rows[i]))
                        make(host, plan->rows[i]);
        plan_free(plan);
        return planned(host, knob, asked);
}

const char *planned_lint(struct pool *pool, const struct knob *knob, const struct asked *asked)
{
        const char *problem = NULL;
        struct setting setting;

        make_setting(pool, knob, asked, &setting);
        return knob->lint && knob->lint(&setting, pool, &problem) < 0 ? problem : NULL;
}

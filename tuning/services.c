/* Services that a trading box does without: stopped, disabled and masked, with what would start them again. */

#include "tuning/knobs.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"
#include "tuning/audit_unit.h"
#include "tuning/unit_cgroups.h"
#include "tuning/unit_files.h"
#include "tuning/unit_name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REFRESH "systemd/reload"

static const struct field services_fields[] = {
        {
                .path = "off",
                .kind = VALUE_FLAG,
                .flags = FIELD_LIST,
                .help = "Units that must not run: each is stopped, disabled and masked, together with the sockets, timers and "
                        "paths that would start it again, and the units that carry its name in front (snapd.seeded for snapd). "
                        "To disable alone does neither stop a service nor keep its socket, its timer or the message bus from "
                        "starting it. A bare name means NAME.service. A unit that is not installed is fine. Where the profile "
                        "has a "
                        "partition, plumbline's own audit is kept on the housekeeping CPUs by a drop-in.",
                .where = "Unit files and links in /etc/systemd/system and below /usr/lib/systemd/system; on a running systemd "
                         "the state of the unit. Set by removing the links that enable it and by a link to /dev/null under "
                         "its name in /etc/systemd/system; undone by putting both back, and by starting what ran.",
                .risk = "Disruptive: what the service did stops at once.",
        },
        { .path = NULL },
};

/* What is being planned. */
struct off {
        struct host *host;
        struct plan *plan;
        struct pool *pool;
        struct unit_files files;
        const struct setting *setting;
        size_t count; /* units planned already: two settings may lead to the same */
        const char **units;
};

static bool planned(const struct off *off, const char *unit)
{
        for (size_t i = 0; i < off->count; i++)
                if (text_equals(off->units[i], unit))
                        return true;
        return false;
}

static void add_unit(struct off *off, const char *unit)
{
        if (planned(off, unit))
                return;
        off->units = pool_grow(off->pool, off->units, off->count, sizeof *off->units);
        off->units[off->count++] = unit;
}

/* snapd.seeded.service, snapd.apparmor.service, ... of snapd.service: parts of one thing, named after it. */
static bool is_part(const char *name, const char *unit)
{
        size_t size = unit_name_stem_size(unit);

        return text_ends(unit, ".service") && !strchr(unit, '@') && !text_equals(name, unit) && !strncmp(name, unit, size) &&
               name[size] == '.' && !text_ends(name, ".target") && !text_ends(name, ".mount");
}

/* First what starts the unit, then its parts, so that nothing comes back while they are being stopped. */
static void add_companions(struct off *off, const char *unit)
{
        const char *problem;

        for (unsigned services = 0; services < 2; services++) {
                for (size_t i = 0; i < off->files.count; i++) {
                        struct unit_file *file = &off->files.rows[i];
                        int r;

                        if (text_ends(file->name, ".service") != (services == 1) || text_equals(file->name, unit))
                                continue;
                        r = unit_file_starts(&off->files, file, unit);
                        if (r < 0)
                                plan_note(off->plan, off->setting, STATUS_UNKNOWN, LAYER_FILES, file->name, error_words(r),
                                          "off", "whether it starts %s cannot be read", unit);
                        if ((r > 0 || is_part(file->name, unit)) && unit_name_check(off->pool, file->name, &problem) >= 0)
                                add_unit(off, file->name);
                }
        }
}

/* --- what runs now ------------------------------------------------------------------------------------------------------- */

static int ask_state(const struct off *off, const char *unit, const char **state)
{
        const char *answer;
        int r;

        r = unit_ask(off->host, off->pool, unit, &answer);
        if (r < 0)
                return r;
        *state = unit_property(off->pool, answer, "ActiveState");
        return *state ? 0 : -EBADMSG;
}

/* Without asking systemd: a service that runs has a control group. */
static void note_cgroup(const struct off *off, const char *unit)
{
        const char *target = pool_format(off->pool, "unit/%s", unit);
        struct unit_cgroups running;
        bool runs;

        if (!text_ends(unit, ".service"))
                return;
        if (unit_cgroups_read(off->host, off->pool, &running) < 0) {
                plan_note(off->plan, off->setting, STATUS_UNKNOWN, LAYER_RUNNING, target, error_words(-ECANCELED), "inactive",
                          NULL);
                return;
        }
        runs = unit_cgroups_have(&running, unit);
        plan_note(off->plan, off->setting, runs ? STATUS_DRIFT : STATUS_PASS, LAYER_RUNNING, target,
                  runs ? "active" : "inactive", "inactive", "by its control group: systemd was not asked");
}

static bool is_running(const char *state)
{
        return text_equals(state, "active") || text_equals(state, "activating") || text_equals(state, "reloading") ||
               text_equals(state, "refreshing");
}

static void stop_unit(const struct off *off, const char *unit)
{
        const char *target = pool_format(off->pool, "unit/%s", unit);
        struct step *step;
        const char *state;
        int r;

        r = ask_state(off, unit, &state);
        if (r == -ENOENT)
                return;
        if (r == -ECANCELED) {
                note_cgroup(off, unit);
                return;
        }
        if (r < 0) {
                plan_note(off->plan, off->setting, STATUS_UNKNOWN, LAYER_RUNNING, target, error_words(r), "inactive", NULL);
                return;
        }
        if (!is_running(state)) {
                plan_note(off->plan, off->setting, STATUS_PASS, LAYER_RUNNING, target, state, "inactive", NULL);
                return;
        }
        step = plan_call(off->plan, off->setting, target, state, "inactive", "stop", "start");
        step->risk = RISK_DISRUPTIVE;
}

static int compare_units(const void *a, const void *b)
{
        return text_compare_natural(*(const char *const *)a, *(const char *const *)b);
}

static int note_instances(const struct off *off, const char *template)
{
        struct unit_cgroups running;
        int r;

        r = unit_cgroups_read(off->host, off->pool, &running);
        if (r < 0)
                return r;
        for (size_t i = 0; i < running.count; i++)
                if (text_equals(unit_name_template(off->pool, running.units[i]), template))
                        note_cgroup(off, running.units[i]);
        return 0;
}

/* A template does not run; what was made of it does. */
static void stop_instances(const struct off *off, const char *template)
{
        const char **units = NULL;
        size_t size, count = 0;
        const char *cursor;
        const void *answer;
        struct slice line, name;
        int r;

        r = host_ask(off->host, off->pool, &answer, &size, "units");
        if (r == -ECANCELED && note_instances(off, template) == 0)
                return;
        if (r < 0) {
                plan_note(off->plan, off->setting, STATUS_UNKNOWN, LAYER_RUNNING, template, error_words(r), "inactive",
                          "its instances cannot be listed");
                return;
        }
        cursor = pool_copy(off->pool, answer, size);
        while (text_line(&cursor, &line)) {
                const char *unit;

                if (!slice_word(&line, " ", &name))
                        continue;
                unit = slice_dup(off->pool, name);
                if (!text_equals(unit_name_template(off->pool, unit), template))
                        continue;
                units = pool_grow(off->pool, units, count, sizeof *units);
                units[count++] = unit;
        }
        /* systemd tells its units in no order. */
        if (count)
                qsort(units, count, sizeof *units, compare_units);
        for (size_t i = 0; i < count; i++)
                stop_unit(off, units[i]);
}

/* --- what starts at the next boot ---------------------------------------------------------------------------------------- */

static void disable(const struct off *off, const char *unit)
{
        for (size_t i = 0; i < off->files.link_count; i++) {
                const struct unit_link *link = &off->files.links[i];

                if (unit_link_enables(&off->files, link, unit))
                        plan_link(off->plan, off->host, off->setting, NULL, "%s", link->path)->refresh = REFRESH;
        }
}

static void mask(const struct off *off, const char *unit)
{
        if (unit_files_is_own(&off->files, unit)) {
                plan_note(off->plan, off->setting, STATUS_PASS, LAYER_FILES,
                          pool_format(off->pool, UNIT_OWN_FOLDER "/%s", unit), "a unit file", "disabled",
                          "an administrator's own unit file stands where the mask belongs: it is only disabled and stopped");
                return;
        }
        plan_link(off->plan, off->host, off->setting, UNIT_MASK, UNIT_OWN_FOLDER "/%s", unit)->refresh = REFRESH;
}

/* Running units first: undone from the end, they start again when the links are back. */
static void plan_units(const struct off *off, size_t from)
{
        if (host_was_live(off->host) && host_exists(off->host, "/run/systemd/system")) {
                for (size_t i = from; i < off->count; i++) {
                        if (unit_name_is_template(off->units[i]))
                                stop_instances(off, off->units[i]);
                        else
                                stop_unit(off, off->units[i]);
                }
        }
        for (size_t i = from; i < off->count; i++)
                disable(off, off->units[i]);
        for (size_t i = from; i < off->count; i++)
                mask(off, off->units[i]);
}

static void plan_off(struct off *off, const char *name)
{
        const char *unit = unit_name_full(off->pool, name);
        const char *real = unit_files_real(&off->files, unit);
        size_t from = off->count;
        const char *problem;

        if (planned(off, real))
                return;
        if (unit_name_check(off->pool, real, &problem) < 0) {
                plan_note(off->plan, off->setting, STATUS_UNSUPPORTED, LAYER_FILES, unit, real, "off",
                          "left alone: it is %s by another name, and %s", real, problem);
                return;
        }
        if (!unit_files_have(&off->files, real)) {
                plan_note(off->plan, off->setting, STATUS_NOT_APPLICABLE, LAYER_FILES, unit, "not installed", "off", NULL);
                return;
        }
        add_companions(off, real);
        add_unit(off, real);
        plan_units(off, from);
}

static int services_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        autopool struct pool *pool = pool_new();
        struct off off = { .host = host, .plan = plan, .pool = pool };
        int r;

        r = unit_files_read(host, &off.files);
        for (size_t i = 0; i < want->count; i++) {
                off.setting = &want->rows[i];
                if (off.setting->held)
                        plan_note(plan, off.setting, STATUS_UNSUPPORTED, LAYER_FILES, off.setting->id, NULL, NULL, "%s",
                                  off.setting->held);
                else if (r < 0)
                        plan_note(plan, off.setting, STATUS_UNKNOWN, LAYER_FILES, UNIT_OWN_FOLDER, error_words(r), "off",
                                  "the folders of the unit files cannot be read");
                else
                        plan_off(&off, off.setting->keys[1]);
        }
        if (r >= 0)
                audit_unit_plan(&off.files, want, plan);
        return 0;
}

static int services_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        return unit_name_check(pool, unit_name_full(pool, setting->keys[1]), problem);
}

const struct knob knob_services = {
        .name = "services",
        .help = "Services that must not run: stopped, disabled and masked, with what starts them.",
        .fields = services_fields,
        .plan = services_plan,
        .lint = services_lint,
};

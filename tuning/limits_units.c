/* Limits of services: one drop-in each, others that override it, and processes that still run under the old limits. */

#include "tuning/limits_units.h"

#include "agent/core/pool.h"
#include "agent/core/process_limits.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"
#include "tuning/unit_name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define OWN_NAME "50-plumbline.conf"

static const char own_head[] = "# Limits kept by plumbline, which replaces this file as a whole.\n";

static bool concerns(const struct limits_wish *wish, const struct setting *setting)
{
        return text_equals(wish->domain, setting->keys[0]) && wish->item->directive;
}

static const char *drop_in_text(struct limits_round *round, const struct setting *setting)
{
        autobuffer struct text_buffer text = { 0 };

        for (size_t i = 0; i < round->count; i++) {
                const struct limits_wish *wish = &round->wishes[i];

                if (concerns(wish, setting))
                        text_addf(&text, "%s=%s\n", wish->item->directive,
                                  limits_format_unit(round->plan->pool, wish->item, wish->value));
        }
        return text.at ? pool_format(round->plan->pool, "%s[Service]\n%s", own_head, text.at) : NULL;
}

/* --- drop-ins that come after ours --------------------------------------------------------------------------------------- */

struct later {
        const char *name, *path;
};

struct later_list {
        size_t count;
        struct later *rows;
};

static int compare_later(const void *a, const void *b)
{
        const struct later *left = a, *right = b;

        return strcmp(left->name, right->name);
}

static bool has_name(const struct later_list *list, const char *name)
{
        for (size_t i = 0; i < list->count; i++)
                if (text_equals(list->rows[i].name, name))
                        return true;
        return false;
}

/* systemd.unit(5): all drop-ins by name, whatever their folder; a name in an earlier folder hides the later ones. */
static void find_later(struct limits_round *round, const char *unit, struct later_list *list)
{
        static const char *const folders[] = {
                UNIT_OWN_FOLDER,           "/run/systemd/system", "/usr/local/lib/systemd/system",
                "/usr/lib/systemd/system", "/lib/systemd/system",
        };
        struct pool *pool = round->plan->pool;
        const char *const *names;

        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                if (host_list(round->host, pool, &names, "%s/%s.d", folders[i], unit) < 0)
                        continue;
                for (size_t j = 0; names[j]; j++) {
                        if (!text_ends(names[j], ".conf") || strcmp(names[j], OWN_NAME) <= 0 || has_name(list, names[j]))
                                continue;
                        list->rows = pool_grow(pool, list->rows, list->count, sizeof *list->rows);
                        list->rows[list->count++] =
                                (struct later){ names[j], pool_format(pool, "%s/%s.d/%s", folders[i], unit, names[j]) };
                }
        }
        if (list->count)
                qsort(list->rows, list->count, sizeof *list->rows, compare_later);
}

/* The last value that the file gives the directive in its section [Service], and its line; false if it gives none. */
static bool last_value(struct pool *pool, const char *text, const char *directive, const char **value, unsigned *number)
{
        bool service = false, found = false;
        struct slice line;
        unsigned at = 0;

        while (text_line(&text, &line)) {
                const char *row = slice_dup(pool, slice_trim(line)), *equals = strchr(row, '=');

                at++;
                if (row[0] == '[')
                        service = text_equals(row, "[Service]");
                if (!service || !equals || row[0] == '#' || row[0] == ';')
                        continue;
                if (!slice_equals(slice_trim((struct slice){ .at = row, .size = (size_t)(equals - row) }), directive))
                        continue;
                *value = text_trim(pool, equals + 1);
                *number = at;
                found = true;
        }
        return found;
}

static void note_shadow(struct limits_round *round, const struct setting *setting, const struct limits_wish *wish,
                        const char *where, const char *path, const char *value)
{
        struct pool *pool = round->plan->pool;
        struct step *step;

        step = plan_note(round->plan, setting, STATUS_SHADOWED, LAYER_FILES, where, text_printable(pool, value, 60),
                         limits_format_unit(pool, wish->item, wish->value), "%s sets %s after %s", where, wish->item->directive,
                         OWN_NAME);
        step->fix = pool_format(pool, "take the line out of %s", path);
}

static void compare_drop_ins(struct limits_round *round, const struct setting *setting, const char *unit)
{
        struct pool *pool = round->plan->pool;
        struct later_list list = { 0 };
        const char *text, *value = NULL, *path = NULL;
        unsigned number, where = 0;

        find_later(round, unit, &list);
        for (size_t i = 0; list.count && i < round->count; i++) {
                const struct limits_wish *wish = &round->wishes[i];

                if (!concerns(wish, setting))
                        continue;
                path = NULL;
                for (size_t j = 0; j < list.count; j++) {
                        const char *found;

                        if (host_read(round->host, pool, &text, "%s", list.rows[j].path) < 0 ||
                            !last_value(pool, text, wish->item->directive, &found, &number))
                                continue;
                        path = list.rows[j].path;
                        value = found;
                        where = number;
                }
                if (path && !limits_unit_is(wish->item, value, wish->value))
                        note_shadow(round, setting, wish, pool_format(pool, "%s:%u", path, where), path, value);
        }
}

/* --- processes ----------------------------------------------------------------------------------------------------------- */

/* The main process of the service; 0 where there is none or nobody can tell. */
static uint64_t main_process(struct limits_round *round, const char *unit)
{
        const char *answer, *text;
        uint64_t pid;

        if (unit_ask(round->host, round->plan->pool, unit, &answer) < 0)
                return 0;
        text = unit_property(round->plan->pool, answer, "MainPID");
        return text && text_u64(text, 10, &pid) == 0 ? pid : 0;
}

/* A process keeps the limits it was started with: setrlimit(2) knows nothing of unit files. */
static void compare_process(struct limits_round *round, const struct setting *setting, const char *unit)
{
        autobuffer struct text_buffer now = { 0 }, want = { 0 };
        struct pool *pool = round->plan->pool;
        uint64_t pid = main_process(round, unit);
        const char *text, *soft, *hard, *target;
        struct step *step;

        if (!pid || host_read(round->host, pool, &text, "/proc/%llu/limits", (unsigned long long)pid) < 0)
                return;
        for (size_t i = 0; i < round->count; i++) {
                const struct limits_wish *wish = &round->wishes[i];

                if (!concerns(wish, setting) || !wish->item->process ||
                    !process_limits_find(pool, text, wish->item->process, &soft, &hard))
                        continue;
                if (limits_process_is(wish->item, soft, wish->value) && limits_process_is(wish->item, hard, wish->value))
                        continue;
                text_addf(&now, "%s%s %s:%s", now.at ? ", " : "", wish->item->name, text_printable(pool, soft, 40),
                          text_printable(pool, hard, 40));
                text_addf(&want, "%s%s %s", want.at ? ", " : "", wish->item->name, limits_format(pool, wish->value));
        }
        if (!now.at)
                return;
        target = pool_format(pool, "/proc/%llu/limits", (unsigned long long)pid);
        step = plan_note(round->plan, setting, STATUS_PENDING, LAYER_RUNNING, target, now.at, want.at,
                         "%s keeps the limits it was started with", unit);
        step->fix = pool_format(pool, "systemctl restart %s, when it may stop for a moment", unit);
}

/* --- a service ----------------------------------------------------------------------------------------------------------- */

static void tell(struct limits_round *round, const struct setting *setting, const char *unit, enum status status,
                 const char *now, const char *note)
{
        plan_note(round->plan, setting, status, LAYER_FILES, unit, now, "limits as in " OWN_NAME, "%s", note)->fix =
                "correct the profile, or install what is missing";
}

/* Is the drop-in already planned, for another domain? */
static bool is_taken(const struct limits_round *round, const char *path)
{
        for (size_t i = 0; i < round->drop_in_count; i++)
                if (text_equals(round->drop_ins[i], path))
                        return true;
        return false;
}

static void plan_drop_in(struct limits_round *round, const struct setting *setting, const char *unit, const char *path)
{
        struct pool *pool = round->plan->pool;
        const char *text = drop_in_text(round, setting);
        struct step *step;

        if (!text) {
                tell(round, setting, unit, STATUS_UNSUPPORTED, NULL, "the profile has no limit for it that a service can have");
                return;
        }
        round->drop_ins = pool_grow(pool, round->drop_ins, round->drop_in_count, sizeof *round->drop_ins);
        round->drop_ins[round->drop_in_count++] = path;
        step = plan_file(round->plan, round->host, setting, text, 0644, "%s", path);
        step->refresh = "systemd/reload";
        compare_drop_ins(round, setting, unit);
        compare_process(round, setting, unit);
}

void limits_plan_service(struct limits_round *round, const struct setting *setting)
{
        struct pool *pool = round->plan->pool;
        const char *unit = unit_name_full(pool, setting->keys[2]), *path;

        if (round->units_error < 0 && round->units_error != -ENOENT) {
                tell(round, setting, unit, STATUS_UNKNOWN, pool_format(pool, "unreadable: %s", error_words(round->units_error)),
                     "the unit files could not be listed");
                return;
        }
        if (round->units_error == -ENOENT || !unit_files_have(&round->units, unit)) {
                tell(round, setting, unit, setting->absent_ok ? STATUS_NOT_APPLICABLE : STATUS_UNSUPPORTED, "absent",
                     "there is no such unit on this host");
                return;
        }
        unit = unit_files_real(&round->units, unit);
        path = pool_format(pool, UNIT_OWN_FOLDER "/%s.d/" OWN_NAME, unit);
        if (is_taken(round, path))
                tell(round, setting, unit, STATUS_UNSUPPORTED, NULL, "another user of the profile names this service too");
        else
                plan_drop_in(round, setting, unit, path);
}

void limits_plan_leftovers(struct limits_round *round)
{
        struct pool *pool = round->plan->pool;
        const char *const *names;
        const char *text, *path;

        if (host_list(round->host, pool, &names, UNIT_OWN_FOLDER) < 0)
                return;
        for (size_t i = 0; names[i]; i++) {
                path = pool_format(pool, UNIT_OWN_FOLDER "/%s/" OWN_NAME, names[i]);
                if (!text_ends(names[i], ".service.d") || is_taken(round, path) ||
                    host_read(round->host, pool, &text, "%s", path) < 0 || !text_starts(text, own_head))
                        continue;
                plan_file(round->plan, round->host, NULL, NULL, 0, "%s", path)->refresh = "systemd/reload";
        }
}

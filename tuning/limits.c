/* Limits of a user or group: for login sessions in one file of limits.d, for services in a drop-in each. */

#include "agent/core/knob.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/limits_files.h"
#include "tuning/limits_units.h"
#include "tuning/unit_name.h"

#include <errno.h>
#include <string.h>

#define OWN_FILE "/etc/security/limits.d/99-plumbline.conf"
#define SERVICES "services"
/* More real-time priority than anything needs: 99 is where the kernel's migration and watchdog threads run. */
#define RTPRIO_KERNEL 99

static const char own_head[] =
        "# Limits of login sessions kept by plumbline, which replaces this file as a whole; see limits.conf(5).\n";

static bool is_service(const struct setting *setting)
{
        return text_equals(setting->keys[1], SERVICES) && setting->keys[2];
}

static void refuse(struct plan *plan, const struct setting *setting, const char *now, const char *note)
{
        struct step *step = plan_note(plan, setting, STATUS_UNSUPPORTED, LAYER_FILES, OWN_FILE, now,
                                      setting->held ? NULL : setting->text, "%s", note);

        step->fix = "correct the profile";
}

/* A limit above fs.nr_open makes setrlimit(2) fail, and with it the login (pam_limits(8)). */
static bool is_beyond_kernel(struct limits_round *round, const struct limits_wish *wish)
{
        struct pool *pool = round->plan->pool;
        int64_t most;

        if (!text_equals(wish->item->name, "nofile") || wish->value.endless ||
            host_number(round->host, &most, "/proc/sys/fs/nr_open") < 0 || wish->value.number <= most)
                return false;
        refuse(round->plan, wish->setting, pool_format(pool, "fs.nr_open %lld", (long long)most),
               "the kernel allows no process more open files than fs.nr_open, and a login that asks for more fails");
        return true;
}

static void add_wish(struct limits_round *round, const struct setting *setting)
{
        struct limits_wish wish = { .setting = setting, .domain = setting->keys[0] };

        wish.item = setting->keys[1] ? limits_item(setting->keys[1]) : NULL;
        if (setting->held)
                refuse(round->plan, setting, NULL, setting->held);
        else if (!wish.item || limits_parse(wish.item, setting->text, &wish.value) < 0)
                refuse(round->plan, setting, NULL, "this is no limit of limits.conf(5), or no value for it");
        else if (!is_beyond_kernel(round, &wish)) {
                round->wishes = pool_grow(round->plan->pool, round->wishes, round->count, sizeof *round->wishes);
                round->wishes[round->count++] = wish;
        }
}

static void plan_own_file(struct limits_round *round)
{
        struct pool *pool = round->plan->pool;
        autobuffer struct text_buffer text = { 0 };
        struct step *step;
        bool top = false;

        for (size_t i = 0; i < round->count; i++) {
                const struct limits_wish *wish = &round->wishes[i];

                text_addf(&text, "%-16s - %-12s %s\n", wish->domain, wish->item->name, limits_format(pool, wish->value));
                top |= text_equals(wish->item->name, "rtprio") && wish->value.number >= RTPRIO_KERNEL;
        }
        step = plan_file(round->plan, round->host, NULL, text.at ? pool_format(pool, "%s%s", own_head, text.at) : NULL, 0644,
                         "%s", OWN_FILE);
        if (top)
                step->note = "rtprio 99 competes with the kernel's migration and watchdog threads; 98 is above all else";
}

static void note_rivals(struct limits_round *round)
{
        struct pool *pool = round->plan->pool;
        struct limits_files files;

        limits_files_read(round->host, pool, OWN_FILE, &files);
        for (size_t i = 0; i < files.file_count; i++)
                if (files.files[i].error)
                        plan_note(round->plan, NULL, STATUS_UNKNOWN, LAYER_FILES, files.files[i].name,
                                  pool_format(pool, "unreadable: %s", error_words(files.files[i].error)), "readable",
                                  "without it nobody can tell which limits a login gets");
        for (size_t i = 0; i < round->count; i++) {
                const struct limits_wish *wish = &round->wishes[i];
                const struct limits_line *line = limits_files_rival(&files, OWN_FILE, wish->domain, wish->item, wish->value);
                const char *where;

                if (!line)
                        continue;
                where = pool_format(pool, "%s:%u", line->file, line->number);
                plan_note(round->plan, wish->setting, STATUS_SHADOWED, LAYER_FILES, where,
                          line->value ? text_printable(pool, line->value, 60) : "no limits at all",
                          limits_format(pool, wish->value),
                          line->item ? "%s is read after %s and wins" : "%s switches off what %s says for this name", where,
                          OWN_FILE)
                        ->fix = pool_format(pool, "take the line out of %s", line->file);
        }
}

static int limits_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        struct limits_round round = { .host = host, .plan = plan, .settings = want };
        bool services = false;

        for (size_t i = 0; i < want->count; i++) {
                services |= is_service(&want->rows[i]);
                if (!is_service(&want->rows[i]))
                        add_wish(&round, &want->rows[i]);
        }
        /* A file that lacks what is held would take away what an earlier run wrote. */
        if (want->held)
                return 0;
        plan_own_file(&round);
        note_rivals(&round);
        if (services)
                round.units_error = unit_files_read(host, &round.units);
        for (size_t i = 0; i < want->count; i++)
                if (is_service(&want->rows[i]))
                        limits_plan_service(&round, &want->rows[i]);
        limits_plan_leftovers(&round);
        return 0;
}

/* --- lint ---------------------------------------------------------------------------------------------------------------- */

static bool is_domain(const char *name)
{
        static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
        size_t size;

        if (name[0] == '@')
                name++;
        size = strspn(name, allowed);
        return size && size <= 32 && name[0] != '-' && (!name[size] || text_equals(name + size, "$"));
}

static const char *service_problem(struct pool *pool, const char *name)
{
        static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";
        const char *unit = unit_name_full(pool, name);

        if (!name[0] || strspn(unit, allowed) != strlen(unit) || strlen(unit) > 200 || name[0] == '.')
                return pool_format(pool, "\"%s\" is no name of a service", text_printable(pool, name, 60));
        if (!text_ends(unit, ".service"))
                return pool_format(pool, "\"%s\" is no service: limits are for what runs processes",
                                   text_printable(pool, name, 60));
        return NULL;
}

static const char *item_problem(struct pool *pool, const struct setting *setting)
{
        const struct limits_item *item = limits_item(setting->keys[1]);
        const char *shown = text_printable(pool, setting->keys[1], 60), *near;
        struct limits_value value;
        int r;

        if (!item) {
                near = limits_item_nearest(setting->keys[1]);
                return near ? pool_format(pool, "\"%s\" is no limit: did you mean \"%s\"?", shown, near)
                            : pool_format(pool,
                                          "\"%s\" is no limit: expected nofile, memlock, rtprio or another of limits.conf(5)",
                                          shown);
        }
        r = setting->text && setting->want.count ? limits_parse(item, setting->text, &value) : 0;
        if (r == -ERANGE)
                return pool_format(pool, "%s takes %lld to %lld%s", item->name, (long long)item->least, (long long)item->most,
                                   item->endless ? ", or unlimited" : "");
        if (r < 0)
                return pool_format(pool, "\"%s\" is no value for %s: expected a whole number%s",
                                   text_printable(pool, setting->text, 60), item->name, item->endless ? " or unlimited" : "");
        return NULL;
}

static int limits_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        const char *found = NULL;

        if (!is_domain(setting->keys[0]))
                found = pool_format(pool, "\"%s\" is neither a user nor a @group", text_printable(pool, setting->keys[0], 60));
        else if (is_service(setting))
                found = service_problem(pool, setting->keys[2]);
        else if (setting->keys[1])
                found = item_problem(pool, setting);
        if (!found)
                return 0;
        *problem = found;
        return -EINVAL;
}

static const struct field limits_fields[] = {
        { .path = "*/" SERVICES,
          .kind = VALUE_FLAG,
          .flags = FIELD_LIST,
          .help = "Services that run as this user and should have the same limits: pam_limits never sees what systemd starts.",
          .where = "A drop-in /etc/systemd/system/UNIT.d/50-plumbline.conf, then a reload of systemd. Undone by removing it.",
          .risk = "Quiet: a running service keeps its limits until it is restarted, which is left to you." },
        { .path = "*/*",
          .kind = VALUE_TEXT,
          .help = "A limit of limits.conf(5), soft and hard, for a user or a @group: nofile, memlock (KiB), rtprio and so on; "
                  "a "
                  "number or unlimited.",
          .where = OWN_FILE ", beside every other file that pam_limits reads. Undone by removing it.",
          .risk = "Quiet: sessions that begin later have it. rtprio lets a program that never sleeps keep a CPU for itself." },
        { 0 },
};

const struct knob knob_limits = {
        .name = "limits",
        .help = "Limits of users, groups and their services.",
        .fields = limits_fields,
        .plan = limits_plan,
        .lint = limits_lint,
};

/* Kernel settings below /proc/sys: now, and for the next boot in one file of sysctl.d(5). */

#include "agent/core/knob.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/sysctl_wish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char own_head[] = "# Kernel settings kept by plumbline, which replaces this file as a whole.\n";

/* The settings by the path of their key, since one key can be spelt in two ways. */
struct asked {
        const char *path;
        const struct setting *setting;
};

struct asked_list {
        size_t count;
        struct asked *rows; /* by path, then in the order of the profile */
};

static int compare_asked(const void *a, const void *b)
{
        const struct asked *left = a, *right = b;
        int order = strcmp(left->path, right->path);

        return order ? order : (left->setting > right->setting) - (left->setting < right->setting);
}

static void list_asked(struct pool *pool, const struct settings *settings, struct asked_list *list)
{
        list->count = settings->count;
        list->rows = pool_zero(pool, (settings->count + 1) * sizeof *list->rows);
        for (size_t i = 0; i < settings->count; i++)
                list->rows[i] = (struct asked){ sysctl_path(pool, settings->rows[i].keys[0]), &settings->rows[i] };
        if (list->count > 1)
                qsort(list->rows, list->count, sizeof *list->rows, compare_asked);
}

/* The first setting for this path, or NULL. */
static const struct setting *find_asked(const struct asked_list *list, const char *path)
{
        size_t low = 0, high = list->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (strcmp(list->rows[middle].path, path) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < list->count && text_equals(list->rows[low].path, path) ? list->rows[low].setting : NULL;
}

/* Why this setting is not looked at; NULL: it is. */
static const char *obstacle(struct pool *pool, const struct asked_list *list, const struct setting *setting, const char *path)
{
        const struct setting *first = find_asked(list, path);
        const char *problem;

        if (setting->held)
                return setting->held;
        problem = sysctl_key_problem(pool, setting->keys[0]);
        if (problem)
                return problem;
        if (!setting->want.count || (!sysctl_is_one_sided(&setting->want) && setting->want.op != OP_EQ))
                return "a value to set was expected, or one bound such as \">= 4096\"";
        if (first != setting)
                return pool_format(pool, "the profile asks for this key twice, also as %s", first->keys[0]);
        return NULL;
}

/* The other half of a pair, asked for with a value of its own. */
static const struct setting *rival(struct pool *pool, const struct asked_list *list, const struct sysctl_special *special)
{
        const struct setting *partner = special && special->partner ? find_asked(list, special->partner) : NULL;

        return partner && !partner->held && !sysctl_is_zero(pool, partner->text) ? partner : NULL;
}

static void refuse(struct plan *plan, const struct setting *setting, const char *note)
{
        struct step *step = plan_note(plan, setting, STATUS_UNSUPPORTED, LAYER_RUNNING, setting->keys[0], NULL,
                                      setting->held ? NULL : setting->text, "%s", note);

        step->fix = "correct the profile";
}

static void plan_setting(struct sysctl_round *round, const struct asked_list *list, const struct setting *setting,
                         struct text_buffer *text)
{
        struct pool *pool = round->plan->pool;
        struct sysctl_wish wish = { .setting = setting, .path = sysctl_path(pool, setting->keys[0]), .present = true };
        const struct setting *partner;
        const char *problem, *value;

        problem = obstacle(pool, list, setting, wish.path);
        if (problem) {
                refuse(round->plan, setting, problem);
                return;
        }
        wish.want = &setting->want;
        wish.kind = setting->want.values[0].kind;
        wish.special = sysctl_special(wish.path);
        partner = rival(pool, list, wish.special);
        /* 0 is what the kernel makes of it anyway when its partner is set; the partner's rows say so. */
        if (partner && sysctl_is_zero(pool, setting->text))
                return;
        if (partner) {
                refuse(round->plan, setting,
                       pool_format(pool, "the kernel sets it to 0 when %s is set, and the profile asks for both",
                                   partner->keys[0]));
                return;
        }
        sysctl_plan_running(round, &wish);
        value = sysctl_line_value(round, &wish);
        /* The file is for the next boot, which may be another kernel's: what may be missing there stands with a dash, at which
         * systemd-sysctl says nothing, and reads the same whichever kernel runs now. */
        if (value)
                text_addf(text, "%s%s = %s\n", setting->absent_ok ? "-" : "", setting->keys[0], value);
        sysctl_compare_files(round, &wish, value != NULL);
}

static int sysctl_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        autobuffer struct text_buffer text = { 0 };
        struct sysctl_round round = { .host = host, .plan = plan };
        struct asked_list list;

        sysctl_files_read(host, plan->pool, &round.files);
        list_asked(plan->pool, want, &list);
        for (size_t i = 0; i < want->count; i++)
                plan_setting(&round, &list, &want->rows[i], &text);
        sysctl_note_unreadable(&round);
        if (!want->held)
                plan_file(plan, host, NULL, text.at ? pool_format(plan->pool, "%s%s", own_head, text.at) : NULL, 0644, "%s",
                          SYSCTL_OWN_FILE);
        return 0;
}

/* mm/page-writeback.c: dirty_bytes_min is two pages, dirty_background_bytes starts at 1. */
static const char *bytes_problem(struct pool *pool, const struct setting *setting, const char *path)
{
        const struct value *value = setting->want.count ? &setting->want.values[0] : NULL;
        uint64_t least = text_equals(path, "vm/dirty_bytes") ? 8192 : 1;

        if (!text_equals(path, "vm/dirty_bytes") && !text_equals(path, "vm/dirty_background_bytes"))
                return NULL;
        if (!value || value->kind != VALUE_FIELDS || value->fields.count != 1)
                return NULL;
        if (!value->fields.at[0].negative && value->fields.at[0].magnitude >= least)
                return NULL;
        return pool_format(pool, "the kernel refuses less than %llu for %s: ask for the ratio instead",
                           (unsigned long long)least, setting->keys[0]);
}

static int sysctl_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        const char *found = sysctl_key_problem(pool, setting->keys[0]);

        if (!found && setting->text && strpbrk(setting->text, "\r\n"))
                found = pool_format(pool, "the value of %s must be one line", setting->keys[0]);
        if (!found)
                found = bytes_problem(pool, setting, sysctl_path(pool, setting->keys[0]));
        if (!found)
                return 0;
        *problem = found;
        return -EINVAL;
}

static const struct field sysctl_fields[] = {
        { .path = "*",
          .kind = VALUE_FIELDS,
          .flags = FIELD_ONE_SIDED | FIELD_TEXT_TOO,
          .help = "A kernel setting below /proc/sys, by its sysctl name. \">= N\" and \"<= N\" never make a better value "
                  "worse. A key with dots in a part of it is written with slashes: net/ipv4/conf/eth0.1/rp_filter.",
          .where =
                  "Read from and written to /proc/sys at once; for the next boot in " SYSCTL_OWN_FILE ", after looking at "
                  "who else sets the key in sysctl.d and who wins. Undone by writing the old value back and removing the file.",
          .risk = "Quiet for most keys; what each does is written in the kernel's admin-guide/sysctl and "
                  "networking/ip-sysctl." },
        { 0 },
};

const struct knob knob_sysctl = {
        .name = "sysctl",
        .help = "Kernel settings below /proc/sys, now and at the next boot.",
        .fields = sysctl_fields,
        .plan = sysctl_plan,
        .lint = sysctl_lint,
};

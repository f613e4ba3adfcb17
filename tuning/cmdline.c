/* Kernel parameters: our file for grub-mkconfig, the boot loader's next entry, and what the running kernel was told. */

#include "agent/core/boot.h"
#include "agent/core/host.h"
#include "agent/core/knob.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/cmdline_text.h"
#include "tuning/cmdline_view.h"

#include <errno.h>
#include <string.h>

static const struct field cmdline_fields[] = {
        { "*", VALUE_TEXT, UNIT_NONE, 0, NULL,
          "A parameter of the kernel's command line by its name; true for a bare word, false for one that must not be "
          "there. CPU lists and sizes are compared by what they mean. The kernel reads it once, at boot, and passes what "
          "it does not know on to init in silence: where the kernel shows the effect, that is looked at too.",
          "/proc/cmdline, the next entry of /boot/grub/grub.cfg, " CMDLINE_FILE " and its neighbours; set by that file and "
          "update-grub, undone by removing it",
          "Takes effect at the next boot. A wrong parameter can keep a machine from booting: the recovery entry of the "
          "boot menu does not get these." },
        { .path = NULL },
};

/* --- what the running kernel was told, and did --------------------------------------------------------------------- */

static void running_row(struct view *view, const struct setting *setting)
{
        const char *want = view_wanted(view, setting), *now;
        struct verdict verdict = { .status = STATUS_PASS };
        struct step *step;

        if (view->running_error < 0) {
                plan_note(view->plan, setting, STATUS_UNKNOWN, LAYER_RUNNING, "/proc/cmdline",
                          pool_format(view->pool, "unreadable: %s", error_words(view->running_error)), want, NULL);
                return;
        }
        now = view_found(view, &view->running, setting);
        if (view_holds(view, &view->running, setting))
                view_effect(view, setting, &verdict);
        else
                view_missing(view, setting, &verdict);
        step = plan_note(view->plan, setting, verdict.status, LAYER_RUNNING, "/proc/cmdline", now, want, NULL);
        step->note = verdict.note;
        step->fix = verdict.fix;
        if (verdict.status == STATUS_PENDING) {
                step->when = WHEN_BOOT;
                step->risk = RISK_REBOOT;
        }
}

/* --- what the next boot will bring --------------------------------------------------------------------------------- */

/* The wanted words that the next entry lacks, between blanks. */
static const char *missing_words(const struct view *view)
{
        autobuffer struct text_buffer words = { 0 };

        text_add(&words, "");
        for (size_t i = 0; i < view->want->count; i++) {
                const struct setting *setting = &view->want->rows[i];

                if (!setting->held && !view_holds(view, &view->next, setting))
                        text_addf(&words, "%s%s", words.size ? " " : "", view_wanted(view, setting));
        }
        return pool_dup(view->pool, words.at);
}

/* Has grub-mkconfig had no chance yet to read our file? After that, running it again would change nothing. */
static bool is_update_due(const struct view *view)
{
        struct host_stat stat;

        return host_stat(view->host, &stat, CMDLINE_FILE) == 0 && view->boot.written < stat.modified;
}

static void next_row(struct view *view)
{
        struct plan *plan = view->plan;
        const char *missing;
        struct step *step;

        if (!view->next_known) {
                step = plan_note(plan, NULL, STATUS_UNKNOWN, LAYER_NEXT_BOOT, view->boot_source, "unknown", "in the next entry",
                                 NULL);
                step->note = view->boot_problem;
                return;
        }
        missing = missing_words(view);
        if (!*missing) {
                plan_note(plan, NULL, STATUS_PASS, LAYER_NEXT_BOOT, view->boot_source, "in the next entry", "in the next entry",
                          NULL);
                return;
        }
        /* The file is still to be written: the update that follows it will do. */
        if (view->file && step_is_due(view->file))
                return;
        missing = pool_format(view->pool, "without %s", missing);
        if (view->shadowed || !host_was_live(view->host) || !is_update_due(view)) {
                step = plan_note(plan, NULL, STATUS_DRIFT, LAYER_NEXT_BOOT, view->boot_source, missing, "in the next entry",
                                 NULL);
                if (view->shadowed)
                        step->fix = "take the other settings out of the files named, then run update-grub";
                else if (!host_was_live(view->host))
                        step->fix = "run update-grub on that machine";
                else {
                        step->note = "update-grub has run since our file was written, and did not take it over";
                        step->fix = "run update-grub and look at what it says";
                }
                return;
        }
        step = plan_call(plan, NULL, "grub/config", missing, "in the next entry", "update", NULL);
        step->layer = LAYER_NEXT_BOOT;
        step->when = WHEN_BOOT;
        step->risk = RISK_REBOOT;
}

/* --- our file ------------------------------------------------------------------------------------------------------ */

static void file_row(struct view *view)
{
        const char *problem, *text = cmdline_file_text(view->pool, view->want, &problem);

        if (problem) {
                plan_note(view->plan, NULL, STATUS_UNSUPPORTED, LAYER_FILES, CMDLINE_FILE, "not written", "all parameters",
                          "%s", problem);
                return;
        }
        view->file = plan_file(view->plan, view->host, NULL, text, 0644, CMDLINE_FILE);
        view->file->when = WHEN_BOOT;
        view->file->risk = RISK_REBOOT;
        view->file->refresh = "grub/config";
}

static void held_rows(const struct view *view)
{
        for (size_t i = 0; i < view->want->count; i++) {
                const struct setting *setting = &view->want->rows[i];

                if (setting->held)
                        plan_note(view->plan, setting, STATUS_UNSUPPORTED, LAYER_FILES, CMDLINE_FILE, "left as it is",
                                  "a value on this host", "%s", setting->held);
        }
}

static int cmdline_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        struct view *view = view_open(host, want, plan);

        held_rows(view);
        if (view->no_grub) {
                for (size_t i = 0; i < want->count; i++)
                        if (!want->rows[i].held)
                                running_row(view, &want->rows[i]);
                return 0;
        }
        if (!want->held)
                file_row(view);
        view_shadows(view);
        for (size_t i = 0; i < want->count; i++)
                if (!want->rows[i].held)
                        running_row(view, &want->rows[i]);
        /* A file that is left as it is brings nothing to the next boot, however often update-grub runs. */
        if (!want->held)
                next_row(view);
        return 0;
}

const struct knob knob_cmdline = {
        .name = "cmdline",
        .help = "Parameters of the kernel's command line, kept in a file of our own for GRUB.",
        .fields = cmdline_fields,
        .plan = cmdline_plan,
        .lint = cmdline_lint,
};

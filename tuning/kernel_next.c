/* The kernel that starts next: what the menu says, and our GRUB_DEFAULT where it says another. */

#include "tuning/kernel_next.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/kernel_scene.h"

#include <string.h>

static bool next_is_right(const struct scene *scene)
{
        return !scene->boot_problem && scene_version_is_right(scene, scene->boot.next->release) &&
               scene_flavour_is_right(scene, scene->boot.next->release);
}

/* Has grub-mkconfig had no chance yet to read our file? After that, running it again would change nothing. */
static bool is_update_due(const struct scene *scene)
{
        struct host_stat stat;

        return host_was_live(scene->host) && host_stat(scene->host, &stat, KERNEL_FILE) == 0 &&
               scene->boot.written < stat.modified;
}

/* Our file is as it should be, and the boot loader's menu starts something else. */
static void not_taken_row(const struct scene *scene, const char *now)
{
        const char *wanted = scene_wanted(scene);
        struct step *step;

        if (is_update_due(scene)) {
                step = plan_call(scene->plan, scene->flavour_setting, "grub/config", now, wanted, "update", NULL);
                step->layer = LAYER_NEXT_BOOT;
                step->when = WHEN_BOOT;
                step->risk = RISK_REBOOT;
                return;
        }
        step = plan_note(scene->plan, scene->flavour_setting, STATUS_DRIFT, LAYER_NEXT_BOOT, scene->boot.source, now, wanted,
                         NULL);
        if (!host_was_live(scene->host)) {
                step->fix = "run update-grub on that machine";
                return;
        }
        step->note = "update-grub has run since our file was written, and something else decides what starts next";
        step->fix = "look for GRUB_DEFAULT in the files of /etc/default/grub.d behind ours, and for next_entry in grub-editenv "
                    "list";
}

/* The last GRUB_DEFAULT that grub-mkconfig reads behind our file wins. */
static bool add_shadow(const struct scene *scene, const char *name)
{
        struct grub_defaults defaults;
        bool shadowed = false;

        grub_defaults_read(scene->host, scene->pool, &defaults);
        for (size_t i = 0; i < defaults.count; i++) {
                const struct grub_assignment *row = &defaults.rows[i];
                struct step *step;

                if (!text_equals(row->name, "GRUB_DEFAULT") || strcmp(row->file, KERNEL_FILE) <= 0 ||
                    text_equals(row->value, name))
                        continue;
                step = plan_note(scene->plan, scene->flavour_setting, STATUS_SHADOWED, LAYER_NEXT_BOOT,
                                 pool_format(scene->pool, "%s:%u", row->file, row->line),
                                 text_printable(scene->pool, row->value, 200), name,
                                 "it is read behind our file and has the last word");
                step->fix = pool_format(scene->pool, "take GRUB_DEFAULT out of %s, then run update-grub", row->file);
                shadowed = true;
        }
        return shadowed;
}

static void file_rows(const struct scene *scene, const char *name, const char *now)
{
        struct step *step;

        step = plan_file(
                scene->plan, scene->host, scene->flavour_setting,
                pool_format(scene->pool,
                            "# The kernel to start, kept by plumbline, for grub-mkconfig. Changes made here are lost.\n"
                            "GRUB_DEFAULT='%s'\n",
                            name),
                0644, KERNEL_FILE);
        step->when = WHEN_BOOT;
        step->risk = RISK_REBOOT;
        step->refresh = "grub/config";
        if (step_is_due(step) || add_shadow(scene, name))
                return;
        if (next_is_right(scene))
                plan_note(scene->plan, scene->flavour_setting, STATUS_PASS, LAYER_NEXT_BOOT, scene->boot.source, now,
                          scene_wanted(scene), NULL);
        else
                not_taken_row(scene, now);
}

/* No entry that could be named is right. A file of ours would then name one that is gone, which GRUB answers with the first. */
static void no_entry_row(const struct scene *scene, const char *now)
{
        struct step *step;

        if (scene->has_file && !scene->boot_error && text_equals(scene->boot.loader, "grub") && scene->boot.count) {
                step = plan_file(scene->plan, scene->host, scene->flavour_setting, NULL, 0, KERNEL_FILE);
                step->when = WHEN_BOOT;
                step->refresh = "grub/config";
        }
        step = plan_note(scene->plan, scene->flavour_setting, scene->boot_problem ? STATUS_UNKNOWN : STATUS_DRIFT,
                         LAYER_NEXT_BOOT, scene->boot.source, now, scene_wanted(scene), NULL);
        step->note = scene->boot_problem;
}

/* With our file there and of use it stays, in line with the newest right kernel: without it the menu might start another. */
void kernel_next_rows(const struct scene *scene)
{
        bool grub = text_equals(scene->boot.loader, "grub"), right = next_is_right(scene);
        const char *now = scene->boot_problem ? "unknown" : scene->boot.next->release, *name = NULL;
        const struct boot_entry *entry = scene_entry(scene, &name);
        struct step *step;

        if (right && !(grub && scene->has_file && entry)) {
                plan_note(scene->plan, scene->flavour_setting, STATUS_PASS, LAYER_NEXT_BOOT, scene->boot.source, now,
                          scene_wanted(scene), NULL);
                return;
        }
        if (!entry) {
                no_entry_row(scene, now);
                return;
        }
        if (grub) {
                file_rows(scene, name, now);
                return;
        }
        step = plan_note(scene->plan, scene->flavour_setting, STATUS_DRIFT, LAYER_NEXT_BOOT, scene->boot.source, now,
                         scene_wanted(scene), NULL);
        step->fix = pool_format(scene->pool, "bootctl set-default %s", text_printable(scene->pool, entry->id, 120));
}

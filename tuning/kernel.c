/* The kernel's flavour and version: the one that runs, the package that brings it, and the entry that starts next. */

#include "agent/core/host.h"
#include "agent/core/knob.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/kernel_next.h"
#include "tuning/kernel_scene.h"

#include <errno.h>
#include <string.h>

static const struct field kernel_fields[] = {
        { "flavour", VALUE_TEXT, UNIT_NONE, 0, "rt|generic|any",
          "Which kind of kernel: rt is fully preemptible (PREEMPT_RT), generic is not, any leaves it open. With "
          "PREEMPT_RT nearly all of the kernel gives way to a task of higher priority, which cuts the worst delay; it "
          "costs some throughput, and has neither transparent hugepages nor NUMA balancing.",
          "/sys/kernel/realtime and /proc/version; the boot menu. Set by the distribution's package and by GRUB_DEFAULT "
          "in /etc/default/grub.d/99-plumbline-kernel.cfg, undone by removing both",
          "Takes effect at the next boot. Drivers from outside the kernel must be there for the new one too." },
        { "minimum", VALUE_VERSION, UNIT_NONE, 0, NULL, "The oldest kernel version that will do, compared number by number.",
          "/proc/sys/kernel/osrelease, the boot menu", "As for flavour." },
        { .path = NULL },
};

/* --- the kernel that runs ------------------------------------------------------------------------------------------ */

/* Not right: will the next boot bring it? right_next: the next entry has what this row is about. */
static void judge_wrong(const struct scene *scene, struct step *step, bool right_next)
{
        step->status = STATUS_DRIFT;
        if (!right_next)
                return;
        if (scene->promised) {
                step->note = pool_format(scene->pool, "%s named %s before this boot, and the machine came up with %s",
                                         scene->boot.source, scene->boot.next->release, scene->release);
                step->fix = "find out what started this kernel: another menu entry, another loader, kexec, a hypervisor";
                return;
        }
        step->status = STATUS_PENDING;
        step->when = WHEN_BOOT;
        step->risk = RISK_REBOOT;
        step->fix = "reboot";
}

static void flavour_row(const struct scene *scene)
{
        static const char *const wanted[] = { "any", "generic", "rt" };
        struct step *step;
        bool right;

        if (!scene->flavour_setting)
                return;
        step = plan_note(scene->plan, scene->flavour_setting, STATUS_UNKNOWN, LAYER_RUNNING, "running kernel", "unknown",
                         wanted[scene->flavour], NULL);
        if (scene->flavour == FLAVOUR_ANY) {
                step->status = STATUS_PASS;
                step->now = scene->release ? scene->release : "unknown";
                return;
        }
        if (scene->rt_error < 0 || !scene->release) {
                step->note = error_words(scene->rt_error < 0 ? scene->rt_error : scene->release_error);
                return;
        }
        step->now = pool_format(scene->pool, "%s (%s)", scene->rt ? "rt" : "generic", scene->release);
        right = scene->rt == (scene->flavour == FLAVOUR_RT);
        if (right)
                step->status = STATUS_PASS;
        else
                judge_wrong(scene, step, !scene->boot_problem && scene_flavour_is_right(scene, scene->boot.next->release));
}

static void minimum_row(const struct scene *scene)
{
        struct step *step;

        if (!scene->minimum_setting)
                return;
        step = plan_note(scene->plan, scene->minimum_setting, STATUS_UNKNOWN, LAYER_RUNNING, "running kernel", "unknown",
                         scene->minimum, NULL);
        if (!scene->release) {
                step->note = error_words(scene->release_error);
                return;
        }
        step->now = scene->release;
        if (scene_version_is_right(scene, scene->release))
                step->status = STATUS_PASS;
        else
                judge_wrong(scene, step, !scene->boot_problem && scene_version_is_right(scene, scene->boot.next->release));
}

/* --- the package --------------------------------------------------------------------------------------------------- */

static void package_call(const struct scene *scene, const struct kernel_package *package)
{
        struct step *step;

        step = plan_call(scene->plan, scene->flavour_setting, pool_format(scene->pool, "package/%s", package->name),
                         "not installed", "installed", "install", "remove");
        step->layer = LAYER_FILES;
        step->when = WHEN_BOOT;
        step->risk = RISK_REBOOT;
        step->note = package->remark;
}

/* No right kernel is installed. */
static void missing_row(const struct scene *scene)
{
        struct kernel_package package;
        struct step *step;

        kernel_package_find(scene->host, scene->pool, scene->flavour == FLAVOUR_RT, &package);
        if (package.name && !package.installed && host_was_live(scene->host)) {
                package_call(scene, &package);
                return;
        }
        step = plan_note(scene->plan, scene->flavour_setting, STATUS_UNSUPPORTED, LAYER_FILES,
                         package.name ? pool_format(scene->pool, "package/%s", package.name) : "kernel package",
                         "not installed", scene_wanted(scene), NULL);
        if (!package.name) {
                step->note = package.problem;
                step->fix = "install such a kernel in the way of this distribution";
        } else if (package.installed) {
                step->now = "installed";
                step->note =
                        pool_format(scene->pool, "the package %s is installed and has brought no such kernel", package.name);
                step->fix = "upgrade it, or take a newer one from the distribution's backports";
        } else {
                step->status = STATUS_DRIFT;
                step->note = package.remark;
                step->fix = pool_format(scene->pool, "install the package %s on that machine", package.name);
        }
        if (scene->installed.half)
                step->note = pool_format(scene->pool, "the package of %s is only half installed", scene->installed.half);
}

/* What starts this machine is not on its disk, and a package would change nothing. */
static void outside_row(const struct scene *scene)
{
        enum status status = scene_running_is_right(scene) ? STATUS_NOT_APPLICABLE : STATUS_UNSUPPORTED;
        struct step *step;

        if (!scene->release || (scene->rt_error < 0 && scene->flavour != FLAVOUR_ANY))
                status = STATUS_UNKNOWN;
        step = plan_note(scene->plan, scene->flavour_setting, status, LAYER_FILES, "/boot", "no kernel, no boot loader",
                         scene_wanted(scene), "this machine's kernel comes from outside of it");
        if (status == STATUS_UNSUPPORTED)
                step->fix = "give it such a kernel where it is started: its host, or its hypervisor";
}

static void package_row(const struct scene *scene)
{
        const char *release = scene_installed(scene);

        if (scene_boots_from_outside(scene) &&
            (host_was_live(scene->host) || scene_running_is_right(scene) || !scene->release)) {
                outside_row(scene);
        } else if (scene->installed_error < 0) {
                plan_note(scene->plan, scene->flavour_setting, STATUS_UNKNOWN, LAYER_FILES, "/boot",
                          pool_format(scene->pool, "unreadable: %s", error_words(scene->installed_error)), scene_wanted(scene),
                          NULL);
        } else if (release) {
                plan_note(scene->plan, scene->flavour_setting, STATUS_PASS, LAYER_FILES,
                          pool_format(scene->pool, "/boot/vmlinuz-%s", release), "installed", "installed", NULL);
        } else {
                missing_row(scene);
        }
}

/* Reports show the first of the worst rows of a setting: what runs. It should say what to do about it. */
static void point_out(const struct plan *plan, size_t first)
{
        for (size_t i = first; i < plan->count; i++) {
                struct step *row = plan->rows[i];

                for (size_t j = i + 1; j < plan->count && row->status == STATUS_DRIFT && !step_is_due(row) && !row->fix; j++) {
                        const struct step *later = plan->rows[j];

                        if (step_is_due(later))
                                row->fix = "plumbline apply, then reboot";
                        else if (status_is_failure(later->status) && later->fix)
                                row->fix = later->fix;
                        if (row->fix && !row->note)
                                row->note = later->note;
                }
        }
}

static int kernel_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        struct scene *scene = scene_open(host, want, plan);
        size_t first = plan->count;

        for (size_t i = 0; i < want->count; i++)
                if (want->rows[i].held)
                        plan_note(plan, &want->rows[i], STATUS_UNSUPPORTED, LAYER_RUNNING, "running kernel", "left as it is",
                                  "a value on this host", "%s", want->rows[i].held);
        if (want->held)
                return 0;
        flavour_row(scene);
        minimum_row(scene);
        if (scene->flavour == FLAVOUR_ANY && !scene->minimum)
                return 0;
        package_row(scene);
        if (!scene_boots_from_outside(scene))
                kernel_next_rows(scene);
        point_out(plan, first);
        return 0;
}

static int kernel_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        if (!text_equals(setting->keys[0], "minimum") || strchr("0123456789", setting->text[0]))
                return 0;
        *problem = pool_format(pool, "\"%s\" is no kernel version, such as \"5.15\"", text_printable(pool, setting->text, 80));
        return -EINVAL;
}

const struct knob knob_kernel = {
        .name = "kernel",
        .help = "The kernel's flavour and version: installed from the distribution, and started next.",
        .fields = kernel_fields,
        .plan = kernel_plan,
        .lint = kernel_lint,
};

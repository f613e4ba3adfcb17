/* Reads the running and the next command line, and judges one parameter in them. */

#include "tuning/cmdline_view.h"

#include "agent/core/host.h"
#include "agent/core/kernels.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/cmdline_text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* --- reading ------------------------------------------------------------------------------------------------------- */

static void read_running(struct view *view)
{
        const char *text;

        view->running_error = host_read(view->host, view->pool, &text, "/proc/cmdline");
        if (view->running_error == 0)
                view->running_error = cmdline_parse(view->pool, text, &view->running);
}

static void read_next(struct view *view)
{
        int r;

        r = boot_read(view->host, &view->boot);
        view->boot_source = "/boot";
        if (r < 0) {
                view->boot_problem = pool_format(view->pool, "the boot loader's files cannot be read: %s", error_words(r));
                view->boot = (struct boot){ .loader = "grub" };
                return;
        }
        view->boot_source = view->boot.source;
        view->boot_problem = view->boot.problem;
        view->promised = boot_was_promised(view->host, &view->boot);
        if (!view->boot.next)
                return;
        if (!view->boot.next->cmdline) {
                view->boot_problem = "the next entry of the boot menu starts no Linux";
                return;
        }
        view->next_known = cmdline_parse(view->pool, view->boot.next->cmdline, &view->next) == 0;
        if (!view->next_known)
                view->boot_problem = "the next entry's command line is longer than any kernel takes";
}

static void find_loader(struct view *view)
{
        bool grub = text_equals(view->boot.loader, "grub");

        if (text_equals(view->boot.loader, "systemd-boot")) {
                view->no_grub = "systemd-boot starts this machine, and it reads no file of GRUB";
                view->no_grub_fix = "add it to /etc/kernel/cmdline, then run kernel-install for each kernel";
        } else if (!grub && !view->defaults.present) {
                view->no_grub = "no boot loader was found that a file of ours could reach";
                view->no_grub_fix = "set it where this machine's boot loader or hypervisor has its kernel parameters";
        } else if (!view->defaults.reads_folder) {
                view->no_grub = "this system's grub-mkconfig does not read /etc/default/grub.d";
                view->no_grub_fix = "add it to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, then run grub-mkconfig";
        }
}

struct view *view_open(struct host *host, const struct settings *want, struct plan *plan)
{
        struct view *view = pool_zero(plan->pool, sizeof *view);

        view->host = host;
        view->pool = plan->pool;
        view->plan = plan;
        view->want = want;
        read_running(view);
        read_next(view);
        grub_defaults_read(host, view->pool, &view->defaults);
        find_loader(view);
        return view;
}

/* --- one parameter ------------------------------------------------------------------------------------------------- */

static bool is_wanted_absent(const struct setting *setting)
{
        return text_equals(setting->text, "false");
}

static bool is_named(const struct setting *setting, const char *name)
{
        return text_equals(setting->keys[0], name);
}

const char *view_wanted(const struct view *view, const struct setting *setting)
{
        if (is_wanted_absent(setting))
                return pool_format(view->pool, "no %s", setting->keys[0]);
        return cmdline_word(view->pool, setting);
}

const char *view_found(const struct view *view, const struct cmdline *cmdline, const struct setting *setting)
{
        const char *value = cmdline_get(cmdline, setting->keys[0]);

        if (!value)
                return pool_format(view->pool, "no %s", setting->keys[0]);
        return pool_format(view->pool, *value ? "%s=%s" : "%s", setting->keys[0], text_printable(view->pool, value, 400));
}

static const struct setting *sibling(const struct view *view, const char *name)
{
        for (size_t i = 0; i < view->want->count; i++)
                if (is_named(&view->want->rows[i], name) && !view->want->rows[i].held &&
                    !is_wanted_absent(&view->want->rows[i]))
                        return &view->want->rows[i];
        return NULL;
}

bool view_holds(const struct view *view, const struct cmdline *cmdline, const struct setting *setting)
{
        const char *name = setting->keys[0];
        const struct setting *size;

        if (is_wanted_absent(setting))
                return !cmdline_get(cmdline, name);
        if (text_equals(setting->text, "true"))
                return cmdline_has(cmdline, name, NULL);
        size = is_named(setting, "hugepages") ? sibling(view, "hugepagesz") : NULL;
        if (size)
                return cmdline_has_pages(cmdline, size->text, setting->text);
        return cmdline_has(cmdline, name, setting->text);
}

/* --- effect: the kernel takes a parameter that it does not know, or cannot follow, without a word ------------------ */

static bool has_no_nohz_full(const struct view *view)
{
        return host_exists(view->host, "/sys/devices/system/cpu") &&
               !host_exists(view->host, "/sys/devices/system/cpu/nohz_full");
}

/* drivers/base/cpu.c makes the file only with CONFIG_NO_HZ_FULL. */
static void nohz_effect(const struct view *view, const struct setting *setting, struct verdict *verdict)
{
        struct cpus asked, got;

        if (has_no_nohz_full(view)) {
                verdict->status = setting->absent_ok ? STATUS_NOT_APPLICABLE : STATUS_UNSUPPORTED;
                verdict->note = "the running kernel is built without CONFIG_NO_HZ_FULL and ignores it";
                verdict->fix = "boot a kernel that has it, such as the distribution's real-time kernel";
                return;
        }
        if (host_cpus(view->host, &got, "/sys/devices/system/cpu/nohz_full") < 0 ||
            cpus_parse(setting->text, CPUS_STRICT, 0, &asked) < 0 || cpus_equal(&asked, &got))
                return;
        verdict->status = STATUS_DRIFT;
        verdict->note = pool_format(view->pool, "asked for %s, the kernel runs %s without a tick", setting->text,
                                    cpus_empty(&got) ? "no CPU" : cpus_format(view->pool, &got));
        verdict->fix = "look for \"Housekeeping:\" and \"NO_HZ\" in the kernel's log";
}

/* "isolated" shows what isolcpus= with the flag domain, or without any flag, took out. */
static void isolation_effect(const struct view *view, const struct setting *setting, struct verdict *verdict)
{
        const char *list = setting->text + strcspn(setting->text, "0123456789");
        struct cpus asked, got;
        bool domain = list == setting->text || strstr(setting->text, "domain") != NULL;

        if (!domain || host_cpus(view->host, &got, "/sys/devices/system/cpu/isolated") < 0 ||
            cpus_parse(list, CPUS_STRICT, 0, &asked) < 0 || cpus_equal(&asked, &got))
                return;
        verdict->status = STATUS_DRIFT;
        verdict->note = pool_format(view->pool, "asked for %s, the kernel isolated %s", cpus_format(view->pool, &asked),
                                    cpus_empty(&got) ? "no CPU" : cpus_format(view->pool, &got));
        verdict->fix = "compare with the CPUs that this machine can have, in /sys/devices/system/cpu/possible";
}

static bool smt_is(const struct view *view, const char *state)
{
        const char *text;

        return host_read(view->host, view->pool, &text, "/sys/devices/system/cpu/smt/control") == 0 &&
               text_equals(text_trim(view->pool, text), state);
}

void view_effect(const struct view *view, const struct setting *setting, struct verdict *verdict)
{
        if (is_wanted_absent(setting))
                return;
        if (is_named(setting, "nohz_full"))
                nohz_effect(view, setting, verdict);
        else if (is_named(setting, "isolcpus"))
                isolation_effect(view, setting, verdict);
        else if (is_named(setting, "nosmt") && smt_is(view, "on")) {
                verdict->status = STATUS_DRIFT;
                verdict->note = "the kernel was told, and SMT is on: somebody turned it on since";
                verdict->fix = "echo off > /sys/devices/system/cpu/smt/control";
        }
}

/* --- not there yet ------------------------------------------------------------------------------------------------- */

/* What this kernel or machine has no use for: the same as wanted, or never to be had. */
static bool has_no_object(const struct view *view, const struct setting *setting, struct verdict *verdict)
{
        if (is_wanted_absent(setting))
                return false;
        if (is_named(setting, "transparent_hugepage") && text_equals(setting->text, "never") &&
            host_exists(view->host, "/sys/kernel/mm") && !host_exists(view->host, "/sys/kernel/mm/transparent_hugepage")) {
                verdict->status = STATUS_NOT_APPLICABLE;
                verdict->note = "the running kernel has no transparent hugepages";
                return true;
        }
        if (is_named(setting, "nosmt") && (smt_is(view, "notsupported") || smt_is(view, "notimplemented"))) {
                verdict->status = STATUS_NOT_APPLICABLE;
                verdict->note = "this machine has no SMT";
                return true;
        }
        return false;
}

static bool next_kernel_is_this(const struct view *view)
{
        const char *release, *source;

        return view->boot.next && view->boot.next->release && kernel_release(view->host, view->pool, &release, &source) == 0 &&
               text_equals(release, view->boot.next->release);
}

/* Reports show the worst row of a setting: it should name the file that is in the way. */
static bool blame_shadow(const struct view *view, const struct setting *setting, struct verdict *verdict)
{
        for (size_t i = 0; i < view->plan->count; i++) {
                const struct step *row = view->plan->rows[i];

                if (row->status != STATUS_SHADOWED || row->setting != setting)
                        continue;
                verdict->note = pool_format(view->pool, "%s sets %s: %s", row->target, row->now, row->note);
                verdict->fix = row->fix;
                return true;
        }
        return false;
}

void view_missing(const struct view *view, const struct setting *setting, struct verdict *verdict)
{
        verdict->status = STATUS_DRIFT;
        if (has_no_object(view, setting, verdict))
                return;
        if (view->no_grub) {
                verdict->status = setting->absent_ok ? STATUS_NOT_APPLICABLE : STATUS_UNSUPPORTED;
                verdict->note = view->no_grub;
                verdict->fix = view->no_grub_fix;
                if (view->next_known && view_holds(view, &view->next, setting))
                        verdict->status = STATUS_PENDING;
                return;
        }
        if (is_named(setting, "nohz_full") && !is_wanted_absent(setting) && has_no_nohz_full(view) &&
            next_kernel_is_this(view)) {
                nohz_effect(view, setting, verdict);
                return;
        }
        if (!view->next_known) {
                verdict->note = view->boot_problem;
                return;
        }
        if (!view_holds(view, &view->next, setting)) {
                if (blame_shadow(view, setting, verdict))
                        return;
                verdict->fix = view->file && step_is_due(view->file) ? "plumbline apply, then reboot" : NULL;
                return;
        }
        if (!view->promised) {
                verdict->status = STATUS_PENDING;
                verdict->fix = "reboot";
                return;
        }
        verdict->note =
                pool_format(view->pool, "%s had it before this boot, and the machine came up without it", view->boot_source);
        verdict->fix = "find out what started this kernel: another menu entry, another loader, kexec, a hypervisor";
}

/* The kernel that runs, its command line, and what the next boot will bring. */

#include "agent/core/boot.h"
#include "agent/core/host.h"
#include "agent/core/kernels.h"
#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

static const struct fact_info kernel_facts[] = {
        { "kernel.release", VALUE_VERSION, UNIT_NONE, REACH_QUIET,
          "The release of the running kernel. Installed is not booted: after an upgrade the old one runs until the next boot.",
          "/proc/sys/kernel/osrelease, else /proc/version" },
        { "kernel.rt", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Is the running kernel fully preemptible (PREEMPT_RT)? Told by what the kernel says of itself, not by its name; "
          "PREEMPT_DYNAMIC is something else.",
          "/sys/kernel/realtime, /proc/version, /proc/sys/kernel/version" },
        { "kernel.cmdline", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "What the boot loader told the running kernel. A parameter that the kernel does not know is passed on to init "
          "in silence.",
          "/proc/cmdline" },
        { "kernel.tainted", VALUE_NUMBER, UNIT_NONE, REACH_QUIET,
          "Bits that say what may have spoiled the kernel: a foreign module, a machine check, an oops. 0 is clean.",
          "/proc/sys/kernel/tainted" },
        { "kernel.next", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "The kernel release that the boot loader starts at the next boot. A package upgrade may change it unseen. Unknown "
          "where "
          "something else decides: a variable of the firmware that names systemd-boot's entry, a custom.cfg that may name "
          "another default of GRUB, a kernel that is loaded for kexec, the menus of both loaders, or an empty /boot.",
          "/boot/grub/grub.cfg, custom.cfg and grubenv, else systemd-boot's loader/entries; the names in "
          "/sys/firmware/efi/efivars; /sys/kernel/kexec_loaded" },
        { "kernel.reboot_needed", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Would a reboot change the kernel or its command line, or does a package ask for one? The order of parameters "
          "is no change.",
          "/run/reboot-required; the boot loader's next entry against /proc/cmdline and the running release" },
        { .name = NULL },
};

static void add_tainted(struct host *host, struct facts *facts)
{
        static const char *const path = "/proc/sys/kernel/tainted";
        static const char letters[] = "PFSRMBUDAWCIOELKXTN"; /* Documentation/admin-guide/tainted-kernels.rst */
        char found[sizeof letters];
        size_t count = 0;
        int64_t bits;
        int r;

        r = host_number(host, &bits, "%s", path);
        if (r == 0 && bits < 0)
                r = -EINVAL;
        if (r < 0) {
                fact_unknown(facts, r, path, "kernel.tainted");
                return;
        }
        fact_known(facts, value_number(bits, UNIT_NONE), path, "kernel.tainted");
        for (size_t i = 0; i < sizeof letters - 1; i++)
                if (bits & (int64_t)1 << i)
                        found[count++] = letters[i];
        found[count] = '\0';
        if (count)
                fact_note(facts, "%s", found);
}

static void add_running(struct host *host, struct pool *pool, struct facts *facts, const char **release, const char **cmdline)
{
        const char *source, *text;
        bool rt;
        int r;

        r = kernel_release(host, pool, release, &source);
        if (r < 0) {
                *release = NULL;
                fact_unknown(facts, r, source, "kernel.release");
        } else {
                fact_known(facts, value_version(pool, *release), source, "kernel.release");
        }
        r = kernel_is_rt(host, pool, &rt, &source);
        if (r < 0)
                fact_unknown(facts, r, source, "kernel.rt");
        else
                fact_known(facts, value_flag(rt), source, "kernel.rt");
        r = host_read(host, pool, &text, "/proc/cmdline");
        if (r < 0) {
                *cmdline = NULL;
                fact_unknown(facts, r, "/proc/cmdline", "kernel.cmdline");
        } else {
                *cmdline = text_trim(pool, text);
                fact_known(facts, value_text(pool, *cmdline), "/proc/cmdline", "kernel.cmdline");
        }
}

static void add_next(struct facts *facts, struct pool *pool, int error, const struct boot *boot)
{
        if (error < 0) {
                fact_unknown(facts, error, "/boot", "kernel.next");
        } else if (text_equals(boot->loader, "none") && !boot->unseen) {
                fact_absent(facts, boot->source, "kernel.next");
                fact_note(facts, "%s", boot->problem);
        } else if (!boot->next) {
                fact_unknown(facts, -ENODATA, boot->source, "kernel.next");
                fact_note(facts, "%s", boot->problem);
        } else if (!boot->next->release) {
                fact_unknown(facts, -ENODATA, boot->source, "kernel.next");
                fact_note(facts, "the next entry, %s, names no kernel release", text_printable(pool, boot->next->title, 120));
        } else {
                fact_known(facts, value_text(pool, boot->next->release), boot->source, "kernel.next");
                fact_note(facts, "%s: %s", boot->loader, text_printable(pool, boot->next->title, 120));
        }
}

/* The boot loader's next entry against what runs. */
static void compare_next(struct facts *facts, struct pool *pool, const struct boot_entry *next, const char *source,
                         const char *release, const char *cmdline)
{
        struct cmdline now, then;
        int r;

        if (!release || !cmdline || !next->release || !next->cmdline) {
                fact_unknown(facts, -ENODATA, source, "kernel.reboot_needed");
                fact_note(facts, "the running kernel or the next one is not known");
                return;
        }
        if (!text_equals(next->release, release)) {
                fact_known(facts, value_flag(true), source, "kernel.reboot_needed");
                fact_note(facts, "%s runs, %s starts next", release, next->release);
                return;
        }
        r = cmdline_parse(pool, cmdline, &now);
        if (r == 0)
                r = cmdline_parse(pool, next->cmdline, &then);
        if (r < 0) {
                fact_unknown(facts, r, source, "kernel.reboot_needed");
                return;
        }
        fact_known(facts, value_flag(!cmdline_equals(&now, &then)), source, "kernel.reboot_needed");
        if (!cmdline_equals(&now, &then))
                fact_note(facts, "the command line will be another");
}

static void add_reboot_needed(struct host *host, struct facts *facts, struct pool *pool, int error, const struct boot *boot,
                              const char *release, const char *cmdline)
{
        static const char *const path = "/run/reboot-required";
        const char *packages;
        struct slice first;

        if (host_exists(host, "%s", path)) {
                fact_known(facts, value_flag(true), path, "kernel.reboot_needed");
                if (host_read(host, pool, &packages, "%s.pkgs", path) == 0 && text_line(&packages, &first))
                        fact_note(facts, "asked for by %s", text_printable(pool, slice_dup(pool, first), 80));
                return;
        }
        if (error < 0) {
                fact_unknown(facts, error, "/boot", "kernel.reboot_needed");
        } else if (!boot->next) {
                fact_unknown(facts, -ENODATA, boot->source, "kernel.reboot_needed");
                fact_note(facts, "%s", boot->problem);
        } else {
                compare_next(facts, pool, boot->next, boot->source, release, cmdline);
        }
}

/* What the next boot brings that this one has not. */
static void add_after_reboot(struct host *host, struct facts *facts, struct pool *pool, const struct boot *boot)
{
        if (!boot->next || !boot->next->release || boot_was_promised(host, boot))
                return;
        fact_next(facts, "kernel.release", value_version(pool, boot->next->release));
        fact_next(facts, "kernel.rt", value_flag(boot_release_is_rt(host, boot->next->release)));
}

static int kernel_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        const char *release, *cmdline;
        struct boot boot;
        int error;

        add_running(host, pool, facts, &release, &cmdline);
        add_tainted(host, facts);
        error = boot_read(host, &boot);
        add_next(facts, pool, error, &boot);
        if (error == 0)
                add_after_reboot(host, facts, pool, &boot);
        add_reboot_needed(host, facts, pool, error, &boot, release, cmdline);
        return 0;
}

const struct probe probe_kernel = {
        .name = "kernel",
        .help = "The running kernel, its command line, and what the next boot will bring.",
        .facts = kernel_facts,
        .run = kernel_run,
};

/* The kernel and clock probes: right on what is there, unknown where nothing can be told. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define MENU "menuentry 'Debian GNU/Linux' --id simple {\n linux /boot/vmlinuz-6.1.0-28-amd64 root=UUID=1 ro quiet a=1\n}\n"

static void expect_probe(const char *name, struct tree *tree, const struct probe *probe, const struct fact_row *rows,
                         size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), probe);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
}

static void real_time(void)
{
        static const struct {
                const char *name, *realtime, *version, *sys_version, *rt;
        } cases[] = {
                { "sysfs", "1\n", NULL, NULL, "true" },
                { "sysfs alone says no", "0\n", NULL, NULL, "unreadable ENOENT" },
                { "6.1 rt", NULL, "Linux version 6.1.0-28-rt-amd64 (a) (b) #1 SMP PREEMPT_RT Debian 6.1.119-1\n", NULL,
                  "true" },
                { "4.19 rt", NULL, NULL, "#1 SMP PREEMPT RT Debian 4.19.1\n", "true" },
                { "dynamic", NULL, "Linux version 6.18.5 (a) (b) #1 SMP PREEMPT_DYNAMIC Mon\n", NULL, "false" },
                { "plain preempt", NULL, NULL, "#1 SMP PREEMPT Mon\n", "false" },
                { "name only", NULL, "Linux version 6.1.0-28-rt-amd64 (a) (b) #1 SMP Debian\n", NULL, "false" },
                { "longer word", NULL, NULL, "#1 SMP PREEMPT_RTX Mon\n", "false" },
                { "one says so", NULL, "Linux version 6.1 (a) (b) #1 SMP\n", "#1 SMP PREEMPT_RT\n", "true" },
                { "noise", "x\n", "noise", "noise", "unreadable EINVAL" },
                { "nothing", NULL, NULL, NULL, "unreadable ENOENT" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                if (cases[i].realtime)
                        tree_file(tree, "/sys/kernel/realtime", "%s", cases[i].realtime);
                if (cases[i].version)
                        tree_file(tree, "/proc/version", "%s", cases[i].version);
                if (cases[i].sys_version)
                        tree_file(tree, "/proc/sys/kernel/version", "%s", cases[i].sys_version);
                expect_probe(cases[i].name, tree, &probe_kernel, &(struct fact_row){ "kernel.rt", cases[i].rt }, 1);
                tree_free(tree);
        }
}

/* The menu's entry has 6.1.0-28-amd64 and "root=UUID=1 ro quiet a=1". */
static void reboot_needed(void)
{
        static const struct {
                const char *name, *release, *cmdline, *menu, *next, *needed;
                bool asked;
        } cases[] = {
                { "the same", "6.1.0-28-amd64", "BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 root=UUID=1 ro quiet a=1", MENU,
                  "6.1.0-28-amd64", "false", false },
                { "another order", "6.1.0-28-amd64", "BOOT_IMAGE=/x a=1 quiet ro root=UUID=1", MENU, "6.1.0-28-amd64", "false",
                  false },
                { "a package asks", "6.1.0-28-amd64", "root=UUID=1 ro quiet a=1", MENU, "6.1.0-28-amd64", "true", true },
                { "another kernel", "6.1.0-27-amd64", "root=UUID=1 ro quiet a=1", MENU, "6.1.0-28-amd64", "true", false },
                { "another value", "6.1.0-28-amd64", "root=UUID=1 ro quiet a=2", MENU, "6.1.0-28-amd64", "true", false },
                { "one more", "6.1.0-28-amd64", "root=UUID=1 ro quiet a=1 b", MENU, "6.1.0-28-amd64", "true", false },
                { "no boot loader", "6.1.0-28-amd64", "ro", NULL, "absent", "unreadable ENODATA", false },
                { "no menu", "6.1.0-28-amd64", "ro", "noise\n", "unreadable ENODATA", "unreadable ENODATA", false },
                { "no release", NULL, "ro", MENU, "6.1.0-28-amd64", "unreadable ENODATA", false },
                { "no Linux", "6.1.0-28-amd64", "ro", "menuentry memtest {\n linux /memtest86+.bin\n}\n", "unreadable ENODATA",
                  "unreadable ENODATA", false },
                { "a package asks, no boot loader", NULL, NULL, NULL, "absent", "true", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row rows[] = {
                        { "kernel.release", cases[i].release ? cases[i].release : "unreadable ENOENT" },
                        { "kernel.cmdline", cases[i].cmdline ? cases[i].cmdline : "unreadable ENOENT" },
                        { "kernel.next", cases[i].next },
                        { "kernel.reboot_needed", cases[i].needed },
                };
                struct tree *tree = tree_new();

                if (cases[i].release)
                        tree_file(tree, "/proc/sys/kernel/osrelease", "%s\n", cases[i].release);
                if (cases[i].cmdline)
                        tree_file(tree, "/proc/cmdline", "%s\n", cases[i].cmdline);
                if (cases[i].menu)
                        tree_file(tree, "/boot/grub/grub.cfg", "%s", cases[i].menu);
                if (cases[i].asked)
                        tree_file(tree, "/run/reboot-required", "*** System restart required ***\n");
                expect_probe(cases[i].name, tree, &probe_kernel, rows, COUNT(rows));
                tree_free(tree);
        }
}

static void kernel_oddities(void)
{
        static const struct {
                const char *name, *path, *text, *fact, *want;
        } cases[] = {
                { "clean", "/proc/sys/kernel/tainted", "0\n", "kernel.tainted", "0" },
                { "tainted", "/proc/sys/kernel/tainted", "4097\n", "kernel.tainted", "4097" },
                { "negative", "/proc/sys/kernel/tainted", "-1\n", "kernel.tainted", "unreadable EINVAL" },
                { "beyond 64 bit", "/proc/sys/kernel/tainted", "99999999999999999999\n", "kernel.tainted",
                  "unreadable ERANGE" },
                { "release by /proc/version", "/proc/version", "Linux version 6.2.0 (a)\n", "kernel.release", "6.2.0" },
                { "no release", "/proc/sys/kernel/osrelease", "../../etc\n", "kernel.release", "unreadable EINVAL" },
                { "empty release", "/proc/sys/kernel/osrelease", "", "kernel.release", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                tree_file(tree, cases[i].path, "%s", cases[i].text);
                expect_probe(cases[i].name, tree, &probe_kernel, &(struct fact_row){ cases[i].fact, cases[i].want }, 1);
                tree_free(tree);
        }
}

static void clocks(void)
{
        static const char *const asked = "/.plumbline/ask/adjtimex";
        static const char *const source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        static const struct {
                const char *name, *answer, *synchronised, *error;
        } cases[] = {
                { "held", "state 0\nstatus 8193\noffset_us 3\nmaxerror_us 12500\nesterror_us 1\ntai 37\n", "true", "0.01" },
                { "unheld", "state 5\nstatus 64\nmaxerror_us 16000000\n", "false", "16.00" },
                { "unheld bit alone", "state 0\nstatus 64\nmaxerror_us 2000000\n", "false", "2.00" },
                { "leap second announced", "state 1\nstatus 17\nmaxerror_us 2000000\n", "true", "2.00" },
                { "noise", "state x\n\n=\n", "unreadable EINVAL", "unreadable EINVAL" },
                { "negative", "state 0\nstatus 1\nmaxerror_us -5\n", "true", "unreadable EINVAL" },
                { "empty", "", "unreadable EINVAL", "unreadable EINVAL" },
                { "not asked", NULL, "unreadable ENODATA", "unreadable ENODATA" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row rows[] = {
                        { "clock.source", "tsc" },
                        { "clock.synchronised", cases[i].synchronised },
                        { "clock.error", cases[i].error },
                };
                struct tree *tree = tree_new();

                tree_file(tree, source, "tsc \n");
                if (cases[i].answer)
                        tree_file(tree, asked, "%s", cases[i].answer);
                expect_probe(cases[i].name, tree, &probe_clock, rows, COUNT(rows));
                tree_free(tree);
        }
}

static void daemons(void)
{
        static const struct {
                const char *name, *files[4], *want; /* files: path, content, path, content */
        } cases[] = {
                { "nobody", { "/run/x", "" }, "" },
                { "no /run", { "/etc/x", "" }, "unreadable ENODATA" },
                { "by control group",
                  { "/run/x", "", "/sys/fs/cgroup/system.slice/chrony.service/cgroup.procs", "77\n" },
                  "chronyd" },
                { "an empty control group",
                  { "/run/x", "", "/sys/fs/cgroup/system.slice/chrony.service/cgroup.procs", "" },
                  "" },
                { "by pid file", { "/run/chrony/chronyd.pid", "77\n", "/proc/77/comm", "chronyd\n" }, "chronyd" },
                { "a pid file left behind", { "/run/ntpd.pid", "77\n", "/proc/77/comm", "bash\n" }, "" },
                { "a pid file of nobody", { "/run/ntpd.pid", "77\n" }, "" },
                { "a hostile pid file", { "/run/ntpd.pid", "-1\n", "/run/chrony/chronyd.pid", "../../1" }, "" },
                { "ntpsec is one",
                  { "/run/ntpd.pid", "77\n", "/sys/fs/cgroup/system.slice/ntpsec.service/cgroup.procs", "77\n" },
                  "ntpsec" },
                { "two at a time",
                  { "/run/systemd/timesync/synchronized", "",
                    "/sys/fs/cgroup/unified/system.slice/phc2sys.service/cgroup.procs", "8\n" },
                  "phc2sys systemd-timesyncd" },
                { "of network cards",
                  { "/run/x", "", "/sys/fs/cgroup/system.slice/sfptpd.service/cgroup.procs", "8\n" },
                  "sfptpd" },
                { "of a pulse",
                  { "/run/x", "", "/sys/fs/cgroup/system.slice/system-ts2phc.slice/ts2phc@a.service/cgroup.procs", "8\n" },
                  "ts2phc" },
                { "an old one", { "/run/x", "", "/sys/fs/cgroup/system.slice/ptpd.service/cgroup.procs", "8\n" }, "ptpd" },
                { "in another language",
                  { "/run/x", "", "/sys/fs/cgroup/system.slice/ntpd-rs.service/cgroup.procs", "8\n" },
                  "ntpd-rs" },
                { "an instance",
                  { "/run/x", "", "/sys/fs/cgroup/system.slice/system-ptp4l.slice/ptp4l@eth0.service/cgroup.procs", "8\n" },
                  "ptp4l" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                for (size_t j = 0; j < 4 && cases[i].files[j]; j += 2)
                        tree_file(tree, cases[i].files[j], "%s", cases[i].files[j + 1]);
                expect_probe(cases[i].name, tree, &probe_clock, &(struct fact_row){ "clock.daemons", cases[i].want }, 1);
                tree_free(tree);
        }
}

/* A real machine: what its /proc says and nothing of what is not in the capture. */
static void capture(void)
{
        static const struct fact_row rows[] = {
                { "kernel.next", "absent" },
                { "kernel.reboot_needed", "unreadable ENODATA" },
                { "clock.synchronised", "unreadable ENODATA" },
                { "clock.daemons", "unreadable ENODATA" },
        };
        struct tree *tree = tree_capture("x86_64-epyc_7451.tar.gz");

        if (!tree)
                return;
        expect_probe("epyc", tree, &probe_kernel, rows, 2);
        expect_probe("epyc", tree, &probe_clock, rows + 2, 2);
        tree_free(tree);
}

static const struct test tests[] = {
        { "real time", real_time },
        { "reboot needed", reboot_needed },
        { "odd values", kernel_oddities },
        { "clock", clocks },
        { "time daemons", daemons },
        { "a real machine", capture },
        { NULL, NULL },
};
const struct suite suite_kernel_probe = { "kernel_probe", tests };

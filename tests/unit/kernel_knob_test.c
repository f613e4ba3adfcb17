/* The kernel knob: what runs, what is installed, what starts next, and when a file of ours says so. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define OWN          "/etc/default/grub.d/99-plumbline-kernel.cfg"
#define MENU         "/boot/grub/grub.cfg"
#define GENERIC      "6.1.0-28-amd64"
#define RT           "6.1.0-27-rt-amd64"
#define NEWER_RT     "6.1.0-28-rt-amd64"

static const struct asked real_time[] = { { .keys = { "flavour" }, .text = "rt" },
                                          { .keys = { "minimum" }, .text = "5.15" },
                                          { .keys = { NULL } } };

static void run_kernel(struct tree *tree, const char *release)
{
        tree_file(tree, "/proc/sys/kernel/osrelease", "%s\n", release);
        tree_file(tree, "/proc/version", "Linux version %s (a) (b) #1 SMP %s\n", release,
                  strstr(release, "rt") ? "PREEMPT_RT" : "PREEMPT_DYNAMIC");
}

/* A menu as grub-mkconfig makes it, newest name first; releases between blanks. */
static void write_menu(struct tree *tree, const char *standard, const char *releases)
{
        autobuffer struct text_buffer menu = { 0 };
        const char *cursor = releases;
        struct slice word;

        text_addf(&menu,
                  "set default=\"%s\"\nmenuentry 'Debian' --id simple {\n linux /boot/vmlinuz-%.*s ro\n}\nsubmenu 'More' --id "
                  "more {\n",
                  standard, (int)strcspn(releases, " "), releases);
        while (text_word(&cursor, " ", &word)) {
                text_addf(&menu, " menuentry 'Linux %.*s' --id gnulinux-%.*s-advanced {\n  linux /boot/vmlinuz-%.*s ro\n }\n",
                          (int)word.size, word.at, (int)word.size, word.at, (int)word.size, word.at);
                text_addf(&menu,
                          " menuentry 'Linux %.*s (recovery mode)' --id gnulinux-%.*s-recovery {\n  linux /boot/vmlinuz-%.*s "
                          "ro single\n }\n",
                          (int)word.size, word.at, (int)word.size, word.at, (int)word.size, word.at);
        }
        text_add(&menu, "}\n");
        tree_file(tree, MENU, "%s", menu.at);
}

static struct tree *new_tree(const char *running, const char *standard, const char *releases)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        const char *cursor = releases;
        struct slice word;

        run_kernel(tree, running);
        while (text_word(&cursor, " ", &word))
                tree_file(tree, pool_format(pool, "/boot/vmlinuz-%.*s", (int)word.size, word.at), "kernel\n");
        tree_file(tree, "/etc/os-release", "ID=debian\n");
        tree_file(tree, "/etc/default/grub", "GRUB_DEFAULT=0\n");
        tree_file(tree, "/var/lib/dpkg/status", "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\n\n");
        write_menu(tree, standard, releases);
        return tree;
}

static void set_time(struct tree *tree, const char *path, long seconds)
{
        autopool struct pool *pool = pool_new();
        const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

        EXPECT_NUMBER(path, utimensat(AT_FDCWD, pool_format(pool, "%s%s", tree_path(tree), path), times, 0), 0);
}

static const struct step *row_of(const struct plan *plan, const char *id, enum layer layer)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->id, id) && plan->rows[i]->layer == layer)
                        return plan->rows[i];
        return NULL;
}

static void expect_status(const char *name, const struct step *row, enum status status)
{
        EXPECT_TEXT(name, row ? status_name(row->status) : "no row", status_name(status));
}

/* What runs and what starts next, for real time and at least 5.15; the menu was written in 2017. */
static void running(void)
{
        static const struct {
                const char *name, *running, *standard;
                const char *began; /* of this boot; NULL unknown */
                enum status flavour, minimum;
        } cases[] = {
                { "right", RT, "0", NULL, STATUS_PASS, STATUS_PASS },
                { "wrong", GENERIC, "0", NULL, STATUS_DRIFT, STATUS_PASS },
                { "right next", GENERIC, "more>gnulinux-" RT "-advanced", NULL, STATUS_PENDING, STATUS_PASS },
                { "right next, written since", GENERIC, "more>gnulinux-" RT "-advanced", "btime 1400000000\n", STATUS_PENDING,
                  STATUS_PASS },
                { "right next, promised before", GENERIC, "more>gnulinux-" RT "-advanced", "btime 1600000000\n", STATUS_DRIFT,
                  STATUS_PASS },
                { "too old", "5.10.0-8-rt-amd64", "more>gnulinux-" RT "-advanced", NULL, STATUS_PASS, STATUS_PENDING },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = new_tree(cases[i].running, cases[i].standard, GENERIC " " RT);
                struct plan *plan;

                if (cases[i].began)
                        tree_file(tree, "/proc/stat", "%s", cases[i].began);
                set_time(tree, MENU, 1500000000);
                plan = planned(tree_host(tree), &knob_kernel, real_time);
                expect_status(cases[i].name, row_of(plan, "kernel.flavour", LAYER_RUNNING), cases[i].flavour);
                expect_status(cases[i].name, row_of(plan, "kernel.minimum", LAYER_RUNNING), cases[i].minimum);
                plan_free(plan);
                tree_free(tree);
        }
}

/* Which entry our file names, and that nothing is left to do after it. */
static void our_file(void)
{
        static const struct {
                const char *name, *flavour, *minimum, *standard, *releases, *before, *text; /* text NULL: no file */
        } cases[] = {
                { "needed", "rt", "5.15", "0", GENERIC " " RT, NULL, "more>gnulinux-" RT "-advanced" },
                { "the newest", "rt", "5.15", "0", GENERIC " " RT " " NEWER_RT, NULL, "more>gnulinux-" NEWER_RT "-advanced" },
                { "not needed", "rt", "5.15", "0", RT " " GENERIC, NULL, NULL },
                { "not needed, and stays", "rt", "5.15", "0", RT " " GENERIC, "more>gnulinux-" RT "-advanced",
                  "more>gnulinux-" RT "-advanced" },
                { "a newer one came", "rt", "5.15", "more>gnulinux-" RT "-advanced", GENERIC " " NEWER_RT " " RT,
                  "more>gnulinux-" RT "-advanced", "more>gnulinux-" NEWER_RT "-advanced" },
                { "edited", "rt", "5.15", "0", GENERIC " " RT, "0", "more>gnulinux-" RT "-advanced" },
                { "of no use any more", "rt", "5.15", "0", GENERIC, "more>gnulinux-" RT "-advanced", NULL },
                { "generic", "generic", NULL, "0", RT " " GENERIC, NULL, "more>gnulinux-" GENERIC "-advanced" },
                { "generic by itself", "generic", NULL, "0", GENERIC " " RT, NULL, NULL },
                { "any", "any", NULL, "0", GENERIC, NULL, NULL },
                { "any of an age", "any", "6.1.0-28", "0", RT " " GENERIC, NULL, "more>gnulinux-" GENERIC "-advanced" },
                { "none of an age", "any", "6.12", "0", RT " " GENERIC, NULL, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked[] = { { .keys = { "flavour" }, .text = cases[i].flavour },
                                               { .keys = { cases[i].minimum ? "minimum" : NULL }, .text = cases[i].minimum },
                                               { .keys = { NULL } } };
                autopool struct pool *pool = pool_new();
                struct tree *tree = new_tree(GENERIC, cases[i].standard, cases[i].releases);
                const char *text = "";
                struct plan *plan;

                if (cases[i].before)
                        tree_file(tree, OWN, "GRUB_DEFAULT='%s'\n", cases[i].before);
                plan = planned_made(tree_host(tree), &knob_kernel, asked);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                plan_free(plan);
                EXPECT_NUMBER(cases[i].name, host_exists(tree_host(tree), OWN), cases[i].text != NULL);
                if (cases[i].text && EXPECT_NUMBER(cases[i].name, host_read(tree_host(tree), pool, &text, OWN), 0))
                        EXPECT(cases[i].name, text_ends(text, pool_format(pool, "\nGRUB_DEFAULT='%s'\n", cases[i].text)));
                tree_free(tree);
        }
}

/* No right kernel is installed: which package would bring one. Trees cannot be told, so the row only says it. */
static void packages(void)
{
        static const struct {
                const char *name, *os, *status, *target, *words; /* words: in the note or the fix */
                enum status row;
        } cases[] = {
                { "debian", "ID=debian\n", "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\n",
                  "package/linux-image-rt-amd64", "linux-image-rt-amd64", STATUS_DRIFT },
                { "debian on arm64", "ID=\"debian\"\n", "Package: a\nArchitecture: all\n\nPackage: b\nArchitecture: arm64\n",
                  "package/linux-image-rt-arm64", "linux-image-rt-arm64", STATUS_DRIFT },
                { "debian on s390x", "ID=debian\n", "Package: dpkg\nArchitecture: s390x\n", "kernel package", "s390x",
                  STATUS_UNSUPPORTED },
                { "ubuntu", "NAME=Ubuntu\nID=ubuntu\n", "Package: dpkg\nArchitecture: amd64\n", "package/linux-realtime", "Pro",
                  STATUS_DRIFT },
                { "fedora", "ID=fedora\n", "", "kernel package", "fedora", STATUS_UNSUPPORTED },
                { "like debian", "ID=mint\nID_LIKE=debian\n", "", "kernel package", "mint", STATUS_UNSUPPORTED },
                { "unknown", "noise", "", "kernel package", "distribution", STATUS_UNSUPPORTED },
                { "installed and of no use", "ID=debian\n",
                  "Package: dpkg\nArchitecture: amd64\n\nPackage: linux-image-rt-amd64\nStatus: install ok installed\n",
                  "package/linux-image-rt-amd64", "backports", STATUS_UNSUPPORTED },
                { "removed", "ID=debian\n",
                  "Package: dpkg\nArchitecture: amd64\n\nPackage: linux-image-rt-amd64\nStatus: deinstall ok config-files\n",
                  "package/linux-image-rt-amd64", "install the package", STATUS_DRIFT },
                { "no database", "ID=debian\n", NULL, "kernel package", "dpkg/status", STATUS_UNSUPPORTED },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = new_tree(GENERIC, "0", GENERIC);
                const struct step *row;
                struct plan *plan;

                tree_file(tree, "/etc/os-release", "%s", cases[i].os);
                tree_remove(tree, "/var/lib/dpkg/status");
                if (cases[i].status)
                        tree_file(tree, "/var/lib/dpkg/status", "%s", cases[i].status);
                plan = planned(tree_host(tree), &knob_kernel, real_time);
                row = row_of(plan, "kernel.flavour", LAYER_FILES);
                expect_status(cases[i].name, row, cases[i].row);
                EXPECT_TEXT(cases[i].name, row ? row->target : NULL, cases[i].target);
                EXPECT(cases[i].name, row && ((row->note && strstr(row->note, cases[i].words)) ||
                                              (row->fix && strstr(row->fix, cases[i].words))));
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void half_installed(void)
{
        struct tree *tree = new_tree(GENERIC, "0", GENERIC " " RT);
        const struct step *row;
        struct plan *plan;

        tree_file(tree, "/var/lib/dpkg/status",
                  "Package: dpkg\nArchitecture: amd64\n\nPackage: linux-image-" RT
                  "\nStatus: install ok half-configured\nArchitecture: amd64\n");
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        row = row_of(plan, "kernel.flavour", LAYER_FILES);
        EXPECT(NULL, row && row->status == STATUS_DRIFT && row->note && strstr(row->note, RT));
        plan_free(plan);
        tree_free(tree);
}

/* What else may decide, and machines without GRUB. */
static void elsewhere(void)
{
        struct tree *tree = new_tree(GENERIC, "0", GENERIC " " RT);
        struct plan *plan;

        tree_file(tree, "/etc/default/grub.d/zz.cfg", "GRUB_DEFAULT=saved\n");
        plan = planned_made(tree_host(tree), &knob_kernel, real_time);
        EXPECT("shadowed", planned_status(plan, "/etc/default/grub.d/zz.cfg:1", STATUS_SHADOWED));
        plan_free(plan);
        tree_remove(tree, "/etc/default/grub.d/zz.cfg");
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        EXPECT("not updated", planned_status(plan, MENU, STATUS_DRIFT) && planned_due(plan) == 0);
        plan_free(plan);
        write_menu(tree, "more>gnulinux-" RT "-advanced", GENERIC " " RT);
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        EXPECT("updated", planned_status(plan, MENU, STATUS_PASS));
        plan_free(plan);
        tree_file(tree, MENU, "noise\n");
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        EXPECT("no menu", planned_status(plan, MENU, STATUS_UNKNOWN) && planned_due(plan) == 0);
        plan_free(plan);
        tree_remove(tree, MENU);
        tree_file(tree, "/efi/loader/entries/a.conf", "linux /m/" GENERIC "/linux\n");
        tree_file(tree, "/efi/loader/entries/0.conf", "linux /m/" RT "/linux\n");
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        EXPECT("systemd-boot", planned_due(plan) == 0 && planned_row(plan, "/efi/loader/entries/0.conf"));
        plan_free(plan);
        tree_free(tree);
}

static void from_outside(void)
{
        struct tree *tree = tree_new();
        struct plan *plan;

        run_kernel(tree, RT);
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        EXPECT("right", planned_status(plan, "/boot", STATUS_NOT_APPLICABLE) && planned_due(plan) == 0);
        plan_free(plan);
        run_kernel(tree, GENERIC);
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        expect_status("wrong", row_of(plan, "kernel.flavour", LAYER_RUNNING), STATUS_DRIFT);
        EXPECT("wrong", planned_due(plan) == 0);
        plan_free(plan);
        tree_remove(tree, "/proc");
        plan = planned(tree_host(tree), &knob_kernel, real_time);
        expect_status("unknown", row_of(plan, "kernel.flavour", LAYER_RUNNING), STATUS_UNKNOWN);
        expect_status("unknown", row_of(plan, "kernel.minimum", LAYER_RUNNING), STATUS_UNKNOWN);
        plan_free(plan);
        tree_free(tree);
}

static const struct test tests[] = {
        { "the running kernel", running },
        { "our file", our_file },
        { "packages", packages },
        { "half installed", half_installed },
        { "other files and loaders", elsewhere },
        { "from outside", from_outside },
        { NULL, NULL },
};
const struct suite suite_kernel_knob = { "kernel_knob", tests };

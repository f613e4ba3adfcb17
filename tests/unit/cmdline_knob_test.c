/* The cmdline knob: what runs, what comes next, and who else sets it. */

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
#define OWN          "/etc/default/grub.d/99-plumbline.cfg"
#define MENU         "/boot/grub/grub.cfg"

static const struct asked usual[] = { { .keys = { "isolcpus" }, .text = "2-3" },
                                      { .keys = { "rcu_nocbs" }, .text = "0-1" },
                                      { .keys = { NULL } } };

/* A machine with GRUB whose next entry has these words; menu NULL: no grub.cfg. */
static struct tree *new_tree(const char *running, const char *menu)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/cmdline", "BOOT_IMAGE=/vmlinuz-6.1.0-28-amd64 root=UUID=1 %s\n", running);
        tree_file(tree, "/proc/sys/kernel/osrelease", "6.1.0-28-amd64\n");
        tree_file(tree, "/etc/default/grub", "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
        if (menu)
                tree_file(tree, MENU, "menuentry 'Debian' --id d {\n linux /vmlinuz-6.1.0-28-amd64 root=UUID=1 %s\n}\n", menu);
        return tree;
}

static void set_time(struct tree *tree, const char *path, long seconds)
{
        autopool struct pool *pool = pool_new();
        const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

        EXPECT_NUMBER(path, utimensat(AT_FDCWD, pool_format(pool, "%s%s", tree_path(tree), path), times, 0), 0);
}

static const struct step *row_of(const struct plan *plan, const char *id, const char *target)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->id, id) && text_equals(plan->rows[i]->target, target))
                        return plan->rows[i];
        return NULL;
}

/* One setting, what runs and what comes next: the row of the running kernel. */
static const struct {
        const char *name, *key, *text, *running, *next;
        const char *path, *file; /* one more file */
        enum status status;
        bool absent_ok;
} running_cases[] = {
        { "there", "skew_tick", "1", "skew_tick=1", "skew_tick=1", NULL, NULL, STATUS_PASS, false },
        { "nowhere", "skew_tick", "1", "quiet", "quiet", NULL, NULL, STATUS_DRIFT, false },
        { "at the next boot", "skew_tick", "1", "quiet", "skew_tick=1", NULL, NULL, STATUS_PENDING, false },
        { "promised and not kept", "skew_tick", "1", "quiet", "skew_tick=1", "/proc/stat", "btime 2000000000\n", STATUS_DRIFT,
          false },
        { "written after the boot", "skew_tick", "1", "quiet", "skew_tick=1", "/proc/stat", "btime 1000000000\n",
          STATUS_PENDING, false },
        { "reordered", "isolcpus", "managed_irq,domain,2-3", "isolcpus=domain,managed_irq,3,2", "", NULL, NULL, STATUS_PASS,
          false },
        { "a bare word", "nosmt", "true", "nosmt", "nosmt", NULL, NULL, STATUS_PASS, false },
        { "a value for a bare word", "nosmt", "true", "nosmt=force", "nosmt=force", NULL, NULL, STATUS_DRIFT, false },
        { "unwanted and gone", "quiet", "false", "ro", "ro", NULL, NULL, STATUS_PASS, false },
        { "unwanted", "quiet", "false", "quiet", "quiet", NULL, NULL, STATUS_DRIFT, false },
        { "unwanted, gone next", "quiet", "false", "quiet", "ro", NULL, NULL, STATUS_PENDING, false },
        { "no tickless kernel", "nohz_full", "2-3", "nohz_full=2-3", "nohz_full=2-3", "/sys/devices/system/cpu/possible",
          "0-3\n", STATUS_UNSUPPORTED, false },
        { "no tickless kernel, told next", "nohz_full", "2-3", "quiet", "nohz_full=2-3", "/sys/devices/system/cpu/possible",
          "0-3\n", STATUS_UNSUPPORTED, false },
        { "no tickless kernel, may be", "nohz_full", "2-3", "nohz_full=2-3", "nohz_full=2-3",
          "/sys/devices/system/cpu/possible", "0-3\n", STATUS_NOT_APPLICABLE, true },
        { "tickless", "nohz_full", "2-3", "nohz_full=2-3", "nohz_full=2-3", "/sys/devices/system/cpu/nohz_full", "2-3\n",
          STATUS_PASS, false },
        { "tickless elsewhere", "nohz_full", "2-3", "nohz_full=2-3", "nohz_full=2-3", "/sys/devices/system/cpu/nohz_full",
          "  (null)\n", STATUS_DRIFT, false },
        { "isolated", "isolcpus", "domain,2-3", "isolcpus=2-3", "isolcpus=2-3", "/sys/devices/system/cpu/isolated", "2-3\n",
          STATUS_PASS, false },
        { "isolated others", "isolcpus", "2-3", "isolcpus=2-3", "isolcpus=2-3", "/sys/devices/system/cpu/isolated", "\n",
          STATUS_DRIFT, false },
        { "isolated from interrupts only", "isolcpus", "managed_irq,2-3", "isolcpus=managed_irq,2-3", "",
          "/sys/devices/system/cpu/isolated", "\n", STATUS_PASS, false },
        { "no hugepages to switch off", "transparent_hugepage", "never", "quiet", "quiet", "/sys/kernel/mm/ksm/run", "0\n",
          STATUS_NOT_APPLICABLE, false },
        { "hugepages to switch off", "transparent_hugepage", "never", "quiet", "quiet",
          "/sys/kernel/mm/transparent_hugepage/enabled", "[always]\n", STATUS_DRIFT, false },
        { "no SMT to switch off", "nosmt", "true", "quiet", "quiet", "/sys/devices/system/cpu/smt/control", "notsupported\n",
          STATUS_NOT_APPLICABLE, false },
        { "SMT turned on again", "nosmt", "true", "nosmt", "nosmt", "/sys/devices/system/cpu/smt/control", "on\n", STATUS_DRIFT,
          false },
        { "two lists", "isolcpus", "2-3", "isolcpus=1 isolcpus=2-3", "", NULL, NULL, STATUS_DRIFT, false },
};

static void running(void)
{
        for (size_t i = 0; i < COUNT(running_cases); i++) {
                const struct asked asked[] = { { .keys = { running_cases[i].key },
                                                 .text = running_cases[i].text,
                                                 .absent_ok = running_cases[i].absent_ok },
                                               { .keys = { NULL } } };
                autopool struct pool *pool = pool_new();
                struct tree *tree = new_tree(running_cases[i].running, running_cases[i].next);
                const struct step *row;
                struct plan *plan;

                if (running_cases[i].path)
                        tree_file(tree, running_cases[i].path, "%s", running_cases[i].file);
                set_time(tree, MENU, 1500000000);
                plan = planned(tree_host(tree), &knob_cmdline, asked);
                row = row_of(plan, pool_format(pool, "cmdline.%s", running_cases[i].key), "/proc/cmdline");
                EXPECT(running_cases[i].name, row);
                if (row) {
                        EXPECT_TEXT(running_cases[i].name, status_name(row->status), status_name(running_cases[i].status));
                        EXPECT(running_cases[i].name, row->how == STEP_NONE && row->layer == LAYER_RUNNING);
                        EXPECT(running_cases[i].name,
                               row->status != STATUS_PENDING || (row->when == WHEN_BOOT && row->risk == RISK_REBOOT));
                }
                plan_free(plan);
                tree_free(tree);
        }
}

/* Another file for grub-mkconfig. isolcpus is wanted as 2-3, rcu_nocbs as 0-1. */
static void shadows(void)
{
        static const struct {
                const char *name, *path, *text, *shadow;
        } cases[] = {
                { "first of two", "/etc/default/grub",
                  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"isolcpus=1\"\n", "/etc/default/grub:2" },
                { "first, the same", "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"isolcpus=domain,2,3\"\n", NULL },
                { "last counts and is ours", "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"rcu_nocbs=1\"\n", NULL },
                { "last counts and is theirs", "/etc/default/grub.d/99-zz.cfg",
                  "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT rcu_nocbs=1\"\n",
                  "/etc/default/grub.d/99-zz.cfg:1" },
                { "behind, first counts", "/etc/default/grub.d/99-zz.cfg",
                  "GRUB_CMDLINE_LINUX_DEFAULT=\"${GRUB_CMDLINE_LINUX_DEFAULT} isolcpus=1\"\n", NULL },
                { "overwritten", "/etc/default/grub.d/99-zz.cfg", "# x\nexport GRUB_CMDLINE_LINUX_DEFAULT='quiet'\n",
                  "/etc/default/grub.d/99-zz.cfg:2" },
                { "not read", "/etc/default/grub.d/99-zz.conf", "GRUB_CMDLINE_LINUX_DEFAULT=quiet\n", NULL },
                { "a comment", "/etc/default/grub.d/10-a.cfg", "#GRUB_CMDLINE_LINUX=\"isolcpus=1\"\n", NULL },
                { "noise", "/etc/default/grub.d/10-a.cfg", "GRUB_CMDLINE_LINUX=\"isol\\\nGRUB_CMDLINE_LINUX=$${{\n=", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = new_tree("quiet", "quiet");
                const struct step *row = NULL;
                struct plan *plan;

                tree_file(tree, cases[i].path, "%s", cases[i].text);
                plan = planned(tree_host(tree), &knob_cmdline, usual);
                for (size_t j = 0; j < plan->count; j++)
                        if (plan->rows[j]->status == STATUS_SHADOWED)
                                row = plan->rows[j];
                EXPECT_TEXT(cases[i].name, row ? row->target : NULL, cases[i].shadow);
                EXPECT(cases[i].name, !row || (row->how == STEP_NONE && row->fix));
                plan_free(plan);
                tree_free(tree);
        }
}

/* The rows of the whole knob. */
static void file_and_next(void)
{
        struct tree *tree = new_tree("quiet", "quiet");
        struct plan *plan = planned(tree_host(tree), &knob_cmdline, usual);
        const struct step *file = planned_row(plan, OWN);

        if (EXPECT("file", file)) {
                EXPECT("file", file->how == STEP_FILE && file->after.mode == 0644 && file->when == WHEN_BOOT &&
                                       file->risk == RISK_REBOOT);
                EXPECT_TEXT("file", file->refresh, "grub/config");
        }
        EXPECT("the update follows the file", !planned_row(plan, MENU));
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_cmdline, usual);
        EXPECT_NUMBER("made", planned_due(plan), 0);
        EXPECT("a tree is not updated", planned_status(plan, MENU, STATUS_DRIFT) && planned_row(plan, MENU)->how == STEP_NONE);
        plan_free(plan);
        tree_file(tree, MENU,
                  "menuentry 'Debian' --id d {\n linux /vmlinuz-6.1.0-28-amd64 rcu_nocbs=0,1 isolcpus=domain,2,3\n}\n");
        plan = planned(tree_host(tree), &knob_cmdline, usual);
        EXPECT("updated", planned_status(plan, MENU, STATUS_PASS));
        plan_free(plan);
        plan = planned(tree_host(tree), &knob_cmdline,
                       (struct asked[]){ { .keys = { "isolcpus" }, .text = "false" }, { .keys = { NULL } } });
        EXPECT("nothing to set: no file", planned_row(plan, OWN)->after.kind == CONTENT_ABSENT && planned_due(plan) == 1);
        plan_free(plan);
        tree_free(tree);
}

/* Machines without a GRUB that would read our file. */
static void elsewhere(void)
{
        static const struct {
                const char *name, *path, *text;
                enum status status;
        } cases[] = {
                { "no boot loader", "/etc/x", "", STATUS_UNSUPPORTED },
                { "systemd-boot", "/efi/loader/entries/a.conf", "linux /m/6.1.0-28-amd64/linux\noptions ro\n",
                  STATUS_UNSUPPORTED },
                { "systemd-boot, told", "/efi/loader/entries/a.conf",
                  "linux /m/6.1.0-28-amd64/linux\noptions isolcpus=2-3 rcu_nocbs=0-1\n", STATUS_PENDING },
                { "grub.d is not read", "/etc/os-release", "ID=fedora\n", STATUS_UNSUPPORTED },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = new_tree("quiet", i == 3 ? "quiet" : NULL);
                struct plan *plan;

                if (i < 3)
                        tree_remove(tree, "/etc/default/grub");
                tree_file(tree, cases[i].path, "%s", cases[i].text);
                plan = planned(tree_host(tree), &knob_cmdline, usual);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                EXPECT(cases[i].name, !planned_row(plan, OWN));
                EXPECT(cases[i].name, planned_status(plan, "/proc/cmdline", cases[i].status));
                plan_free(plan);
                tree_free(tree);
        }
}

static void held(void)
{
        static const struct asked asked[] = { { .keys = { "isolcpus" }, .text = "", .held = "no CPU is left" },
                                              { .keys = { "skew_tick" }, .text = "1" },
                                              { .keys = { NULL } } };
        struct tree *tree = new_tree("skew_tick=1", "skew_tick=1");
        struct plan *plan = planned(tree_host(tree), &knob_cmdline, asked);
        const struct step *row = planned_status(plan, OWN, STATUS_UNSUPPORTED);

        EXPECT_NUMBER(NULL, planned_due(plan), 0);
        EXPECT_TEXT(NULL, row ? row->note : NULL, "no CPU is left");
        EXPECT(NULL, planned_status(plan, "/proc/cmdline", STATUS_PASS));
        plan_free(plan);
        tree_free(tree);
}

static const struct test tests[] = {
        { "the running kernel", running }, { "other files", shadows }, { "file and next entry", file_and_next },
        { "without GRUB", elsewhere },     { "held", held },           { NULL, NULL },
};
const struct suite suite_cmdline_knob = { "cmdline_knob", tests };

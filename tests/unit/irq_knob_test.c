/* Where the irq knob wants interrupts, and what it does about those that are elsewhere. */

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/unit/irq_tree.h"
#include "tuning/knobs.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MANY         4096U
#define TARGET       "/proc/irq/24/smp_affinity_list"

static const struct asked rest_only[] = { { .keys = { "default" }, .text = "0-1" }, { 0 } };
static void test_rest(void)
{
        static const struct {
                const char *name, *actions, *allowed, *effective;
                enum status status;
                const char *text; /* what is written; NULL: nothing */
        } cases[] = {
                { "inside", "acpi", "0-1", "0", STATUS_PASS, NULL },
                { "a part is enough", "acpi", "1", "1", STATUS_PASS, NULL },
                { "on a trading CPU", "acpi", "0-7", "5", STATUS_DRIFT, "0-1" },
                { "may go to a trading CPU", "acpi", "0-7", "0", STATUS_DRIFT, "0-1" },
                { "effective says more", "acpi", "0", "5", STATUS_DRIFT, "0-1" },
                { "written, moves when it fires", "acpi", "0-1", "5", STATUS_PASS, NULL },
                { "no effective file, inside", "acpi", "0", NULL, STATUS_PASS, NULL },
                { "no effective file, outside", "acpi", "0-7", NULL, STATUS_DRIFT, "0-1" },
                { "effective empty", "acpi", "4", "", STATUS_DRIFT, "0-1" },
                { "not started, inside", "acpi", "0-1", "", STATUS_PASS, NULL },
                { "managed, outside", "nvme0q3", "4-7", "5", STATUS_EXEMPT, NULL },
                { "managed, inside by effect", "nvme0q1", "0-7", "1", STATUS_PASS, NULL },
                { "the admin queue moves", "nvme0q0", "0-7", "5", STATUS_DRIFT, "0-1" },
                { "the cascade", "cascade", "0-7", "6", STATUS_EXEMPT, NULL },
                { "binary", "acpi", "\001\002", "0", STATUS_UNKNOWN, NULL },
                { "no CPU allowed", "acpi", "", "0", STATUS_UNKNOWN, NULL },
                { "negative", "acpi", "-1", "0", STATUS_UNKNOWN, NULL },
                { "beyond any box", "acpi", "99999999999999999999", "0", STATUS_UNKNOWN, NULL },
                { "effective is no list", "acpi", "0-1", "zero", STATUS_UNKNOWN, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = irq_tree_new();
                const struct step *step;
                struct plan *plan;

                irq_tree_add(tree, 24, cases[i].actions, cases[i].allowed, cases[i].effective);
                plan = planned(tree_host(tree), &knob_irq, rest_only);
                step = planned_row(plan, cases[i].status == STATUS_UNKNOWN ? "/proc/irq/24" : TARGET);
                EXPECT(cases[i].name, step != NULL);
                if (step) {
                        EXPECT_TEXT(cases[i].name, status_name(step->status), status_name(cases[i].status));
                        EXPECT_TEXT(cases[i].name, step->text, cases[i].text);
                        EXPECT(cases[i].name, cases[i].text || !step_is_due(step));
                }
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_irq, rest_only);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void test_row(void)
{
        struct tree *tree = irq_tree_new();
        const struct step *step;
        struct plan *plan;

        irq_tree_add(tree, 24, "ahci[0000:00:1f.2]", "0-7", "5");
        tree_file(tree, "/sys/bus/pci/devices/0000:00:1f.2/msi_irqs/24", "msi\n");
        plan = planned(tree_host(tree), &knob_irq, rest_only);
        step = planned_row(plan, TARGET);
        EXPECT("row", step != NULL);
        if (step) {
                EXPECT_TEXT("stable", step->stable, "irq:0000:00:1f.2/ahci[0000:00:1f.2]");
                EXPECT("a refusal is harmless", step->refusal_harmless && step->short_harmless);
                EXPECT_TEXT("note", step->note, "ahci[0000:00:1f.2] of 0000:00:1f.2, handled by CPU 5");
        }
        step = planned_row(plan, "/proc/irq/default_smp_affinity");
        EXPECT("default", step != NULL);
        if (step) {
                EXPECT_TEXT("groups for the possible CPUs", step->text, "00000000,00000003");
                EXPECT("due", step_is_due(step));
        }
        plan_free(plan);
        tree_free(tree);
}

static void test_settings(void)
{
        static const struct {
                const char *name, *key, *text, *held;
                const char *target;
                enum status status;
        } cases[] = {
                { "offline CPUs are left out", "default", "0,7", NULL, "/proc/irq/default_smp_affinity", STATUS_DRIFT },
                { "only offline ones", "default", "7", NULL, "/proc/irq", STATUS_UNSUPPORTED },
                { "held", "default", "${cpus.housekeeping}", "no such set", "/proc/irq", STATUS_UNSUPPORTED },
                { "left alone", "nic", "none", NULL, "/proc/irq", STATUS_PASS },
                { "offline list", "nic", "7", NULL, "/proc/irq", STATUS_UNSUPPORTED },
                { "no card", "nic", "local", NULL, "/proc/irq", STATUS_NOT_APPLICABLE },
                { "no card for a list", "nic", "2", NULL, "/proc/irq", STATUS_NOT_APPLICABLE },
                { "held card", "nic", "${cpus.isolated}", "no such set", "/proc/irq", STATUS_UNSUPPORTED },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked[] = {
                        { .keys = { cases[i].key }, .text = cases[i].text, .held = cases[i].held },
                        { 0 },
                };
                struct tree *tree = irq_tree_new();
                const struct step *step;
                struct plan *plan;

                irq_tree_add(tree, 24, "acpi", "0-7", "5");
                plan = planned(tree_host(tree), &knob_irq, asked);
                step = planned_row(plan, cases[i].target);
                EXPECT(cases[i].name, step != NULL);
                if (step) {
                        EXPECT_TEXT(cases[i].name, status_name(step->status), status_name(cases[i].status));
                        if (step->status == STATUS_DRIFT)
                                EXPECT_TEXT(cases[i].name, step->text, "00000000,00000001");
                }
                plan_free(plan);
                tree_free(tree);
        }
}

static void test_rival(void)
{
        static const struct {
                const char *name, *file, *link;
                bool masked, contested;
        } cases[] = {
                { "none", NULL, NULL, false, false },
                { "its process", "/run/irqbalance.pid", NULL, false, true },
                { "its socket", "/run/irqbalance/irqbalance1.sock", NULL, false, true },
                { "enabled", NULL, "/etc/systemd/system/multi-user.target.wants/irqbalance.service", false, true },
                { "masked", "/run/irqbalance.pid", NULL, true, false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = irq_tree_new();
                struct plan *plan;

                tree_file(tree, "/lib/systemd/system/irqbalance.service", "[Service]\n");
                if (cases[i].file)
                        tree_file(tree, cases[i].file, "812\n");
                if (cases[i].link)
                        tree_link(tree, cases[i].link, "/lib/systemd/system/irqbalance.service");
                if (cases[i].masked)
                        tree_link(tree, "/etc/systemd/system/irqbalance.service", "/dev/null");
                plan = planned(tree_host(tree), &knob_irq, rest_only);
                EXPECT_NUMBER(cases[i].name, planned_row(plan, "irqbalance.service") != NULL, cases[i].contested);
                plan_free(plan);
                tree_free(tree);
        }
}

static void test_absent(void)
{
        static const struct asked both[] = {
                { .keys = { "default" }, .text = "0-1" },
                { .keys = { "nic" }, .text = "local" },
                { 0 },
        };
        struct tree *tree = tree_new();
        struct plan *plan = planned(tree_host(tree), &knob_irq, both);

        EXPECT_NUMBER("one row for each setting", plan->count, 2);
        EXPECT("not known", planned_status(plan, "/proc/irq", STATUS_UNKNOWN) != NULL);
        plan_free(plan);
        tree_free(tree);
}

/* Kernels that show masks only. */
static void test_masks(void)
{
        struct tree *tree = irq_tree_new();
        const struct step *step;
        struct plan *plan;

        tree_file(tree, "/proc/irq/24/smp_affinity", "000000ff\n");
        plan = planned(tree_host(tree), &knob_irq, rest_only);
        step = planned_row(plan, "/proc/irq/24/smp_affinity");
        EXPECT("row", step != NULL);
        if (step)
                EXPECT("written as a mask", step_is_due(step) && strchr(step->text, '3') && !strchr(step->text, '-'));
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_irq, rest_only);
        EXPECT_NUMBER("made", planned_due(plan), 0);
        plan_free(plan);
        tree_free(tree);
}

static void test_many(void)
{
        struct tree *tree = irq_tree_new();
        struct plan *plan;

        for (unsigned i = 0; i < MANY; i++)
                irq_tree_add(tree, 100 + i, i % 2 ? "acpi" : "nvme0q1", "0-7", "5");
        plan = planned(tree_host(tree), &knob_irq, rest_only);
        EXPECT_NUMBER("every second moves, and the default", planned_due(plan), MANY / 2 + 1);
        plan_free(plan);
        tree_free(tree);
}

static void test_lint(void)
{
        static const struct {
                const char *key, *text;
                bool fine;
        } cases[] = {
                { "nic", "local", true },   { "nic", "none", true },
                { "nic", "8-15", true },    { "nic", "${cpus.isolated}", true },
                { "nic", "nearby", false }, { "nic", "3-1", false },
                { "nic", "", false },       { "nic", "-1", false },
                { "default", "0-1", true }, { "default", "0-31:2/4", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                const struct setting setting = { .id = "irq", .keys = { cases[i].key }, .text = cases[i].text };
                const char *problem = NULL;

                EXPECT_NUMBER(cases[i].text, knob_irq.lint(&setting, pool, &problem) == 0, cases[i].fine);
                EXPECT_NUMBER(cases[i].text, problem == NULL, cases[i].fine);
        }
}

static const struct test tests[] = {
        { "one interrupt", test_rest }, { "its row", test_row },   { "settings", test_settings },
        { "rival", test_rival },        { "absent", test_absent }, { "masks", test_masks },
        { "many", test_many },          { "lint", test_lint },     { NULL, NULL },
};
const struct suite suite_irq_knob = { "irq_knob", tests };

/* What the services knob removes, masks and leaves alone. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ETC          "/etc/systemd/system/"
#define LIB          "/usr/lib/systemd/system/"

static struct tree *make_tree(void)
{
        static const char *const units[] = {
                "bluetooth.service",
                "cups.service",
                "cups.socket",
                "cups.path",
                "snapd.service",
                "snapd.socket",
                "snapd.snap-repair.timer",
                "snapd.snap-repair.service",
                "snapd.seeded.service",
                "snapdragon.service",
                "apt-daily.timer",
                "unattended-upgrades.service",
                "foo@.service",
                "cron.service",
                "systemd-logind.service",
        };
        struct tree *tree = tree_new();

        for (size_t i = 0; i < COUNT(units); i++) {
                autobuffer struct text_buffer text = { 0 };

                text_addf(&text, LIB "%s", units[i]);
                tree_file(tree, text.at, "[Unit]\n");
        }
        tree_link(tree, "/lib", "usr/lib");
        tree_file(tree, LIB "print.timer", "[Timer]\nUnit=cups.service\n");
        tree_link(tree, ETC "multi-user.target.wants/cups.service", "/lib/systemd/system/cups.service");
        tree_link(tree, ETC "sockets.target.wants/cups.socket", "/lib/systemd/system/cups.socket");
        tree_link(tree, ETC "timers.target.wants/apt-daily.timer", "/lib/systemd/system/apt-daily.timer");
        tree_link(tree, ETC "dbus-org.bluez.service", "/lib/systemd/system/bluetooth.service");
        tree_link(tree, ETC "bluetooth.target.wants/bluetooth.service", "/lib/systemd/system/bluetooth.service");
        tree_link(tree, ETC "multi-user.target.wants/foo@x.service", "/lib/systemd/system/foo@.service");
        tree_link(tree, LIB "login.service", "systemd-logind.service");
        tree_link(tree, LIB "printing.service", "cups.service");
        tree_file(tree, ETC "own.service", "[Service]\nExecStart=/bin/true\n");
        tree_link(tree, ETC "multi-user.target.wants/own.service", "../own.service");
        tree_file(tree, "/etc/init.d/legacy", "#!/bin/sh\n");
        return tree;
}

/* The due rows in order, "-" a link that goes, "+" a mask. */
static char *say(const struct plan *plan)
{
        struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];

                if (!step_is_due(step))
                        continue;
                EXPECT_TEXT(step->target, step->refresh, "systemd/reload");
                text_addf(&text, "%s%s%s", text.size ? " " : "", step->after.kind == CONTENT_ABSENT ? "-" : "+",
                          step->target + strlen(ETC));
        }
        return text.at;
}

static void test_plans(void)
{
        static const struct {
                const char *name, *rows;
        } cases[] = {
                { "cups", "-sockets.target.wants/cups.socket -multi-user.target.wants/cups.service +cups.path +cups.socket "
                          "+print.timer +cups.service" },
                { "printing", "-sockets.target.wants/cups.socket -multi-user.target.wants/cups.service +cups.path +cups.socket "
                              "+print.timer +cups.service" },
                { "cups.socket", "-sockets.target.wants/cups.socket +cups.socket" },
                { "bluetooth", "-bluetooth.target.wants/bluetooth.service -dbus-org.bluez.service +bluetooth.service" },
                { "snapd", "+snapd.snap-repair.timer +snapd.socket +snapd.seeded.service +snapd.snap-repair.service "
                           "+snapd.service" },
                { "unattended-upgrades", "+unattended-upgrades.service" },
                { "apt-daily.timer", "-timers.target.wants/apt-daily.timer +apt-daily.timer" },
                { "foo@", "-multi-user.target.wants/foo@x.service +foo@.service" },
                { "foo@x", "-multi-user.target.wants/foo@x.service +foo@x.service" },
                { "legacy", "+legacy.service" },
                { "own", "-multi-user.target.wants/own.service" },
                { "whoopsie", "" },
                { "login", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked[] = { { .keys = { "off", cases[i].name }, .text = "true" }, { 0 } };
                struct tree *tree = make_tree();
                autofree char *rows = NULL;
                struct plan *plan;

                plan = planned(tree_host(tree), &knob_services, asked);
                rows = say(plan);
                EXPECT_TEXT(cases[i].name, rows, cases[i].rows);
                EXPECT(cases[i].name, plan->count > 0);
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_services, asked);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                EXPECT(cases[i].name, plan->count > 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void test_statuses(void)
{
        static const struct {
                const char *name, *target;
                enum status status;
        } cases[] = {
                { "whoopsie", "whoopsie.service", STATUS_NOT_APPLICABLE },
                { "login", "login.service", STATUS_UNSUPPORTED },
                { "own", ETC "own.service", STATUS_PASS },
                { "masked", ETC "masked.service", STATUS_PASS },
                { "runtime", ETC "runtime.service", STATUS_DRIFT },
        };
        struct tree *tree = make_tree();

        tree_link(tree, ETC "masked.service", "/dev/null");
        tree_link(tree, "/run/systemd/system/runtime.service", "/dev/null");
        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked[] = { { .keys = { "off", cases[i].name }, .text = "true" }, { 0 } };
                struct plan *plan = planned(tree_host(tree), &knob_services, asked);

                EXPECT(cases[i].name, planned_status(plan, cases[i].target, cases[i].status) != NULL);
                plan_free(plan);
        }
        tree_free(tree);
}

/* A timer whose file cannot be read may start anything. */
static void test_unreadable(void)
{
        static const struct asked asked[] = { { .keys = { "off", "cron" }, .text = "true" }, { 0 } };
        struct tree *tree = make_tree();
        struct plan *plan;

        tree_bytes(tree, LIB "other.timer", "Unit=\0", 6);
        plan = planned(tree_host(tree), &knob_services, asked);
        EXPECT("not known", planned_status(plan, "other.timer", STATUS_UNKNOWN) != NULL);
        EXPECT("and masked all the same", planned_status(plan, ETC "cron.service", STATUS_DRIFT) != NULL);
        plan_free(plan);
        tree_free(tree);
}

/* Two settings that lead to the same unit plan it once. */
static void test_doubles(void)
{
        static const struct asked asked[] = {
                { .keys = { "off", "cups.socket" }, .text = "true" },
                { .keys = { "off", "cups" }, .text = "true" },
                { .keys = { "off", "cups.path" }, .text = "true" },
                { .keys = { "off", "printing" }, .text = "true" },
                { 0 },
        };
        struct tree *tree = make_tree();
        struct plan *plan = planned(tree_host(tree), &knob_services, asked);

        EXPECT_NUMBER("six rows", planned_due(plan), 6);
        plan_free(plan);
        tree_free(tree);
}

static void test_nothing_known(void)
{
        static const struct asked asked[] = { { .keys = { "off", "cups" }, .text = "true" }, { 0 } };
        struct tree *tree = tree_new();
        struct plan *plan = planned(tree_host(tree), &knob_services, asked);

        EXPECT("no unit folder: not known", planned_status(plan, "/etc/systemd/system", STATUS_UNKNOWN) != NULL);
        plan_free(plan);
        tree_free(tree);
}

static void test_lint(void)
{
        static const struct {
                const char *name;
                bool fine;
        } cases[] = {
                { "bluetooth", true }, { "cups.socket", true },   { "snapd.seeded", true }, { "ssh", false },
                { "sshd", false },     { "system.slice", false }, { "a b", false },         { "systemd-udevd", false },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked = { .keys = { "off", cases[i].name }, .text = "true" };

                EXPECT_NUMBER(cases[i].name, planned_lint(pool, &knob_services, &asked) == NULL, cases[i].fine);
        }
}

static const struct test tests[] = {
        { "plans", test_plans },
        { "statuses", test_statuses },
        { "unreadable", test_unreadable },
        { "doubles", test_doubles },
        { "nothing known", test_nothing_known },
        { "lint", test_lint },
        { NULL, NULL },
};
const struct suite suite_services_knob = { "services_knob", tests };

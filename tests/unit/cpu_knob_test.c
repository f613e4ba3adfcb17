/* The cpu knob: policies, old kernels, alternatives, hosts without cpufreq, and who else sets governors. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FOLDER       "/sys/devices/system/cpu"

static const struct asked performance[] = { { "performance", { "governor" }, false, NULL }, { 0 } };

static void add_policy(struct tree *tree, const char *folder, const char *governor, const char *offered)
{
        char path[160];

        snprintf(path, sizeof path, FOLDER "/%s/scaling_governor", folder);
        tree_file(tree, path, "%s\n", governor);
        snprintf(path, sizeof path, FOLDER "/%s/scaling_available_governors", folder);
        if (offered)
                tree_file(tree, path, "%s\n", offered);
}

static const struct {
        const char *name, *governor, *offered, *text;
        enum status status;
        const char *write;
} policies[] = {
        { "right", "performance", "performance powersave ", "performance", STATUS_PASS, NULL },
        { "wrong", "powersave", "performance powersave", "performance", STATUS_DRIFT, "performance" },
        { "second choice", "powersave", "schedutil powersave", "performance|schedutil", STATUS_DRIFT, "schedutil" },
        { "first of both", "schedutil", "schedutil performance", "performance|schedutil", STATUS_DRIFT, "performance" },
        { "not offered", "powersave", "performance powersave", "schedutil", STATUS_UNSUPPORTED, NULL },
        { "part of a name", "powersave", "performances", "performance", STATUS_UNSUPPORTED, NULL },
        { "nothing offered", "powersave", "", "performance", STATUS_UNSUPPORTED, NULL },
        { "no list", "powersave", NULL, "performance|schedutil", STATUS_DRIFT, "performance" },
        { "no list, any of them", "schedutil", NULL, "performance|schedutil", STATUS_PASS, NULL },
};

static void single(void)
{
        for (size_t i = 0; i < COUNT(policies); i++) {
                const struct asked asked[] = { { policies[i].text, { "governor" }, false, NULL }, { 0 } };
                struct tree *tree = tree_new();
                struct plan *plan;

                add_policy(tree, "cpufreq/policy0", policies[i].governor, policies[i].offered);
                plan = planned(tree_host(tree), &knob_cpu, asked);
                EXPECT_NUMBER(policies[i].name, plan->count, 1);
                EXPECT_TEXT(policies[i].name, plan->rows[0]->target, FOLDER "/cpufreq/policy0/scaling_governor");
                EXPECT_TEXT(policies[i].name, status_name(plan->rows[0]->status), status_name(policies[i].status));
                EXPECT(policies[i].name, step_is_due(plan->rows[0]) == (policies[i].write != NULL));
                if (policies[i].write)
                        EXPECT_TEXT(policies[i].name, plan->rows[0]->text, policies[i].write);
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_cpu, asked);
                EXPECT_NUMBER(policies[i].name, planned_due(plan), 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void shapes(void)
{
        struct tree *tree = tree_new();
        struct plan *plan = planned(tree_host(tree), &knob_cpu, performance);

        EXPECT_TEXT("an empty tree", status_name(plan->rows[0]->status), "unknown");
        plan_free(plan);

        tree_folder(tree, FOLDER "/cpufreq");
        plan = planned(tree_host(tree), &knob_cpu, performance);
        EXPECT_NUMBER("an empty folder", plan->count, 1);
        EXPECT_TEXT("an empty folder", status_name(plan->rows[0]->status), "not-applicable");
        plan_free(plan);

        tree_file(tree, FOLDER "/online", "0,2,10\n");
        add_policy(tree, "cpu0/cpufreq", "ondemand", "performance ondemand");
        add_policy(tree, "cpu1/cpufreq", "ondemand", "performance ondemand");
        add_policy(tree, "cpu10/cpufreq", "ondemand", "performance ondemand");
        add_policy(tree, "cpuidle/cpufreq", "ondemand", "performance ondemand");
        tree_link(tree, FOLDER "/cpu2/cpufreq", "../cpu0/cpufreq");
        for (unsigned cpu = 0; cpu <= 10; cpu++) {
                char path[128];

                snprintf(path, sizeof path, FOLDER "/cpu%u/topology/core_id", cpu);
                if (cpu < 3 || cpu == 10)
                        tree_file(tree, path, "%u\n", cpu);
                snprintf(path, sizeof path, FOLDER "/cpu%u/topology/physical_package_id", cpu);
                if (cpu < 3 || cpu == 10)
                        tree_file(tree, path, "0\n");
        }
        plan = planned(tree_host(tree), &knob_cpu, performance);
        EXPECT_NUMBER("an old kernel", plan->count, 2);
        EXPECT_TEXT("an old kernel", plan->rows[0]->target, FOLDER "/cpu0/cpufreq/scaling_governor");
        EXPECT_TEXT("an old kernel", plan->rows[1]->target, FOLDER "/cpu10/cpufreq/scaling_governor");
        plan_free(plan);

        tree_bytes(tree, FOLDER "/cpu0/cpufreq/scaling_governor", "\0\1", 2);
        plan = planned(tree_host(tree), &knob_cpu, performance);
        EXPECT_TEXT("binary", status_name(plan->rows[0]->status), "unknown");
        plan_free(plan);

        add_policy(tree, "cpufreq/policy2", "ondemand", "performance ondemand");
        plan = planned(tree_host(tree), &knob_cpu, performance);
        EXPECT_NUMBER("policies first", plan->count, 1);
        EXPECT_TEXT("policies first", plan->rows[0]->target, FOLDER "/cpufreq/policy2/scaling_governor");
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_cpu,
                       (struct asked[]){ { "performance", { "governor" }, false, "because" }, { 0 } });
        EXPECT_TEXT("held", status_name(plan->rows[0]->status), "unsupported");
        EXPECT_NUMBER("held", planned_due(plan), 0);
        plan_free(plan);
        tree_free(tree);
}

/* A tool that sets governors makes a row of its own, also when the governor is right. file NULL: a link instead. */
static const struct {
        const char *name, *path, *file, *link, *path2, *file2, *link2, *evidence;
} tools[] = {
        { "nobody", NULL, NULL, NULL, NULL, NULL, NULL, NULL },
        { "enabled", "/etc/systemd/system/graphical.target.wants/power-profiles-daemon.service", NULL, "/lib/x", NULL, NULL,
          NULL, "/etc/systemd/system/graphical.target.wants/power-profiles-daemon.service" },
        { "enabled and masked", "/etc/systemd/system/multi-user.target.wants/tlp.service", NULL, "/lib/x",
          "/etc/systemd/system/tlp.service", NULL, "/dev/null", NULL },
        { "another unit", "/etc/systemd/system/multi-user.target.wants/cron.service", NULL, "/lib/x", NULL, NULL, NULL, NULL },
        { "running", "/run/tuned/tuned.pid", "42\n", NULL, NULL, NULL, NULL, "/run/tuned/tuned.pid" },
        { "running, as seen", "/run/tuned/tuned.pid", "42\n", NULL, "/proc/42/stat", "42 (tuned)", NULL,
          "/run/tuned/tuned.pid" },
        { "left behind", "/run/tuned/tuned.pid", "42\n", NULL, "/proc/1/stat", "1 (systemd)", NULL, NULL },
        { "nonsense", "/run/tuned/tuned.pid", "../../etc\n", NULL, NULL, NULL, NULL, NULL },
        { "active", "/.plumbline/ask/unit/auto-cpufreq.service", "LoadState=loaded\nActiveState=active\n", NULL, NULL, NULL,
          NULL, "auto-cpufreq.service" },
        { "inactive", "/.plumbline/ask/unit/auto-cpufreq.service", "LoadState=loaded\nActiveState=inactive\n", NULL, NULL, NULL,
          NULL, NULL },
        { "cpufrequtils by itself", "/etc/init.d/cpufrequtils", "#!/bin/sh\n", NULL, NULL, NULL, NULL,
          "/etc/default/cpufrequtils" },
        { "cpufrequtils as wanted", "/etc/init.d/cpufrequtils", "#!/bin/sh\n", NULL, "/etc/default/cpufrequtils",
          "# x\nGOVERNOR=\"performance\" # y\n", NULL, NULL },
        { "cpufrequtils otherwise", "/etc/init.d/cpufrequtils", "#!/bin/sh\n", NULL, "/etc/default/cpufrequtils",
          "GOVERNOR=powersave\n", NULL, "/etc/default/cpufrequtils" },
        { "cpufrequtils off", "/etc/init.d/cpufrequtils", "#!/bin/sh\n", NULL, "/etc/default/cpufrequtils", "ENABLE='false'\n",
          NULL, NULL },
        { "cpufrequtils removed", "/etc/default/cpufrequtils", "GOVERNOR=powersave\n", NULL, NULL, NULL, NULL, NULL },
};

static void owners(void)
{
        for (size_t i = 0; i < COUNT(tools); i++) {
                struct tree *tree = tree_new();
                struct plan *plan;

                add_policy(tree, "cpufreq/policy0", "performance", "performance powersave");
                if (tools[i].path && tools[i].file)
                        tree_file(tree, tools[i].path, "%s", tools[i].file);
                else if (tools[i].path)
                        tree_link(tree, tools[i].path, tools[i].link);
                if (tools[i].path2 && tools[i].file2)
                        tree_file(tree, tools[i].path2, "%s", tools[i].file2);
                else if (tools[i].path2)
                        tree_link(tree, tools[i].path2, tools[i].link2);
                plan = planned(tree_host(tree), &knob_cpu, performance);
                EXPECT_NUMBER(tools[i].name, plan->count, tools[i].evidence ? 2 : 1);
                EXPECT_TEXT(tools[i].name, status_name(plan->rows[0]->status), "pass");
                if (tools[i].evidence)
                        EXPECT(tools[i].name, planned_status(plan, tools[i].evidence, STATUS_CONTESTED) != NULL);
                EXPECT_NUMBER(tools[i].name, planned_due(plan), 0);
                plan_free(plan);
                tree_free(tree);
        }
}

static void captures(void)
{
        static const struct {
                const char *archive;
                size_t policies;
        } cases[] = {
                { "x86_64-epyc_7451.tar.gz", 96 },     { "32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2", 16 },
                { "x86_64-dell_e4310.tar.gz", 4 },     { "vmware_fpe.tar.gz", 16 },
                { "x86_64-64cpu-linux6.2.tar.gz", 8 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                static const struct asked asked[] = { { "performance|powersave", { "governor" }, false, NULL }, { 0 } };
                struct tree *tree = tree_capture(cases[i].archive);
                struct plan *plan;

                if (!tree)
                        continue;
                plan = planned_made(tree_host(tree), &knob_cpu, asked);
                EXPECT_NUMBER(cases[i].archive, plan->count, cases[i].policies);
                for (size_t row = 0; row < plan->count; row++)
                        EXPECT_TEXT(cases[i].archive, status_name(plan->rows[row]->status), "pass");
                plan_free(plan);
                tree_free(tree);
        }
}

static void lint(void)
{
        static const struct {
                const char *text, *words;
        } cases[] = {
                { "performance", NULL },
                { "performance|schedutil", NULL },
                { "perfomance", "did you mean \"performance\"" },
                { "performance|turbo", "no governor" },
                { "", "no governor" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i + 1 < COUNT(cases); i++) {
                const struct asked asked = { cases[i].text, { "governor" }, false, NULL };
                const char *problem = planned_lint(pool, &knob_cpu, &asked);

                EXPECT(cases[i].text, cases[i].words ? problem && strstr(problem, cases[i].words) : !problem);
        }
}

/* What cannot be listed is not to be taken for a kernel that steers nothing. */
static void unlisted(void)
{
        static const struct {
                const char *name, *seen;
                enum status status;
        } cases[] = {
                { "policies", "list EACCES " FOLDER "/cpufreq", STATUS_UNKNOWN },
                { "CPUs", "list EIO " FOLDER, STATUS_UNKNOWN },
                { "there are none", "", STATUS_NOT_APPLICABLE },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct plan *plan;

                tree_folder(tree, FOLDER "/cpu0");
                tree_file(tree, "/.plumbline/seen", "%s\n", cases[i].seen);
                plan = planned(tree_host(tree), &knob_cpu, performance);
                EXPECT_NUMBER(cases[i].name, plan->count, 1);
                EXPECT_TEXT(cases[i].name, status_name(plan->rows[0]->status), status_name(cases[i].status));
                plan_free(plan);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "single policies", single },
        { "shapes of hosts", shapes },
        { "owners", owners },
        { "captures", captures },
        { "lint", lint },
        { "unlisted", unlisted },
        { 0 },
};
const struct suite suite_cpu_knob = { "cpu_knob", tests };

/* The limits knob: its file, its drop-ins, who overrides them, and processes that keep what they were started with. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"
#include "tuning/limits_items.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define OWN          "/etc/security/limits.d/99-plumbline.conf"
#define HEAD         "# Limits of login sessions kept by plumbline, which replaces this file as a whole; see limits.conf(5).\n"
#define UNIT_FOLDER  "/etc/systemd/system"
#define DROP_IN      UNIT_FOLDER "/hft.service.d/50-plumbline.conf"

static const struct asked usual[] = { { "65536", { "hft_user", "nofile" }, false, NULL },
                                      { "infinity", { "hft_user", "memlock" }, false, NULL },
                                      { "98", { "hft_user", "rtprio" }, false, NULL },
                                      { 0 } };
static const struct asked service[] = { { "65536", { "hft_user", "nofile" }, false, NULL },
                                        { "8192", { "hft_user", "memlock" }, false, NULL },
                                        { "-5", { "hft_user", "nice" }, false, NULL },
                                        { "4", { "hft_user", "maxlogins" }, false, NULL },
                                        { "10", { "@other", "nproc" }, false, NULL },
                                        { "true", { "hft_user", "services", "hft" }, false, NULL },
                                        { 0 } };

static void values(void)
{
        static const struct {
                const char *item, *text;
                int r;
                const char *pam, *unit;
        } cases[] = {
                { "nofile", "65536", 0, "65536", "65536" },
                { "nofile", "unlimited", 0, "unlimited", "infinity" },
                { "nofile", "-1", 0, "unlimited", "infinity" },
                { "nofile", "-2", -ERANGE, NULL, NULL },
                { "nofile", "many", -EINVAL, NULL, NULL },
                { "nofile", "", -EINVAL, NULL, NULL },
                { "nofile", "99999999999999999999", -ERANGE, NULL, NULL },
                { "memlock", "64", 0, "64", "65536" },
                { "memlock", "9223372036854775807", -ERANGE, NULL, NULL },
                { "cpu", "2", 0, "2", "120" },
                { "nice", "-5", 0, "-5", "-5" },
                { "nice", "5", 0, "5", "+5" },
                { "nice", "-1", 0, "-1", "-1" },
                { "nice", "20", -ERANGE, NULL, NULL },
                { "nice", "unlimited", -EINVAL, NULL, NULL },
                { "priority", "-20", 0, "-20", "-20" },
                { "priority", "-21", -ERANGE, NULL, NULL },
                { "rtprio", "99", 0, "99", "99" },
                { "rtprio", "100", -ERANGE, NULL, NULL },
                { "rtprio", "-1", -ERANGE, NULL, NULL },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct limits_item *item = limits_item(cases[i].item);
                const char *name = pool_format(pool, "%s %s", cases[i].item, cases[i].text);
                struct limits_value value;
                int r = limits_parse(item, cases[i].text, &value);

                EXPECT_NUMBER(name, r, cases[i].r);
                if (r < 0)
                        continue;
                EXPECT_TEXT(name, limits_format(pool, value), cases[i].pam);
                EXPECT_TEXT(name, limits_format_unit(pool, item, value), cases[i].unit);
                EXPECT(name, limits_unit_is(item, cases[i].unit, value));
        }
}

static void spellings(void)
{
        static const struct {
                const char *item, *value, *unit;
                bool same;
        } cases[] = {
                { "memlock", "64", "64K", true },
                { "memlock", "64", "65536:64K", true },
                { "memlock", "64", "64", false },
                { "memlock", "64", "64K:infinity", false },
                { "nofile", "65536", "64K", true },
                { "nofile", "65536", "1024:65536", false },
                { "nofile", "unlimited", "infinity", true },
                { "nofile", "1", "infinity", false },
                { "nofile", "0", "", false },
                { "nofile", "0", "K", false },
                { "nofile", "1", "99999999999999999E", false },
                { "nice", "-5", "25", true },
                { "nice", "5", "+5", true },
                { "nice", "5", "5", false },
                { "priority", "-5", "-5", true },
                { "rtprio", "98", "98:98", true },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct limits_item *item = limits_item(cases[i].item);
                struct limits_value value;

                EXPECT_NUMBER(cases[i].unit, limits_parse(item, cases[i].value, &value), 0);
                EXPECT(pool_format(pool, "%s %s", cases[i].item, cases[i].unit),
                       limits_unit_is(item, cases[i].unit, value) == cases[i].same);
        }
}

static void own_file(void)
{
        static const struct asked top[] = { { "99", { "hft_user", "rtprio" }, false, NULL }, { 0 } };
        struct tree *tree = tree_new();
        struct plan *plan = planned(tree_host(tree), &knob_limits, usual);

        EXPECT_NUMBER("usual", plan->count, 1);
        EXPECT_TEXT("usual", planned_row(plan, OWN)->after.bytes,
                    HEAD "hft_user         - nofile       65536\n"
                         "hft_user         - memlock      unlimited\n"
                         "hft_user         - rtprio       98\n");
        EXPECT("usual", planned_row(plan, OWN)->note == NULL);
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_limits, usual);
        EXPECT_NUMBER("usual", planned_due(plan), 0);
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_limits, top);
        EXPECT("rtprio 99", strstr(planned_row(plan, OWN)->note, "migration") != NULL);
        plan_free(plan);

        tree_file(tree, "/proc/sys/fs/nr_open", "1024\n");
        plan = planned(tree_host(tree), &knob_limits, usual);
        EXPECT("nr_open", planned_status(plan, OWN, STATUS_UNSUPPORTED) != NULL);
        EXPECT("nr_open", !strstr(planned_status(plan, OWN, STATUS_DRIFT)->want, "nofile"));
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_limits,
                       (struct asked[]){
                               { "1", { "a", "nofile" }, false, NULL }, { "1", { "b", "nofile" }, false, "because" }, { 0 } });
        EXPECT_NUMBER("held", planned_due(plan), 0);
        EXPECT_TEXT("held", status_name(plan->rows[0]->status), "unsupported");
        plan_free(plan);
        tree_free(tree);
}

static void rivals(void)
{
        static const struct {
                const char *name, *file, *text, *shadow;
        } cases[] = {
                { "before", "/etc/security/limits.conf", "hft_user - nofile 1024\n", NULL },
                { "before, in the folder", "/etc/security/limits.d/20-x.conf", "hft_user - nofile 1024\n", NULL },
                { "after", "/etc/security/limits.d/99-z.conf", "# x\nhft_user\tsoft nofile 1024 # y\n",
                  "/etc/security/limits.d/99-z.conf:2" },
                { "after, in capitals", "/etc/security/limits.d/zz.conf", "hft_user HARD NOFILE 1024\n",
                  "/etc/security/limits.d/zz.conf:1" },
                { "after, the same", "/etc/security/limits.d/zz.conf", "hft_user - nofile 65536\nhft_user - memlock -1\n",
                  NULL },
                { "after, both then the same", "/etc/security/limits.d/zz.conf",
                  "hft_user hard nofile 1\nhft_user - nofile 65536\n", NULL },
                { "after, somebody else", "/etc/security/limits.d/zz.conf", "postgres - nofile 1024\n* - nofile 1024\n", NULL },
                { "after, no entry", "/etc/security/limits.d/zz.conf", "some random soft nofile 12345\nhft_user soft nofile\n",
                  NULL },
                { "not read", "/etc/security/limits.d/zz.txt", "hft_user soft nofile 1024\n", NULL },
                { "switched off", "/etc/security/limits.conf", "hft_user -\n", "/etc/security/limits.conf:1" },
                { "nothing left", "/etc/security/limits.d/zz.conf", "hft_user\n#\n\n", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct plan *plan;

                tree_file(tree, cases[i].file, "%s", cases[i].text);
                plan = planned_made(tree_host(tree), &knob_limits, usual);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                EXPECT(cases[i].name, (plan->count > 1) == (cases[i].shadow != NULL));
                if (cases[i].shadow)
                        EXPECT(cases[i].name, planned_status(plan, cases[i].shadow, STATUS_SHADOWED) != NULL);
                plan_free(plan);
                tree_free(tree);
        }
}

static void services(void)
{
        struct tree *tree = tree_new();
        const struct step *row;
        struct plan *plan = planned(tree_host(tree), &knob_limits, service);

        EXPECT_TEXT("no units at all", status_name(planned_row(plan, "hft.service")->status), "unsupported");
        plan_free(plan);

        tree_file(tree, "/usr/lib/systemd/system/hft.service", "[Service]\nLimitNOFILE=1024\n");
        plan = planned(tree_host(tree), &knob_limits, service);
        row = planned_row(plan, DROP_IN);
        if (EXPECT("drop-in", row != NULL) && row) {
                EXPECT_TEXT("drop-in", row->after.bytes,
                            "# Limits kept by plumbline, which replaces this file as a whole.\n"
                            "[Service]\nLimitNOFILE=65536\nLimitMEMLOCK=8388608\nLimitNICE=-5\n");
                EXPECT_TEXT("drop-in", row->refresh, "systemd/reload");
        }
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_limits, service);
        EXPECT_NUMBER("drop-in", planned_due(plan), 0);
        EXPECT_NUMBER("drop-in", plan->count, 2);
        plan_free(plan);

        plan = planned_made(tree_host(tree), &knob_limits, usual);
        EXPECT_NUMBER("no longer named", planned_due(plan), 0);
        EXPECT("no longer named", !host_exists(tree_host(tree), DROP_IN));
        plan_free(plan);

        tree_file(tree, DROP_IN, "[Service]\nLimitNOFILE=1\n");
        plan = planned(tree_host(tree), &knob_limits, usual);
        EXPECT("somebody else's", planned_row(plan, DROP_IN) == NULL);
        plan_free(plan);
        tree_free(tree);
}

static void overridden(void)
{
        static const struct {
                const char *name, *file, *text, *shadow;
        } cases[] = {
                { "before", "/run/systemd/system/hft.service.d/10-x.conf", "[Service]\nLimitNOFILE=1\n", NULL },
                { "after", "/run/systemd/system/hft.service.d/60-x.conf", "[Service]\n\nLimitNOFILE = 1024\n",
                  "/run/systemd/system/hft.service.d/60-x.conf:3" },
                { "after, the same", "/etc/systemd/system/hft.service.d/60-x.conf", "[Service]\nLimitNOFILE=64K\n", NULL },
                { "after, taken back", "/etc/systemd/system/hft.service.d/60-x.conf",
                  "[Service]\nLimitNOFILE=1\nLimitNOFILE=65536\n", NULL },
                { "after, emptied", "/etc/systemd/system/hft.service.d/60-x.conf", "[Service]\nLimitMEMLOCK=\n",
                  "/etc/systemd/system/hft.service.d/60-x.conf:2" },
                { "another section", "/etc/systemd/system/hft.service.d/60-x.conf", "[Unit]\nLimitNOFILE=1\n", NULL },
                { "another name", "/etc/systemd/system/hft.service.d/60-x.txt", "[Service]\nLimitNOFILE=1\n", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct plan *plan;

                tree_file(tree, "/etc/systemd/system/hft.service", "[Service]\n");
                tree_file(tree, cases[i].file, "%s", cases[i].text);
                plan = planned(tree_host(tree), &knob_limits, service);
                EXPECT_NUMBER(cases[i].name, plan->count, cases[i].shadow ? 3 : 2);
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_limits, service);
                EXPECT_NUMBER(cases[i].name, plan->count, cases[i].shadow ? 3 : 2);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                if (cases[i].shadow)
                        EXPECT(cases[i].name, planned_status(plan, cases[i].shadow, STATUS_SHADOWED) != NULL);
                plan_free(plan);
                tree_free(tree);
        }
}

static void running(void)
{
        static const char limits[] = "Limit                     Soft Limit           Hard Limit           Units     \n"
                                     "Max locked memory         8388608              8388608              bytes     \n"
                                     "Max open files            %s                 65536                files     \n"
                                     "Max nice priority         25                   25                   \n";
        struct tree *tree = tree_new();
        struct plan *plan;

        tree_file(tree, "/etc/systemd/system/hft.service", "[Service]\n");
        tree_file(tree, "/.plumbline/ask/unit/hft.service", "LoadState=loaded\nMainPID=77\n");
        plan = planned(tree_host(tree), &knob_limits, service);
        EXPECT("process gone", planned_row(plan, "/proc/77/limits") == NULL);
        plan_free(plan);
        for (unsigned round = 0; round < 2; round++) {
                const struct step *row;

                tree_file(tree, "/proc/77/limits", limits, round ? "65536" : "1024 ");
                plan = planned_made(tree_host(tree), &knob_limits, service);
                row = planned_row(plan, "/proc/77/limits");
                EXPECT("process", (row != NULL) == !round);
                if (row) {
                        EXPECT_TEXT("process", status_name(row->status), "pending");
                        EXPECT_TEXT("process", row->now, "nofile 1024:65536");
                        EXPECT_TEXT("process", row->want, "nofile 65536");
                }
                EXPECT_NUMBER("process", planned_due(plan), 0);
                plan_free(plan);
        }
        tree_free(tree);
}

static void lint(void)
{
        static const struct {
                const char *name;
                struct asked asked;
                const char *words;
        } cases[] = {
                { "good", { "65536", { "hft_user", "nofile" }, false, NULL }, NULL },
                { "group", { "unlimited", { "@hft", "memlock" }, false, NULL }, NULL },
                { "machine account", { "1", { "host$", "nproc" }, false, NULL }, NULL },
                { "nearest", { "1", { "hft_user", "nofiles" }, false, NULL }, "did you mean \"nofile\"" },
                { "no item", { "1", { "hft_user", "zzzzzzzzz" }, false, NULL }, "is no limit" },
                { "no number", { "lots", { "hft_user", "nofile" }, false, NULL }, "no value for nofile" },
                { "negative", { "-7", { "hft_user", "nofile" }, false, NULL }, "takes 0 to" },
                { "rtprio", { "100", { "hft_user", "rtprio" }, false, NULL }, "0 to 99" },
                { "nice", { "-21", { "hft_user", "nice" }, false, NULL }, "-20 to 19" },
                { "wildcard", { "1", { "*", "nofile" }, false, NULL }, "neither a user" },
                { "blank", { "1", { "a b", "nofile" }, false, NULL }, "neither a user" },
                { "comment", { "1", { "#", "nofile" }, false, NULL }, "neither a user" },
                { "only @", { "1", { "@", "nofile" }, false, NULL }, "neither a user" },
                { "service", { "true", { "hft_user", "services", "hft@nyse.service" }, false, NULL }, NULL },
                { "timer", { "true", { "hft_user", "services", "hft.timer" }, false, NULL }, "no service" },
                { "path", { "true", { "hft_user", "services", "../x" }, false, NULL }, "no name of a service" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *problem = planned_lint(pool, &knob_limits, &cases[i].asked);

                EXPECT(cases[i].name, cases[i].words ? problem && strstr(problem, cases[i].words) : !problem);
        }
}

static const struct test tests[] = {
        { "values", values },   { "spellings", spellings }, { "own file", own_file },
        { "rivals", rivals },   { "services", services },   { "overridden", overridden },
        { "running", running }, { "lint", lint },           { 0 },
};
const struct suite suite_limits_knob = { "limits_knob", tests };

/* What the probe of named services makes of systemd's answers and of their processes. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define PLACE        "/.plumbline/ask/unit/"
/* 2100-01-01 and 1970-01-02: the files of a tree were written in between. */
#define AFTER  "ExecMainStartTimestamp=4102444800000000\n"
#define BEFORE "ExecMainStartTimestamp=86400000000\n"
#define LIMITS "LimitNOFILE=65536\nLimitNOFILESoft=1024\nLimitMEMLOCK=infinity\nLimitMEMLOCKSoft=infinity\n"
#define AS     "ExecStart=/opt/a\n"
#define HEAD   "Limit                     Soft Limit           Hard Limit           Units     \n"
#define FILES  "Max open files            "
#define LOCKED "Max locked memory         "

static const char fine[] = HEAD FILES "4096 65536 files \n" LOCKED "unlimited unlimited bytes \n";

static void expect_restart(const char *name, const char *answer, const char *program, const char *limits, const char *want,
                           const char *note)
{
        static const char *const asked[] = { "unit.a.service.restart_needed", NULL };
        const struct fact_row row = { asked[0], want };
        struct tree *tree = tree_new();
        const struct fact *fact;
        struct facts *facts;

        tree_file(tree, "/opt/a", "x");
        tree_file(tree, "/etc/systemd/system/a.service", "x");
        tree_file(tree, "/etc/systemd/system/a.service.d/more.conf", "x");
        if (answer)
                tree_file(tree, PLACE "a.service", "%s", answer);
        if (program)
                tree_link(tree, "/proc/77/exe", program);
        if (limits)
                tree_file(tree, "/proc/77/limits", "%s", limits);
        facts = probe_facts_asked(tree_host(tree), &probe_service, asked);
        expect_facts(name, facts, &row, 1);
        fact = fact_find(facts, asked[0]);
        EXPECT_TEXT(name, fact ? fact->note : NULL, note);
        facts_free(facts);
        tree_free(tree);
}

static void test_restart(void)
{
        static const char fragment[] = "FragmentPath=/etc/systemd/system/a.service\n"
                                       "DropInPaths=/etc/systemd/system/a.service.d/more.conf /run/none.conf\n";
        static const struct {
                const char *name, *answer, *program, *limits, *want, *note;
        } cases[] = {
                { "as it should be", "MainPID=77\n" AFTER AS LIMITS, "/opt/a", fine, "false", NULL },
                { "exchanged", "MainPID=77\n" AFTER LIMITS, "/opt/a (deleted)", fine, "true",
                  "its program /opt/a was removed or exchanged" },
                { "written over", "MainPID=77\n" BEFORE LIMITS, "/opt/a", fine, "true", "/opt/a was written since" },
                { "in a root of its own", "MainPID=77\n" BEFORE LIMITS, "/not/here", fine, "unreadable ENOENT",
                  "its program /not/here is not found on this host: its process sees other files" },
                { "lower limit", "MainPID=77\n" AFTER LIMITS, "/opt/a", HEAD FILES "1024 4096 files \n" LOCKED "8 8 bytes \n",
                  "true",
                  "LimitNOFILE is 1024:4096, and the unit sets 1024:65536; LimitMEMLOCK is 8:8, and the unit sets "
                  "infinity:infinity" },
                { "lower soft limit", "MainPID=77\n" AFTER LIMITS, "/opt/a",
                  HEAD FILES "512 65536 files \n" LOCKED "unlimited unlimited bytes \n", "true",
                  "LimitNOFILE is 512:65536, and the unit sets 1024:65536" },
                { "no limits told", "MainPID=77\n" AFTER AS, "/opt/a", HEAD, "false", NULL },
                { "no process", "MainPID=0\n" AFTER, NULL, NULL, "absent", "it has no main process now" },
                { "not installed", NULL, NULL, NULL, "unreadable ENODATA", NULL },
                { "no such process", "MainPID=77\n" AFTER LIMITS, NULL, NULL, "unreadable ENOENT", NULL },
                { "limits cut off", "MainPID=77\n" AFTER AS LIMITS, "/opt/a", HEAD FILES "4096 65536 files \n",
                  "unreadable EBADMSG", NULL },
                { "limits unread, and exchanged", "MainPID=77\n" AFTER LIMITS, "/opt/a (deleted)", NULL, "true",
                  "its program /opt/a was removed or exchanged" },
                { "no start", "MainPID=77\n", "/opt/a", fine, "unreadable ENODATA", NULL },
                { "no number", "MainPID=x\n" AFTER, "/opt/a", fine, "unreadable EBADMSG", NULL },
                { "empty", "", NULL, NULL, "unreadable ENODATA", NULL },
                { "control characters", "MainPID=77\n" AFTER, "/opt/\033[31m (deleted)", fine, "true",
                  "its program /opt/?[31m was removed or exchanged" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++)
                expect_restart(cases[i].name, cases[i].answer, cases[i].program, cases[i].limits, cases[i].want, cases[i].note);
        expect_restart("files written", pool_format(pool, "%sMainPID=77\n" BEFORE LIMITS, fragment), "/not/here", fine, "true",
                       "/etc/systemd/system/a.service was written since; /etc/systemd/system/a.service.d/more.conf was written "
                       "since");
        expect_restart("files older", pool_format(pool, "%sMainPID=77\n" AFTER AS LIMITS, fragment), "/opt/a", fine, "false",
                       NULL);
}

static void test_properties(void)
{
        static const struct fact_row rows[] = {
                { "unit.a.service.restarts", "3" },
                { "unit.a.service.reload_needed", "true" },
                { "unit.b.service.restarts", "unreadable EBADMSG" },
                { "unit.b.service.reload_needed", "unreadable EBADMSG" },
                { "unit.data.mount.restarts", "absent" },
                { "unit.data.mount.reload_needed", "false" },
                { "unit.c.service.restarts", "unreadable ENODATA" },
                { "unit.../../etc/passwd.restarts", "absent" },
                { "unit.d.service.restarts", "none" },
        };
        const char *asked[COUNT(rows)] = { NULL };
        struct tree *tree = tree_new();
        struct facts *facts;

        for (size_t i = 0; i + 1 < COUNT(rows); i++)
                asked[i] = rows[i].name;
        tree_file(tree, PLACE "a.service", "NRestartsX=9\nNRestarts=3\nNeedDaemonReload=yes\n");
        tree_file(tree, PLACE "b.service", "NRestarts=-1\nNeedDaemonReload=maybe\n");
        tree_file(tree, PLACE "d.service", "NRestarts=1\n");
        tree_file(tree, PLACE "data.mount", "NeedDaemonReload=no\n");
        facts = probe_facts_asked(tree_host(tree), &probe_service, asked);
        expect_facts("properties", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "restart needed", test_restart },
        { "properties", test_properties },
        { NULL, NULL },
};

const struct suite suite_service_probe = { "service_probe", tests };

/* What the unit probe makes of the list of units. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ANSWER       "/.plumbline/ask/units"

static void test_states(void)
{
        static const struct fact_row rows[] = {
                { "units.failed", "3" },
                { "units.failed_names", "data.mount hft_system.service plumbline-audit.timer" },
                { "unit.ssh.service.state", "active (running)" },
                { "unit.e2scrub_reap.service.state", "active (exited)" },
                { "unit.hft_system.service.state", "failed (failed)" },
                { "unit.dev-disk-by\\x2duuid.service.state", "inactive (dead)" },
                { "unit.auditd.service.state", "absent" },
                { "unit.getty@tty1.service.state", "active (running)" },
                { "unit.data.mount.state", "none" },
                { "unit.plumbline-audit.service.state", "failed (failed)" },
        };
        struct tree *tree = tree_new();
        const struct fact *failed;
        struct facts *facts;

        tree_file(tree, ANSWER, "%s",
                  "ssh.service loaded active running\n"
                  "e2scrub_reap.service loaded active exited\n"
                  "hft_system.service loaded failed failed\n"
                  "dev-disk-by\\x2duuid.service loaded inactive dead\n"
                  "data.mount loaded failed failed\n"
                  "plumbline-audit.service loaded failed failed\n"
                  "plumbline-boot.service loaded failed failed\n"
                  "plumbline-purge.service loaded failed failed\n"
                  "plumbline-ready.service loaded failed failed\n"
                  "plumbline-audit.timer loaded failed failed\n"
                  "auditd.service not-found inactive dead\n"
                  "getty@tty1.service loaded active running\n"
                  "-.slice loaded active active\n");
        facts = probe_facts(tree_host(tree), &probe_unit);
        expect_facts("states", facts, rows, COUNT(rows));
        failed = fact_find(facts, "units.failed");
        EXPECT_TEXT("names", failed ? failed->note : NULL, "hft_system.service, data.mount, plumbline-audit.timer");
        facts_free(facts);
        tree_free(tree);
}

static void test_hostile(void)
{
        static const struct {
                const char *name, *answer, *want, *names; /* NULL: as the number */
        } cases[] = {
                { "no answer", NULL, "unreadable ENODATA", NULL },
                { "empty", "", "unreadable EBADMSG", NULL },
                { "cut off", "ssh.service loaded active running\ncron.service loaded", "unreadable EBADMSG", NULL },
                { "a word too many", "ssh.service loaded active running now\n", "unreadable EBADMSG", NULL },
                { "no name", "ss/h.service loaded active running\n", "unreadable EBADMSG", NULL },
                { "control characters", "ss\033h.service loaded active running\n", "unreadable EBADMSG", NULL },
                { "none failed", "ssh.service loaded active running\n", "0", "" },
                { "two, in the order of their names", "b.mount loaded failed failed\na.service loaded failed failed\n", "2",
                  "a.service b.mount" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row rows[] = { { "units.failed", cases[i].want },
                                                 { "units.failed_names", cases[i].names ? cases[i].names : cases[i].want } };
                struct tree *tree = tree_new();
                struct facts *facts;

                if (cases[i].answer)
                        tree_file(tree, ANSWER, "%s", cases[i].answer);
                facts = probe_facts(tree_host(tree), &probe_unit);
                expect_facts(cases[i].name, facts, rows, COUNT(rows));
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_binary(void)
{
        static const struct fact_row row = { "units.failed", "unreadable EILSEQ" };
        struct tree *tree = tree_new();
        struct facts *facts;

        tree_bytes(tree, ANSWER, "ssh.service loaded\0active running\n", 34);
        facts = probe_facts(tree_host(tree), &probe_unit);
        expect_facts("binary", facts, &row, 1);
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "states", test_states },
        { "hostile answers", test_hostile },
        { "binary answer", test_binary },
        { NULL, NULL },
};
const struct suite suite_unit_probe = { "unit_probe", tests };

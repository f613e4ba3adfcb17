/* When a look is recorded to have been, where others are recorded while it looks. */

#include "agent/baseline.h"

#include "agent/history.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void times(void)
{
        static const struct {
                const char *name, *boot, *verb;
                int before, began, recorded; /* of the record before, and of this one, from now on */
        } cases[] = {
                { "one after the other", "b", "audit", -100, -50, -50 },
                { "began first and ended last", "b", "audit", -50, -100, -50 },
                { "the same, and found something else", "b", "apply", -50, -100, -50 },
                { "of another boot", "c", "audit", -50, -100, -100 },
                { "the clock was set back", "b", "audit", 1000, -10, -10 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autoexamination struct examination examination = {
                        .facts = facts_new(), .plan = plan_new(), .findings = findings_new(), .unread = findings_new()
                };
                struct profile profile = { .name = "p", .sha256 = "s" };
                struct tree *tree = tree_new();
                struct session session = { .host = tree_host(tree), .profile = &profile, .boot_id = "b" };
                autojson json_t *baseline = NULL;
                autohistory struct history *history = NULL;
                int64_t now = time(NULL), at = 0;
                unsigned id;
                int error;

                tree_folder(tree, "/var/lib/plumbline");
                session.seconds = now + cases[i].before;
                EXPECT_NUMBER(cases[i].name, history_remember(&session, &examination, "audit", 0, NULL), 0);
                session.seconds = now + cases[i].began;
                session.boot_id = cases[i].boot;
                EXPECT_NUMBER(cases[i].name, history_remember(&session, &examination, cases[i].verb, 0, &id), 0);
                EXPECT_NUMBER(cases[i].name, history_read(session.host, &history), 0);
                EXPECT(cases[i].name, history && history_find(history, id, &at));
                EXPECT_NUMBER(cases[i].name, at - now, cases[i].recorded);
                EXPECT_NUMBER(cases[i].name, baseline_accept(&session, &examination, "baseline", 0, &id), 0);
                baseline = baseline_read(session.host, &error);
                EXPECT_NUMBER("the baseline is of the same time as its record",
                              json_integer_value(json_object_get(baseline, "at")) - now, cases[i].recorded);
                tree_free(tree);
        }
}

static const struct test tests[] = { { "times", times }, { NULL, NULL } };

const struct suite suite_baseline = { "baseline", tests };

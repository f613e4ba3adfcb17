/* What drift says of an item beside what it was and is. */

#include "agent/drift.h"
#include "agent/evidence.h"
#include "agent/report.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define HEAD                                                                                                                   \
        "\nrunning    sysctl.vm.swappiness\n           was 1\n           is  60\n"                                             \
        "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n"

static void lines(void)
{
        static struct clue command = { "command", 95, 450,
                                       "alice by sudo: /bin/sh -c 'echo  60 >/proc/sys/vm/swappiness; true'" };
        static struct clue file = { "file", 90, 450, "/etc/sysctl.d/99-x.conf:1, of no package, sets it to 60" };
        static struct clue now = { "file", 78, 0, "/etc/x is gone" };
        static struct clue word = {
                "tool", 40, 0, "a/very/long/path/that/has/no/blank/in/it/and/does/not/fit/into/a/line/of/the/screen behind"
        };
        static const struct {
                const char *name;
                struct drift_row row;
                bool looked, screen;
                const char *text;
        } cases[] = {
                { "nobody looked for evidence", { 0 }, false, false, "" },
                { "none was found", { 0 }, true, false, "           nothing was found that may have done it\n" },
                { "none is needed", { .unreadable = true }, true, false, "" },
                { "a waiver that has ended",
                  { .ended = "the waiver of ops ended on 2001-12-31" },
                  false,
                  false,
                  "           the waiver of ops ended on 2001-12-31\n" },
                { "a command",
                  { .clue_count = 1, .clues = &command },
                  true,
                  false,
                  "           likely   1970-01-01T00:07:30Z  alice by sudo: /bin/sh -c 'echo  60 >/proc/sys/vm/swappiness; "
                  "true'\n" },
                { "a command on a screen",
                  { .clue_count = 1, .clues = &command },
                  true,
                  true,
                  "           likely   1970-01-01T00:07:30Z  alice by sudo: /bin/sh -c 'echo  60\n"
                  "                    >/proc/sys/vm/swappiness; true'\n" },
                { "no place to break",
                  { .clue_count = 1, .clues = &word },
                  true,
                  true,
                  "           possible a/very/long/path/that/has/no/blank/in/it/and/does/not/fit/into/a/line/of/the/screen\n"
                  "                    behind\n" },
                { "a file",
                  { .clue_count = 1, .clues = &file },
                  true,
                  false,
                  "           likely   1970-01-01T00:07:30Z  last written then: /etc/sysctl.d/99-x.conf:1, of no package, sets "
                  "it to 60\n" },
                { "a file that is gone",
                  { .clue_count = 1, .clues = &now },
                  true,
                  false,
                  "           likely   /etc/x is gone\n" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autobuffer struct text_buffer text = { 0 };
                struct drift_row row = cases[i].row;
                struct drift drift = { .rows = &row, .count = 1, .looked = cases[i].looked };

                row.layer = "running";
                row.name = "sysctl.vm.swappiness";
                row.baseline = "1";
                row.now = "60";
                row.last_right = 400;
                row.first_seen = 500;
                report_text_drift(&drift, cases[i].screen, &text);
                EXPECT_TEXT(cases[i].name, text.at, pool_format(pool, HEAD "%s", cases[i].text));
        }
}

/* A waiver that holds leaves nothing of one that has ended. */
static void waivers(void)
{
        static const struct {
                const char *name, *until, *waiver, *ended;
        } cases[] = {
                { "it holds", "2999-12-31", "until 2999-12-31 by ops: r", NULL },
                { "it has ended", "2001-12-31", NULL, "the waiver of ops ended on 2001-12-31" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct waiver waiver = { .id = "a", .until = cases[i].until, .who = "ops", .why = "r" };
                struct profile profile = { .waivers = &waiver, .waiver_count = 1 };
                struct drift_row rows[] = { { .layer = "fact", .name = "a" }, { .layer = "fact", .name = "b" } };
                autopool struct pool *pool = pool_new();
                struct drift drift = { .pool = pool, .rows = rows, .count = COUNT(rows) };

                drift_waive(&drift, &profile, "2026-11-20");
                EXPECT_TEXT(cases[i].name, rows[0].waiver, cases[i].waiver);
                EXPECT_TEXT(cases[i].name, rows[0].ended, cases[i].ended);
                EXPECT("another item", !rows[1].waiver && !rows[1].ended);
        }
}

static const struct test tests[] = { { "lines", lines }, { "waivers", waivers }, { NULL, NULL } };

const struct suite suite_report_drift = { "report_drift", tests };

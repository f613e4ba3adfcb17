/* A device that is gone is told in one, whenever its facts were looked at. */

#include "agent/drift.h"

#include "agent/core/pool.h"
#include "agent/evidence.h"
#include "agent/report.h"
#include "tests/support/expect.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void told(void)
{
        static struct clue likely = { "command", 95, 0, "somebody did it" }, possible = { "tool", 40, 0, "something may have" };
        static const struct {
                const char *name;
                struct drift_row rows[5];
                const char *text;
        } cases[] = {
                { "looked at at several times",
                  { { .name = "nic.eth0.driver",
                      .with_device = true,
                      .right_look = 3,
                      .wrong_look = 5,
                      .last_right = 300,
                      .first_seen = 500 },
                    { .name = "nic.eth0.firmware",
                      .with_device = true,
                      .right_look = 2,
                      .wrong_look = 5,
                      .last_right = 200,
                      .first_seen = 500 },
                    { .name = "nic.eth0.link",
                      .with_device = true,
                      .right_look = 4,
                      .wrong_look = 5,
                      .last_right = 400,
                      .first_seen = 500 } },
                  "\nfact       nic.eth0.*\n           was there, with 3 facts\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n" },
                { "one of them changed before",
                  { { .name = "nic.eth0.driver",
                      .with_device = true,
                      .right_look = 4,
                      .wrong_look = 5,
                      .last_right = 400,
                      .first_seen = 500 },
                    { .name = "nic.eth0.speed",
                      .with_device = true,
                      .right_look = 1,
                      .wrong_look = 2,
                      .last_right = 100,
                      .first_seen = 200 } },
                  "\nfact       nic.eth0.*\n           was there, with 2 facts\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n" },
                { "one is waived, in the middle",
                  { { .name = "nic.eth0.driver", .with_device = true, .last_right = 400, .first_seen = 500 },
                    { .name = "nic.eth0.link",
                      .baseline = "yes",
                      .with_device = true,
                      .last_right = 400,
                      .first_seen = 500,
                      .waiver = "for a while" },
                    { .name = "nic.eth0.speed", .with_device = true, .last_right = 400, .first_seen = 500 } },
                  "\nfact       nic.eth0.*\n           was there, with 2 facts\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n"
                  "\nfact       nic.eth0.link\n           was yes\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n           waived for a "
                  "while\n" },
                { "two of them",
                  { { .name = "nic.eth0.driver", .with_device = true, .last_right = 400, .first_seen = 500 },
                    { .name = "nic.eth0.link", .with_device = true, .last_right = 400, .first_seen = 500 },
                    { .name = "nic.eth01.driver",
                      .baseline = "igb",
                      .with_device = true,
                      .last_right = 400,
                      .first_seen = 500 } },
                  "\nfact       nic.eth0.*\n           was there, with 2 facts\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n"
                  "\nfact       nic.eth01.driver\n           was igb\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n" },
                { "the likeliest of what is known of one of them",
                  { { .name = "nic.eth0.driver",
                      .with_device = true,
                      .clue_count = 1,
                      .clues = &possible,
                      .last_right = 400,
                      .first_seen = 500 },
                    { .name = "nic.eth0.link",
                      .with_device = true,
                      .clue_count = 1,
                      .clues = &likely,
                      .last_right = 400,
                      .first_seen = 500 } },
                  "\nfact       nic.eth0.*\n           was there, with 2 facts\n           is  gone\n"
                  "           first seen 1970-01-01T00:08:20Z, last right 1970-01-01T00:06:40Z\n"
                  "           likely   somebody did it\n" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer text = { 0 };
                struct drift_row rows[COUNT(cases[i].rows)];
                struct drift drift = { .rows = rows };

                for (; drift.count < COUNT(rows) && cases[i].rows[drift.count].name; drift.count++) {
                        rows[drift.count] = cases[i].rows[drift.count];
                        rows[drift.count].layer = "fact";
                }
                report_text_drift(&drift, false, &text);
                EXPECT_TEXT(cases[i].name, text.at, cases[i].text);
        }
}

/* Those that are not told are counted. */
static void audit(void)
{
        autobuffer struct text_buffer text = { 0 };
        struct drift_row rows[16];
        struct drift drift = { .rows = rows, .count = COUNT(rows) };
        char names[COUNT(rows)][32];

        for (size_t i = 0; i < COUNT(rows); i++) {
                bool gone = i == 0 || i == 2;

                snprintf(names[i], sizeof names[i], gone ? "nic.eth0.%zu" : "cpu.%zu", i);
                rows[i] = (struct drift_row){ .layer = "fact", .name = names[i], .with_device = gone };
        }
        report_text_drifted(&drift, &text);
        EXPECT("in one", strstr(text.at, "  fact       nic.eth0.*\n  fact       cpu.1\n  fact       cpu.3\n"));
        EXPECT("the others", text_ends(text.at, "  fact       cpu.12\n  and 3 more\n"));
}

static const struct test tests[] = { { "told", told }, { "audit", audit }, { NULL, NULL } };

const struct suite suite_drift_gone = { "drift_gone", tests };

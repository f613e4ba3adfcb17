/* Answers of the journal: what stands in them once and is meant several times, and what is missing. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define SET          "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60\n"
#define TOLD         "97 command alice by sudo: /usr/sbin/sysctl -w vm.swappiness=60"

static void answers(void)
{
        static const struct {
                const char *name, *answer, *clues, *unseen;
        } cases[] = {
                { "another", "entry 1600000000000000 sudo bob : PWD=/ ; USER=root ; COMMAND=/bin/true\n" BETWEEN SET, TOLD,
                  NULL },
                { "again, in between", "entry 1600000000000000 " SET "same 1 1700000500000000 sudo\n", TOLD, NULL },
                { "again, and not in between", "entry 1600000000000000 " SET "same 1 1650000000000000 sudo\n", "", NULL },
                { "of two",
                  "entry 1600000000000000 sudo bob : PWD=/ ; USER=root ; COMMAND=/bin/true\n"
                  "entry 1600000000000000 " SET "same 2 1700000500000000 sudo\n",
                  TOLD, NULL },
                { "of none",
                  "entry 1600000000000000 " SET "same 0 1700000500000000 sudo\nsame 2 1700000500000000 sudo\n"
                  "same -1 1700000500000000 sudo\nsame x\nsame 1\nsame 1 x\nsame\nsame 4294967297 1700000500000000 sudo\n",
                  "", NULL },
                { "missing, and before that time", "older 1600000000000000\n" BETWEEN SET, TOLD, NULL },
                { "missing, of that time", "older 1700000500000000\n", "",
                  "commands until 2023-11-14T22:21:40Z, since those after it are more than drift reads at once" },
                { "missing, of no time", "older\nolder x\n", "", NULL },
                { "of an earlier capture", "more\n", "", "the newest of commands, which this capture had no room for" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", cases[i].answer);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "1", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                EXPECT_TEXT(cases[i].name, scene.drift->unseen, cases[i].unseen);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = { { "answers", answers }, { NULL, NULL } };

const struct suite suite_evidence_journal = { "evidence_journal", tests };

/* Lines of sudo's that belong together. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define KEY       "sysctl.vm.swappiness"
#define BY(words) "97 command alice by sudo: " words

static void swappiness(const char *name, const char *lines, const char *clues)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", lines);
        evidence_scene_drifts(&scene, "running", KEY, "5", "60", RIGHT, WRONG, "b");
        EXPECT_TEXT(name, evidence_scene_clues(&scene), clues);
        evidence_scene_close(&scene);
}

#define MORE(words) BETWEEN "sudo:7    alice : (command continued) " words "\n"

static void continued(void)
{
        swappiness("the second half",
                   BETWEEN "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/sh -c 'ls ;\n" MORE("sysctl -w")
                           MORE("vm.swappiness=60'"),
                   BY("/bin/sh -c 'ls ; sysctl -w vm.swappiness=60'"));
        swappiness("others between, of the same name",
                   BETWEEN "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/sh -c 'ls ;\n" BETWEEN
                           "sudo:8 alice : PWD=/ ; USER=root ; COMMAND=/bin/ls\n" BETWEEN
                           "sudo:9 bob : PWD=/ ; USER=root ; COMMAND=/bin/ls\n" MORE("sysctl -w vm.swappiness=60'"),
                   BY("/bin/sh -c 'ls ; sysctl -w vm.swappiness=60'"));
        swappiness("the first half is the folder's",
                   BETWEEN "sudo:7 alice : PWD=/x\n" MORE("y ; USER=root ; COMMAND=/sbin/sysctl -w vm.swappiness=60"),
                   BY("/sbin/sysctl -w vm.swappiness=60"));
        swappiness("without a beginning", MORE("sysctl -w vm.swappiness=60"), "");
        swappiness("anybody's word continues nothing of sudo's",
                   BETWEEN "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/ls\n" BETWEEN
                           "shell alice : (command continued) -w vm.swappiness=60\n",
                   "65 command somebody in a shell, by its own log: alice : (command continued) -w vm.swappiness=60");
}

static const struct test tests[] = {
        { "continued", continued },
        { NULL, NULL },
};

const struct suite suite_evidence_lines = { "evidence_lines", tests };

/* Lines of sudo's that belong together: of one command, and of one shell from its beginning to its end. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define KEY          "sysctl.vm.swappiness"
#define BY(words)    "97 command alice by sudo: " words
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

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

/* --- shells that were there before ------------------------------------------------------------------------------------------ */

#define DAY_BEFORE  "entry 1699910000000000 " /* a day before all was right */
#define HELD(words) "30 command alice has had a shell as root since then, by sudo: " words

static void open_shells(void)
{
        static const struct {
                const char *name, *lines, *clues;
                int began; /* this boot; 0: not told */
        } cases[] = {
                { "an hour before", DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n", HELD("/bin/bash"), 0 },
                { "no shell", DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/ls\n", "", 0 },
                { "another's", DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=bob ; COMMAND=/bin/bash\n", "", 0 },
                { "closed",
                  DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n" DAY_BEFORE
                             "sudo:7 pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1)\n" DAY_BEFORE
                             "sudo:7 pam_unix(sudo:session): session closed for user root\n",
                  "", 0 },
                { "another one is closed",
                  DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n" DAY_BEFORE
                             "sudo:7 pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1)\n" DAY_BEFORE
                             "sudo:8 pam_unix(sudo:session): session closed for user root\n",
                  HELD("/bin/bash"), 0 },
                { "closed when it may have been done",
                  DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n" DAY_BEFORE
                             "sudo:7 pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1)\n" BETWEEN
                             "sudo:7 pam_unix(sudo:session): session closed for user root\n",
                  HELD("/bin/bash"), 0 },
                { "closed, and no process is told",
                  DAY_BEFORE "sudo alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n" DAY_BEFORE
                             "sudo pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1)\n" DAY_BEFORE
                             "sudo bob : PWD=/ ; USER=root ; COMMAND=/bin/ls\n" DAY_BEFORE
                             "sudo pam_unix(sudo:session): session opened for user root(uid=0) by bob(uid=2)\n" DAY_BEFORE
                             "sudo pam_unix(sudo:session): session closed for user root\n" DAY_BEFORE
                             "sudo pam_unix(sudo:session): session closed for user root\n",
                  "", 0 },
                { "nine days before", "entry 1699200000000000 sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n", "", 0 },
                { "of an earlier boot", DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n", "", 1699950000 },
                { "of this boot", DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n", HELD("/bin/bash"),
                  1699900000 },
                { "no more than two",
                  DAY_BEFORE "sudo:7 alice : PWD=/ ; USER=root ; COMMAND=/bin/bash\n" DAY_BEFORE
                             "sudo:8 alice : PWD=/ ; USER=root ; COMMAND=/bin/zsh\n" DAY_BEFORE
                             "sudo:9 alice : PWD=/ ; USER=root ; COMMAND=/bin/fish\n",
                  HELD("/bin/fish") "; " HELD("/bin/zsh"), 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n");
                tree_file(scene.tree, "/.plumbline/ask/journal/commands/week", "oldest_us 1000\n%s", cases[i].lines);
                if (cases[i].began)
                        tree_file(scene.tree, "/proc/stat", "btime %d\n", cases[i].began);
                evidence_scene_drifts(&scene, "running", KEY, "5", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* A week of commands that does not fit leaves no room for those of the day. */
static void day_is_enough(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, COMMANDS,
                  "oldest_us 1000\n" BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/sbin/sysctl -w vm.swappiness=60\n");
        tree_file(scene.tree, "/.plumbline/ask/journal/commands/week", "oldest_us 1000\nmore\n");
        evidence_scene_drifts(&scene, "running", KEY, "5", "60", RIGHT, WRONG, "b");
        EXPECT_TEXT(NULL, evidence_scene_clues(&scene), BY("/sbin/sysctl -w vm.swappiness=60"));
        EXPECT_TEXT(NULL, scene.drift->unseen, NULL);
        evidence_scene_close(&scene);
}

static const struct test tests[] = {
        { "continued", continued },
        { "open_shells", open_shells },
        { "day_is_enough", day_is_enough },
        { NULL, NULL },
};

const struct suite suite_evidence_lines = { "evidence_lines", tests };

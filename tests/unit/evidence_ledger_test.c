/* Evidence of plumbline's own ledgers: what an apply or an undo did, and who had it done. */

#include "tests/unit/evidence_scene.h"

#include "agent/ledger.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tuning/knobs.h"

#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define KEY          "/proc/sys/vm/swappiness"
#define GOVERNOR     "/sys/devices/system/cpu/cpufreq/policy0/scaling_governor"
#define LEDGER       "/var/lib/plumbline/ledger/000001.log"

static const struct asked swappiness[] = { { "5", { "vm.swappiness" }, false, NULL }, { 0 } };

/* One apply, which begins now, and came to its end, or was taken back, so many seconds later. */
static void write_ledger(struct evidence_scene *scene, const struct ledger_row *row, enum ledger_state state, int64_t end)
{
        struct ledger ledger = { .boot_id = "b", .profile = "p", .profile_path = "p", .profile_sha256 = "s" };

        tree_folder(scene->tree, "/var/lib/plumbline/ledger");
        EXPECT_NUMBER(NULL, ledger_begin(scene->session.host, scene->pool, &ledger), 0);
        EXPECT_NUMBER(NULL, ledger_record(scene->session.host, &ledger, row), 0);
        if (state != LEDGER_OPEN)
                EXPECT_NUMBER(NULL, ledger_end(scene->session.host, &ledger, state), 0);
        tree_time(scene->tree, LEDGER, end);
}

static const struct ledger_row wrote_key = { .id = "sysctl.vm.swappiness",
                                             .target = KEY,
                                             .from = "p:1",
                                             .how = LEDGER_WRITE,
                                             .text_before = "60\n",
                                             .text_after = "5" };
static const struct ledger_row wrote_governor = { .id = "cpu.governor",
                                                  .target = GOVERNOR,
                                                  .from = "p:1",
                                                  .how = LEDGER_WRITE,
                                                  .text_before = "ondemand\n",
                                                  .text_after = "performance" };
static const struct ledger_row wrote_queue = { .id = "nic.queues",
                                               .target = "/sys/class/net/eth0/queues/rx-0/rps_cpus",
                                               .from = "p:1",
                                               .how = LEDGER_WRITE,
                                               .text_before = "1\n",
                                               .text_after = "0" };
static const struct ledger_row stopped = { .id = "services.off.cups",
                                           .target = "unit/cups.service",
                                           .from = "p:1",
                                           .how = LEDGER_CALL,
                                           .text_before = "start",
                                           .text_after = "stop" };

static void deeds(void)
{
        static const struct {
                const char *name, *layer, *item, *from, *to;
                const struct ledger_row *row;
                enum ledger_state state;
                int from_s, to_s, end_s; /* from the apply on, in seconds: the window, and the end */
                const char *clues;
        } cases[] = {
                { "taken back", "running", "sysctl.vm.swappiness", "5", "60", &wrote_key, LEDGER_UNDONE, 1000, 3000, 2000,
                  "97 tool plumbline's undo of apply 1 set " KEY " to 60" },
                { "taken back before", "running", "sysctl.vm.swappiness", "5", "60", &wrote_key, LEDGER_UNDONE, 1000, 3000, 500,
                  "" },
                { "taken back afterwards", "running", "sysctl.vm.swappiness", "5", "60", &wrote_key, LEDGER_UNDONE, 1000, 3000,
                  3500, "" },
                { "applied", "running", "sysctl.vm.swappiness", "60", "5", &wrote_key, LEDGER_APPLIED, -10, 100, 2000,
                  "97 tool plumbline's apply 1 set " KEY " to 5" },
                { "applied what it was", "running", "sysctl.vm.swappiness", "5", "60", &wrote_key, LEDGER_APPLIED, -10, 100, 50,
                  "" },
                { "taken back, and something else since", "running", "sysctl.vm.swappiness", "5", "10", &wrote_key,
                  LEDGER_UNDONE, 1000, 3000, 2000, "50 tool plumbline's undo of apply 1 set " KEY " to 60" },
                { "another key", "running", "sysctl.vm.dirty_ratio", "5", "60", &wrote_key, LEDGER_UNDONE, 1000, 3000, 2000,
                  "" },
                { "what the profile wants", "profile", "sysctl.vm.swappiness", "5", "60", &wrote_key, LEDGER_UNDONE, 1000, 3000,
                  2000, "" },
                { "a fact by its place", "fact", "cpu.governors", "performance", "ondemand", &wrote_governor, LEDGER_UNDONE,
                  1000, 3000, 2000, "97 tool plumbline's undo of apply 1 set " GOVERNOR " to ondemand" },
                { "what stands beside it", "fact", "nic.eth0.speed", "0", "1", &wrote_queue, LEDGER_UNDONE, 1000, 3000, 2000,
                  "" },
                { "a call", "running", "services.off.cups", "inactive", "active", &stopped, LEDGER_UNDONE, 1000, 3000, 2000,
                  "97 tool plumbline's undo of apply 1 did unit/cups.service: start" },
                { "cut off", "running", "sysctl.vm.swappiness", "60", "5", &wrote_key, LEDGER_OPEN, -10, 100, 50, "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;
                int now = (int)time(NULL);

                evidence_scene_open(&scene);
                scene.session.seconds = now + 9999;
                write_ledger(&scene, cases[i].row, cases[i].state, now + cases[i].end_s);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, cases[i].from, cases[i].to, now + cases[i].from_s,
                                      now + cases[i].to_s, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Where the setting reads the place itself, what was written is held against what is there: a mask of CPUs is no list of them. */
static void what_is_there(void)
{
        static const struct {
                const char *name, *there, *clues;
                enum ledger_state state;
        } cases[] = {
                { "still", "60\n", "97 tool plumbline's undo of apply 1 set " KEY " to 60", LEDGER_UNDONE },
                { "no more", "61\n", "50 tool plumbline's undo of apply 1 set " KEY " to 60", LEDGER_UNDONE },
                { "what it was at the baseline", "60\n", "", LEDGER_APPLIED },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;
                int now = (int)time(NULL);

                evidence_scene_open(&scene);
                scene.session.seconds = now + 9999;
                tree_file(scene.tree, KEY, "%s", cases[i].there);
                write_ledger(&scene, &wrote_key, cases[i].state, now + 2000);
                plan_free(scene.examination.plan);
                scene.examination.plan = planned(scene.session.host, &knob_sysctl, swappiness);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "5", "60", now + 1000, now + 3000, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* `plumbline undo` names no item, and its ledger names all that it took back. */
static void commands(void)
{
#define UNDONE      "97 tool plumbline's undo of apply 1 set " KEY " to 60"
#define BY(command) "; 95 command alice by sudo: " command
        static const struct {
                const char *command;
                enum ledger_state state;
                const char *from, *to, *clues;
        } cases[] = {
                { "/usr/bin/plumbline undo", LEDGER_UNDONE, "5", "60", UNDONE BY("/usr/bin/plumbline undo") },
                { "/usr/bin/plumbline undo 1", LEDGER_UNDONE, "5", "60", UNDONE BY("/usr/bin/plumbline undo 1") },
                { "/bin/sh -c 'plumbline --root / undo'", LEDGER_UNDONE, "5", "60",
                  UNDONE BY("/bin/sh -c 'plumbline --root / undo'") },
                { "/usr/bin/plumbline recover", LEDGER_UNDONE, "5", "60", UNDONE BY("/usr/bin/plumbline recover") },
                { "/usr/bin/plumbline apply", LEDGER_UNDONE, "5", "60", UNDONE },
                { "/usr/bin/plumbline drift", LEDGER_UNDONE, "5", "60", UNDONE },
                { "/usr/bin/undo plumbline", LEDGER_UNDONE, "5", "60",
                  UNDONE "; 20 command alice ran as root by sudo: /usr/bin/undo plumbline" },
                { "/usr/bin/plumbline undo 2", LEDGER_UNDONE, "5", "10",
                  "55 command alice by sudo: /usr/bin/plumbline undo 2; 50 tool plumbline's undo of apply 1 set " KEY
                  " to 60" },
                { "/usr/bin/plumbline apply", LEDGER_APPLIED, "60", "5",
                  "97 tool plumbline's apply 1 set " KEY " to 5" BY("/usr/bin/plumbline apply") },
                { "/usr/bin/plumbline apply", LEDGER_APPLIED, "5", "60", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;
                int now = (int)time(NULL);

                evidence_scene_open(&scene);
                scene.session.seconds = now + 9999;
                write_ledger(&scene, &wrote_key, cases[i].state, now + 2000);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\nentry %d000000 sudo alice : PWD=/ ; USER=root ; COMMAND=%s\n",
                          now + 2000, cases[i].command);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", cases[i].from, cases[i].to, now + 1000,
                                      now + 3000, "b");
                EXPECT_TEXT(cases[i].command, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "deeds", deeds },
        { "what_is_there", what_is_there },
        { "commands", commands },
        { NULL, NULL },
};

const struct suite suite_evidence_ledger = { "evidence_ledger", tests };

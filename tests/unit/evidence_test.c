/* Evidence: which clues an item gets, how much each of them weighs, and what is said of it. */

#include "agent/evidence.h"
#include "agent/history_inside.h"
#include "agent/ledger.h"
#include "agent/profile.h"
#include "agent/state.h"
#include "agent/verb.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* 2023-11-14T22:13:20Z, when all was right; the first wrong look is a thousand seconds later. */
#define RIGHT    1700000000
#define WRONG    1700001000
#define BETWEEN  "entry 1700000500000000 "
#define COMMANDS "/.plumbline/ask/journal/commands/day"

struct scene {
        struct pool *pool;
        struct tree *tree;
        struct profile profile;
        struct session session;
        struct examination examination;
        struct history *history;
        json_t *baseline, *now;
        struct drift *drift;
};

static void scene_open(struct scene *scene)
{
        *scene = (struct scene){ .pool = pool_new(), .tree = tree_new(), .history = history_new() };
        setenv("TZ", "UTC", 1);
        tzset();
        scene->examination = (struct examination){
                .facts = facts_new(), .plan = plan_new(), .findings = findings_new(), .unread = findings_new()
        };
        scene->session.host = tree_host(scene->tree);
        scene->session.pool = scene->pool;
        scene->session.profile = &scene->profile;
        scene->session.seconds = WRONG + 60;
        scene->session.boot_id = "b";
        tree_file(scene->tree, COMMANDS, "oldest_us 1000\n");
        tree_file(scene->tree, "/.plumbline/ask/journal/kernel/day", "oldest_us 1000\n");
        tree_file(scene->tree, "/var/log/dpkg.log", "2020-01-01 00:00:00 startup archives unpack\n");
        tree_file(scene->tree, "/var/lib/dpkg/status", "Package: procps\n");
        tree_folder(scene->tree, "/var/lib/dpkg/info");
}

static void scene_close(struct scene *scene)
{
        drift_free(scene->drift);
        json_decref(scene->baseline);
        json_decref(scene->now);
        history_free(scene->history);
        examination_close(&scene->examination);
        tree_free(scene->tree);
        pool_free(scene->pool);
}

static void add_record(struct scene *scene, int id, int at, const char *boot, const json_t *state)
{
        autojson json_t *json = json_pack("{s:s, s:i, s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:[], s:O}", "record", "whole", "id",
                                          id, "at", at, "verb", "audit", "exit", 0, "boot_id", boot, "profile", "p", "sha256",
                                          "s", "verdict", "ready", "wrong", "state", state);
        const char *line = history_line(scene->pool, json);

        history_parse(scene->history, "test", line, strlen(line));
}

/* One item was right at the baseline, and was seen wrong by the next audit, in that boot. */
static void drifts(struct scene *scene, const char *layer, const char *name, const char *from, const char *to, int right,
                   int wrong, const char *boot)
{
        scene->baseline =
                json_pack("{s:i, s:i, s:s, s:{s:{s:s*}}}", "id", 1, "at", right, "boot_id", "b", "state", layer, name, from);
        scene->now = json_pack("{s:{s:s*}}", layer, name, to);
        add_record(scene, 1, right, "b", json_object_get(scene->baseline, "state"));
        add_record(scene, 2, wrong, boot, scene->now);
        scene->drift = drift_find(scene->baseline, scene->now, scene->session.seconds, scene->history);
}

/* "95 command alice by sudo: ...; 35 ..." of the first item. */
static const char *clues(struct scene *scene)
{
        autobuffer struct text_buffer text = { 0 };
        const struct drift_row *row = &scene->drift->rows[0];

        text_add(&text, "");
        evidence_find(&scene->session, &scene->examination, scene->history, scene->drift);
        for (size_t i = 0; i < row->clue_count; i++)
                text_addf(&text, "%s%u %s %s", i ? "; " : "", row->clues[i].weight, row->clues[i].kind, row->clues[i].text);
        return pool_dup(scene->pool, text.at);
}

/* --- times --------------------------------------------------------------------------------------------------------------- */

/* The first wrong look has an earlier time than the baseline: what fits both before and after it is only possible. */
static void clock_set_back(void)
{
        struct scene scene;

        scene_open(&scene);
        scene.session.boot_id = "c";
        tree_file(scene.tree, COMMANDS,
                  "oldest_us 1000\n"
                  "entry %d000000 sudo early : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=1\n"
                  "entry %d000000 sudo after : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=2\n"
                  "entry %d000000 sudo twice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n"
                  "entry %d000000 sudo never : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=4\n",
                  RIGHT - 5000, RIGHT + 100, RIGHT - 1500, RIGHT - 500);
        scene.baseline = json_pack("{s:i, s:i, s:s, s:{s:{s:s}}}", "id", 1, "at", RIGHT - 2000, "boot_id", "b", "state",
                                   "running", "sysctl.vm.swappiness", "1");
        scene.now = json_pack("{s:{s:s}}", "running", "sysctl.vm.swappiness", "3");
        add_record(&scene, 1, RIGHT - 2000, "b", json_object_get(scene.baseline, "state"));
        add_record(&scene, 2, RIGHT, "b", json_object_get(scene.baseline, "state"));
        add_record(&scene, 3, RIGHT - 1000, "c", scene.now);
        scene.session.seconds = RIGHT - 900;
        scene.drift = drift_find(scene.baseline, scene.now, scene.session.seconds, scene.history);
        EXPECT_TEXT(NULL, clues(&scene),
                    "95 command after by sudo: /usr/sbin/sysctl -w vm.swappiness=2; "
                    "69 command twice by sudo: /usr/sbin/sysctl -w vm.swappiness=3; "
                    "65 reboot the host was started again: what no file carries over was gone then");
        scene_close(&scene);
}

/* One right look was of a clock that had lost its time: what happened before the looks around it did nothing. */
static void clock_lost_for_a_while(void)
{
        struct scene scene;

        scene_open(&scene);
        tree_file(scene.tree, COMMANDS,
                  "oldest_us 1000\n"
                  "entry %d000000 sudo early : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=1\n"
                  "entry %d000000 sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=2\n",
                  RIGHT - 5000, RIGHT + 100);
        scene.baseline = json_pack("{s:i, s:i, s:s, s:{s:{s:s}}}", "id", 1, "at", RIGHT, "boot_id", "b", "state", "running",
                                   "sysctl.vm.swappiness", "1");
        scene.now = json_pack("{s:{s:s}}", "running", "sysctl.vm.swappiness", "3");
        add_record(&scene, 1, RIGHT, "b", json_object_get(scene.baseline, "state"));
        add_record(&scene, 2, 1000, "b", json_object_get(scene.baseline, "state"));
        add_record(&scene, 3, WRONG, "b", scene.now);
        scene.drift = drift_find(scene.baseline, scene.now, scene.session.seconds, scene.history);
        EXPECT_TEXT(NULL, clues(&scene), "95 command alice by sudo: /usr/sbin/sysctl -w vm.swappiness=2");
        scene_close(&scene);
}

/* --- commands ------------------------------------------------------------------------------------------------------------ */

static void commands(void)
{
        static const struct {
                const char *name, *layer, *item, *lines, *clues;
        } cases[] = {
                { "the key", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60\n",
                  "95 command alice by sudo: /usr/sbin/sysctl -w vm.swappiness=60" },
                { "another key", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness2=60\n", "" },
                { "another time", "running", "sysctl.vm.swappiness",
                  "entry 1600000500000000 sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60\n",
                  "" },
                { "a shell", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/bin/bash -l\n",
                  "35 command alice opened a shell as root by sudo: /bin/bash -l" },
                { "as somebody else", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=postgres ; GROUP=adm ; COMMAND=/usr/bin/vi vm.swappiness\n",
                  "40 command alice by sudo as postgres: /usr/bin/vi vm.swappiness" },
                { "a folder that is called like a user", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/x ; USER=root ; USER=nobody ; COMMAND=/usr/bin/vi vm.swappiness\n",
                  "40 command alice by sudo as nobody: /usr/bin/vi vm.swappiness" },
                { "root by its number", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=#0 ; COMMAND=/usr/bin/vi vm.swappiness\n",
                  "95 command alice by sudo: /usr/bin/vi vm.swappiness" },
                { "a shell as somebody else", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=postgres ; COMMAND=/bin/bash -l\n", "" },
                { "what sudo allows", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=list\n" BETWEEN
                          "sudo alice : PWD=/ ; USER=root ; COMMAND=list /usr/sbin/sysctl -w vm.swappiness=1\n" BETWEEN
                          "sudo alice : PWD=/ ; USER=root ; COMMAND=validate vm.swappiness\n",
                  "" },
                { "the file that holds it", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/vi /etc/sysctl.d/holds.conf\n",
                  "95 command alice by sudo: /usr/bin/vi /etc/sysctl.d/holds.conf" },
                { "from within its folder", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/etc/sysctl.d ; USER=root ; COMMAND=/usr/bin/tee -a holds.conf\n",
                  "95 command alice by sudo: /usr/bin/tee -a holds.conf" },
                { "a file that could have held it", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/vi /etc/sysctl.d/gone.conf\n",
                  "55 command alice by sudo: /usr/bin/vi /etc/sysctl.d/gone.conf" },
                { "a file of something else", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/vi /etc/motd\n", "" },
                { "the file of the step", "files", "limits",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/tee /etc/of/step\n",
                  "95 command alice by sudo: /usr/bin/tee /etc/of/step" },
                { "huge pages by sysctl", "fact", "hugepages.2M.total",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.nr_hugepages=100\n",
                  "95 command alice by sudo: /usr/sbin/sysctl -w vm.nr_hugepages=100" },
                { "huge pages by the kernel's file", "running", "sysctl.vm.nr_hugepages",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/tee "
                          "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages\n",
                  "95 command alice by sudo: /usr/bin/tee /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages" },
                { "huge pages by a file", "running", "hugepages.2M",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/vi /etc/sysctl.d/holds.conf\n",
                  "95 command alice by sudo: /usr/bin/vi /etc/sysctl.d/holds.conf" },
                { "a VLAN", "fact", "interface.eth0.100.kind",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/ip link del eth0.100\n" BETWEEN
                          "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/ip link set eth0 down\n",
                  "95 command alice by sudo: /usr/sbin/ip link del eth0.100" },
                { "sudoedit", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=sudoedit /proc/sys/vm/swappiness\n",
                  "95 command alice by sudo: sudoedit /proc/sys/vm/swappiness" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct scene scene;

                scene_open(&scene);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", cases[i].lines);
                tree_file(scene.tree, "/etc/sysctl.d/holds.conf", "# vm.other = 1\nvm.swappiness = 1\nvm.nr_hugepages=1\n");
                plan_note(scene.examination.plan, &(struct setting){ .id = "limits" }, STATUS_PASS, LAYER_FILES,
                          "/etc/of/step:7", "1", "1", NULL);
                drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, clues(&scene), cases[i].clues);
                scene_close(&scene);
        }
}

/* --- files --------------------------------------------------------------------------------------------------------------- */

static void owners(void)
{
        static const struct {
                const char *name, *path, *list, *text, *words;
        } cases[] = {
                { "a configuration file", "/etc/sysctl.d/procps.conf", "x.list", "/x\n", "of the package procps" },
                { "listed as it is asked for", "/usr/lib/sysctl.d/50-x.conf", "tuner.list", "/usr/lib/sysctl.d/50-x.conf\n",
                  "of the package tuner" },
                { "listed below /lib", "/usr/lib/sysctl.d/50-x.conf", "tuner.list", "/lib/sysctl.d/50-x.conf\n",
                  "of the package tuner" },
                { "asked for below /lib", "/lib/sysctl.d/50-x.conf", "tuner:amd64.list", "/usr/lib/sysctl.d/50-x.conf\n",
                  "of the package tuner:amd64" },
                { "in no list", "/usr/lib/sysctl.d/50-x.conf", "tuner.list", "/usr/lib/sysctl.d/50-xy.conf\n",
                  "of no package" },
                { "a list that cannot be read", "/usr/lib/sysctl.d/50-x.conf", "tuner.list/", NULL,
                  "nobody can tell of which package" },
                { "no database", "/etc/sysctl.d/50-x.conf", NULL, NULL, "nobody can tell of which package" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct scene scene;

                scene_open(&scene);
                if (cases[i].text)
                        tree_file(scene.tree, pool_format(scene.pool, "/var/lib/dpkg/info/%s", cases[i].list), "%s",
                                  cases[i].text);
                else if (cases[i].list)
                        tree_folder(scene.tree, pool_format(scene.pool, "/var/lib/dpkg/info/%s", cases[i].list));
                if (cases[i].list)
                        tree_file(scene.tree, "/var/lib/dpkg/status",
                                  "Package: procps\nConffiles:\n /etc/sysctl.d/procps.conf 0123\n");
                else
                        tree_remove(scene.tree, "/var/lib/dpkg/status");
                tree_file(scene.tree, cases[i].path, "vm.swappiness = 60\n");
                plan_note(scene.examination.plan, &(struct setting){ .id = "sysctl.vm.swappiness" }, STATUS_SHADOWED,
                          LAYER_FILES, pool_format(scene.pool, "%s:1", cases[i].path), "60", "1", NULL);
                drifts(&scene, "running", "sysctl.vm.swappiness", "1", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, clues(&scene),
                            pool_format(scene.pool, "72 file %s:1, %s, sets it to 60", cases[i].path, cases[i].words));
                scene_close(&scene);
        }
}

/* An apply that made the file of this text. */
static void write_ledger(struct scene *scene, const char *path, const char *text, enum ledger_state state)
{
        struct ledger ledger = { .boot_id = "b", .profile = "p", .profile_path = "p", .profile_sha256 = "s" };
        const struct ledger_row row = {
                .id = "sysctl",
                .target = path,
                .from = "p:1",
                .how = LEDGER_FILE,
                .before = { .kind = CONTENT_ABSENT },
                .after = { .kind = CONTENT_FILE,
                           .bytes = text,
                           .size = strlen(text),
                           .mode = 0644,
                           .uid = geteuid(),
                           .gid = getegid() },
        };

        tree_folder(scene->tree, "/var/lib/plumbline/ledger");
        EXPECT_NUMBER(NULL, ledger_begin(scene->session.host, scene->pool, &ledger), 0);
        EXPECT_NUMBER(NULL, ledger_record(scene->session.host, &ledger, &row), 0);
        EXPECT_NUMBER(NULL, ledger_end(scene->session.host, &ledger, state), 0);
}

/* What is said of a file of the profile's own is borne out by the ledger or the baseline, not by what the plan wants. */
static void own_files(void)
{
        static const struct {
                const char *name, *layer, *baseline, *ledger;
                enum ledger_state state;
                const char *text, *clues;
        } cases[] = {
                { "never written", "running", "1", NULL, LEDGER_APPLIED, NULL, "" },
                { "as at the baseline, though not as wanted", "running", "1", "old", LEDGER_APPLIED, "edited", "" },
                { "gone, and of unknown origin", "files", "3 bytes", NULL, LEDGER_APPLIED, NULL,
                  "78 file /etc/x was there at the baseline, and is gone" },
                { "another one, of unknown origin", "files", "3 bytes", NULL, LEDGER_APPLIED, "new",
                  "80 file /etc/x is not what it was at the baseline" },
                { "one that was not there", "files", "absent", NULL, LEDGER_APPLIED, "new",
                  "80 file /etc/x was not there at the baseline" },
                { "gone", "files", "3 bytes", "old", LEDGER_APPLIED, NULL, "78 file /etc/x, which plumbline wrote, is gone" },
                { "edited", "files", "3 bytes", "old", LEDGER_APPLIED, "new", "80 file /etc/x is not as plumbline wrote it" },
                { "applied since", "files", "absent", "old", LEDGER_APPLIED, "old",
                  "80 file /etc/x is what plumbline's apply 1 left" },
                { "taken back", "files", "3 bytes", "old", LEDGER_UNDONE, NULL,
                  "78 file /etc/x is what plumbline's undo of apply 1 left" },
                { "taken back, and written by somebody", "files", "3 bytes", "old", LEDGER_UNDONE, "new",
                  "80 file /etc/x is not what plumbline's undo of apply 1 left" },
                { "one of several that were not alike", "files", "3 bytes on 1 of 2, absent on /etc/y", NULL, LEDGER_APPLIED,
                  "new", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct scene scene;

                scene_open(&scene);
                if (cases[i].ledger)
                        write_ledger(&scene, "/etc/x", cases[i].ledger, cases[i].state);
                tree_folder(scene.tree, "/etc");
                if (cases[i].text)
                        tree_file(scene.tree, "/etc/x", "%s", cases[i].text);
                plan_begin(scene.examination.plan, "sysctl", &(struct settings){ 0 });
                plan_file(scene.examination.plan, scene.session.host, NULL, "wanted", 0644, "/etc/x");
                drifts(&scene, cases[i].layer, "sysctl", cases[i].baseline, "now", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, clues(&scene), cases[i].clues);
                scene_close(&scene);
        }
}

static void profile_files(void)
{
        static const struct {
                const char *name, *from, *now;
                const char *lines, *clues;
        } cases[] = {
                { "the profile", "box.yaml:7", "2", "", "72 file /etc/plumbline/box.yaml:7, of no package, wants it so" },
                { "one that it extends", "base.yaml:3", "2", "",
                  "72 file /usr/share/plumbline/profiles/base.yaml:3, of the package plumbline, wants it so" },
                { "it has it no more", NULL, NULL, "", "60 file /etc/plumbline/box.yaml, of no package, does not name it" },
                { "a command that edits it, and one that sets the key", "box.yaml:7", "2",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/vi /etc/plumbline/box.yaml\n" BETWEEN
                          "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60\n",
                  "95 command alice by sudo: /usr/bin/vi /etc/plumbline/box.yaml; "
                  "72 file /etc/plumbline/box.yaml:7, of no package, wants it so" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct setting setting = { .id = "sysctl.vm.swappiness", .from = cases[i].from };
                struct scene scene;

                scene_open(&scene);
                scene.profile.path = pool_format(scene.pool, "%s/etc/plumbline/box.yaml", tree_path(scene.tree));
                tree_file(scene.tree, "/etc/plumbline/box.yaml", "plumbline: 1\n");
                tree_file(scene.tree, "/usr/share/plumbline/profiles/base.yaml", "plumbline: 1\n");
                tree_file(scene.tree, "/var/lib/dpkg/info/plumbline.list", "/usr/share/plumbline/profiles/base.yaml\n");
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", cases[i].lines);
                if (cases[i].now)
                        plan_note(scene.examination.plan, &setting, STATUS_DRIFT, LAYER_RUNNING, "/proc/sys/vm/swappiness", "1",
                                  "2", NULL);
                drifts(&scene, "profile", "sysctl.vm.swappiness", "1", cases[i].now, RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, clues(&scene), cases[i].clues);
                scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "profile_files", profile_files },
        { "own_files", own_files },
        { "owners", owners },
        { "commands", commands },
        { "clock_set_back", clock_set_back },
        { "clock_lost_for_a_while", clock_lost_for_a_while },
        { NULL, NULL },
};

const struct suite suite_evidence = { "evidence", tests };

/* Which files are evidence, whose they are, and what is said of those of the profile's own. */

#include "tests/unit/evidence_scene.h"

#include "agent/ledger.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

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
                struct evidence_scene scene;

                evidence_scene_open(&scene);
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
                tree_time(scene.tree, cases[i].path, RIGHT - 1000);
                plan_note(scene.examination.plan, &(struct setting){ .id = "sysctl.vm.swappiness" }, STATUS_SHADOWED,
                          LAYER_FILES, pool_format(scene.pool, "%s:1", cases[i].path), "60", "1", NULL);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "1", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene),
                            pool_format(scene.pool, "72 file %s:1, %s, sets it to 60", cases[i].path, cases[i].words));
                evidence_scene_close(&scene);
        }
}

/* What is not recorded is not told of a file either. */
static void secrets(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, "/etc/sysctl.d/50-x.conf", "net.ipv4.tcp_fastopen_key = ffff\n");
        plan_note(scene.examination.plan, &(struct setting){ .id = "sysctl.net.ipv4.tcp_fastopen_key" }, STATUS_SHADOWED,
                  LAYER_FILES, "/etc/sysctl.d/50-x.conf:1", "ffff", "eeee", NULL);
        evidence_scene_drifts(&scene, "files", "sysctl.net.ipv4.tcp_fastopen_key", NULL, "(not recorded)", RIGHT, WRONG, "b");
        EXPECT_TEXT("a key", evidence_scene_clues(&scene),
                    "72 file /etc/sysctl.d/50-x.conf:1, of no package, sets it to (not recorded)");
        evidence_scene_close(&scene);
}

/* Packages that nothing speaks for share one line: it is of the last of them, and says since when. */
static void packages(void)
{
        static const struct {
                const char *name, *log, *clues;
        } cases[] = {
                { "one", "2023-11-14 22:15:00 upgrade a:amd64 1 2\n", "20 package a:amd64 upgraded from 1 to 2" },
                { "two at once", "2023-11-14 22:15:00 upgrade a:amd64 1 2\n2023-11-14 22:15:00 install b:amd64 <none> 4\n",
                  "20 package a:amd64 upgraded from 1 to 2, b:amd64 installed, 4" },
                { "two, one after the other",
                  "2023-11-14 22:15:00 upgrade a:amd64 1 2\n2023-11-14 22:16:00 install b:amd64 <none> 4\n",
                  "20 package a:amd64 upgraded from 1 to 2, b:amd64 installed, 4 (the first of them at 2023-11-14T22:15:00Z)" },
                { "and one that speaks for itself behind them",
                  "2023-11-14 22:15:00 upgrade a:amd64 1 2\n2023-11-14 22:16:00 upgrade procps:amd64 1 2\n",
                  "95 package procps:amd64 upgraded from 1 to 2; 20 package a:amd64 upgraded from 1 to 2" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/var/log/dpkg.log", "2020-01-01 00:00:00 startup archives unpack\n%s", cases[i].log);
                evidence_scene_drifts(&scene, "package", "procps", "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* An apply that made the file of this text. */
static void write_ledger(struct evidence_scene *scene, const char *path, const char *text, enum ledger_state state)
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
                  "80 file /etc/x is as plumbline's apply 1 left it" },
                { "taken back", "files", "3 bytes", "old", LEDGER_UNDONE, NULL,
                  "78 file /etc/x is gone since plumbline's undo of apply 1" },
                { "taken back, and written by somebody", "files", "3 bytes", "old", LEDGER_UNDONE, "new",
                  "80 file /etc/x is not as plumbline's undo of apply 1 left it" },
                { "one of several that were not alike", "files", "3 bytes on 1 of 2, absent on /etc/y", NULL, LEDGER_APPLIED,
                  "new", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                if (cases[i].ledger)
                        write_ledger(&scene, "/etc/x", cases[i].ledger, cases[i].state);
                tree_folder(scene.tree, "/etc");
                if (cases[i].text)
                        tree_file(scene.tree, "/etc/x", "%s", cases[i].text);
                plan_begin(scene.examination.plan, "sysctl", &(struct settings){ 0 });
                plan_file(scene.examination.plan, scene.session.host, NULL, "wanted", 0644, "/etc/x");
                evidence_scene_drifts(&scene, cases[i].layer, "sysctl", cases[i].baseline, "now", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* What runs was wrong before the file was, or before it was written: that is not how it came about. */
static void own_files_too_late(void)
{
        static const struct {
                const char *name;
                bool later;
                int written;
                unsigned weight;
        } cases[] = {
                { "in between", false, RIGHT + 100, 72 },
                { "seen right when it was wrong already", true, RIGHT + 100, 60 },
                { "written afterwards", false, WRONG + 10, 60 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                json_t *before =
                        json_pack("{s:{s:s}, s:{s:s}}", "running", "sysctl.vm.swappiness", "5", "files", "sysctl", "absent");
                json_t *between = json_pack("{s:{s:s}}", "running", "sysctl.vm.swappiness", "60");
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/etc/x", "new");
                tree_time(scene.tree, "/etc/x", cases[i].written);
                plan_begin(scene.examination.plan, "sysctl", &(struct settings){ 0 });
                plan_file(scene.examination.plan, scene.session.host, NULL, "wanted", 0644, "/etc/x");
                scene.baseline = json_pack("{s:i, s:i, s:s, s:O}", "id", 1, "at", RIGHT, "boot_id", "b", "state", before);
                scene.now =
                        json_pack("{s:{s:s}, s:{s:s}}", "running", "sysctl.vm.swappiness", "60", "files", "sysctl", "3 bytes");
                json_object_set(between, "files", json_object_get(cases[i].later ? before : scene.now, "files"));
                evidence_scene_record(&scene, 1, RIGHT, "b", before);
                evidence_scene_record(&scene, 2, WRONG, "b", between);
                evidence_scene_record(&scene, 3, WRONG + 50, "b", scene.now);
                scene.drift = drift_find(scene.baseline, scene.now, NULL, scene.session.seconds, scene.history);
                evidence_scene_clues(&scene);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues_of(&scene, "sysctl.vm.swappiness"),
                            pool_format(scene.pool, "%u file /etc/x was not there at the baseline", cases[i].weight));
                json_decref(before);
                json_decref(between);
                evidence_scene_close(&scene);
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
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                scene.profile.path = pool_format(scene.pool, "%s/etc/plumbline/box.yaml", tree_path(scene.tree));
                tree_file(scene.tree, "/etc/plumbline/box.yaml", "plumbline: 1\n");
                tree_file(scene.tree, "/usr/share/plumbline/profiles/base.yaml", "plumbline: 1\n");
                tree_file(scene.tree, "/var/lib/dpkg/info/plumbline.list", "/usr/share/plumbline/profiles/base.yaml\n");
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", cases[i].lines);
                if (cases[i].now)
                        plan_note(scene.examination.plan, &setting, STATUS_DRIFT, LAYER_RUNNING, "/proc/sys/vm/swappiness", "1",
                                  "2", NULL);
                evidence_scene_drifts(&scene, "profile", "sysctl.vm.swappiness", "1", cases[i].now, RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "owners", owners },
        { "secrets", secrets },
        { "packages", packages },
        { "own_files", own_files },
        { "own_files_too_late", own_files_too_late },
        { "profile_files", profile_files },
        { NULL, NULL },
};

const struct suite suite_evidence_files = { "evidence_files", tests };

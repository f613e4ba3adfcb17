/* Evidence of dpkg's log: the scripts of packages, and the zone that its times are in. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <stdlib.h>
#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define HEAD         "2020-01-01 00:00:00 startup archives unpack\n"
#define TUNER        "install tuner:amd64 <none> 1\n"

/* What a package's own scripts did, they did when it was configured, which may be long after it came. */
static void scripts(void)
{
        static const struct {
                const char *name, *layer, *item, *log, *clues;
        } cases[] = {
                { "came before", "running", "sysctl.vm.swappiness",
                  "2023-11-14 20:00:00 upgrade procps:amd64 1 2\n2023-11-14 22:20:00 configure procps:amd64 2 <none>\n",
                  "20 package procps:amd64 configured (upgraded from 1 to 2 at 2023-11-14T20:00:00Z)" },
                { "the item's own", "package", "procps",
                  "2023-11-14 20:00:00 install procps:amd64 <none> 2\n2023-11-14 22:20:00 configure procps:amd64 2 <none>\n",
                  "95 package procps:amd64 configured (installed, 2 at 2023-11-14T20:00:00Z)" },
                { "came then, too", "package", "procps",
                  "2023-11-14 22:19:00 upgrade procps:amd64 1 2\n2023-11-14 22:20:00 configure procps:amd64 2 <none>\n"
                  "2023-11-14 22:21:00 trigproc procps:amd64 2 <none>\n",
                  "95 package procps:amd64 upgraded from 1 to 2" },
                { "another version came", "package", "procps",
                  "2023-11-14 20:00:00 upgrade procps:amd64 1 2\n2023-11-14 22:20:00 configure procps:amd64 3 <none>\n",
                  "95 package procps:amd64 configured, 3" },
                { "before and after", "package", "procps",
                  "2023-11-14 20:00:00 configure procps:amd64 2 <none>\n2023-11-14 23:00:00 configure procps:amd64 3 <none>\n",
                  "" },
                { "a trigger stands last", "running", "sysctl.vm.swappiness",
                  "2023-11-14 22:19:00 trigproc man-db:amd64 2 <none>\n2023-11-14 22:20:00 install x:amd64 <none> 1\n",
                  "20 package x:amd64 installed, 1, man-db:amd64 called by a trigger (the first of them at "
                  "2023-11-14T22:19:00Z)" },
                { "a status is no change", "package", "procps", "2023-11-14 22:20:00 status half-configured procps:amd64 1\n",
                  "" },
                { "what has os-release", "fact", "os.version", "2023-11-14 22:20:00 upgrade base-files:amd64 12 13\n",
                  "80 package base-files:amd64 upgraded from 12 to 13" },
                { "and what has not", "fact", "kernel.release", "2023-11-14 22:20:00 upgrade base-files:amd64 12 13\n",
                  "20 package base-files:amd64 upgraded from 12 to 13" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/var/log/dpkg.log", HEAD "%s", cases[i].log);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* The zone of Berlin as tzfile(5) has it: one change in 1970, and the rule for all after it. */
static void write_zone(struct tree *tree, const char *path)
{
#define ZERO  "\0\0\0\0"
#define BEGIN "TZif2" ZERO ZERO ZERO "\0\0\0" ZERO ZERO ZERO
#define CET   "\0\0\016\020\0\0CET\0"
        static const char zone[] = BEGIN ZERO "\0\0\0\1\0\0\0\4" CET BEGIN "\0\0\0\1\0\0\0\1\0\0\0\4" ZERO ZERO "\0" CET
                                              "\nCET-1CEST,M3.5.0,M10.5.0/3\n";

        tree_bytes(tree, path, zone, sizeof zone - 1);
}

/* dpkg's times are of that host's zone, whatever the zone of whoever looks. */
static void zones(void)
{
        static const struct {
                const char *name, *own, *looker, *log, *clues, *unseen;
        } cases[] = {
                { "that of the host", "zone", "UTC", "2023-11-14 23:20:00 " TUNER, "95 package tuner:amd64 installed, 1",
                  NULL },
                { "not UTC", "zone", "UTC", "2023-11-14 22:20:00 " TUNER, "", NULL },
                { "not that of whoever looks", "zone", "JST-9", "2023-11-15 07:20:00 " TUNER, "", NULL },
                { "by a link", "link", "JST-9", "2023-11-14 23:20:00 " TUNER, "95 package tuner:amd64 installed, 1", NULL },
                { "none is UTC", NULL, "JST-9", "2023-11-14 22:20:00 " TUNER, "95 package tuner:amd64 installed, 1", NULL },
                { "no file of zones", "text", "JST-9", "2023-11-14 22:20:00 " TUNER, "95 package tuner:amd64 installed, 1",
                  "the zone of the times in the log of packages (/etc/localtime), taken for UTC: holds something that is no "
                  "such value" },
                { "and nothing that has times", "text", "JST-9", "", "", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                if (text_equals(cases[i].own, "text"))
                        tree_file(scene.tree, "/etc/localtime", "CET\n");
                else if (cases[i].own)
                        write_zone(scene.tree,
                                   text_equals(cases[i].own, "link") ? "/usr/share/zoneinfo/Europe/Berlin" : "/etc/localtime");
                if (text_equals(cases[i].own, "link"))
                        tree_link(scene.tree, "/etc/localtime", "/usr/share/zoneinfo/Europe/Berlin");
                tree_file(scene.tree, "/var/log/dpkg.log", HEAD "%s", cases[i].log);
                evidence_scene_drifts(&scene, "package", "tuner", NULL, "1", RIGHT, WRONG, "b");
                setenv("TZ", cases[i].looker, 1);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                EXPECT_TEXT(cases[i].name, scene.drift->unseen, cases[i].unseen);
                EXPECT_TEXT(cases[i].name, getenv("TZ"), cases[i].looker);
                setenv("TZ", "UTC", 1);
                tzset();
                evidence_scene_close(&scene);
        }
}

/* Where summer time ends, an hour is shown twice: the order of the lines tells which it was, or nothing does. */
static void hour_shown_twice(void)
{
#define MIDNIGHT 1698537600 /* 2023-10-29T00:00:00Z; the clock went from 03:00 back to 02:00 an hour later */
#define BEFORE   "2023-10-29 02:50:00 install other:amd64 <none> 1\n"
#define AFTER    "2023-10-29 02:10:00 install other:amd64 <none> 1\n"
#define AT       "2023-10-29 02:30:00 " TUNER
        static const struct {
                const char *name, *log;
                int from, to; /* minutes */
                unsigned weight;
        } cases[] = {
                { "the first, perhaps", AT, 20, 40, 69 }, { "the second, perhaps", AT, 80, 100, 69 },
                { "one of both", AT, 20, 100, 95 },       { "neither", AT, 40, 80, 0 },
                { "the second", BEFORE AT, 80, 100, 95 }, { "not the first", BEFORE AT, 20, 40, 0 },
                { "the first", AT AFTER, 20, 40, 95 },    { "not the second", AT AFTER, 80, 100, 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;
                const struct drift_row *row;
                unsigned weight = 0;

                evidence_scene_open(&scene);
                write_zone(scene.tree, "/etc/localtime");
                tree_file(scene.tree, "/var/log/dpkg.log", HEAD "%s", cases[i].log);
                scene.session.seconds = MIDNIGHT + 86400;
                evidence_scene_drifts(&scene, "package", "tuner", NULL, "1", MIDNIGHT + cases[i].from * 60,
                                      MIDNIGHT + cases[i].to * 60, "b");
                evidence_scene_clues(&scene);
                row = &scene.drift->rows[0];
                for (size_t j = 0; j < row->clue_count; j++)
                        if (text_starts(row->clues[j].text, "tuner"))
                                weight = row->clues[j].weight;
                EXPECT_NUMBER(cases[i].name, weight, cases[i].weight);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "scripts", scripts },
        { "zones", zones },
        { "hour_shown_twice", hour_shown_twice },
        { NULL, NULL },
};

const struct suite suite_evidence_packages = { "evidence_packages", tests };

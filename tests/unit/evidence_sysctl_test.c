/* Which lines of sysctl's files are evidence, of keys and of huge pages. */

#include "tests/unit/evidence_scene.h"

#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void huge_pages(void)
{
        static const struct {
                const char *name, *layer, *item, *text, *packages;
                unsigned default_kib;
                bool mask;
                const char *clues;
        } cases[] = {
                { "what it is now", "running", "hugepages.2M", "# vm.nr_hugepages=3\nvm.nr_hugepages = 2\n", "", 2048, false,
                  "72 file /etc/sysctl.d/x.conf:2, of no package, sets vm.nr_hugepages to 2" },
                { "in the other spelling", "fact", "hugepages.2M.total", "-vm/nr_hugepages=2\n", "", 2048, false,
                  "72 file /etc/sysctl.d/x.conf:1, of no package, sets vm.nr_hugepages to 2" },
                { "something else", "running", "hugepages.2M", "vm.nr_hugepages=7\n", "", 2048, false,
                  "50 file /etc/sysctl.d/x.conf:1, of no package, sets vm.nr_hugepages to 7" },
                { "what it was", "running", "hugepages.2M", "vm.nr_hugepages=1\n", "", 2048, false, "" },
                { "another size than the default", "fact", "hugepages.1G.total", "vm.nr_hugepages=2\n", "", 2048, false, "" },
                { "another default", "fact", "hugepages.1G.total", "vm.nr_hugepages=2\n", "", 1048576, false,
                  "72 file /etc/sysctl.d/x.conf:1, of no package, sets vm.nr_hugepages to 2" },
                { "of a node", "fact", "hugepages.node0.2M.total", "vm.nr_hugepages=2\n", "", 2048, false,
                  "72 file /etc/sysctl.d/x.conf:1, of no package, sets vm.nr_hugepages to 2" },
                { "a default that nobody can tell", "fact", "hugepages.2M.total", "vm.nr_hugepages=2\n", "", 0, false,
                  "60 file /etc/sysctl.d/x.conf:1, of no package, sets vm.nr_hugepages to 2" },
                { "a package's", "fact", "hugepages.2M.total", "", "vm.nr_hugepages=2\n", 2048, false,
                  "72 file /usr/lib/sysctl.d/y.conf:1, of no package, sets vm.nr_hugepages to 2" },
                { "a package's that is switched off", "fact", "hugepages.2M.total", "", "vm.nr_hugepages=2\n", 2048, true, "" },
                { "another item", "running", "sysctl.vm.swappiness", "vm.nr_hugepages=2\n", "", 2048, false, "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/proc/meminfo", "MemTotal: 1000 kB\nHugepagesize: %u kB\n", cases[i].default_kib);
                tree_file(scene.tree, "/etc/sysctl.d/x.conf", "%s", cases[i].text);
                tree_time(scene.tree, "/etc/sysctl.d/x.conf", RIGHT - 1000);
                if (cases[i].mask)
                        tree_link(scene.tree, "/etc/sysctl.d/y.conf", "/dev/null");
                tree_file(scene.tree, "/usr/lib/sysctl.d/y.conf", "%s", cases[i].packages);
                tree_time(scene.tree, "/usr/lib/sysctl.d/y.conf", RIGHT - 1000);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* What a line of sysctl's files weighs against what runs: by its value, by when it was written or its package came, and by whether it wins
 * at the next boot. Another item of the files may have been right when this one was wrong already. */
static void sysctl_lines(void)
{
#define INSTALLED "2023-11-14 22:20:00 install tuner:amd64 <none> 1\n"
        static const struct {
                const char *name, *path, *text;
                int64_t at;
                const char *log, *own, *clues;
        } cases[] = {
                { "one that wins", "/etc/sysctl.d/99-zzz.conf", "vm.swappiness=60\n", RIGHT - 1000, "", "vm.swappiness=5\n",
                  "72 file /etc/sysctl.d/99-zzz.conf:1, of no package, sets it to 60" },
                { "one that does not, written in between", "/etc/sysctl.d/50-x.conf", "#\nvm/swappiness = 60\n", RIGHT + 100,
                  "", "vm.swappiness=5\n", "90 file /etc/sysctl.d/50-x.conf:2, of no package, sets it to 60" },
                { "one that does not, written before", "/etc/sysctl.d/50-x.conf", "vm.swappiness=60\n", RIGHT - 1000, "",
                  "vm.swappiness=5\n", "66 file /etc/sysctl.d/50-x.conf:1, of no package, sets it to 60" },
                { "of a package that came", "/usr/lib/sysctl.d/50-tuner.conf", "vm.swappiness=60\n", RIGHT - 1000, INSTALLED,
                  "vm.swappiness=5\n",
                  "92 package tuner:amd64 installed, 1; "
                  "90 file /usr/lib/sysctl.d/50-tuner.conf:1, of the package tuner, sets it to 60" },
                { "of a package that came, and something else", "/usr/lib/sysctl.d/50-tuner.conf", "vm.swappiness=10\n",
                  RIGHT - 1000, INSTALLED, "vm.swappiness=5\n",
                  "60 package tuner:amd64 installed, 1; "
                  "50 file /usr/lib/sysctl.d/50-tuner.conf:1, of the package tuner, sets it to 10" },
                { "written afterwards", "/etc/sysctl.d/99-zzz.conf", "vm.swappiness=60\n", WRONG + 10, "", "",
                  "60 file /etc/sysctl.d/99-zzz.conf:1, of no package, sets it to 60" },
                { "something else, that wins", "/etc/sysctl.d/99-zzz.conf", "vm.swappiness=10\n", RIGHT - 1000, "", "",
                  "50 file /etc/sysctl.d/99-zzz.conf:1, of no package, sets it to 10" },
                { "something else, that does not", "/etc/sysctl.d/50-x.conf", "vm.swappiness=10\n", RIGHT - 1000, "",
                  "vm.swappiness=5\n", "" },
                { "what it was", "/etc/sysctl.d/99-zzz.conf", "vm.swappiness=5\n", RIGHT + 100, "", "", "" },
                { "two lines", "/etc/sysctl.d/50-x.conf", "vm.swappiness=60\nvm.swappiness=5\n", RIGHT + 100, "", "", "" },
                { "a pattern", "/etc/sysctl.d/50-x.conf", "vm.swap*=60\n", RIGHT + 100, "", "vm.swappiness=5\n",
                  "90 file /etc/sysctl.d/50-x.conf:1, of no package, sets it to 60" },
                { "another key", "/etc/sysctl.d/50-x.conf", "vm.swappiness_x=60\nswappiness=60\n", RIGHT + 100, "", "", "" },
                { "what sysctl -p reads", "/etc/sysctl.conf", "vm.swappiness=60\n", RIGHT + 100, "", "vm.swappiness=5\n",
                  "90 file /etc/sysctl.conf:1, of no package, sets it to 60" },
                { "our own", "/etc/sysctl.d/99-zz-plumbline.conf", "vm.swappiness=60\n", RIGHT + 100, "", NULL, "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                if (cases[i].own)
                        tree_file(scene.tree, "/etc/sysctl.d/99-zz-plumbline.conf", "%s", cases[i].own);
                tree_file(scene.tree, cases[i].path, "%s", cases[i].text);
                tree_time(scene.tree, cases[i].path, cases[i].at);
                tree_file(scene.tree, "/var/log/dpkg.log", "2020-01-01 00:00:00 startup archives unpack\n%s", cases[i].log);
                tree_file(scene.tree, "/var/lib/dpkg/info/tuner.list", "/usr/lib/sysctl.d/50-tuner.conf\n");
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "5", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Debian's /etc/sysctl.d/99-sysctl.conf is a link, of which the time is that of what it leads to. */
static void linked_lines(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, "/etc/sysctl.conf", "vm.dirty_bytes = 8192\n");
        tree_link(scene.tree, "/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf");
        tree_time(scene.tree, "/etc/sysctl.conf", RIGHT + 100);
        tree_time(scene.tree, "/etc/sysctl.d/99-sysctl.conf", RIGHT - 1000);
        evidence_scene_drifts(&scene, "running", "sysctl.vm.dirty_ratio", "5", "0", RIGHT, WRONG, "b");
        EXPECT_TEXT(NULL, evidence_scene_clues(&scene),
                    "90 file /etc/sysctl.d/99-sysctl.conf:1, of no package, sets vm/dirty_bytes, and so it to 0");
        evidence_scene_close(&scene);
}

/* The files were looked at, and were right, when the running value was wrong already: whatever time they claim. */
static void files_went_later(void)
{
        static const char right[] = "{\"running\": {\"sysctl.vm.swappiness\": \"5\"}}";
        static const char half[] = "{\"running\": {\"sysctl.vm.swappiness\": \"60\"}}";
        static const char wrong[] = "{\"running\": {\"sysctl.vm.swappiness\": \"60\"}, "
                                    "\"files\": {\"sysctl.vm.swappiness\": \"60\"}}";
        autojson json_t *before = json_loads(right, 0, NULL), *between = json_loads(half, 0, NULL);
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        scene.now = json_loads(wrong, 0, NULL);
        scene.baseline = json_pack("{s:i, s:i, s:s, s:O}", "id", 1, "at", RIGHT, "boot_id", "b", "state", before);
        evidence_scene_record(&scene, 1, RIGHT, "b", before);
        evidence_scene_record(&scene, 2, WRONG, "b", between);
        evidence_scene_record(&scene, 3, WRONG + 50, "b", scene.now);
        scene.drift = drift_find(scene.baseline, scene.now, NULL, scene.session.seconds, scene.history);
        tree_file(scene.tree, "/etc/sysctl.d/99-zzz.conf", "vm.swappiness = 60\n");
        tree_time(scene.tree, "/etc/sysctl.d/99-zzz.conf", RIGHT + 100);
        plan_note(scene.examination.plan, &(struct setting){ .id = "sysctl.vm.swappiness" }, STATUS_SHADOWED, LAYER_FILES,
                  "/etc/sysctl.d/99-zzz.conf:1", "60", "5", NULL);
        evidence_scene_clues(&scene);
        EXPECT_NUMBER("the files", scene.drift->rows[0].clues[0].weight, 72);
        EXPECT_NUMBER("what runs", scene.drift->rows[1].clues[0].weight, 60);
        evidence_scene_close(&scene);
}

static const struct test tests[] = {
        { "huge_pages", huge_pages },
        { "sysctl_lines", sysctl_lines },
        { "linked_lines", linked_lines },
        { "files_went_later", files_went_later },
        { NULL, NULL },
};

const struct suite suite_evidence_sysctl = { "evidence_sysctl", tests };

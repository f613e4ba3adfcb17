/* Evidence of reboots: what a boot can have changed, and when it was. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void what_it_changes(void)
{
        static const struct {
                const char *layer, *item;
                unsigned weight;
        } cases[] = {
                { "fact", "kernel.release", 75 },
                { "fact", "host.bios.version", 75 },
                { "fact", "cpu.smt", 75 },
                { "fact", "memory.installed", 75 },
                { "fact", "nic.eth0.speed", 75 },
                { "fact", "hugepages.2M.total", 75 },
                { "fact", "disk./data.options", 75 },
                { "fact", "os.version", 30 },
                { "fact", "user.app.shell", 30 },
                { "fact", "file./etc/x.mode", 30 },
                { "fact", "clock.daemons", 30 },
                { "package", "chrony", 30 },
                { "files", "sysctl", 30 },
                { "next-boot", "cmdline", 30 },
                { "running", "sysctl.vm.x", 65 },
                { "profile", "sysctl.vm.x", 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "c");
                evidence_scene_clues(&scene);
                EXPECT_NUMBER(cases[i].item, scene.drift->rows[0].clue_count ? scene.drift->rows[0].clues[0].weight : 0,
                              cases[i].weight);
                evidence_scene_close(&scene);
        }
}

static void when_it_was(void)
{
        static const struct {
                const char *name, *boot, *runs;
                int began, at;
        } cases[] = {
                { "the boot that runs", "c", "c", RIGHT + 100, RIGHT + 100 },
                { "one before it", "c", "d", RIGHT + 100, 0 },
                { "by a clock that was not right", "c", "c", RIGHT - 100, 0 },
                { "nobody can tell", "c", "c", 0, 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                scene.session.boot_id = cases[i].runs;
                tree_file(scene.tree, "/proc/stat", "cpu 1 2 3 4\nbtime %d\n", cases[i].began);
                evidence_scene_drifts(&scene, "fact", "kernel.release", "1", "2", RIGHT, WRONG, cases[i].boot);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), "75 reboot the host was started again");
                EXPECT_NUMBER(cases[i].name, scene.drift->rows[0].clues[0].at, cases[i].at);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "what_it_changes", what_it_changes },
        { "when_it_was", when_it_was },
        { NULL, NULL },
};

const struct suite suite_evidence_boots = { "evidence_boots", tests };

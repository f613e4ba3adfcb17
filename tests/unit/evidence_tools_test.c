/* Evidence of tools that own an item: each by unit and pid, for settings and for facts, and the file of theirs that names it. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tuning/knobs.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define POLICY       "/sys/devices/system/cpu/cpufreq/policy0"

#define RUNS        "LoadState=loaded\nActiveState=active\nMainPID=7\n"
#define DONE        "LoadState=loaded\nActiveState=active\nMainPID=0\n"
#define OFF         "LoadState=loaded\nActiveState=inactive\nMainPID=0\n"
#define RAN(second) OFF "ExecMainStartTimestamp=" #second "000000\n"

static const struct asked performance[] = { { "performance", { "governor" }, false, NULL }, { 0 } };
static const struct asked housekeeping[] = { { "0", { "default" }, false, NULL }, { 0 } };

/* What each of them says where the profile has a setting that it contends with, and where it has none. */
static void owners(void)
{
#define TOO(name) name " sets governors too, and whichever comes last wins"
        static const struct {
                const char *name, *unit, *state, *layer, *item, *clues;
        } cases[] = {
                { "irqbalance, a setting", "irqbalance.service", RUNS, "running", "irq.default",
                  "68 tool irqbalance.service (pid 7): irqbalance moves interrupts as it sees fit, every ten seconds" },
                { "tuned, a setting", "tuned.service", RUNS, "running", "cpu.governor",
                  "68 tool tuned.service (pid 7): " TOO("tuned") },
                { "tuned, a fact", "tuned.service", RUNS, "fact", "cpu.turbo",
                  "45 tool tuned.service (pid 7): sets what its profile says" },
                { "tuned, governors and no setting", "tuned.service", RUNS, "fact", "cpu.idle_states",
                  "45 tool tuned.service (pid 7): sets what its profile says" },
                { "power-profiles-daemon, a setting", "power-profiles-daemon.service", RUNS, "running", "cpu.governor",
                  "68 tool power-profiles-daemon.service (pid 7): " TOO("power-profiles-daemon") },
                { "power-profiles-daemon, a fact", "power-profiles-daemon.service", RUNS, "fact", "cpu.turbo",
                  "45 tool power-profiles-daemon.service (pid 7): sets what the chosen profile of power says" },
                { "auto-cpufreq, a setting", "auto-cpufreq.service", RUNS, "running", "cpu.governor",
                  "68 tool auto-cpufreq.service (pid 7): " TOO("auto-cpufreq") },
                { "auto-cpufreq, a fact", "auto-cpufreq.service", RUNS, "fact", "cpu.turbo",
                  "45 tool auto-cpufreq.service (pid 7): sets governor and turbo by the load" },
                { "thermald, a setting", "thermald.service", RUNS, "running", "cpu.governor",
                  "45 tool thermald.service (pid 7): steers frequency and turbo by the temperature" },
                { "thermald, a fact", "thermald.service", RUNS, "fact", "cpu.turbo",
                  "45 tool thermald.service (pid 7): steers frequency and turbo by the temperature" },
                { "thermald, another fact", "thermald.service", RUNS, "fact", "memory.speed", "" },
                { "cpupower that stays active, a setting", "cpupower.service", DONE, "running", "cpu.governor",
                  "68 tool cpupower.service (has run): " TOO("cpupower") },
                { "cpupower that ended in between, a fact", "cpupower.service", RAN(1700000500), "fact", "cpu.governors",
                  "45 tool cpupower.service (has run): sets governor and frequencies when it is started" },
                { "cpupower that ran before", "cpupower.service", RAN(1600000000), "fact", "cpu.governors", "" },
                { "cpupower that never ran", "cpupower.service", OFF, "fact", "cpu.governors", "" },
                { "cpufrequtils, a fact", "cpufrequtils.service", DONE, "fact", "cpu.governors",
                  "45 tool cpufrequtils.service (has run): sets the governor when it is started" },
                { "ondemand, a fact", "ondemand.service", RAN(1700000060), "fact", "cpu.governors",
                  "45 tool ondemand.service (has run): sets the governor a minute after the start of the host" },
                { "TLP, a fact", "tlp.service", DONE, "fact", "cpu.turbo",
                  "45 tool tlp.service (has run): sets what its file says for mains and battery" },
                { "NetworkManager, a setting", "NetworkManager.service", RUNS, "running", "sysctl.net.ipv4.conf.all.rp_filter",
                  "45 tool NetworkManager.service (pid 7): sets up links, and their sysctls" },
                { "networkd, a fact", "systemd-networkd.service", RUNS, "fact", "nic.eth0.speed",
                  "45 tool systemd-networkd.service (pid 7): sets up links, and their sysctls" },
                { "a daemon that ran once is no tool now", "thermald.service", RAN(1700000500), "fact", "cpu.turbo", "" },
                { "a pid that is none", "thermald.service", "ActiveState=active\nMainPID=7 of 8\n", "fact", "cpu.turbo",
                  "45 tool thermald.service: steers frequency and turbo by the temperature" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                bool setting = text_equals(cases[i].layer, "running");
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, pool_format(scene.pool, "/.plumbline/ask/unit/%s", cases[i].unit), "%s", cases[i].state);
                tree_file(scene.tree, POLICY "/scaling_governor", "performance\n");
                tree_file(scene.tree, "/proc/irq/default_smp_affinity", "1\n");
                if (setting && text_starts(cases[i].item, "sysctl."))
                        setting = false;
                plan_free(scene.examination.plan);
                scene.examination.plan = !setting ? plan_new()
                                         : text_starts(cases[i].item, "irq")
                                                 ? planned(scene.session.host, &knob_irq, housekeeping)
                                                 : planned(scene.session.host, &knob_cpu, performance);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Where systemd says nothing: the file of the process, the link that enables it. */
static void without_systemd(void)
{
        static const struct {
                const char *name, *file, *text, *unit, *state, *clues;
        } cases[] = {
                { "the file of its process", "/run/tuned/tuned.pid", "812\n", NULL, NULL,
                  "68 tool tuned.service (pid 812): " TOO("tuned") },
                { "enabled, and not there now", "/etc/systemd/system/multi-user.target.wants/power-profiles-daemon.service", "",
                  "power-profiles-daemon.service", OFF,
                  "68 tool power-profiles-daemon.service (does not run now): " TOO("power-profiles-daemon") },
                { "enabled, and nobody knows more", "/etc/systemd/system/multi-user.target.wants/tlp.service", "", NULL, NULL,
                  "68 tool tlp.service: " TOO("TLP") },
                { "the script of cpufrequtils", "/etc/init.d/cpufrequtils", "", "cpufrequtils.service", DONE,
                  "68 tool cpufrequtils.service (has run): " TOO("cpufrequtils") },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, cases[i].file, "%s", cases[i].text);
                if (cases[i].unit)
                        tree_file(scene.tree, pool_format(scene.pool, "/.plumbline/ask/unit/%s", cases[i].unit), "%s",
                                  cases[i].state);
                tree_file(scene.tree, POLICY "/scaling_governor", "performance\n");
                plan_free(scene.examination.plan);
                scene.examination.plan = planned(scene.session.host, &knob_cpu, performance);
                evidence_scene_drifts(&scene, "running", "cpu.governor", "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* A file that names the item makes its tool likely; a comment does not. */
static void own_files(void)
{
#define NAMES(unit, path) "72 tool " unit ": " path " names it"
#define SPEED(unit)       "45 tool " unit " (pid 7): sets up links, and their sysctls"
        static const struct {
                const char *unit, *state, *path, *text, *item, *clues;
        } cases[] = {
                { "cpupower.service", DONE, "/etc/default/cpupower", "governor='ondemand'\n", "cpu.governors",
                  NAMES("cpupower.service (has run)", "/etc/default/cpupower") },
                { "cpupower.service", DONE, "/etc/cpupower-service.conf", "#x\nGOVERNOR = 'ondemand'\n", "cpu.governors",
                  NAMES("cpupower.service (has run)", "/etc/cpupower-service.conf") },
                { "cpupower.service", DONE, "/etc/cpupower-service.conf", "#GOVERNOR='ondemand'\n", "cpu.governors",
                  "45 tool cpupower.service (has run): sets governor and frequencies when it is started" },
                { "cpufrequtils.service", DONE, "/etc/default/cpufrequtils", "GOVERNOR=\"ondemand\"\n", "cpu.governors",
                  NAMES("cpufrequtils.service (has run)", "/etc/default/cpufrequtils") },
                { "tlp.service", DONE, "/etc/tlp.d/10-more.conf", "CPU_BOOST_ON_AC=1\n", "cpu.turbo",
                  NAMES("tlp.service (has run)", "/etc/tlp.d/10-more.conf") },
                { "tlp.service", DONE, "/etc/tlp.d/10-more.conf", "CPU_BOOST_ON_AC=1\n", "cpu.governors",
                  "45 tool tlp.service (has run): sets what its file says for mains and battery" },
                { "auto-cpufreq.service", RUNS, "/etc/auto-cpufreq.conf", "[charger]\nturbo = auto\n", "cpu.turbo",
                  NAMES("auto-cpufreq.service (pid 7)", "/etc/auto-cpufreq.conf") },
                { "NetworkManager.service", RUNS, "/etc/NetworkManager/dispatcher.d/30-slow",
                  "#!/bin/sh\nethtool -s eth0 speed 1000\n", "nic.eth0.speed",
                  NAMES("NetworkManager.service (pid 7)", "/etc/NetworkManager/dispatcher.d/30-slow") },
                { "NetworkManager.service", RUNS, "/etc/NetworkManager/dispatcher.d/30-slow", "#!/bin/sh\n# eth0\necho eth01\n",
                  "nic.eth0.speed", SPEED("NetworkManager.service") },
                { "systemd-networkd.service", RUNS, "/etc/systemd/network/10-lan.network", "[Match]\nName=eth0\n",
                  "nic.eth0.speed", NAMES("systemd-networkd.service (pid 7)", "/etc/systemd/network/10-lan.network") },
                { "systemd-networkd.service", RUNS, "/etc/systemd/network/10-lan.network", "[Match]\nName=eth1\n",
                  "nic.eth0.speed", SPEED("systemd-networkd.service") },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, pool_format(scene.pool, "/.plumbline/ask/unit/%s", cases[i].unit), "%s", cases[i].state);
                tree_file(scene.tree, cases[i].path, "%s", cases[i].text);
                evidence_scene_drifts(&scene, "fact", cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].path, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "owners", owners },
        { "without_systemd", without_systemd },
        { "own_files", own_files },
        { NULL, NULL },
};

const struct suite suite_evidence_tools = { "evidence_tools", tests };

/* Evidence of tools that own an item: each by unit and pid, for settings and for facts, and the file of theirs that names it. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tuning/knobs.h"

#include <string.h>

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

/* A file that sets the item, and not to what it was, makes its tool likely; a comment does not, nor that it is about the port. */
static void own_files(void)
{
#define NAMES(unit, path) "72 tool " unit ": " path " names it"
#define LINK(unit)        "45 tool " unit " (pid 7): sets up links, and their sysctls"
#define NM                "NetworkManager.service"
#define NETWORKD          "systemd-networkd.service"
#define NETWORK           "/etc/systemd/network/10-lan.network"
#define SCRIPT            "/etc/NetworkManager/dispatcher.d/30-slow"
#define CONF              "/etc/NetworkManager/conf.d/lan.conf"
        static const struct {
                const char *unit, *state, *path, *text, *item, *from, *to, *clues;
        } cases[] = {
                { "cpupower.service", DONE, "/etc/default/cpupower", "governor='ondemand'\n", "cpu.governors", "1", "ondemand",
                  NAMES("cpupower.service (has run)", "/etc/default/cpupower") },
                { "cpupower.service", DONE, "/etc/cpupower-service.conf", "#x\nGOVERNOR = 'ondemand'\n", "cpu.governors", "1",
                  "ondemand", NAMES("cpupower.service (has run)", "/etc/cpupower-service.conf") },
                { "cpupower.service", DONE, "/etc/cpupower-service.conf", "GOVERNOR='ondemand'\n", "cpu.governors",
                  "performance", "powersave",
                  "45 tool cpupower.service (has run): /etc/cpupower-service.conf sets it to something else" },
                { "tlp.service", DONE, "/etc/tlp.d/10-more.conf", "CPU_SCALING_GOVERNOR_ON_AC=powersave\n", "cpu.governor",
                  "performance", "ondemand on 3 of 13, powersave on 9 of 13, running on tuned.service",
                  NAMES("tlp.service (has run)", "/etc/tlp.d/10-more.conf") },
                { "cpupower.service", DONE, "/etc/cpupower-service.conf", "GOVERNOR='performance'\n", "cpu.governors",
                  "performance", "powersave", "" },
                { "cpupower.service", DONE, "/etc/default/cpupower", "CPUPOWER_START_OPTS=\"frequency-set -g powersave\"\n",
                  "cpu.governors", "performance", "powersave", NAMES("cpupower.service (has run)", "/etc/default/cpupower") },
                { "cpupower.service", DONE, "/etc/default/cpupower", "CPUPOWER_START_OPTS=\"frequency-set -g performance\"\n",
                  "cpu.governors", "performance", "powersave", "" },
                { "cpupower.service", DONE, "/etc/cpupower-service.conf", "#GOVERNOR='ondemand'\n", "cpu.governors", "1", "2",
                  "45 tool cpupower.service (has run): sets governor and frequencies when it is started" },
                { "cpufrequtils.service", DONE, "/etc/default/cpufrequtils", "GOVERNOR=\"ondemand\"\n", "cpu.governors", "1",
                  "ondemand", NAMES("cpufrequtils.service (has run)", "/etc/default/cpufrequtils") },
                { "tlp.service", DONE, "/etc/tlp.d/10-more.conf", "CPU_BOOST_ON_AC=0\n", "cpu.turbo", "yes", "no",
                  NAMES("tlp.service (has run)", "/etc/tlp.d/10-more.conf") },
                { "tlp.service", DONE, "/etc/tlp.d/10-more.conf", "CPU_BOOST_ON_AC=1\n", "cpu.turbo", "yes", "no", "" },
                { "tlp.service", DONE, "/etc/tlp.conf", "CPU_BOOST_ON_AC=1\nCPU_BOOST_ON_BAT=0\n", "cpu.turbo", "yes", "no",
                  NAMES("tlp.service (has run)", "/etc/tlp.conf") },
                { "tlp.service", DONE, "/etc/tlp.d/10-more.conf", "CPU_BOOST_ON_AC=1\n", "cpu.governors", "1", "2",
                  "45 tool tlp.service (has run): sets what its file says for mains and battery" },
                { "auto-cpufreq.service", RUNS, "/etc/auto-cpufreq.conf", "[charger]\nturbo = auto\n", "cpu.turbo", "yes", "no",
                  NAMES("auto-cpufreq.service (pid 7)", "/etc/auto-cpufreq.conf") },
                { NM, RUNS, SCRIPT, "#!/bin/sh\nethtool -s eth0 speed 1000\n", "nic.eth0.speed", "10 Gbit/s", "1 Gbit/s",
                  NAMES("NetworkManager.service (pid 7)", SCRIPT) },
                { NM, RUNS, SCRIPT, "[ $1 = eth0 ] &&\n\tethtool -s $1 speed 1000\n", "nic.eth0.speed", "10 Gbit/s", "1 Gbit/s",
                  NAMES("NetworkManager.service (pid 7)", SCRIPT) },
                { NM, RUNS, SCRIPT, "ethtool -s eth0 speed 10000\n", "nic.eth0.speed", "10 Gbit/s", "1 Gbit/s", "" },
                { NM, RUNS, SCRIPT, "ip link set eth0 mtu 1500\n", "nic.eth0.mtu", "9000 B", "1500 B",
                  NAMES("NetworkManager.service (pid 7)", SCRIPT) },
                { NM, RUNS, SCRIPT, "ip link set eth0 mtu 9000\n", "nic.eth0.mtu", "9000 B", "1500 B", "" },
                { NM, RUNS, SCRIPT, "ethtool -s eth0 speed 1000\n", "nic.eth0.mtu", "9000 B", "1500 B",
                  LINK("NetworkManager.service") },
                { NM, RUNS, SCRIPT, "logger eth0 is up\n", "nic.eth0.speed", "10 Gbit/s", "1 Gbit/s",
                  LINK("NetworkManager.service") },
                { NM, RUNS, SCRIPT, "#!/bin/sh\n# eth0\nethtool -s eth01 speed 1000\n", "nic.eth0.speed", "1", "2",
                  LINK("NetworkManager.service") },
                { NM, RUNS, SCRIPT, "ip link set eth0 master bond0\n", "interface.bond0.ports", "eth0 eth1", "eth1",
                  NAMES("NetworkManager.service (pid 7)", SCRIPT) },
                { NM, RUNS, SCRIPT, "sysctl -w net.ipv4.conf.eth0.rp_filter=2\n", "sysctl.net.ipv4.conf.eth0.rp_filter", "1",
                  "2", NAMES("NetworkManager.service (pid 7)", SCRIPT) },
                { NM, RUNS, SCRIPT, "sysctl -w net.ipv4.conf.eth0.rp_filter=1\n", "sysctl.net.ipv4.conf.eth0.rp_filter", "1",
                  "2", "" },
                { NM, RUNS, CONF, "[keyfile]\nunmanaged-devices=interface-name:eth0\n", "nic.eth0.mtu", "9000 B", "1500 B",
                  LINK("NetworkManager.service") },
                { NM, RUNS, CONF, "[connection-x]\nmatch-device=interface-name:eth*\nethernet.mtu=1500\n", "nic.eth0.mtu",
                  "9000 B", "1500 B", NAMES("NetworkManager.service (pid 7)", CONF) },
                { NM, RUNS, CONF, "[connection-x]\nmatch-device=interface-name:eth0\n[connection-y]\nethernet.mtu=1500\n",
                  "nic.eth0.mtu", "9000 B", "1500 B", LINK("NetworkManager.service") },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=eth0\n", "nic.eth0.speed", "10 Gbit/s", "1 Gbit/s",
                  LINK("systemd-networkd.service") },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=eth0\n[Network]\nLinkLocalAddressing=ipv6\n", "nic.eth0.mtu",
                  "9000 B", "1500 B", LINK("systemd-networkd.service") },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=eth1 eth0\n[Link]\nMTUBytes=1500\n", "nic.eth0.mtu", "9000 B",
                  "1500 B", NAMES("systemd-networkd.service (pid 7)", NETWORK) },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=eth0\n[Link]\nMTUBytes=9000\n", "nic.eth0.mtu", "9000 B", "1500 B",
                  "" },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=!eth0 eth*\n[Link]\nMTUBytes=1500\n", "nic.eth0.mtu", "9000 B",
                  "1500 B", LINK("systemd-networkd.service") },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=eth1\n[Link]\nMTUBytes=1500\n[X]\nName=eth0\n", "nic.eth0.mtu",
                  "9000 B", "1500 B", LINK("systemd-networkd.service") },
                { NETWORKD, RUNS, "/etc/systemd/network/10-lan.link", "[Match]\nName=eth0\n[Link]\nMTUBytes=1500\n",
                  "nic.eth0.mtu", "9000 B", "1500 B", LINK("systemd-networkd.service") },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=eth0\n[Network]\nBond=bond0\n", "interface.bond0.ports", "eth0 eth1",
                  "eth0", NAMES("systemd-networkd.service (pid 7)", NETWORK) },
                { NETWORKD, RUNS, NETWORK, "[Match]\nName=bond0\n[Network]\nBridge=br0\n", "interface.bond0.ports", "eth0 eth1",
                  "eth0", LINK("systemd-networkd.service") },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, pool_format(scene.pool, "/.plumbline/ask/unit/%s", cases[i].unit), "%s", cases[i].state);
                tree_file(scene.tree, cases[i].path, "%s", cases[i].text);
                evidence_scene_drifts(&scene, text_starts(cases[i].item, "sysctl.") ? "running" : "fact", cases[i].item,
                                      cases[i].from, cases[i].to, RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].text, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Of a port a link tool neither makes the link nor the hardware, and a port that came or went is none of its doing. */
static void not_in_hand(void)
{
        static const struct evidence_change changes[] = {
                { "nic.eth0.link", "yes", "no" },
                { "nic.eth0.node", "0", "1" },
                { "nic.eth0.pci", "0000:01:00.0", "x" },
                { "nic.eth0.flaps", "1", "2" },
                { "nic.eth0.errors", "1", "2" },
                { "nic.eth0.driver", "ice", "x" },
                { "nic.eth1.speed", NULL, "1 Gbit/s" },
                { "nic.eth2.speed", "1 Gbit/s", NULL },
                { "interface.bond0.slowest", "1", "2" },
                { "interface.bond0.up", "eth0 eth1", "eth1" },
                { "interface.bond0.down", "0", "1" },
                { "nic.fastest", "10 Gbit/s", "1 Gbit/s" },
                { 0 },
        };
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, "/.plumbline/ask/unit/" NETWORKD, RUNS);
        tree_file(scene.tree, "/run/systemd/network/10-netplan-eth0.network", "[Match]\nName=eth0\n");
        evidence_scene_changes(&scene, "fact", changes, RIGHT, WRONG, "b");
        evidence_scene_clues(&scene);
        for (size_t i = 0; changes[i].name; i++)
                EXPECT(changes[i].name, !strstr(evidence_scene_clues_of(&scene, changes[i].name), NETWORKD));
        evidence_scene_close(&scene);
}

/* What is not for everybody is not read, be it through a link. */
static void closed_files(void)
{
        static const struct {
                const char *name;
                mode_t mode;
                const char *link; /* where the profile leads to; NULL: it is the file itself */
                bool read;
        } cases[] = {
                { "for everybody", 0644, NULL, true },
                { "for root", 0600, NULL, false },
                { "for a group", 0640, NULL, false },
                { "a link to what is for everybody", 0644, "../../real.conf", true },
                { "a link to what is for root", 0600, "../../real.conf", false },
                { "by its whole path", 0600, "/etc/real.conf", false },
                { "to nothing", 0644, "gone.conf", false },
                { "to itself", 0644, "tuned.conf", false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *path = cases[i].link ? "/etc/real.conf" : "/etc/tuned/mine/tuned.conf";
                struct evidence_scene scene;
                unsigned before;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/.plumbline/ask/unit/tuned.service", RUNS);
                tree_file(scene.tree, "/etc/tuned/active_profile", "mine\n");
                tree_file(scene.tree, path, "[sysctl]\nvm.swappiness=2\n");
                tree_mode(scene.tree, path, cases[i].mode);
                if (cases[i].link)
                        tree_link(scene.tree, "/etc/tuned/mine/tuned.conf", cases[i].link);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "1", "2", RIGHT, WRONG, "b");
                before = host_reads(scene.session.host, REACH_QUIET);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene),
                            cases[i].read ? "72 tool tuned.service (pid 7): /etc/tuned/mine/tuned.conf, its profile, names it"
                                          : "45 tool tuned.service (pid 7): sets what its profile says");
                EXPECT(cases[i].name, host_reads(scene.session.host, REACH_QUIET) > before);
                evidence_scene_close(&scene);
        }
}

/* However many items: a file is read once. */
static void read_once(void)
{
        unsigned reads[2];

        for (unsigned many = 0; many < 2; many++) {
                struct evidence_change changes[41] = { 0 };
                struct evidence_scene scene;
                unsigned before;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/.plumbline/ask/unit/" NETWORKD, RUNS);
                tree_file(scene.tree, "/.plumbline/ask/unit/tuned.service", RUNS);
                tree_file(scene.tree, "/etc/tuned/active_profile", "mine\n");
                tree_file(scene.tree, "/etc/tuned/mine/tuned.conf", "[sysctl]\nvm.swappiness=2\n");
                for (unsigned i = 0; i < 20; i++)
                        tree_file(scene.tree, pool_format(scene.pool, "/etc/systemd/network/%u.network", i),
                                  "[Match]\nName=x\n");
                for (unsigned i = 0; i < (many ? 40 : 1); i++)
                        changes[i] = (struct evidence_change){ pool_format(scene.pool, "sysctl.net.ipv4.conf.all.key%u", i),
                                                               "1", "2" };
                evidence_scene_changes(&scene, "running", changes, RIGHT, WRONG, "b");
                before = host_reads(scene.session.host, REACH_QUIET);
                evidence_scene_clues(&scene);
                reads[many] = host_reads(scene.session.host, REACH_QUIET) - before;
                evidence_scene_close(&scene);
        }
        EXPECT_NUMBER("of forty items no more than of one", reads[1], reads[0]);
}

static const struct test tests[] = {
        { "owners", owners },
        { "without_systemd", without_systemd },
        { "own_files", own_files },
        { "not_in_hand", not_in_hand },
        { "closed_files", closed_files },
        { "read_once", read_once },
        { NULL, NULL },
};

const struct suite suite_evidence_tools = { "evidence_tools", tests };

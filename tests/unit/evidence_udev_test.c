/* Which rules of udev are evidence. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define RULES        "/etc/udev/rules.d/60-x.rules"
#define RULE(words)  "file " RULES ":1, of no package, is a rule of udev " words

static void rules(void)
{
        static const struct {
                const char *name, *layer, *item, *from, *to, *rules, *clues;
        } cases[] = {
                { "a sysctl", "running", "sysctl.net.ipv4.conf.eth0.rp_filter", "1", "0",
                  "# SYSCTL{net/ipv4/conf/eth0/rp_filter}=\"1\"\nACTION==\"add\", \\\n  "
                  "SYSCTL{net/ipv4/conf/eth0/rp_filter}=\"0\"\n",
                  "66 file " RULES ":2, of no package, is a rule of udev that names it" },
                { "something else", "running", "sysctl.net.ipv4.conf.eth0.rp_filter", "1", "2",
                  "SYSCTL{net/ipv4/conf/eth0/rp_filter}=\"0\"\n", "50 " RULE("that sets it to something else") },
                { "what it was", "running", "sysctl.net.ipv4.conf.eth0.rp_filter", "1", "2",
                  "SYSCTL{net/ipv4/conf/eth0/rp_filter}=\"1\"\n", "" },
                { "a governor", "running", "cpu.governor", "performance", "powersave on 2 of 3, performance on policy2",
                  "SUBSYSTEM==\"cpu\", ATTR{cpufreq/scaling_governor}=\"powersave\"\n", "66 " RULE("that names it") },
                { "only asks for it", "running", "cpu.governor", "1", "2",
                  "SUBSYSTEM==\"cpu\", ATTR{cpufreq/scaling_governor}==\"powersave\", SYMLINK+=\"x\"\n", "" },
                { "something else online", "fact", "cpu.online", "1", "2", "SUBSYSTEM==\"memory\", ATTR{online}=\"1\"\n", "" },
                { "a port by a program", "fact", "nic.eth0.speed", "1", "2",
                  "KERNEL==\"eth0\", RUN+=\"/sbin/ethtool -s eth0 speed 100\"\n", "66 " RULE("that names it") },
                { "without a blank", "fact", "nic.eth0.speed", "1", "2",
                  "KERNEL==\"eth0\",RUN{program}+=\"/sbin/ethtool -s $name autoneg off\"\n", "66 " RULE("that names it") },
                { "another port", "fact", "nic.eth0.speed", "1", "2",
                  "KERNEL==\"eth1\", RUN+=\"/sbin/ethtool -s eth1 speed 100\"\n", "" },
                { "every port but this one", "fact", "nic.eth0.speed", "1", "2",
                  "SUBSYSTEM==\"net\", KERNEL!=\"eth0\", RUN+=\"/bin/true speed\"\n", "" },
                { "another attribute", "fact", "nic.eth0.speed", "1", "2",
                  "SUBSYSTEM==\"net\", KERNEL==\"eth0\", ATTR{tx_queue_len}=\"10000\"\n", "40 " RULE("about it") },
                { "another one is asked for", "fact", "nic.eth0.speed", "1", "2",
                  "KERNEL==\"eth0\", ATTR{speed}==\"1000\", ATTR{tx_queue_len}=\"10000\"\n", "40 " RULE("about it") },
                { "its attribute", "fact", "nic.eth0.mtu", "9000 B", "1500 B", "KERNEL==\"eth0\", ATTR{mtu}=\"1500\"\n",
                  "66 " RULE("that names it") },
                { "its attribute, and something else", "fact", "nic.eth0.mtu", "9000 B", "1500 B",
                  "KERNEL==\"eth0\", ATTR{mtu}=\"1400\"\n", "50 " RULE("that sets it to something else") },
                { "a program that nobody knows", "fact", "nic.eth0.mtu", "9000 B", "1500 B",
                  "KERNEL==\"eth0\", RUN+=\"/opt/tune.sh eth0\"\n", "40 " RULE("about it") },
                { "a value with a comma and a quote in it", "fact", "nic.eth0.mtu", "9000 B", "1500 B",
                  "NAME==\"eth0\", RUN+=\"/bin/x \\\"a, KERNEL!=b\\\"\", ATTR{mtu}=\"1500\"\n", "66 " RULE("that names it") },
                { "no rule at all", "fact", "nic.eth0.mtu", "9000 B", "1500 B", "eth0 mtu\n=\n\"=\n{=\nRUN+=\n,,,\nATTR{=\n",
                  "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, RULES, "%s", cases[i].rules);
                tree_time(scene.tree, RULES, RIGHT - 1000);
                tree_file(scene.tree, "/usr/lib/udev/rules.d/60-x.rules", "SYSCTL{net/ipv4/conf/eth0/rp_filter}=\"hidden\"\n");
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, cases[i].from, cases[i].to, RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

static void times(void)
{
        static const struct {
                const char *name;
                int at;
                unsigned weight;
        } cases[] = { { "before", RIGHT - 1000, 66 }, { "in between", RIGHT + 100, 88 }, { "afterwards", WRONG + 10, 60 } };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, RULES, "KERNEL==\"eth0\", ATTR{mtu}=\"1500\"\n");
                tree_time(scene.tree, RULES, cases[i].at);
                evidence_scene_drifts(&scene, "fact", "nic.eth0.mtu", "9000 B", "1500 B", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene),
                            pool_format(scene.pool, "%u " RULE("that names it"), cases[i].weight));
                evidence_scene_close(&scene);
        }
}

/* A rule that only root may read may hold a password, so that it is not opened: neither as it is, nor through a link. */
static void root_only_rules(void)
{
        static const char rule[] = "KERNEL==\"eth0\", RUN+=\"/sbin/ethtool -s eth0 speed 100 --password=sesame\"\n";
        static const char unseen[] = "/etc/udev/rules.d/60-x.rules: left unread, since not everybody may read it";
        static const struct {
                const char *name;
                bool link;
                mode_t mode;
                const char *clues, *unseen;
        } cases[] = {
                { "for all", false, 0644,
                  "66 file /etc/udev/rules.d/60-x.rules:1, of no package, is a rule of udev that names it", NULL },
                { "for root", false, 0600, "", unseen },
                { "for its group", false, 0640, "", unseen },
                { "a link for all", true, 0644,
                  "66 file /etc/udev/rules.d/60-x.rules:1, of no package, is a rule of udev that names it", NULL },
                { "a link for root", true, 0600, "", unseen },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *path = cases[i].link ? "/opt/x.rules" : "/etc/udev/rules.d/60-x.rules";
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, path, "%s", rule);
                tree_mode(scene.tree, path, cases[i].mode);
                tree_time(scene.tree, path, RIGHT - 1000);
                if (cases[i].link)
                        tree_link(scene.tree, "/etc/udev/rules.d/60-x.rules", "../../../opt/x.rules");
                evidence_scene_drifts(&scene, "fact", "nic.eth0.speed", "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                EXPECT_TEXT(cases[i].name, scene.drift->unseen, cases[i].unseen);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "rules", rules },
        { "times", times },
        { "root_only_rules", root_only_rules },
        { NULL, NULL },
};

const struct suite suite_evidence_udev = { "evidence_udev", tests };

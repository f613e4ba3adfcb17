/* Evidence of a port that is gone: sysfs tells nothing of it any more, and the baseline knows where it was and what drove it. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void ports(void)
{
        static const struct evidence_change gone[] = {
                { "interface.eth0.mtu", "1500 B", NULL }, { "nic.eth0.driver", "mlx5_core", NULL },
                { "nic.eth0.pci", "0000:00:19.0", NULL }, { "nic.eth0.speed", "1 Gbit/s", NULL },
                { "nic.eth1.speed", "1 Gbit/s", NULL },   { 0 }
        };
        static const struct evidence_change odd[] = { { "nic.eth0.driver", "", NULL },
                                                      { "nic.eth0.pci", "modprobe", NULL },
                                                      { "nic.eth0.speed", "1 Gbit/s", NULL },
                                                      { 0 } };
#define TEE         "/usr/bin/tee /sys/bus/pci/devices/0000:00:19.0/remove"
#define BY(command) "95 command alice by sudo: " command
        static const struct {
                const char *name, *item, *command, *kernel, *clues;
                const struct evidence_change *changes;
        } cases[] = {
                { "by sysfs", "nic.eth0.speed", TEE, "x", BY(TEE), gone },
                { "another address", "nic.eth0.speed", "/usr/bin/tee /sys/bus/pci/devices/0000:00:19.1/remove", "x", "", gone },
                { "another port", "nic.eth1.speed", TEE, "x", "", gone },
                { "by its driver", "nic.eth0.speed", "/usr/sbin/modprobe -r mlx5_core", "x",
                  BY("/usr/sbin/modprobe -r mlx5_core"), gone },
                { "its interface", "interface.eth0.mtu", "/usr/sbin/rmmod mlx5-core", "x",
                  BY("/usr/sbin/rmmod mlx5-core") "; 85 hardware eth0 is gone; 60 hardware eth1 is gone", gone },
                { "another driver", "nic.eth0.speed", "/usr/sbin/modprobe -r mlx5_core2", "x", "", gone },
                { "no more than its name", "nic.eth0.speed", "/usr/bin/echo mlx5_core", "x", "", gone },
                { "perhaps a port's of which none is known", "nic.eth1.speed", "/usr/sbin/modprobe -r mlx5_core", "x",
                  "55 command alice by sudo: /usr/sbin/modprobe -r mlx5_core", gone },
                { "by the kernel's word", "nic.eth0.speed", "/bin/true", "mlx5_core 0000:00:19.0: Shutdown was called",
                  "80 kernel the kernel said: mlx5_core 0000:00:19.0: Shutdown was called", gone },
                { "what is no address, and no driver", "nic.eth0.speed", "/usr/sbin/modprobe -r e", "e 1", "", odd },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, COMMANDS, BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=%s\n", cases[i].command);
                tree_file(scene.tree, "/.plumbline/ask/journal/kernel/day", BETWEEN "kernel %s\n", cases[i].kernel);
                evidence_scene_changes(&scene, "fact", cases[i].changes, RIGHT, WRONG, "b");
                evidence_scene_clues(&scene);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues_of(&scene, cases[i].item), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "ports", ports },
        { NULL, NULL },
};

const struct suite suite_evidence_gone = { "evidence_gone", tests };

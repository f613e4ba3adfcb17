/* Commands that only look, and so did nothing. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* sudo began no shell: signs of one are words. */
static void looks(void)
{
        static const char *const keys[] = {
                "/usr/bin/grep -E swappiness|dirty /proc/sys/vm/swappiness",
                "/usr/bin/grep -nE (vm.swappiness|vm.dirty) /etc/sysctl.conf",
                "/usr/bin/grep -n ^vm.swappiness$ /etc/sysctl.d/99-ours.conf",
                "/usr/bin/watch -n1 cat /proc/sys/vm/swappiness",
                "/bin/bash -c cat\\ /proc/sys/vm/swappiness",
                "/usr/bin/find /proc/sys/vm -name swappiness",
                "/usr/bin/find /etc -name x.conf -exec grep vm.swappiness {} ;",
                "/usr/bin/awk {print} /proc/sys/vm/swappiness",
                "/usr/bin/sed -n s/vm.swappiness//p /etc/sysctl.d/holds.conf",
                "/usr/bin/rsync -a /etc/sysctl.d/ backup:/",
                "/usr/bin/cp /etc/sysctl.d/99-ours.conf /root/backup/",
                "/usr/bin/tar czf /root/x.tgz /etc/sysctl.d",
                "/usr/bin/echo vm.swappiness=60",
                "/usr/bin/logger vm.swappiness was changed",
                "/usr/bin/git commit -m vm.swappiness",
                "/usr/bin/plumbline --root / explain sysctl.vm.swappiness",
                "/usr/sbin/sysctl -a --pattern vm.swappiness",
        };
        static const char *const governors[] = {
                "/usr/bin/cpupower -c all frequency-info", "/usr/bin/cpupower --cpu all frequency-info",
                "/usr/bin/cpupower -c all idle-set -D 2",  "/usr/bin/cpupower set -b 0",
                "/usr/bin/tail -f /var/log/governor.log",
        };
        static const char *const ports[] = {
                "/usr/bin/tcpdump -ni eth0",
                "/usr/bin/ping -I eth0 10.0.0.1",
                "/usr/sbin/ifconfig eth0",
                "/usr/bin/networkctl status eth0",
                "/usr/bin/nmcli device show eth0",
                "/usr/sbin/tc -s qdisc show dev eth0",
                "/usr/sbin/lldpctl eth0",
                "/usr/sbin/arping -I eth0 10.0.0.1",
                "/usr/bin/nload eth0",
                "/usr/bin/nmcli -f all con show eth0",
        };
        static const struct {
                const char *const *words;
                size_t count;
                const char *layer, *item;
        } tables[] = {
                { keys, COUNT(keys), "running", "sysctl.vm.swappiness" },
                { governors, COUNT(governors), "running", "cpu.governor" },
                { ports, COUNT(ports), "fact", "nic.eth0.speed" },
        };

        for (size_t i = 0; i < COUNT(tables); i++)
                for (size_t j = 0; j < tables[i].count; j++) {
                        struct evidence_scene scene;

                        evidence_scene_open(&scene);
                        tree_file(scene.tree, COMMANDS,
                                  "oldest_us 1000\n" BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=%s\n",
                                  tables[i].words[j]);
                        tree_file(scene.tree, "/etc/sysctl.d/holds.conf", "vm.swappiness = 60\n");
                        evidence_scene_drifts(&scene, tables[i].layer, tables[i].item, "5", "60", RIGHT, WRONG, "b");
                        EXPECT_TEXT(tables[i].words[j], evidence_scene_commands(&scene), "");
                        evidence_scene_close(&scene);
                }
}

static const struct test tests[] = {
        { "looks", looks },
        { NULL, NULL },
};

const struct suite suite_evidence_lookers = { "evidence_lookers", tests };

/* Which commands are evidence, how much they weigh, and what is said of them. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define SUDO(words)  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=" words "\n"
#define SHELL(words) BETWEEN "shell " words "\n"
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void commands(void)
{
        static const struct {
                const char *name, *layer, *item, *lines, *clues;
        } cases[] = {
                { "the key", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60\n",
                  "97 command alice by sudo: /usr/sbin/sysctl -w vm.swappiness=60" },
                { "another key", "running", "sysctl.vm.swappiness", SUDO("/usr/sbin/sysctl -w vm.swappiness2=60"), "" },
                { "another time", "running", "sysctl.vm.swappiness",
                  "entry 1600000500000000 sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60\n",
                  "" },
                { "a shell", "running", "sysctl.vm.swappiness", SUDO("/bin/bash -l"),
                  "35 command alice opened a shell as root by sudo: /bin/bash -l" },
                { "what is behind -c is no shell", "running", "sysctl.vm.swappiness",
                  SUDO("/bin/sh -c echo 1 > /sys/block/nvme1n1/device/device/remove") SUDO("/bin/sh -c 'echo 1 > /x'")
                          SUDO("/usr/bin/bash -lc ls") SUDO("/usr/bin/bash -o pipefail -ec ls") SUDO("/usr/bin/su - root -c ls")
                                  SUDO("/usr/bin/su --command=ls") SUDO("/usr/bin/fish --command ls")
                                          SUDO("/usr/bin/bash --rcfile /x -c ls"),
                  "" },
                { "unless it is one", "running", "sysctl.vm.swappiness", SUDO("/bin/sh -c 'cd /x; exec bash -l'"),
                  "35 command alice opened a shell as root by sudo: /bin/sh -c 'cd /x; exec bash -l'" },
                { "and names what it names", "running", "sysctl.vm.swappiness",
                  SUDO("/bin/sh -c 'echo 60 > /proc/sys/vm/swappiness'") SUDO("/bin/sh -c 'cat /proc/sys/vm/swappiness'")
                          SUDO("/bin/sh -c cat /proc/sys/vm/swappiness") SHELL("sh -c 'cat /proc/sys/vm/swappiness'"),
                  "97 command alice by sudo: /bin/sh -c 'echo 60 > /proc/sys/vm/swappiness'" },
                { "more shells", "running", "sysctl.vm.swappiness",
                  SUDO("/usr/bin/bash -o emacs") SUDO("/usr/bin/su") SUDO("/usr/bin/su - root") SUDO("/usr/bin/basher"),
                  "35 command alice opened a shell as root by sudo: /usr/bin/bash -o emacs; "
                  "35 command alice opened a shell as root by sudo: /usr/bin/su; "
                  "35 command alice opened a shell as root by sudo: /usr/bin/su - root; "
                  "20 command alice ran as root by sudo: /usr/bin/basher" },
                { "a script", "running", "sysctl.vm.swappiness", SUDO("/usr/bin/bash -e /root/fix.sh -c"),
                  "35 command alice ran a script as root by sudo: /usr/bin/bash -e /root/fix.sh -c" },
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
                  SUDO("list") SUDO("list /usr/sbin/sysctl -w vm.swappiness=1") SUDO("validate vm.swappiness"), "" },
                { "the file that holds it", "running", "sysctl.vm.swappiness", SUDO("/usr/bin/vi /etc/sysctl.d/holds.conf"),
                  "95 command alice by sudo: /usr/bin/vi /etc/sysctl.d/holds.conf" },
                { "from within its folder", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/etc/sysctl.d ; USER=root ; COMMAND=/usr/bin/tee -a holds.conf\n",
                  "95 command alice by sudo: /usr/bin/tee -a holds.conf" },
                { "a file that could have held it", "running", "sysctl.vm.swappiness",
                  SUDO("/usr/bin/vi /etc/sysctl.d/gone.conf"),
                  "55 command alice by sudo: /usr/bin/vi /etc/sysctl.d/gone.conf" },
                { "a file of something else", "running", "sysctl.vm.swappiness", SUDO("/usr/bin/vi /etc/motd"), "" },
                { "the file of the step", "files", "limits", SUDO("/usr/bin/tee /etc/of/step"),
                  "95 command alice by sudo: /usr/bin/tee /etc/of/step" },
                { "huge pages by sysctl", "fact", "hugepages.2M.total", SUDO("/usr/sbin/sysctl -w vm.nr_hugepages=100"),
                  "95 command alice by sudo: /usr/sbin/sysctl -w vm.nr_hugepages=100" },
                { "huge pages by the kernel's file", "running", "sysctl.vm.nr_hugepages",
                  BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/bin/tee "
                          "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages\n",
                  "95 command alice by sudo: /usr/bin/tee /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages" },
                { "huge pages by a file that is gone", "running", "hugepages.2M", SUDO("/usr/bin/rm /etc/sysctl.d/pages.conf"),
                  "55 command alice by sudo: /usr/bin/rm /etc/sysctl.d/pages.conf" },
                { "a VLAN", "fact", "interface.eth0.100.kind",
                  SUDO("/usr/sbin/ip link del eth0.100") SUDO("/usr/sbin/ip link set eth0 down"),
                  "95 command alice by sudo: /usr/sbin/ip link del eth0.100" },
                { "a mount point", "fact", "disk./data.options",
                  SUDO("/usr/bin/cp x /data/feed1.log") SUDO("/usr/bin/mount -o remount,ro /data/")
                          SUDO("/usr/bin/mount /mnt/data") SUDO("/usr/sbin/tune2fs -o acl /dev/sdb1")
                                  SUDO("/usr/bin/mount /dev/sdc1 /data2") SUDO("/usr/bin/mount -a") SUDO("/usr/bin/mount -l")
                                          SUDO("/usr/bin/vi /etc/fstab") SUDO("/usr/bin/systemctl stop data.mount"),
                  "95 command alice by sudo: /usr/bin/mount -a; "
                  "95 command alice by sudo: /usr/bin/mount -o remount,ro /data/; "
                  "95 command alice by sudo: /usr/bin/systemctl stop data.mount; "
                  "95 command alice by sudo: /usr/bin/vi /etc/fstab; "
                  "95 command alice by sudo: /usr/sbin/tune2fs -o acl /dev/sdb1" },
                { "the root's", "fact", "disk./.free", SUDO("/usr/bin/mount -o remount,ro /") SUDO("/usr/bin/tee /x"),
                  "95 command alice by sudo: /usr/bin/mount -o remount,ro /" },
                { "a file", "fact", "file./etc/x.conf.mode",
                  SUDO("/usr/bin/chmod 644 /etc/x.conf") SUDO("/usr/bin/chmod 644 /etc/x.conf.old"),
                  "95 command alice by sudo: /usr/bin/chmod 644 /etc/x.conf" },
                { "readers", "running", "sysctl.vm.swappiness",
                  SUDO("/usr/bin/cat /proc/sys/vm/swappiness") SUDO("/usr/bin/grep -r vm.swappiness /etc")
                          SUDO("/usr/bin/less /etc/sysctl.d/holds.conf") SUDO("/usr/sbin/sysctl -n vm.swappiness") SUDO(
                                  "/usr/sbin/sysctl vm.swappiness=7") SUDO("/usr/sbin/sysctl -p /etc/sysctl.d/holds.conf")
                                  SHELL("sudo cat /proc/sys/vm/swappiness") SHELL("cat /root/x > /proc/sys/vm/swappiness"),
                  "95 command alice by sudo: /usr/sbin/sysctl -p /etc/sysctl.d/holds.conf; "
                  "65 command somebody in a shell, by its own log: cat /root/x > /proc/sys/vm/swappiness; "
                  "45 command alice by sudo: /usr/sbin/sysctl vm.swappiness=7, which sets another value" },
                { "readers of a service", "running", "services.off.cron.service",
                  SUDO("/usr/bin/systemctl --no-pager status cron") SUDO("/usr/bin/systemctl start cron"),
                  "95 command alice by sudo: /usr/bin/systemctl start cron" },
                { "readers of a port, and another port", "fact", "nic.eth0.speed",
                  SUDO("/usr/sbin/ethtool eth0") SUDO("/usr/sbin/ethtool -S eth0") SUDO("/usr/sbin/ip -br link show eth0")
                          SUDO("/usr/sbin/ethtool -s eth1 speed 100") SUDO("/usr/sbin/ip l s eth0 down")
                                  SUDO("/usr/sbin/ip -n x link list eth0") SUDO("/usr/sbin/ip link set eth0 alias show")
                                          SUDO("/usr/sbin/ethtool -s eth0 speed 100"),
                  "95 command alice by sudo: /usr/sbin/ethtool -s eth0 speed 100; "
                  "95 command alice by sudo: /usr/sbin/ip l s eth0 down; "
                  "95 command alice by sudo: /usr/sbin/ip link set eth0 alias show" },
                { "name servers, and who only asked", "fact", "net.nameservers",
                  SUDO("/usr/bin/resolvectl dns eth0 8.8.8.8") SUDO("/usr/bin/resolvectl status")
                          SUDO("/usr/bin/vi /etc/hosts"),
                  "95 command alice by sudo: /usr/bin/resolvectl dns eth0 8.8.8.8" },
                { "no more than two lines of shells", "running", "sysctl.vm.swappiness",
                  SHELL("vi vm.swappiness=1") SHELL("vi vm.swappiness=2") SHELL("vi vm.swappiness=3"),
                  "65 command somebody in a shell, by its own log: vi vm.swappiness=2; "
                  "65 command somebody in a shell, by its own log: vi vm.swappiness=3" },
                { "what files of sysctl say", "running", "sysctl.vm.swappiness",
                  SUDO("/usr/sbin/sysctl -qp /root/holds") SUDO("/usr/sbin/sysctl -p") SUDO("/usr/sbin/sysctl --syst")
                          SUDO("/usr/sbin/sysctl -q --load=/root/other") SUDO("/usr/bin/systemctl restart systemd-sysctl")
                                  SUDO("/usr/lib/systemd/systemd-sysctl") SUDO("/usr/sbin/service procps force-reload") SUDO(
                                          "/usr/bin/systemctl status systemd-sysctl") SUDO("/usr/bin/apt-get install procps")
                                          SUDO("/usr/sbin/sysctl -aN") SUDO("/usr/sbin/sysctl --system --dry-run"),
                  "95 command alice by sudo: /usr/sbin/sysctl -qp /root/holds; "
                  "55 command alice by sudo: /usr/bin/systemctl restart systemd-sysctl; "
                  "55 command alice by sudo: /usr/lib/systemd/systemd-sysctl; "
                  "55 command alice by sudo: /usr/sbin/service procps force-reload; "
                  "55 command alice by sudo: /usr/sbin/sysctl --syst; "
                  "55 command alice by sudo: /usr/sbin/sysctl -p; "
                  "55 command alice by sudo: /usr/sbin/sysctl -q --load=/root/other" },
                { "and not what they hold", "files", "sysctl.vm.swappiness", SUDO("/usr/sbin/sysctl --system"), "" },
                { "nor another item", "fact", "nic.eth0.speed", SUDO("/usr/sbin/sysctl --system"), "" },
                { "huge pages, too", "fact", "hugepages.2M.total", SUDO("/usr/sbin/sysctl -pq /root/holds"),
                  "55 command alice by sudo: /usr/sbin/sysctl -pq /root/holds" },
                { "xxd", "running", "sysctl.vm.swappiness",
                  SUDO("/usr/bin/xxd -s +0x1 -l 16 /proc/sys/vm/swappiness") SUDO(
                          "/usr/bin/xxd -r -p /x /proc/sys/vm/swappiness") SUDO("/usr/bin/xxd -p /x /proc/sys/vm/swappiness"),
                  "95 command alice by sudo: /usr/bin/xxd -p /x /proc/sys/vm/swappiness; "
                  "95 command alice by sudo: /usr/bin/xxd -r -p /x /proc/sys/vm/swappiness" },
                { "from within /proc", "running", "sysctl.vm.swappiness",
                  BETWEEN "sudo alice : PWD=/proc/sys/vm ; USER=root ; COMMAND=/usr/bin/tee swappiness\n" BETWEEN
                          "sudo alice : PWD=/proc/sys/vm ; USER=root ; COMMAND=/usr/bin/cat swappiness\n" BETWEEN
                          "sudo alice : PWD=/proc/sys/vm ; USER=root ; COMMAND=/usr/bin/tee overcommit_memory\n" BETWEEN
                          "sudo alice : PWD=/root/vm ; USER=root ; COMMAND=/usr/bin/tee swappiness\n",
                  "95 command alice by sudo: /usr/bin/tee swappiness" },
                { "from within /sys", "fact", "nic.eth0.mtu",
                  BETWEEN "sudo alice : PWD=/sys/class/net/eth0 ; USER=root ; COMMAND=/bin/sh -c 'echo 9000 >mtu'\n" BETWEEN
                          "sudo alice : PWD=/sys/class/net/eth0 ; USER=root ; COMMAND=/usr/bin/systemctl restart cron\n",
                  "95 command alice by sudo: /bin/sh -c 'echo 9000 >mtu'" },
                { "sudoedit", "running", "sysctl.vm.swappiness", SUDO("sudoedit /proc/sys/vm/swappiness"),
                  "95 command alice by sudo: sudoedit /proc/sys/vm/swappiness" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", cases[i].lines);
                tree_file(scene.tree, "/etc/sysctl.d/holds.conf",
                          "# vm.other = 1\n-vm.swappiness = 1\nvm.overcommit_memory = 1\n");
                tree_file(scene.tree, "/root/holds", "vm.swappiness = 60\n");
                tree_file(scene.tree, "/proc/sys/vm/swappiness", "60\n");
                tree_file(scene.tree, "/sys/class/net/eth0/mtu", "1500\n");
                tree_file(scene.tree, "/proc/self/mountinfo",
                          "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n36 21 8:17 / /data rw shared:1 - ext4 /dev/sdb1 rw\n");
                plan_note(scene.examination.plan, &(struct setting){ .id = "limits" }, STATUS_PASS, LAYER_FILES,
                          "/etc/of/step:7", "1", "1", NULL);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* What one line of sudo's gives away; a folder, the environment and a command may all hold what looks like its fields. */
#define SWAP "/usr/sbin/sysctl -w vm.swappiness=60"
static void sudo_lines(void)
{
        static const struct {
                const char *name, *fields, *clues;
        } cases[] = {
                { "a host", "HOST=box ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=" SWAP, "97 command alice by sudo: " SWAP },
                { "another root", "CHROOT=/srv ; PWD=/ ; USER=root ; COMMAND=" SWAP, "97 command alice by sudo: " SWAP },
                { "sudo-rs without a terminal", " PWD=/ ; USER=root ; COMMAND=" SWAP, "97 command alice by sudo: " SWAP },
                { "no folder", "USER=root ; COMMAND=" SWAP, "97 command alice by sudo: " SWAP },
                { "all of them",
                  "HOST=box ; TTY=pts/0 ; CHROOT=/x ; PWD=/ ; USER=root ; GROUP=domain users ; TSID=000001 ; ENV=A=b C=d ; "
                  "COMMAND=" SWAP,
                  "97 command alice by sudo: " SWAP },
                { "another order", "PWD=/ ; USER=root ; TSID=000001 ; GROUP=adm ; COMMAND=" SWAP,
                  "97 command alice by sudo: " SWAP },
                { "a folder with a command in it", "PWD=/x ; COMMAND=list ; USER=root ; COMMAND=" SWAP,
                  "97 command alice by sudo: " SWAP },
                { "a folder with all of it in it", "PWD=/x ; USER=bob ; COMMAND=list ; USER=root ; COMMAND=" SWAP,
                  "75 command alice by sudo: list ; USER=root ; COMMAND=" SWAP },
                { "a command with a command in it", "PWD=/ ; USER=root ; COMMAND=" SWAP " ' ; USER=bob ; COMMAND=list'",
                  "97 command alice by sudo: " SWAP " ' ; USER=bob ; COMMAND=list'" },
                { "an environment with a command in it", "PWD=/ ; USER=root ; ENV=A=b ; COMMAND=list ; COMMAND=" SWAP,
                  "75 command alice by sudo: list ; COMMAND=" SWAP },
                { "a folder of such a name is the folder",
                  "PWD=/etc/sysctl.d/x ; y/.. ; USER=root ; COMMAND=/usr/bin/tee holds.conf",
                  "55 command alice by sudo: /usr/bin/tee holds.conf" },
                { "too long", "TTY=pts/0 ; PWD=/xxxxxxxxxxxxxxxxxxxxxxxxx",
                  "35 command alice by sudo: what, its line is too long to tell" },
                { "refused", "command not allowed ; PWD=/ ; USER=root ; COMMAND=" SWAP, "" },
                { "refused, by another word", "3 incorrect password attempts ; PWD=/ ; USER=root ; COMMAND=" SWAP, "" },
                { "asked for", "PWD=/ ; USER=root ; COMMAND=list " SWAP, "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n" BETWEEN "sudo    alice : %s\n", cases[i].fields);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "1", "60", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "sudo_lines", sudo_lines },
        { "commands", commands },
        { NULL, NULL },
};

const struct suite suite_evidence_commands = { "evidence_commands", tests };

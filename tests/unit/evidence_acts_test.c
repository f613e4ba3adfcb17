/* Commands taken apart: what is wrapped, what sets another value, which files and tools are meant. */

#include "tests/unit/evidence_scene.h"

#include "agent/core/fact.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define KEY               "sysctl.vm.swappiness"
#define IN(folder, words) BETWEEN "sudo alice : PWD=" folder " ; USER=root ; COMMAND=" words "\n"
#define SUDO(words)       IN("/", words)
#define SHELL(words)      BETWEEN "shell " words "\n"
#define BY(words)         " command alice by sudo: " words
#define OTHER             ", which sets another value"
#define RAN(words)        "20 command alice ran as root by sudo: " words
#define OPENED(words)     "35 command alice opened a shell as root by sudo: " words
#define COUNT(table)      (sizeof(table) / sizeof((table)[0]))

struct row {
        const char *name, *layer, *item, *from, *to, *lines, *clues;
};

/* What the unit probe says of one that failed. */
static void add_failed_unit(struct facts *facts)
{
        static const struct fact_info infos[] = {
                { .name = "units.failed", .kind = VALUE_NUMBER, .unit = UNIT_COUNT, .help = "x", .where = "x" },
                { .name = NULL }
        };

        facts->infos = infos;
        fact_known(facts, value_number(1, UNIT_COUNT), "units", "units.failed");
        fact_note(facts, "feed.service");
}

static void try(const struct row *row)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", row->lines);
        tree_file(scene.tree, "/etc/sysctl.d/holds.conf", "vm.swappiness = 60\n");
        tree_file(scene.tree, "/proc/sys/vm/swappiness", "60\n");
        plan_note(scene.examination.plan, &(struct setting){ .id = "sysctl" }, STATUS_PASS, LAYER_FILES,
                  "/etc/sysctl.d/99-ours.conf", "1", "1", NULL);
        add_failed_unit(scene.examination.facts);
        evidence_scene_drifts(&scene, row->layer, row->item, row->from, row->to, RIGHT, WRONG, "b");
        EXPECT_TEXT(row->name, evidence_scene_commands(&scene), row->clues);
        evidence_scene_close(&scene);
}

static void swappiness(const char *name, const char *lines, const char *clues)
{
        try(&(struct row){ name, "running", KEY, "5", "60", lines, clues });
}

/* Real lines of sudo 1.9.13p3, for `sudo -i CMD` and `sudo -s CMD`. */
static void behind_backslashes(void)
{
        static const struct {
                const char *name, *words, *clues;
        } cases[] = {
                { "sudo -i", "/bin/bash --login -c 'sysctl -w vm\\\\.swappiness\\\\=60'",
                  "97" BY("/bin/bash --login -c 'sysctl -w vm\\\\.swappiness\\\\=60'") },
                { "sudo -s", "/bin/bash -c 'sysctl -w vm\\\\.swappiness\\\\=60'",
                  "97" BY("/bin/bash -c 'sysctl -w vm\\\\.swappiness\\\\=60'") },
                { "older", "/bin/bash -c sysctl -w vm\\.swappiness\\=60",
                  "97" BY("/bin/bash -c sysctl -w vm\\.swappiness\\=60") },
                { "a file that is loaded", "/bin/bash --login -c 'sysctl -p \\\\/etc\\\\/sysctl\\\\.d\\\\/holds\\\\.conf'",
                  "95" BY("/bin/bash --login -c 'sysctl -p \\\\/etc\\\\/sysctl\\\\.d\\\\/holds\\\\.conf'") },
                { "a file that is written", "/bin/bash --login -c 'tee \\\\/proc\\\\/sys\\\\/vm\\\\/swappiness'",
                  "95" BY("/bin/bash --login -c 'tee \\\\/proc\\\\/sys\\\\/vm\\\\/swappiness'") },
                { "a file that is read", "/bin/bash --login -c 'cat \\\\/proc\\\\/sys\\\\/vm\\\\/swappiness'", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer line = { 0 };

                text_addf(&line, IN("/root", "%s"), cases[i].words);
                swappiness(cases[i].name, line.at, cases[i].clues);
        }
}

/* Each word of it could be all of it again. */
static void without_end(void)
{
        autobuffer struct text_buffer line = { 0 }, clue = { 0 };

        text_add(&line, BETWEEN "sudo alice : PWD=/ ; USER=root ; COMMAND=/bin/sh -c 'sysctl -w vm.swappiness=60 ");
        text_addf(&line, "%0120d", 0);
        for (unsigned i = 0; i < 100; i++)
                text_add(&line, "; eval $x");
        text_add(&line, "'\n");
        text_addf(&clue,
                  "97" BY("/bin/sh -c 'sysctl -w vm.swappiness=60 %0118d... and in it: sysctl -w vm.swappiness=60 %0120d"), 0,
                  0);
        swappiness("without an end", line.at, clue.at);
}

static void wrapped(void)
{
        static const struct {
                const char *words, *clues;
        } cases[] = {
                { "/usr/bin/env A=b LC_ALL=C nice -n 5 sysctl -w vm.swappiness=60",
                  "97" BY("/usr/bin/env A=b LC_ALL=C nice -n 5 sysctl -w vm.swappiness=60") },
                { "/usr/bin/timeout -k 5 10 tee /proc/sys/vm/swappiness",
                  "95" BY("/usr/bin/timeout -k 5 10 tee /proc/sys/vm/swappiness") },
                { "/usr/bin/env cat /proc/sys/vm/swappiness", "" },
                { "/usr/bin/env bash", OPENED("/usr/bin/env bash") },
                { "/usr/bin/nohup bash", OPENED("/usr/bin/nohup bash") },
                { "/usr/bin/tmux", OPENED("/usr/bin/tmux") },
                { "/usr/bin/tmux attach -t root", OPENED("/usr/bin/tmux attach -t root") },
                { "/usr/bin/tmux ls", "" },
                { "/usr/bin/screen -r", OPENED("/usr/bin/screen -r") },
                { "/usr/bin/screen -ls", "" },
                { "/usr/bin/nsenter -t 1 -m bash", OPENED("/usr/bin/nsenter -t 1 -m bash") },
                { "/usr/bin/nsenter -t 1 -m", OPENED("/usr/bin/nsenter -t 1 -m") },
                { "/usr/bin/machinectl shell", OPENED("/usr/bin/machinectl shell") },
                { "/usr/bin/machinectl list", "" },
                { "/usr/bin/su - postgres", "" },
                { "/usr/bin/su -c psql postgres", "" },
                { "/usr/bin/su postgres -c psql", "" },
                { "/usr/bin/su -c 'tee /proc/sys/vm/swappiness' postgres", "" },
                { "/usr/bin/su -c 'tee /proc/sys/vm/swappiness' root",
                  "95" BY("/usr/bin/su -c 'tee /proc/sys/vm/swappiness' root") },
                { "/usr/sbin/runuser -u postgres psql", "" },
                { "/usr/bin/su - root", OPENED("/usr/bin/su - root") },
                { "/usr/bin/bash --version", "" },
                { "/usr/bin/bash -n /opt/x.sh", "" },
                { "/usr/bin/bash -x /opt/x.sh", "35 command alice ran a script as root by sudo: /usr/bin/bash -x /opt/x.sh" },
                { "./tune.sh", RAN("./tune.sh") },
                { "/usr/bin/python3", RAN("/usr/bin/python3") },
                { "/usr/bin/vim", RAN("/usr/bin/vim") },
                { "/usr/bin/vim /etc/motd", "" },
                { "/usr/bin/mc", RAN("/usr/bin/mc") },
                { "/opt/puppetlabs/bin/puppet agent -t", RAN("/opt/puppetlabs/bin/puppet agent -t") },
                { "/bin/sh -c 'echo BECOME-SUCCESS-ab ; /usr/bin/python3 /home/d/AnsiballZ_sysctl.py'",
                  RAN("/bin/sh -c 'echo BECOME-SUCCESS-ab ; /usr/bin/python3 /home/d/AnsiballZ_sysctl.py'") },
                { "/usr/sbin/ip link set eth7 up", "" },
                { "/usr/bin/tuned-adm list", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer line = { 0 };

                text_addf(&line, SUDO("%s"), cases[i].words);
                swappiness(cases[i].words, line.at, cases[i].clues);
        }
        swappiness("two of what ran are told, below what is better",
                   SUDO("./a") SUDO("./b") SUDO("./c") SUDO("/bin/bash") SUDO("/usr/bin/tee /proc/sys/vm/swappiness"),
                   "95" BY("/usr/bin/tee /proc/sys/vm/swappiness") "; " OPENED("/bin/bash") "; " RAN("./b") "; " RAN("./c"));
        swappiness("not of another user", BETWEEN "sudo alice : PWD=/ ; USER=bob ; COMMAND=./a\n", "");
}

/* What a shell is told is judged part by part. */
static void scripts(void)
{
        static const struct {
                const char *words, *clues;
        } cases[] = {
                { "cat /proc/sys/vm/swappiness | tee /tmp/report", "" },
                { "sysctl vm.swappiness; free -m", "" },
                { "sysctl -n vm.swappiness 2>/dev/null", "" },
                { "sysctl -n vm.swappiness >/tmp/x 2>&1", "" },
                { "grep -E \"swappiness|dirty\" /proc/sys/vm/swappiness && echo yes || echo no", "" },
                { "free -m; sysctl -w vm.swappiness=60", "97" },
                { "free -m & sysctl -w vm.swappiness=60", "97" },
                { "true && { sysctl -w vm.swappiness=60; }", "97" },
                { "(sysctl -w vm.swappiness=60)", "97" },
                { "ls#012sysctl -w vm.swappiness=60", "97" },
                { "echo it is; echo done >/dev/null; echo 60 >/proc/sys/vm/swappiness", "97" },
                { "cd /proc/sys/vm && echo 60 > swappiness", "97" },
                { "for f in /proc/sys/vm/swappiness; do echo 60 > $f; done", "95" },
                { "for f in /proc/sys/vm/swappiness; do cat $f; done", "" },
                { "echo $(sysctl -w vm.swappiness=60)", "97" },
                { "echo \"$(sysctl -w vm.swappiness=60)\"", "97" },
                { "echo `sysctl -w vm.swappiness=60`", "97" },
                { "echo sysctl -w vm.swappiness=60 | sh", "97" },
                { "echo vm.swappiness=60 | sysctl -p -", "97" },
                { "echo 60 | tee /proc/sys/vm/swappiness", "97" },
                { "echo 5 | tee /proc/sys/vm/swappiness", "45" },
                { "find /proc/sys/vm/swappiness | xargs tee", "95" },
                { "if true; then sysctl -w vm.swappiness=60; fi", "97" },
                { "exec sysctl -w vm.swappiness=60", "97" },
                { "bash -c \"sysctl -w vm.swappiness=60\"", "97" },
                { "echo don\\\\'t; sysctl -w vm.swappiness=60", "97" },
                { "echo it's; sysctl -w vm.swappiness=60", "97" },
                { "echo vm.swappiness=60", "" },
                { "echo vm.swappiness=60 >> /etc/sysctl.d/gone.conf", "97" },
                { "echo vm.swappiness=5 >> /etc/sysctl.d/gone.conf", "45" },
                { "echo # none >> /etc/sysctl.d/holds.conf", "95" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer line = { 0 }, clues = { 0 };

                text_addf(&line, SUDO("/bin/sh -c '%s'"), cases[i].words);
                if (*cases[i].clues)
                        text_addf(&clues, "%s" BY("/bin/sh -c '%s'%s"), cases[i].clues, cases[i].words,
                                  text_equals(cases[i].clues, "45") ? OTHER : "");
                swappiness(cases[i].words, line.at, clues.at ? clues.at : "");
        }
        swappiness("of a long one what in it counts",
                   SUDO("/bin/sh -c 'echo "
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                        "aaaaaaaaaaaaaaaaaa"
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; sysctl -w vm.swappiness=60'"),
                   "97" BY("/bin/sh -c 'echo "
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "aaaaaaaaaaaaaaaaaaaaa"
                           "aaaaaaaaaaaaaaaaaaaa... and in it: sysctl -w vm.swappiness=60"));
}

static void rows(void)
{
        static const struct row cases[] = {
                { "what may only look goes behind the kernel's word", "fact", "nic.eth0.speed", "1 Gbit/s", "100 Mbit/s",
                  SUDO("/opt/diag eth0") SUDO("/usr/sbin/ifconfig eth0 down"),
                  "95 command alice by sudo: /usr/sbin/ifconfig eth0 down; "
                  "75 command alice by sudo: /opt/diag eth0" },
                /* values */
                { "another value", "running", KEY, "5", "60", SUDO("/sbin/sysctl -w vm.swappiness=5"),
                  "45 command alice by sudo: /sbin/sysctl -w vm.swappiness=5, which sets another value" },
                { "the value first", "running", KEY, "5", "60",
                  SUDO("/sbin/sysctl -w vm/swappiness=60") SUDO("/usr/bin/tee /proc/sys/vm/swappiness"),
                  "97 command alice by sudo: /sbin/sysctl -w vm/swappiness=60; "
                  "95 command alice by sudo: /usr/bin/tee /proc/sys/vm/swappiness" },
                { "the last of several", "running", KEY, "5", "60", SUDO("/sbin/sysctl -w vm.swappiness=5 vm.swappiness=0x3c"),
                  "97 command alice by sudo: /sbin/sysctl -w vm.swappiness=5 vm.swappiness=0x3c" },
                { "several words", "running", "sysctl.net.ipv4.tcp_rmem", "4096 1 2", "4096\t87380\t6291456",
                  SUDO("/sbin/sysctl -w net.ipv4.tcp_rmem=4096 87380 6291456")
                          SUDO("/sbin/sysctl -w 'net.ipv4.tcp_rmem=4096 1 2'"),
                  "97 command alice by sudo: /sbin/sysctl -w net.ipv4.tcp_rmem=4096 87380 6291456; "
                  "45 command alice by sudo: /sbin/sysctl -w 'net.ipv4.tcp_rmem=4096 1 2', which sets another value" },
                { "a value that is not readable now", "running", KEY, "5", NULL, SUDO("/sbin/sysctl -w vm.swappiness=5"),
                  "95 command alice by sudo: /sbin/sysctl -w vm.swappiness=5" },
                { "a speed", "fact", "nic.eth0.speed", "1 Gbit/s", "10 Gbit/s",
                  SUDO("/sbin/ethtool -s eth0 speed 1000 duplex full") SUDO("/sbin/ethtool -s eth0 speed 10000"),
                  "97 command alice by sudo: /sbin/ethtool -s eth0 speed 10000; "
                  "45 command alice by sudo: /sbin/ethtool -s eth0 speed 1000 duplex full, which sets another value" },
                { "an MTU", "fact", "nic.eth0.mtu", "9000 B", "1500 B",
                  SUDO("/sbin/ip link set dev eth0 mtu 9000") SUDO("/sbin/ip link set dev eth0 mtu 1500"),
                  "97 command alice by sudo: /sbin/ip link set dev eth0 mtu 1500; "
                  "45 command alice by sudo: /sbin/ip link set dev eth0 mtu 9000, which sets another value" },
                { "a governor", "running", "cpu.governor", "performance", "powersave",
                  SUDO("/usr/bin/cpupower frequency-set -g performance")
                          SUDO("/usr/bin/cpupower -c all frequency-set -g powersave"),
                  "97 command alice by sudo: /usr/bin/cpupower -c all frequency-set -g powersave; "
                  "45 command alice by sudo: /usr/bin/cpupower frequency-set -g performance, which sets another value" },
                /* what stands in files */
                { "what runs is not what stands in files", "files", KEY, "5", "60",
                  SUDO("/sbin/sysctl -w vm.swappiness=60") SUDO("/usr/bin/tee /proc/sys/vm/swappiness")
                          SUDO("/bin/sh -c 'echo 60 >/proc/sys/vm/swappiness'") SUDO("/opt/test vm.swappiness 60")
                                  SUDO("/usr/bin/vi /etc/sysctl.d/holds.conf")
                                          SUDO("/bin/sh -c 'echo vm.swappiness=60 >>/etc/sysctl.d/holds.conf'"),
                  "97 command alice by sudo: /bin/sh -c 'echo vm.swappiness=60 >>/etc/sysctl.d/holds.conf'; "
                  "95 command alice by sudo: /usr/bin/vi /etc/sysctl.d/holds.conf; "
                  "55 command alice by sudo: /opt/test vm.swappiness 60" },
                { "nor what the next boot does", "next-boot", "services.off.cron.service", "off", "on",
                  SUDO("/usr/bin/systemctl enable cron") SUDO("/opt/look cron"),
                  "95 command alice by sudo: /usr/bin/systemctl enable cron; "
                  "55 command alice by sudo: /opt/look cron" },
                { "the boot loader's tools", "next-boot", "kernel.next", "a", "b", SUDO("/usr/sbin/grub-set-default 1"),
                  "95 command alice by sudo: /usr/sbin/grub-set-default 1" },
                /* paths */
                { "paths in other words", "files", "sysctl", "a", "absent",
                  IN("/etc", "/usr/bin/rm ./sysctl.d/99-ours.conf") IN("/etc/apt", "/usr/bin/rm ../sysctl.d/99-ours.conf") SUDO(
                          "/usr/bin/rm /etc//sysctl.d/99-ours.conf") SUDO("/bin/sh -c 'cd /etc/sysctl.d; rm 99-ours.conf'"),
                  "95 command alice by sudo: /bin/sh -c 'cd /etc/sysctl.d; rm 99-ours.conf'; "
                  "95 command alice by sudo: /usr/bin/rm ../sysctl.d/99-ours.conf; "
                  "95 command alice by sudo: /usr/bin/rm ./sysctl.d/99-ours.conf; "
                  "95 command alice by sudo: /usr/bin/rm /etc//sysctl.d/99-ours.conf" },
                { "folders above", "files", "sysctl", "a", "absent",
                  SUDO("/usr/bin/rm -r /etc/sysctl.d") SUDO("/usr/bin/rm -f /etc/sysctl.d/*.conf")
                          SUDO("/usr/bin/rsync -a --delete backup:/etc/sysctl.d/ /etc/sysctl.d/")
                                  SUDO("/usr/bin/git -C /etc checkout .") SUDO("/usr/bin/rm -r /etc/sysctl.dd")
                                          SUDO("/usr/bin/ls /etc/sysctl.d") SUDO("/usr/bin/mv /etc/sysctl.d /root/x")
                                                  SUDO("/usr/bin/rm /etc/sysctl.d/*.bak") SUDO("/usr/bin/rsync -a / backup:/"),
                  "55 command alice by sudo: /usr/bin/git -C /etc checkout .; "
                  "55 command alice by sudo: /usr/bin/mv /etc/sysctl.d /root/x; "
                  "55 command alice by sudo: /usr/bin/rm -f /etc/sysctl.d/*.conf; "
                  "55 command alice by sudo: /usr/bin/rm -r /etc/sysctl.d; "
                  "55 command alice by sudo: /usr/bin/rsync -a --delete backup:/etc/sysctl.d/ /etc/sysctl.d/" },
                { "a copy into the folder", "running", KEY, "5", "60",
                  SUDO("/usr/bin/cp /root/holds.conf /etc/sysctl.d") SUDO("/usr/bin/cp -t /etc/sysctl.d /root/new.conf"),
                  "95 command alice by sudo: /usr/bin/cp /root/holds.conf /etc/sysctl.d; "
                  "55 command alice by sudo: /usr/bin/cp -t /etc/sysctl.d /root/new.conf" },
                /* tools that do not name it */
                { "tools of the governor", "running", "cpu.governor", "performance", "powersave",
                  SUDO("/usr/sbin/tuned-adm profile powersave") SUDO("/usr/bin/powerprofilesctl set power-saver")
                          SUDO("/usr/bin/systemctl start tlp") SUDO("/usr/bin/systemctl stop tuned.service")
                                  SUDO("/usr/bin/tuned-adm active") SUDO("/usr/bin/systemctl start cups"),
                  "95 command alice by sudo: /usr/bin/systemctl start tlp; "
                  "75 command alice by sudo: /usr/bin/powerprofilesctl set power-saver; "
                  "75 command alice by sudo: /usr/sbin/tuned-adm profile powersave; "
                  "55 command alice by sudo: /usr/bin/systemctl stop tuned.service" },
                { "tuned, of a key", "running", KEY, "5", "60", SUDO("/usr/sbin/tuned-adm profile balanced"),
                  "55 command alice by sudo: /usr/sbin/tuned-adm profile balanced" },
                { "units that failed", "fact", "units.failed", "0", "1",
                  SUDO("/usr/bin/systemctl stop feed.service") SUDO("/usr/bin/systemctl kill feed")
                          SUDO("/usr/bin/systemctl restart other") SUDO("/usr/bin/systemctl status feed"),
                  "95 command alice by sudo: /usr/bin/systemctl kill feed; "
                  "95 command alice by sudo: /usr/bin/systemctl stop feed.service; "
                  "55 command alice by sudo: /usr/bin/systemctl restart other" },
                { "a unit", "fact", "unit.ssh.service.state", "active (running)", "inactive (dead)",
                  SUDO("/usr/bin/systemctl stop ssh") SUDO("/usr/bin/systemctl stop sshd2") SUDO("/usr/sbin/service ssh stop"),
                  "95 command alice by sudo: /usr/bin/systemctl stop ssh; "
                  "95 command alice by sudo: /usr/sbin/service ssh stop" },
                { "the clock", "fact", "clock.synchronized", "yes", "no",
                  SUDO("/usr/bin/timedatectl set-ntp false") SUDO("/usr/bin/timedatectl status")
                          SUDO("/usr/bin/systemctl stop chrony") SUDO("/usr/bin/date -s 12:00") SUDO("/usr/bin/date +%s"),
                  "95 command alice by sudo: /usr/bin/date -s 12:00; "
                  "95 command alice by sudo: /usr/bin/systemctl stop chrony; "
                  "95 command alice by sudo: /usr/bin/timedatectl set-ntp false" },
                { "a port by its driver, or all of them", "fact", "nic.eth0.link", "up", "down",
                  SUDO("/usr/sbin/rmmod ixgbe") SUDO("/usr/sbin/netplan apply") SUDO("/usr/sbin/ifdown -a")
                          SUDO("/usr/bin/nmcli networking off") SUDO("/usr/bin/networkctl reconfigure eth1")
                                  SUDO("/usr/sbin/netplan get"),
                  "55 command alice by sudo: /usr/bin/networkctl reconfigure eth1; "
                  "55 command alice by sudo: /usr/bin/nmcli networking off; "
                  "55 command alice by sudo: /usr/sbin/ifdown -a; "
                  "55 command alice by sudo: /usr/sbin/netplan apply; "
                  "55 command alice by sudo: /usr/sbin/rmmod ixgbe" },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                try(&cases[i]);
}

static const struct test tests[] = {
        { "behind_backslashes", behind_backslashes },
        { "without_end", without_end },
        { "wrapped", wrapped },
        { "scripts", scripts },
        { "rows", rows },
        { NULL, NULL },
};

const struct suite suite_evidence_acts = { "evidence_acts", tests };

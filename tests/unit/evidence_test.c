/* Evidence by its time, and that of packages. */

#include "tests/unit/evidence_scene.h"

#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#define KERNEL_SAID(words) BETWEEN "kernel eth0: " words "\n"
#define COUNT(table)       (sizeof(table) / sizeof((table)[0]))

/* --- times --------------------------------------------------------------------------------------------------------------- */

/* The first wrong look has an earlier time than the baseline: what fits both before and after it is only possible. */
static void clock_set_back(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        scene.session.boot_id = "c";
        tree_file(scene.tree, COMMANDS,
                  "oldest_us 1000\n"
                  "entry %d000000 sudo early : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n"
                  "entry %d000000 sudo after : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n"
                  "entry %d000000 sudo twice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n"
                  "entry %d000000 sudo never : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n",
                  RIGHT - 5000, RIGHT + 100, RIGHT - 1500, RIGHT - 500);
        scene.baseline = json_pack("{s:i, s:i, s:s, s:{s:{s:s}}}", "id", 1, "at", RIGHT - 2000, "boot_id", "b", "state",
                                   "running", "sysctl.vm.swappiness", "1");
        scene.now = json_pack("{s:{s:s}}", "running", "sysctl.vm.swappiness", "3");
        evidence_scene_record(&scene, 1, RIGHT - 2000, "b", json_object_get(scene.baseline, "state"));
        evidence_scene_record(&scene, 2, RIGHT, "b", json_object_get(scene.baseline, "state"));
        evidence_scene_record(&scene, 3, RIGHT - 1000, "c", scene.now);
        scene.session.seconds = RIGHT - 900;
        scene.drift = drift_find(scene.baseline, scene.now, NULL, scene.session.seconds, scene.history);
        EXPECT_TEXT(NULL, evidence_scene_clues(&scene),
                    "97 command after by sudo: /usr/sbin/sysctl -w vm.swappiness=3; "
                    "69 command twice by sudo: /usr/sbin/sysctl -w vm.swappiness=3; "
                    "65 reboot the host was started again: what no file carries over was gone then");
        evidence_scene_close(&scene);
}

/* One right look was of a clock that had lost its time: what happened before the looks around it did nothing. */
static void clock_lost_for_a_while(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, COMMANDS,
                  "oldest_us 1000\n"
                  "entry %d000000 sudo early : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n"
                  "entry %d000000 sudo alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=3\n",
                  RIGHT - 5000, RIGHT + 100);
        scene.baseline = json_pack("{s:i, s:i, s:s, s:{s:{s:s}}}", "id", 1, "at", RIGHT, "boot_id", "b", "state", "running",
                                   "sysctl.vm.swappiness", "1");
        scene.now = json_pack("{s:{s:s}}", "running", "sysctl.vm.swappiness", "3");
        evidence_scene_record(&scene, 1, RIGHT, "b", json_object_get(scene.baseline, "state"));
        evidence_scene_record(&scene, 2, 1000, "b", json_object_get(scene.baseline, "state"));
        evidence_scene_record(&scene, 3, WRONG, "b", scene.now);
        scene.drift = drift_find(scene.baseline, scene.now, NULL, scene.session.seconds, scene.history);
        EXPECT_TEXT(NULL, evidence_scene_clues(&scene), "97 command alice by sudo: /usr/sbin/sysctl -w vm.swappiness=3");
        evidence_scene_close(&scene);
}

/* --- packages ------------------------------------------------------------------------------------------------------------ */

#define UPGRADE "2023-11-14 22:20:00 upgrade linux-image-6.1:amd64 6.1.1 6.1.2\n"

static void packages(void)
{
        static const struct {
                const char *name, *item, *boot, *clues;
        } cases[] = {
                { "a kernel that nobody started", "kernel.tainted", "b",
                  "20 package linux-image-6.1:amd64 upgraded from 6.1.1 to 6.1.2" },
                { "a kernel that was started", "kernel.tainted", "c",
                  "80 package linux-image-6.1:amd64 upgraded from 6.1.1 to 6.1.2; 75 reboot the host was started again" },
                { "what is on the disk", "kernel.reboot_needed", "b",
                  "80 package linux-image-6.1:amd64 upgraded from 6.1.1 to 6.1.2" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/var/log/dpkg.log", "2020-01-01 00:00:00 startup archives unpack\n" UPGRADE);
                evidence_scene_drifts(&scene, "fact", cases[i].item, "1", "2", RIGHT, WRONG, cases[i].boot);
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Whose upgrade is a cause: not that of what only does as it is told. */
static void told_programs(void)
{
        static const struct {
                const char *layer, *item, *package;
                unsigned weight;
        } cases[] = {
                { "fact", "nic.fastest", "ethtool:amd64", 20 },     { "fact", "host.bios.version", "fwupd:amd64", 20 },
                { "package", "ethtool", "ethtool:amd64", 95 },      { "fact", "clock.daemons", "chrony:amd64", 80 },
                { "fact", "cpu.microcode", "intel-microcode", 80 }, { "fact", "nic.fastest", "ethtool-dbg:amd64", 20 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/var/log/dpkg.log",
                          "2020-01-01 00:00:00 startup archives unpack\n"
                          "2023-11-14 22:20:00 upgrade %s 1 2\n",
                          cases[i].package);
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].item, evidence_scene_clues(&scene),
                            pool_format(scene.pool, "%u package %s upgraded from 1 to 2", cases[i].weight, cases[i].package));
                evidence_scene_close(&scene);
        }
}

static void older_logs(void)
{
        static const struct {
                const char *name, *log, *before, *older, *unseen;
        } cases[] = {
                { "the log begins before", "2023-11-01 00:00:00 startup archives unpack\n", NULL, "dpkg.log.2.gz", NULL },
                { "the one before it does", "2023-11-14 22:20:00 startup archives unpack\n",
                  "2023-10-01 00:00:00 startup archives unpack\n", "dpkg.log.2.gz", NULL },
                { "neither does", "2023-11-14 22:20:00 startup archives unpack\n",
                  "2023-11-14 22:19:00 startup archives unpack\n", "dpkg.log.2.gz",
                  "the older logs of packages (dpkg.log.2.gz), which are not read: nothing here tells" },
                { "both are empty", "", "", "dpkg.log-20231101.xz",
                  "the older logs of packages (dpkg.log-20231101.xz), which are not read: nothing here tells" },
                { "there is none before it", "2023-11-14 22:20:00 startup archives unpack\n", NULL, NULL, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/var/log/dpkg.log", "%s", cases[i].log);
                if (cases[i].before)
                        tree_file(scene.tree, "/var/log/dpkg.log.1", "%s", cases[i].before);
                if (cases[i].older)
                        tree_file(scene.tree, pool_format(scene.pool, "/var/log/%s", cases[i].older), "x");
                evidence_scene_drifts(&scene, "fact", "memory.speed", "1", "2", RIGHT, WRONG, "b");
                evidence_scene_clues(&scene);
                EXPECT_TEXT(cases[i].name, scene.drift->unseen, cases[i].unseen);
                evidence_scene_close(&scene);
        }
}

/* --- tools --------------------------------------------------------------------------------------------------------------- */

static void running_tools(void)
{
        static const struct {
                const char *name, *layer, *item, *unit, *state, *clues;
        } cases[] = {
                { "thermald", "fact", "cpu.turbo", "thermald.service", "active",
                  "45 tool thermald.service (pid 7): steers frequency and turbo by the temperature" },
                { "not running", "fact", "cpu.turbo", "thermald.service", "inactive", "" },
                { "none of its business", "fact", "memory.speed", "thermald.service", "active", "" },
                { "NetworkManager", "fact", "nic.eth0.speed", "NetworkManager.service", "active",
                  "45 tool NetworkManager.service (pid 7): sets up links, and their sysctls" },
                { "what the profile wants is nobody else's", "profile", "sysctl.net.ipv4.conf.all.rp_filter",
                  "NetworkManager.service", "active", "" },
                { "tuned, and a profile that says something else", "running", "sysctl.vm.stat_interval", "tuned.service",
                  "active",
                  "45 tool tuned.service (pid 7): /usr/lib/tuned/throughput/tuned.conf, its profile, sets it to something "
                  "else" },
                { "tuned, and its profile", "running", "sysctl.vm.swappiness", "tuned.service", "active",
                  "72 tool tuned.service (pid 7): /usr/lib/tuned/throughput/tuned.conf, its profile, names it" },
                { "tuned, and a profile that its own includes", "running", "sysctl.kernel.numa_balancing", "tuned.service",
                  "active", "72 tool tuned.service (pid 7): /etc/tuned/parent/tuned.conf, its profile, names it" },
                { "tuned, and not its profile", "running", "sysctl.vm.dirty_ratio", "tuned.service", "active",
                  "45 tool tuned.service (pid 7): sets what its profile says" },
                { "tuned, and what the baseline had", "running", "sysctl.vm.page-cluster", "tuned.service", "active", "" },
                { "though what it includes says what is now", "running", "sysctl.vm.max_map_count", "tuned.service", "active",
                  "" },
                { "tuned and interrupts", "running", "irq.default", "tuned.service", "active",
                  "45 tool tuned.service (pid 7): sets what its profile says" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, pool_format(scene.pool, "/.plumbline/ask/unit/%s", cases[i].unit),
                          "LoadState=loaded\nActiveState=%s\nMainPID=7\n", cases[i].state);
                tree_file(scene.tree, "/etc/tuned/active_profile", "throughput\n");
                tree_file(scene.tree, "/usr/lib/tuned/throughput/tuned.conf",
                          "[main]\ninclude = parent\n[sysctl]\n# vm.dirty_ratio = 40\nvm.swappiness=2\n"
                          "vm.stat_interval=10\n"
                          "vm.page-cluster=1\nvm.max_map_count = 1\n");
                tree_file(scene.tree, "/etc/tuned/parent/tuned.conf",
                          "[main]\ninclude=throughput\n[sysctl]\nkernel.numa_balancing=2\nvm.max_map_count=2\n");
                evidence_scene_drifts(&scene, cases[i].layer, cases[i].item, "1", "2", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* --- too many ------------------------------------------------------------------------------------------------------------ */

static void left_out(void)
{
        static const struct {
                const char *name;
                unsigned sudo, shell;
                size_t kept, left;
        } cases[] = {
                { "as many as are kept", 8, 0, 8, 0 },
                { "more that fit equally", 11, 0, 8, 3 },
                { "lighter ones before", 9, 2, 8, 3 },
                { "shells", 0, 5, 2, 3 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer lines = { 0 };
                struct evidence_scene scene;
                const struct drift_row *row;

                evidence_scene_open(&scene);
                for (unsigned j = 0; j < cases[i].shell; j++)
                        text_addf(&lines, BETWEEN "shell sysctl vm.swappiness=%u\n", j);
                for (unsigned j = 0; j < cases[i].sudo; j++)
                        text_addf(&lines, BETWEEN "sudo a%u : PWD=/ ; USER=root ; COMMAND=/sbin/sysctl vm.swappiness=1\n", j);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", lines.at);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "1", "2", RIGHT, WRONG, "b");
                evidence_scene_clues(&scene);
                row = &scene.drift->rows[0];
                EXPECT_NUMBER(cases[i].name, row->clue_count, cases[i].kept);
                EXPECT_NUMBER(cases[i].name, row->clues_left, cases[i].left);
                evidence_scene_close(&scene);
        }
}

/* Harmless ones before it do not hide what came last, and those that come last in the journal's order are the newest. */
static void newest_kept(void)
{
        static const struct {
                const char *name, *before, *behind, *last, *clue;
        } cases[] = {
                { "commands", "sudo a", " : PWD=/ ; USER=root ; COMMAND=/bin/tee /proc/sys/vm/swappiness",
                  "sudo bob : PWD=/ ; USER=root ; COMMAND=/bin/tee -a /proc/sys/vm/swappiness\n",
                  "95 command bob by sudo: /bin/tee -a /proc/sys/vm/swappiness" },
                { "shells", "shell tee /proc/sys/vm/swappiness x", "", "shell tee -a /proc/sys/vm/swappiness\n",
                  "65 command somebody in a shell, by its own log: tee -a /proc/sys/vm/swappiness" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer lines = { 0 };
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                for (unsigned j = 0; j < 9; j++)
                        text_addf(&lines, "entry %u000000 %s%u%s\n", RIGHT + 10 + j, cases[i].before, j, cases[i].behind);
                text_addf(&lines, "entry %u000000 %s", RIGHT + 100, cases[i].last);
                tree_file(scene.tree, COMMANDS, "oldest_us 1000\n%s", lines.at);
                evidence_scene_drifts(&scene, "running", "sysctl.vm.swappiness", "1", "2", RIGHT, WRONG, "b");
                EXPECT(cases[i].name, text_starts(evidence_scene_clues(&scene), cases[i].clue));
                evidence_scene_close(&scene);
        }
}

/* Of the kernel's words, too, the last ones before the wrong look are kept. */
static void newest_kernel_words(void)
{
        struct evidence_scene scene;

        evidence_scene_open(&scene);
        tree_file(scene.tree, "/.plumbline/ask/journal/kernel/day",
                  "oldest_us 1000\n" KERNEL_SAID("1") KERNEL_SAID("2") KERNEL_SAID("3") KERNEL_SAID("4") KERNEL_SAID("5"));
        evidence_scene_drifts(&scene, "fact", "nic.eth0.speed", "1", "2", RIGHT, WRONG, "b");
        EXPECT_TEXT(NULL, evidence_scene_clues(&scene),
                    "80 kernel the kernel said: eth0: 2; 80 kernel the kernel said: eth0: 3; "
                    "80 kernel the kernel said: eth0: 4; 80 kernel the kernel said: eth0: 5");
        EXPECT_NUMBER(NULL, scene.drift->rows[0].clues_left, 1);
        evidence_scene_close(&scene);
}

/* The kernel calls a PCI device by its address, whatever it reports of it. */
static void kernel_of_pcie(void)
{
        static const struct {
                const char *name, *item, *words, *clues;
        } cases[] = {
                { "an error", "pcie.0000:01:00.0.errors.uncorrected",
                  "mlx5_core 0000:01:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal)",
                  "80 kernel the kernel said: mlx5_core 0000:01:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal)" },
                { "a link", "pcie.0000:01:00.0.link", "pcieport 0000:00:01.0: AER: error message received from 0000:01:00.0",
                  "80 kernel the kernel said: pcieport 0000:00:01.0: AER: error message received from 0000:01:00.0" },
                { "another function", "pcie.0000:01:00.0.errors.uncorrected", "mlx5_core 0000:01:00.01: x", "" },
                { "another domain", "pcie.0000:01:00.0.errors.uncorrected", "nvme 10000:01:00.0: x", "" },
                { "another device", "pcie.0000:01:00.0.errors.uncorrected", "nvme 0000:02:00.0: PCIe Bus Error", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/.plumbline/ask/journal/kernel/day", BETWEEN "kernel %s\n", cases[i].words);
                evidence_scene_drifts(&scene, "fact", cases[i].item, "0", "1", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].name, evidence_scene_clues(&scene), cases[i].clues);
                evidence_scene_close(&scene);
        }
}

/* Offline is many a thing, and only some are CPUs. */
static void kernel_of_cpus(void)
{
        static const struct {
                const char *words;
                bool is_it;
        } cases[] = {
                { "smpboot: CPU 7 is now offline", true },
                { "CPU7: failed to come online", true },
                { "CPU#7 went offline", true },
                { "smpboot: do_boot_cpu failed to bring it online", true },
                { "sd 0:0:0:0: rejecting I/O to offline device", false },
                { "sd 1:0:0:0: [sdb] Device offlined - not ready after error recovery of CPU", false },
                { "memory offline of block 7", false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct evidence_scene scene;

                evidence_scene_open(&scene);
                tree_file(scene.tree, "/.plumbline/ask/journal/kernel/day", BETWEEN "kernel %s\n", cases[i].words);
                evidence_scene_drifts(&scene, "fact", "cpu.online", "0-11", "0-6", RIGHT, WRONG, "b");
                EXPECT_TEXT(cases[i].words, evidence_scene_clues(&scene),
                            cases[i].is_it ? pool_format(scene.pool, "80 kernel the kernel said: %s", cases[i].words) : "");
                evidence_scene_close(&scene);
        }
}

static const struct test tests[] = {
        { "newest_kept", newest_kept },
        { "newest_kernel_words", newest_kernel_words },
        { "kernel of PCIe", kernel_of_pcie },
        { "kernel_of_cpus", kernel_of_cpus },
        { "older_logs", older_logs },
        { "running_tools", running_tools },
        { "left_out", left_out },
        { "clock_set_back", clock_set_back },
        { "clock_lost_for_a_while", clock_lost_for_a_while },
        { "packages", packages },
        { "told_programs", told_programs },
        { NULL, NULL },
};

const struct suite suite_evidence = { "evidence", tests };

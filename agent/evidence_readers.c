/* Commands that only look: whoever ran one of them did not change what it names. */

#include "agent/evidence_inside.h"

#include "agent/core/text.h"

#include <string.h>

/* Whatever their arguments are. */
static const char whole[] =
        "apt-cache blkid cat cmp cut df diff dmesg dmidecode dpkg-query du egrep fgrep file findmnt free getconf grep head "
        "hexdump iostat journalctl less ls lsblk lscpu lsmod lsof lspci lvdisplay lvs md5sum modinfo more netstat numastat od "
        "ps pvdisplay pvs readlink realpath rg sar sha256sum ss stat strings tail top uname uptime vgdisplay vgs vmstat wc "
        "which zcat zgrep zless";

/* By their first argument that is no option, or without one. */
static const struct {
        const char *program, *verbs;
} subcommands[] = {
        { "systemctl",
          "status show cat help is-active is-enabled is-failed list-units list-unit-files list-timers list-sockets "
          "list-dependencies list-jobs get-default" },
        { "plumbline", "check facts plan drift history explain profile version help diff fleet" },
        { "cpupower", "frequency-info idle-info info monitor" },
        { "tuned-adm", "active list recommend verify profile_info" },
        { "resolvectl", "status query statistics show-cache show-server-state service openpgp tlsa monitor" },
        { "chronyc", "tracking sources sourcestats activity ntpdata" },
        { "apt", "list show policy search" },
        { "udevadm", "info monitor" },
        { "nvme", "list list-subsys list-ns list-ctrl smart-log id-ctrl id-ns id-ns-descs error-log fw-log get-log get-feature "
                  "get-ns-id self-test-log endurance-log effects-log show-regs" },
};

static bool is_among(struct slice word, const char *words)
{
        struct slice one;

        while (text_word(&words, " ", &one))
                if (one.size == word.size && !memcmp(one.at, word.at, one.size))
                        return true;
        return false;
}

/* sysctl(8) sets what has a '=', and what files say. */
static bool sysctl_reads(const char *arguments)
{
        struct slice word;

        for (const char *at = arguments; text_word(&at, " ", &word);)
                if (is_among(word, "--dry-run"))
                        return true;
        while (text_word(&arguments, " ", &word))
                if (memchr(word.at, '=', word.size) || is_among(word, "-w --write") || evidence_sysctl_loads(word))
                        return false;
        return true;
}

/* xxd(1) writes back what it is given with -r, and into a second file, if one is named; its numbers may have a sign. */
static bool xxd_reads(const char *arguments)
{
        struct slice word;
        unsigned files = 0;

        while (text_word(&arguments, " ", &word)) {
                if (!strncmp(word.at, "-r", 2))
                        return false;
                files += !strchr("-+0123456789", word.at[0]);
        }
        return files < 2;
}

/* ethtool(8): options that show are many, those that change are these. */
static bool ethtool_reads(const char *arguments)
{
        static const char changing[] =
                "-A -C -G -r -p -t -s -N -U -K -X -E -f -L -W -Q --pause --coalesce --set-ring --negotiate "
                "--identify --test --change --config-nfc --config-ntuple --features --offload --rxfh "
                "--set-rxfh-indir --equal --change-eeprom --flash --set-channels --set-dump --set-priv-flags "
                "--set-eee --set-phy-tunable --set-tunable --reset --set-fec --set-module --per-queue";
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (is_among(word, changing))
                        return false;
        return true;
}

/* ip(8): behind what it is about stands "show" or its kin, or nothing. */
static bool ip_reads(const char *arguments)
{
        struct slice word;
        unsigned words = 0;

        while (text_word(&arguments, " ", &word)) {
                if (is_among(word, "-b -batch"))
                        return false;
                if (is_among(word, "-n -netns -f -family -l -loops -rc -rcvbuf")) {
                        text_word(&arguments, " ", &word);
                        continue;
                }
                words += word.at[0] != '-';
                if (words == 2)
                        return is_among(word, "show sho sh list lis lst ls get");
        }
        return true;
}

/* btrfs(8): any beginning of a group and of what is done in it will do. */
static bool btrfs_reads(const char *arguments)
{
        static const char *const groups[] = { "filesystem show sh usage us df du",
                                              "device stats st usage us",
                                              "scrub status",
                                              "balance status",
                                              "replace status",
                                              "subvolume list li show sh",
                                              "property get" };
        const char *reading;
        struct slice group, verb;

        if (!text_word(&arguments, " ", &group) || !text_word(&arguments, " ", &verb))
                return true;
        for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
                reading = groups[i];
                if (strncmp(reading, group.at, group.size) != 0 || !is_among(verb, strchr(reading, ' ') + 1))
                        continue;
                for (struct slice word; text_word(&arguments, " ", &word);)
                        if (is_among(word, "-z --reset"))
                                return false;
                return true;
        }
        return false;
}

/* mdadm(8): it only looks where one of these is what it is to do. */
static bool mdadm_reads(const char *arguments)
{
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (is_among(word, "-D --detail -E --examine -Q --query -X --examine-bitmap --detail-platform"))
                        return true;
        return false;
}

/* smartctl(8): it starts tests and sets features by these, each also as one word with what it is to be. */
static bool smartctl_reads(const char *arguments)
{
        static const char *const changing[] = { "-s",     "-S",     "-o", "-t", "-X", "--set", "--saveauto", "--offlineauto",
                                                "--test", "--abort" };
        struct slice word;

        while (text_word(&arguments, " ", &word))
                for (size_t i = 0; i < sizeof changing / sizeof changing[0]; i++)
                        if (word.size >= strlen(changing[i]) && !strncmp(word.at, changing[i], strlen(changing[i])))
                                return false;
        return true;
}

/* mount(8): to list is all that it does without anything but options that choose. */
static bool mount_reads(const char *arguments)
{
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (!is_among(word, "-l -v --show-labels --verbose"))
                        return false;
        return true;
}

static bool verb_reads(const char *arguments, const char *reading)
{
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (word.at[0] != '-')
                        return is_among(word, reading);
        return true;
}

/* Those that tell by more than their first argument. */
static const struct {
        const char *program;
        bool (*reads)(const char *arguments);
} readers[] = {
        { "sysctl", sysctl_reads }, { "ethtool", ethtool_reads }, { "xxd", xxd_reads },     { "mount", mount_reads },
        { "ip", ip_reads },         { "btrfs", btrfs_reads },     { "mdadm", mdadm_reads }, { "smartctl", smartctl_reads },
};

bool evidence_only_reads(struct pool *pool, const char *command)
{
        const char *arguments = command, *program;
        struct slice word;

        /* What a shell makes of it may write. */
        if (strpbrk(command, "><|;&`$") || !text_word(&arguments, " ", &word))
                return false;
        if (is_among(word, "sudo") && !text_word(&arguments, " ", &word))
                return false;
        program = slice_dup(pool, word);
        program = basename(program);
        for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
                if (text_equals(program, readers[i].program))
                        return readers[i].reads(arguments);
        for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++)
                if (text_equals(program, subcommands[i].program))
                        return verb_reads(arguments, subcommands[i].verbs);
        return is_among(slice_of(program), whole);
}

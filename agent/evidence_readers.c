/* Commands that only look: whoever ran one of them did not change what it names. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* Whatever their arguments are. */
static const char whole[] =
        "apt-cache arping atop b2sum base64 blkid cat cksum cmp column comm cut cyclictest df diff dig dmesg dmidecode done "
        "dpkg-query dstat du echo egrep esac exit export fgrep fi file findmnt fold for free getcap getconf getent getfacl "
        "grep "
        "groups head hexdump host hostid htop hwinfo id iftop inxi iostat iotop iperf iperf3 jq journalctl last lastlog "
        "ldd less lldpctl locate logger login ls lsattr lsblk lscpu lshw lsirq lsmem lsmod lsns lsof lspci lstopo "
        "lstopo-no-graphics lsusb "
        "lvdisplay lvs man md5sum modinfo more mpstat mtr namei netstat nethogs nl nload nproc nslookup numastat od perf pgrep "
        "pidof pidstat ping ping6 printenv printf ps pstree pvdisplay pvs pwd read readlink realpath return rg sadf sar "
        "sensors seq "
        "set sha1sum sha256sum sha512sum slabtop sleep sort ss ssh stat strings tac tail test top tr traceroute tracepath tree "
        "true false type "
        "turbostat ulimit umask uname unset uniq uptime vgdisplay vgs vmstat vnstat w wait wc whatis whereis which who whoami "
        "xxhsum "
        "zcat zgrep zless [ [[ ] } :";

/* By their first argument that is no option, or without one; of options those have a word of their own behind them. */
static const struct {
        const char *program, *verbs, *valued;
} subcommands[] = {
        { "systemctl",
          "status show cat help is-active is-enabled is-failed list-units list-unit-files list-timers list-sockets "
          "list-dependencies list-jobs get-default",
          "-n -o -p -t -H -M --lines --output --property --type --state" },
        { "plumbline", "check facts plan drift history explain profile version help diff fleet capture",
          "--root --profile --format -o --output" },
        { "cpupower", "frequency-info idle-info info monitor help", "-c --cpu" },
        { "tuned-adm", "active list recommend verify profile_info", "" },
        { "powerprofilesctl", "list get version", "" },
        { "resolvectl", "status query statistics show-cache show-server-state service openpgp tlsa monitor", "-i -p" },
        { "chronyc", "tracking sources sourcestats activity ntpdata", "-h -p" },
        { "timedatectl", "status show list-timezones timesync-status show-timesync", "-H -M -p" },
        { "hostnamectl", "status", "-H -M" },
        { "loginctl", "list-sessions session-status show-session list-users user-status show-user", "" },
        { "machinectl", "list status show image-status show-image list-images", "" },
        { "apt", "list show policy search", "" },
        { "snap", "list info find services", "" },
        { "docker", "ps logs inspect images stats top info version", "" },
        { "git", "add blame branch commit describe diff fetch grep log ls-files push reflog remote rev-parse show status tag",
          "-C -c --git-dir --work-tree" },
        { "udevadm", "info monitor", "" },
        { "bootctl", "status list", "" },
        { "nvme",
          "list list-subsys list-ns list-ctrl smart-log id-ctrl id-ns id-ns-descs error-log fw-log get-log get-feature "
          "get-ns-id "
          "self-test-log endurance-log effects-log show-regs",
          "-o" },
};

/* sysctl(8) sets what has a '=', and what files say. */
static bool sysctl_reads(const char *arguments)
{
        struct slice word;

        for (const char *at = arguments; evidence_argument(&at, &word);)
                if (evidence_is_among(word, "--dry-run"))
                        return true;
        while (evidence_argument(&arguments, &word))
                if (memchr(word.at, '=', word.size) || evidence_is_among(word, "-w --write") || evidence_sysctl_loads(word))
                        return false;
        return true;
}

/* xxd(1) writes back what it is given with -r, and into a second file, if one is named; its numbers may have a sign. */
static bool xxd_reads(const char *arguments)
{
        struct slice word;
        unsigned files = 0;

        while (evidence_argument(&arguments, &word)) {
                if (!strncmp(word.at, "-r", 2))
                        return false;
                files += !strchr("-+0123456789", word.at[0]);
        }
        return files < 2;
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
                if (strncmp(reading, group.at, group.size) != 0 || !evidence_is_among(verb, strchr(reading, ' ') + 1))
                        continue;
                for (struct slice word; text_word(&arguments, " ", &word);)
                        if (evidence_is_among(word, "-z --reset"))
                                return false;
                return true;
        }
        return false;
}

static bool has_any(const char *arguments, const char *options)
{
        struct slice word;

        while (evidence_argument(&arguments, &word))
                if (evidence_is_among(word, options))
                        return true;
        return false;
}

/* mdadm(8): it only looks where one of these is what it is to do. */
static bool mdadm_reads(const char *arguments)
{
        return has_any(arguments, "-D --detail -E --examine -Q --query -X --examine-bitmap --detail-platform");
}

/* smartctl(8): it starts tests and sets features by these, each also as one word with what it is to be. */
static bool smartctl_reads(const char *arguments)
{
        static const char *const changing[] = { "-s",     "-S",     "-o", "-t", "-X", "--set", "--saveauto", "--offlineauto",
                                                "--test", "--abort" };
        struct slice word;

        while (evidence_argument(&arguments, &word))
                for (size_t i = 0; i < sizeof changing / sizeof changing[0]; i++)
                        if (word.size >= strlen(changing[i]) && !strncmp(word.at, changing[i], strlen(changing[i])))
                                return false;
        return true;
}

static bool has_only(const char *arguments, const char *options)
{
        struct slice word;

        while (evidence_argument(&arguments, &word))
                if (!evidence_is_among(word, options))
                        return false;
        return true;
}

/* mount(8), swapon(8), efibootmgr(8): to list is all that they do without anything but options that choose. */
static bool lists_only(const char *arguments)
{
        return has_only(arguments, "-l -v -s --show-labels --verbose --show --summary --bytes --noheadings");
}

/* date(1): it is set by -s, or by an operand that is no format. */
static bool date_reads(const char *arguments)
{
        struct slice word;

        while (evidence_argument(&arguments, &word)) {
                if (evidence_is_among(word, "-d --date -f --file -r --reference"))
                        evidence_argument(&arguments, &word);
                else if (word.at[0] != '+' && (word.at[0] != '-' || !strncmp(word.at, "-s", 2) || !strncmp(word.at, "--s", 3)))
                        return false;
        }
        return true;
}

/* tar(1) writes to the disk's other files where it takes out. */
static bool tar_reads(const char *arguments)
{
        const char *at = arguments;
        struct slice first;

        if (!evidence_argument(&at, &first))
                return true;
        return !(memchr(first.at, 'x', first.size) && strncmp(first.at, "--", 2) != 0) &&
               !has_any(arguments, "-x --extract --get --remove-files");
}

/* awk's own words for writing, and for running others (awk(1)); a comparison looks the same. */
static bool awk_reads(const char *arguments)
{
        return !strpbrk(arguments, ">|") && !strstr(arguments, "system") && !strstr(arguments, "inplace");
}

/* sed(1): in place, or by its command w. */
static bool sed_reads(const char *arguments)
{
        struct slice word;

        if (strstr(arguments, "w /"))
                return false;
        while (evidence_argument(&arguments, &word)) {
                size_t flags = word.size > 1 && word.at[0] == '-' && word.at[1] != '-' ? strcspn(word.at, "efl ") : 0;

                if (memchr(word.at, 'i', flags) || (word.size >= 4 && !strncmp(word.at, "--in", 4)))
                        return false;
        }
        return true;
}

/* find(1): what it runs is judged for itself. */
static const char *find_touches(struct pool *pool, const char *command, const char *arguments)
{
        struct slice word;
        bool runs = false;

        if (has_any(arguments, "-delete -fprint -fprint0 -fprintf -fls"))
                return command;
        for (const char *at = arguments; !runs && evidence_argument(&at, &word); arguments = at)
                runs = evidence_is_among(word, "-exec -execdir -ok -okdir");
        return runs && evidence_touched(pool, evidence_bare(pool, arguments).command) ? command : NULL;
}

/* --- all of them ---------------------------------------------------------------------------------------------------------- */

static bool verb_reads(const char *arguments, const char *reading, const char *valued)
{
        struct slice word;

        while (evidence_argument(&arguments, &word)) {
                if (word.at[0] != '-')
                        return evidence_is_among(word, reading);
                if (evidence_is_among(word, valued))
                        evidence_argument(&arguments, &word);
        }
        return true;
}

/* Those that tell by more than their first argument. */
static const struct {
        const char *program;
        bool (*reads)(const char *arguments);
} readers[] = {
        { "sysctl", sysctl_reads }, { "xxd", xxd_reads },           { "mount", lists_only }, { "btrfs", btrfs_reads },
        { "mdadm", mdadm_reads },   { "smartctl", smartctl_reads }, { "awk", awk_reads },    { "gawk", awk_reads },
        { "mawk", awk_reads },      { "sed", sed_reads },           { "date", date_reads },  { "tar", tar_reads },
        { "swapon", lists_only },   { "efibootmgr", lists_only },
};

/* cpupower(1): only with these verbs does it set the governor, or boost. */
static const char *cpupower_touches(const char *command, const char *arguments)
{
        if (has_any(arguments, "frequency-set"))
                return command;
        if (has_any(arguments, "set") && has_any(arguments, "-t --turbo-boost"))
                return "boost";
        return verb_reads(arguments, "frequency-info idle-info info monitor help", "-c --cpu") ? NULL : "";
}

const char *evidence_touched(struct pool *pool, const char *command)
{
        const char *arguments, *program = evidence_program(pool, command, &arguments);
        bool reads;

        if (!program)
                return NULL;
        if (text_equals(program, "cpupower"))
                return cpupower_touches(command, arguments);
        if (text_equals(program, "find"))
                return find_touches(pool, command, arguments);
        if (evidence_is_among(slice_of(program), "cp rsync scp install"))
                return evidence_copied(pool, arguments);
        if (evidence_net_reads(program, arguments, &reads))
                return reads ? NULL : command;
        for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
                if (text_equals(program, readers[i].program))
                        return readers[i].reads(arguments) ? NULL : command;
        for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++)
                if (text_equals(program, subcommands[i].program))
                        return verb_reads(arguments, subcommands[i].verbs, subcommands[i].valued) ? NULL : command;
        return evidence_is_among(slice_of(program), whole) ? NULL : command;
}

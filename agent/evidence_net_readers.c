/* Commands about links that only look. */

#include "agent/evidence_commands.h"

#include "agent/core/text.h"

#include <string.h>

#define SHOWS "show sho sh list lis lst ls get status stats monitor"

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
                if (evidence_is_among(word, changing))
                        return false;
        return true;
}

/* ip(8), tc(8), bridge(8), nmcli(1): behind what it is about stands "show" or its kin, or nothing. */
static bool second_reads(const char *arguments)
{
        struct slice word;
        unsigned words = 0;

        while (text_word(&arguments, " ", &word)) {
                if (evidence_is_among(word, "-b -batch"))
                        return false;
                if (evidence_is_among(word, "-n -netns -f -family -l -loops -rc -rcvbuf --fields --colors")) {
                        text_word(&arguments, " ", &word);
                        continue;
                }
                words += word.at[0] != '-';
                if (words == 2)
                        return evidence_is_among(word, SHOWS);
        }
        return true;
}

/* ifconfig(8): a port alone, or none. */
static bool ifconfig_reads(const char *arguments)
{
        struct slice word;
        unsigned words = 0;

        while (text_word(&arguments, " ", &word))
                words += word.at[0] != '-';
        return words < 2;
}

static bool networkctl_reads(const char *arguments)
{
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (word.at[0] != '-')
                        return evidence_is_among(word, "list status lldp label cat");
        return true;
}

/* lldpcli(8): `show neighbors`, `watch`. */
static bool lldpcli_reads(const char *arguments)
{
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (word.at[0] != '-')
                        return evidence_is_among(word, "show watch");
        return false;
}

/* tcpdump(8) writes what it heard into a file, and nothing to a port; mii-tool(8) changes by a few options. */
static bool tcpdump_reads(const char *arguments)
{
        (void)arguments;
        return true;
}

static bool mii_reads(const char *arguments)
{
        struct slice word;

        while (text_word(&arguments, " ", &word))
                if (evidence_is_among(word, "-A -F -R -r --advertise --force --reset --restart"))
                        return false;
        return true;
}

static const struct {
        const char *programs;
        bool (*reads)(const char *arguments);
} readers[] = {
        { "ethtool", ethtool_reads },       { "ip tc bridge nmcli", second_reads }, { "ifconfig", ifconfig_reads },
        { "networkctl", networkctl_reads }, { "lldpcli", lldpcli_reads },           { "tcpdump tshark dumpcap", tcpdump_reads },
        { "mii-tool", mii_reads },
};

bool evidence_net_reads(const char *program, const char *arguments, bool *reads)
{
        for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
                if (evidence_is_among(slice_of(program), readers[i].programs)) {
                        *reads = readers[i].reads(arguments);
                        return true;
                }
        return false;
}

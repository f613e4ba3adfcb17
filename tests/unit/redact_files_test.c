/* What files of packages, tools and the administrator hold that is nobody else's business: none of it is left in a capture. */

#include "tests/unit/redact_leak.h"

#include "agent/redact.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"
#include "tests/unit/suites.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define RULES        "etc/udev/rules.d/60-own.rules"

static struct member text_member(const char *path, const char *text)
{
        return (struct member){ path, MEMBER_FILE, true, text, strlen(text), 0 };
}

static void test_rules(void)
{
        static const struct leak leaks[] = {
                { "a drive that is gone", "etc/a", "", RULES, "ATTRS{serial}==\"S4EWNX0N123456\", ATTR{x}=\"S1\"\n",
                  "S4EWNX0N123456", "ATTR{x}=\"S1\"" },
                { "by the word of udev", "etc/a", "", RULES, "ENV{ID_SERIAL_SHORT}==\"CZJ1234X\"\n", "CZJ1234X",
                  "ENV{ID_SERIAL_SHORT}==\"" },
                { "a filesystem", "etc/a", "", RULES, "ENV{ID_FS_UUID}!=\"1A2B-3C4D\"\n", "1A2B-3C4D", "}!=\"" },
                { "what is set", "etc/a", "", RULES, "ATTR{wwid}=\"naa.77\", NAME=\"eth7\"\n", "77\",", "NAME=\"eth7\"" },
                { "a kind", "etc/a", "", RULES, "ENV{DM_UUID}==\"mpath-*\"\n", NULL, NULL },
                { "what udev puts in", "etc/a", "", RULES, "ENV{ID_SERIAL}=\"$env{ID_V}_9\", ENV{X}=\"%k1\"\n", NULL, NULL },
                { "another key", "etc/a", "", RULES, "ATTR{queue/rotational}==\"0\", KERNEL==\"sd?1\"\n", NULL, NULL },
                { "a key that ends nowhere", "etc/a", "", RULES, "ATTRS{serial==\"X123\"\nENV{ID_SERIAL\n{", NULL, NULL },
                { "a second copy", "etc/a", "", RULES,
                  "ATTRS{serial}==\"S4GONE0N123456\", SYMLINK+=\"backup-S4GONE0N123456\"\n", "S4GONE0N123456",
                  "SYMLINK+=\"backup-" },
                { "a comment", "etc/a", "", RULES, "# S4GONE0N123456 went\nATTR{serial}==\"S4GONE0N123456\"\n",
                  "S4GONE0N123456", " went\nATTR{serial}==\"" },
                { "an option", "etc/a", "", RULES, "ATTR{serial}==\"1234567890ABCDEF\", RUN+=\"/x --serial=1234567890ABCDEF\"",
                  "1234567890ABCDEF", "RUN+=\"/x --serial=" },
                { "letters alone", "etc/a", "", RULES, "ENV{ID_SERIAL_SHORT}==\"ABCDEFGH\", SYMLINK+=\"y\"\n", "ABCDEFGH",
                  "SYMLINK+=\"y\"" },
                { "with escapes", "etc/a", "", RULES, "ATTRS{serial}==e\"ESCSER7766\"\n", "ESCSER7766", "==e\"" },
                { "in either case", "etc/a", "", RULES, "ATTRS{serial}==i\"ICASESER7766\"\n", "ICASESER7766", "==i\"" },
                { "one of two", "etc/a", "", RULES, "ENV{ID_SERIAL_SHORT}==\"1234|OTHER55X\", NAME=\"OTHER55X\"\n", "OTHER55X",
                  "NAME=\"" },
                { "the other", "etc/a", "", RULES, "ENV{ID_SERIAL_SHORT}==\"12345|OTHER55X\"\n", "12345", "}==\"" },
                { "a pattern", "etc/a", "", RULES, "ENV{ID_SERIAL}==\"*S4GONE0N12*\"\n", "S4GONE0N12", "}==\"*" },
                { "behind its model", RULES, "ENV{ID_SERIAL}==\"SAMSUNG_MZ1_S4GONE0N123456\"\n", "sys/b",
                  "S4GONE0N123456 SAMSUNG_MZ1", "S4GONE0N123456", " SAMSUNG_MZ1" },
                { "what scsi_id says", "etc/a", "", RULES,
                  "PROGRAM==\"/lib/udev/scsi_id -g\", RESULT==\"3600508b400105e210000900000490000\"\n", "b400105e21",
                  "RESULT==\"3" },
                { "what VMware says", "etc/a", "", RULES, "RESULT==\"36000c29a1b2c3d4e5f60718293a4b5c6\"\n", "29a1b2c3",
                  "RESULT==\"3" },
                { "other results", "etc/a", "", RULES, "RESULT==\"ext4\", RESULT!=\"?*\", RESULT==\"$env{X1234567}\"\n", NULL,
                  NULL },
                { "a subsystem", "etc/a", "", RULES,
                  "ATTR{subsysnqn}==\"nqn.2014-08.org.nvmexpress:uuid:9999aaaa-bbbb-cccc-dddd-eeeeffff0001\"\n", "9999aaaa",
                  "nqn.2014-08.org.nvmexpress:uuid:" },
                { "a map", "etc/a", "", RULES, "ENV{DM_NAME}==\"3600508b400105e210000900000490000\"\n", "b400105e21",
                  "DM_NAME}==\"3" },
                { "a part of a map's number", "etc/a", "", RULES, "ENV{DM_UUID}==\"mpath-3600508b4*\"\n", "3600508b4",
                  "\"mpath-" },
                { "kinds of maps", "etc/a", "", RULES, "ENV{DM_UUID}==\"CRYPT-LUKS2-*\", ENV{DM_NAME}==\"vg0-root\"\n", NULL,
                  NULL },
                { "a port by its address", "etc/a", "", RULES, "ENV{ID_NET_NAME_MAC}==\"enxdeadbeef0099\"\n", "beef0099",
                  "==\"enx" },
                { "the same elsewhere", RULES, "ENV{ID_NET_NAME_MAC}==\"enxdeadbeef0099\"\n", "sys/b", "de:ad:be:ef:00:99",
                  "be:ef", NULL },
                { "no rule", "etc/a", "", "etc/other", "ATTRS{serial}==\"X1\"\n", NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* Files of packages, and logs: searched like those in /etc, but where they tell versions. */
static void test_places(void)
{
        static const struct leak leaks[] = {
                { "a script", "etc/a", "", "usr/lib/NetworkManager/dispatcher.d/30-x", "curl http://bob:pw5@10.55.44.33/\n",
                  "bob:pw5", "curl http://^" },
                { "its address", "etc/a", "", "usr/lib/NetworkManager/dispatcher.d/30-x", "curl http://bob:pw5@10.55.44.33/\n",
                  "10.55.44.33", "/\n" },
                { "a network", "etc/a", "", "usr/lib/systemd/network/10-a.network", "[Network]\nDNS=10.33.22.11\n",
                  "10.33.22.11", "DNS=" },
                { "a rule", "etc/a", "", "usr/local/lib/udev/rules.d/63-l.rules", "RUN+=\"/usr/bin/nc 10.66.55.43\"\n",
                  "10.66.55.43", "/usr/bin/nc " },
                { "in /lib", "etc/a", "", "lib/udev/rules.d/63-l.rules", "RUN+=\"/usr/bin/nc 10.66.55.43\"\n", "10.66.55.43",
                  "/usr/bin/nc " },
                { "a log", "etc/a", "", "var/log/x", "from 10.66.55.43\n", "10.66.55.43", "from " },
                { "the log of packages", "etc/a", "1.2.3.5", "var/log/dpkg.log",
                  "2026-01-01 00:00:00 upgrade ethtool:amd64 10.2.3.4 1.2.3.5\n", NULL, NULL },
                { "the system", "etc/a", "", "usr/lib/os-release", "VERSION=10.2.3.4\n", NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* A serial becomes the same in a rule as in /sys, whatever stands in its place there. */
static void test_one_serial(void)
{
        autopool struct pool *pool = pool_new();
        struct member rows[] = { text_member(RULES, "ATTRS{serial}==\"12|S4EWNX0N123456\", X=\"a-S4EWNX0N123456\"\n"),
                                 text_member("sys/class/nvme/nvme0/serial", "S4EWNX0N123456\n") };

        redact(pool, rows, COUNT(rows), NULL);
        EXPECT("changed", !strstr(rows[1].bytes, "S4EWNX0N123456"));
        EXPECT("in its key", !strncmp(strchr(rows[0].bytes, '|') + 1, rows[1].bytes, 14));
        EXPECT("in a link", !strncmp(strstr(rows[0].bytes, "a-") + 2, rows[1].bytes, 14));
}

static const struct test tests[] = {
        { "rules", test_rules },
        { "places", test_places },
        { "one serial", test_one_serial },
        { 0 },
};

const struct suite suite_redact_files = { "redact_files", tests };

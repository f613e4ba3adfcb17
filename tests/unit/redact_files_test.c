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

#define SCRIPT  "etc/NetworkManager/dispatcher.d/30-x"
#define UNIT    "etc/systemd/system/x.service.d/a.conf"
#define NETWORK "usr/lib/systemd/network/10-a.network"

/* By the name in front of it, in whatever language. */
static void test_names(void)
{
        static const struct leak leaks[] = {
                { "NetworkManager", "etc/a", "", "etc/NetworkManager/conf.d/a", "[802-1x]\npassword=sesame\n", "sesame",
                  "\npassword=^" },
                { "of a radio network", "etc/a", "", "etc/NetworkManager/conf.d/a", "[wifi-security]\npsk=sesame\n", "sesame",
                  "\npsk=^" },
                { "networkd", "etc/a", "", "run/systemd/network/2.network", "[WiFi]\nPSK=sesame\n", "sesame", "PSK=^" },
                { "a key", "etc/a", "", NETWORK, "[WireGuard]\nPrivateKey=QGFiY2RlZg==\n", "QGFiY2RlZg", "PrivateKey=^" },
                { "a group's", "etc/a", "", NETWORK, "[IPsec]\nPassword = sesame\n", "sesame", "Password = ^" },
                { "a shell", "etc/a", "", SCRIPT, "TOKEN=\"sesame street\"\nexport X_PASSWORD='a b'\n", "street", "TOKEN=\"^" },
                { "a shell's other quotes", "etc/a", "", SCRIPT, "TOKEN=\"x\"\nexport X_PASSWORD='sesame street'\n", "street",
                  "X_PASSWORD='^" },
                { "a form", "etc/a", "", SCRIPT, "curl -d \"pw=sesame&a=1\"\n", "sesame", "pw=^" },
                { "a query", "etc/a", "", SCRIPT, "curl 'http://box/?key=sesame&a=1'\n", "sesame", "&a=1'\n" },
                { "a header", "etc/a", "", SCRIPT, "curl -H \"Authorization: Bearer sesame\" x\n", "sesame",
                  "Authorization: Bearer ^" },
                { "another header", "etc/a", "", SCRIPT, "curl -H 'X-Auth-Token: sesame' x\n", "sesame", "X-Auth-Token: ^" },
                { "JSON", "etc/a", "", SCRIPT, "curl -d '{\"token\": \"sesame\"}' x\n", "sesame", "\"token\": \"^" },
                { "a user of curl", "etc/a", "", SCRIPT, "curl -u bob:sesame x\n", "sesame", "curl -u ^" },
                { "an option", "etc/a", "", "etc/tuned/mine/tuned.conf", "script=x.sh --password=sesame --a\n", "sesame",
                  "--password=^" },
                { "an option apart", "etc/a", "", SCRIPT, "x --password sesame --a\n", "sesame", "--password ^" },
                { "a rule", "etc/a", "", RULES, "ENV{MY_TOKEN}=\"sesame\", RUN+=\"/x --password=p2\"\n", "sesame",
                  "ENV{MY_TOKEN}=\"^" },
                { "a remark", "etc/a", "", "etc/sysctl.d/50-z.conf", "# password: sesame\nvm.swappiness = 60\n", "sesame",
                  "\nvm.swappiness = 60\n" },
                { "a shell's file elsewhere", SCRIPT, "TOKEN=tok-8f3a9c21\n", "usr/lib/x", "say tok-8f3a9c21 loud\n",
                  "8f3a9c21", " loud" },
                { "switches, paths and what a shell puts in", "etc/a", "", SCRIPT,
                  "psk-flags=0\nPasswordAuthentication=no\nkey=/etc/ssl/x.pem\nTOKEN=$1\nTOKEN=\"${X}\"\nkey-mgmt=wpa-psk\n"
                  "kernel.keys.maxbytes = 25000000\nkeymap=us\nAuthor: bob\nmonkeys ate: bananas\n--key-x\n",
                  NULL, NULL },
                { "a key that begins like a path", "etc/a", "", UNIT, "Environment=WG_PRIVATE_KEY=/Ahs3kd93kFJQ0c8/7d6fuiop=\n",
                  "kFJQ0c8", "_KEY=^" },
                { "like a variable", "etc/a", "", UNIT, "Environment=API_KEY=$Dollar9x\n", "ollar9x", "API_KEY=^" },
                { "a hash", "etc/a", "", UNIT, "Environment=X_PASS=$6$ab$cdefgh\n", "cdefgh", "X_PASS=^" },
                { "like a specifier", "etc/a", "", UNIT, "Environment=API_KEY=%kd93kFJ\n", "kd93kFJ", "API_KEY=^" },
                { "like a mark for one", "etc/a", "", SCRIPT, "TOKEN='<sesame'\n", "sesame", "TOKEN='^" },
                { "like stars", "etc/a", "", SCRIPT, "TOKEN=*sesame\n", "sesame", "TOKEN=^" },
                { "in quotes with its name", "etc/a", "", UNIT, "Environment=\"FEED_PASSWORD=correct horse\" \"B=c\"\n",
                  "horse", "\" \"B=c\"\n" },
                { "in a shell's quotes", "etc/a", "", SCRIPT, "env \\\"X_TOKEN=correct horse\\\" b\n", "horse", "\\\" b\n" },
                { "lines of YAML", "etc/a", "", "etc/netplan/50-a.yaml",
                  "a:\n  password: |-\n    rose of\n\n    may\n  mtu: 9000\n", "may", "\n  mtu: 9000\n" },
                { "its first line", "etc/a", "", "etc/netplan/50-a.yaml",
                  "a:\n  password: |-\n    rose of\n\n    may\n  mtu: 9000\n", "rose", "password: |-\n" },
                { "a token by its form", "etc/a", "", SCRIPT, "# made for ghp_abcdefghijklmnopqrst\n", "abcdefgh",
                  "# made for ghp_^" },
                { "another", "etc/a", "", SCRIPT, "# AKIAIOSFODNN7EXAMPLE\n", "IOSFODNN", "# AKIA^" },
                { "no token", "etc/a", "", SCRIPT, "run eyJx sk_live_now MAKIAIOSFODNN7EXAMPLE\n", NULL, NULL },
                { "a key's lines", "etc/a", "", SCRIPT,
                  "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEB\n",
                  "MIIEpAIBAAKCAQEA", "MIIEpAIBAAKCAQEB" },
                { "what only looks so", "etc/a", "", UNIT,
                  "LoadCredential=a:/etc/a\nEnvironment=\"A_KEY=%d/key\" B_TOKEN=%h B_PASS=${X} C_PASS=$X_1 D_KEY=$(pass x)\n"
                  "X_KEY=/run/keys/a X_PASS=<password> Y_PASS=******\n",
                  NULL, NULL },
                { "accounts", "etc/a", "", "etc/passwd", "keymaster:x:1000:1000::/:/bin/sh\n", NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* Hosts and people, by the form of what names them. */
static void test_hosts(void)
{
        static const struct leak leaks[] = {
                { "a domain", "etc/a", "", NETWORK, "[Network]\nDomains=~corp.netd.example lan\n", "netd", "\nDomains=~" },
                { "of one word", "etc/a", "", NETWORK, "[Network]\nDomains=~corp.netd.example lan\n", "lan", "\nDomains=~" },
                { "a host", "etc/a", "", NETWORK, "[DHCPv4]\nHostname=trader\nSendHostname=yes\n", "trader",
                  "\nSendHostname=yes\n" },
                { "the same elsewhere", NETWORK, "Hostname=ny4-trade-07\n", "sys/b", "of ny4-trade-07", "trade", "of " },
                { "a URL", "etc/a", "", SCRIPT, "curl https://filer.corp.example/x\n", "filer", "/x\n" },
                { "its domain", "etc/a", "", SCRIPT, "curl https://filer.corp.example/x\n", "corp", "curl https://" },
                { "behind a login", "etc/a", "", SCRIPT, "curl https://bob:p1@filer.corp.example/x\n", "filer", "/x\n" },
                { "a plain word", "etc/a", "", SCRIPT, "curl http://proxy:3128/ https://www.debian.org/x\n", NULL, NULL },
                { "a mail address", "etc/a", "", SCRIPT, "mail bob@corp.example; bob\n", "corp", "; bob\n" },
                { "its user", "etc/a", "", SCRIPT, "mail bob@corp.example; bob\n", "bob@", "mail " },
                { "units", "etc/a", "", "etc/systemd/system/x.service.d/a.conf", "After=getty@tty1.service user@1000.service\n",
                  NULL, NULL },
                { "a remark on a mail address", "etc/a", "", "etc/resolv.conf", "# made for bob@corp.example.com\n", "corp",
                  "# made for " },
                { "its user", "etc/a", "", "etc/resolv.conf", "# made for bob@corp.example.com\n", "bob", "# made for " },
                { "a server by name", "etc/a", "", "etc/resolv.conf", "nameserver ns1.hidden.example\n", "hidden",
                  "nameserver " },
                { "elsewhere", "etc/resolv.conf", "# see ns1.hidden.example.\n", "sys/b", "of ns1.hidden.example", "hidden",
                  "of " },
                { "what systemd writes there", "etc/a", "", "run/systemd/resolve/stub-resolv.conf",
                  "# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).\n"
                  "# See man:resolv.conf(5), systemd-resolved.service(8), i.e. those. Do not edit.\nnameserver 127.0.0.53\n",
                  NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

#define KERNEL ".plumbline/ask/journal/kernel/day"
#define WORDS  "oldest_us 1000\nentry 1795959916000000 kernel "

/* What the kernel said of disks, servers and itself. */
static void test_kernel(void)
{
        static const struct leak leaks[] = {
                { "a filesystem", "etc/a", "", KERNEL,
                  WORDS "BTRFS warning: missing disk uuid 7777aaaa-bbbb-cccc-dddd-eeeeffff0001\n", "7777aaaa",
                  "missing disk uuid " },
                { "elsewhere", KERNEL, WORDS "mounted filesystem 7777aaaa-bbbb-cccc-dddd-eeeeffff0001 r/w\n", "sys/b",
                  "7777aaaa-bbbb-cccc-dddd-eeeeffff0001", "7777aaaa", NULL },
                { "none", "etc/a", "", KERNEL, WORDS "x 00000000-0000-0000-0000-000000000000 1-2 a-b- 12345678-1\n", NULL,
                  NULL },
                { "a drive", "etc/a", "", KERNEL, WORDS "usb 1-1: SerialNumber: 4C5300012304\n", "4C5300012304",
                  "SerialNumber: " },
                { "CIFS", "etc/a", "", KERNEL, WORDS "CIFS: VFS: \\\\filer7.corp.example has not responded\n", "filer7",
                  " has not responded\n" },
                { "CIFS, twice", "etc/a", "", KERNEL, WORDS "CIFS: VFS: \\\\\\\\filer7.corp.example has not responded\n",
                  "corp", " has not responded\n" },
                { "CIFS, when it mounts", "etc/a", "", KERNEL, WORDS "CIFS: Attempting to mount //filer7.corp.example/share\n",
                  "filer7", "/share\n" },
                { "no server", "etc/a", "", KERNEL, WORDS "x \\x2dy \\\\x2dz http://a //\n", NULL, NULL },
                { "its command line", "etc/a", "", KERNEL,
                  WORDS "Kernel command line: ro rd.password=sesame hostname=box quiet\n", "sesame", " quiet\n" },
                { "a variable for init", "etc/a", "", "proc/cmdline", "ro systemd.setenv=API_TOKEN=sesame quiet\n", "sesame",
                  " quiet\n" },
                { "in quotes", "etc/a", "", "proc/cmdline", "ro systemd.setenv=\"X_TOKEN=sesame\" quiet\n", "sesame",
                  " quiet\n" },
                { "an argument of init", "etc/a", "", "proc/cmdline", "ro quiet -- --password sesame\n", "sesame",
                  "ro quiet -- " },
                { "a name in a value", "etc/a", "", "proc/cmdline", "ro cifsroot=x,user=bob,password=sesame quiet\n", "sesame",
                  " quiet\n" },
                { "a name on it", "etc/a", "", KERNEL, WORDS "Kernel command line: ro rd.password=sesame hostname=box quiet\n",
                  "box", " quiet\n" },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

#define PROFILE "etc/plumbline/profile.yaml"
#define WANTS                                                                                                                  \
        "tune:\n  cmdline:\n    netroot: \"iscsi:bob:sesame@x::y\"\n    a.token: { is: jasmine, tier: info }\n    b.pw: "      \
        "'rose'\n"

/* A parameter that is wanted and not there yet. */
static void test_wanted(void)
{
        static const struct leak leaks[] = {
                { "between quotes", "etc/a", "", PROFILE, WANTS, "sesame", "netroot: \"^" },
                { "the long form", "etc/a", "", PROFILE, WANTS, "jasmine", "a.token: { is: ^" },
                { "in other quotes", "etc/a", "", PROFILE, WANTS, "rose", "b.pw: '^" },
                { "on one line", "etc/a", "", PROFILE, "tune: { cmdline: { a.token: rose, quiet: true } }\n", "rose",
                  ", quiet: true } }\n" },
                { "what check says", PROFILE, WANTS, ".plumbline/evidence/check.html", "<dd>netroot=iscsi:bob:sesame@x::y</dd>",
                  "sesame", "netroot=^" },
                { "of a profile that is elsewhere", "etc/a", "", ".plumbline/evidence/check.txt",
                  "have b.pw=rose, want b.pw=rose (x.yaml:1)\n", "rose", ", want b.pw=^" },
                { "in JSON", "etc/a", "", ".plumbline/evidence/check.json", "\"want\": \"b.pw=rose\",\n", "rose", "\",\n" },
                { "in a file that is wanted", "etc/a", "", ".plumbline/evidence/plan.json",
                  "GRUB_X=\\\"$GRUB_X b.pw=rose\\\"\\n", "rose", "\\\"\\n" },
                { "other settings", "etc/a", "", PROFILE,
                  "require:\n  package.keyutils: present\ntune:\n  cmdline:\n    quiet: true\n  sysctl:\n    kernel.keyx: "
                  "abcd\n",
                  NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

static const struct test tests[] = {
        { "rules", test_rules }, { "places", test_places }, { "one serial", test_one_serial }, { "names", test_names },
        { "hosts", test_hosts }, { "kernel", test_kernel }, { "wanted", test_wanted },         { 0 },
};

const struct suite suite_redact_files = { "redact_files", tests };

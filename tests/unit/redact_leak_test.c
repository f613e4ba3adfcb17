/* What names a machine in other words than the file that tells it: none of it is left in a capture. */

#include "tests/unit/redact_leak.h"

#include "agent/redact.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"
#include "tests/unit/suites.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct member text_member(const char *path, const char *text)
{
        return (struct member){ path, MEMBER_FILE, true, text, strlen(text), 0 };
}

void redact_leak_check(const struct leak *leaks, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                autopool struct pool *pool = pool_new();
                struct member rows[] = { text_member(leaks[i].source, leaks[i].secret),
                                         text_member(leaks[i].path, leaks[i].text) };
                const struct member *row = &rows[0];

                redact(pool, rows, COUNT(rows), NULL);
                if (text_equals(row->path, leaks[i].source))
                        row++;
                EXPECT_NUMBER(leaks[i].name, strlen(row->bytes), strlen(leaks[i].text));
                if (leaks[i].gone)
                        EXPECT(leaks[i].name, !strcasestr(row->bytes, leaks[i].gone));
                else
                        EXPECT_TEXT(leaks[i].name, row->bytes, leaks[i].text);
                EXPECT(leaks[i].name, !leaks[i].stays || strstr(row->bytes, leaks[i].stays));
        }
}

#define NQN "sys/devices/pci0000:00/0000:00:01.0/nvme/nvme0/subsysnqn"

static void test_disks(void)
{
        static const struct leak leaks[] = {
                { "a subsystem that the kernel named", "etc/a", "", NQN,
                  "nqn.2014.08.org.nvmexpress:144d144dS4EWNX0N123456      SAMSUNG MZ1\n", "S4EWNX0N123456",
                  "nqn.2014.08.org.nvmexpress:144d144d" },
                { "its model", "etc/a", "", NQN, "nqn.2014.08.org.nvmexpress:144d144dS4EWNX0N123456      SAMSUNG MZ1\n", "S4EW",
                  "      SAMSUNG MZ1\n" },
                { "a serial as long as can be", "etc/a", "", NQN,
                  "nqn.2014.08.org.nvmexpress:8086a8010123456789ABCDEFGHIJSAMSUNG MZ1", "6789ABCDEFGHIJ", "SAMSUNG MZ1" },
                { "a serial at the right end", "etc/a", "", NQN,
                  "nqn.2014.08.org.nvmexpress:144d144d      S4EWNX0N123456SAMSUNG", "S4EWNX0N123456", "SAMSUNG" },
                { "a serial of digits", "etc/a", "", NQN, "nqn.2014.08.org.nvmexpress:144d144d27182818            MODEL",
                  "27182818", "MODEL" },
                { "a subsystem by its uuid", "etc/a", "", NQN,
                  "nqn.2014-08.org.nvmexpress:uuid:5ab1b5ae-1111-2222-3333-44445555", "5ab1b5ae",
                  "nqn.2014-08.org.nvmexpress:uuid:" },
                { "a subsystem that its maker named", "etc/a", "", NQN, "nqn.2019-10.com.kioxia:KCD61LUL3T84:Y090A05YT3R8",
                  "Y090A05YT3R8", "nqn.2019-10.com.kioxia:KCD61LUL3T84:" },
                { "the subsystem of discovery", "etc/a", "", NQN, "nqn.2014-08.org.nvmexpress.discovery", NULL, NULL },
                { "the serial elsewhere", NQN, "nqn.2014.08.org.nvmexpress:144d144dS4EWNX0N123456      MODEL", "sys/b",
                  "nvme-SAMSUNG_S4EWNX0N123456", "S4EWNX0N123456", "nvme-SAMSUNG_" },
                { "the name of a map", "etc/a", "", "sys/block/dm-0/dm/name", "3600508b4000156d700012000000b0000", "156d7",
                  NULL },
                { "a part of a map", "etc/a", "", "sys/block/dm-1/dm/name", "3600508b4000156d700012000000b0000p1", "156d7",
                  "p1" },
                { "a map's own number", "etc/a", "", "sys/block/dm-0/dm/uuid", "mpath-3600508b4000156d700012000000b0000",
                  "156d7", "mpath-3" },
                { "a map of another's", "sys/block/dm-0/dm/uuid", "mpath-3600508b4000156d700012000000b0000", "sys/b",
                  "naa.600508b4000156d700012000000b0000 wwn-0x600508b4000156d700012000000b0000", "156d7", "wwn-0x" },
                { "a short one", "etc/a", "", "proc/7/mountinfo", "25 1 8:2 / / - ext4 /dev/mapper/35000c500a1b2c3d4-part2 rw",
                  "a1b2c3", "/dev/mapper/3" },
                { "a drive's number elsewhere", "sys/block/sda/device/wwid", "naa.5000c500a1b2c3d4", "sys/b",
                  "35000c500a1b2c3d4 0x5000c500a1b2c3d4 naa.5000c500a1b2c3d4", "a1b2c3d4", "naa." },
                { "a volume of LUKS that is told", "etc/a", "", "sys/block/dm-0/dm/uuid",
                  "CRYPT-LUKS2-5ab1b5ae111122223333444455556666-root", "5ab1b5ae", "CRYPT-LUKS2-" },
                { "its number with dashes", "sys/block/dm-0/dm/uuid", "CRYPT-LUKS2-5ab1b5ae111122223333444455556666-root",
                  "sys/b", "5ab1b5ae-1111-2222-3333-444455556666", "5ab1b5ae", NULL },
                { "LVM", "etc/a", "", "sys/block/dm-0/dm/uuid",
                  "LVM-q9X1Gk8yTb0aZp2cWd3eVf4gUh5iSj6kRl7mQn8oPp9qOr0sNt1uMv2wLx3yKz4A", "q9X1Gk8y", "LVM-" },
                { "swap on LUKS", "etc/a", "", "proc/swaps",
                  "Filename\n/dev/mapper/luks-5ab1b5ae-1111-2222-3333-444455556666 partition", "5ab1b5ae", "/luks-" },
                { "resume=", "etc/a", "", "proc/cmdline", "resume=/dev/mapper/luks-5ab1b5ae-1111-2222-3333-444455556666 ro",
                  "5ab1b5ae", "resume=/dev/mapper/luks-" },
                { "a link to a map", "proc/cmdline", "root=/dev/disk/by-id/dm-uuid-mpath-3600508b4000156d700012000000b0000",
                  "sys/b", "naa.600508b4000156d700012000000b0000", "156d7", "naa." },
                { "a link to a namespace", "etc/fstab", "/dev/disk/by-id/nvme-eui.0025385a1b2c3d4e-part1 / ext4", "sys/b",
                  "eui.0025385a1b2c3d4e 0025385a1b2c3d4e", "5a1b2c", "eui." },
                { "names of maps that say nothing", "etc/a", "", "proc/mounts",
                  "/dev/mapper/mpatha / ext4 /dev/mapper/vg0-root /dev/mapper/control /dev/mapper/35-a /dev/mapper/luks-root",
                  NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* Names of volumes double a dash; those of units and the links of udev have it as a number. */
static void test_escapes(void)
{
        static const struct leak leaks[] = {
                { "a group of LVM", "etc/hostname", "ny4-trade-07", "proc/mounts", "/dev/mapper/ny4--trade--07--vg-root / ext4",
                  "trade", "--vg-root / ext4" },
                { "a group with underscores", "etc/hostname", "ny4-trade-07", "sys/block/dm-0/dm/name", "vg_ny4_trade_07-root",
                  "trade", "vg_" },
                { "a unit", "etc/hostname", "ny4-trade-07", ".plumbline/ask/units", "srv-ny4\\x2dtrade\\x2d07.mount", "trade",
                  "srv-" },
                { "a unit behind a dash", "etc/hostname", "ny4-trade-07", ".plumbline/ask/units",
                  "srv\\x2dny4\\x2dtrade\\x2d07.mount", "trade", "srv\\x2d" },
                { "a unit in JSON", "etc/hostname", "ny4-trade-07", ".plumbline/evidence/a.json",
                  "\"a\\\\x2dny4\\\\x2dtrade\\\\x2d07\"", "trade", NULL },
                { "a unit in the table of mounts", "etc/hostname", "ny4-trade-07", "proc/7/mountinfo",
                  "/run/credentials/a@ny4\\134x2dtrade\\134x2d07.service", "trade", "/a@" },
                { "a line's end in JSON", "etc/hostname", "ny4-trade-07", ".plumbline/evidence/a.json",
                  "\"it is\\nny4-trade-07\"", "trade", "\\n" },
                { "a device's unit", "etc/a", "", ".plumbline/ask/units",
                  "dev-disk-by\\x2duuid-5ab1b5ae\\x2d1111\\x2d2222\\x2d3333\\x2d444455556666.device", "5ab1b5ae", "x2duuid-" },
                { "in the journal", "etc/a", "", ".plumbline/ask/journal/errors/boot",
                  "entry - - Timed out for dev-disk-by\\x2duuid-5ab1b5ae\\x2d11.device.", "5ab1b5ae", ".device." },
                { "a device's unit by its serial", "etc/a", "", ".plumbline/ask/units",
                  "dev-disk-by\\x2did-nvme\\x2dSAMSUNG_S4EWNX0N123456.swap", "S4EWNX0N123456", "SAMSUNG_" },
                { "the same serial", "etc/units", "dev-disk-by\\x2did-nvme\\x2dSAMSUNG_S4EWNX0N123456.swap", "sys/b",
                  "S4EWNX0N123456", "S4EWNX0N123456", NULL },
                { "a volume's unit", "etc/a", "", ".plumbline/ask/units",
                  "systemd-cryptsetup@luks\\x2d5ab1b5ae\\x2d1111\\x2d2222\\x2d3333\\x2d444455556666.service", "5ab1b5ae",
                  "@luks" },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* A folder of cgroups is called by its unit. */
static void test_paths(void)
{
        autopool struct pool *pool = pool_new();
        struct member rows[] = { text_member("sys/fs/cgroup/dev-disk-by\\x2duuid-5ab1b5ae\\x2d1111.swap/cgroup.procs", "1") };

        redact(pool, rows, COUNT(rows), NULL);
        EXPECT("gone", !strstr(rows[0].path, "5ab1b5ae"));
        EXPECT("the rest", strstr(rows[0].path, "/dev-disk-by\\x2duuid-") && strstr(rows[0].path, ".swap/cgroup.procs"));
}

/* Words stand directly beside an address. */
static void test_beside(void)
{
        static const struct leak leaks[] = {
                { "a colon in front", "etc/a", "", "etc/b", "peer:fd12::17 up", "fd12::17", "peer:fd" },
                { "an equals sign and a colon", "etc/a", "", "etc/b", "src=:fd12::18", "fd12::18", "src=:fd" },
                { "a word with a digit", "etc/a", "", "etc/b", "inet6:fd12::1", "fd12::1", "inet6:fd" },
                { "a word that ends in hex", "etc/a", "", "etc/b", "node3:fd12:9::1", "fd12:9::1", "node3:fd" },
                { "a word of hex", "etc/a", "", "etc/b", "interface:fd12:9::1", "fd12:9::1", "interface:fd" },
                { "a word without a colon", "etc/a", "", "etc/b", "srcfd12:9::1,box2001:db8::17", "db8::17", "src" },
                { "a word in front of that", "etc/a", "", "etc/b", "srcfd12:9::1,box2001:db8::17", "fd12:9::1", "box20" },
                { "a word with a number in front of it", "etc/a", "", "etc/b", "eth0:2001:db8::17", "2001:db8", "eth0:20" },
                { "a port with a dot", "etc/a", "", "etc/b", "IP6 fd12::17.5353 >", "fd12::17", ".5353 >" },
                { "a name behind it", "etc/a", "", "etc/b", "fd12::17.example.com", "fd12::17", ".example.com" },
                { "known from elsewhere", "etc/a", "fd12:9::17", "sys/b", "peer:fd12:9::17 srcfd12:9::17", "9::17", "peer:fd" },
                { "letters in front of four numbers", "etc/a", "", "etc/b", "node10.9.8.7 host203.0.113.9", "10.9.8.7",
                  "node" },
                { "others", "etc/a", "", "etc/b", "node10.9.8.7 host203.0.113.9", "203.0.113.9", " host" },
                { "a name behind four numbers", "etc/a", "", "etc/b", "10.9.8.8.example.com", "10.9.8.8", ".example.com" },
                { "a name behind them and a port", "etc/a", "", "etc/b", "10.9.8.8.dc.example.com:80", "10.9.8.8",
                  ".dc.example.com:80" },
                { "letters behind four numbers", "etc/a", "", "etc/b", "10.9.8.7eth0", "10.9.8.7", "eth0" },
                { "known four numbers", "etc/a", "10.9.8.7", "sys/b", "node10.9.8.7", "10.9.8.7", "node" },
                { "versions", "etc/a", "", "etc/b",
                  "v5.15.0.91 so.1.2.3.4 1.2.3.4.5 5.15.0.91rc1 kernel-5.14.0.362.el9 1.3.6.1.4.1", NULL, NULL },
                { "a version like an address", "etc/a", "5.15.0.91", "etc/b", "v5.15.0.91", NULL, NULL },
                { "times and slots", "etc/a", "", "etc/b", "12:30:45 at 2024-01-02T12:30:45.123456 0000:01:00.0 add:0:0 a:::b",
                  NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* The same address is the same, whatever stands beside it. */
static void test_one_address(void)
{
        autopool struct pool *pool = pool_new();
        struct member row = text_member(
                "etc/b", "fd12::17 peer:fd12::17 inet6:fd12::17 srcfd12::17 10.9.8.7 node10.9.8.7 10.9.8.7.example");
        const char *six, *four;

        redact(pool, &row, 1, NULL);
        six = pool_copy(pool, row.bytes, 8);
        four = pool_copy(pool, strchr(row.bytes, '.') - 2, 8);
        EXPECT_TEXT("beside",
                    pool_format(pool, "%.8s peer:%.8s inet6:%.8s src%.8s %.8s node%.8s %.8s.example", six, six, six, six, four,
                                four, four),
                    row.bytes);
}

/* Names of others are known by their place; elsewhere they may be plain words. */
static void test_servers(void)
{
        static const struct leak leaks[] = {
                { "NFS", "etc/a", "", "proc/7/mountinfo",
                  "25 1 0:44 / /srv rw - nfs4 server.corp.example:/export rw,addr=10.0.0.9", "server.", ":/export rw,addr=" },
                { "its domain", "etc/a", "", "proc/7/mountinfo", "25 1 0:44 / /srv rw - nfs4 server.corp.example:/export rw",
                  "corp", "/srv rw - nfs4 " },
                { "its address", "etc/a", "", "proc/mounts", "server:/export /srv nfs4 rw,addr=10.0.0.9,sec=sys 0 0",
                  "10.0.0.9", ":/export /srv nfs4 rw,addr=" },
                { "a plain word", "etc/a", "", "proc/mounts", "server:/export /srv/server nfs4 rw 0 0", "server:/",
                  " /srv/server nfs4" },
                { "CIFS", "etc/a", "", "proc/mounts", "//filer/share /mnt cifs rw,username=dave,domain=CORP,addr=10.0.0.9 0 0",
                  "filer", "/share /mnt cifs rw,username=" },
                { "its user", "etc/a", "", "proc/mounts", "//filer/share /mnt cifs rw,username=dave,uid=0,domain=CORP 0 0",
                  "dave", ",uid=0,domain=" },
                { "its domain's name", "etc/a", "", "proc/mounts",
                  "//filer/share /mnt cifs rw,username=dave,uid=0,domain=CORP 0 0", "CORP", ",uid=0,domain=" },
                { "fstab", "etc/a", "", "etc/fstab", "# all\nbox.corp.example:/x\t/x\tnfs\tro\t0 0\n", "corp",
                  ":/x\t/x\tnfs\tro" },
                { "sshfs", "etc/a", "", "proc/mounts", "dave@box:/srv /mnt fuse.sshfs rw 0 0", "dave",
                  ":/srv /mnt fuse.sshfs" },
                { "a server elsewhere", "proc/mounts", "//filer-7.corp.example/share /mnt cifs rw 0 0", "sys/b",
                  "filer-7.corp.example filer-7", "filer-7", NULL },
                { "a word elsewhere", "proc/mounts", "server:/export /mnt nfs rw 0 0", "etc/b.yaml", "server: 1\nmyserver:/x",
                  NULL, NULL },
                { "nfsroot=", "etc/a", "", "proc/cmdline", "root=/dev/nfs nfsroot=filer.corp.example:/r,v3", "filer",
                  ":/r,v3" },
                { "root=", "etc/a", "", "proc/cmdline", "root=nfs:filer:/r ro", "filer", "root=nfs:" },
                { "the journal", "etc/a", "", ".plumbline/ask/journal/errors/boot",
                  "entry ssh.service - auth failure; rhost=box7.corp.example  user=dave", "box7", "failure; rhost=" },
                { "the kernel", "etc/a", "", ".plumbline/ask/journal/errors/boot",
                  "entry kernel - nfs: server filer.corp.example not responding", "filer", " not responding" },
                { "an address", "etc/a", "", ".plumbline/ask/journal/errors/boot",
                  "entry ssh.service - rhost=127.0.0.1 rhost=::1", NULL, NULL },
                { "a domain to look in", "etc/a", "", "etc/resolv.conf", "search ny4.corp.example lan\nnameserver 127.0.0.53\n",
                  "corp", "\nnameserver 127.0.0.53\n" },
                { "one without a dot", "etc/a", "", "etc/resolv.conf", "search\tny4.corp.example lan.\nnameserver 127.0.0.53\n",
                  "lan", "\nnameserver 127.0.0.53\n" },
                { "the own domain", "etc/a", "", "run/systemd/resolve/stub-resolv.conf", "options edns0\ndomain corp.example\n",
                  "corp", "options edns0\ndomain " },
                { "a domain elsewhere", "etc/resolv.conf", "search ny4.corp.example\n", "sys/b", "box.ny4.corp.example x",
                  "ny4.corp", NULL },
                { "a word elsewhere, and no domain", "etc/resolv.conf", "search lan.\n", "etc/b", "(lan.) vlan", NULL, NULL },
                { "a name server", "etc/a", "", "etc/resolv.conf", "nameserver 10.9.8.7\nnameserver fd12::53\n", "10.9.8.7",
                  "nameserver " },
                { "no domain", "etc/a", "", "etc/resolv.conf",
                  "search .\nsearch\n# search corp\noptions edns0 search trust-ad\nnameserver ::1\n", NULL, NULL },
                { "no servers", "etc/a", "", "proc/mounts",
                  "/dev/sda1 / ext4 rw,user=x 0 0\ntmpfs /run tmpfs rw 0 0\nsystemd-1 /proc/sys autofs rw 0 0\nlocalhost:/x /x "
                  "nfs ro 0 0",
                  NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* What GRUB asks for, however it is set. */
static void test_passwords(void)
{
        static const struct leak leaks[] = {
                { "one blank", "etc/a", "", "boot/grub/grub.cfg", "password bob s3cret\nset a=1\n", "s3cret",
                  "password bob ^" },
                { "two blanks", "etc/a", "", "boot/grub/grub.cfg", "  password  bob  s3cret\nset a=1\n", "s3cret",
                  "  password  bob  ^" },
                { "tabs", "etc/a", "", "boot/grub/grub.cfg", "\tpassword\tbob \ts3cret # his\n", "s3cret", "bob \t^" },
                { "in quotes", "etc/a", "", "boot/grub/grub.cfg", "password \"bob\"  's3cret'\n", "s3cret", "\"bob\"  '^" },
                { "a plain word", "etc/a", "", "boot/grub/grub.cfg", "password  bob  sesame\necho sesame\n", "bob  sesame",
                  "echo sesame" },
                { "its hash", "etc/a", "", "boot/grub/grub.cfg", "password_pbkdf2  bob  grub.pbkdf2.sha512.10000.AB12CD\n",
                  "AB12CD", "bob  ^" },
                { "its hash elsewhere", "boot/grub/grub.cfg", "password_pbkdf2 bob grub.pbkdf2.sha512.10000.AB12CD\n",
                  "etc/grub.d/40_custom", "password_pbkdf2   bob   grub.pbkdf2.sha512.10000.AB12CD\n", "AB12CD", "bob   ^" },
                { "GRUB before 2", "etc/a", "", "boot/grub/menu.lst", "password  s3cret\n", "s3cret", "password  ^" },
                { "its hash before 2", "etc/a", "", "boot/grub/menu.lst", "password --md5  $1$s3cret\n", "s3cret", "--md5  " },
                { "other lines", "etc/a", "", "boot/grub/grub.cfg", "echo password bob s3cret\nset passwords 1\n", NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* Of the command line, by name and by value. */
static void test_parameters(void)
{
        static const struct leak leaks[] = {
                { "pwd", "etc/a", "", "proc/cmdline", "db.pwd=sesame ro", "sesame", "db.pwd=^" },
                { "psk", "etc/a", "", "boot/grub/grub.cfg", "linux /v wifi.psk=sesame ro", "sesame", "wifi.psk=^" },
                { "pw", "etc/a", "", "proc/cmdline", "ipmi_pw=sesame ro", "sesame", "ipmi_pw=^" },
                { "community", "etc/a", "", "proc/cmdline", "snmp.community=sesame ro", "sesame", "snmp.community=^" },
                { "login", "etc/a", "", "proc/cmdline", "login=sesame ro", "sesame", "login=^" },
                { "a URL", "etc/a", "", "proc/cmdline", "http_proxy=http://bob:sesame@proxy:3128/ ro", "bob:sesame",
                  "http_proxy=http://^" },
                { "what is behind it", "etc/a", "", "proc/cmdline", "http_proxy=http://bob:sesame@proxy:3128/ ro", "sesame",
                  "@proxy:3128/ ro" },
                { "a URL in a file", "etc/a", "", "etc/environment", "https_proxy='http://bob:p@proxy'\n", "bob:p",
                  "@proxy'\n" },
                { "a token in a URL", "etc/a", "", "etc/environment", "https_proxy=https://ghp_3f9a@proxy\n", "ghp_3f9a",
                  "@proxy\n" },
                { "the same elsewhere", "proc/cmdline", "x=http://bob:p@proxy", "sys/b", "http://bob:p@proxy", "bob:p",
                  "@proxy" },
                { "harmless words", "etc/a", "", "proc/cmdline",
                  "pwm=sesame keypad.x=sesame loginless=1 p=http://proxy:3128/a@b", NULL, NULL },
        };

        redact_leak_check(leaks, COUNT(leaks));
}

/* Two ports of one drive say the same, and a capture of them says so too. */
static void test_one_drive(void)
{
        static const char first[] = "nqn.2014.08.org.nvmexpress:144d144dS4EWNX0N123456      MODEL\n";
        static const char second[] = "nqn.2014.08.org.nvmexpress:144d144dS4EWNX0N123457      MODEL\n";
        autopool struct pool *pool = pool_new();
        struct member rows[] = { text_member("sys/class/nvme/nvme0/subsysnqn", first),
                                 text_member("sys/class/nvme/nvme1/subsysnqn", first),
                                 text_member("sys/class/nvme/nvme2/serial", "S4EWNX0N123456\n"),
                                 text_member("sys/class/nvme/nvme3/subsysnqn", second) };

        redact(pool, rows, COUNT(rows), NULL);
        EXPECT_TEXT("one drive", rows[1].bytes, rows[0].bytes);
        EXPECT("another drive", !text_equals(rows[3].bytes, rows[0].bytes));
        EXPECT("its serial", !strncmp(rows[2].bytes, rows[0].bytes + 35, 14));
}

/* A btrfs goes by its UUID in the names of folders: by one other in all of them, and wherever else it stands. */
static void test_filesystem(void)
{
        static const char uuid[] = "3e85e2ec-c3c0-49f6-a28d-0077bac8a030";
        autopool struct pool *pool = pool_new();
        struct member rows[] = {
                text_member("etc/a", "scrub of 3e85e2ec-c3c0-49f6-a28d-0077bac8a030\n"),
                { "sys/fs/btrfs/3e85e2ec-c3c0-49f6-a28d-0077bac8a030/devices/sda1", MEMBER_LINK, true, "../x", 4, 0 },
                text_member("sys/fs/btrfs/3e85e2ec-c3c0-49f6-a28d-0077bac8a030/label", "trade\n"),
                text_member("sys/fs/btrfs/features/raid56", "1\n"),
        };
        const size_t start = strlen("sys/fs/btrfs/");
        size_t found = 0;

        redact(pool, rows, COUNT(rows), NULL);
        EXPECT("elsewhere", !strstr(rows[0].bytes, uuid));
        for (size_t i = 1; i < COUNT(rows); i++) {
                if (text_equals(rows[i].path, "sys/fs/btrfs/features/raid56"))
                        continue;
                EXPECT(rows[i].path, !strstr(rows[i].path, uuid));
                EXPECT(rows[i].path, !strncmp(rows[i].path + start, rows[0].bytes + strlen("scrub of "), strlen(uuid)));
                EXPECT(rows[i].path, text_ends(rows[i].path, "/label") || text_ends(rows[i].path, "/devices/sda1"));
                found++;
        }
        EXPECT_NUMBER("folders", found, 2);
}

static const struct test tests[] = {
        { "disks", test_disks },
        { "one drive", test_one_drive },
        { "escapes", test_escapes },
        { "paths", test_paths },
        { "beside", test_beside },
        { "one address", test_one_address },
        { "servers", test_servers },
        { "passwords", test_passwords },
        { "parameters", test_parameters },
        { "filesystem", test_filesystem },
        { 0 },
};

const struct suite suite_redact_leak = { "redact_leak", tests };

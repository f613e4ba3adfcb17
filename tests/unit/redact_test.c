/* What is taken out of the texts of a capture, and what stays. */

#include "agent/redact.h"

#include "agent/core/cmdline.h"
#include "agent/core/journal.h"
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

static const char *bytes_of(const struct member *rows, const char *path)
{
        while (!text_equals(rows->path, path))
                rows++;
        return rows->bytes;
}

/* What became of a text is told by a file that holds nothing else. */
static const char *replaced(const struct member *rows, const char *path, const char *text, struct pool *pool)
{
        const char *bytes = bytes_of(rows, path);

        EXPECT(text, !text_equals(bytes, text) && strlen(bytes) == strlen(text));
        return pool_dup(pool, bytes);
}

/* Beside a colon stands a port, or the next address. */
static void test_beside_a_colon(void)
{
        static const struct {
                const char *text, *want; /* want: %1$s is what became of 10.1.2.3, %2$s of 192.0.2.7 */
        } cases[] = {
                { "10.1.2.3:8080", "%1$s:8080" },
                { "tcp: 10.1.2.3:5432", "tcp: %1$s:5432" },
                { "http://10.1.2.3:80/x", "http://%1$s:80/x" },
                { "ip=10.1.2.3::192.0.2.7:255.255.255.0:box:eth0:none", "ip=%1$s::%2$s:255.255.255.0:box:eth0:none" },
                { "ip=10.1.2.3:10.1.2.3:10.1.2.3:255.255.255.0:10.1.2.3:192.0.2.7:",
                  "ip=%1$s:%1$s:%1$s:255.255.255.0:%1$s:%2$s:" },
                { "nfsroot=10.1.2.3:/srv", "nfsroot=%1$s:/srv" },
                { "of 10.1.2.3: nothing, of 192.0.2.7.", "of %1$s: nothing, of %2$s." },
                { "127.0.0.1:80 0.0.0.0:22 12:30:45", "127.0.0.1:80 0.0.0.0:22 12:30:45" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct member rows[] = { text_member("etc/hosts", cases[i].text), text_member("sys/one", "10.1.2.3"),
                                         text_member("sys/two", "192.0.2.7") };
                bool one = strstr(cases[i].text, "10.1.2.3"), two = strstr(cases[i].text, "192.0.2.7");
                autobuffer struct text_buffer want = { 0 };

                redact(pool, rows, COUNT(rows), NULL);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                text_addf(&want, cases[i].want, one ? replaced(rows, "sys/one", "10.1.2.3", pool) : "",
                          two ? replaced(rows, "sys/two", "192.0.2.7", pool) : "");
#pragma GCC diagnostic pop
                EXPECT_TEXT(cases[i].text, bytes_of(rows, "etc/hosts"), want.at);
        }
}

/* A secret of the command line is nowhere left; what runs and what comes next still say the same, or still differ. */
static void test_parameters(void)
{
        static const struct {
                const char *running, *file, *text, *next, *secret;
                bool same;
        } cases[] = {
                { "quiet my.secret=sesame", "boot/grub/grub.cfg", "linux /vmlinuz %s\n", "quiet my.secret=sesame", "sesame",
                  true },
                { "quiet my.secret=sesame", "boot/grub/grub.cfg", "linux /vmlinuz %s\n", "quiet my.secret=sesamo", "sesam",
                  false },
                { "a.token=\"open sesame\" ro", "boot/loader/entries/a.conf", "options %s\n", "a.token=\"open sesame\" ro",
                  "sesame", true },
                { "\"a.token=open sesame\" ro", "boot/grub/grub.cfg", "linux /vmlinuz %s\n", "\"a.token=open sesame\" ro",
                  "sesame", true },
                { "rd.iscsi.password=x7-hunter", "etc/default/grub", "GRUB_CMDLINE_LINUX=\"%s\"\n",
                  "rd.iscsi.password=x7-hunter", "hunter", true },
                { "ro netroot=iscsi:me:hunter@box::3260", "etc/default/grub.d/x.cfg", "GRUB_CMDLINE_LINUX=\"%s\"\n",
                  "ro netroot=iscsi:me:hunter@box::3260", "hunter", true },
                { "rd.iscsi.password=hunter", "etc/plumbline/profile.yaml", "tune: { rd.iscsi.password: \"hunter\" }\n",
                  "rd.iscsi.password=hunter", "hunter", true },
                { "rd.iscsi.password=hunter2-x", "etc/iscsi/iscsid.conf", "node.session.auth.password = hunter2-x\n",
                  "rd.iscsi.password=hunter2-x", "hunter", true },
                { "root=/dev/disk/by-id/nvme-VENDOR_MODEL_S4GENX0N1_1-part2", "etc/fstab",
                  "/dev/disk/by-id/nvme-VENDOR_MODEL_S4GENX0N1-part1 /srv ext4\n",
                  "root=/dev/disk/by-id/nvme-VENDOR_MODEL_S4GENX0N1_1-part2", "S4GENX0N1", true },
                { "rd.luks.uuid=luks-2f0a5ab1-77 root=UUID=5ab1c3d4-0a", "etc/crypttab", "a UUID=2f0a5ab1-77 none\n",
                  "root=UUID=5ab1c3d4-0a rd.luks.uuid=luks-2f0a5ab1-77", "5ab1", true },
                { "ip=10.0.0.5::10.0.0.1:255.255.255.0:trader:eth0:none", "boot/grub/grubenv", "kernelopts=%s",
                  "ip=10.0.0.5::10.0.0.1:255.255.255.0:trader:eth0:none", "trader", true },
                { "hostname=trader ip=:::::eth0:dhcp", "boot/grub/grubenv", "kernelopts=%s",
                  "hostname=trader ip=:::::eth0:dhcp", "trader", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autobuffer struct text_buffer text = { 0 };
                struct member rows[3] = { text_member("proc/cmdline", cases[i].running),
                                          text_member("boot/loader/next", cases[i].next) };
                struct cmdline running, next;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                text_addf(&text, cases[i].text, cases[i].next);
#pragma GCC diagnostic pop
                rows[2] = text_member(cases[i].file, text.at);
                redact(pool, rows, COUNT(rows), NULL);
                EXPECT(cases[i].file, !strstr(bytes_of(rows, cases[i].file), cases[i].secret));
                EXPECT(cases[i].running, !strstr(bytes_of(rows, "proc/cmdline"), cases[i].secret));
                EXPECT_NUMBER("as long", strlen(bytes_of(rows, cases[i].file)), text.size);
                EXPECT_NUMBER("running", cmdline_parse(pool, bytes_of(rows, "proc/cmdline"), &running), 0);
                EXPECT_NUMBER("next", cmdline_parse(pool, bytes_of(rows, "boot/loader/next"), &next), 0);
                EXPECT(cases[i].running, cmdline_equals(&running, &next) == cases[i].same);
        }
}

/* What is nobody's secret. */
static void test_other_parameters(void)
{
        static const char text[] = "iommu.passthrough=1 spec_store_bypass_disable=off root=/dev/sda1 isolcpus=2-7 nosmt "
                                   "usbcore.authorized_default=0 console=ttyS0,115200 ip=dhcp hugepagesz=1G";
        static const char mounts[] = "/dev/sda1 / ext4 cpu0";
        static const char other[] = "rd.luks.key=/dev/sda1 ip=::::cpu0:eth0:dhcp";
        autopool struct pool *pool = pool_new();
        struct member row = text_member("proc/cmdline", text);
        struct member rows[] = { text_member("boot/grub/grub.cfg", other), text_member("proc/mounts", mounts) };

        redact(pool, &row, 1, NULL);
        EXPECT_TEXT("all stay", row.bytes, text);
        redact(pool, rows, COUNT(rows), NULL);
        EXPECT("a key", !strstr(bytes_of(rows, "boot/grub/grub.cfg"), "sda1"));
        EXPECT_TEXT("what is called like a secret", bytes_of(rows, "proc/mounts"), mounts);
}

/* One secret, told by the first file, in another one: it goes, it stays, or the file as a whole is kept. */
static void test_forms(void)
{
        static const struct {
                const char *name, *source, *secret, *path, *text, *gone; /* gone NULL: all of it stays */
        } cases[] = {
                { "a host in capitals", "etc/hostname", "ny4-07", "etc/motd", "Welcome to NY4-07 and Ny4-07.", "4-07" },
                { "a host and its domain", "etc/hostname", "ny4-07.dc.example", "etc/hosts", "a NY4-07.dc.Example ny4-07",
                  "4-07" },
                { "a host in a pattern", "etc/hostname", "ny4-07.dc.example", "etc/p", "^ny4-07\\.dc\\.example$", "dc\\.ex" },
                { "a host called as the kernel calls its own", "proc/sys/kernel/hostname", "node0",
                  "sys/devices/system/node/node0/cpulist", "0-3 node0", NULL },
                { "cpu0", "etc/hostname", "cpu0", "sys/devices/system/cpu/cpu0/topology/core_id", "0 of cpu0", NULL },
                { "system", "etc/hostname", "system", "sys/devices/system/cpu/online", "system", NULL },
                { "a host called as something of this host", "etc/hostname", "ens3f0np0", "sys/class/net/ens3f0np0/mtu", "1500",
                  NULL },
                { "a host called as its architecture", "etc/hostname", "amd64", "proc/sys/kernel/osrelease", "6.1.0-28-amd64",
                  NULL },
                { "localhost", "etc/hostname", "localhost", "etc/hosts", "127.0.0.1 localhost", NULL },
                { "a card in capitals", "etc/a", "52:54:00:ab:cd:ef", "etc/b", "52:54:00:AB:CD:EF 52:54:00:Ab:cD:eF", "54:00" },
                { "a card with dashes", "etc/a", "52:54:00:ab:cd:ef", "etc/b", "52-54-00-AB-CD-EF", "54-00" },
                { "a card with dots", "etc/a", "52:54:00:ab:cd:ef", "etc/b", "5254.00ab.cdef 5254.00AB.CDEF", "00ab" },
                { "a card with dots alone", "etc/a", "", "etc/b", "5254.00ab.cdef", "5254" },
                { "a card that GRUB's PXE names", "etc/a", "", "etc/b", "BOOTIF=01-52-54-00-ab-cd-ef", "cd-ef" },
                { "no card", "etc/a", "", "etc/b", "2024.1015.1200 1.abcd.ef01 0001.0002.0003.0004", NULL },
                { "a serial in capitals", "sys/block/a/device/serial", "s3x9nx0k1", "etc/b", "nvme-X_S3X9NX0K1", "S3X9" },
                { "zeros", "sys/class/dmi/id/product_serial", "00000000", "sys/b", "00000000,0000000f 00000000-0000-0000",
                  NULL },
                { "nearly zeros", "sys/class/dmi/id/product_serial", "00000001", "sys/b", "00000000,00000001", NULL },
                { "a filler", "sys/class/dmi/id/product_serial", "To be filled by O.E.M.", "sys/b", "To be filled by O.E.M.",
                  NULL },
                { "digits in a row", "sys/class/dmi/id/board_serial", "0123456789", "sys/b", "0123456789", NULL },
                { "a small number", "sys/class/dmi/id/board_serial", "3600000", "sys/b", "3600000", NULL },
                { "no name of a drive", "sys/block/a/wwid", "eui.0000000000000000", "sys/b", "eui.0000000000000000", NULL },
                { "an address", "etc/a", "8.8.8.8", "sys/b", "8.8.8.8", "8.8.8.8" },
                { "a firmware's version", "etc/a", "5.15.0.91", "sys/class/nvme/nvme0/firmware_rev", "5.15.0.91", NULL },
                { "an address like a firmware's version", "etc/a", "10.15.0.91", "sys/class/nvme/nvme0/firmware_rev",
                  "10.15.0.91", NULL },
                { "a package's version", "etc/a", "5.15.0.91", "var/lib/dpkg/status", "Version: 5.15.0.91", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct member rows[] = { text_member(cases[i].source, cases[i].secret),
                                         text_member(cases[i].path, cases[i].text) };
                const struct member *row = &rows[0];

                redact(pool, rows, COUNT(rows), NULL);
                if (text_equals(row->path, cases[i].source))
                        row++;
                if (cases[i].gone)
                        EXPECT(cases[i].name, !strcasestr(row->bytes, cases[i].gone));
                else if (EXPECT_TEXT(cases[i].name, row->path, cases[i].path))
                        EXPECT_TEXT(cases[i].name, row->bytes, cases[i].text);
        }
}

/* A version that a file of versions tells is none of the host's addresses; one of a network of its own is, all the same. */
static void test_versions(void)
{
        autopool struct pool *pool = pool_new();
        struct member rows[] = { text_member("sys/class/nvme/nvme0/firmware_rev", "1.2.3.4\n"),
                                 text_member("sys/class/dmi/id/bios_version", "192.168.0.4\n"),
                                 text_member("etc/notes", "1.2.3.4 1.2.3.5 192.168.0.4") };
        const char *text;

        redact(pool, rows, COUNT(rows), NULL);
        text = bytes_of(rows, "etc/notes");
        EXPECT("a known version", text_starts(text, "1.2.3.4 "));
        EXPECT("an address", !strstr(text, "1.2.3.5"));
        EXPECT("an address of its own", !strstr(text, "192.168.0.4"));
        EXPECT_TEXT("versions", bytes_of(rows, "sys/class/dmi/id/bios_version"), "192.168.0.4\n");
}

/* The time it takes grows with the length, not with its square: so large a file took a day. */
static void test_long_name(void)
{
        enum { SIZE = 1 << 20 };
        autopool struct pool *pool = pool_new();
        char *name = pool_zero(pool, SIZE + 1);
        struct member rows[] = { { "etc/hostname", MEMBER_FILE, true, name, SIZE, 0 } };

        memset(name, 'a', SIZE);
        memset(name, '7', 8);
        redact(pool, rows, 1, NULL);
        EXPECT_NUMBER("as long", rows[0].size, SIZE);
        EXPECT("another", memcmp(rows[0].bytes, name, 64) != 0);
}

/* Of the journal's messages goes what names people, hosts and addresses; what the profile allows is allowed as before. */
static void test_journal(void)
{
        static struct journal_allow allows[] = {
                { JOURNAL_BY_PATTERN, "^lost 10[.]1[.]2[.]3$" },
                { JOURNAL_BY_PATTERN, "user (alice|carol) from" },
                { JOURNAL_BY_PATTERN, "^trader: gone" },
                { JOURNAL_BY_UNIT, "feed.service" },
        };
        static const struct journal_watch watch = { 0, COUNT(allows), allows };
        static const struct {
                const char *host, *line, *gone, *stays; /* gone NULL: nothing */
        } cases[] = {
                { "trader", "a.service - session opened for user dave(uid=1000)", "dave", "session opened for user " },
                { "trader", "a.service - Failed password for invalid user dave from 10.1.2.9 port 22", "dave", " from " },
                { "trader", "a.service - Failed password for dave from 10.1.2.9", "dave", "Failed password for " },
                { "trader", "a.service - lost 10.1.2.9:80", "10.1.2.9", ":80" },
                { "trader", "feed.service - of user alice from 10.1.2.9", "alice", "of user " },
                { "trader", "a.service - invalid user alice from 10.1.2.9", "10.1.2.9", "user alice from" },
                { "trader", "a.service - auth failed: ruser=dave USER=root cwd=/home/dave/x", "dave", "USER=root cwd=/home/" },
                { "trader", "kernel - user space of user root, user unknown", NULL, "user space of user root, user unknown" },
                { "trader", "a.service - on trader: gone", "trader", ": gone" },
                { "trader", "a.service - trader: gone", NULL, "trader: gone" },
                { "ny4", "a.service - on ny4 and ny45", "ny4 ", "ny45" },
                { "NY4-07", "a.service - on ny4-07.", "ny4-07", "on " },
                { "node0", "kernel - node0 has no memory", NULL, "node0 has no memory" },
                { "trader", "kernel - card 52:54:00:AB:CD:EF", "52:54:00:AB:CD:EF", "card " },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                const char *text = pool_format(pool, "boot_begins kernel\nentry %s\n", cases[i].line), *after;
                struct member rows[] = { text_member(".plumbline/ask/journal/errors/boot", text),
                                         text_member("proc/sys/kernel/hostname", cases[i].host) };
                struct journal_entry old, new;

                redact(pool, rows, COUNT(rows), &watch);
                after = bytes_of(rows, ".plumbline/ask/journal/errors/boot");
                EXPECT_NUMBER(cases[i].line, strlen(after), strlen(text));
                EXPECT(cases[i].line, text_starts(after, "boot_begins kernel\nentry ") && text_ends(after, "\n"));
                EXPECT(cases[i].line, strstr(after, cases[i].stays));
                EXPECT(cases[i].line, !cases[i].gone || !strstr(after, cases[i].gone));
                EXPECT(cases[i].line, journal_read_entry(pool, slice_of(strchr(text, '\n') + 1), &old));
                EXPECT(cases[i].line, journal_read_entry(pool, slice_of(strchr(after, '\n') + 1), &new));
                EXPECT(cases[i].line, journal_allows(&watch, &old) == journal_allows(&watch, &new));
        }
}

static const struct test tests[] = {
        { "journal", test_journal },
        { "forms", test_forms },
        { "versions", test_versions },
        { "a long name", test_long_name },
        { "parameters", test_parameters },
        { "other parameters", test_other_parameters },
        { "beside a colon", test_beside_a_colon },
        { 0 },
};

const struct suite suite_redact = { "redact", tests };

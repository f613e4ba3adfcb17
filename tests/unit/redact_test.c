/* What is taken out of the texts of a capture, and what stays. */

#include "agent/redact.h"

#include "agent/core/cmdline.h"
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

                redact(pool, rows, COUNT(rows));
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
                redact(pool, rows, COUNT(rows));
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
        autopool struct pool *pool = pool_new();
        struct member row = text_member("proc/cmdline", text);

        redact(pool, &row, 1);
        EXPECT_TEXT("all stay", row.bytes, text);
}

static const struct test tests[] = {
        { "parameters", test_parameters },
        { "other parameters", test_other_parameters },
        { "beside a colon", test_beside_a_colon },
        { 0 },
};

const struct suite suite_redact = { "redact", tests };

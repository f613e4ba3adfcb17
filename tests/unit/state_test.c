/* States: what of a kernel's command line is recorded, and what is not. */

#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void cmdline(void)
{
        static const struct {
                const char *name, *text, *recorded;
        } cases[] = {
                { "plain", "quiet isolcpus=1-3 iommu=pt", "quiet isolcpus=1-3 iommu=pt" },
                { "nothing", "", "" },
                { "a quoted password", "rd.iscsi.password=\"open sesame hunter2\" quiet",
                  "rd.iscsi.password=(not recorded) quiet" },
                { "the whole word quoted", "\"my.secret=open sesame\" quiet", "my.secret=(not recorded) quiet" },
                { "a quote that never ends", "a.token=\"open sesame quiet", "a.token=(not recorded)" },
                { "a value with an equals sign", "token=a=b", "token=(not recorded)" },
                { "a quoted value", "dyndbg=\"file a.c +p\"", "dyndbg=\"file a.c +p\"" },
                { "a password of another name", "netroot=iscsi:user:s3cr3tpw@10.20.30.9::3260::iqn.x",
                  "netroot=(not recorded)" },
                { "addresses", "ip=10.20.30.40::10.20.30.1 BOOTIF=01-0a-1b-2c-3d-4e-5f nameserver=10.0.0.1",
                  "ip=(not recorded) BOOTIF=(not recorded) nameserver=(not recorded)" },
                { "addresses of another name", "log.to=10.20.30.40:514 via=0a:1b:2c:3d:4e:5f v6=fe80::1",
                  "log.to=(not recorded) via=(not recorded) v6=(not recorded)" },
                { "no addresses", "pci=0000:01:00.0 version=6.1.0 tsc=reliable",
                  "pci=0000:01:00.0 version=6.1.0 tsc=reliable" },
                { "disks", "root=/dev/disk/by-id/nvme-S463NF0M500001X-part2 resume=UUID=5ab1 rd.luks.uuid=aa luks.name=bb=cc",
                  "root=(not recorded) resume=(not recorded) rd.luks.uuid=(not recorded) luks.name=(not recorded)" },
                { "a disk of another name", "mydata=/dev/disk/by-id/nvme-S463NF0M500001X extra=PARTUUID=5ab1",
                  "mydata=(not recorded) extra=(not recorded)" },
                { "hosts", "hostname=ny4 systemd.hostname=ny4 systemd.machine-id=0123",
                  "hostname=(not recorded) systemd.hostname=(not recorded) systemd.machine_id=(not recorded)" },
                { "names that only sound so",
                  "iommu.passthrough=1 spec_store_bypass_disable=off usbcore.authorized_default=0 rd.luks=0",
                  "iommu.passthrough=1 spec_store_bypass_disable=off usbcore.authorized_default=0 rd.luks=0" },
                { "other passwords", "db.pwd=a psk=b ipmi_pw=c snmp.community=d login=e pwm=f keypad=g",
                  "db.pwd=(not recorded) psk=(not recorded) ipmi_pw=(not recorded) snmp.community=(not recorded) login=(not "
                  "recorded) "
                  "pwm=f keypad=g" },
                { "a password in a URL", "http_proxy=http://u:p@host ftp_proxy=http://host:80/a@b",
                  "http_proxy=(not recorded) ftp_proxy=http://host:80/a@b" },
                { "what is not for the kernel", "quiet -- secret=1", "quiet" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();

                EXPECT_TEXT(cases[i].name, state_cmdline(pool, cases[i].text), cases[i].recorded);
        }
}

static void settings(void)
{
        static const struct {
                const char *id, *text, *running;
        } cases[] = { { "cmdline.ip", "1-3", STATE_UNRECORDED },
                      { "cmdline.isolcpus", "1-3", "1-3" },
                      { "cmdline.http_proxy", "http://u:p@host", STATE_UNRECORDED },
                      { "cmdline.ip", "no ip", "no ip" },
                      { "cmdline.my.pass", "no sesame", STATE_UNRECORDED },
                      { "sysctl.ip", "1-3", "1-3" },
                      { "sysctl.net.ipv4.tcp_fastopen_key", "00112233-44556677-8899aabb-ccddeeff", STATE_UNRECORDED },
                      { "sysctl.net/ipv6/conf/eth0/stable_secret", "2001:db8::1234", STATE_UNRECORDED },
                      { "sysctl.net.ipv4.tcp_fastopen_key", "absent", "absent" },
                      { "sysctl.kernel.keys.maxkeys", "200", "200" },
                      { "sysctl.net.sctp.auth_enable", "1", "1" },
                      { "sysctl.net.bridge.bridge-nf-pass-vlan-input-dev", "0", "0" },
                      { "sysctl.kernel.core_pattern", "|/usr/bin/send http://u:p@host %p", STATE_UNRECORDED },
                      { "sysctl.net.ipv4.tcp_rmem", "4096 131072 67108864", "4096 131072 67108864" },
                      { "sysctl.net.ipv4.tcp_keepalive_time", "60", "60" },
                      { "sysctl.kernel.hostname", "ny4", STATE_UNRECORDED } };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct setting row = { .id = cases[i].id, .text = cases[i].text };
                autoplan struct plan *plan = plan_new();
                autojson json_t *state = NULL;

                plan_begin(plan, "cmdline", &(struct settings){ .count = 1, .rows = &row });
                plan_note(plan, &row, STATUS_PASS, LAYER_RUNNING, "/proc/cmdline", cases[i].text, cases[i].text, NULL);
                state = state_settings(plan);
                EXPECT_TEXT(cases[i].id, json_string_value(json_object_get(json_object_get(state, "running"), cases[i].id)),
                            cases[i].running);
                EXPECT_TEXT(cases[i].id, json_string_value(json_object_get(json_object_get(state, "profile"), cases[i].id)),
                            cases[i].running);
        }
}

/* The row of the next entry tells of all parameters that it lacks. */
static void next_entry(void)
{
        static const struct {
                const char *name, *now, *other, *recorded;
        } cases[] = {
                { "passwords", "without netroot=iscsi:user:PASSW0RD1@10.1.1.1::3260::iqn.x:foo foo.token=TOK3N3 isolcpus=1-3",
                  NULL, "without netroot=(not recorded) foo.token=(not recorded) isolcpus=1-3" },
                { "blanks in one", "without my.token=\"open TOK3N3\" no quiet", NULL,
                  "without my.token=(not recorded) no quiet" },
                { "an address of another name", "without log.to=10.20.30.40:514", NULL, "without log.to=(not recorded)" },
                { "none", "in the next entry", NULL, "in the next entry" },
                { "two rows", "without foo.token=TOK3N3", "sets GRUB_CMDLINE_LINUX_DEFAULT anew",
                  "without foo.token=(not recorded) on /boot/grub/grub.cfg, sets GRUB_CMDLINE_LINUX_DEFAULT anew on /other" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autoplan struct plan *plan = plan_new();
                autojson json_t *state = NULL;

                plan_begin(plan, "cmdline", &(struct settings){ 0 });
                plan_note(plan, NULL, STATUS_DRIFT, LAYER_NEXT_BOOT, "/boot/grub/grub.cfg", cases[i].now, "in the next entry",
                          NULL);
                if (cases[i].other)
                        plan_note(plan, NULL, STATUS_SHADOWED, LAYER_NEXT_BOOT, "/other", cases[i].other, "x", NULL);
                state = state_settings(plan);
                EXPECT_TEXT(cases[i].name, json_string_value(json_object_get(json_object_get(state, "next-boot"), "cmdline")),
                            cases[i].recorded);
        }
}

static void options(void)
{
        static const struct {
                const char *name, *text, *recorded;
        } cases[] = {
                { "plain", "rw,relatime,errors=remount-ro", "rw,relatime,errors=remount-ro" },
                { "nothing", "", "" },
                { "a journal on a drive of this serial number",
                  "rw,journal_path=/dev/disk/by-id/nvme-SAMSUNG_S4XSERIAL9,data=ordered",
                  "rw,journal_path=(not recorded),data=ordered" },
                { "a password, and an address", "rw,password2=x,addr=10.9.8.7",
                  "rw,password2=(not recorded),addr=(not recorded)" },
                { "a partition", "rw,journal_path=PARTUUID=5ab1", "rw,journal_path=(not recorded)" },
                { "a device that is called by a number of the kernel's", "rw,device=/dev/sda1", "rw,device=/dev/sda1" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();

                EXPECT_TEXT(cases[i].name, state_options(pool, cases[i].text), cases[i].recorded);
        }
}

static void units(void)
{
        static const struct {
                const char *name, *text, *recorded;
        } cases[] = {
                { "none", "", "" },
                { "plain", "a.service getty@tty1.service -.mount", "a.service getty@tty1.service -.mount" },
                { "a disk by its number", "systemd-fsck@dev-disk-by\\x2duuid-5ab1.service dev-disk-by\\x2did-nvme\\x2dS4X.swap",
                  "systemd-fsck@(not recorded).service (not recorded).swap" },
                { "a connection", "ssh@0-10.0.0.5:22-10.0.0.9:55512.service", "ssh@(not recorded).service" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();

                EXPECT_TEXT(cases[i].name, state_units(pool, cases[i].text), cases[i].recorded);
        }
}

static const struct test tests[] = { { "cmdline", cmdline }, { "settings", settings }, { "next entry", next_entry },
                                     { "options", options }, { "units", units },       { NULL, NULL } };

const struct suite suite_state = { "state", tests };

/* Comparing two sides: what is equal, what differs, what cannot be told, and what a missing item means. */

#include "agent/diff.h"

#include "agent/core/cmdline.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* "different nic.eth0.speed: 1 Gbit/s, 100 Mbit/s; unknown ..." */
static const char *words(struct pool *pool, const struct diff *diff)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < diff->count; i++)
                text_addf(&text, "%s%s %s: %s, %s", i ? "; " : "", diff_status_name(diff->rows[i].status), diff->rows[i].name,
                          diff->rows[i].a_text ?: "-", diff->rows[i].b_text ?: "-");
        return pool_dup(pool, text.at);
}

/* "package bash=5.2; fact nvme.count?needs root; fact x!": known, unknown, absent. */
static void add_texts(struct items *items, const char *text)
{
        struct slice rest = slice_of(text), word;

        while (slice_word(&rest, ";", &word)) {
                const char *line = text_trim(items->pool, slice_dup(items->pool, word)), *name = strchr(line, ' ');
                const char *mark = strpbrk(line, "=?!");

                if (!EXPECT(line, name && mark))
                        continue;
                items_add(items, slice_dup(items->pool, (struct slice){ line, (size_t)(name - line) }),
                          slice_dup(items->pool, (struct slice){ name + 1, (size_t)(mark - name - 1) }),
                          *mark == '='   ? ITEM_KNOWN
                          : *mark == '?' ? ITEM_UNKNOWN
                                         : ITEM_ABSENT,
                          *mark == '!' ? NULL : pool_dup(items->pool, mark + 1));
        }
        items_sort(items);
}

static void texts(void)
{
        static const struct {
                const char *name, *a, *b, *words;
        } cases[] = {
                { "nothing", "", "", "" },
                { "equal", "running sysctl.x=1", "running sysctl.x=1", "" },
                { "another value", "running sysctl.x=1", "running sysctl.x=2", "different sysctl.x: 1, 2" },
                { "only one has it", "running sysctl.x=1", "", "different sysctl.x: 1, -" },
                { "absent and never heard of", "fact nvme.count=0; fact cpu.smt!", "fact nvme.count=0", "" },
                { "unknown on one side", "fact cpu.smt?needs root", "fact cpu.smt=yes", "unknown cpu.smt: needs root, yes" },
                { "unknown on both", "fact cpu.smt?x", "fact cpu.smt?x", "unknown cpu.smt: x, x" },
                { "unknown and absent", "fact cpu.smt?x", "fact cpu.smt!", "unknown cpu.smt: x, -" },
                { "a card that goes by its hardware address",
                  "fact nic.enx02beefc0ffee.speed=1 Gbit/s; fact nic.enx02beefc0ffee.driver=r8152",
                  "fact nic.enx02beefc0ff00.speed=1 Gbit/s; fact nic.enx02beefc0ff00.driver=r8152", "" },
                { "another such card", "fact nic.enx02beefc0ffee.driver=r8152", "fact nic.enx02beefc0ff00.driver=ax88179",
                  "different nic.enx#1.driver: r8152, ax88179" },
                { "one more", "fact nic.enx02beefc0ffee.speed=1",
                  "fact nic.enx02beefc0ff00.speed=1; fact nic.enx02beefc0ff01.speed=1", "different nic.enx#2.speed: -, 1" },
                { "a bond over one",
                  "fact nic.enx02beefc0ffee.mtu=1; fact interface.bond0.ports=eth0 enx02beefc0ffee; running "
                  "x.enx02beefc0ffee=1",
                  "fact nic.enx02beefc0ff00.mtu=1; fact interface.bond0.ports=eth0 enx02beefc0ff00; running "
                  "x.enx02beefc0ff00=1",
                  "" },
                { "a VLAN on one, and one of a bond",
                  "fact nic.enx02beefc0ffee.mtu=1; fact interface.enx02beefc0ffee.7.mtu=1; fact "
                  "interface.b.active=enx02beefc0ffee",
                  "fact nic.enx02beefc0ff00.mtu=1; fact interface.enx02beefc0ff00.7.mtu=1; fact interface.b.active=eth0",
                  "different interface.b.active: enx#1, eth0" },
                { "told of without facts of its own", "fact interface.b.active=enx02beefc0ffee", "fact interface.b.active=eth0",
                  "different interface.b.active: enx#1, eth0" },
                { "names that only look so",
                  "fact nic.enx02beefc0ffe.mtu=1; fact nic.xenx02beefc0ffee.mtu=1; fact nic.enx02beefc0ffeef.mtu=1", "",
                  "different nic.enx02beefc0ffe.mtu: 1, -; different nic.enx02beefc0ffeef.mtu: 1, -; different "
                  "nic.xenx02beefc0ffee.mtu: 1, -" },
                { "one fact, two layers", "running x=1; files x=1", "running x=1; files x=2", "different x: 1, 2" },
                { "a drive less", "fact nvme.count=2; fact nvme.nvme1.model=X", "fact nvme.count=1",
                  "different nvme.count: 2, 1; different nvme.nvme1.model: X, -" },
                { "drives that cannot be listed", "fact nvme.count=2; fact nvme.nvme1.model=X", "fact nvme.count?x",
                  "unknown nvme.count: 2, x" },
                { "nothing known of the subject", "fact nic.eth0.driver=x; fact nic.fastest=1", "fact nic.fastest?x",
                  "unknown nic.fastest: 1, x" },
                { "a card less", "fact nic.eth0.driver=x; fact nic.eth1.driver=x", "fact nic.eth0.driver=x",
                  "different nic.eth1.driver: x, -" },
                { "packages that cannot be read", "package /var/lib/dpkg/status=there; package bash=1",
                  "package /var/lib/dpkg/status?x", "unknown /var/lib/dpkg/status: there, x" },
                { "a package less", "package /var/lib/dpkg/status=there; package bash=1", "package /var/lib/dpkg/status=there",
                  "different bash: 1, -" },
                { "an idle service that systemd forgot",
                  "fact units.failed=0; fact unit.a.service.state=inactive (dead); fact unit.b.service.state=active (running)",
                  "fact units.failed=0", "different unit.b.service.state: active (running), -" },
                { "idle and failed", "fact unit.a.service.state=inactive (dead)", "fact unit.a.service.state=failed (failed)",
                  "different unit.a.service.state: inactive (dead), failed (failed)" },
                { "units that cannot be asked", "fact units.failed=0; fact unit.a.service.state=active (running)",
                  "fact units.failed?x", "unknown units.failed: 0, x" },
                { "by nature", "fact host.name=a", "fact host.name=b", "by-nature host.name: a, b" },
                { "by nature, and unknown", "fact nic.eth0.flaps?x", "fact nic.eth0.flaps=3",
                  "by-nature nic.eth0.flaps: x, 3" },
                { "errors that were counted", "fact pcie.0000:01:00.0.errors.corrected=8; fact kernel.crashes=1",
                  "fact pcie.0000:01:00.0.errors.corrected=0; fact kernel.crashes=0",
                  "by-nature pcie.0000:01:00.0.errors.corrected: 8, 0; by-nature kernel.crashes: 1, 0" },
                { "room on a disk", "fact disk./.free=50 %", "fact disk./.free=51 %", "by-nature disk./.free: 50 %, 51 %" },
                { "a disk less", "fact disk./.free=50 %; fact disk./srv.free=50 %", "fact disk./.free=50 %",
                  "different disk./srv.free: 50 %, -" },
                { "a package named like a counter", "package journal.x=1", "package journal.x=2", "different journal.x: 1, 2" },
                { "a disk in a parameter",
                  "fact kernel.cmdline=known; fact kernel.cmdline.rd.lvm.lv=vg/a; fact kernel.cmdline.root=/dev/sda1",
                  "fact kernel.cmdline=known; fact kernel.cmdline.rd.lvm.lv=vg/b",
                  "by-nature kernel.cmdline.rd.lvm.lv: vg/a, vg/b; by-nature kernel.cmdline.root: /dev/sda1, -" },
                { "a disk in a parameter less", "fact kernel.cmdline=known; fact kernel.cmdline.rd.lvm.lv=vg/a",
                  "fact kernel.cmdline=known", "different kernel.cmdline.rd.lvm.lv: vg/a, -" },
                { "parameters that cannot be read", "fact kernel.cmdline=known; fact kernel.cmdline.quiet=given",
                  "fact kernel.cmdline?x; fact kernel.rt=no", "unknown kernel.cmdline: known, x; different kernel.rt: -, no" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autoitems struct items *a = items_new(), *b = items_new();
                autodiff struct diff *diff = NULL;

                add_texts(a, cases[i].a);
                add_texts(b, cases[i].b);
                diff = diff_find(a, b);
                EXPECT_TEXT(cases[i].name, words(diff->pool, diff), cases[i].words);
        }
}

static const struct fact_info infos[] = {
        { .name = "memory.total", .kind = VALUE_NUMBER, .unit = UNIT_BYTES },
        { .name = "memory.installed", .kind = VALUE_NUMBER, .unit = UNIT_BYTES },
        { .name = "kernel.release", .kind = VALUE_VERSION },
        { .name = "cpu.isolated", .kind = VALUE_CPUS },
        { .name = "cpu.governors", .kind = VALUE_WORDS },
        { .name = NULL },
};

/* A fact of one side; an empty text is unreadable. */
static void add_fact(struct facts *facts, const char *name, const char *text)
{
        const struct fact_info *info = fact_info_match(infos, name);
        struct value value;

        facts->infos = infos;
        if (!*text)
                fact_unknown(facts, -EACCES, "test", "%s", name);
        else if (value_parse(facts->pool, text, info->kind, info->unit, &value) == 0)
                fact_known(facts, value, "test", "%s", name);
}

static void values(void)
{
        static const struct {
                const char *name, *fact, *a, *b, *words;
        } cases[] = {
                { "a page less", "memory.total", "16700000000", "16699000000", "" },
                { "a module less", "memory.total", "32 GiB", "16 GiB", "different memory.total: 32 GiB, 16 GiB" },
                { "no tolerance elsewhere", "memory.installed", "16700000000", "16699000000",
                  "different memory.installed: 16.7 GB (16700000000 bytes), 16.7 GB (16699000000 bytes)" },
                { "units", "memory.installed", "16 GiB", "16384 MiB", "" },
                { "the RT build", "kernel.release", "6.1.0-28-amd64", "6.1.0-28-rt-amd64",
                  "different kernel.release: 6.1.0-28-amd64, 6.1.0-28-rt-amd64" },
                { "a set", "cpu.isolated", "1,2,3", "1-3", "" },
                { "words", "cpu.governors", "powersave performance", "performance powersave", "" },
                { "unreadable", "cpu.governors", "", "performance", "unknown cpu.governors: needs root, performance" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofacts struct facts *left = facts_new(), *right = facts_new();
                autoitems struct items *a = items_new(), *b = items_new();
                autodiff struct diff *diff = NULL;

                add_fact(left, cases[i].fact, cases[i].a);
                add_fact(right, cases[i].fact, cases[i].b);
                items_add_facts(a, left);
                items_add_facts(b, right);
                diff = diff_find(a, b);
                EXPECT_TEXT(cases[i].name, words(diff->pool, diff), cases[i].words);
        }
}

/* Of a secret only that it differs is told, and nothing where a capture holds something else. */
static void secrets(void)
{
        static const struct {
                const char *name, *a, *b, *words;
        } cases[] = {
                { "the same", "my.secret=x", "my.secret=x", "" },
                { "another", "my.secret=x", "my.secret=y", "different kernel.cmdline.my.secret: (not shown), (not shown)" },
                { "taken out", "my.secret=^", "my.secret=y",
                  "unknown kernel.cmdline.my.secret: it was taken out of the capture, (not shown)" },
                { "a URL", "http_proxy=http://u:p@a", "http_proxy=http://u:q@a",
                  "different kernel.cmdline.http_proxy: (not shown), (not shown)" },
                { "a URL taken out", "http_proxy=http://^:p@a", "http_proxy=http://u:q@a",
                  "unknown kernel.cmdline.http_proxy: it was taken out of the capture, (not shown)" },
                { "a disk of its own", "root=UUID=1", "root=UUID=2",
                  "by-nature kernel.cmdline.root: (not shown), (not shown)" },
                { "a disk under another name", "my.disk=/dev/disk/by-id/nvme-1", "my.disk=/dev/disk/by-id/nvme-2",
                  "different kernel.cmdline.my.disk: (not shown), (not shown)" },
                { "a card of its own", "BOOTIF=01-02-03-04-05-06-07", "BOOTIF=01-02-03-04-05-06-08",
                  "by-nature kernel.cmdline.BOOTIF: (not shown), (not shown)" },
                { "a disk on one side", "mount.usr=UUID=1", "quiet=1",
                  "different kernel.cmdline.mount.usr: (not shown), -; different kernel.cmdline.quiet: -, 1" },
                { "taken out of both", "my.secret=^a", "my.secret=^a",
                  "unknown kernel.cmdline.my.secret: it was taken out of the capture, it was taken out of the capture" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autoitems struct items *a = items_new(), *b = items_new();
                autodiff struct diff *diff = NULL;

                items_add_parameters(a, cases[i].a);
                items_add_parameters(b, cases[i].b);
                items_sort(a);
                items_sort(b);
                diff = diff_find(a, b);
                EXPECT_TEXT(cases[i].name, words(diff->pool, diff), cases[i].words);
        }
}

/* By value, whatever is written in another form or order; hugepages counts pages of the size in front of it. */
static const struct {
        const char *name, *parameter, *a, *b, *words;
} meanings[] = {
        { "processors", "nohz_full", "nohz_full=1,2,3", "nohz_full=1-3", "" },
        { "other processors", "nohz_full", "nohz_full=1-3", "nohz_full=1-4", "nohz_full" },
        { "isolation", "isolcpus", "isolcpus=1-3,8", "isolcpus=8,3,2,1", "" },
        { "its flags", "isolcpus", "isolcpus=domain,managed_irq,1-3", "isolcpus=managed_irq,domain,1,2,3", "" },
        { "other flags", "isolcpus", "isolcpus=managed_irq,1-3", "isolcpus=1-3", "isolcpus" },
        { "a crash kernel", "crashkernel", "crashkernel=256M", "crashkernel=262144K", "" },
        { "ranges", "crashkernel", "crashkernel=1G-2G:64M,2G-:128M@16M", "crashkernel=1024M-2048M:65536k,2048M-:128M@16M", "" },
        { "memory", "mem", "mem=4G", "mem=4096M", "" },
        { "other memory", "mem", "mem=4G", "mem=4G-", "mem" },
        { "pairs", "hugepages", "hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=512",
          "hugepagesz=2048K hugepages=512 hugepagesz=1G hugepages=4", "" },
        { "their sizes", "hugepagesz", "hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=512",
          "hugepagesz=2048K hugepages=512 hugepagesz=1G hugepages=4", "" },
        { "other pairs", "hugepages", "hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=512",
          "hugepagesz=1G hugepages=512 hugepagesz=2M hugepages=4", "hugepages" },
        { "order that counts", "console", "console=tty0 console=ttyS0", "console=ttyS0 console=tty0", "console" },
};

static const char *names(struct pool *pool, const struct diff *diff)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < diff->count; i++)
                text_addf(&text, "%s%s", i ? " " : "", strrchr(diff->rows[i].name, '.') + 1);
        return pool_dup(pool, text.at);
}

static void parameters(void)
{
        for (size_t i = 0; i < COUNT(meanings); i++) {
                autoitems struct items *a = items_new(), *b = items_new();
                autodiff struct diff *diff = NULL;

                items_add_parameters(a, meanings[i].a);
                items_add_parameters(b, meanings[i].b);
                items_sort(a);
                items_sort(b);
                diff = diff_find(a, b);
                EXPECT_TEXT(meanings[i].name, names(diff->pool, diff), meanings[i].words);
        }
}

static const char *last_of(struct pool *pool, const char *text, const char *name)
{
        struct cmdline cmdline;

        EXPECT_NUMBER(text, cmdline_parse(pool, text, &cmdline), 0);
        return pool_format(pool, "%s=%s", name, cmdline_get(&cmdline, name));
}

static struct items *one_setting(const char *parameter, const char *text)
{
        struct items *items = items_new();
        const struct setting setting = { .id = pool_format(items->pool, "cmdline.%s", parameter) };
        autofacts struct facts *facts = facts_new();
        autoplan struct plan *plan = plan_new();
        const struct fact_info cmdline[] = { { .name = "kernel.cmdline", .kind = VALUE_TEXT }, { .name = NULL } };

        facts->infos = cmdline;
        fact_known(facts, value_text(facts->pool, text), "test", "kernel.cmdline");
        plan_note(plan, &setting, STATUS_DRIFT, LAYER_RUNNING, "/proc/cmdline", last_of(plan->pool, text, parameter), "x",
                  NULL);
        items_add_settings(items, facts, plan);
        items_sort(items);
        return items;
}

/* What is in force of the profile's is compared in the same way. */
static void settings(void)
{
        for (size_t i = 0; i < COUNT(meanings); i++) {
                autoitems struct items *a = one_setting(meanings[i].parameter, meanings[i].a),
                                       *b = one_setting(meanings[i].parameter, meanings[i].b);
                autodiff struct diff *diff = diff_find(a, b);

                EXPECT_TEXT(meanings[i].name, names(diff->pool, diff), meanings[i].words);
        }
}

/* The row of the next entry has words of all parameters in it: they are compared, and not shown. */
static void next_entry(void)
{
        static const char *const lacks[] = { "without foo.token=TOK3N3 isolcpus=1-3", "without foo.token=other isolcpus=1-3" };
        autoitems struct items *a = items_new(), *b = items_new();
        struct items *const sides[] = { a, b };
        autodiff struct diff *diff = NULL;

        for (size_t i = 0; i < COUNT(sides); i++) {
                autofacts struct facts *facts = facts_new();
                autoplan struct plan *plan = plan_new();

                plan_begin(plan, "cmdline", &(struct settings){ 0 });
                plan_note(plan, NULL, STATUS_DRIFT, LAYER_NEXT_BOOT, "/boot/grub/grub.cfg", lacks[i], "x", NULL);
                items_add_settings(sides[i], facts, plan);
                items_sort(sides[i]);
        }
        diff = diff_find(sides[0], sides[1]);
        EXPECT_TEXT(
                "both", words(diff->pool, diff),
                "different cmdline: without foo.token=(not shown) isolcpus=1-3, without foo.token=(not shown) isolcpus=1-3");
}

/* Under which heading a difference stands, and which differences are none between two right hosts. */
static void kinds(void)
{
        static const struct {
                const char *name, *group;
                bool by_nature;
        } cases[] = {
                { "host.secure_boot", "firmware", false },
                { "host.iommu", "kernel", false },
                { "kernel.lockdown", "kernel", false },
                { "kernel.crashes", "kernel", true },
                { "pcie.0000:01:00.0.link", "hardware", false },
                { "pcie.0000:01:00.0.errors.uncorrected", "hardware", true },
                { "memory.rated_speed", "hardware", false },
                { "usb.storage", "hardware", false },
                { "nic.eth0.mtu", "network", false },
                { "nic.eth0.vfs", "network", false },
                { "interface.bond0.mtu", "network", false },
                { "net.nameservers", "network", true },
                { "cpu.steal", "hardware", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                bool presence;

                EXPECT_TEXT(cases[i].name, diff_group_name(diff_group_of("fact", cases[i].name)), cases[i].group);
                EXPECT_NUMBER(cases[i].name, diff_nature(cases[i].name, &presence) != NULL, cases[i].by_nature);
        }
}

static const struct test tests[] = {
        { "parameters", parameters }, { "settings", settings }, { "next entry", next_entry }, { "texts", texts },
        { "kinds", kinds },           { "values", values },     { "secrets", secrets },       { NULL, NULL },
};

const struct suite suite_diff = { "diff", tests };

/* Unit names, and unit files found as systemd finds them. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tuning/unit_files.h"
#include "tuning/unit_name.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_names(void)
{
        static const struct {
                const char *name, *full, *stem, *template;
        } cases[] = {
                { "cups", "cups.service", "cups", NULL },
                { "cups.socket", "cups.socket", "cups", NULL },
                { "snapd.seeded", "snapd.seeded.service", "snapd.seeded", NULL },
                { "foo@", "foo@.service", "foo", NULL },
                { "foo@bar", "foo@bar.service", "foo@bar", "foo@.service" },
                { "foo@a.b.timer", "foo@a.b.timer", "foo@a.b", "foo@.timer" },
                { ".service", ".service.service", ".service", NULL },
                { "system.slice", "system.slice", "system", NULL },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *full = unit_name_full(pool, cases[i].name);

                EXPECT_TEXT(cases[i].name, full, cases[i].full);
                EXPECT_TEXT(cases[i].name, unit_name_stem(pool, full), cases[i].stem);
                EXPECT_TEXT(cases[i].name, unit_name_template(pool, full), cases[i].template);
        }
        EXPECT("template", unit_name_is_template("foo@.service"));
        EXPECT("instance", !unit_name_is_template("foo@x.service"));
        EXPECT("plain", !unit_name_is_template("foo.service"));
}

static void test_checks(void)
{
        static const struct {
                const char *unit, *says; /* NULL: may be switched off */
        } cases[] = {
                { "bluetooth.service", NULL },
                { "cups.socket", NULL },
                { "snapd.service", NULL },
                { "apt-daily.timer", NULL },
                { "foo@.service", NULL },
                { "sleep.target", NULL },
                { "irqbalance.service", NULL },
                { "data.mount", NULL },
                { "a\\x2db.service", NULL },
                { "sshguard.service", NULL },
                { "ssh.service", "locked out" },
                { "ssh.socket", "locked out" },
                { "sshd.service", "locked out" },
                { "ssh@.service", "locked out" },
                { "getty@tty1.service", "console" },
                { "systemd-journald.service", "systemd" },
                { "dbus.service", "spoken" },
                { "networking.service", "network" },
                { "NetworkManager.service", "network" },
                { "plumbline-boot.service", "program" },
                { "-.mount", "lives" },
                { "multi-user.target", "boot" },
                { "system.slice", "cannot" },
                { "a b.service", "no name" },
                { "../x.service", "no name" },
                { "@x.service", "no name" },
                { "caf\303\251.service", "no name" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *problem = NULL;

                EXPECT_NUMBER(cases[i].unit, unit_name_check(pool, cases[i].unit, &problem), cases[i].says ? -EINVAL : 0);
                EXPECT(cases[i].unit, !cases[i].says == !problem);
                EXPECT(cases[i].unit, !cases[i].says || !problem || strstr(problem, cases[i].says));
        }
}

static struct tree *make_tree(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/usr/lib/systemd/system/cups.service", "[Install]\nAlso=cups.socket\n");
        tree_file(tree, "/usr/lib/systemd/system/cups.socket", "[Socket]\nListenStream=/run/cups/cups.sock\n");
        tree_file(tree, "/usr/lib/systemd/system/print.path", "[Path]\nPathExists=/x\nUnit = cups.service \n");
        tree_file(tree, "/usr/lib/systemd/system/print.socket", "[Socket]\nUnit=cups.service\nService=other.service\n");
        tree_file(tree, "/usr/lib/systemd/system/print.timer", "[Timer]\nUnit=first.service\nUnit=cups.service");
        tree_file(tree, "/usr/lib/systemd/system/foo@.service", "[Service]\n");
        tree_file(tree, "/usr/lib/systemd/system/foo.socket", "[Socket]\nAccept=yes\n");
        tree_file(tree, "/lib/systemd/system/old.service", "[Service]\n");
        tree_link(tree, "/lib/systemd/system/alias.service", "old.service");
        tree_link(tree, "/etc/systemd/system/second.service", "/lib/systemd/system/alias.service");
        tree_link(tree, "/etc/systemd/system/loop.service", "loop2.service");
        tree_link(tree, "/etc/systemd/system/loop2.service", "loop.service");
        tree_link(tree, "/etc/systemd/system/masked.service", "/dev/null");
        tree_file(tree, "/etc/systemd/system/own.service", "[Service]\n");
        tree_file(tree, "/etc/systemd/system/empty.service", "%s", "");
        tree_link(tree, "/etc/systemd/system/linked.service", "/opt/hft/linked.service");
        tree_link(tree, "/etc/systemd/system/print.timer", "/dev/null");
        tree_file(tree, "/etc/init.d/legacy", "#!/bin/sh\n");
        tree_file(tree, "/etc/init.d/hwclock.sh", "#!/bin/sh\n");
        tree_file(tree, "/usr/lib/systemd/system/README", "not a unit\n");
        return tree;
}

static void test_lookup(void)
{
        static const struct {
                const char *unit, *real, *path;
                bool there, own;
        } cases[] = {
                { "cups.service", "cups.service", "/usr/lib/systemd/system/cups.service", true, false },
                { "foo@x.service", "foo@x.service", NULL, true, false },
                { "alias.service", "old.service", "/lib/systemd/system/alias.service", true, false },
                { "second.service", "old.service", "/etc/systemd/system/second.service", true, false },
                { "masked.service", "masked.service", NULL, true, false },
                { "own.service", "own.service", "/etc/systemd/system/own.service", true, true },
                { "empty.service", "empty.service", "/etc/systemd/system/empty.service", true, false },
                { "linked.service", "linked.service", "/etc/systemd/system/linked.service", true, false },
                { "print.timer", "print.timer", "/usr/lib/systemd/system/print.timer", true, false },
                { "legacy.service", "legacy.service", NULL, true, false },
                { "hwclock.service", "hwclock.service", NULL, true, false },
                { "legacy.socket", "legacy.socket", NULL, false, false },
                { "bluetooth.service", "bluetooth.service", NULL, false, false },
                { "README", "README", "/usr/lib/systemd/system/README", false, false },
        };
        struct tree *tree = make_tree();
        struct unit_files files;

        EXPECT_NUMBER("reads", unit_files_read(tree_host(tree), &files), 0);
        for (size_t i = 0; i < COUNT(cases); i++) {
                EXPECT_NUMBER(cases[i].unit, unit_files_have(&files, cases[i].unit), cases[i].there);
                EXPECT_TEXT(cases[i].unit, unit_files_real(&files, cases[i].unit), cases[i].real);
                EXPECT_TEXT(cases[i].unit, unit_files_path(&files, cases[i].unit), cases[i].path);
                EXPECT_NUMBER(cases[i].unit, unit_files_is_own(&files, cases[i].unit), cases[i].own);
        }
        EXPECT("a loop of names ends", text_starts(unit_files_real(&files, "loop.service"), "loop"));
        tree_free(tree);
}

static void test_starts(void)
{
        static const struct {
                const char *activator, *unit;
                int r;
        } cases[] = {
                { "cups.socket", "cups.service", 1 },  { "print.path", "cups.service", 1 },
                { "print.socket", "cups.service", 0 }, { "print.socket", "other.service", 1 },
                { "print.timer", "cups.service", 1 },  { "print.timer", "first.service", 0 },
                { "foo.socket", "foo@.service", 1 },   { "foo.socket", "foo.socket", 0 },
                { "cups.service", "cups.service", 0 }, { "broken.socket", "cups.service", -EILSEQ },
                { "log.socket", "rlog.service", 1 },   { "log.socket", "cups.service", 0 },
                { "bus.socket", "rlog.service", 1 },   { "other.socket", "rlog.service", 0 },
                { "gone.socket", "rlog.service", 1 },  { "gone.socket", "cups.service", 0 },
        };
        struct tree *tree = make_tree();
        struct unit_files files;

        tree_bytes(tree, "/lib/systemd/system/broken.socket", "\0\1\2", 3);
        /* By its second names: one with its link, one that is disabled, and one that is a unit of its own. */
        tree_file(tree, "/lib/systemd/system/rlog.service",
                  "[Install]\nAlias=gone.service\nAlias = x.service  other.service\n");
        tree_file(tree, "/lib/systemd/system/other.service", "[Service]\n");
        tree_file(tree, "/lib/systemd/system/log.socket", "[Socket]\n");
        tree_file(tree, "/lib/systemd/system/bus.socket", "[Socket]\nService=log.service\n");
        tree_file(tree, "/lib/systemd/system/gone.socket", "[Socket]\nService=x.service\n");
        tree_file(tree, "/lib/systemd/system/other.socket", "[Socket]\n");
        tree_link(tree, "/etc/systemd/system/log.service", "/lib/systemd/system/rlog.service");
        EXPECT_NUMBER("reads", unit_files_read(tree_host(tree), &files), 0);
        for (size_t i = 0; i < COUNT(cases); i++) {
                struct unit_file file = { .name = cases[i].activator };

                EXPECT_NUMBER(cases[i].activator, unit_file_starts(&files, &file, cases[i].unit), cases[i].r);
        }
        tree_free(tree);
}

static size_t count_links(const struct unit_files *files, const char *unit)
{
        size_t count = 0;

        for (size_t i = 0; i < files->link_count; i++)
                count += unit_link_enables(files, &files->links[i], unit);
        return count;
}

static void test_links(void)
{
        static const struct {
                const char *unit;
                size_t count;
        } cases[] = {
                { "bluetooth.service", 2 }, { "cups.service", 1 }, { "foo@.service", 2 },   { "foo@x.service", 1 },
                { "dep.service", 1 },       { "gone.service", 0 }, { "linked.service", 0 },
        };
        struct tree *tree = make_tree();
        struct unit_files files;

        tree_link(tree, "/etc/systemd/system/dbus-org.bluez.service", "/lib/systemd/system/bluetooth.service");
        tree_link(tree, "/etc/systemd/system/bluetooth.target.wants/bluetooth.service", "../bluetooth.service");
        tree_link(tree, "/etc/systemd/system/printer.target.requires/cups.service", "/lib/systemd/system/cups.service");
        tree_link(tree, "/etc/systemd/system/multi-user.target.wants/foo@x.service", "/lib/systemd/system/foo@.service");
        tree_link(tree, "/etc/systemd/system/multi-user.target.wants/foo@y.service", "/etc/systemd/system/foo@y.service");
        tree_link(tree, "/etc/systemd/system/x.service.upholds/dep.service", "../dep.service");
        tree_link(tree, "/etc/systemd/system/x.service.wants/gone.service", "/dev/null");
        tree_file(tree, "/etc/systemd/system/x.service.wants/gone2.service", "%s", "");
        tree_file(tree, "/etc/systemd/system/odd.target.wants", "a file\n");
        EXPECT_NUMBER("reads", unit_files_read(tree_host(tree), &files), 0);
        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_NUMBER(cases[i].unit, count_links(&files, cases[i].unit), cases[i].count);
        tree_free(tree);
}

static void test_absent(void)
{
        struct tree *tree = tree_new();
        struct unit_files files;

        EXPECT_NUMBER("nothing", unit_files_read(tree_host(tree), &files), -ENOENT);
        tree_folder(tree, "/lib/systemd/system");
        EXPECT_NUMBER("an empty folder", unit_files_read(tree_host(tree), &files), 0);
        EXPECT("no unit", !unit_files_have(&files, "cups.service"));
        tree_free(tree);
}

static const struct test tests[] = {
        { "names", test_names },
        { "checks", test_checks },
        { "lookup", test_lookup },
        { "starts", test_starts },
        { "links", test_links },
        { "absent", test_absent },
        { NULL, NULL },
};
const struct suite suite_unit_files = { "unit_files", tests };

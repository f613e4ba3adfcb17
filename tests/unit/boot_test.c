/* The boot loader's menu: which entry starts next, and what it starts. */

#include "agent/core/boot.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* As grub-mkconfig of Debian 12 writes it, with the default left open. */
#define HEAD                                                                                                                   \
        "if [ -s $prefix/grubenv ]; then\n  set have_grubenv=true\n  load_env\nfi\n"                                           \
        "if [ \"${next_entry}\" ] ; then\n   set default=\"${next_entry}\"\n   set next_entry=\n   save_env next_entry\n"      \
        "   set boot_once=true\nelse\n   set default=\"%s\"\nfi\n"                                                             \
        "if [ x\"${feature_menuentry_id}\" = xy ]; then\n  menuentry_id_option=\"--id\"\nelse\n"                               \
        "  menuentry_id_option=\"\"\nfi\nexport menuentry_id_option\n"                                                         \
        "if [ \"${prev_saved_entry}\" ]; then\n  set saved_entry=\"${prev_saved_entry}\"\n  save_env saved_entry\nfi\n"        \
        "function savedefault {\n  if [ -z \"${boot_once}\" ]; then\n    saved_entry=\"${chosen}\"\n"                          \
        "    save_env saved_entry\n  fi\n}\nfunction load_video {\n  if [ x$feature_all_video_module = xy ]; then\n"           \
        "    insmod all_video\n  else\n    insmod efi_gop\n  fi\n}\n"
#define BODY                                                                                                                   \
        "menuentry 'Debian GNU/Linux' --class debian --class gnu-linux $menuentry_id_option 'simple-U' {\n"                    \
        "\tload_video\n\tif [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi\n"                                 \
        "\techo\t'Loading Linux 6.1.0-28-amd64 ...'\n\tlinux\t/boot/vmlinuz-6.1.0-28-amd64 root=UUID=U ro  quiet\n"            \
        "\tinitrd\t/boot/initrd.img-6.1.0-28-amd64\n}\n"                                                                       \
        "submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'advanced-U' {\n"                                \
        "\tmenuentry 'Debian GNU/Linux, with Linux 6.1.0-28-amd64' --class debian $menuentry_id_option 'plain-U' {\n"          \
        "\t\tlinux\t/boot/vmlinuz-6.1.0-28-amd64 root=UUID=U ro  quiet\n\t}\n"                                                 \
        "\tmenuentry 'Debian GNU/Linux, with Linux 6.1.0-28-amd64 (recovery mode)' $menuentry_id_option 'plain-recovery-U' "   \
        "{\n"                                                                                                                  \
        "\t\tlinux\t/boot/vmlinuz-6.1.0-28-amd64 root=UUID=U ro single\n\t}\n"                                                 \
        "\tmenuentry 'Debian GNU/Linux, with Linux 6.1.0-27-rt-amd64' $menuentry_id_option 'rt-U' {\n"                         \
        "\t\tlinux\t/vmlinuz-6.1.0-27-rt-amd64 root=UUID=U ro isolcpus=2-3 \"dyndbg=file a +p\" $vt_handoff\n\t}\n}\n"         \
        "if [ \"$grub_platform\" = \"efi\" ]; then\n\tmenuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi' {\n"      \
        "\t\tfwsetup\n\t}\nfi\n"

static void grub_defaults(void)
{
        static const struct {
                const char *name, *standard, *environment, *id, *release;
        } cases[] = {
                { "by number", "0", NULL, "simple-U", "6.1.0-28-amd64" },
                { "by numbers", "1>2", NULL, "advanced-U>rt-U", "6.1.0-27-rt-amd64" },
                { "a submenu", "1", NULL, "advanced-U>plain-U", "6.1.0-28-amd64" },
                { "beyond the menu", "7", NULL, "simple-U", "6.1.0-28-amd64" },
                { "beyond any number", "99999999999999999999999", NULL, "simple-U", "6.1.0-28-amd64" },
                { "by ids", "advanced-U>rt-U", NULL, "advanced-U>rt-U", "6.1.0-27-rt-amd64" },
                { "by titles", "Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-27-rt-amd64", NULL,
                  "advanced-U>rt-U", "6.1.0-27-rt-amd64" },
                { "by title and number", "Advanced options for Debian GNU/Linux>2", NULL, "advanced-U>rt-U",
                  "6.1.0-27-rt-amd64" },
                { "not in the top menu", "rt-U", NULL, "simple-U", "6.1.0-28-amd64" },
                { "gone", "advanced-U>gone", NULL, "advanced-U>plain-U", "6.1.0-28-amd64" },
                { "empty", "", NULL, "simple-U", "6.1.0-28-amd64" },
                { "firmware", "uefi", NULL, "uefi", NULL },
                { "saved", "${saved_entry}", "# GRUB Environment Block\nsaved_entry=advanced-U>rt-U\n####", "advanced-U>rt-U",
                  "6.1.0-27-rt-amd64" },
                { "saved, nothing there", "${saved_entry}", "# GRUB Environment Block\n####", "simple-U", "6.1.0-28-amd64" },
                { "saved, no block", "${saved_entry}", NULL, "simple-U", "6.1.0-28-amd64" },
                { "next once", "0", "next_entry=advanced-U>rt-U\nsaved_entry=0\n", "advanced-U>rt-U", "6.1.0-27-rt-amd64" },
                { "next once is empty", "0", "next_entry=\n", "simple-U", "6.1.0-28-amd64" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct boot boot;

                tree_file(tree, "/boot/grub/grub.cfg", HEAD BODY, cases[i].standard);
                if (cases[i].environment)
                        tree_file(tree, "/boot/grub/grubenv", "%s", cases[i].environment);
                EXPECT_NUMBER(cases[i].name, boot_read(tree_host(tree), &boot), 0);
                EXPECT_TEXT(cases[i].name, boot.loader, "grub");
                EXPECT_NUMBER(cases[i].name, boot.count, 5);
                EXPECT(cases[i].name, boot.written > 0);
                if (EXPECT(cases[i].name, boot.next)) {
                        EXPECT_TEXT(cases[i].name, boot.next->id, cases[i].id);
                        EXPECT_TEXT(cases[i].name, boot.next->release, cases[i].release);
                }
                tree_free(tree);
        }
}

static void grub_entries(void)
{
        struct tree *tree = tree_new();
        struct boot boot;

        tree_file(tree, "/boot/grub/grub.cfg", HEAD BODY, "0");
        EXPECT_NUMBER(NULL, boot_read(tree_host(tree), &boot), 0);
        if (EXPECT(NULL, boot.count == 5)) {
                EXPECT_TEXT(NULL, boot.entries[0].cmdline, "root=UUID=U ro quiet");
                EXPECT_TEXT(NULL, boot.entries[1].title,
                            "Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-28-amd64");
                EXPECT(NULL, !boot.entries[1].recovery && boot.entries[2].recovery);
                EXPECT_TEXT("unknown variables vanish, blanks are quoted", boot.entries[3].cmdline,
                            "root=UUID=U ro isolcpus=2-3 \"dyndbg=file a +p\"");
        }
        tree_free(tree);
}

/* Small menus with one oddity each; the first entry starts. */
static void grub_oddities(void)
{
        static const struct {
                const char *name, *text, *id, *release, *cmdline;
        } cases[] = {
                { "no id", "menuentry \"A > B\" { linux /vmlinuz-6.1-x ro\n }\n", "A >> B", "6.1-x", "ro" },
                { "one line", "menuentry A --id=a { linux ($root)/vmlinuz-6.1-x ro; initrd x }", "a", "6.1-x", "ro" },
                { "linuxefi", "menuentry A --id a {\n linuxefi /kernel-5.14.0-427.el9.x86_64 ro\n}", "a",
                  "5.14.0-427.el9.x86_64", "ro" },
                { "signed", "menuentry A --id a {\n linux /vmlinuz-6.1-x.efi.signed ro\n}", "a", "6.1-x", "ro" },
                { "no release", "menuentry A --id a {\n linux /vmlinuz-linux ro\n}", "a", NULL, "ro" },
                { "no cmdline", "menuentry A --id a {\n linux /vmlinuz-6.1-x\n}", "a", "6.1-x", "" },
                { "variable", "set x='a b'\nmenuentry A --id a {\n linux /vmlinuz-6.1-x $x \"$x\" ${x}c\n}", "a", "6.1-x",
                  "a b \"a b\" a bc" },
                { "escapes", "menuentry A --id a {\n linux /vmlinuz-6.1-x a\\ b \"c\\$d\" 'e$f' g\\\n}", "a", "6.1-x",
                  "\"a b\" c$d e$f g" },
                { "quotes reach the kernel with a backslash", "menuentry A --id a {\n linux /vmlinuz-6.1-x a=\\\"b\\\"\n}", "a",
                  "6.1-x", "a=\\\"b\\\"" },
                { "a branch not taken",
                  "if [ \"$x\" = y ]; then\nmenuentry N { linux /vmlinuz-1-n }\nelse\nmenuentry A --id a {\n"
                  "linux /vmlinuz-6.1-x ro\n}\nfi\n",
                  "a", "6.1-x", "ro" },
                { "elif",
                  "set x=2\nif [ $x = 1 ]; then\nmenuentry N { true }\nelif [ $x = 2 ]; then\nmenuentry A --id a {\n"
                  "linux /vmlinuz-6.1-x ro\n}\nelse\nmenuentry M { true }\nfi\n",
                  "a", "6.1-x", "ro" },
                { "a function is no menu",
                  "function f {\n menuentry N { true }\n}\nmenuentry A --id a {\nlinux /vmlinuz-6.1-x ro\n}\n", "a", "6.1-x",
                  "ro" },
                { "a '>' in a name",
                  "set default='A >> B'\nmenuentry N { true }\nmenuentry 'A > B' { linux /vmlinuz-6.1-x ro\n }\n", "A >> B",
                  "6.1-x", "ro" },
                { "comments", "# menuentry N {\nmenuentry A --id a { # x }\n linux /vmlinuz-6.1-x ro # quiet\n}\n", "a",
                  "6.1-x", "ro" },
                { "not closed", "menuentry A --id a {\n linux /vmlinuz-6.1-x ro 'q", "a", "6.1-x", "ro q" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct boot boot;

                tree_file(tree, "/boot/grub2/grub.cfg", "%s", cases[i].text);
                EXPECT_NUMBER(cases[i].name, boot_read(tree_host(tree), &boot), 0);
                if (EXPECT(cases[i].name, boot.next)) {
                        EXPECT_TEXT(cases[i].name, boot.next->id, cases[i].id);
                        EXPECT_TEXT(cases[i].name, boot.next->release, cases[i].release);
                        EXPECT_TEXT(cases[i].name, boot.next->cmdline, cases[i].cmdline);
                }
                tree_free(tree);
        }
}

/* What is no menu is never taken for one. */
static void grub_hostile(void)
{
        static const struct {
                const char *name, *piece;
                unsigned times;
        } cases[] = {
                { "empty", "", 1 },
                { "noise", "\x01\xff{}{}'\"$", 1000 },
                { "braces", "submenu a {\n", 100000 },
                { "ends", "}\n", 100000 },
                { "conditions", "if [ a ]; then\n", 100000 },
                { "doubling", "set a=\"$a$a x\"\n", 10000 },
                { "blscfg", "blscfg\n", 1 },
                { "one line", "xxxxxxxxxxxxxxxx", 65536 },
                { "too large", "# a comment of some length that says nothing at all\n", 100000 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autobuffer struct text_buffer text = { 0 };
                struct tree *tree = tree_new();
                struct boot boot;

                text_add(&text, "");
                for (unsigned j = 0; j < cases[i].times; j++)
                        text_add(&text, cases[i].piece);
                tree_bytes(tree, "/boot/grub/grub.cfg", text.at, text.size);
                EXPECT_NUMBER(cases[i].name, boot_read(tree_host(tree), &boot), 0);
                EXPECT(cases[i].name, !boot.next && boot.problem && text_equals(boot.loader, "grub"));
                tree_free(tree);
        }
}

static void places(void)
{
        static const struct {
                const char *name, *conf, *first, *second, *loader, *id, *release, *cmdline;
        } cases[] = {
                { "nothing", NULL, NULL, NULL, "none", NULL, NULL, NULL },
                { "newest", "timeout 3\n", "linux /m/6.1.0-27-amd64/linux\noptions a\noptions b=c\n",
                  "title Two\nlinux /m/6.1.0-28-amd64/linux\noptions a\n", "systemd-boot", "m-6.1.0-28.conf", "6.1.0-28-amd64",
                  "a" },
                { "glob", "default *-27*\n", "linux /m/6.1.0-27-amd64/linux\noptions a\noptions b=c\n",
                  "linux /m/6.1.0-28-amd64/linux\n", "systemd-boot", "m-6.1.0-27.conf", "6.1.0-27-amd64", "a b=c" },
                { "sort key first", NULL, "sort-key debian\nversion 6.1.0-27-amd64\nlinux /linux\n",
                  "linux /m/6.1.0-28-amd64/linux\n", "systemd-boot", "m-6.1.0-27.conf", "6.1.0-27-amd64", "" },
                { "remembered", "default @saved\n", "linux /m/6.1.0-27-amd64/linux\n", "linux /m/6.1.0-28-amd64/linux\n",
                  "systemd-boot", NULL, NULL, NULL },
                { "no entry", "default x\n", NULL, NULL, "systemd-boot", NULL, NULL, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct boot boot;

                if (cases[i].conf)
                        tree_file(tree, "/boot/efi/loader/loader.conf", "%s", cases[i].conf);
                if (cases[i].first)
                        tree_file(tree, "/boot/efi/loader/entries/m-6.1.0-27.conf", "%s", cases[i].first);
                if (cases[i].second)
                        tree_file(tree, "/boot/efi/loader/entries/m-6.1.0-28.conf", "%s", cases[i].second);
                EXPECT_NUMBER(cases[i].name, boot_read(tree_host(tree), &boot), 0);
                EXPECT_TEXT(cases[i].name, boot.loader, cases[i].loader);
                EXPECT_TEXT(cases[i].name, boot.next ? boot.next->id : NULL, cases[i].id);
                EXPECT_TEXT(cases[i].name, boot.next ? boot.next->release : NULL, cases[i].release);
                EXPECT_TEXT(cases[i].name, boot.next ? boot.next->cmdline : NULL, cases[i].cmdline);
                EXPECT(cases[i].name, !boot.next == (boot.problem != NULL));
                tree_free(tree);
        }
}

static void real_time(void)
{
        static const struct {
                const char *release, *config;
                bool rt;
        } cases[] = {
                { "6.1.0-28-rt-amd64", NULL, true },
                { "5.15.0-1034-realtime", NULL, true },
                { "5.15.0-rt17", NULL, true },
                { "5.14.0-427.13.1.el9_4.x86_64+rt", NULL, true },
                { "6.1.0-28-amd64", NULL, false },
                { "6.1.0-art-amd64", NULL, false },
                { "6.1.0-28-custom", "CONFIG_SMP=y\nCONFIG_PREEMPT_RT=y\n", true },
                { "6.1.0-28-rt-amd64", "CONFIG_SMP=y\n# CONFIG_PREEMPT_RT is not set\n", false },
                { "6.1.0-28-rt-amd64", "noise", true },
                { "../6.1", "CONFIG_PREEMPT_RT=y\n", false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();

                if (cases[i].config && cases[i].release[0] != '.')
                        tree_file(tree, pool_format(pool, "/boot/config-%s", cases[i].release), "%s", cases[i].config);
                EXPECT_NUMBER(cases[i].release, boot_release_is_rt(tree_host(tree), cases[i].release), cases[i].rt);
                tree_free(tree);
        }
}

static void began(void)
{
        static const struct {
                const char *text;
                long long seconds;
        } cases[] = { { "cpu 1 2\nbtime 1700000000\n", 1700000000 }, { "btime x\n", 0 }, { "btime -5\n", 0 }, { "cpu\n", 0 } };
        struct tree *tree = tree_new();

        EXPECT_NUMBER("no file", boot_time(tree_host(tree)), 0);
        for (size_t i = 0; i < COUNT(cases); i++) {
                tree_file(tree, "/proc/stat", "%s", cases[i].text);
                EXPECT_NUMBER(cases[i].text, boot_time(tree_host(tree)), cases[i].seconds);
        }
        tree_free(tree);
}

static void promised(void)
{
        static const struct {
                const char *name, *stat;
                int64_t written;
                bool want;
        } cases[] = {
                { "written before this boot", "btime 2000\n", 1000, true },
                { "written since", "btime 2000\n", 3000, false },
                { "when is not known", "btime 2000\n", 0, false },
                { "the boot's time is not known", "cpu 1\n", 1000, false },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct boot boot = { .loader = "grub", .written = cases[i].written };
                struct tree *tree = tree_new();

                tree_file(tree, "/proc/stat", "%s", cases[i].stat);
                EXPECT(cases[i].name, boot_was_promised(tree_host(tree), &boot) == cases[i].want);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "default entry of GRUB", grub_defaults },
        { "entries of GRUB", grub_entries },
        { "odd menus of GRUB", grub_oddities },
        { "hostile menus of GRUB", grub_hostile },
        { "systemd-boot and none", places },
        { "real-time by configuration and name", real_time },
        { "when this boot began", began },
        { "promised before it", promised },
        { NULL, NULL },
};
const struct suite suite_boot = { "boot", tests };

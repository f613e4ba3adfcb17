/* Menus of a boot loader that do not decide alone what starts next. */

#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define VENDOR       "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define VARIABLE     "/sys/firmware/efi/efivars/"
#define CUSTOM       "/boot/grub/custom.cfg"
/* As 00_header, 10_linux and 41_custom of Debian write it. */
#define MENU                                                                                                                   \
        "set default=\"%s\"\nmenuentry 'A' --id a {\n linux /vmlinuz-6.1.0-1-amd64 root=/dev/sda1\n}\n"                        \
        "if [ -f  ${config_directory}/custom.cfg ]; then\n  source ${config_directory}/custom.cfg\n"                           \
        "elif [ -z \"${config_directory}\" -a -f  $prefix/custom.cfg ]; then\n  source $prefix/custom.cfg\nfi\n"
#define UNKNOWN "unreadable ENODATA"

static const struct row {
        const char *name;
        bool grub, loader;              /* which menus are there */
        const char *path, *text;        /* and what else */
        const char *more, *next, *note; /* note: a part of it */
} rows[] = {
        { "GRUB alone", true, false, NULL, NULL, NULL, "6.1.0-1-amd64", "grub" },
        { "systemd-boot alone", false, true, NULL, NULL, NULL, "6.6.0-1-amd64", "systemd-boot" },
        { "another entry once", false, true, VARIABLE "LoaderEntryOneShot" VENDOR, "", NULL, UNKNOWN, "LoaderEntryOneShot" },
        { "another default", false, true, VARIABLE "LoaderEntryDefault" VENDOR, "", NULL, UNKNOWN, "LoaderEntryDefault" },
        { "once goes before", false, true, VARIABLE "LoaderEntryDefault" VENDOR, "", VARIABLE "LoaderEntryOneShot" VENDOR,
          UNKNOWN, "LoaderEntryOneShot" },
        { "of somebody else", false, true, VARIABLE "LoaderEntryDefault-00000000-0a4c-41cf-b6c7-440b29bb8c4f", "", NULL,
          "6.6.0-1-amd64", "systemd-boot" },
        { "GRUB asks no such variable", true, false, VARIABLE "LoaderEntryDefault" VENDOR, "", NULL, "6.1.0-1-amd64", "grub" },
        { "GRUB tells its name", true, false, VARIABLE "LoaderInfo" VENDOR, "", NULL, "6.1.0-1-amd64", "grub" },
        { "kexec", true, false, "/sys/kernel/kexec_loaded", "1\n", NULL, UNKNOWN, "kexec" },
        { "no kexec", true, false, "/sys/kernel/kexec_loaded", "0\n", NULL, "6.1.0-1-amd64", "grub" },
        { "for a crash", true, false, "/sys/kernel/kexec_crash_loaded", "1\n", NULL, "6.1.0-1-amd64", "grub" },
        { "kexec, and no loader", false, false, "/sys/kernel/kexec_loaded", "1\n", NULL, "absent", "neither" },
        { "both menus", true, true, NULL, NULL, NULL, "6.1.0-1-amd64", "grub" },
        { "both menus, and one has a name", true, true, VARIABLE "LoaderInfo" VENDOR, "", NULL, UNKNOWN, "which of the two" },
        { "both menus, and it was systemd-boot", true, true, VARIABLE "LoaderEntrySelected" VENDOR, "",
          VARIABLE "LoaderInfo" VENDOR, "6.6.0-1-amd64", "systemd-boot" },
        { "it was systemd-boot, without entries", true, false, VARIABLE "LoaderFeatures" VENDOR, "", NULL, UNKNOWN,
          "leftover" },
        { "entries of one's own", true, false, CUSTOM, "menuentry 'mine' {\n linux /vmlinuz-5.0.0-old\n}\n", NULL,
          "6.1.0-1-amd64", "grub" },
        { "a default of one's own", true, false, CUSTOM, "set default=\"1>0\"\n", NULL, UNKNOWN, "custom.cfg" },
        { "an entry saved", true, false, CUSTOM, "set saved_entry=x\n", NULL, UNKNOWN, "custom.cfg" },
        { "a file behind it", true, false, CUSTOM, "source /boot/grub/x.cfg\n", NULL, UNKNOWN, "custom.cfg" },
        { "not to be read", true, false, CUSTOM "/x", "", NULL, UNKNOWN, "cannot be read" },
};

static struct tree *make(const struct row *row)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/sys/kernel/osrelease", "6.1.0-1-amd64\n");
        tree_file(tree, "/proc/cmdline", "root=/dev/sda1\n");
        tree_file(tree, "/boot/vmlinuz-6.1.0-1-amd64", "x");
        if (row->grub)
                tree_file(tree, "/boot/grub/grub.cfg", MENU, "0");
        if (row->loader)
                tree_file(tree, "/efi/loader/entries/6.6.conf",
                          "title A\nlinux /vmlinuz-6.6.0-1-amd64\noptions root=/dev/sda1\n");
        if (row->path)
                tree_file(tree, row->path, "%s", row->text);
        if (row->more)
                tree_file(tree, row->more, "x");
        return tree;
}

static void check(const char *name, struct tree *tree, const char *next, const char *note)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_kernel);
        const struct fact_row rows_wanted[] = {
                { "kernel.next", next },
                { "kernel.reboot_needed", !strcmp(next, "6.1.0-1-amd64")   ? "false"
                                          : !strcmp(next, "6.6.0-1-amd64") ? "true"
                                                                           : UNKNOWN },
        };
        const struct fact *fact = fact_find(facts, "kernel.next");

        expect_facts(name, facts, rows_wanted, COUNT(rows_wanted));
        EXPECT(name, fact && fact->note && strstr(fact->note, note));
        facts_free(facts);
        tree_free(tree);
}

static void test_others(void)
{
        for (size_t i = 0; i < COUNT(rows); i++)
                check(rows[i].name, make(&rows[i]), rows[i].next, rows[i].note);
}

/* The default is an entry of custom.cfg, or GRUB reads a file that nobody knows. */
static void test_grub_files(void)
{
        struct tree *tree = make(&rows[0]);

        tree_file(tree, "/boot/grub/grub.cfg", MENU, "mine");
        tree_file(tree, CUSTOM, "menuentry 'mine' {\n linux /vmlinuz-5.0.0-old\n}\n");
        check("the default is one's own", tree, UNKNOWN, "may have the entry");
        tree = make(&rows[0]);
        tree_file(tree, "/boot/grub/grub.cfg", MENU "source $prefix/more.cfg\n", "0");
        check("another file", tree, UNKNOWN, "reads other files");
        tree = make(&rows[0]);
        tree_file(tree, "/boot/grub/grub.cfg", MENU "source $prefix/user.cfg\n", "0");
        check("a file with a password", tree, "6.1.0-1-amd64", "grub");
        tree = make(&rows[0]);
        tree_file(tree, "/boot/grub/grub.cfg", "menuentry A {\n linux /vmlinuz-6.1.0-1-amd64 root=/dev/sda1\n}\n");
        tree_file(tree, CUSTOM, "set default=1\n");
        check("not read by the menu", tree, "6.1.0-1-amd64", "grub");
}

static void test_empty(void)
{
        struct tree *tree = tree_new();

        tree_folder(tree, "/boot");
        check("an empty /boot", tree, UNKNOWN, "nothing is below /boot");
        tree = tree_new();
        tree_folder(tree, "/etc");
        check("no /boot", tree, "absent", "neither");
        tree = tree_new();
        tree_folder(tree, "/boot/lost+found");
        check("a /boot without a loader", tree, "absent", "neither");
}

static const struct test tests[] = {
        { "others that decide", test_others },
        { "files that GRUB reads", test_grub_files },
        { "an empty folder", test_empty },
        { NULL, NULL },
};

const struct suite suite_boot_other = { "boot_other", tests };

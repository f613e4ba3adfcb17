/* Records of crashes: shown by the kernel, put away by systemd, and not to be had. */

#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <stdio.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define PSTORE       "/sys/fs/pstore"
#define BACKEND      "/sys/module/pstore/parameters/backend"
#define MOUNTS       "/proc/self/mountinfo"
#define MOUNTED      "25 22 0:21 / /sys rw - sysfs sysfs rw\n35 25 0:31 / " PSTORE " rw,nosuid - pstore pstore rw\n"
#define KEPT         "/var/lib/systemd/pstore"

struct machine {
        const char *name;
        const char *mounts, *backend;
        const char *files[5]; /* made empty; one that ends with '/' is a folder */
        const char *seen;
        const char *want;
};

static void make(struct tree *tree, const struct machine *machine)
{
        if (machine->mounts)
                tree_file(tree, MOUNTS, "%s", machine->mounts);
        if (machine->backend)
                tree_file(tree, BACKEND, "%s\n", machine->backend);
        if (machine->seen)
                tree_file(tree, "/.plumbline/seen", "%s", machine->seen);
        for (size_t i = 0; i < COUNT(machine->files) && machine->files[i]; i++) {
                if (text_ends(machine->files[i], "/"))
                        tree_folder(tree, machine->files[i]);
                else
                        tree_file(tree, machine->files[i], "secret\n");
        }
}

static void run(const struct machine *machines, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;

                make(tree, &machines[i]);
                facts = probe_facts(tree_host(tree), &probe_crash);
                expect_facts(machines[i].name, facts, &(struct fact_row){ "kernel.crashes", machines[i].want }, 1);
                facts_free(facts);
                tree_free(tree);
        }
}

static void counts(void)
{
        static const struct machine machines[] = {
                { "none", MOUNTED, "erst", { PSTORE "/" }, NULL, "0" },
                { "one", MOUNTED, "efi_pstore", { PSTORE "/dmesg-efi_pstore-170000000001001" }, NULL, "1" },
                { "a machine check", MOUNTED, "erst", { PSTORE "/mce-erst-7012345678901234567" }, NULL, "1" },
                { "no crashes",
                  MOUNTED,
                  "ramoops",
                  { PSTORE "/console-ramoops-0", PSTORE "/pmsg-ramoops-0", PSTORE "/ftrace-ramoops-0" },
                  NULL,
                  "0" },
                { "put away",
                  MOUNTED,
                  "erst",
                  { PSTORE "/", KEPT "/7012345678901/dmesg-erst-7012345678901234567", KEPT "/7012345678901/dmesg.txt" },
                  NULL,
                  "1" },
                { "put away by number",
                  MOUNTED,
                  "efi",
                  { PSTORE "/dmesg-efi-1", KEPT "/1700000000/001/dmesg-efi-170000000001001",
                    KEPT "/1700000000/001/dmesg-efi-170000000002001", KEPT "/1700000000/001/dmesg.txt",
                    KEPT "/dmesg-ramoops-0" },
                  NULL,
                  "4" },
                { "too deep for systemd", MOUNTED, "efi", { PSTORE "/", KEPT "/1/2/3/dmesg-efi-1" }, NULL, "0" },
                { "not its folders", MOUNTED, "efi", { PSTORE "/", KEPT "/lost+found/dmesg-efi-1" }, NULL, "0" },
                { "files with such names", MOUNTED, "efi", { PSTORE "/", KEPT "/17", KEPT "/18/19" }, NULL, "0" },
        };

        run(machines, COUNT(machines));
}

static void not_to_be_had(void)
{
        static const struct machine machines[] = {
                { "nothing keeps them", MOUNTED, "(null)", { PSTORE "/" }, NULL, "absent" },
                { "a kernel without pstore", MOUNTED, NULL, { "/sys/fs/cgroup/" }, NULL, "absent" },
                { "nothing keeps them any more", MOUNTED, "(null)", { PSTORE "/", KEPT "/7/dmesg-erst-7" }, NULL, "1" },
                { "a driver that does not say so", MOUNTED, NULL, { PSTORE "/" }, NULL, "0" },
                { "not mounted",
                  "25 22 0:21 / /sys rw - sysfs sysfs rw\n",
                  "erst",
                  { PSTORE "/" },
                  NULL,
                  "unreadable ENODATA" },
                { "another is mounted",
                  "25 22 0:21 / " PSTORE "2 rw - x x rw\n",
                  "erst",
                  { PSTORE "/" },
                  NULL,
                  "unreadable ENODATA" },
                { "mounted it cannot be told", NULL, "erst", { PSTORE "/" }, NULL, "unreadable ENOENT" },
                { "not for us", MOUNTED, "erst", { NULL }, "list EACCES " PSTORE "\n", "unreadable EACCES" },
                { "what was put away is not for us",
                  MOUNTED,
                  "erst",
                  { PSTORE "/", "/var/lib/systemd/" },
                  "list EACCES " KEPT "\n",
                  "unreadable EACCES" },
                { "a part of it is not",
                  MOUNTED,
                  "erst",
                  { PSTORE "/", KEPT "/7/dmesg-erst-7", KEPT "/8/" },
                  "list EIO " KEPT "/8\n",
                  "unreadable EIO" },
                { "nothing", NULL, NULL, { NULL }, NULL, "unreadable ENODATA" },
        };

        run(machines, COUNT(machines));
}

/* Somebody fills the disk with folders. */
static void endless(void)
{
        struct tree *tree = tree_new();
        struct facts *facts;

        tree_folder(tree, PSTORE);
        tree_file(tree, MOUNTS, "%s", MOUNTED);
        for (unsigned i = 0; i < 70; i++) {
                for (unsigned j = 0; j < 70; j++) {
                        char path[64];

                        snprintf(path, sizeof path, KEPT "/%u/%u", i, j);
                        tree_folder(tree, path);
                }
        }
        facts = probe_facts(tree_host(tree), &probe_crash);
        expect_facts("4900 folders", facts, &(struct fact_row){ "kernel.crashes", "unreadable E2BIG" }, 1);
        facts_free(facts);
        tree_free(tree);
}

static void only_listed(void)
{
        struct tree *tree = tree_new();
        struct host *host = tree_host(tree);
        struct facts *facts;

        tree_folder(tree, PSTORE);
        tree_file(tree, PSTORE "/dmesg-erst-1", "secret\n");
        tree_file(tree, KEPT "/1/dmesg-erst-2", "secret\n");
        facts = probe_facts(host, &probe_crash);
        expect_facts("two", facts, &(struct fact_row){ "kernel.crashes", "2" }, 1);
        EXPECT_NUMBER("three folders listed, and nothing read", host_reads(host, REACH_QUIET), 3);
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = { { "counts", counts },
                                     { "not to be had", not_to_be_had },
                                     { "endless", endless },
                                     { "only listed", only_listed },
                                     { NULL, NULL } };
const struct suite suite_crash_probe = { "crash_probe", tests };

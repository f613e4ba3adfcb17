/* Lockdown, Secure Boot and the IOMMU: what is there, what is not, and what cannot be told. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <errno.h>
#include <stdio.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define SEEN         "/.plumbline/seen"
#define SECURITY     "/sys/kernel/security"
#define GROUPS       "/sys/kernel/iommu_groups"
#define ASKED        "/.plumbline/ask/secure_boot"

struct file {
        const char *path, *text; /* text NULL: a folder */
};
struct machine {
        const char *name;
        struct file files[3];
        const char *want;
};

static void run(const char *fact, const struct machine *machines, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct tree *tree = tree_new();
                struct facts *facts;

                for (size_t j = 0; j < COUNT(machines[i].files) && machines[i].files[j].path; j++) {
                        if (machines[i].files[j].text)
                                tree_file(tree, machines[i].files[j].path, "%s", machines[i].files[j].text);
                        else
                                tree_folder(tree, machines[i].files[j].path);
                }
                facts = probe_facts(tree_host(tree), &probe_protection);
                expect_facts(machines[i].name, facts, &(struct fact_row){ fact, machines[i].want }, 1);
                facts_free(facts);
                tree_free(tree);
        }
}

static void lockdown(void)
{
        static const struct machine machines[] = {
                { "off", { { SECURITY "/lockdown", "[none] integrity confidentiality\n" } }, "none" },
                { "on", { { SECURITY "/lockdown", "none [integrity] confidentiality\n" } }, "integrity" },
                { "a kernel without it", { { SECURITY "/lsm", "capability,yama" } }, "absent" },
                { "securityfs not mounted", { { SECURITY, NULL } }, "unreadable ENODATA" },
                { "no securityfs", { { "/sys/kernel/mm", NULL } }, "unreadable ENODATA" },
                { "nothing", { { NULL, NULL } }, "unreadable ENODATA" },
                { "not for us",
                  { { SECURITY "/lsm", "x" }, { SEEN, "read EACCES " SECURITY "/lockdown\n" } },
                  "unreadable EACCES" },
                { "cannot be listed", { { SECURITY, NULL }, { SEEN, "list EACCES " SECURITY "\n" } }, "unreadable EACCES" },
                { "empty", { { SECURITY "/lockdown", "" } }, "unreadable EBADMSG" },
                { "no brackets", { { SECURITY "/lockdown", "none integrity\n" } }, "unreadable EBADMSG" },
                { "half a bracket", { { SECURITY "/lockdown", "none [integrity\n" } }, "unreadable EBADMSG" },
                { "brackets the wrong way round", { { SECURITY "/lockdown", "]none[\n" } }, "unreadable EBADMSG" },
                { "no word", { { SECURITY "/lockdown", "[] integrity\n" } }, "unreadable EBADMSG" },
                { "no such word", { { SECURITY "/lockdown", "[\033[1m] integrity\n" } }, "unreadable EBADMSG" },
        };

        run("kernel.lockdown", machines, COUNT(machines));
}

static void secure_boot(void)
{
        static const struct machine machines[] = {
                { "on", { { "/sys/firmware/efi", NULL }, { ASKED, "enabled\n" } }, "true" },
                { "off", { { "/sys/firmware/efi", NULL }, { ASKED, "disabled\n" } }, "false" },
                { "no EFI", { { "/sys/firmware/acpi", NULL }, { ASKED, "unset\n" } }, "absent" },
                { "no EFI, whatever is said", { { "/sys/firmware/acpi", NULL }, { ASKED, "enabled\n" } }, "absent" },
                { "a container that hides it", { { "/sys/firmware", NULL }, { ASKED, "enabled\n" } }, "unreadable ENODATA" },
                { "firmware that may not be listed",
                  { { "/sys/firmware/acpi", NULL }, { SEEN, "list EACCES /sys/firmware\n" } },
                  "unreadable EACCES" },
                { "no firmware", { { ASKED, "enabled\n" } }, "unreadable ENODATA" },
                { "not by the stub", { { "/sys/firmware/efi", NULL }, { ASKED, "unset\n" } }, "unreadable ENODATA" },
                { "the firmware did not say", { { "/sys/firmware/efi", NULL }, { ASKED, "unknown\n" } }, "unreadable ENODATA" },
                { "not asked", { { "/sys/firmware/efi", NULL } }, "unreadable ENODATA" },
                { "nonsense", { { "/sys/firmware/efi", NULL }, { ASKED, "enabled enabled\n" } }, "unreadable EBADMSG" },
                { "empty", { { "/sys/firmware/efi", NULL }, { ASKED, "" } }, "unreadable EBADMSG" },
        };

        run("host.secure_boot", machines, COUNT(machines));
}

static void iommu(void)
{
        static const struct machine machines[] = {
                { "one kind", { { GROUPS "/0/type", "DMA-FQ\n" }, { GROUPS "/1/type", "DMA-FQ\n" } }, "DMA-FQ" },
                { "two", { { GROUPS "/0/type", "identity\n" }, { GROUPS "/1/type", "DMA\n" } }, "DMA identity" },
                { "none", { { GROUPS, NULL } }, "absent" },
                { "a kernel without", { { "/sys/kernel/mm", NULL } }, "absent" },
                { "nothing", { { NULL, NULL } }, "unreadable ENODATA" },
                { "not listed", { { GROUPS, NULL }, { SEEN, "list EACCES " GROUPS "\n" } }, "unreadable EACCES" },
                { "an old kernel", { { GROUPS "/0/devices", NULL } }, "unreadable ENODATA" },
                { "one of two not told",
                  { { GROUPS "/0/type", "DMA\n" }, { GROUPS "/1/devices", NULL }, { SEEN, "read EIO " GROUPS "/1/type\n" } },
                  "unreadable EIO" },
                { "no kind for one of them",
                  { { GROUPS "/0/type", "identity\n" }, { GROUPS "/1/type", "unknown\n" } },
                  "unreadable ENODATA" },
                { "empty", { { GROUPS "/0/type", "\n" } }, "unreadable ENODATA" },
                { "no word", { { GROUPS "/0/type", "DMA of all\n" } }, "unreadable EBADMSG" },
        };

        run("host.iommu", machines, COUNT(machines));
}

/* This very kernel, by the same byte read the plain way. */
static void asked_here(void)
{
        static const char *const words[] = { "unset\n", "unknown\n", "disabled\n", "enabled\n" };
        autopool struct pool *pool = pool_new();
        FILE *file = fopen("/sys/kernel/boot_params/data", "r");
        const void *answer = NULL;
        struct host *host;
        size_t size = 0;
        int byte = EOF, r;

        if (file && fseek(file, 0x1ec, SEEK_SET) == 0)
                byte = fgetc(file);
        if (file)
                fclose(file);
        EXPECT_NUMBER("a host", host_open(NULL, &host), 0);
        r = host_ask(host, pool, &answer, &size, "secure_boot");
        if (byte < 0 || byte > 3)
                EXPECT_NUMBER("not told", r, file ? -EBADMSG : -EOPNOTSUPP);
        else
                EXPECT_TEXT("one word", r == 0 ? pool_copy(pool, answer, size) : NULL, words[byte]);
        host_close(host);
}

static const struct test tests[] = { { "lockdown", lockdown },
                                     { "secure boot", secure_boot },
                                     { "IOMMU", iommu },
                                     { "asked here", asked_here },
                                     { NULL, NULL } };
const struct suite suite_protection_probe = { "protection_probe", tests };

/* What hangs on USB, and trees in which that cannot be told. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define USB          "../devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/host6/target6:0:0/6:0:0:0/block/"
#define SATA         "../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/"

struct machine {
        const char *name;
        struct {
                const char *block, *above; /* above: the link without the name; "": a folder and no link */
        } disks[4];
        const char *seen, *want;
};

static void storage(void)
{
        static const struct machine machines[] = {
                { "a stick", { { "sda", SATA }, { "sdb", USB } }, NULL, "sdb" },
                { "two, and a drive lent by the controller",
                  { { "sdb", USB }, { "sr0", USB }, { "sdc", USB } },
                  NULL,
                  "sdb sdc sr0" },
                { "none", { { "sda", SATA }, { "dm-0", "../devices/virtual/block/" } }, NULL, "none" },
                { "NVMe", { { "nvme0n1", "../devices/pci0000:00/0000:01:00.0/nvme/nvme0/" } }, NULL, "none" },
                { "no disks", { { NULL, NULL } }, NULL, "none" },
                { "no link", { { "sda", "" }, { "sdb", USB } }, NULL, "unreadable EINVAL" },
                { "no link, but known by name", { { "loop0", "" }, { "zram0", "" } }, NULL, "none" },
                { "not listed", { { NULL, NULL } }, "list EACCES /sys/block\n", "unreadable EACCES" },
                { "a hostile name", { { "s d\tb\033", USB } }, NULL, "s?d?b?" },
        };

        for (size_t i = 0; i < COUNT(machines); i++) {
                struct tree *tree = tree_new();
                struct facts *facts;

                tree_folder(tree, "/sys/block");
                for (size_t j = 0; j < COUNT(machines[i].disks) && machines[i].disks[j].block; j++) {
                        autopool struct pool *pool = pool_new();
                        const char *path = pool_format(pool, "/sys/block/%s", machines[i].disks[j].block);

                        if (*machines[i].disks[j].above)
                                tree_link(tree, path,
                                          pool_format(pool, "%s%s", machines[i].disks[j].above, machines[i].disks[j].block));
                        else
                                tree_folder(tree, path);
                }
                if (machines[i].seen)
                        tree_file(tree, "/.plumbline/seen", "%s", machines[i].seen);
                facts = probe_facts(tree_host(tree), &probe_usb);
                expect_facts(machines[i].name, facts, &(struct fact_row){ "usb.storage", machines[i].want }, 1);
                if (text_equals(machines[i].want, "unreadable EINVAL"))
                        EXPECT_TEXT("which one", fact_find(facts, "usb.storage")->source, "/sys/block/sda");
                facts_free(facts);
                tree_free(tree);
        }
}

static void nothing(void)
{
        struct tree *tree = tree_new();
        struct facts *facts = probe_facts(tree_host(tree), &probe_usb);

        expect_facts("nothing", facts, &(struct fact_row){ "usb.storage", "unreadable ENODATA" }, 1);
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = { { "storage", storage }, { "nothing", nothing }, { NULL, NULL } };
const struct suite suite_usb_probe = { "usb_probe", tests };

/* Machines with drives of NVMe, and btrfs filesystems on them. */

#include "tests/unit/raid_btrfs_tree.h"

#include "agent/core/pool.h"
#include "tests/support/tree.h"

#define DISK_SECTORS "3750748848\n" /* 1.92 TB */

static void add_drive(struct tree *tree, unsigned number)
{
        autopool struct pool *pool = pool_new();
        const char *path = pool_format(pool, "devices/pci0/0000:0%u:00.0/nvme/nvme%u/nvme%un1", number, number, number);

        tree_file(tree, pool_format(pool, "/sys/%s/size", path), DISK_SECTORS);
        tree_link(tree, pool_format(pool, "/sys/class/block/nvme%un1", number), pool_format(pool, "../../%s", path));
}

static void add_member(struct tree *tree, const char *folder, unsigned number)
{
        autopool struct pool *pool = pool_new();
        const char *info = pool_format(pool, "%s/devinfo/%u", folder, number);

        tree_link(tree, pool_format(pool, "%s/devices/nvme%un1", folder, number - 1),
                  pool_format(pool, "../../../../class/block/nvme%un1", number - 1));
        tree_file(tree, pool_format(pool, "%s/missing", info), "0\n");
        tree_file(tree, pool_format(pool, "%s/replace_target", info), "0\n");
        tree_file(tree, pool_format(pool, "%s/error_stats", info),
                  "write_errs 0\nread_errs 0\nflush_errs 0\ncorruption_errs 0\ngeneration_errs 0\n");
}

void raid_btrfs_store(struct tree *tree, const char *folder, const char *profile)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "%s/allocation/%s/total_bytes", folder, profile), "1073741824\n");
        tree_file(tree, pool_format(pool, "%s/allocation/%s/used_bytes", folder, profile), "4096\n");
}

void raid_btrfs_add(struct tree *tree, const char *folder, const char *label, unsigned members, const char *profile)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "%s/label", folder), "%s", label);
        tree_file(tree, pool_format(pool, "%s/exclusive_operation", folder), "none\n");
        tree_file(tree, pool_format(pool, "%s/allocation/global_rsv_size", folder), "0\n");
        tree_file(tree, pool_format(pool, "%s/allocation/data/total_bytes", folder), "0\n");
        for (unsigned i = 1; i <= members; i++)
                add_member(tree, folder, i);
        raid_btrfs_store(tree, folder, pool_format(pool, "data/%s", profile));
        raid_btrfs_store(tree, folder, pool_format(pool, "metadata/%s", profile));
        raid_btrfs_store(tree, folder, pool_format(pool, "system/%s", profile));
}

struct tree *raid_btrfs_machine(void)
{
        struct tree *tree = tree_new();

        for (unsigned i = 0; i < 4; i++)
                add_drive(tree, i);
        tree_folder(tree, "/sys/block/nvme0n1");
        tree_file(tree, BTRFS_PLACE "features/raid56", "1\n");
        return tree;
}

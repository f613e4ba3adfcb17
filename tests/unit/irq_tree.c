/* A machine of two nodes for the tests of the irq knob. */

#include "tests/unit/irq_tree.h"

#include <stdio.h>

void irq_tree_add(struct tree *tree, unsigned number, const char *actions, const char *allowed, const char *effective)
{
        char path[128];

        snprintf(path, sizeof path, "/proc/irq/%u/smp_affinity_list", number);
        tree_file(tree, path, "%s\n", allowed);
        snprintf(path, sizeof path, "/proc/irq/%u/effective_affinity_list", number);
        if (effective)
                tree_file(tree, path, "%s\n", effective);
        snprintf(path, sizeof path, "/sys/kernel/irq/%u/actions", number);
        tree_file(tree, path, "%s\n", actions);
}

struct tree *irq_tree_new(void)
{
        struct tree *tree = tree_new();
        char path[128];

        tree_file(tree, "/sys/devices/system/cpu/possible", "0-63\n");
        tree_file(tree, "/sys/devices/system/cpu/present", "0-7\n");
        tree_file(tree, "/sys/devices/system/cpu/online", "0-6\n");
        tree_file(tree, "/sys/devices/system/cpu/offline", "7\n");
        for (unsigned cpu = 0; cpu < 8; cpu++) {
                snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/core_id", cpu);
                if (cpu == 7)
                        tree_folder(tree, "/sys/devices/system/cpu/cpu7");
                else
                        tree_file(tree, path, "%u\n", cpu);
                snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/physical_package_id", cpu);
                if (cpu != 7)
                        tree_file(tree, path, "%u\n", cpu / 4);
        }
        tree_file(tree, "/sys/devices/system/node/online", "0-1\n");
        tree_file(tree, "/sys/devices/system/node/node0/cpulist", "0-3\n");
        tree_file(tree, "/sys/devices/system/node/node1/cpulist", "4-7\n");
        tree_file(tree, "/proc/irq/default_smp_affinity", "ff\n");
        return tree;
}

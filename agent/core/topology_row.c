/* What is known of one CPU. */

#include "agent/core/topology_inside.h"

#include <stddef.h>

struct topology_cpu *topology_row(const struct topology *topology, unsigned cpu)
{
        size_t low = 0, high = topology->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (topology->cpus[middle].cpu == cpu)
                        return &topology->cpus[middle];
                if (topology->cpus[middle].cpu < cpu)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

int topology_node_of(const struct topology *topology, unsigned cpu)
{
        const struct topology_cpu *row = topology->numa_sane ? topology_row(topology, cpu) : NULL;

        return row ? row->node : -1;
}

/* What the files that read the topology share; nobody else includes this. */

#pragma once

#include "agent/core/topology.h"

struct host;
struct pool;

/* The row of this CPU, or NULL. */
struct topology_cpu *topology_row(const struct topology *topology, unsigned cpu);
/* Reads the ids and sibling sets of the online CPUs; fills rows, sockets, cores and core_problem. */
void topology_read_cores(struct host *host, struct pool *pool, struct topology *topology);
/* Reads the nodes; fills them, the rows' nodes, numa_sane and numa_problem. */
void topology_read_nodes(struct host *host, struct pool *pool, struct topology *topology);

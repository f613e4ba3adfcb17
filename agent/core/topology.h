/* Which CPU belongs to which core, package and node, and how they are shared out between housekeeping and trading. */

#pragma once

#include "agent/core/cpus.h"

struct host;
struct pool;

#define TOPOLOGY_NODES_MAX 1024

struct topology_cpu {
        unsigned cpu;
        int package, die, core; /* as the kernel numbers them; -1 unknown */
        int core_index;         /* 0..cores-1: same physical core, same index; -1 for an offline CPU */
        int node;               /* -1 unknown or none */
};

struct topology {
        size_t count; /* present CPUs, by rising number */
        struct topology_cpu *cpus;
        struct cpus present, online, offline;
        unsigned sockets, cores;  /* among CPUs whose topology is known (the online ones) */
        bool online_known;        /* false: no file said so; online is then what has a topology folder */
        const char *core_problem; /* one sentence when ids and sibling lists disagree or are missing; NULL if all is well */
        const char *source;
        int nodes_error; /* negative errno: the nodes could not be listed, and there are none below; a kernel without NUMA has none */
        size_t node_count; /* nodes in order of number; also those without CPUs or memory */
        struct topology_node {
                unsigned node;
                struct cpus cpus;
                int64_t memory; /* bytes of MemTotal; -1 unknown */
        } * nodes;
        bool numa_sane;           /* false: the firmware lies (nodes share CPUs); then placement treats the box as one node */
        const char *numa_problem; /* why not sane; NULL if sane */
};

/* Read once for each host until something is changed; lives until the host is closed. A host without any CPU folder: -ENOENT. */
int topology_read(struct host *host, const struct topology **topology);

/* The node of a CPU; -1: not known, or firmware lies about all of them. */
int topology_node_of(const struct topology *topology, unsigned cpu);
/* All online threads of the core that this CPU belongs to. */
void topology_siblings(const struct topology *topology, unsigned cpu, struct cpus *siblings);

struct partition {
        struct cpus housekeeping, isolated;
        bool valid;
        const char *problem; /* not valid: one sentence that names both sets */
};

/* housekeeping: "N per node" (N whole cores of every node that has CPUs, lowest first), "N" is not accepted; or a list.
 * isolated: "rest" (the online CPUs that are not housekeeping), "none", or a list. Either may be NULL: housekeeping is then
 * the rest, isolated none. Rules: every CPU online, no CPU in both, no core split between the two, both together all online
 * CPUs, at least one whole housekeeping core, isolated not empty unless "none" was asked.
 * -EINVAL (with *problem): text that is no such thing on any host. A partition that this host cannot hold is 0 with
 * partition->valid false. */
int partition_compute(const struct topology *topology, struct pool *pool, const char *housekeeping, const char *isolated,
                      struct partition *partition, const char **problem);

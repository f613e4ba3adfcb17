/* The parts of the probe of the processors. */

#pragma once

#include <stdbool.h>

struct cpus;
struct facts;
struct host;
struct pool;
struct processor;
struct topology;

/* Adds a word to a list of them, unless it is there. list may be NULL. */
const char *cpu_add_word(struct pool *pool, const char *list, const char *text);
#define CPU_ISOLATED   "/sys/devices/system/cpu/isolated"
#define CPU_PARTITIONS "/sys/fs/cgroup/cpuset.cpus.isolated"
/* The CPUs that were isolated at boot, and those of isolated partitions, which are empty on a kernel that does not list them. -ENODATA:
 * the kernel tells neither; else *source is what could not be read. */
int cpu_isolated(struct host *host, struct cpus *boot, struct cpus *partitions, const char **source);
/* cpu_microcode.c */
void cpu_microcode_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology,
                         const struct processor *processor);
/* cpu_busy.c: cpu.busy and cpu.steal; takes a second, and only where somebody asks for one of them. */
void cpu_busy_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology, bool guest);
/* cpu_firmware.c */
void cpu_firmware_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology);
/* cpu_throttle.c */
void cpu_throttle_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology);

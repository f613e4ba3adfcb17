/* How often the processors were slowed down by heat (drivers/thermal/intel/therm_throt.c). */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/topology.h"
#include "probes/cpu_parts.h"

#include <errno.h>

#define FOLDER "/sys/devices/system/cpu"

/* The counters are kept for each CPU, and threads of one core, or cores of one package, count the same event: a sum would count it many
 * times. *worst: the CPU that counted the most. -ENOENT where no CPU counts, -ENODATA where only some do. */
static int read_most(struct host *host, const struct topology *topology, const char *file, int64_t *most, unsigned *worst)
{
        int64_t count, found = -1;
        bool missing = false;

        for (unsigned cpu = cpus_next(&topology->online, 0); cpu != CPUS_END; cpu = cpus_next(&topology->online, cpu + 1)) {
                int r = host_number(host, &count, FOLDER "/cpu%u/thermal_throttle/%s", cpu, file);

                if (r == -ENOENT) {
                        missing = true;
                        continue;
                }
                if (r < 0)
                        return r;
                if (count < 0)
                        return -ERANGE;
                if (count > found) {
                        found = count;
                        *worst = cpu;
                }
        }
        if (found < 0)
                return missing ? -ENOENT : -ENODATA;
        if (missing)
                return -ENODATA;
        *most = found;
        return 0;
}

void cpu_throttle_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology)
{
        static const char *const scopes[] = { "core", "package" };

        for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
                const char *file = pool_format(pool, "%s_throttle_count", scopes[i]);
                const char *source = pool_format(pool, FOLDER "/cpu*/thermal_throttle/%s", file);
                unsigned worst = 0;
                int64_t most;
                int r;

                r = read_most(host, topology, file, &most, &worst);
                if (r == -ENOENT) {
                        fact_absent(facts, source, "cpu.throttles.%s", scopes[i]);
                        continue;
                }
                if (r < 0) {
                        fact_unknown(facts, r, source, "cpu.throttles.%s", scopes[i]);
                        continue;
                }
                fact_known(facts, value_number(most, UNIT_COUNT), source, "cpu.throttles.%s", scopes[i]);
                if (most > 0)
                        fact_note(facts, "CPU %u, since boot", worst);
        }
}

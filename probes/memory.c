/* Memory: what is installed, what the kernel has of it, how much is used, and whether it makes errors. */

#include "agent/core/host.h"
#include "agent/core/meminfo.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/installed.h"
#include "probes/modules.h"
#include "probes/probes.h"

#include <errno.h>

#define MEMINFO "/proc/meminfo"
#define NODES   "/sys/devices/system/node"
#define EDAC    "/sys/devices/system/edac/mc"

static const struct fact_info memory_facts[] = {
        { "memory.installed", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "Memory that is plugged in, as it was bought. The firmware's list of modules is exact; without it the value is "
          "derived from what the kernel has, and its note says so. Memory on a CXL card, which is slower, and what the "
          "firmware "
          "lists for another use than the system's count neither here nor among the modules.",
          "/sys/firmware/dmi/tables/DMI (root only), /sys/firmware/dmi/entries/17-*/raw, /sys/devices/system/memory, "
          "/proc/meminfo" },
        { "memory.total", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "Memory that the kernel can give out (MemTotal): always less than what is installed.",
          "/proc/meminfo, the meminfo of the nodes" },
        { "memory.used", VALUE_REAL, UNIT_PERCENT, REACH_QUIET,
          "Memory that is not available to new programs. The hugepage pool is left out of both sides: it is set aside on "
          "purpose.",
          "/proc/meminfo" },
        { "memory.type", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "Kinds of the memory modules, such as DDR4. Unknown while one of them does not tell it: the note says what the "
          "others "
          "are.",
          "/sys/firmware/dmi/tables/DMI (root only), /sys/firmware/dmi/entries/17-*/raw" },
        { "memory.speed", VALUE_NUMBER, UNIT_TRANSFERS, REACH_QUIET,
          "Speed that the slowest module is configured to. Two modules on one channel often run slower than their label says. "
          "Unknown while one module does not tell what it is configured to, however fast it is rated: the note says what is "
          "known.",
          "/sys/firmware/dmi/tables/DMI (root only), /sys/firmware/dmi/entries/17-*/raw" },
        { "memory.rated_speed", VALUE_NUMBER, UNIT_TRANSFERS, REACH_QUIET,
          "Speed that the slowest module is made for, by its label. More than memory.speed means that the board runs them "
          "slower: two on "
          "one channel, a mixture, or a setting of the firmware. Unknown while one module does not tell it.",
          "/sys/firmware/dmi/tables/DMI (root only), /sys/firmware/dmi/entries/17-*/raw" },
        { "memory.dimms", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "Memory modules that are plugged in.",
          "/sys/firmware/dmi/tables/DMI (root only), /sys/firmware/dmi/entries/17-*/raw" },
        { "memory.balanced", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether memory is plugged in evenly: the nodes that have CPUs have the same, within a tenth, and so has each "
          "channel "
          "that has any. A channel with less slows down all of them. The note says what is uneven, or how much of it can be "
          "told: names of slots that tell no channel, such as A1 to A12 of one socket, leave it at the sizes of the modules, "
          "and "
          "nobody knows where those differ.",
          "/sys/devices/system/node/node*/meminfo; /sys/firmware/dmi/tables/DMI (root only), "
          "/sys/firmware/dmi/entries/17-*/raw" },
        { "memory.ecc", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether memory errors are corrected: by the firmware's word, and by modules that have more bits than the data "
          "needs. No where the driver of a memory controller says of one module that it is not; where the firmware cannot "
          "tell, "
          "the drivers must say it of every one.",
          "/sys/firmware/dmi/tables/DMI (root only), /sys/firmware/dmi/entries/16-*/raw and 17-*/raw; "
          "/sys/devices/system/edac/mc/mc*/{dimm,rank}*/dimm_edac_mode" },
        { "memory.errors.corrected", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Memory errors corrected since the driver was loaded. Each one costs time; many of them announce a failing module.",
          "/sys/devices/system/edac/mc/mc*/ce_count" },
        { "memory.errors.uncorrected", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Memory errors that could not be corrected since the driver was loaded: a single one is one too many.",
          "/sys/devices/system/edac/mc/mc*/ue_count" },
        { 0 },
};

/* A tree without /proc/meminfo may hold that of its nodes. */
static int sum_nodes(struct host *host, int64_t *total)
{
        autopool struct pool *scratch = pool_new();
        const char *const *names;
        const char *text;
        int64_t sum = 0;
        bool any = false;
        int r;

        r = host_list(host, scratch, &names, NODES);
        if (r < 0)
                return r;
        for (; *names; names++) {
                int64_t bytes;

                if (!text_starts(*names, "node") || (*names)[4] < '0' || (*names)[4] > '9')
                        continue;
                r = host_read(host, scratch, &text, NODES "/%s/meminfo", *names);
                if (r < 0)
                        return r;
                r = meminfo_find(text, "MemTotal", &bytes);
                if (r < 0)
                        return r;
                if (__builtin_add_overflow(sum, bytes, &sum))
                        return -ERANGE;
                any = true;
        }
        if (!any)
                return -ENOENT;
        *total = sum;
        return 0;
}

/* -1: unknown. */
static int64_t add_total(struct host *host, struct facts *facts, const char *meminfo, int error, const char **source)
{
        int64_t total = 0;
        int r = error;

        *source = MEMINFO;
        if (meminfo)
                r = meminfo_find(meminfo, "MemTotal", &total);
        if (r == 0 && total == 0)
                r = -EINVAL;
        if (r < 0 && sum_nodes(host, &total) == 0 && total > 0) {
                *source = NODES;
                fact_known(facts, value_number(total, UNIT_BYTES), NODES, "memory.total");
                fact_note(facts, "the sum of the nodes");
                return total;
        }
        if (r < 0) {
                fact_unknown(facts, r, MEMINFO, "memory.total");
                return -1;
        }
        fact_known(facts, value_number(total, UNIT_BYTES), MEMINFO, "memory.total");
        return total;
}

/* Before 3.14 the kernel did not say what is available. */
static int find_available(const char *meminfo, int64_t *available, bool *guessed)
{
        static const char *const parts[] = { "MemFree", "Buffers", "Cached" };
        int64_t sum = 0;
        int r;

        *guessed = false;
        r = meminfo_find(meminfo, "MemAvailable", available);
        if (r != -ENODATA)
                return r;
        *guessed = true;
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
                int64_t part;

                r = meminfo_find(meminfo, parts[i], &part);
                if (r < 0)
                        return r;
                if (__builtin_add_overflow(sum, part, &sum))
                        return -ERANGE;
        }
        *available = sum;
        return 0;
}

/* Hugetlb counts the pages of all sizes; before 4.16 only the default size is told. No line at all: no hugepages. */
static int find_pool(const char *meminfo, int64_t *bytes)
{
        int64_t pages, size;
        int r;

        r = meminfo_find(meminfo, "Hugetlb", bytes);
        if (r != -ENODATA)
                return r;
        r = meminfo_find(meminfo, "HugePages_Total", &pages);
        if (r == -ENODATA) {
                *bytes = 0;
                return 0;
        }
        if (r < 0)
                return r;
        r = meminfo_find(meminfo, "Hugepagesize", &size);
        if (r < 0)
                return r;
        return __builtin_mul_overflow(pages, size, bytes) ? -ERANGE : 0;
}

static void add_used(struct facts *facts, const char *meminfo, int error)
{
        int64_t total = 0, available = 0, pool = 0;
        bool guessed = false;
        int r = error;

        if (meminfo)
                r = meminfo_find(meminfo, "MemTotal", &total);
        if (r == 0)
                r = find_available(meminfo, &available, &guessed);
        if (r == 0)
                r = find_pool(meminfo, &pool);
        if (r == 0 && (pool >= total || available > total))
                r = -EINVAL;
        if (r < 0) {
                fact_unknown(facts, r, MEMINFO, "memory.used");
                return;
        }
        total -= pool;
        if (available > total)
                available = total;
        fact_known(facts, value_real((double)(total - available) * 100 / (double)total, UNIT_PERCENT), MEMINFO, "memory.used");
        if (guessed)
                fact_note(facts, "this kernel does not tell MemAvailable: free and cached memory were taken for it");
}

static void add_installed(struct facts *facts, const struct installed *installed)
{
        if (installed->error < 0)
                fact_unknown(facts, installed->error, installed->source, "memory.installed");
        else
                fact_known(facts, value_number(installed->bytes, UNIT_BYTES), installed->source, "memory.installed");
        if (installed->note)
                fact_note(facts, "%s", installed->note);
}

static void add_errors(struct host *host, struct facts *facts, const char *name, const char *file)
{
        autopool struct pool *scratch = pool_new();
        const char *const *names;
        int64_t sum = 0, count;
        bool any = false;
        int r;

        r = host_list(host, scratch, &names, EDAC);
        for (size_t i = 0; r == 0 && names[i]; i++) {
                if (!text_starts(names[i], "mc") || names[i][2] < '0' || names[i][2] > '9')
                        continue;
                any = true;
                r = host_number(host, &count, EDAC "/%s/%s", names[i], file);
                if (r == 0 && (count < 0 || __builtin_add_overflow(sum, count, &sum)))
                        r = -EINVAL;
        }
        if (r == 0 && any)
                fact_known(facts, value_number(sum, UNIT_COUNT), EDAC, "%s", name);
        else if ((r == 0 || r == -ENOENT) && !any)
                fact_absent(facts, EDAC, "%s", name);
        else
                fact_unknown(facts, r, EDAC, "%s", name);
}

static int memory_run(struct host *host, struct facts *facts)
{
        autopool struct pool *scratch = pool_new();
        struct installed installed;
        const char *meminfo = NULL, *source;
        int64_t total;
        int r;

        r = host_read(host, scratch, &meminfo, MEMINFO);
        total = add_total(host, facts, meminfo, r, &source);
        add_used(facts, meminfo, r);
        installed_read(host, scratch, total, source, &installed);
        add_installed(facts, &installed);
        modules_add_facts(host, facts, &installed);
        modules_add_balance(host, facts, &installed);
        add_errors(host, facts, "memory.errors.corrected", "ce_count");
        add_errors(host, facts, "memory.errors.uncorrected", "ue_count");
        return 0;
}

const struct probe probe_memory = {
        .name = "memory",
        .help = "Memory: what is installed, what the kernel has of it, how much is used, and its errors.",
        .facts = memory_facts,
        .run = memory_run,
};

/* The microcode of the processors: which revision, and whether all have the same. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/processor.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"
#include "probes/cpu_parts.h"

#include <errno.h>
#include <string.h>

#define FOLDER     "/sys/devices/system/cpu"
#define SOURCE     FOLDER "/cpu*/microcode/version"
#define TEXT_LIMIT 100
#define LIST_LIMIT 2000

static int read_microcode(struct host *host, struct pool *pool, const struct topology *topology, const char **versions)
{
        const char *list = NULL, *text;
        bool missing = false;
        int r;

        for (unsigned cpu = cpus_next(&topology->online, 0); cpu != CPUS_END; cpu = cpus_next(&topology->online, cpu + 1)) {
                r = host_read(host, pool, &text, FOLDER "/cpu%u/microcode/version", cpu);
                if (r == -ENOENT) {
                        missing = true;
                        continue;
                }
                if (r < 0)
                        return r;
                text = text_printable(pool, text_trim(pool, text), TEXT_LIMIT);
                if (!*text || strpbrk(text, " \t"))
                        return *text ? -EINVAL : -ENODATA;
                /* A tree with another text for each of thousands of CPUs must not become a list of them all. */
                if (!list || strlen(list) < LIST_LIMIT)
                        list = cpu_add_word(pool, list, text);
        }
        if (missing || !list)
                return list || !missing ? -ENODATA : -ENOENT;
        *versions = list;
        return 0;
}

/* In a guest the folder is absent: its microcode is the host's affair (arch/x86/kernel/cpu/microcode/core.c). /proc/cpuinfo of a tree is
 * read for one CPU only. */
static void add_without_folder(struct facts *facts, struct pool *pool, const struct processor *processor)
{
        if (processor->microcode) {
                fact_known(facts, value_text(pool, processor->microcode), processor->source, "cpu.microcode");
                fact_unknown(facts, -ENODATA, SOURCE, "cpu.microcode_equal");
                return;
        }
        fact_absent(facts, FOLDER, "cpu.microcode");
        fact_absent(facts, FOLDER, "cpu.microcode_equal");
}

void cpu_microcode_facts(struct host *host, struct facts *facts, struct pool *pool, const struct topology *topology,
                         const struct processor *processor)
{
        const char *versions;
        int r;

        r = read_microcode(host, pool, topology, &versions);
        if (r == -ENOENT) {
                add_without_folder(facts, pool, processor);
                return;
        }
        if (r < 0) {
                fact_unknown(facts, r, SOURCE, "cpu.microcode");
                fact_unknown(facts, r, SOURCE, "cpu.microcode_equal");
                return;
        }
        fact_known(facts, value_text(pool, versions), SOURCE, "cpu.microcode");
        if (strchr(versions, ' '))
                fact_note(facts, "the CPUs do not all have the same revision");
        fact_known(facts, value_flag(!strchr(versions, ' ')), SOURCE, "cpu.microcode_equal");
}

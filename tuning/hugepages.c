/* Pools of huge pages, by size and by NUMA node; never through vm.nr_hugepages, whose page size depends on the boot. */

#include "agent/core/knob.h"
#include "agent/core/meminfo.h"
#include "agent/core/pool.h"
#include "tuning/hugepages_demand.h"

#include <errno.h>

#define RETRIES 10
/* More than this share of a node's memory in huge pages leaves too little for the kernel and everything else. */
#define MOST_PERCENT 90U

/* Bytes of memory behind a demand; -1 unknown. */
static int64_t memory_of(struct hugepages_round *round, int node)
{
        const struct topology *topology = round->settings->topology;
        const char *text;
        int64_t memory;

        if (node == HUGEPAGES_WHOLE_HOST) {
                if (host_read(round->host, round->plan->pool, &text, "/proc/meminfo") < 0)
                        return -1;
                return meminfo_find(text, "MemTotal", &memory) < 0 || memory <= 0 ? -1 : memory;
        }
        for (size_t i = 0; i < topology->node_count; i++)
                if (topology->nodes[i].node == (unsigned)node)
                        return topology->nodes[i].memory;
        return -1;
}

/* All sizes together: what is asked of this node or host. UINT64_MAX where that is beyond counting. */
static uint64_t bytes_asked(const struct hugepages_round *round, int node)
{
        uint64_t sum = 0, bytes;

        for (size_t i = 0; i < round->count; i++) {
                const struct hugepages_demand *demand = &round->demands[i];

                if (demand->node != node)
                        continue;
                if (__builtin_mul_overflow(demand->pages, (uint64_t)demand->size->kib * 1024, &bytes) ||
                    __builtin_add_overflow(sum, bytes, &sum))
                        return UINT64_MAX;
        }
        return sum;
}

static const char *place_name(struct pool *pool, int node)
{
        return node == HUGEPAGES_WHOLE_HOST ? "this host" : pool_format(pool, "node%d", node);
}

/* A number that would take the memory away from everything else is not tried. */
static void refuse_too_much(struct hugepages_round *round, const struct hugepages_demand *demand, struct step *step)
{
        struct pool *pool = round->plan->pool;
        int64_t memory = memory_of(round, demand->node);
        uint64_t asked = bytes_asked(round, demand->node);

        if (!demand->pages || (memory >= 0 && asked <= (uint64_t)memory / 100 * MOST_PERCENT))
                return;
        step->how = STEP_NONE;
        step->fix = "correct the profile for this host";
        step->status = memory < 0 ? STATUS_UNKNOWN : STATUS_UNSUPPORTED;
        if (memory < 0)
                step->note = "how much memory there is could not be read, and without it a wrong number could take all of it";
        else
                step->note = pool_format(pool,
                                         "%llu MiB of huge pages are asked for where %s has %lld MiB of memory; more than "
                                         "%u %% is not tried",
                                         (unsigned long long)(asked >> 20), place_name(pool, demand->node),
                                         (long long)(memory >> 20), MOST_PERCENT);
}

static const struct want *want_pages(struct pool *pool, const struct hugepages_demand *demand)
{
        struct want *want = pool_zero(pool, sizeof *want);
        struct value *value = pool_zero(pool, sizeof *value);

        *value = value_number((int64_t)demand->pages, UNIT_COUNT);
        *want = (struct want){ .op = demand->setting->want.op, .count = 1, .values = value };
        want->text = pool_format(pool, "%s%llu",
                                 want->op == OP_GE   ? ">= "
                                 : want->op == OP_LE ? "<= "
                                                     : "",
                                 (unsigned long long)demand->pages);
        return want;
}

static void plan_demand(struct hugepages_round *round, const struct hugepages_demand *demand)
{
        struct pool *pool = round->plan->pool;
        const char *folder = hugepages_folder(pool, demand->size, demand->node);
        const char *target = pool_format(pool, "%s/nr_hugepages", folder);
        struct step *step;
        int64_t surplus;

        if (!host_exists(round->host, "%s", target)) {
                if (!host_exists(round->host, "/sys/kernel/mm") && !host_exists(round->host, "/sys/devices/system/node"))
                        hugepages_tell(round, demand->setting, STATUS_UNKNOWN, target,
                                       "nothing here tells what the kernel has of huge pages");
                else
                        hugepages_tell_absent(
                                round, demand->setting, target,
                                pool_format(pool, "this kernel or processor has no pages of %s here", demand->size->name));
                return;
        }
        step = plan_write_want(round->plan, round->host, demand->setting, want_pages(pool, demand), VALUE_NUMBER, UNIT_COUNT,
                               "%s", target);
        step->risk = RISK_DISRUPTIVE;
        step->short_harmless = true;
        step->retries = RETRIES;
        if (host_number(round->host, &surplus, "%s/surplus_hugepages", folder) == 0 && surplus > 0)
                step->note = pool_format(pool, "%lld more pages are in use beyond the pool and go back when they are freed",
                                         (long long)surplus);
        if (step_is_due(step))
                refuse_too_much(round, demand, step);
}

static int hugepages_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        struct hugepages_round round = { .host = host, .plan = plan, .settings = want };

        hugepages_collect(&round);
        for (size_t i = 0; i < round.count; i++)
                plan_demand(&round, &round.demands[i]);
        return 0;
}

static int hugepages_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        int node;

        if (!hugepages_size(setting->keys[0])) {
                *problem = pool_format(pool, "\"%s\" is no size of huge pages: expected 2M or 1G", setting->keys[0]);
                return -EINVAL;
        }
        if (setting->keys[1] && hugepages_node(setting->keys[1], &node) < 0) {
                *problem = pool_format(pool, "\"%s\" is no NUMA node: expected node0, node1 and so on", setting->keys[1]);
                return -EINVAL;
        }
        if (setting->want.count && setting->want.values[0].number < 0) {
                *problem = "a count of pages cannot be below 0";
                return -EINVAL;
        }
        return 0;
}

#define HUGEPAGES_HELP                                                                                                         \
        .kind = VALUE_NUMBER, .unit = UNIT_COUNT, .flags = FIELD_ONE_SIDED,                                                    \
        .where = "/sys/devices/system/node/nodeN/hugepages/hugepages-*kB/nr_hugepages, without NUMA "                          \
                 "/sys/kernel/mm/hugepages; written again by plumbline-boot.service at each boot, undone by writing the "      \
                 "old count back.",                                                                                            \
        .risk = "Growing a pool moves memory about on the whole node: never while trading. Pages of 1G are got reliably only " \
                "at boot."

static const struct field hugepages_fields[] = {
        { .path = "*",
          .help = "How many huge pages of this size (2M, 1G) the host keeps, spread evenly over the nodes that have memory. "
                  "\">= N\" "
                  "never shrinks a pool. A translation buffer holds few entries; huge pages make each reach further.",
          HUGEPAGES_HELP },
        { .path = "*/*",
          .help = "How many huge pages of this size one NUMA node keeps: { 2M: { node0: 4096 } }. Ask for them where the "
                  "trading "
                  "cores and their card are.",
          HUGEPAGES_HELP },
        { 0 },
};

const struct knob knob_hugepages = {
        .name = "hugepages",
        .help = "Pools of huge pages, by size and NUMA node.",
        .fields = hugepages_fields,
        .plan = hugepages_plan,
        .lint = hugepages_lint,
};

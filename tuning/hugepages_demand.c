/* Shares wanted huge pages out between NUMA nodes. */

#include "tuning/hugepages_demand.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define NODES_SHOWN 200

static const struct hugepages_size sizes[] = { { "2M", 2048 }, { "1G", 1048576 } };

const struct hugepages_size *hugepages_size(const char *name)
{
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
                if (text_equals(sizes[i].name, name))
                        return &sizes[i];
        return NULL;
}

int hugepages_node(const char *name, int *node)
{
        uint64_t number;

        if (!text_starts(name, "node") || !name[4] || (name[4] == '0' && name[5]) ||
            strspn(name + 4, "0123456789") != strlen(name + 4))
                return -EINVAL;
        if (text_u64(name + 4, 10, &number) < 0 || number >= TOPOLOGY_NODES_MAX)
                return -EINVAL;
        *node = (int)number;
        return 0;
}

const char *hugepages_folder(struct pool *pool, const struct hugepages_size *size, int node)
{
        if (node == HUGEPAGES_WHOLE_HOST)
                return pool_format(pool, "/sys/kernel/mm/hugepages/hugepages-%ukB", size->kib);
        return pool_format(pool, "/sys/devices/system/node/node%d/hugepages/hugepages-%ukB", node, size->kib);
}

struct step *hugepages_tell(struct hugepages_round *round, const struct setting *setting, enum status status,
                            const char *target, const char *note)
{
        struct step *step = plan_note(round->plan, setting, status, LAYER_RUNNING, target, NULL,
                                      setting->held ? NULL : setting->text, "%s", note);

        step->fix = "correct the profile for this host";
        return step;
}

void hugepages_tell_absent(struct hugepages_round *round, const struct setting *setting, const char *target, const char *note)
{
        hugepages_tell(round, setting, setting->absent_ok ? STATUS_NOT_APPLICABLE : STATUS_UNSUPPORTED, target, note)->now =
                "absent";
}

static void add_demand(struct hugepages_round *round, const struct setting *setting, int node, uint64_t pages)
{
        round->demands = pool_grow(round->plan->pool, round->demands, round->count, sizeof *round->demands);
        round->demands[round->count++] = (struct hugepages_demand){ setting, hugepages_size(setting->keys[0]), node, pages };
}

/* A total is spread evenly over the nodes that have memory, so that the kernel does not choose: where a node has no room it
 * would quietly take the pages from another (admin-guide/mm/hugetlbpage.rst). */
static void spread(struct hugepages_round *round, const struct setting *setting, const struct hugepages_size *size,
                   uint64_t pages)
{
        const struct topology *topology = round->settings->topology;
        uint64_t nodes = 0, place = 0;
        bool pools = false;

        for (size_t i = 0; topology && round->by_node && i < topology->node_count; i++) {
                nodes += topology->nodes[i].memory != 0;
                pools |=
                        host_exists(round->host, "%s", hugepages_folder(round->plan->pool, size, (int)topology->nodes[i].node));
        }
        if (!pools) {
                add_demand(round, setting, HUGEPAGES_WHOLE_HOST, pages);
                return;
        }
        for (size_t i = 0; i < topology->node_count; i++) {
                int node = (int)topology->nodes[i].node;

                if (topology->nodes[i].memory == 0)
                        continue;
                add_demand(round, setting, node, pages / nodes + (place++ < pages % nodes));
        }
}

static const char *node_names(struct hugepages_round *round)
{
        const struct topology *topology = round->settings->topology;
        autobuffer struct text_buffer names = { 0 };

        for (size_t i = 0; i < topology->node_count && names.size < NODES_SHOWN; i++)
                text_addf(&names, "%snode%u", i ? ", " : "", topology->nodes[i].node);
        return pool_dup(round->plan->pool, names.at ? names.at : "none");
}

static void ask_node(struct hugepages_round *round, const struct setting *setting, uint64_t pages)
{
        const struct topology *topology = round->settings->topology;
        struct pool *pool = round->plan->pool;
        const char *target = pool_format(pool, "/sys/devices/system/node/%s", setting->keys[1]);
        int node;

        if (hugepages_node(setting->keys[1], &node) < 0) {
                hugepages_tell(round, setting, STATUS_UNSUPPORTED, target, "a node was expected, such as node0");
                return;
        }
        if (topology && !topology->numa_sane) {
                hugepages_tell(round, setting, STATUS_UNSUPPORTED, target,
                               pool_format(pool, "the NUMA nodes of this host cannot be believed (%s): ask for a total",
                                           topology->numa_problem));
                return;
        }
        if (!round->by_node && node == 0) {
                add_demand(round, setting, HUGEPAGES_WHOLE_HOST, pages);
                return;
        }
        for (size_t i = 0; topology && i < topology->node_count; i++) {
                if (topology->nodes[i].node != (unsigned)node)
                        continue;
                if (topology->nodes[i].memory == 0 && pages)
                        hugepages_tell(round, setting, STATUS_UNSUPPORTED, target, "this node has no memory");
                else
                        add_demand(round, setting, node, pages);
                return;
        }
        hugepages_tell_absent(round, setting, target,
                              topology ? pool_format(pool, "this host has no such node; it has %s", node_names(round))
                                       : "this host has no NUMA nodes");
}

/* Is the size asked for both as a total and by node? Inheritance can bring the two together. */
static bool asked_twice(const struct hugepages_round *round, const struct setting *setting)
{
        for (size_t i = 0; i < round->settings->count; i++)
                if (!setting->keys[1] && round->settings->rows[i].keys[1] &&
                    text_equals(round->settings->rows[i].keys[0], setting->keys[0]))
                        return true;
        return false;
}

static void collect(struct hugepages_round *round, const struct setting *setting)
{
        struct pool *pool = round->plan->pool;
        const struct hugepages_size *size = hugepages_size(setting->keys[0]);
        const char *target = size ? hugepages_folder(pool, size, HUGEPAGES_WHOLE_HOST) : setting->keys[0];
        uint64_t pages;

        if (setting->held)
                hugepages_tell(round, setting, STATUS_UNSUPPORTED, target, setting->held);
        else if (!size)
                hugepages_tell(round, setting, STATUS_UNSUPPORTED, target, "a page size was expected: 2M or 1G");
        else if (!setting->want.count || setting->want.values[0].number < 0)
                hugepages_tell(round, setting, STATUS_UNSUPPORTED, target, "a count of pages was expected");
        else if (asked_twice(round, setting))
                hugepages_tell(round, setting, STATUS_UNSUPPORTED, target,
                               "the profile asks for this size by node too, so the total is left out");
        else {
                pages = (uint64_t)setting->want.values[0].number;
                if (setting->keys[1])
                        ask_node(round, setting, pages);
                else
                        spread(round, setting, size, pages);
        }
}

void hugepages_collect(struct hugepages_round *round)
{
        const struct topology *topology = round->settings->topology;

        for (size_t i = 0; topology && topology->numa_sane && i < topology->node_count; i++)
                round->by_node |= topology->nodes[i].memory != 0 &&
                                  host_exists(round->host, "/sys/devices/system/node/node%u", topology->nodes[i].node);
        for (size_t i = 0; i < round->settings->count; i++)
                collect(round, &round->settings->rows[i]);
}

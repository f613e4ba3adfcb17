/* The network cards and disks of the drawing, and where each queue's interrupt is handled. */

#include "agent/core/host.h"
#include "agent/core/irq_list.h"
#include "agent/core/pool.h"
#include "agent/report_html_machine.h"

#include <errno.h>
#include <string.h>

/* More than most boxes have; of a thousand virtual functions the drawing shows so many, of disks so many more. */
#define NICS_MAX     64U
#define DISKS_MAX    64U
#define LANDINGS_MAX 512U

static struct device *add_device(struct scene *scene, const char *name, int node, bool is_nic)
{
        scene->devices = pool_grow(scene->html->pool, scene->devices, scene->device_count, sizeof *scene->devices);
        scene->devices[scene->device_count] = (struct device){
                .name = name, .about = "", .node = scene->topology->numa_sane ? node : NODE_UNKNOWN, .is_nic = is_nic
        };
        return &scene->devices[scene->device_count++];
}

static const struct fact *find(const struct scene *scene, const char *kind, const char *name, const char *what)
{
        return fact_find(scene->html->report->facts, pool_format(scene->html->pool, "%s.%s.%s", kind, name, what));
}

static const char *shown(const struct scene *scene, const struct fact *fact)
{
        return fact && fact->status == FACT_KNOWN ? value_show(scene->html->pool, &fact->value) : NULL;
}

static const char *about_nic(const struct scene *scene, const char *name)
{
        const struct fact *link = find(scene, "nic", name, "link");
        const char *speed = shown(scene, find(scene, "nic", name, "speed"));

        if (link && link->status == FACT_KNOWN && !link->value.flag)
                return "link down";
        return speed ? speed : "speed unknown";
}

static void read_facts(struct scene *scene, const char *kind)
{
        const struct facts *facts = scene->html->report->facts;
        struct pool *pool = scene->html->pool;
        const char *pattern = pool_format(pool, "%s.*.node", kind);
        bool is_nic = text_equals(kind, "nic");

        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                size_t start = strlen(kind) + 1;
                struct device *device;
                const char *name, *size;
                int node = NODE_UNKNOWN;

                if (!text_matches(fact->name, pattern))
                        continue;
                name = pool_copy(pool, fact->name + start, strlen(fact->name) - start - strlen(".node"));
                if (fact->status == FACT_KNOWN && fact->value.number >= 0 && fact->value.number < TOPOLOGY_NODES_MAX)
                        node = (int)fact->value.number;
                device = add_device(scene, name, node, is_nic);
                size = shown(scene, find(scene, kind, name, "size"));
                device->about = is_nic ? about_nic(scene, name) : size ? size : "size unknown";
        }
}

static struct device *device_of(struct scene *scene, const char *name)
{
        for (size_t i = 0; i < scene->device_count; i++)
                if (scene->devices[i].is_nic && text_equals(scene->devices[i].name, name))
                        return &scene->devices[i];
        return NULL;
}

/* The CPU that the kernel chose, as it says since 4.15; before that the one that is allowed, if it is one. */
static int read_place(struct scene *scene, unsigned number, struct cpus *set)
{
        struct host *host = scene->html->report->session->host;
        int r;

        r = host_cpus(host, set, "/proc/irq/%u/effective_affinity_list", number);
        if (r >= 0 && !cpus_empty(set))
                return 0;
        r = host_cpus(host, set, "/proc/irq/%u/smp_affinity_list", number);
        return r >= 0 && cpus_empty(set) ? -ENODATA : r;
}

/* What is offline handles nothing. */
static void judge_distance(const struct scene *scene, const struct device *device, const struct cpus *set,
                           struct landing *landing)
{
        struct cpus online = *set;
        unsigned here = 0, away = 0, all;

        cpus_intersect(&online, &scene->topology->online);
        if (cpus_empty(&online))
                online = *set;
        all = cpus_count(&online);
        for (unsigned cpu = cpus_next(&online, 0); cpu != CPUS_END; cpu = cpus_next(&online, cpu + 1)) {
                int node = topology_node_of(scene->topology, cpu);

                here += node >= 0 && node == device->node;
                away += node >= 0 && node != device->node;
        }
        landing->near = device->node >= 0 && here == all;
        landing->far = device->node >= 0 && away == all;
}

static void add_landing(struct scene *scene, struct device *device, const struct irq *irq)
{
        struct pool *pool = scene->html->pool;
        struct landing landing = { .queue = irq->queue, .number = irq->number, .cpu = -1 };
        struct cpus set;
        int r;

        r = read_place(scene, irq->number, &set);
        if (r < 0) {
                landing.unknown = error_words(r);
        } else if (cpus_count(&set) > 1) {
                landing.allowed = pool_copy(pool, &set, sizeof set);
                judge_distance(scene, device, &set, &landing);
        } else {
                landing.cpu = (int)cpus_next(&set, 0);
                judge_distance(scene, device, &set, &landing);
                landing.isolated = cpus_has(&scene->roles[ROLE_ISOLATED], (unsigned)landing.cpu) ||
                                   cpus_has(&scene->roles[ROLE_STRAY], (unsigned)landing.cpu);
        }
        device->far += landing.far;
        device->landings = pool_grow(pool, device->landings, device->landing_count, sizeof landing);
        device->landings[device->landing_count++] = landing;
}

/* Where there are too many cards to draw, those are drawn that somebody has to look at. */
static void choose_drawn(struct scene *scene)
{
        struct device *sorted = pool_zero(scene->html->pool, (scene->device_count + 1) * sizeof *sorted);
        autofree bool *drawn = memory_zero(scene->device_count + 1);
        size_t nics = 0, disks = 0, at = 0;

        for (unsigned far = 2; far-- > 0;)
                for (size_t i = 0; i < scene->device_count; i++) {
                        const struct device *device = &scene->devices[i];

                        if ((device->far > 0) == (far > 0))
                                drawn[i] = device->is_nic ? nics++ < NICS_MAX : disks++ < DISKS_MAX;
                }
        for (unsigned pass = 0; pass < 2; pass++) {
                for (size_t i = 0; i < scene->device_count; i++)
                        if (drawn[i] == (pass == 0))
                                sorted[at++] = scene->devices[i];
                if (pass == 0)
                        scene->drawn_count = at;
        }
        scene->devices = sorted;
}

void scene_read_devices(struct scene *scene)
{
        struct irq_list list;
        int r;

        read_facts(scene, "nic");
        read_facts(scene, "nvme");
        r = irq_list_read(scene->html->report->session->host, scene->html->pool, &list);
        if (r < 0)
                scene->irq_problem = error_words(r);
        for (size_t i = 0; r >= 0 && i < list.count; i++) {
                struct device *device = list.rows[i].is_queue ? device_of(scene, list.rows[i].nic->name) : NULL;

                if (device && device->landing_count < LANDINGS_MAX)
                        add_landing(scene, device, &list.rows[i]);
        }
        choose_drawn(scene);
}

/* What there is to draw of a machine: its sockets, nodes and CPUs, and what each CPU is for. */

#include "agent/report_html_machine.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <stdlib.h>

enum role scene_role(const struct scene *scene, unsigned cpu)
{
        unsigned role = 0;

        while (role < ROLES - 1 && !cpus_has(&scene->roles[role], cpu))
                role++;
        return role;
}

static enum role role_of(const struct scene *scene, const struct partition *partition, const struct cpus *isolated,
                         unsigned cpu)
{
        if (!cpus_has(&scene->topology->online, cpu))
                return ROLE_OFFLINE;
        if (!scene->isolated_known)
                return ROLE_UNKNOWN;
        if (cpus_has(isolated, cpu))
                return partition && !cpus_has(&partition->isolated, cpu) ? ROLE_STRAY : ROLE_ISOLATED;
        if (!partition)
                return ROLE_PLAIN;
        return cpus_has(&partition->isolated, cpu) ? ROLE_NOT_YET : ROLE_HOUSEKEEPING;
}

static void share_out(struct scene *scene, const struct partition *partition)
{
        const struct fact *fact = fact_find(scene->html->report->facts, "cpu.isolated");
        struct cpus isolated = { 0 };

        if (partition && !partition->valid) {
                scene->partition_problem = partition->problem;
                partition = NULL;
        }
        scene->isolated_known = fact && fact->status != FACT_UNREADABLE;
        if (fact && fact->status == FACT_KNOWN)
                isolated = *fact->value.cpus;
        for (size_t i = 0; i < scene->topology->count; i++) {
                unsigned cpu = scene->topology->cpus[i].cpu;

                cpus_add(&scene->roles[role_of(scene, partition, &isolated, cpu)], cpu);
        }
}

static struct group *group_at(struct scene *scene, int package, int node)
{
        for (size_t i = 0; i < scene->group_count; i++)
                if (scene->groups[i].package == package && scene->groups[i].node == node)
                        return &scene->groups[i];
        scene->groups = pool_grow(scene->html->pool, scene->groups, scene->group_count, sizeof *scene->groups);
        scene->groups[scene->group_count] = (struct group){ .package = package, .node = node };
        return &scene->groups[scene->group_count++];
}

/* Unknown is last. */
static int by_place(const void *a, const void *b)
{
        const struct group *left = a, *right = b;
        unsigned l = (unsigned)left->package, r = (unsigned)right->package;

        if (l == r) {
                l = (unsigned)left->node;
                r = (unsigned)right->node;
        }
        return l < r ? -1 : l > r;
}

static void count_cores(const struct scene *scene, struct group *group)
{
        for (unsigned cpu = cpus_next(&group->cpus, 0); cpu != CPUS_END; cpu = cpus_next(&group->cpus, cpu + 1)) {
                struct cpus siblings = { 0 };

                topology_siblings(scene->topology, cpu, &siblings);
                cpus_intersect(&siblings, &group->cpus);
                if (cpus_empty(&siblings))
                        cpus_add(&siblings, cpu);
                if (cpus_next(&siblings, 0) == cpu)
                        group->cores++;
                if (cpus_count(&siblings) > group->threads)
                        group->threads = cpus_count(&siblings);
        }
}

static void read_groups(struct scene *scene)
{
        const struct topology *topology = scene->topology;

        for (size_t i = 0; i < topology->count; i++) {
                const struct topology_cpu *row = &topology->cpus[i];

                cpus_add(&group_at(scene, row->package, topology->numa_sane ? row->node : NODE_UNKNOWN)->cpus, row->cpu);
        }
        for (size_t i = 0; topology->numa_sane && i < topology->node_count; i++)
                if (cpus_empty(&topology->nodes[i].cpus))
                        group_at(scene, -1, (int)topology->nodes[i].node);
        for (size_t i = 0; i < scene->group_count; i++)
                count_cores(scene, &scene->groups[i]);
}

/* A device of a node that spreads over sockets is drawn in the first of them. */
static void place_devices(struct scene *scene)
{
        for (size_t i = 0; i < scene->drawn_count; i++)
                group_at(scene, -1, scene->devices[i].node);
        qsort(scene->groups, scene->group_count, sizeof *scene->groups, by_place);
        for (size_t i = 0; i < scene->drawn_count; i++) {
                struct device *device = &scene->devices[i];

                while (scene->groups[device->group].node != device->node ||
                       (device->node == NODE_UNKNOWN && scene->groups[device->group].package >= 0))
                        device->group++;
                scene->groups[device->group].devices++;
        }
}

/* A place that was made for a device which found a better one. */
static void drop_empty(struct scene *scene)
{
        size_t kept = 0;

        for (size_t i = 0; i < scene->group_count; i++) {
                struct group *group = &scene->groups[i];
                bool known = false;

                for (size_t j = 0; j < scene->topology->node_count; j++)
                        known = known || (group->node >= 0 && scene->topology->nodes[j].node == (unsigned)group->node &&
                                          cpus_empty(&scene->topology->nodes[j].cpus));
                if (cpus_empty(&group->cpus) && !group->devices && !known)
                        continue;
                for (size_t j = 0; j < scene->drawn_count; j++)
                        if (scene->devices[j].group == i)
                                scene->devices[j].group = kept;
                scene->groups[kept++] = *group;
        }
        scene->group_count = kept;
}

int scene_read(const struct html *html, struct scene *scene)
{
        const struct session *session = html->report->session;
        const struct partition *partition = NULL;

        *scene = (struct scene){ .html = html };
        if (!session->host)
                return -ENOENT;
        profile_partition(session->profile, session->host, html->pool, &scene->topology, &partition);
        if (!scene->topology || !scene->topology->count)
                return -ENOENT;
        share_out(scene, partition);
        read_groups(scene);
        scene_read_devices(scene);
        place_devices(scene);
        drop_empty(scene);
        scene_arrange(scene);
        return 0;
}

/* Where each box of the drawing stands. */

#include "agent/core/pool.h"
#include "agent/report_html_machine.h"

#define WIDE       1140U
#define NARROW     600U
#define PAD        12U
#define TITLE      24U
#define GAP        8U
#define NAME_WIDTH 110U

/* A box of few cores needs no wide sheet, and is read on a narrow one. Two nodes of a socket stand side by side. */
static unsigned sheet_width(const struct scene *scene)
{
        for (size_t i = 0; i < scene->group_count; i++)
                if (scene->groups[i].cores * scene->groups[i].threads > 32 ||
                    (i > 0 && scene->groups[i].package >= 0 && scene->groups[i].package == scene->groups[i - 1].package))
                        return WIDE;
        return NARROW;
}

static unsigned core_width(const struct group *group)
{
        return group->threads * CELL_WIDTH + 6;
}

static unsigned per_row(unsigned width, unsigned one)
{
        unsigned fit = (width - 2 * PAD + GAP) / (one + GAP);

        return fit ? fit : 1;
}

static unsigned rows_of(unsigned count, unsigned fit)
{
        return (count + fit - 1) / fit;
}

unsigned scene_bundle(const struct device *device, const struct group *group)
{
        unsigned count = 0;

        for (size_t i = 0; i < device->landing_count; i++) {
                const struct landing *landing = &device->landings[i];
                struct cpus meet = group->cpus;

                if (!landing->far || (landing->cpu >= 0 && device->landing_count <= WIRES_MAX))
                        continue;
                if (landing->cpu < 0)
                        cpus_intersect(&meet, landing->allowed);
                count += landing->cpu < 0 ? !cpus_empty(&meet) : cpus_has(&group->cpus, (unsigned)landing->cpu);
        }
        return count;
}

unsigned scene_labels_abreast(const struct group *group)
{
        unsigned room = group->width > NAME_WIDTH + PAD ? group->width - NAME_WIDTH - PAD : 0;

        return room > LABEL_WIDTH ? room / LABEL_WIDTH : 1;
}

/* The name of the group, and the labels behind it: as many rows as they need. */
static unsigned head_height(const struct group *group)
{
        unsigned rows = rows_of(group->bundles, scene_labels_abreast(group));

        return TITLE + (rows > 1 ? (rows - 1) * LABEL_HEIGHT : 0);
}

static size_t cpu_index(const struct topology *topology, unsigned cpu)
{
        size_t i = 0;

        while (i + 1 < topology->count && topology->cpus[i].cpu != cpu)
                i++;
        return i;
}

static void place_cores(struct scene *scene, const struct group *group)
{
        unsigned fit = per_row(group->width, core_width(group)), core = 0;

        for (unsigned cpu = cpus_next(&group->cpus, 0); cpu != CPUS_END; cpu = cpus_next(&group->cpus, cpu + 1)) {
                unsigned x = group->x + PAD + core % fit * (core_width(group) + GAP);
                unsigned y = group->y + head_height(group) + core / fit * (CELL_HEIGHT + 6 + GAP);
                struct cpus siblings = { 0 };
                unsigned thread = 0;

                if (scene->spots[cpu_index(scene->topology, cpu)].placed)
                        continue;
                topology_siblings(scene->topology, cpu, &siblings);
                cpus_intersect(&siblings, &group->cpus);
                cpus_add(&siblings, cpu);
                for (unsigned one = cpus_next(&siblings, 0); one != CPUS_END; one = cpus_next(&siblings, one + 1))
                        scene->spots[cpu_index(scene->topology, one)] =
                                (struct spot){ x + 3 + thread++ * CELL_WIDTH, y + 3, true };
                core++;
        }
}

static unsigned cores_height(const struct group *group)
{
        return group->cores ? rows_of(group->cores, per_row(group->width, core_width(group))) * (CELL_HEIGHT + 6 + GAP) : 0;
}

/* Devices stand below the cores with some room between, so that a wire to a core above it is seen. */
static void place_devices(struct scene *scene, size_t at)
{
        const struct group *group = &scene->groups[at];
        unsigned fit = per_row(group->width, DEVICE_WIDTH), seen = 0;

        for (size_t i = 0; i < scene->drawn_count; i++) {
                struct device *device = &scene->devices[i];

                if (device->group != at)
                        continue;
                device->x = group->x + PAD + seen % fit * (DEVICE_WIDTH + GAP);
                device->y = group->y + head_height(group) + cores_height(group) + (group->cores ? 2 * PAD : 0) +
                            seen / fit * (DEVICE_HEIGHT + GAP);
                seen++;
        }
}

static unsigned group_height(const struct group *group)
{
        unsigned height = head_height(group) + cores_height(group) + PAD / 2;

        if (group->devices)
                height += (group->cores ? 2 * PAD : 0) +
                          rows_of(group->devices, per_row(group->width, DEVICE_WIDTH)) * (DEVICE_HEIGHT + GAP);
        return height;
}

/* The groups of one socket, two abreast; returns where the next socket begins. */
static unsigned arrange_socket(struct scene *scene, size_t first, size_t count, unsigned top)
{
        unsigned abreast = count > 1 ? 2 : 1;
        unsigned width = (scene->width - 2 * PAD - (abreast - 1) * PAD) / abreast, y = top + TITLE, tall = 0;

        for (size_t i = 0; i < count; i++) {
                struct group *group = &scene->groups[first + i];

                if (i && i % abreast == 0) {
                        y += tall + GAP;
                        tall = 0;
                }
                group->width = width;
                group->x = PAD + (unsigned)(i % abreast) * (width + PAD);
                group->y = y;
                group->height = group_height(group);
                tall = group->height > tall ? group->height : tall;
        }
        return y + tall + PAD;
}

void scene_arrange(struct scene *scene)
{
        unsigned y = 2;

        scene->spots = pool_zero(scene->html->pool, scene->topology->count * sizeof *scene->spots);
        scene->width = sheet_width(scene);
        for (size_t i = 0; i < scene->group_count; i++)
                for (size_t j = 0; j < scene->drawn_count; j++)
                        scene->groups[i].bundles += scene_bundle(&scene->devices[j], &scene->groups[i]) > 0;
        for (size_t i = 0, next; i < scene->group_count; i = next) {
                for (next = i + 1; next < scene->group_count && scene->groups[next].package == scene->groups[i].package;)
                        next++;
                y = arrange_socket(scene, i, next - i, y) + GAP;
        }
        scene->height = y;
        for (size_t i = 0; i < scene->group_count; i++) {
                place_cores(scene, &scene->groups[i]);
                place_devices(scene, i);
        }
}

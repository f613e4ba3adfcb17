/* The wires of the drawing: from each network card to the CPUs that handle its queues. */

#include "agent/core/pool.h"
#include "agent/report_html_machine.h"

/* A card of more queues would hide the machine behind its wires: its near ones are marks alone, its far ones one wire for each node. */
#define WIRES_MAX 8U

static const struct spot *spot_of(const struct scene *scene, const struct landing *landing)
{
        for (size_t i = 0; landing->cpu >= 0 && i < scene->topology->count; i++)
                if (scene->topology->cpus[i].cpu == (unsigned)landing->cpu)
                        return scene->spots[i].placed ? &scene->spots[i] : NULL;
        return NULL;
}

static void add_wire(const struct scene *scene, bool far, unsigned x, unsigned y, unsigned to_x, unsigned to_y)
{
        text_addf(scene->html->out, "<path class=\"w%s\" d=\"M%u %uC%u %u %u %u %u %u\"/>\n", far ? " far" : "", x, y, x,
                  y > 40 ? y - 40 : 0, to_x, to_y + 40, to_x, to_y);
}

/* Side by side at the card. */
static void add_single(const struct scene *scene, const struct device *device, bool far)
{
        unsigned step = device->landing_count > 1 ? (DEVICE_WIDTH - 20) / (unsigned)(device->landing_count - 1) : 0;

        for (size_t i = 0; i < device->landing_count; i++) {
                const struct spot *spot = spot_of(scene, &device->landings[i]);

                if (spot && device->landings[i].far == far)
                        add_wire(scene, far, device->x + 10 + step * (unsigned)i, device->y, spot->x + CELL_WIDTH / 2 - 1,
                                 spot->y + CELL_HEIGHT);
        }
}

static void add_bundles(struct scene *scene, const struct device *device)
{
        for (size_t i = 0; i < scene->group_count; i++) {
                struct group *group = &scene->groups[i];
                unsigned count = 0, x = group->x + group->width - 12 - 190 * group->bundles, y = group->y + 17;

                for (size_t j = 0; j < device->landing_count; j++)
                        count += device->landings[j].far && cpus_has(&group->cpus, (unsigned)device->landings[j].cpu);
                if (!count)
                        continue;
                group->bundles++;
                add_wire(scene, true, device->x + DEVICE_WIDTH / 2, device->y, x - 60, y + 5);
                text_addf(scene->html->out, "<text class=\"l\" x=\"%u\" y=\"%u\">", x, y);
                html_add(scene->html, "%u queues of %s</text>\n", count, text_printable(scene->html->pool, device->name, 15));
        }
}

void scene_add_wires(struct scene *scene)
{
        for (unsigned far = 0; far < 2; far++) {
                for (size_t i = 0; i < scene->device_count; i++) {
                        const struct device *device = &scene->devices[i];

                        if (device->landing_count <= WIRES_MAX)
                                add_single(scene, device, far);
                        else if (far)
                                add_bundles(scene, device);
                }
        }
}

/* A far one is a square and a near one a dot. */
void scene_add_marks(const struct scene *scene)
{
        struct text_buffer *out = scene->html->out;

        for (unsigned far = 0; far < 2; far++) {
                for (size_t i = 0; i < scene->device_count; i++) {
                        const struct device *device = &scene->devices[i];

                        for (size_t j = 0; j < device->landing_count; j++) {
                                const struct spot *spot = spot_of(scene, &device->landings[j]);

                                if (!spot || device->landings[j].far != far)
                                        continue;
                                if (far)
                                        text_addf(out, "<rect class=\"e far\" x=\"%u\" y=\"%u\" width=\"9\" height=\"9\"/>\n",
                                                  spot->x + CELL_WIDTH / 2 - 5, spot->y + CELL_HEIGHT - 3);
                                else
                                        text_addf(out, "<circle class=\"e\" cx=\"%u\" cy=\"%u\" r=\"3\"/>\n",
                                                  spot->x + CELL_WIDTH / 2 - 1, spot->y + CELL_HEIGHT);
                        }
                }
        }
}

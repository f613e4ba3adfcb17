/* The wires of the drawing: from each network card to the CPUs that handle its queues. */

#include "agent/report_html_machine.h"

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

/* Where the n-th label of a group is; a wire comes up to its left side, between the columns. */
static struct spot label_spot(const struct group *group, unsigned number)
{
        unsigned abreast = scene_labels_abreast(group), column = number % abreast;
        unsigned right = group->x + group->width, width = LABEL_WIDTH * (abreast - column);

        return (struct spot){ right > group->x + width ? right - width : group->x,
                              group->y + 8 + number / abreast * LABEL_HEIGHT, true };
}

static void add_label(const struct scene *scene, const struct device *device, unsigned count, struct spot spot)
{
        text_addf(scene->html->out,
                  "<rect class=\"l\" x=\"%u\" y=\"%u\" width=\"9\" height=\"9\"/><text class=\"l\" x=\"%u\" "
                  "y=\"%u\">",
                  spot.x, spot.y, spot.x + 14, spot.y + 9);
        html_add(scene->html, "%u queue%s of %s</text>\n", count, count == 1 ? "" : "s",
                 text_printable(scene->html->pool, device->name, 15));
}

/* Labels are written above all wires. */
static void add_bundles(const struct scene *scene, bool labels)
{
        for (size_t i = 0; i < scene->group_count; i++) {
                const struct group *group = &scene->groups[i];
                unsigned number = 0;

                for (size_t j = 0; j < scene->drawn_count; j++) {
                        const struct device *device = &scene->devices[j];
                        unsigned count = scene_bundle(device, group);
                        struct spot spot = label_spot(group, number);

                        if (!count)
                                continue;
                        number++;
                        if (labels)
                                add_label(scene, device, count, spot);
                        else
                                add_wire(scene, true, device->x + DEVICE_WIDTH / 2, device->y, spot.x + 4, spot.y + 9);
                }
        }
}

void scene_add_wires(const struct scene *scene)
{
        for (unsigned far = 0; far < 2; far++)
                for (size_t i = 0; i < scene->drawn_count; i++)
                        if (scene->devices[i].landing_count <= WIRES_MAX)
                                add_single(scene, &scene->devices[i], far);
        add_bundles(scene, false);
        add_bundles(scene, true);
}

/* A far one is a square and a near one a dot. */
void scene_add_marks(const struct scene *scene)
{
        struct text_buffer *out = scene->html->out;

        for (unsigned far = 0; far < 2; far++) {
                for (size_t i = 0; i < scene->drawn_count; i++) {
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

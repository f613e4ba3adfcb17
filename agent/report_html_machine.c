/* The machine, drawn: each CPU in its core, node and socket, what it is for, and a wire from each card to where its interrupts land. */

#include "agent/report_html_machine.h"

#include "agent/core/pool.h"

/* Beyond this the drawing would be too big to be looked at, and the page too big to be sent. */
#define DRAWN_MAX 1024U

/* Shape, border, filling and a mark: none of them is told apart by its colour alone. */
static const struct {
        const char *class, *name, *mark;
} roles[ROLES] = {
        [ROLE_HOUSEKEEPING] = { "h", "housekeeping", "" },
        [ROLE_ISOLATED] = { "i", "isolated", "" },
        [ROLE_NOT_YET] = { "n", "to be isolated, and is not", "!" },
        [ROLE_STRAY] = { "y", "isolated, and should be housekeeping", "!" },
        [ROLE_PLAIN] = { "p", "not isolated", "" },
        [ROLE_UNKNOWN] = { "u", "online; whether it is isolated is not known", "?" },
        [ROLE_OFFLINE] = { "o", "offline", "" },
};

static void add_cell(const struct scene *scene, enum role role, unsigned x, unsigned y, const char *label)
{
        struct text_buffer *out = scene->html->out;
        unsigned width = CELL_WIDTH - 3, height = CELL_HEIGHT;

        text_addf(out, "<rect class=\"c %s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"%u\"/>", roles[role].class, x, y,
                  width, height, role == ROLE_HOUSEKEEPING ? 11U : 1U);
        if (role == ROLE_OFFLINE)
                text_addf(out, "<path class=\"x\" d=\"M%u %ul%u -%u\"/>", x, y + height, width, height);
        text_addf(out, "<text class=\"n\" x=\"%u\" y=\"%u\">%s%s</text>", x + width / 2, y + 15, label, roles[role].mark);
}

static const char *place_words(const struct scene *scene, const struct group *group)
{
        struct pool *pool = scene->html->pool;

        if (group->node >= 0 && cpus_empty(&group->cpus) && group->package < 0)
                return pool_format(pool, "node %d, no CPUs", group->node);
        if (group->node >= 0)
                return pool_format(pool, "node %d", group->node);
        if (cpus_empty(&group->cpus))
                return "devices of no known node";
        return scene->topology->numa_sane ? "no node known" : "nodes not believed";
}

static void add_group(const struct scene *scene, const struct group *group)
{
        struct text_buffer *out = scene->html->out;

        text_addf(out,
                  "<rect class=\"g\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"6\"/><text class=\"t\" x=\"%u\" "
                  "y=\"%u\">%s</text>\n",
                  group->x, group->y, group->width, group->height, group->x + 12, group->y + 17, place_words(scene, group));
}

static void add_sockets(const struct scene *scene)
{
        struct text_buffer *out = scene->html->out;

        for (size_t i = 0, next; i < scene->group_count; i = next) {
                const struct group *first = &scene->groups[i];
                unsigned bottom = 0;

                for (next = i; next < scene->group_count && scene->groups[next].package == first->package; next++)
                        if (scene->groups[next].y + scene->groups[next].height > bottom)
                                bottom = scene->groups[next].y + scene->groups[next].height;
                text_addf(out,
                          "<rect class=\"s\" x=\"2\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"8\"/><text class=\"t b\" "
                          "x=\"14\" y=\"%u\">",
                          first->y - 24, scene->width - 4, bottom - first->y + 24 + 10, first->y - 7);
                if (first->package >= 0)
                        text_addf(out, "socket %d</text>\n", first->package);
                else
                        text_add(out, "of no known socket</text>\n");
        }
        for (size_t i = 0; i < scene->group_count; i++)
                add_group(scene, &scene->groups[i]);
}

/* A frame around the threads of each core, drawn once, at its first thread. */
static void add_cores(const struct scene *scene)
{
        const struct topology *topology = scene->topology;
        struct text_buffer *out = scene->html->out;

        for (size_t i = 0; i < topology->count; i++) {
                struct cpus siblings = { 0 };

                topology_siblings(topology, topology->cpus[i].cpu, &siblings);
                if (scene->spots[i].placed && (cpus_empty(&siblings) || cpus_next(&siblings, 0) == topology->cpus[i].cpu))
                        text_addf(out, "<rect class=\"k\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"4\"/>",
                                  scene->spots[i].x - 3, scene->spots[i].y - 3,
                                  (cpus_empty(&siblings) ? 1 : cpus_count(&siblings)) * CELL_WIDTH + 4, CELL_HEIGHT + 6);
        }
        for (size_t i = 0; i < topology->count; i++) {
                unsigned cpu = topology->cpus[i].cpu;
                enum role role = scene_role(scene, cpu);

                if (!scene->spots[i].placed)
                        continue;
                text_addf(out, "<g><title>CPU %u: %s</title>", cpu, roles[role].name);
                add_cell(scene, role, scene->spots[i].x, scene->spots[i].y, pool_format(scene->html->pool, "%u", cpu));
                text_add(out, "</g>\n");
        }
}

static void add_device(const struct scene *scene, const struct device *device)
{
        struct pool *pool = scene->html->pool;
        struct text_buffer *out = scene->html->out;
        const char *about = device->about;

        if (device->landing_count)
                about = pool_format(pool, "%s, %zu queue%s", about, device->landing_count,
                                    device->landing_count == 1 ? "" : "s");
        text_addf(out, "<rect class=\"%s%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"%u\"/>",
                  device->is_nic ? "v" : "d", device->far ? " far" : "", device->x, device->y, DEVICE_WIDTH, DEVICE_HEIGHT,
                  device->is_nic ? 2U : 14U);
        text_addf(out, "<text class=\"t b\" x=\"%u\" y=\"%u\">", device->x + 10, device->y + 17);
        html_add(scene->html, "%s%s</text>", device->is_nic ? "NIC " : "disk ", text_printable(pool, device->name, 15));
        text_addf(out, "<text class=\"t\" x=\"%u\" y=\"%u\">", device->x + 10, device->y + 33);
        html_add(scene->html, "%s</text>\n", text_printable(pool, about, 24));
}

static void add_drawing(struct scene *scene)
{
        struct text_buffer *out = scene->html->out;

        text_addf(out,
                  "<div class=\"sheet\" tabindex=\"0\" role=\"region\" aria-label=\"Drawing of the machine\"><svg class=\"%s\" "
                  "role=\"img\" "
                  "aria-labelledby=\"drawn drawn-more\" viewBox=\"0 0 %u %u\"><title id=\"drawn\">The machine: %u socket%s, %u "
                  "core%s, %u "
                  "CPUs</title><desc id=\"drawn-more\">The same stands in the tables below the drawing.</desc>",
                  scene->width > 700 ? "wide" : "narrow", scene->width, scene->height, scene->topology->sockets,
                  scene->topology->sockets == 1 ? "" : "s", scene->topology->cores, scene->topology->cores == 1 ? "" : "s",
                  cpus_count(&scene->topology->present));
        text_add(out, "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect class=\"ha\" "
                      "width=\"6\" "
                      "height=\"6\"/><path class=\"hb\" d=\"M0 6L6 0\"/></pattern></defs>\n");
        add_sockets(scene);
        scene_add_wires(scene);
        add_cores(scene);
        for (size_t i = 0; i < scene->drawn_count; i++)
                add_device(scene, &scene->devices[i]);
        scene_add_marks(scene);
        text_add(out, "</svg></div>\n");
}

static void add_wire_legend(const struct scene *scene)
{
        text_add(scene->html->out,
                 "<li><svg aria-hidden=\"true\" viewBox=\"0 0 32 24\" width=\"32\" height=\"24\"><path class=\"w\" d=\"M1 "
                 "12H24\"/>"
                 "<circle class=\"e\" cx=\"26\" cy=\"12\" r=\"3\"/></svg> where a queue's interrupt is handled</li>\n"
                 "<li><svg aria-hidden=\"true\" viewBox=\"0 0 32 24\" width=\"32\" height=\"24\"><path class=\"w far\" d=\"M1 "
                 "12H24\"/>"
                 "<rect class=\"e far\" x=\"21\" y=\"7\" width=\"10\" height=\"10\"/></svg> the same, <b>on another node</b> "
                 "than the "
                 "card</li>\n");
}

static void add_legend(const struct scene *scene)
{
        struct text_buffer *out = scene->html->out;
        size_t queues = 0;

        text_add(out, "<ul class=\"legend\">\n");
        for (unsigned role = 0; role < ROLES; role++) {
                if (cpus_empty(&scene->roles[role]))
                        continue;
                text_add(out, "<li><svg aria-hidden=\"true\" viewBox=\"0 0 32 24\" width=\"32\" height=\"24\">");
                add_cell(scene, role, 1, 1, "n");
                html_add(scene->html, "</svg> <b>%s</b>: %u, CPUs %s</li>\n", roles[role].name, cpus_count(&scene->roles[role]),
                         cpus_format(scene->html->pool, &scene->roles[role]));
        }
        for (size_t i = 0; i < scene->device_count; i++)
                queues += scene->devices[i].landing_count;
        if (queues)
                add_wire_legend(scene);
        text_add(out, "</ul>\n");
}

static void add_doubts(const struct scene *scene)
{
        const struct topology *topology = scene->topology;

        if (!topology->numa_sane && topology->numa_problem)
                html_add(scene->html, "<p class=\"warn\">? Nodes are not believed: %s</p>\n", topology->numa_problem);
        if (topology->core_problem)
                html_add(scene->html, "<p class=\"warn\">? Cores: %s</p>\n", topology->core_problem);
        if (scene->partition_problem)
                html_add(scene->html, "<p class=\"warn\">? The partition of the profile does not fit: %s</p>\n",
                         scene->partition_problem);
        if (!scene->isolated_known)
                html_add(scene->html, "<p class=\"warn\">%s</p>\n", "? Which CPUs the kernel isolates is not known.");
        if (scene->irq_problem)
                html_add(scene->html, "<p class=\"warn\">? Where interrupts are handled is not known: %s</p>\n",
                         scene->irq_problem);
}

void html_add_machine(const struct html *html)
{
        struct scene scene;
        int r;

        text_add(html->out,
                 "<section id=\"machine\" aria-labelledby=\"machine-head\">\n<h2 id=\"machine-head\">The machine</h2>\n");
        r = scene_read(html, &scene);
        if (r < 0) {
                text_add(html->out, "<p class=\"warn\">? The CPUs of this host cannot be read, so there is nothing to "
                                    "draw.</p>\n</section>\n");
                return;
        }
        scene_add_far(&scene);
        scene_add_missing(&scene);
        add_doubts(&scene);
        if (scene.topology->count <= DRAWN_MAX)
                add_drawing(&scene);
        else
                text_add(html->out, "<p>Too many CPUs to be drawn.</p>\n");
        add_legend(&scene);
        scene_add_words(&scene);
        text_add(html->out, "</section>\n");
}

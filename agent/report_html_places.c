/* The drawing in words: what is far from its cores, and the machine as tables. */

#include "agent/core/irq_list.h"
#include "agent/core/pool.h"
#include "agent/report_html_machine.h"

/* Nobody reads more of them. */
#define FAR_MAX 64U

static const char *node_words(struct pool *pool, int node)
{
        return node >= 0 ? pool_format(pool, "node %d", node) : "no known node";
}

static const char *queue_words(struct pool *pool, const struct landing *landing)
{
        return landing->queue == IRQ_QUEUE_UNKNOWN ? pool_format(pool, "interrupt %u", landing->number)
                                                   : pool_format(pool, "queue %d", landing->queue);
}

/* "queues 16-31 and 2 interrupts" of the landings that are chosen; the CPUs of them are put together. */
struct far_words {
        struct cpus queues, cpus;
        unsigned unnamed;
};

static void take_in(struct far_words *words, const struct landing *landing)
{
        if (landing->queue == IRQ_QUEUE_UNKNOWN)
                words->unnamed++;
        else
                cpus_add(&words->queues, (unsigned)landing->queue);
}

static void add_queues(struct pool *pool, const struct far_words *words, struct text_buffer *list)
{
        text_add(list, list->size ? "; " : "");
        if (!cpus_empty(&words->queues))
                text_addf(list, "queue%s %s%s", cpus_count(&words->queues) == 1 ? "" : "s", cpus_format(pool, &words->queues),
                          words->unnamed ? " and " : "");
        if (words->unnamed)
                text_addf(list, "%u interrupt%s", words->unnamed, words->unnamed == 1 ? "" : "s");
}

/* "queues 16-31 on CPUs 0-15 (node 0)": those of one node. */
static void add_far_node(const struct scene *scene, const struct device *device, int node, struct text_buffer *list)
{
        struct far_words words = { 0 };
        struct pool *pool = scene->html->pool;

        for (size_t i = 0; i < device->landing_count; i++) {
                const struct landing *landing = &device->landings[i];

                if (!landing->far || landing->cpu < 0 || topology_node_of(scene->topology, (unsigned)landing->cpu) != node)
                        continue;
                cpus_add(&words.cpus, (unsigned)landing->cpu);
                take_in(&words, landing);
        }
        if (cpus_empty(&words.cpus))
                return;
        add_queues(pool, &words, list);
        text_addf(list, " on CPU%s %s (node %d)", cpus_count(&words.cpus) == 1 ? "" : "s", cpus_format(pool, &words.cpus),
                  node);
}

/* "queues 0-3 on any of CPUs 0-15": those that may go to the same CPUs, none of which is near. */
static void add_far_any(const struct scene *scene, const struct device *device, size_t first, struct text_buffer *list)
{
        const struct cpus *allowed = device->landings[first].allowed;
        struct far_words words = { 0 };

        for (size_t i = 0; i < device->landing_count; i++) {
                const struct landing *landing = &device->landings[i];

                if (!landing->far || landing->cpu >= 0 || !cpus_equal(landing->allowed, allowed))
                        continue;
                if (i < first)
                        return;
                take_in(&words, landing);
        }
        add_queues(scene->html->pool, &words, list);
        text_addf(list, " on any of CPUs %s", cpus_format(scene->html->pool, allowed));
}

static void add_far(const struct scene *scene, const struct device *device)
{
        autobuffer struct text_buffer list = { 0 };

        for (size_t i = 0; i < scene->topology->node_count; i++)
                add_far_node(scene, device, (int)scene->topology->nodes[i].node, &list);
        for (size_t i = 0; i < device->landing_count; i++)
                if (device->landings[i].far && device->landings[i].cpu < 0)
                        add_far_any(scene, device, i, &list);
        html_add(scene->html,
                 "<p class=\"bad\">&#10007; <b>%s</b> is at %s; %u of %zu queues handled on another node: %s</p>\n",
                 device->name, node_words(scene->html->pool, device->node), device->far, device->landing_count, list.at);
}

void scene_add_far(const struct scene *scene)
{
        size_t queues = 0, far = 0, placed = 0, isolated = 0, cards = 0;

        for (size_t i = 0; i < scene->device_count; i++) {
                const struct device *device = &scene->devices[i];

                queues += device->landing_count;
                for (size_t j = 0; j < device->landing_count; j++) {
                        placed += device->landings[j].near || device->landings[j].far;
                        isolated += device->landings[j].isolated;
                }
                far += device->far;
                if (device->far && cards++ < FAR_MAX)
                        add_far(scene, device);
        }
        if (cards > FAR_MAX)
                html_add(scene->html,
                         "<p class=\"bad\">&#10007; and %zu more network cards with queues that are handled on another "
                         "node</p>\n",
                         cards - FAR_MAX);
        if (!far && queues && placed == queues)
                html_add(scene->html,
                         "<p class=\"ok\">&#10003; %zu of %zu queues of network cards are handled on the node of their "
                         "card.</p>\n",
                         placed, queues);
        else if (queues > placed)
                html_add(scene->html, "<p class=\"warn\">? Whether they are near is not known of %zu of %zu queues.</p>\n",
                         queues - placed, queues);
        if (isolated)
                html_add(scene->html, "<p class=\"warn\">! %zu of %zu queues are handled on isolated CPUs.</p>\n", isolated,
                         queues);
}

static void add_cpus(const struct scene *scene)
{
        static const char *const columns[] = { "socket", "node", "cores", "CPUs", NULL };
        struct pool *pool = scene->html->pool;

        html_begin_table(scene->html, columns);
        for (size_t i = 0; i < scene->group_count; i++) {
                const struct group *group = &scene->groups[i];

                if (cpus_empty(&group->cpus) && group->node < 0)
                        continue;
                text_add(scene->html->out, "<tr role=\"row\">");
                html_add_cell(scene->html, "socket",
                              group->package >= 0 ? pool_format(pool, "%d", group->package) : "not known");
                html_add_cell(scene->html, "node", group->node >= 0 ? pool_format(pool, "%d", group->node) : "not known");
                html_add_cell(scene->html, "cores",
                              group->package >= 0 || cpus_empty(&group->cpus) ? pool_format(pool, "%u", group->cores)
                                                                              : "not known");
                html_add(scene->html, "<td role=\"cell\" data-l=\"CPUs\">%s</td></tr>\n",
                         cpus_empty(&group->cpus) ? "none" : cpus_format(pool, &group->cpus));
        }
        html_end_table(scene->html);
}

static const char *landing_words(struct pool *pool, const struct landing *landing)
{
        const char *queue = queue_words(pool, landing);

        if (landing->unknown)
                return pool_format(pool, "%s: not known (%s)", queue, landing->unknown);
        if (landing->cpu < 0)
                return pool_format(pool, "%s: any of CPUs %s%s", queue, cpus_format(pool, landing->allowed),
                                   landing->far ? ", far" : "");
        return pool_format(pool, "%s: CPU %d%s%s", queue, landing->cpu, landing->far ? ", far" : "",
                           landing->isolated ? ", isolated" : "");
}

static void add_devices(const struct scene *scene)
{
        static const char *const columns[] = { "device", "is", "node", "interrupts of its queues", NULL };
        struct pool *pool = scene->html->pool;

        html_begin_table(scene->html, columns);
        for (size_t i = 0; i < scene->drawn_count; i++) {
                const struct device *device = &scene->devices[i];

                html_add(scene->html,
                         "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%s</th><td role=\"cell\" class=\"one\" "
                         "data-l=\"is\">%s, "
                         "%s</td>",
                         device->name, device->is_nic ? "network card" : "NVMe disk", device->about);
                html_add_cell(scene->html, "node", device->node >= 0 ? pool_format(pool, "%d", device->node) : "not known");
                text_add(scene->html->out, "<td role=\"cell\" data-l=\"interrupts\">");
                for (size_t j = 0; j < device->landing_count; j++)
                        html_add(scene->html, "%s%s", j ? "; " : "", landing_words(pool, &device->landings[j]));
                html_add(scene->html, "%s</td></tr>\n",
                         device->landing_count ? ""
                         : device->is_nic      ? "none found"
                                               : "not looked for");
        }
        html_end_table(scene->html);
}

/* Unknown is not none, and neither is what there was no room for. */
static void add_missing(const struct scene *scene, const char *fact_name, bool is_nic, const char *none, const char *unknown)
{
        const struct fact *fact = fact_find(scene->html->report->facts, fact_name);
        size_t all = 0, drawn = 0;

        for (size_t i = 0; i < scene->device_count; i++) {
                bool is_one = scene->devices[i].is_nic == is_nic;

                all += is_one;
                if (i < scene->drawn_count)
                        drawn += is_one;
        }
        if (all > drawn)
                html_add(scene->html, "<p>And %zu more %s that are not drawn.</p>\n", all - drawn,
                         is_nic ? "network cards" : "NVMe disks");
        if (all)
                return;
        if (!fact || fact->status == FACT_UNREADABLE)
                html_add(scene->html, "<p class=\"warn\">? %s (%s).</p>\n", unknown,
                         fact ? error_words(fact->error) : "not looked for");
        else if (fact->status == FACT_KNOWN && fact->value.number > 0)
                html_add(scene->html, "<p class=\"warn\">? %s (%s).</p>\n", unknown, "there are some");
        else
                html_add(scene->html, "<p>%s.</p>\n", none);
}

void scene_add_missing(const struct scene *scene)
{
        add_missing(scene, "nic.fastest", true, "No network card was found", "Which network cards there are is not known");
        add_missing(scene, "nvme.count", false, "No NVMe disk was found", "Which NVMe disks there are is not known");
}

void scene_add_words(const struct scene *scene)
{
        text_add(scene->html->out, "<details><summary>The same in words</summary>\n");
        add_cpus(scene);
        if (scene->device_count)
                add_devices(scene);
        text_add(scene->html->out, "</details>\n");
}

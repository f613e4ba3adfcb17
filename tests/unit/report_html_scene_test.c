/* The drawing of the HTML page where there is much of it: many far cards, more ports than are drawn, interrupts that may go anywhere. */

#include "agent/core/pool.h"
#include "agent/survey.h"
#include "probes/probes.h"
#include "tests/support/tree.h"
#include "tests/unit/report_make.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A card at node 1 (CPUs 3-5 and 9-11 of two-nodes-smt), all queues of which go to the same CPUs. */
static void add_card(struct tree *tree, unsigned number, unsigned queues, const char *cpus)
{
        struct pool *pool = pool_new();
        const char *device = pool_format(pool, "/sys/devices/pci0000:80/0000:%02x:%02x.0", 0x90 + number / 32, number % 32);
        const char *name = pool_format(pool, "far%u", number);

        tree_file(tree, pool_format(pool, "%s/numa_node", device), "1\n");
        tree_file(tree, pool_format(pool, "%s/class", device), "0x020000\n");
        tree_file(tree, pool_format(pool, "%s/net/%s/type", device, name), "1\n");
        tree_link(tree, pool_format(pool, "%s/net/%s/device", device, name), "../..");
        tree_link(tree, pool_format(pool, "/sys/class/net/%s", name),
                  pool_format(pool, "../..%s/net/%s", device + strlen("/sys"), name));
        for (unsigned i = 0; i < queues; i++) {
                unsigned irq = 1000 + 100 * number + i;

                tree_file(tree, pool_format(pool, "%s/msi_irqs/%u", device, irq), "msix\n");
                tree_file(tree, pool_format(pool, "/proc/irq/%u/smp_affinity_list", irq), "%s\n", cpus);
                tree_file(tree, pool_format(pool, "/sys/kernel/irq/%u/actions", irq), "%s-TxRx-%u\n", name, i);
        }
        pool_free(pool);
}

static char *page_of(struct made *made, struct tree *tree)
{
        static const struct finding finding = { .id = "x" };

        made_open(made, &finding, 1);
        made->session.host = tree_host(tree);
        survey_run(made->session.host, probes, made->facts);
        return made_report(made, FORMAT_HTML);
}

static long number_at(const char *text, const char *before)
{
        const char *at = strstr(text, before);

        return at ? strtol(at + strlen(before), NULL, 10) : -1;
}

/* No number of the drawing wraps round, and no label is written over another. */
static void far_cards(void)
{
        static const unsigned counts[] = { 1, 3, 4, 8, 64 };

        for (size_t i = 0; i < COUNT(counts); i++) {
                struct tree *tree = tree_load("two-nodes-smt");
                struct {
                        long x, y;
                } labels[64];
                struct made made;
                const char *page, *cursor;
                size_t count = 0;
                long width, height;

                for (unsigned card = 0; card < counts[i]; card++)
                        add_card(tree, card, 9, "0");
                page = page_of(&made, tree);
                width = number_at(page, "viewBox=\"0 0 ");
                height = number_at(page, pool_format(made.pool, "viewBox=\"0 0 %ld ", width));
                for (cursor = page; (cursor = strstr(cursor, "<text class=\"l\"")) && count < COUNT(labels); cursor++) {
                        labels[count].x = number_at(cursor, "x=\"");
                        labels[count].y = number_at(cursor, "y=\"");
                        EXPECT("in the sheet", labels[count].x > 0 && labels[count].x < width && labels[count].y < height);
                        for (size_t j = 0; j < count; j++)
                                EXPECT(pool_format(made.pool, "%u: label %zu is not over %zu", counts[i], count, j),
                                       labs(labels[count].x - labels[j].x) >= 190 || labs(labels[count].y - labels[j].y) >= 14);
                        count++;
                }
                EXPECT_NUMBER("labels", count, counts[i]);
                EXPECT("each says whose", strstr(page, pool_format(made.pool, ">9 queues of far%u</text>", counts[i] - 1)));
                for (cursor = page; (cursor = strstr(cursor, " x=\"")); cursor++)
                        EXPECT("x", number_at(cursor, " x=\"") <= width);
                made_close(&made);
                tree_free(tree);
        }
}

/* Which are drawn is no matter of how many disks or cards come before. */
static void many_ports(void)
{
        struct tree *tree = tree_load("nic-nvme-irqs");
        struct made made;
        const char *page;

        for (unsigned card = 0; card < 70; card++)
                add_card(tree, card, 1, card < 69 ? "3" : "0");
        page = page_of(&made, tree);
        EXPECT("the disk is there", !strstr(page, "No NVMe disk was found") && strstr(page, "disk nvme0"));
        EXPECT("the far one is named", strstr(page, "<b>far69</b> is at node 1; 1 of 1 queues handled on another node"));
        EXPECT("the far one is drawn", strstr(page, ">NIC far69<"));
        EXPECT("the rest is counted", strstr(page, "<p>And 8 more network cards that are not drawn.</p>"));
        made_close(&made);
        tree_free(tree);
}

/* Of several CPUs none, some or all are on the node of the card, which is node 1. */
static void any_of(void)
{
        static const struct {
                const char *cpus, *says;
                bool far;
        } cases[] = {
                { "0-2", "<b>far0</b> is at node 1; 2 of 2 queues handled on another node: queues 0-1 on any of CPUs 0-2",
                  true },
                { "3-5", "3 of 3 queues of network cards are handled on the node of their card.", false },
                { "0-11", "Whether they are near is not known of 2 of 3 queues.", false },
                { "0-2", "queue 0: any of CPUs 0-2, far; queue 1: any of CPUs 0-2, far", true },
                { "0-2", ">2 queues of far0</text>", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_load("two-nodes-smt");
                struct made made;
                const char *page;

                add_card(tree, 0, 2, cases[i].cpus);
                page = page_of(&made, tree);
                EXPECT(cases[i].says, strstr(page, cases[i].says));
                EXPECT_NUMBER(cases[i].says, strstr(page, "class=\"v far\"") != NULL, cases[i].far);
                made_close(&made);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "far cards", far_cards },
        { "many ports", many_ports },
        { "any of several CPUs", any_of },
        { NULL, NULL },
};

const struct suite suite_report_html_scene = { "report_html_scene", tests };

/* The cmdline knob's file, as a shell, GRUB and the kernel read it, and what lint keeps out of it. */

#include "agent/core/cmdline.h"
#include "agent/core/grub_config.h"
#include "agent/core/pool.h"
#include "agent/core/program.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define OWN          "/etc/default/grub.d/99-plumbline.cfg"

static const struct asked usual[] = { { .keys = { "isolcpus" }, .text = "2-3" },
                                      { .keys = { "rcu_nocbs" }, .text = "0-1" },
                                      { .keys = { NULL } } };

/* A machine with GRUB whose running kernel and next entry have these words. */
static struct tree *new_tree(const char *running, const char *menu)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/proc/cmdline", "root=UUID=1 %s\n", running);
        tree_file(tree, "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
        tree_file(tree, "/boot/grub/grub.cfg", "menuentry d {\n linux /vmlinuz-6.1.0-28-amd64 root=UUID=1 %s\n}\n", menu);
        return tree;
}

/* What a shell has in GRUB_CMDLINE_LINUX_DEFAULT after it has read our file, which the tree holds, behind another one. */
static const char *sourced(struct pool *pool, const struct tree *tree, const char *before)
{
        static const char *const script = "set -e; eval \"$1\"; . \"$2/00-none.cfg\"; . \"$2/99-plumbline.cfg\"; "
                                          "printf '[%s]' \"$GRUB_CMDLINE_LINUX_DEFAULT\"";
        const char *const argv[] = { "sh", "-c",   script,
                                     "sh", before, pool_format(pool, "%s/etc/default/grub.d", tree_path(tree)),
                                     NULL };
        char text[4096];

        EXPECT_NUMBER(before, program_run(argv, NULL, 30000, text, sizeof text), 0);
        return pool_dup(pool, text);
}

/* The file as its readers take it: it adds to what was there, whatever that was. */
static void consumption(void)
{
        static const struct {
                const char *before, *result;
        } cases[] = {
                { "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"", "[quiet splash isolcpus=2-3 rcu_nocbs=0-1]" },
                { "GRUB_CMDLINE_LINUX_DEFAULT=", "[ isolcpus=2-3 rcu_nocbs=0-1]" },
                { "GRUB_CMDLINE_LINUX_DEFAULT=\"a=\\$b \\`c\\`\"", "[a=$b `c` isolcpus=2-3 rcu_nocbs=0-1]" },
        };
        autopool struct pool *pool = pool_new();
        struct tree *tree = new_tree("quiet", "quiet");
        struct plan *plan;

        /* A file before ours without a newline at its end. */
        tree_file(tree, "/etc/default/grub.d/00-none.cfg", "GRUB_TIMEOUT=5");
        plan = planned_made(tree_host(tree), &knob_cmdline, usual);
        EXPECT_NUMBER("nothing left", planned_due(plan), 0);
        plan_free(plan);
        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].before, sourced(pool, tree, cases[i].before), cases[i].result);
        tree_free(tree);
}

/* Any value that lint lets through arrives at the kernel as it was written: through the shell, GRUB's script and its loader. */
static void round_trip(void)
{
        static const char *const values[] = {
                "1",     "managed_irq,domain,2-15,18-31",
                "a b",   "file drivers/usb/* +p",
                "$HOME", "${x}y",
                "`id`",  "$(id)",
                "a;b",   "a|b&c",
                "a<x>",  "{1}",
                "#x",    "a #b",
                "x!",    "*",
                "a~",    "a=b",
                "%s%n",  "x  y ",
        };

        for (size_t i = 0; i < COUNT(values); i++) {
                autopool struct pool *pool = pool_new();
                const struct asked asked[] = { { .keys = { "one" }, .text = values[i] },
                                               { .keys = { "two" }, .text = "true" },
                                               { .keys = { NULL } } };
                struct tree *tree = new_tree("quiet", "quiet");
                struct plan *plan = planned_made(tree_host(tree), &knob_cmdline, asked);
                struct grub_config config;
                struct cmdline cmdline;
                const char *text;
                char *words;

                tree_file(tree, "/etc/default/grub.d/00-none.cfg", "\n");
                EXPECT_TEXT(values[i], planned_lint(pool, &knob_cmdline, asked), NULL);
                text = sourced(pool, tree, "GRUB_CMDLINE_LINUX_DEFAULT=");
                words = pool_dup(pool, *text ? text + 1 : "");
                words[*words ? strlen(words) - 1 : 0] = '\0';
                grub_config_parse(pool, pool_format(pool, "menuentry m {\n linux /vmlinuz-6.1 ro %s\n}\n", words), NULL,
                                  &config);
                if (EXPECT(values[i], config.count == 1 && config.items[0].cmdline)) {
                        EXPECT_NUMBER(values[i], cmdline_parse(pool, config.items[0].cmdline, &cmdline), 0);
                        EXPECT_NUMBER(values[i], cmdline.count, 3);
                        EXPECT_TEXT(values[i], cmdline_get(&cmdline, "one"), values[i]);
                        EXPECT_TEXT(values[i], cmdline_get(&cmdline, "two"), "");
                }
                plan_free(plan);
                tree_free(tree);
        }
}

static void pages_in_order(void)
{
        static const struct asked asked[] = { { .keys = { "hugepages" }, .text = "4" },
                                              { .keys = { "quiet" }, .text = "true" },
                                              { .keys = { "hugepagesz" }, .text = "1G" },
                                              { .keys = { NULL } } };
        struct tree *tree = new_tree("hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=2", "quiet");
        struct plan *plan = planned(tree_host(tree), &knob_cmdline, asked);
        const struct step *file = planned_row(plan, OWN), *row = NULL;

        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->id, "cmdline.hugepages") && plan->rows[i]->layer == LAYER_RUNNING)
                        row = plan->rows[i];
        EXPECT("behind their size", file && strstr(file->after.bytes, " quiet hugepagesz=1G hugepages=4\"\n"));
        EXPECT("of their size", row && row->status == STATUS_DRIFT);
        plan_free(plan);
        tree_free(tree);
}

static void lint(void)
{
        static const struct {
                const char *key, *text, *words; /* words: in the problem; NULL: fine */
        } cases[] = {
                { "skew_tick", "1", NULL },
                { "quiet", "true", NULL },
                { "quiet", "false", NULL },
                { "nohz", "true", NULL },
                { "nohz", "on", NULL },
                { "nohz", "yes", "on or off" },
                { "amd_iommu", "pgtbl_v2", NULL },
                { "intel_idle.max_cstate", "1", NULL },
                { "_x", "1", NULL },
                { "42foo", "bar", "no name" },
                { "", "1", "no name" },
                { "a b", "1", "no name" },
                { "a=b", "1", "no name" },
                { "-x", "1", "no name" },
                { "a;b", "1", "no name" },
                { "isolcpus", "2-3", NULL },
                { "isolcpus", "managed_irq,domain,2-3", NULL },
                { "isolcpus", "domain,managed_irq,2-5", NULL },
                { "isolcpus", "nohz,0-1", NULL },
                { "isolcpus", "domain,0,N", NULL },
                { "isolcpus", "0-31:2/4", NULL },
                { "isolcpus", "foo,0-3", "\"foo\"" },
                { "isolcpus", "all", "\"all\"" },
                { "isolcpus", "N", "\"N\"" },
                { "isolcpus", "a", "\"a\"" },
                { "isolcpus", "100000000", "beyond" },
                { "isolcpus", "true", "\"true\"" },
                { "isolcpus", "domain,", "no CPU list" },
                { "isolcpus", "3-1", "no CPU list" },
                { "isolcpus", "0-5:1/0", "no CPU list" },
                { "nohz_full", "foo", "no CPU list" },
                { "nohz-full", "foo", "no CPU list" },
                { "nohz_full", "2-N", NULL },
                { "rcu_nocbs", "all", NULL },
                { "rcu_nocbs", "true", NULL },
                { "irqaffinity", "-1", "no CPU list" },
                { "kthread_cpus", "z", "no CPU list" },
                { "x", "a\nb", "control" },
                { "x", "a\tb", "control" },
                { "x", "a\"b", "no way" },
                { "x", "a'b", "no way" },
                { "x", "a\\b", "no way" },
        };
        autopool struct pool *pool = pool_new();
        char *long_value = pool_zero(pool, 3000);

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct asked asked = { .keys = { cases[i].key }, .text = cases[i].text };
                const char *problem = planned_lint(pool, &knob_cmdline, &asked);
                const char *row = pool_format(pool, "%s=%s: %s", cases[i].key, cases[i].text, problem);

                EXPECT(row, cases[i].words ? problem && strstr(problem, cases[i].words) : !problem);
        }
        memset(long_value, 'x', 2048);
        EXPECT("too long", planned_lint(pool, &knob_cmdline, &(struct asked){ .keys = { "a" }, .text = long_value }));
}

static const struct test tests[] = {
        { "sourced by sh", consumption },
        { "from the profile to the kernel", round_trip },
        { "hugepages behind their size", pages_in_order },
        { "lint", lint },
        { NULL, NULL },
};
const struct suite suite_cmdline_file = { "cmdline_file", tests };

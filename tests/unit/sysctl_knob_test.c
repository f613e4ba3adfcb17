/* The sysctl knob: what it writes, what it leaves, what it says, and its file for the next boot. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/planned.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define OWN          "/etc/sysctl.d/99-zz-plumbline.conf"
#define HEAD         "# Kernel settings kept by plumbline, which replaces this file as a whole.\n"

static struct tree *new_tree(void)
{
        static const char *const files[][2] = {
                { "vm/swappiness", "60\n" },
                { "vm/dirty_ratio", "20\n" },
                { "vm/dirty_bytes", "0\n" },
                { "vm/dirty_background_ratio", "0\n" },
                { "vm/dirty_background_bytes", "1048576\n" },
                { "fs/file-max", "9223372036854775807\n" },
                { "net/ipv4/tcp_rmem", "4096\t131072\t6291456\n" },
                { "net/ipv4/tcp_low_latency", "0\n" },
                { "net/core/default_qdisc", "pfifo_fast\n" },
                { "net/core/somaxconn", "4096\n" },
                { "kernel/yama/ptrace_scope", "3\n" },
                { "kernel/modules_disabled", "0\n" },
                { "net/ipv4/conf/eth0.1/rp_filter", "1\n" },
        };
        struct tree *tree = tree_new();

        for (size_t i = 0; i < COUNT(files); i++) {
                char path[128];

                snprintf(path, sizeof path, "/proc/sys/%s", files[i][0]);
                tree_file(tree, path, "%s", files[i][1]);
        }
        return tree;
}

/* One setting each on a fresh tree: the status of its row, what would be written, and its line in the file (NULL: none). */
static const struct {
        const char *key, *text;
        bool absent_ok;
        enum status status;
        const char *write, *line;
} singles[] = {
        { "vm.swappiness", "1", false, STATUS_DRIFT, "1", "vm.swappiness = 1\n" },
        { "vm.swappiness", "060", false, STATUS_PASS, NULL, "vm.swappiness = 60\n" },
        { "vm/swappiness", "1", false, STATUS_DRIFT, "1", "vm/swappiness = 1\n" },
        { "vm.swappiness", "<= 10", false, STATUS_DRIFT, "10", "vm.swappiness = 10\n" },
        { "vm.swappiness", "<= 60", false, STATUS_PASS, NULL, "vm.swappiness = 60\n" },
        { "vm.swappiness", "<= 80", false, STATUS_PASS, NULL, NULL },
        { "fs.file-max", ">= 2097152", false, STATUS_PASS, NULL, NULL },
        { "net.core.somaxconn", ">= 8192", false, STATUS_DRIFT, "8192", "net.core.somaxconn = 8192\n" },
        { "net.ipv4.tcp_rmem", "4096 131072 6291456", false, STATUS_PASS, NULL, "net.ipv4.tcp_rmem = 4096 131072 6291456\n" },
        { "net.ipv4.tcp_rmem", ">= 4096 87380 67108864", false, STATUS_DRIFT, "4096 131072 67108864",
          "net.ipv4.tcp_rmem = 4096 131072 67108864\n" },
        { "net.core.default_qdisc", "fq", false, STATUS_DRIFT, "fq", "net.core.default_qdisc = fq\n" },
        { "net.core.default_qdisc", "pfifo_fast", false, STATUS_PASS, NULL, "net.core.default_qdisc = pfifo_fast\n" },
        { "net/ipv4/conf/eth0.1/rp_filter", "0", false, STATUS_DRIFT, "0", "net/ipv4/conf/eth0.1/rp_filter = 0\n" },
        { "net.ipv4.tcp_low_latency", "1", false, STATUS_NO_EFFECT, NULL, NULL },
        { "net.ipv4.tcp_nodelay", "1", false, STATUS_UNSUPPORTED, NULL, NULL },
        { "net.ipv4.tcp_nodelay", "1", true, STATUS_NOT_APPLICABLE, NULL, "-net.ipv4.tcp_nodelay = 1\n" },
        { "net.ipv4.tcp_fack", "1", false, STATUS_NOT_APPLICABLE, NULL, NULL },
        { "kernel.numa_balancing", "0", false, STATUS_NOT_APPLICABLE, NULL, NULL },
        { "kernel.numa_balancing", "0", true, STATUS_NOT_APPLICABLE, NULL, "-kernel.numa_balancing = 0\n" },
        { "kernel.numa_balancing", "1", false, STATUS_UNSUPPORTED, NULL, NULL },
        { "vm.swappiness", "1", true, STATUS_DRIFT, "1", "-vm.swappiness = 1\n" },
        { "net.core.busy_poll", "50", false, STATUS_UNSUPPORTED, NULL, NULL },
        { "net.core.busy_poll", "0", false, STATUS_NOT_APPLICABLE, NULL, NULL },
        { "kernel.sched_migration_cost_ns", "1", false, STATUS_UNSUPPORTED, NULL, NULL },
        { "kernel.yama.ptrace_scope", "1", false, STATUS_PENDING, NULL, "kernel.yama.ptrace_scope = 1\n" },
        { "kernel.modules_disabled", "1", false, STATUS_PENDING, NULL, "kernel.modules_disabled = 1\n" },
        { "kernel.modules_disabled", "0", false, STATUS_PASS, NULL, "kernel.modules_disabled = 0\n" },
};

static void single(void)
{
        for (size_t i = 0; i < COUNT(singles); i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = new_tree();
                const struct asked asked[] = {
                        { .keys = { singles[i].key }, .text = singles[i].text, .absent_ok = singles[i].absent_ok }, { 0 }
                };
                const char *name = pool_format(pool, "%s: %s", singles[i].key, singles[i].text);
                struct plan *plan = planned(tree_host(tree), &knob_sysctl, asked);
                const struct step *row = plan->rows[0], *file = planned_row(plan, OWN);

                EXPECT_TEXT(name, status_name(row->status), status_name(singles[i].status));
                EXPECT(name, step_is_due(row) == (singles[i].write != NULL));
                if (singles[i].write)
                        EXPECT_TEXT(name, row->text, singles[i].write);
                EXPECT_TEXT(name, file->after.bytes, singles[i].line ? pool_format(pool, HEAD "%s", singles[i].line) : NULL);
                EXPECT(name, (file->status == STATUS_PASS) == !singles[i].line);
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_sysctl, asked);
                EXPECT_NUMBER(name, planned_due(plan), 0);
                EXPECT_TEXT(name, planned_row(plan, OWN)->after.bytes,
                            singles[i].line ? pool_format(pool, HEAD "%s", singles[i].line) : NULL);
                plan_free(plan);
                tree_free(tree);
        }
}

static void notes(void)
{
        static const struct {
                const char *key, *text, *words;
        } cases[] = {
                { "net.ipv4.tcp_nodelay", "1", "option of each socket" },
                { "net.ipv4.tcp_low_latency", "1", "without any effect" },
                { "kernel.sched_wakeup_granularity_ns", "1", "debug/sched" },
                { "kernel.yama.ptrace_scope", "1", "until the next boot" },
                { "kernel.modules_disabled", "1", "never takes 1 back" },
                { "net.core.busy_read", "50", "busy polling" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = new_tree();
                struct plan *plan = planned(tree_host(tree), &knob_sysctl,
                                            (struct asked[]){ { .keys = { cases[i].key }, .text = cases[i].text }, { 0 } });

                EXPECT(cases[i].key, plan->rows[0]->note && strstr(plan->rows[0]->note, cases[i].words));
                plan_free(plan);
                tree_free(tree);
        }
}

/* Who else sets the key. file is read beside a wish for vm.swappiness of 1. */
static void others(void)
{
        static const struct {
                const char *name, *file, *text, *shadow, *note;
        } cases[] = {
                { "before, other value", "/etc/sysctl.d/99-sysctl.conf", "vm.swappiness = 60\n", NULL,
                  "99-sysctl.conf:1 sets 60" },
                { "before, same value", "/etc/sysctl.d/99-sysctl.conf", "vm.swappiness = 01\n", NULL, NULL },
                { "after, other value", "/etc/sysctl.d/zzz.conf", "#\nvm/swappiness=60\n", "/etc/sysctl.d/zzz.conf:2", NULL },
                { "after, same value", "/etc/sysctl.d/zzz.conf", "vm.swappiness = 1\n", NULL, NULL },
                { "after, in another folder", "/usr/lib/sysctl.d/99-zzz.conf", "vm.swappiness=0\n",
                  "/usr/lib/sysctl.d/99-zzz.conf:1", NULL },
                { "after, kept off", "/etc/sysctl.d/zzz.conf", "-vm.swappiness\n", "/etc/sysctl.d/zzz.conf:1", NULL },
                { "after, a pattern", "/etc/sysctl.d/zzz.conf", "vm.swap* = 3\n", NULL, "zzz.conf:1 sets 3" },
                { "not linked", "/etc/sysctl.conf", "vm.swappiness = 60\n", NULL, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                static const struct asked asked[] = { { .keys = { "vm.swappiness" }, .text = "1" }, { 0 } };
                struct tree *tree = new_tree();
                const struct step *row, *shadow;
                struct plan *plan;

                tree_file(tree, cases[i].file, "%s", cases[i].text);
                plan = planned(tree_host(tree), &knob_sysctl, asked);
                row = planned_row(plan, "/proc/sys/vm/swappiness");
                shadow = cases[i].shadow ? planned_status(plan, cases[i].shadow, STATUS_SHADOWED) : NULL;
                EXPECT_NUMBER(cases[i].name, plan->count, cases[i].shadow ? 3 : 2);
                EXPECT(cases[i].name, !cases[i].shadow || (shadow && shadow->how == STEP_NONE));
                EXPECT(cases[i].name, cases[i].note ? row->note && strstr(row->note, cases[i].note) : !row->note);
                plan_free(plan);
                plan = planned_made(tree_host(tree), &knob_sysctl, asked);
                EXPECT_NUMBER(cases[i].name, planned_due(plan), 0);
                plan_free(plan);
                tree_free(tree);
        }
}

/* A bound is never written over something better, and what we wrote ourselves does not move it. */
static void one_sided(void)
{
        static const struct asked asked[] = { { .keys = { "net.core.somaxconn" }, .text = ">= 8192" }, { 0 } };
        static const struct {
                const char *name, *running, *other, *own, *line;
        } cases[] = {
                { "too low", "4096", NULL, NULL, "8192" },
                { "better by itself", "16384", NULL, NULL, NULL },
                { "just so", "8192", NULL, NULL, "8192" },
                { "another file is better", "4096", "65536", NULL, NULL },
                { "another file is better than ours", "16384", "65536", "8192", NULL },
                { "another file is worse", "16384", "128", NULL, "16384" },
                { "another file has nonsense", "4096", "many", NULL, "8192" },
                { "ours is good enough", "16384", NULL, "8192", "8192" },
                { "ours is better", "4096", NULL, "9000", "9000" },
                { "ours is worse", "16384", NULL, "100", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = new_tree();
                struct plan *plan;

                tree_file(tree, "/proc/sys/net/core/somaxconn", "%s\n", cases[i].running);
                if (cases[i].other)
                        tree_file(tree, "/etc/sysctl.d/10-x.conf", "net/core/somaxconn=%s\n", cases[i].other);
                if (cases[i].own)
                        tree_file(tree, OWN, HEAD "net.core.somaxconn = %s\n", cases[i].own);
                for (unsigned round = 0; round < 2; round++) {
                        plan = round ? planned_made(tree_host(tree), &knob_sysctl, asked)
                                     : planned(tree_host(tree), &knob_sysctl, asked);
                        EXPECT_TEXT(cases[i].name, planned_row(plan, OWN)->after.bytes,
                                    cases[i].line ? pool_format(pool, HEAD "net.core.somaxconn = %s\n", cases[i].line) : NULL);
                        EXPECT(cases[i].name, round == 0 || planned_due(plan) == 0);
                        plan_free(plan);
                }
                tree_free(tree);
        }
}

static size_t index_of(const struct plan *plan, const char *target)
{
        for (size_t i = 0; i < plan->count; i++)
                if (text_equals(plan->rows[i]->target, target))
                        return i;
        return plan->count;
}

/* The kernel zeroes the other half of the pair, and refuses a byte count of 0: the order of rows is what makes undo right. */
static void pairs(void)
{
        static const struct asked bytes[] = { { .keys = { "vm.dirty_bytes" }, .text = "1048576" }, { 0 } };
        static const struct asked ratio[] = { { .keys = { "vm.dirty_background_ratio" }, .text = "3" }, { 0 } };
        static const struct asked both[] = { { .keys = { "vm.dirty_ratio" }, .text = "10" },
                                             { .keys = { "vm/dirty_bytes" }, .text = "1048576" },
                                             { 0 } };
        static const struct asked zero[] = { { .keys = { "vm.dirty_ratio" }, .text = "0" },
                                             { .keys = { "vm.dirty_bytes" }, .text = "1048576" },
                                             { 0 } };
        struct tree *tree = new_tree();
        struct plan *plan = planned(tree_host(tree), &knob_sysctl, bytes);
        const struct step *row;

        EXPECT("bytes", index_of(plan, "/proc/sys/vm/dirty_bytes") < index_of(plan, "/proc/sys/vm/dirty_ratio"));
        EXPECT_NUMBER("bytes", planned_due(plan), 3);
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_sysctl, ratio);
        EXPECT("ratio",
               index_of(plan, "/proc/sys/vm/dirty_background_bytes") < index_of(plan, "/proc/sys/vm/dirty_background_ratio"));
        row = planned_row(plan, "/proc/sys/vm/dirty_background_bytes");
        EXPECT_TEXT("ratio", row->text, "1048576");
        EXPECT_TEXT("ratio", row->undo_text, "1048576\n");
        EXPECT_NUMBER("ratio", planned_due(plan), 3);
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_sysctl, ratio);
        EXPECT_NUMBER("ratio", planned_due(plan), 0);
        plan_free(plan);

        plan = planned(tree_host(tree), &knob_sysctl, both);
        EXPECT_NUMBER("both", plan->count, 3);
        EXPECT_TEXT("both", status_name(plan->rows[0]->status), "unsupported");
        EXPECT_TEXT("both", status_name(plan->rows[1]->status), "unsupported");
        plan_free(plan);

        plan = planned_made(tree_host(tree), &knob_sysctl, zero);
        EXPECT_NUMBER("zero", planned_due(plan), 0);
        EXPECT_TEXT("zero", planned_row(plan, OWN)->after.bytes, HEAD "vm.dirty_bytes = 1048576\n");
        plan_free(plan);

        tree_file(tree, "/etc/sysctl.d/zzz.conf", "vm.dirty_ratio = 5\n");
        plan = planned(tree_host(tree), &knob_sysctl, bytes);
        EXPECT("partner later", planned_status(plan, "/etc/sysctl.d/zzz.conf:1", STATUS_SHADOWED) != NULL);
        plan_free(plan);
        tree_free(tree);
}

static void odd_hosts(void)
{
        static const struct asked asked[] = { { .keys = { "vm.swappiness" }, .text = "1" }, { 0 } };
        static const struct asked twice[] = { { .keys = { "vm.swappiness" }, .text = "1" },
                                              { .keys = { "vm/swappiness" }, .text = "2" },
                                              { 0 } };
        static const struct asked held[] = {
                { .keys = { "vm.swappiness" }, .text = "1" },
                { .keys = { "kernel.watchdog_cpumask" }, .text = "${cpus.isolated}", .held = "because" },
                { 0 }
        };
        struct tree *tree = tree_new();
        struct plan *plan = planned(tree_host(tree), &knob_sysctl, asked);

        EXPECT_TEXT("no /proc/sys", status_name(plan->rows[0]->status), "unknown");
        EXPECT_TEXT("no /proc/sys", planned_row(plan, OWN)->after.bytes, HEAD "vm.swappiness = 1\n");
        plan_free(plan);

        tree_file(tree, "/proc/sys/vm/swappiness", "%s", "garbage\n");
        plan = planned(tree_host(tree), &knob_sysctl, asked);
        EXPECT_TEXT("garbage", status_name(plan->rows[0]->status), "unknown");
        plan_free(plan);

        tree_file(tree, "/proc/sys/vm/swappiness", "%s", "60\n");
        plan = planned(tree_host(tree), &knob_sysctl, twice);
        EXPECT_TEXT("twice", status_name(plan->rows[1]->status), "unsupported");
        plan_free(plan);
        plan = planned_made(tree_host(tree), &knob_sysctl, twice);
        EXPECT_NUMBER("twice", planned_due(plan), 0);
        plan_free(plan);

        tree_file(tree, OWN, "left alone\n");
        plan = planned(tree_host(tree), &knob_sysctl, held);
        EXPECT("held", planned_row(plan, OWN) == NULL);
        EXPECT_TEXT("held", status_name(plan->rows[1]->status), "unsupported");
        EXPECT_TEXT("held", plan->rows[1]->note, "because");
        plan_free(plan);

        tree_bytes(tree, "/etc/sysctl.d/10-x.conf", "\0", 1);
        plan = planned(tree_host(tree), &knob_sysctl, asked);
        EXPECT("unreadable", planned_status(plan, "/etc/sysctl.d/10-x.conf", STATUS_UNKNOWN) != NULL);
        plan_free(plan);
        tree_free(tree);
}

/* What only root may read says nothing in a report, not even through a link; that it wins is told. */
static void closed_files(void)
{
        static const struct {
                const char *name, *file, *target;
                const char *now, *note; /* of the row that is shadowed; of the row of what runs */
        } cases[] = {
                { "for all", "/etc/sysctl.d/zzz.conf", NULL, "60", NULL },
                { "of root alone, and later", "/etc/sysctl.d/zzz.conf", "/etc/sysctl.d/zzz.conf",
                  "a value that not everybody may read", NULL },
                { "of root alone, by a link", "/etc/sysctl.d/zzz.conf", "/root/own.conf", "a value that not everybody may read",
                  NULL },
                { "of root alone, and earlier", "/etc/sysctl.d/10-own.conf", "/etc/sysctl.d/10-own.conf", NULL,
                  "/etc/sysctl.d/10-own.conf:1 sets a value that not everybody may read; what " OWN " says wins" },
        };
        static const struct asked asked[] = { { .keys = { "vm.swappiness" }, .text = "1" }, { 0 } };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *file = cases[i].target ? cases[i].target : cases[i].file;
                struct tree *tree = new_tree();
                struct plan *plan;
                const struct step *row;

                tree_file(tree, file, "vm.swappiness = 60\n");
                tree_mode(tree, file, cases[i].target ? 0600 : 0644);
                if (strcmp(file, cases[i].file) != 0) {
                        tree_folder(tree, "/etc/sysctl.d");
                        tree_link(tree, cases[i].file, file);
                }
                plan = planned(tree_host(tree), &knob_sysctl, asked);
                row = planned_status(plan, pool_format(plan->pool, "%s:1", cases[i].file), STATUS_SHADOWED);
                EXPECT_TEXT(cases[i].name, row ? row->now : NULL, cases[i].now);
                EXPECT_TEXT(cases[i].name, plan->rows[0]->note, cases[i].note);
                plan_free(plan);
                tree_free(tree);
        }
}

static void lint(void)
{
        static const struct {
                const char *key, *text, *words;
        } cases[] = {
                { "vm.swappiness", "1", NULL },
                { "vm.dirty_bytes", "8192", NULL },
                { "vm.dirty_bytes", "100", "less than 8192" },
                { "vm.dirty_bytes", "0", "less than 8192" },
                { "vm.dirty_background_bytes", "0", "less than 1" },
                { "vm.dirty_background_bytes", "-5", "less than 1" },
                { "kernel.core_pattern", "a\nb", "one line" },
                { "vm.nr_hugepages", "4096", "use hugepages" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *problem =
                        planned_lint(pool, &knob_sysctl, &(struct asked){ .keys = { cases[i].key }, .text = cases[i].text });

                EXPECT(cases[i].key, cases[i].words ? problem && strstr(problem, cases[i].words) : !problem);
        }
}

static const struct test tests[] = {
        { "single settings", single },    { "notes", notes }, { "other files", others },
        { "one-sided", one_sided },       { "pairs", pairs }, { "odd hosts", odd_hosts },
        { "closed files", closed_files }, { "lint", lint },   { 0 },
};
const struct suite suite_sysctl_knob = { "sysctl_knob", tests };

/* Which units have processes, as the folders of control groups say. */

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tuning/unit_cgroups.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_found(void)
{
        static const struct {
                const char *name, *hierarchy, *file, *unit;
                bool there;
        } cases[] = {
                { "version 2", "/sys/fs/cgroup", "system.slice/cron.service", "cron.service", true },
                { "version 1", "/sys/fs/cgroup/systemd", "system.slice/cron.service", "cron.service", true },
                { "another one", "/sys/fs/cgroup", "system.slice/cron.service", "atd.service", false },
                { "an instance", "/sys/fs/cgroup", "system.slice/system-line.slice/line@one.service", "line@one.service",
                  true },
                { "a slice of its own", "/sys/fs/cgroup", "a.slice/a-b.slice/cron.service", "cron.service", true },
                { "a slice beside", "/sys/fs/cgroup", "quiet.slice/cron.service", "cron.service", true },
                { "below a service", "/sys/fs/cgroup", "system.slice/box.service/cron.service", "cron.service", false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct unit_cgroups running;
                struct tree *tree = tree_new();
                char path[PATH_MAX];

                snprintf(path, sizeof path, "%s/system.slice/cgroup.procs", cases[i].hierarchy);
                tree_file(tree, path, "%s", "");
                snprintf(path, sizeof path, "%s/%s/cgroup.procs", cases[i].hierarchy, cases[i].file);
                tree_file(tree, path, "%s", "1\n");
                EXPECT_NUMBER(cases[i].name, unit_cgroups_read(tree_host(tree), pool, &running), 0);
                EXPECT_NUMBER(cases[i].name, unit_cgroups_have(&running, cases[i].unit), cases[i].there);
                tree_free(tree);
        }
}

static void test_order(void)
{
        autopool struct pool *pool = pool_new();
        struct unit_cgroups running;
        struct tree *tree = tree_new();

        tree_file(tree, "/sys/fs/cgroup/system.slice/system-line.slice/line@10.service/cgroup.procs", "%s", "1\n");
        tree_file(tree, "/sys/fs/cgroup/system.slice/system-line.slice/line@2.service/cgroup.procs", "%s", "1\n");
        EXPECT_NUMBER("reads", unit_cgroups_read(tree_host(tree), pool, &running), 0);
        EXPECT_NUMBER("both", running.count, 2);
        if (running.count == 2)
                EXPECT_TEXT("in natural order", running.units[0], "line@2.service");
        tree_free(tree);
}

static void test_unknown(void)
{
        autopool struct pool *pool = pool_new();
        struct unit_cgroups running = { .count = 7 };
        struct tree *tree = tree_new();

        EXPECT_NUMBER("nothing", unit_cgroups_read(tree_host(tree), pool, &running), -ENOENT);
        tree_file(tree, "/sys/fs/cgroup/memory/system.slice/cron.service/cgroup.procs", "%s", "1\n");
        EXPECT_NUMBER("not systemd's", unit_cgroups_read(tree_host(tree), pool, &running), -ENOENT);
        EXPECT_NUMBER("untouched", running.count, 7);
        tree_file(tree, "/sys/fs/cgroup/system.slice", "%s", "no folder\n");
        EXPECT_NUMBER("a file", unit_cgroups_read(tree_host(tree), pool, &running), -ENOTDIR);
        tree_free(tree);
}

static const struct test tests[] = {
        { "found", test_found },
        { "order", test_order },
        { "unknown", test_unknown },
        { NULL, NULL },
};
const struct suite suite_unit_cgroups = { "unit_cgroups", tests };

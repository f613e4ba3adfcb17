/* What the probe of files says of paths: links, open directories, paths that lead nowhere. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct tree *make_tree(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/etc/passwd", "other:x:%u:1::/:/bin/sh\nme:x:%u:%u::/:/bin/sh\n", getuid() + 1, getuid(), getgid());
        tree_file(tree, "/etc/group", "mine:x:%u:\n", getgid());
        tree_file(tree, "/opt/hft/.env", "PASSWORD=x\n");
        tree_mode(tree, "/opt/hft/.env", 0600);
        tree_file(tree, "/opt/open/file", "x");
        tree_mode(tree, "/opt/open", 0775);
        tree_file(tree, "/tmp/sticky/file", "x");
        tree_mode(tree, "/tmp/sticky", 01777);
        tree_file(tree, "/opt/hft/loose", "x");
        tree_mode(tree, "/opt/hft/loose", 0666);
        tree_link(tree, "/opt/current", "hft");
        tree_link(tree, "/opt/through", "open/inner");
        tree_file(tree, "/opt/real/file", "x");
        tree_link(tree, "/opt/open/inner", "../real");
        tree_link(tree, "/opt/to-root", "/");
        tree_link(tree, "/opt/here", ".");
        tree_link(tree, "/opt/round", "round");
        tree_link(tree, "/opt/away", "/nowhere");
        tree_link(tree, "/opt/out", "/../../../../opt/hft/.env");
        return tree;
}

static void test_files(void)
{
        static const struct fact_row rows[] = {
                { "file./opt/hft/.env.state", "file" },
                { "file./opt/hft/.env.mode", "0600" },
                { "file./opt/hft/.env.owner", "me" },
                { "file./opt/hft/.env.group", "mine" },
                { "file./opt/hft/.env.protected", "true" },
                { "file./opt/hft/.env.age", "unreadable ENODATA" },
                { "file./opt/hft.state", "directory" },
                { "file./opt/hft/loose.protected", "false" },
                { "file./opt/open/file.protected", "false" },
                { "file./tmp/sticky/file.protected", "true" },
                { "file./opt/current/.env.mode", "0600" },
                { "file./opt/current/.env.protected", "true" },
                /* The way leads through a directory that others may write, and ends in one that they may not. */
                { "file./opt/real/file.protected", "true" },
                { "file./opt/through/file.protected", "false" },
                { "file./opt/out.mode", "0600" },
                { "file./.state", "directory" },
                { "file.//opt/./hft/../hft/.env.mode", "0600" },
                { "file./opt/to-root.state", "directory" },
                { "file./opt/here.state", "directory" },
                { "file./opt/here/hft/.env.mode", "0600" },
                { "file./opt/none.state", "absent" },
                { "file./opt/away.state", "absent" },
                { "file./opt/hft/.env/x.state", "absent" },
                { "file./opt/round.state", "unreadable ELOOP" },
                { "file.opt/hft.state", "unreadable EINVAL" },
        };
        const char *asked[COUNT(rows) + 1] = { NULL };
        struct tree *tree = make_tree();
        const struct fact *open;
        struct facts *facts;

        for (size_t i = 0; i < COUNT(rows); i++)
                asked[i] = rows[i].name;
        facts = probe_facts_asked(tree_host(tree), &probe_file, asked);
        expect_facts("files", facts, rows, COUNT(rows));
        open = fact_find(facts, "file./opt/through/file.protected");
        EXPECT_TEXT("the culprit", open ? open->note : NULL, "/opt/open is 0775 and belongs to me:mine");
        facts_free(facts);
        tree_free(tree);
}

/* A link that belongs to somebody else can be exchanged by him, also where the sticky directory keeps it from others. */
static void test_links_of_others(void)
{
        static const struct fact_row rows[] = {
                { "file./tmp/mine.protected", "true" },
                { "file./tmp/other.protected", "false" },
                { "file./tmp/other.owner", "root" },
                { "file./tmp/through/file.protected", "false" },
        };
        const char *asked[COUNT(rows) + 1] = { NULL };
        struct tree *tree = tree_new();
        struct facts *facts;

        if (getuid() != 0) {
                printf("skipped: links of others need root\n");
                tree_free(tree);
                return;
        }
        tree_file(tree, "/etc/passwd", "root:x:0:0::/:/bin/sh\n");
        tree_file(tree, "/opt/real/file", "x");
        tree_folder(tree, "/tmp");
        tree_mode(tree, "/tmp", 01777);
        tree_link(tree, "/tmp/mine", "/opt/real/file");
        tree_link(tree, "/tmp/other", "/opt/real/file");
        tree_link(tree, "/tmp/through", "/opt/real");
        for (size_t i = 0; i < 2; i++) {
                autopool struct pool *pool = pool_new();
                const char *path = pool_format(pool, "%s/tmp/%s", tree_path(tree), i ? "other" : "through");

                EXPECT_NUMBER("chown", lchown(path, 65534, 65534), 0);
        }
        for (size_t i = 0; i < COUNT(rows); i++)
                asked[i] = rows[i].name;
        facts = probe_facts_asked(tree_host(tree), &probe_file, asked);
        expect_facts("links of others", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

/* A pattern names no file, and neither does who asks for everything. */
static void test_unnamed(void)
{
        static const char *const pattern[] = { "file.*.mode", "file./opt/*.mode", NULL };
        struct tree *tree = make_tree();
        struct facts *facts = probe_facts_asked(tree_host(tree), &probe_file, pattern);

        EXPECT_NUMBER("pattern", facts->count, 0);
        facts_free(facts);
        facts = probe_facts(tree_host(tree), &probe_file);
        EXPECT_NUMBER("everything", facts->count, 0);
        facts_free(facts);
        tree_free(tree);
}

/* On the live host: a file that was written before, now, and after now. */
static void test_age(void)
{
        static const struct {
                const char *name;
                int ago_s;
                enum fact_status status;
                double least_s, most_s;
        } cases[] = {
                { "an hour ago", 3600, FACT_KNOWN, 3600, 3700 },
                { "now", 0, FACT_KNOWN, 0, 100 },
                { "a clock a little ahead", -1, FACT_KNOWN, 0, 100 },
                { "next week", -604800, FACT_UNREADABLE, 0, 0 },
        };
        struct tree *tree = tree_new();
        struct host *host;

        tree_file(tree, "/log", "line\n");
        EXPECT_NUMBER("the live host", host_open(NULL, &host), 0);
        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                const char *path = pool_format(pool, "%s/log", tree_path(tree));
                const char *asked[] = { pool_format(pool, "file.%s.age", path), NULL };
                struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = time(NULL) - cases[i].ago_s } };
                const struct fact *fact;
                struct facts *facts;

                EXPECT_NUMBER("its time is set", utimensat(AT_FDCWD, path, times, 0), 0);
                facts = probe_facts_asked(host, &probe_file, asked);
                fact = fact_find(facts, asked[0]);
                EXPECT_NUMBER(cases[i].name, fact->status, cases[i].status);
                if (fact->status == FACT_KNOWN)
                        EXPECT(cases[i].name, fact->value.real >= cases[i].least_s && fact->value.real <= cases[i].most_s);
                facts_free(facts);
        }
        host_close(host);
        tree_free(tree);
}

static const struct test tests[] = {
        { "files", test_files }, { "unnamed", test_unnamed }, { "age", test_age }, { "links of others", test_links_of_others },
        { NULL, NULL },
};
const struct suite suite_file_probe = { "file_probe", tests };

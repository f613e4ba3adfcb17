/* Does the process of a service run what its ExecStart names now? */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table)            (sizeof(table) / sizeof((table)[0]))
#define FACT                    "unit.a.service.restart_needed"
#define OLD                     631152000  /* 1990; the process began in 2000 */
#define NEW                     1262304000 /* 2010 */
#define STARTED                 "MainPID=77\nExecMainStartTimestamp=946684800000000\n"
#define ONLY_AGE(unit, process) "its unit starts " unit ", and its process runs " process ": only their age was compared"

/* Sets the times of a thing itself. */
static void date(struct tree *tree, const char *path, time_t seconds)
{
        const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };
        autopool struct pool *pool = pool_new();

        EXPECT_NUMBER(path, utimensat(AT_FDCWD, pool_format(pool, "%s%s", tree_path(tree), path), times, AT_SYMLINK_NOFOLLOW),
                      0);
}

static const struct thing {
        const char *path, *target; /* target NULL: a file */
        bool runs;
} things[] = {
        { "/opt/releases/42/bin/hft", NULL, true },
        { "/opt/releases/43/bin/hft", NULL, true },
        { "/opt/releases/43/run.sh", NULL, true },
        { "/opt/releases/43/main.py", NULL, false },
        { "/opt/releases/43/hft.conf", NULL, false },
        { "/opt/current", "releases/43", false },
        { "/opt/before", "releases/42", false },
        { "/opt/lib/hft/hft", NULL, true },
        { "/opt/shim", NULL, true },
        { "/usr/bin/bash", NULL, true },
        { "/usr/bin/python3.11", NULL, true },
        { "/usr/bin/python3", "python3.11", false },
        { "/usr/bin/numactl", NULL, true },
        { "/usr/bin/start", NULL, true },
        { "/bin", "usr/bin", false },
};

static const struct row {
        const char *name, *command, *program, *new, *want, *note;
} rows[] = {
        { "the same file", "/opt/current/bin/hft", "/opt/releases/43/bin/hft", "/opt/current", "false", NULL },
        { "its link was switched", "/opt/current/bin/hft - .", "/opt/releases/42/bin/hft", "/opt/current", "true",
          "the link /opt/current was made since, and leads to /opt/releases/43/bin/hft" },
        { "another file was written", "/opt/current/bin/hft", "/opt/releases/42/bin/hft", "/opt/releases/43/bin/hft", "true",
          "/opt/releases/43/bin/hft was written since" },
        { "itself was written", "/opt/current/bin/hft", "/opt/releases/43/bin/hft", "/opt/releases/43/bin/hft", "true",
          "/opt/releases/43/bin/hft was written since" },
        { "wrapped, and the same", "/usr/bin/numactl - /opt/current/bin/hft", "/opt/releases/43/bin/hft", "/opt/current",
          "false", NULL },
        { "wrapped, and switched", "/usr/bin/numactl - /opt/current/bin/hft", "/opt/releases/42/bin/hft", "/opt/current",
          "true", "the link /opt/current was made since, and leads to /opt/releases/43/bin/hft" },
        { "wrapped, all old", "/usr/bin/numactl - .", "/opt/releases/42/bin/hft", NULL, "false",
          ONLY_AGE("/usr/bin/numactl", "/opt/releases/42/bin/hft") },
        { "wrapped, and the wrapper is exchanged", "/usr/bin/numactl - .", "/opt/releases/42/bin/hft", "/usr/bin/numactl",
          "false", ONLY_AGE("/usr/bin/numactl", "/opt/releases/42/bin/hft") },
        { "a shell is exchanged", "/bin/bash - .", "/opt/releases/42/bin/hft", "/usr/bin/bash", "false",
          ONLY_AGE("/usr/bin/bash", "/opt/releases/42/bin/hft") },
        { "a script of a package", "/usr/bin/start", "/opt/releases/42/bin/hft", "/usr/bin/start", "true",
          "/usr/bin/start was written since" },
        { "a wrapper of the same name, all old", "/opt/lib/hft/hft", "/opt/releases/42/bin/hft", NULL, "false",
          ONLY_AGE("/opt/lib/hft/hft", "/opt/releases/42/bin/hft") },
        { "a wrapper was written", "/opt/shim", "/opt/releases/42/bin/hft", "/opt/shim", "true",
          "/opt/shim was written since" },
        { "a shell's words", "/bin/bash - . /opt/current/bin/hft", "/opt/releases/42/bin/hft", "/opt/current", "true",
          "the link /opt/current was made since, and leads to /opt/releases/43/bin/hft" },
        { "a script, old", "/opt/current/run.sh", "/usr/bin/bash", NULL, "false",
          ONLY_AGE("/opt/releases/43/run.sh", "/usr/bin/bash") },
        { "a script was written", "/opt/releases/43/run.sh", "/usr/bin/bash", "/opt/releases/43/run.sh", "true",
          "/opt/releases/43/run.sh was written since" },
        { "a script was switched", "/opt/current/run.sh", "/usr/bin/bash", "/opt/current", "true",
          "the link /opt/current was made since, and leads to /opt/releases/43/run.sh" },
        { "a script behind its interpreter", "/usr/bin/python3 - /opt/current/main.py", "/usr/bin/python3.11",
          "/opt/releases/43/main.py", "true", "/opt/releases/43/main.py was written since" },
        { "a module, and a file that is no program", "/usr/bin/python3 - . /opt/releases/43/hft.conf", "/usr/bin/python3.11",
          "/opt/releases/43/hft.conf", "false", NULL },
        { "a file that is no program", "/opt/current/bin/hft /opt/releases/43/hft.conf", "/opt/releases/43/bin/hft",
          "/opt/releases/43/hft.conf", "false", NULL },
        { "a folder as an argument", "/usr/bin/python3 /opt", "/usr/bin/python3.11", "/opt", "false", NULL },
        { "merged folders", "/bin/numactl", "/usr/bin/numactl", NULL, "false", NULL },
        { "a new link that leads to the same", "/opt/before/bin/hft", "/opt/releases/42/bin/hft", "/opt/before", "false",
          NULL },
        { "not there any more", "/opt/gone/bin/hft", "/opt/releases/42/bin/hft", NULL, "unreadable ENOENT",
          "what its unit starts could not be found" },
        { "a name without a path", "hft", "/opt/releases/42/bin/hft", NULL, "false",
          "what its unit starts was not told, so only the age of its program was compared" },
        { "not told", NULL, "/opt/releases/42/bin/hft", NULL, "false",
          "what its unit starts was not told, so only the age of its program was compared" },
        { "other files than the host's", "/opt/current/bin/hft", "/srv/bin/hft", NULL, "unreadable ENOENT",
          "its program /srv/bin/hft is not found on this host: its process sees other files" },
};

static struct tree *make(const char *command, const char *program)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(things); i++) {
                if (things[i].target)
                        tree_link(tree, things[i].path, things[i].target);
                else
                        tree_file(tree, things[i].path, "%s", things[i].path);
                if (!things[i].target)
                        tree_mode(tree, things[i].path, things[i].runs ? 0755 : 0644);
        }
        for (size_t i = 0; i < COUNT(things); i++)
                date(tree, things[i].path, OLD);
        tree_file(tree, "/.plumbline/ask/unit/a.service", STARTED "%s",
                  command ? pool_format(pool, "ExecStart=%s\n", command) : "");
        tree_link(tree, "/proc/77/exe", program);
        tree_file(tree, "/proc/77/limits", "Limit\n");
        return tree;
}

static void expect_restart(const char *name, struct tree *tree, const char *want, const char *note)
{
        static const char *const asked[] = { FACT, NULL };
        struct facts *facts = probe_facts_asked(tree_host(tree), &probe_service, asked);
        const struct fact_row row = { FACT, want };
        const struct fact *fact = fact_find(facts, FACT);

        expect_facts(name, facts, &row, 1);
        EXPECT_TEXT(name, fact ? fact->note : NULL, note);
        facts_free(facts);
        tree_free(tree);
}

static void test_command(void)
{
        for (size_t i = 0; i < COUNT(rows); i++) {
                struct tree *tree = make(rows[i].command, rows[i].program);

                if (rows[i].new)
                        date(tree, rows[i].new, NEW);
                expect_restart(rows[i].name, tree, rows[i].want, rows[i].note);
        }
}

/* Hard links: a release that shares its files with the one before it. */
static void test_same_inode(void)
{
        struct tree *tree = make("/opt/current/bin/hft", "/opt/releases/42/bin/hft");
        autopool struct pool *pool = pool_new();

        tree_remove(tree, "/opt/releases/43/bin/hft");
        EXPECT_NUMBER("linked",
                      linkat(AT_FDCWD, pool_format(pool, "%s/opt/releases/42/bin/hft", tree_path(tree)), AT_FDCWD,
                             pool_format(pool, "%s/opt/releases/43/bin/hft", tree_path(tree)), 0),
                      0);
        date(tree, "/opt/current", NEW);
        expect_restart("one file under two names", tree, "false", NULL);
}

/* What rsync and tar date back, the inode's own time tells, which only a live host and its captures have. */
static void test_dated_back(void)
{
        static const struct {
                const char *name, *command, *program, *seen, *want, *note;
        } cases[] = {
                { "a script that was put there", "/opt/releases/43/run.sh", "/usr/bin/bash",
                  "stat 100755,0,0,23,631152000,1,1262304000,1,9 /opt/releases/43/run.sh\n", "true",
                  "/opt/releases/43/run.sh was put there or changed since" },
                { "as an older capture tells it", "/opt/releases/43/run.sh", "/usr/bin/bash",
                  "stat 100755,0,0,23,631152000,1 /opt/releases/43/run.sh\n", "false",
                  ONLY_AGE("/opt/releases/43/run.sh", "/usr/bin/bash") },
                { "a wrapper that a package exchanged", "/usr/bin/numactl - .", "/opt/releases/42/bin/hft",
                  "stat 100755,0,0,16,631152000,1,1262304000,1,9 /usr/bin/numactl\n", "false",
                  ONLY_AGE("/usr/bin/numactl", "/opt/releases/42/bin/hft") },
                { "a script that a package exchanged", "/usr/bin/start", "/opt/releases/42/bin/hft",
                  "stat 100755,0,0,14,631152000,1,1262304000,1,9 /usr/bin/start\n", "false",
                  ONLY_AGE("/usr/bin/start", "/opt/releases/42/bin/hft") },
                { "a link that was put in its place", "/opt/current/bin/hft", "/opt/releases/42/bin/hft",
                  "stat 120777,0,0,11,631152000,1,1262304000,1,9 /opt/current\n", "true",
                  "the link /opt/current was made since, and leads to /opt/releases/43/bin/hft" },
                { "a folder that was put in the place of another", "/opt/releases/43/bin/hft", "/opt/releases/42/bin/hft",
                  "stat 040755,0,0,9,631152000,2,1262304000,1,7 /opt/releases/42\n"
                  "stat 040755,0,0,9,631152000,2,1262304000,1,8 /opt/releases/43\n",
                  "true", "/opt/releases/43/bin/hft was put in the place of /opt/releases/42/bin/hft since" },
                { "a folder beside another", "/opt/releases/43/bin/hft", "/opt/releases/42/bin/hft",
                  "stat 040755,0,0,9,631152000,2,1262304000,1,8 /opt/releases/43\n", "false",
                  ONLY_AGE("/opt/releases/43/bin/hft", "/opt/releases/42/bin/hft") },
                { "a folder with a program of another name", "/opt/releases/43/run.sh", "/opt/releases/42/bin/hft",
                  "stat 040755,0,0,9,631152000,2,1262304000,1,7 /opt/releases/42\n"
                  "stat 040755,0,0,9,631152000,2,1262304000,1,8 /opt/releases/43\n",
                  "false", ONLY_AGE("/opt/releases/43/run.sh", "/opt/releases/42/bin/hft") },
                { "one file by its number", "/opt/releases/43/bin/hft", "/opt/releases/42/bin/hft",
                  "stat 100755,0,0,24,631152000,2,1262304000,1,9 /opt/releases/42/bin/hft\n"
                  "stat 100755,0,0,24,631152000,2,1262304000,1,9 /opt/releases/43/bin/hft\n",
                  "false", NULL },
                { "two files of one number on two disks", "/opt/releases/43/bin/hft", "/opt/releases/42/bin/hft",
                  "stat 100755,0,0,24,631152000,2,1262304000,1,9 /opt/releases/42/bin/hft\n"
                  "stat 100755,0,0,24,631152000,2,1262304000,2,9 /opt/releases/43/bin/hft\n",
                  "true", "/opt/releases/43/bin/hft was put there or changed since" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = make(cases[i].command, cases[i].program);

                date(tree, "/opt/releases/42", OLD);
                date(tree, "/opt/releases/43", OLD);
                tree_file(tree, "/.plumbline/seen", "%s", cases[i].seen);
                expect_restart(cases[i].name, tree, cases[i].want, cases[i].note);
        }
}

static void test_own_root(void)
{
        static const struct {
                const char *name, *property, *want;
        } cases[] = {
                { "a root of its own", "RootDirectory=/srv/root", "unreadable ENOENT" },
                { "an image of its own", "RootImage=/srv/root.img", "unreadable ENOENT" },
                { "the host's root", "RootDirectory=/\nRootImage=", "false" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = make(NULL, "/opt/releases/42/bin/hft");

                tree_file(tree, "/.plumbline/ask/unit/a.service", STARTED "ExecStart=/opt/before/bin/hft\n%s\n",
                          cases[i].property);
                expect_restart(cases[i].name, tree, cases[i].want,
                               strcmp(cases[i].want, "false")
                                       ? "its program /opt/releases/42/bin/hft is not found on this host: its "
                                         "process sees other files"
                                       : NULL);
        }
}

static const struct test tests[] = {
        { "what ExecStart names", test_command },
        { "one file under two names", test_same_inode },
        { "what was dated back", test_dated_back },
        { "a root of its own", test_own_root },
        { NULL, NULL },
};

const struct suite suite_service_program = { "service_program", tests };

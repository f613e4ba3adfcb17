/* The files of profiles: which are found, which are believed, and what hostile ones come to. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tree.h"
#include "tests/unit/suites.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MIB  ((size_t)1024 * 1024)
#define FINE "plumbline: 1\nrequire: { critical: { cpu.cores: 1 } }\n"

/* begins: whether the problem only begins so. */
static void expect_load(struct tree *tree, const char *row, const char *name, int result, const char *want, bool begins)
{
        autopool struct pool *pool = pool_new();
        struct profile *profile;
        const char *problem;

        EXPECT_NUMBER(row, profile_tree_load(tree, pool, name, &profile, &problem), result);
        if (!begins || !text_starts(problem, want))
                EXPECT_TEXT(row, problem, want);
        profile_free(profile);
}

static void put(struct tree *tree, const char *path, mode_t mode, uid_t owner)
{
        autopool struct pool *pool = pool_new();
        const char *full = pool_format(pool, "%s%s", tree_path(tree), path);

        EXPECT(path, chmod(full, mode) == 0 && (owner == 0 || chown(full, owner, (gid_t)-1) == 0));
}

static void test_kinds(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();

        tree_file(tree, "/p/fine.yaml", FINE);
        tree_link(tree, "/p/link.yaml", "fine.yaml");
        tree_link(tree, "/p/nowhere.yaml", "gone.yaml");
        tree_link(tree, "/p/round.yaml", "round.yaml");
        tree_folder(tree, "/p/folder.yaml");
        tree_link(tree, "/p/device.yaml", "/dev/zero");
        EXPECT("fifo", mkfifo(pool_format(pool, "%s/p/fifo.yaml", tree_path(tree)), 0644) == 0);
        tree_bytes(tree, "/p/nul.yaml", "plumbline: 1\nname: a\0b\n", 23);

        expect_load(tree, "a file", "/p/fine.yaml", 0, "", false);
        expect_load(tree, "a link", "/p/link.yaml", 0, "", false);
        expect_load(tree, "a link to nothing", "/p/nowhere.yaml", -ENOENT, "@/p/nowhere.yaml: No such file or directory",
                    false);
        expect_load(tree, "a link to itself", "/p/round.yaml", -ELOOP, "@/p/round.yaml: Too many levels of symbolic links",
                    false);
        expect_load(tree, "nothing", "/p/gone.yaml", -ENOENT, "@/p/gone.yaml: found no such profile", false);
        expect_load(tree, "below a file", "/p/fine.yaml/x", -ENOENT, "@/p/fine.yaml/x: found no such profile", false);
        expect_load(tree, "a folder", "/p/folder.yaml", -EINVAL, "@/p/folder.yaml: found a folder, expected a regular file",
                    false);
        expect_load(tree, "a device", "/p/device.yaml", -EINVAL, "@/p/device.yaml: found a device, expected a regular file",
                    false);
        expect_load(tree, "a FIFO", "/p/fifo.yaml", -EINVAL, "@/p/fifo.yaml: found a FIFO, expected a regular file", false);
        expect_load(tree, "a NUL byte", "/p/nul.yaml", -EINVAL, "@/p/nul.yaml:2:8: found a NUL byte, expected text", false);
        expect_load(tree, "no name", "", -ENOENT, ": found no such profile in @/local or @/shipped", false);
        tree_free(tree);
}

static void test_names(void)
{
        struct tree *tree = tree_new();

        expect_load(tree, "no folders", "trading", -ENOENT, "trading: found no such profile in @/local or @/shipped", false);
        tree_file(tree, "/shipped/trading.yaml", FINE);
        tree_file(tree, "/shipped/broken.yaml", "x: y\n");
        tree_link(tree, "/local/trading.yaml", "gone.yaml");
        expect_load(tree, "a typing error", "tradnig", -ENOENT,
                    "tradnig: found no such profile in @/local or @/shipped; did you mean \"trading\"?", false);
        expect_load(tree, "what hides another must be right", "trading", -ENOENT,
                    "@/local/trading.yaml: No such file or directory", false);
        tree_remove(tree, "/local/trading.yaml");
        expect_load(tree, "shipped", "trading", 0, "", false);
        expect_load(tree, "broken", "broken", -EINVAL,
                    "@/shipped/broken.yaml:1:1: found no \"plumbline\", expected \"plumbline: 1\" in it", false);
        tree_free(tree);
}

/* What is done to /p/in/x.yaml, and what becomes of it. */
static const struct {
        const char *name;
        mode_t file, folder, above;
        const char *problem; /* NULL: believed */
} modes[] = {
        { "closed", 0644, 0755, 0755, NULL },
        { "private", 0600, 0700, 0700, NULL },
        { "group may write", 0664, 0755, 0755, "@/p/in/x.yaml with mode 0664 owned by uid " },
        { "others may write", 0646, 0755, 0755, "@/p/in/x.yaml with mode 0646 owned by uid " },
        { "a sticky file is no sticky folder", 01666, 0755, 0755, "@/p/in/x.yaml with mode 1666 owned by uid " },
        { "others may write the folder", 0644, 0777, 0755, "@/p/in with mode 0777 owned by uid " },
        { "group may write the folder", 0644, 0775, 0755, "@/p/in with mode 0775 owned by uid " },
        { "others may write the folder above", 0644, 0755, 0777, "@/p with mode 0777 owned by uid " },
        { "sticky folders", 0644, 01777, 01777, NULL },
};

static void test_modes(void)
{
        for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();

                tree_file(tree, "/p/in/x.yaml", FINE);
                tree_link(tree, "/link.yaml", "p/in/x.yaml");
                put(tree, "/p/in/x.yaml", modes[i].file, 0);
                put(tree, "/p/in", modes[i].folder, 0);
                put(tree, "/p", modes[i].above, 0);
                if (!modes[i].problem) {
                        expect_load(tree, modes[i].name, "/p/in/x.yaml", 0, "", false);
                } else {
                        expect_load(tree, modes[i].name, "/p/in/x.yaml", -EPERM,
                                    pool_format(pool, "@/p/in/x.yaml: found %s", modes[i].problem), true);
                        expect_load(tree, modes[i].name, "/link.yaml", -EPERM,
                                    pool_format(pool, "@/link.yaml: found %s", modes[i].problem), true);
                }
                tree_free(tree);
        }
}

/* What the program's owner could do through the program, that user may do through its profiles, and nothing more. */
static void check_program_owner(struct tree *tree)
{
        struct stat program;

        if (!EXPECT("program", stat("/proc/self/exe", &program) == 0))
                return;
        tree_file(tree, "/shipped/its.yaml", FINE);
        put(tree, "/shipped/its.yaml", 0644, program.st_uid);
        put(tree, "/shipped", 0755, program.st_uid);
        tree_link(tree, "/p/link.yaml", "../shipped/its.yaml");
        expect_load(tree, "shipped, of the program's owner", "its", 0, "", false);
        expect_load(tree, "the same by a link", "/p/link.yaml", 0, "", false);
        tree_file(tree, "/p/its.yaml", FINE);
        put(tree, "/p/its.yaml", 0644, program.st_uid);
        expect_load(tree, "elsewhere, of the program's owner", "/p/its.yaml", program.st_uid == 0 ? 0 : -EPERM,
                    program.st_uid == 0 ? "" : "@/p/its.yaml: found @/p/its.yaml with mode 0644 ", true);
}

static void test_owners(void)
{
        struct tree *tree = tree_new();

        if (geteuid() != 0) {
                puts("skipped: only root can give files away");
                tree_free(tree);
                return;
        }
        tree_file(tree, "/p/theirs.yaml", FINE);
        put(tree, "/p/theirs.yaml", 0644, 12345);
        tree_file(tree, "/q/ours.yaml", FINE);
        put(tree, "/q", 0755, 12345);
        tree_file(tree, "/shipped/theirs.yaml", FINE);
        put(tree, "/shipped/theirs.yaml", 0644, 12345);
        tree_file(tree, "/p/top.yaml", "plumbline: 1\nextends: [theirs]\n");
        expect_load(tree, "another's file", "/p/theirs.yaml", -EPERM,
                    "@/p/theirs.yaml: found @/p/theirs.yaml with mode 0644 owned by uid 12345, expected an owner of root",
                    true);
        expect_load(tree, "another's folder", "/q/ours.yaml", -EPERM,
                    "@/q/ours.yaml: found @/q with mode 0755 owned by uid 12345, expected an owner of root", true);
        expect_load(tree, "shipped, and not of the program's owner", "theirs", -EPERM,
                    "@/shipped/theirs.yaml: found @/shipped/theirs.yaml with mode 0644 owned by uid 12345, expected an owner "
                    "of root",
                    true);
        expect_load(tree, "extended", "/p/top.yaml", -EPERM,
                    "@/shipped/theirs.yaml: found @/shipped/theirs.yaml with mode 0644 ", true);
        check_program_owner(tree);
        tree_free(tree);
}

static void test_extends(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/p/missing.yaml", "plumbline: 1\nextends: [ base, bsae ]\n");
        tree_file(tree, "/shipped/base.yaml", FINE);
        expect_load(
                tree, "missing", "/p/missing.yaml", -EINVAL,
                "@/p/missing.yaml:2:18: found \"bsae\", expected the name of a profile: there is none in @/local or @/shipped; "
                "did you mean \"base\"?",
                false);
        tree_file(tree, "/p/path.yaml", "plumbline: 1\nextends: [sub/x.yaml]\n");
        expect_load(tree, "missing path", "/p/path.yaml", -EINVAL,
                    "@/p/path.yaml:2:11: found \"sub/x.yaml\", expected the name of a profile: there is none at @/p/sub/x.yaml",
                    false);
        tree_file(tree, "/p/sub/x.yaml", "plumbline: 1\nextends: [y.yaml, z]\n");
        tree_file(tree, "/p/sub/y.yaml", FINE);
        tree_file(tree, "/p/sub/z.yaml", FINE);
        expect_load(tree, "beside the file that asks", "/p/path.yaml", 0, "", false);
        tree_link(tree, "/p/sub/z.yaml", "gone");
        expect_load(tree, "a link to nothing", "/p/path.yaml", -EINVAL,
                    "@/p/sub/x.yaml:2:19: found a profile that cannot be read: @/p/sub/z.yaml: No such file or directory, "
                    "expected a "
                    "file",
                    false);
        tree_file(tree, "/p/broken.yaml", "plumbline: 1\nextends: [part.yaml]\n");
        tree_file(tree, "/p/part.yaml", "plumbline: 1\nextends: [base]\ntune: { sysctl: { a: [] } }\n");
        expect_load(tree, "a problem below names its file", "/p/broken.yaml", -EINVAL, "@/p/part.yaml:3:22: found a list, ",
                    true);
        tree_file(tree, "/p/twice.yaml", "plumbline: 1\nextends: [base, base]\n");
        expect_load(tree, "twice", "/p/twice.yaml", -EINVAL,
                    "@/p/twice.yaml:2:17: found \"base\" a second time, expected it once", false);
        tree_free(tree);
}

static void test_loops(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/p/self.yaml", "plumbline: 1\nextends: [self]\n");
        expect_load(tree, "itself", "/p/self.yaml", -EINVAL,
                    "@/p/self.yaml:2:11: found a loop: @/p/self.yaml -> @/p/self.yaml, expected another profile", false);
        tree_file(tree, "/p/a.yaml", "plumbline: 1\nextends: [b]\n");
        tree_file(tree, "/p/b.yaml", "plumbline: 1\nextends: [c.yaml]\n");
        tree_file(tree, "/p/c.yaml", "plumbline: 1\nextends: [d]\n");
        tree_link(tree, "/p/d.yaml", "a.yaml");
        expect_load(tree, "four, by a link", "/p/a.yaml", -EINVAL,
                    "@/p/c.yaml:2:11: found a loop: @/p/a.yaml -> @/p/b.yaml -> @/p/c.yaml -> @/p/d.yaml, expected profiles "
                    "that do "
                    "not extend each other",
                    false);
        tree_file(tree, "/local/trading.yaml", "plumbline: 1\nextends: [trading]\n");
        expect_load(tree, "a local one without a shipped one", "trading", -EINVAL,
                    "@/local/trading.yaml:2:11: found a loop: ", true);
        tree_file(tree, "/shipped/trading.yaml", FINE);
        expect_load(tree, "a local one over the shipped one", "trading", 0, "", false);
        tree_free(tree);
}

static double seconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Each is small to write and would be large to unfold. */
static void test_sizes(void)
{
        struct tree *tree = tree_new();
        autobuffer struct text_buffer keys = { 0 }, deep = { 0 }, flow = { 0 }, line = { 0 };
        double start = seconds();

        text_add(&keys, "plumbline: 1\n");
        for (unsigned i = 0; i < 100000; i++)
                text_addf(&keys, "k%x:\n", i);
        tree_file(tree, "/p/keys.yaml", "%s", keys.at);
        expect_load(tree, "100 000 keys", "/p/keys.yaml", -EINVAL,
                    "@/p/keys.yaml:10000:7: found more than 20000 keys and values, expected fewer", false);
        for (unsigned i = 0; i < 400000; i++)
                text_add(&deep, "[");
        tree_file(tree, "/p/deep.yaml", "%s", deep.at);
        expect_load(tree, "400 000 brackets", "/p/deep.yaml", -EINVAL, "@/p/deep.yaml:1:", true);
        text_add(&flow, "plumbline: 1\nname: a\nsummary: ");
        for (unsigned i = 0; i < 17; i++)
                text_add(&flow, "{a: ");
        tree_file(tree, "/p/flow.yaml", "%s", flow.at);
        expect_load(tree, "17 maps", "/p/flow.yaml", -EINVAL,
                    "@/p/flow.yaml:3:70: found maps and lists within each other more than 16 deep, expected fewer", false);
        text_add(&line, "plumbline: 1\n");
        for (size_t i = 0; i < MIB; i++)
                text_add(&line, "x");
        tree_file(tree, "/p/big.yaml", "%s", line.at);
        expect_load(tree, "beyond 1 MiB", "/p/big.yaml", -EINVAL,
                    "@/p/big.yaml: found a file of 1048589 bytes, expected at most 1 MiB", false);
        line.at[MIB] = '\0';
        tree_file(tree, "/p/line.yaml", "%s", line.at);
        expect_load(tree, "a line of 1 MiB", "/p/line.yaml", -EINVAL, "@/p/line.yaml:", true);
        tree_file(tree, "/p/key.yaml", "plumbline: 1\n? %s\n: 1\n", line.at + MIB - 300);
        expect_load(tree, "a long key", "/p/key.yaml", -EINVAL,
                    "@/p/key.yaml:2:3: found a key of 300 bytes, expected at most 256", false);
        tree_file(tree, "/p/laughs.yaml", "plumbline: 1\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n");
        expect_load(tree, "a billion laughs", "/p/laughs.yaml", -EINVAL, "@/p/laughs.yaml:2:4: found the anchor &a, ", true);
        EXPECT("in a moment", seconds() - start < 60);
        tree_free(tree);
}

/* Each of 20 profiles extends the next one by two ways: a million loads, were they not counted. */
static void test_exploding_extends(void)
{
        autopool struct pool *loading = pool_new();
        struct tree *tree = tree_new();
        double start = seconds();
        struct profile *profile;
        const char *problem;

        for (int i = 0; i < 20; i++) {
                autopool struct pool *pool = pool_new();

                tree_file(tree, pool_format(pool, "/p/x%d.yaml", i), "plumbline: 1\nextends: [x%d, x%d.yaml]\n", i + 1, i + 1);
        }
        tree_file(tree, "/p/x20.yaml", FINE);
        EXPECT_NUMBER("a million loads", profile_tree_load(tree, loading, "/p/x0.yaml", &profile, &problem), -EINVAL);
        EXPECT("a million loads", strstr(problem, "found more than 64 profiles that extend each other") != NULL);
        EXPECT("in a moment", seconds() - start < 60);
        tree_free(tree);
}

static void test_list(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        const struct profile_places places = { .shipped = pool_format(pool, "%s/shipped", tree_path(tree)),
                                               .local = pool_format(pool, "%s/local", tree_path(tree)) };
        static const char *const names[] = { "base", "host2", "host10", "trading" };
        struct profile_name *rows;
        size_t count;

        EXPECT_NUMBER("no folders", profile_list(&places, pool, &rows, &count), 0);
        EXPECT_NUMBER("no folders", count, 0);
        tree_file(tree, "/shipped/trading.yaml", "plumbline: 1\nsummary: shipped\n");
        tree_file(tree, "/shipped/base.yaml", "plumbline: 1\n");
        tree_file(tree, "/shipped/README", "no profile\n");
        tree_file(tree, "/shipped/.hidden.yaml", "plumbline: 1\n");
        tree_file(tree, "/local/trading.yaml", "plumbline: 1\nsummary: local\nextends: [trading]\n");
        tree_file(tree, "/local/host10.yaml", "plumbline: 3\n");
        tree_file(tree, "/local/host2.yaml", "plumbline: 1\nsummary: two\n");
        EXPECT_NUMBER("list", profile_list(&places, pool, &rows, &count), 0);
        if (EXPECT_NUMBER("list", count, 4)) {
                for (size_t i = 0; i < count; i++)
                        EXPECT_TEXT("name", rows[i].name, names[i]);
                EXPECT_TEXT("none", rows[0].summary, NULL);
                EXPECT_TEXT("a summary", rows[1].summary, "two");
                EXPECT("a broken one", rows[2].summary && text_starts(rows[2].summary, "not valid: "));
                EXPECT_TEXT("local hides shipped", rows[3].summary, "local");
                EXPECT("path", text_ends(rows[3].path, "/local/trading.yaml"));
        }
        tree_free(tree);
}

static const struct test tests[] = {
        { "kinds of files", test_kinds },
        { "names", test_names },
        { "modes", test_modes },
        { "owners", test_owners },
        { "extends", test_extends },
        { "loops", test_loops },
        { "sizes", test_sizes },
        { "exploding extends", test_exploding_extends },
        { "list", test_list },
        { NULL, NULL },
};
const struct suite suite_profile_file = { "profile_file", tests };

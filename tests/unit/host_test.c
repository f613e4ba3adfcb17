/* The door: nothing outside the root is reached, odd files are refused, changes are whole. */

#include "agent/core/host.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void reads(void)
{
        static const struct {
                const char *name, *path;
                int r;
                const char *text;
        } cases[] = {
                { "a file", "/proc/version", 0, "Linux\n" },
                { "through a link", "/proc/link", 0, "Linux\n" },
                { "through a link with a root of its own", "/proc/absolute", 0, "Linux\n" },
                { "a link that climbs out stays inside", "/proc/climbing", 0, "Linux\n" },
                { "a link to a file of the real machine", "/proc/outside", -ENOENT, NULL },
                { "a folder", "/proc", -EISDIR, NULL },
                { "nothing", "/proc/none", -ENOENT, NULL },
                { "below a file", "/proc/version/x", -ENOTDIR, NULL },
                { "a link to itself", "/proc/loop", -ELOOP, NULL },
                { "a FIFO", "/proc/fifo", -EINVAL, NULL },
                { "a device", "/proc/device", -EINVAL, NULL },
                { "binary", "/proc/binary", -EILSEQ, NULL },
                { "empty", "/proc/empty", 0, "" },
        };
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host;
        char path[512];

        tree_file(tree, "/proc/version", "Linux\n");
        tree_file(tree, "/proc/empty", "%s", "");
        tree_bytes(tree, "/proc/binary", "a\0b", 3);
        tree_link(tree, "/proc/link", "version");
        tree_link(tree, "/proc/absolute", "/proc/version");
        tree_link(tree, "/proc/climbing", "../../../../../../../../proc/version");
        tree_link(tree, "/proc/outside", "/usr/bin/env");
        tree_link(tree, "/proc/loop", "loop");
        snprintf(path, sizeof path, "%s/proc/fifo", tree_path(tree));
        EXPECT(NULL, mkfifo(path, 0600) == 0);
        snprintf(path, sizeof path, "%s/proc/device", tree_path(tree));
        if (mknod(path, S_IFCHR | 0600, 0x103) < 0)
                tree_link(tree, "/proc/device", "fifo");
        host = tree_host(tree);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const char *text = NULL;

                EXPECT_NUMBER(cases[i].name, host_read(host, pool, &text, "%s", cases[i].path), cases[i].r);
                if (cases[i].r == 0)
                        EXPECT_TEXT(cases[i].name, text, cases[i].text);
        }
        EXPECT(NULL, host_changes(host) == 0);
        tree_free(tree);
}

static void large(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        size_t size = 17U << 20;
        char *bytes = memory_zero(size);
        const char *text;

        memset(bytes, 'x', size);
        tree_bytes(tree, "/proc/huge", bytes, size);
        tree_bytes(tree, "/proc/line", bytes, 1U << 20);
        EXPECT_NUMBER("more than any file there", host_read(tree_host(tree), pool, &text, "/proc/huge"), -EFBIG);
        EXPECT_NUMBER("a megabyte in a line", host_read(tree_host(tree), pool, &text, "/proc/line"), 0);
        EXPECT_NUMBER("all of it", strlen(text), 1U << 20);
        free(bytes);
        tree_free(tree);
}

/* Around the size of a page and of the door's own room, wherever a short read does or does not end a file. */
static void sizes(void)
{
        static const char *const folders[] = { "/etc", "/sys", "/proc" };
        static const size_t each[] = { 1, 4095, 4096, 4097, 8191, 8192, 8193, 32768, 100000 };
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        char *bytes = memory_zero(100000);

        memset(bytes, 'x', 100000);
        for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
                for (size_t j = 0; j < sizeof folders / sizeof folders[0]; j++) {
                        const char *path = pool_format(pool, "%s/%zu", folders[j], each[i]), *text = NULL;

                        tree_bytes(tree, path, bytes, each[i]);
                        EXPECT_NUMBER(path, host_read(tree_host(tree), pool, &text, "%s", path), 0);
                        EXPECT(path, text && strlen(text) == each[i] && strspn(text, "x") == each[i]);
                }
        free(bytes);
        tree_free(tree);
}

/* The folder of the last file is kept open: another one in its place must be seen. */
static void folders_change(void)
{
        const struct content gone = { .kind = CONTENT_ABSENT };
        const struct content link = { .kind = CONTENT_LINK, .bytes = "other", .size = 5 };
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host;
        const char *text = NULL;

        tree_file(tree, "/etc/folder/file", "old\n");
        tree_file(tree, "/etc/other/file", "new\n");
        host = tree_host(tree);
        EXPECT_NUMBER("reads", host_read(host, pool, &text, "/etc/folder/file"), 0);
        EXPECT_TEXT("reads", text, "old\n");
        EXPECT_NUMBER("none there", host_read(host, pool, &text, "/etc/folder/none"), -ENOENT);
        EXPECT_NUMBER("itself", host_read(host, pool, &text, "/etc/folder/."), -EISDIR);
        EXPECT_NUMBER("above", host_read(host, pool, &text, "/etc/folder/.."), -EISDIR);
        EXPECT_NUMBER("with a slash behind", host_read(host, pool, &text, "/etc/folder/"), -EISDIR);
        EXPECT_NUMBER("file goes", host_replace(host, "/etc/folder/file", &gone), 0);
        EXPECT_NUMBER("folder goes", host_replace(host, "/etc/folder", &gone), 0);
        EXPECT_NUMBER("gone", host_read(host, pool, &text, "/etc/folder/file"), -ENOENT);
        EXPECT_NUMBER("link comes", host_replace(host, "/etc/folder", &link), 0);
        EXPECT_NUMBER("reads", host_read(host, pool, &text, "/etc/folder/file"), 0);
        EXPECT_TEXT("reads", text, "new\n");
        tree_free(tree);
}

static void reach(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host;
        const char *text;

        tree_file(tree, "/sys/class/net/eth0/speed", "10000\n");
        tree_file(tree, "/sys/class/net/eth0/mtu", "1500\n");
        host = tree_host(tree);
        host_allow(host, REACH_QUIET);
        EXPECT_NUMBER("speed takes the rtnl lock", host_read(host, pool, &text, "/sys/class/net/eth0/speed"), -ECANCELED);
        EXPECT_NUMBER("mtu does not", host_read(host, pool, &text, "/sys/class/net/eth0/mtu"), 0);
        EXPECT_NUMBER("quiet reads", host_reads(host, REACH_QUIET), 1);
        EXPECT_NUMBER("touching reads", host_reads(host, REACH_TOUCHING), 0);
        host_allow(host, REACH_TOUCHING);
        EXPECT_NUMBER("allowed", host_read(host, pool, &text, "/sys/class/net/eth0/speed"), 0);
        EXPECT_NUMBER("counted", host_reads(host, REACH_TOUCHING), 1);
        tree_free(tree);
}

/* Quiet, but for what is named. */
static void reach_besides(void)
{
        static const char *const also[] = { "/sys/class/net/eth0/speed", "ethtool/linkmodes/*", "/sys/*", NULL };
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host = tree_host(tree);
        const char *text;
        const void *answer;
        size_t size;

        tree_file(tree, "/sys/class/net/eth0/speed", "10000\n");
        tree_file(tree, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1\n");
        tree_file(tree, "/.plumbline/ask/ethtool/linkmodes/eth0", "x");
        tree_file(tree, "/.plumbline/ask/ethtool/drvinfo/eth0", "x");
        host_allow(host, REACH_QUIET);
        host_allow_also(host, also);
        EXPECT_NUMBER("a file that is named", host_read(host, pool, &text, "/sys/class/net/eth0/speed"), 0);
        EXPECT_NUMBER("counted as what it is", host_reads(host, REACH_TOUCHING), 1);
        EXPECT_NUMBER("a question that is named", host_ask(host, pool, &answer, &size, "ethtool/linkmodes/eth0"), 0);
        EXPECT_NUMBER("one that is not", host_ask(host, pool, &answer, &size, "ethtool/drvinfo/eth0"), -ECANCELED);
        EXPECT_NUMBER("what disturbs stays refused",
                      host_read(host, pool, &text, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq"), -ECANCELED);
        tree_free(tree);
}

static void lists(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        const char *const *names;

        tree_file(tree, "/sys/class/net/eth10/mtu", "1\n");
        tree_file(tree, "/sys/class/net/eth2/mtu", "1\n");
        tree_file(tree, "/sys/class/net/lo/mtu", "1\n");
        EXPECT_NUMBER(NULL, host_list(tree_host(tree), pool, &names, "/sys/class/net"), 0);
        EXPECT_TEXT("natural order", names[0], "eth2");
        EXPECT_TEXT("natural order", names[1], "eth10");
        EXPECT_TEXT("natural order", names[2], "lo");
        EXPECT(NULL, names[3] == NULL);
        EXPECT_NUMBER("a file", host_list(tree_host(tree), pool, &names, "/sys/class/net/lo/mtu"), -ENOTDIR);
        tree_free(tree);
}

static struct content file_of(const char *text)
{
        return (struct content){
                .kind = CONTENT_FILE, .bytes = text, .size = strlen(text), .mode = 0640, .uid = geteuid(), .gid = getegid()
        };
}

static void replaces(void)
{
        struct content file = file_of("new\n"), nothing = { .kind = CONTENT_ABSENT }, found;
        struct content link = { .kind = CONTENT_LINK, .bytes = "/dev/null", .size = 9, .uid = geteuid(), .gid = getegid() };
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host;

        tree_file(tree, "/etc/old", "old\n");
        tree_link(tree, "/out", "/../../etc");
        host = tree_host(tree);
        EXPECT_NUMBER("over a file", host_replace(host, "/etc/old", &file), 0);
        EXPECT_NUMBER(NULL, host_content(host, pool, &found, "/etc/old"), 0);
        EXPECT("content, mode and owner", content_equals(&found, &file));
        EXPECT_NUMBER("a link in its place", host_replace(host, "/etc/old", &link), 0);
        EXPECT_NUMBER(NULL, host_content(host, pool, &found, "/etc/old"), 0);
        EXPECT("the link itself", content_equals(&found, &link));
        EXPECT_NUMBER("away", host_replace(host, "/etc/old", &nothing), 0);
        EXPECT_NUMBER(NULL, host_content(host, pool, &found, "/etc/old"), 0);
        EXPECT("gone", found.kind == CONTENT_ABSENT);
        EXPECT_NUMBER("through a link that climbs", host_replace(host, "/out/inside", &file), 0);
        EXPECT("stays inside", host_exists(host, "/etc/inside"));
        EXPECT_NUMBER("no folder above", host_replace(host, "/none/x", &file), -ENOENT);
        tree_free(tree);
}

static void faults(void)
{
        struct content file = file_of("new\n"), found, old = file_of("old\n");
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host;
        const char *text;

        tree_file(tree, "/etc/old", "old\n");
        tree_mode(tree, "/etc/old", 0640);
        host = tree_host(tree);
        for (unsigned nth = 1; nth <= 2; nth++) {
                host_fault(host, FAULT_FAIL, nth);
                EXPECT_NUMBER("fails as asked", host_replace(host, "/etc/old", &file), -EIO);
                EXPECT_NUMBER(NULL, host_content(host, pool, &found, "/etc/old"), 0);
                EXPECT("the old one is whole", content_equals(&found, &old));
                EXPECT("nothing is left beside it", !host_exists(host, "/etc/.old.plumbline-new"));
        }
        host_fault(host, FAULT_FULL, 1);
        EXPECT_NUMBER("full disk", host_append(host, "/etc/log", "0123456789", 10), -ENOSPC);
        EXPECT_NUMBER("half of it", host_read(host, pool, &text, "/etc/log"), 0);
        EXPECT_TEXT("half of it", text, "01234");
        tree_free(tree);
}

static void locks(void)
{
        struct tree *tree = tree_new();
        struct host *host, *second = NULL;

        tree_folder(tree, "/run");
        host = tree_host(tree);
        EXPECT_NUMBER("no file yet", host_lock(host, "/run/lock", false), -ENOENT);
        EXPECT_NUMBER("made", host_lock(host, "/run/lock", true), 0);
        EXPECT_NUMBER(NULL, host_open(tree_path(tree), &second), 0);
        EXPECT_NUMBER("held", host_lock(second, "/run/lock", false), -EBUSY);
        EXPECT_NUMBER("held", host_lock(second, "/run/lock", true), -EBUSY);
        host_close(second);
        tree_free(tree);
}

static void questions_of_trees(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        const void *answer;
        size_t size;

        tree_file(tree, "/.plumbline/ask/statvfs/%2fboot", "bsize 4096\n");
        if (!EXPECT_NUMBER("stored", host_ask(tree_host(tree), pool, &answer, &size, "statvfs/%s", "/boot"), 0)) {
                tree_free(tree);
                return;
        }
        EXPECT_TEXT("stored", answer, "bsize 4096\n");
        EXPECT_NUMBER("not stored", host_ask(tree_host(tree), pool, &answer, &size, "statvfs/%s", "/"), -ENODATA);
        EXPECT_NUMBER("no such question", host_ask(tree_host(tree), pool, &answer, &size, "weather"), -EOPNOTSUPP);
        EXPECT_NUMBER("orders are for live hosts", host_tell(tree_host(tree), "unit/ssh.service", "stop"), -EOPNOTSUPP);
        tree_free(tree);
}

static void live(void)
{
        static const char *const names[] = { NULL, "/", "//", "/.", "/../", "/usr/..", "/proc/self/root" };
        struct tree *tree = tree_new();
        struct host *host;

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                EXPECT_NUMBER(names[i], host_open(names[i], &host), 0);
                EXPECT(names[i], host_is_live(host));
                host_close(host);
        }
        EXPECT_NUMBER("a tree", host_open(tree_path(tree), &host), 0);
        EXPECT("a tree", !host_is_live(host));
        host_close(host);
        EXPECT("a folder", !host_is_here("/usr"));
        EXPECT("nothing", !host_is_here("/no/such/folder"));
        tree_free(tree);
}

static const struct test tests[] = {
        { "live", live },
        { "reads", reads },
        { "large files", large },
        { "sizes", sizes },
        { "folders change", folders_change },
        { "reach", reach },
        { "reach besides", reach_besides },
        { "lists", lists },
        { "replaces", replaces },
        { "faults", faults },
        { "locks", locks },
        { "questions", questions_of_trees },
        { NULL, NULL },
};

const struct suite suite_host = { "host", tests };

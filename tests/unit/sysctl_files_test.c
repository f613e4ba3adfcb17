/* The order of sysctl.d files and who wins a key, on made trees and beside the real tool. */

#include "agent/core/pool.h"
#include "agent/core/sysctl_files.h"
#include "agent/core/sysctl_keys.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void keys(void)
{
        static const struct {
                const char *key, *path;
        } cases[] = {
                { "vm.swappiness", "vm/swappiness" },
                { "vm/swappiness", "vm/swappiness" },
                { "net/ipv4/conf/eth0.1/rp_filter", "net/ipv4/conf/eth0.1/rp_filter" },
                { "net.ipv4.conf.eth0/1.rp_filter", "net/ipv4/conf/eth0.1/rp_filter" },
                { "/net/ipv4//tcp_rmem/", "net/ipv4/tcp_rmem" },
                { "kernel", "kernel" },
                { "", "" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].key, sysctl_path(pool, cases[i].key), cases[i].path);
}

static void problems(void)
{
        static const struct {
                const char *key, *words; /* NULL: a good key */
        } cases[] = {
                { "vm.swappiness", NULL },
                { "net/ipv4/conf/eth0.1/rp_filter", NULL },
                { "kernel.sysrq", NULL },
                { "net.ipv4.tcp_nodelay", NULL },
                { "", "no sysctl key" },
                { "swappiness", "no sysctl key" },
                { "vm..swappiness", "no sysctl key" },
                { ".vm", "no sysctl key" },
                { "/proc/sys/vm/swappiness", "no sysctl key" },
                { "vm/../../etc/passwd", "no sysctl key" },
                { "vm.//.swappiness", "no sysctl key" },
                { "vm/./x", "no sysctl key" },
                { "vm.swappiness ", "no sysctl key" },
                { "vm.a\nb", "no sysctl key" },
                { "vm.a=b", "no sysctl key" },
                { "-vm.swappiness", "starts with '-'" },
                { "net.ipv4.conf.*.rp_filter", "pattern" },
                { "net.ipv4.conf.[a].rp_filter", "pattern" },
                { "vm.nr_hugepages", "use hugepages" },
                { "vm/nr_overcommit_hugepages", "use hugepages" },
                { "vm.drop_caches", "once" },
                { "vm.compact_memory", "once" },
                { "vm.stat_refresh", "interrupts" },
                { "net.ipv4.route.flush", "once" },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *problem = sysctl_key_problem(pool, cases[i].key);

                if (cases[i].words)
                        EXPECT(cases[i].key, problem && strstr(problem, cases[i].words));
                else
                        EXPECT_TEXT(cases[i].key, problem, NULL);
        }
        EXPECT("very long", sysctl_key_problem(pool, pool_format(pool, "vm.%0500d", 1)) != NULL);
}

static void make_files(struct tree *tree)
{
        tree_file(tree, "/etc/sysctl.conf", "# the usual\nvm.swappiness = 60\nkernel.panic=5\n");
        tree_link(tree, "/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf");
        tree_file(tree, "/etc/sysctl.d/20-b.conf", "  vm/swappiness =  10  \n; no\nvm.dirty_ratio = 10\nnonsense\n");
        tree_file(tree, "/usr/lib/sysctl.d/20-b.conf", "vm.dirty_ratio = 77\n");
        tree_file(tree, "/usr/lib/sysctl.d/10-a.conf", "vm.dirty_ratio = 66\nvm.overcommit_memory=1\n");
        tree_link(tree, "/etc/sysctl.d/30-off.conf", "/dev/null");
        tree_file(tree, "/usr/lib/sysctl.d/30-off.conf", "vm.overcommit_memory=2\n");
        tree_file(tree, "/run/sysctl.d/25-run.conf",
                  "net.ipv4.conf.*.rp_filter = 2\n"
                  "net.ipv4.conf.eth1.rp_filter = 1\n"
                  "-net.ipv4.conf.eth2.rp_filter\n"
                  "-kernel.core_uses_pid = 1\n");
        tree_file(tree, "/usr/local/lib/sysctl.d/50-x.conf",
                  "net.ipv4.conf.eth0/5.rp_filter=0\nnet.ipv4.conf.e*.rp_filter=3\n");
        tree_file(tree, "/usr/lib/sysctl.d/README", "vm.swappiness = 1\n");
}

static void order(void)
{
        static const char *const names[] = {
                "/usr/lib/sysctl.d/10-a.conf", "/etc/sysctl.d/20-b.conf",           "/run/sysctl.d/25-run.conf",
                "/etc/sysctl.d/30-off.conf",   "/usr/local/lib/sysctl.d/50-x.conf", "/etc/sysctl.d/99-sysctl.conf",
        };
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct sysctl_files files;

        make_files(tree);
        sysctl_files_read(tree_host(tree), pool, &files);
        EXPECT_NUMBER(NULL, files.file_count, COUNT(names));
        for (size_t i = 0; i < files.file_count && i < COUNT(names); i++) {
                EXPECT_TEXT(names[i], files.files[i].name, names[i]);
                EXPECT_NUMBER(names[i], files.files[i].error, 0);
        }
        EXPECT(NULL, !files.procps);
        tree_file(tree, "/etc/init.d/procps", "#!/bin/sh\n");
        sysctl_files_read(tree_host(tree), pool, &files);
        EXPECT(NULL, files.procps);
        EXPECT_TEXT("procps", files.files[files.file_count - 1].name, "/etc/sysctl.conf");
        tree_file(tree, "/usr/lib/systemd/systemd-sysctl", "x");
        sysctl_files_read(tree_host(tree), pool, &files);
        EXPECT(NULL, !files.procps);
        tree_free(tree);
}

static void winners(void)
{
        static const struct {
                const char *path, *without, *where, *value;
        } cases[] = {
                { "vm/swappiness", NULL, "/etc/sysctl.d/99-sysctl.conf:2", "60" },
                { "vm/swappiness", "99-sysctl.conf", "/etc/sysctl.d/20-b.conf:1", "10" },
                { "vm/dirty_ratio", NULL, "/etc/sysctl.d/20-b.conf:3", "10" },
                { "vm/overcommit_memory", NULL, "/usr/lib/sysctl.d/10-a.conf:2", "1" },
                { "kernel/panic", NULL, "/etc/sysctl.d/99-sysctl.conf:3", "5" },
                { "kernel/core_uses_pid", NULL, "/run/sysctl.d/25-run.conf:4", "1" },
                { "net/ipv4/conf/eth0.5/rp_filter", NULL, "/usr/local/lib/sysctl.d/50-x.conf:1", "0" },
                { "net/ipv4/conf/eth1/rp_filter", NULL, "/run/sysctl.d/25-run.conf:2", "1" },
                { "net/ipv4/conf/eth2/rp_filter", NULL, "/run/sysctl.d/25-run.conf:3", NULL },
                { "net/ipv4/conf/eth3/rp_filter", NULL, "/usr/local/lib/sysctl.d/50-x.conf:2", "3" },
                { "net/ipv4/conf/lo/rp_filter", NULL, "/run/sysctl.d/25-run.conf:1", "2" },
                { "net/ipv4/conf/a/b/rp_filter", NULL, NULL, NULL },
                { "vm/nothing", NULL, NULL, NULL },
        };
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct sysctl_files files;

        make_files(tree);
        sysctl_files_read(tree_host(tree), pool, &files);
        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct sysctl_line *line = sysctl_files_winner(&files, cases[i].path, cases[i].without);
                const char *where = line ? pool_format(pool, "%s:%u", line->file, line->number) : NULL;

                EXPECT_TEXT(cases[i].path, where, cases[i].where);
                EXPECT_TEXT(cases[i].path, line ? line->value : NULL, cases[i].value);
        }
        tree_free(tree);
}

static void hostile(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct sysctl_files files;
        char *line = memory_zero(1 << 20);

        memset(line, '*', (1 << 20) - 1);
        tree_file(tree, "/etc/sysctl.d/10-line.conf", "%s=1\n=\n-\n==\n- = 2\n", line);
        tree_bytes(tree, "/etc/sysctl.d/20-nul.conf", "vm.a=1\0vm.b=2\n", 14);
        tree_folder(tree, "/etc/sysctl.d/30-folder.conf");
        tree_link(tree, "/etc/sysctl.d/40-gone.conf", "../nowhere");
        tree_link(tree, "/etc/sysctl.d/50-loop.conf", "50-loop.conf");
        tree_file(tree, "/run/sysctl.d", "not a folder");
        sysctl_files_read(tree_host(tree), pool, &files);
        EXPECT_NUMBER(NULL, files.file_count, 5);
        EXPECT_NUMBER("NUL", files.files[1].error, -EILSEQ);
        EXPECT_NUMBER("folder", files.files[2].error, 0);
        EXPECT_NUMBER("gone", files.files[3].error, 0);
        EXPECT_NUMBER("loop", files.files[4].error, -ELOOP);
        EXPECT("stars", sysctl_files_winner(&files, "vm/aaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL) == NULL);
        free_pointer(&line);
        tree_free(tree);
}

/* A link that leads nowhere hides what is behind it and says nothing itself. */
static size_t next_there(const struct sysctl_files *files, size_t at)
{
        while (at < files->file_count && access(files->files[at].name, F_OK) < 0)
                at++;
        return at;
}

/* `--cat-config` prints "# /path" before each file; Debian's sysctl.conf begins so too, but with words behind it. */
static void beside_systemd(void)
{
        static const char tool[] = "/lib/systemd/systemd-sysctl --cat-config --no-pager 2>/dev/null";
        autopool struct pool *pool = pool_new();
        struct sysctl_files files;
        struct host *host;
        char line[4096];
        size_t at = 0;
        FILE *pipe;

        if (access("/lib/systemd/systemd-sysctl", X_OK) < 0 || host_open("/", &host) < 0) {
                printf("skipped: no systemd-sysctl here\n");
                return;
        }
        sysctl_files_read(host, pool, &files);
        pipe = popen(tool, "r");
        while (pipe && fgets(line, sizeof line, pipe)) {
                line[strcspn(line, "\n")] = 0;
                if (!text_starts(line, "# /") || strchr(line + 3, ' ') || !text_ends(line, ".conf"))
                        continue;
                at = next_there(&files, at);
                if (!EXPECT(line, at < files.file_count))
                        break;
                EXPECT_TEXT("systemd-sysctl",
                            text_starts(files.files[at].name, "/lib/") ? files.files[at].name + 4 : files.files[at].name,
                            text_starts(line + 2, "/usr/lib/") && text_starts(files.files[at].name, "/lib/") ? line + 6
                                                                                                             : line + 2);
                at++;
        }
        EXPECT_NUMBER("systemd-sysctl", next_there(&files, at), files.file_count);
        if (pipe)
                pclose(pipe);
        host_close(host);
}

static const struct test tests[] = {
        { "keys", keys },
        { "problems", problems },
        { "order", order },
        { "winners", winners },
        { "hostile", hostile },
        { "beside systemd-sysctl", beside_systemd },
        { 0 },
};
const struct suite suite_sysctl_files = { "sysctl_files", tests };

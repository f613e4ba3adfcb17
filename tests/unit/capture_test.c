/* A capture answers each question as its host did: what is there, what is not, and what could not be read. */

#include "agent/redact.h"

#include "agent/core/archive.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"
#include "tests/support/tree.h"
#include "tests/unit/suites.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Everything that the door can be asked about a path, in one text. */
static const char *ask_all(struct host *host, struct pool *pool, const char *path)
{
        const char *text = "", *link = "";
        const char *const *names;
        const void *answer;
        autobuffer struct text_buffer said = { 0 };
        struct content content;
        struct host_stat stat;
        size_t size;
        int r;

        r = host_read(host, pool, &text, "%s", path);
        text_addf(&said, "read %d %s\n", r, r < 0 ? "" : text);
        r = host_list(host, pool, &names, "%s", path);
        text_addf(&said, "list %d", r);
        for (; r == 0 && *names; names++)
                text_addf(&said, " %s", *names);
        r = host_link(host, pool, &link, "%s", path);
        text_addf(&said, "\nlink %d %s", r, r < 0 ? "" : link);
        r = host_stat(host, &stat, "%s", path);
        text_addf(&said, "\nstat %d", r);
        if (r == 0)
                text_addf(&said, " %o %u %u %llu %lld %llu", stat.mode, stat.uid, stat.gid, (unsigned long long)stat.size,
                          (long long)stat.modified, (unsigned long long)stat.links);
        text_addf(&said, "\nexists %d", host_exists(host, "%s", path));
        r = host_content(host, pool, &content, path);
        text_addf(&said, "\ncontent %d", r);
        if (r == 0)
                text_addf(&said, " %d %o %.*s", content.kind, content.mode, (int)content.size,
                          content.bytes ? content.bytes : "");
        r = host_ask(host, pool, &answer, &size, "statvfs/%s", path);
        text_addf(&said, "\nask %d", r);
        return pool_copy(pool, said.at, said.size);
}

static void make_tree(struct tree *tree)
{
        char path[4096];

        tree_file(tree, "/proc/version", "Linux\n");
        tree_file(tree, "/proc/unread", "nobody asks\n");
        tree_bytes(tree, "/proc/empty", "", 0);
        tree_bytes(tree, "/proc/binary", "a\0b", 3);
        tree_file(tree, "/etc/a file", "with a blank and 100%%\n");
        tree_mode(tree, "/etc/a file", 0640);
        tree_link(tree, "/etc/link", "../proc/version");
        tree_link(tree, "/etc/absolute", "/proc/version");
        tree_link(tree, "/etc/chain", "link");
        tree_link(tree, "/etc/dangling", "nothing");
        tree_link(tree, "/etc/loop", "loop");
        tree_link(tree, "/sys/class", "devices/class");
        tree_file(tree, "/sys/devices/class/eth0/speed", "1000\n");
        tree_file(tree, "/sys/unlisted/name", "x\n");
        tree_file(tree, "/.plumbline/ask/statvfs/%%2fproc%%2fversion", "bsize 1\n");
        snprintf(path, sizeof path, "%s/etc/fifo", tree_path(tree));
        if (mkfifo(path, 0600) < 0)
                tree_abort("mkfifo", path);
}

/* What the host was asked, as an archive in a file. */
static void pack(struct host *host, struct pool *pool, const char *file)
{
        autobuffer struct text_buffer bytes = { 0 }, sums = { 0 };
        const struct member *members;
        struct member *all;
        const char *problem;
        size_t count;
        FILE *out;

        members = host_members(host, 1700000000, &count);
        all = pool_zero(pool, (count + 1) * sizeof *all);
        for (size_t i = 0; i < count; i++) {
                char hex[65];

                all[i + 1] = members[i];
                if (members[i].kind != MEMBER_FILE || !members[i].known)
                        continue;
                sha256_hex(members[i].bytes, members[i].size, hex);
                archive_sum_line(&sums, hex, members[i].path);
        }
        all[0] = (struct member){ ARCHIVE_SUMS, MEMBER_FILE, true, sums.at, sums.size, 0 };
        EXPECT_NUMBER(NULL, archive_pack(all, count + 1, pool, &bytes, &problem), 0);
        out = fopen(file, "w");
        if (!out || fwrite(bytes.at, 1, bytes.size, out) != bytes.size || fclose(out) != 0)
                tree_abort("writing", file);
}

static const char *const paths[] = {
        "/proc/version",
        "/proc/none",
        "/proc/version/x",
        "/proc/empty",
        "/proc/binary",
        "/etc/a file",
        "/etc/link",
        "/etc/absolute",
        "/etc/chain",
        "/etc/dangling",
        "/etc/loop",
        "/etc/fifo",
        "/etc",
        "/sys/class/eth0/speed",
        "/sys/class",
        "/etc/../proc",
        "/proc/cpuinfo",
        "/nowhere/none",
};
#define PATHS (sizeof paths / sizeof paths[0])

static void replays(void)
{
        struct tree *tree = tree_new(), *room = tree_new();
        autopool struct pool *pool = pool_new();
        const char *want[PATHS], *problem = "", *file, *text;
        const char *const *names;
        struct host *host = tree_host(tree), *again = NULL;
        int64_t seconds = 0;

        make_tree(tree);
        host_record(host);
        host_allow(host, REACH_TOUCHING);
        for (size_t i = 0; i < PATHS; i++)
                want[i] = ask_all(host, pool, paths[i]);
        file = pool_format(pool, "%s/capture.tar.zst", tree_path(room));
        pack(host, pool, file);
        EXPECT_NUMBER(NULL, host_open_archive(file, pool, &again, &problem), 0);
        EXPECT_TEXT("no problem", again ? "" : problem, "");
        for (size_t i = 0; again && i < PATHS; i++)
                EXPECT_TEXT(paths[i], ask_all(again, pool, paths[i]), want[i]);
        if (again) {
                EXPECT("it has its time", host_captured_at(again, &seconds));
                EXPECT_NUMBER("its time", seconds, 1700000000);
                /* What was not asked then has no answer now. */
                EXPECT_NUMBER("a file by its name only", host_read(again, pool, &text, "/proc/unread"), -ENODATA);
                EXPECT_NUMBER("a folder by its name only", host_list(again, pool, &names, "/sys/devices/class/eth0"), -ENODATA);
                EXPECT_NUMBER("nothing is written", host_write(again, "/proc/version", "x"), -EROFS);
        }
        host_close(again);
        tree_free(room);
        tree_free(tree);
}

static unsigned things_in(const char *folder)
{
        DIR *names = opendir(folder);
        unsigned count = 0;

        while (names && readdir(names))
                count++;
        if (names)
                closedir(names);
        return count;
}

/* The folder goes away with its process, also when that is killed. */
static void killed(void)
{
        struct tree *tree = tree_new(), *room = tree_new();
        autopool struct pool *pool = pool_new();
        const char *file, *folder;
        int pipes[2];
        char byte;
        pid_t pid;

        make_tree(tree);
        host_record(tree_host(tree));
        ask_all(tree_host(tree), pool, "/proc/version");
        file = pool_format(pool, "%s/capture.tar.zst", tree_path(room));
        pack(tree_host(tree), pool, file);
        tree_folder(room, "/tmp");
        folder = pool_format(pool, "%s/tmp", tree_path(room));
        EXPECT_NUMBER(NULL, pipe2(pipes, O_CLOEXEC), 0);
        pid = fork();
        if (pid == 0) {
                const char *problem;
                struct host *host;

                setenv("TMPDIR", folder, 1);
                byte = host_open_archive(file, pool, &host, &problem) == 0 ? 'y' : 'n';
                if (write(pipes[1], &byte, 1) == 1)
                        pause();
                _exit(1);
        }
        EXPECT(NULL, read(pipes[0], &byte, 1) == 1 && byte == 'y');
        EXPECT_NUMBER("unpacked", things_in(folder), 3);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        for (unsigned i = 0; i < 1000 && things_in(folder) > 2; i++)
                nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
        EXPECT_NUMBER("gone", things_in(folder), 2);
        close(pipes[0]);
        close(pipes[1]);
        tree_free(room);
        tree_free(tree);
}

static void redacts(void)
{
        static const struct {
                const char *path, *text, *secret; /* secret NULL: nothing goes */
        } cases[] = {
                { "etc/serials", "S3X9NX0K1 and S3X9NX0K12", "S3X9NX0K1 " },
                { "etc/cards", "ether 52:54:00:ab:cd:ef", "52:54:00:ab:cd:ef" },
                { "etc/cards-upper", "ether 52-54-00-AB-CD-EF", NULL },
                { "etc/cards-plain", "enx525400abcdef", "525400abcdef" },
                { "etc/none", "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 127.0.0.1 ::1 12:30:45 0000:81:00.0", NULL },
                { "etc/addresses", "server 192.0.2.17 iburst", "192.0.2.17" },
                { "etc/six", "server 2001:db8::17.", "2001:db8::17" },
                { "var/lib/dpkg/version", "Version: 1.2.3.4-5", NULL },
        };
        autopool struct pool *pool = pool_new();
        struct member rows[1 + sizeof cases / sizeof cases[0]];
        size_t count = sizeof cases / sizeof cases[0];

        for (size_t i = 0; i < count; i++)
                rows[i] = (struct member){ cases[i].path, MEMBER_FILE, true, cases[i].text, strlen(cases[i].text), 0 };
        rows[count] = (struct member){ "sys/block/nvme0n1/device/serial", MEMBER_FILE, true, "S3X9NX0K1\n", 10, 0 };
        redact(pool, rows, count + 1, NULL);
        for (size_t i = 0; i < count; i++) {
                const struct member *row = rows;

                while (!text_equals(row->path, cases[i].path))
                        row++;
                EXPECT_NUMBER(row->path, row->size, strlen(cases[i].text));
                if (cases[i].secret)
                        EXPECT(row->path, !memmem(row->bytes, row->size, cases[i].secret, strlen(cases[i].secret)));
                else if (!text_equals(row->path, "etc/cards-upper"))
                        EXPECT_TEXT(row->path, row->bytes, cases[i].text);
                if (text_equals(row->path, "etc/serials"))
                        EXPECT("a longer word stays", memmem(row->bytes, row->size, "S3X9NX0K12", 10));
        }
}

static const struct test tests[] = {
        { "a capture answers as its host did", replays },
        { "what was unpacked goes away with a killed process", killed },
        { "what names a machine is replaced", redacts },
        { NULL, NULL },
};

const struct suite suite_capture = { "capture", tests };

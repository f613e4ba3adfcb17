/* The ledger: what was written is read back, whatever happened to the file since. */

#include "agent/ledger.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define LOG "/var/lib/plumbline/ledger/000001.log"

static void write_two(struct host *host, struct pool *pool, struct ledger *ledger)
{
        const struct ledger_row file = {
                .id = "sysctl",
                .target = "/etc/sysctl.d/99-zz-plumbline.conf",
                .how = LEDGER_FILE,
                .when = WHEN_BOOT,
                .refresh = "systemd/reload",
                .before = { .kind = CONTENT_FILE, .bytes = "a\0\xff", .size = 3, .mode = 0600 },
                .after = { .kind = CONTENT_LINK, .bytes = "/dev/null", .size = 9 },
        };
        const struct ledger_row write = {
                .id = "sysctl.vm.swappiness",
                .target = "/proc/sys/vm/swappiness",
                .how = LEDGER_WRITE,
                .risk = RISK_DISRUPTIVE,
                .text_before = "60\n\xe9",
                .text_after = "1",
        };

        *ledger =
                (struct ledger){ .boot_id = "boot-a", .profile = "trading", .profile_path = "/etc/a b.yaml", .running = true };
        EXPECT_NUMBER(NULL, ledger_begin(host, pool, ledger), 0);
        EXPECT_NUMBER(NULL, ledger_record(host, ledger, &file), 0);
        EXPECT_NUMBER(NULL, ledger_record(host, ledger, &write), 0);
}

static void round_trip(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host = tree_host(tree);
        struct ledger_promise promises[] = { { "kernel.flavour", "rt" }, { "cmdline.quiet", "quiet=\xff" } };
        struct ledger ledger, read;
        unsigned *ids;
        size_t count;

        write_two(host, pool, &ledger);
        EXPECT_NUMBER(NULL, ledger_read(host, pool, 1, &read), 0);
        EXPECT_NUMBER("not ended", read.state, LEDGER_OPEN);
        EXPECT_NUMBER(NULL, read.count, 2);
        EXPECT_TEXT(NULL, read.boot_id, "boot-a");
        EXPECT_TEXT(NULL, read.profile, "trading");
        EXPECT("binary content survives", read.rows[0].before.size == 3 && !memcmp(read.rows[0].before.bytes, "a\0\xff", 3));
        EXPECT_NUMBER("mode", read.rows[0].before.mode, 0600);
        EXPECT_NUMBER("link", read.rows[0].after.kind, CONTENT_LINK);
        EXPECT_TEXT("refresh", read.rows[0].refresh, "systemd/reload");
        EXPECT_NUMBER("when", read.rows[0].when, WHEN_BOOT);
        EXPECT_TEXT("before", read.rows[1].text_before, "60\n\xe9");
        EXPECT_NUMBER("risk", read.rows[1].risk, RISK_DISRUPTIVE);
        EXPECT_TEXT("path", read.profile_path, "/etc/a b.yaml");
        EXPECT_TEXT("no hash was given", read.profile_sha256, NULL);
        EXPECT("made at boot", read.running);
        EXPECT("did not come to its end", !read.applied);
        ledger.promises = promises;
        ledger.promise_count = 2;
        EXPECT_NUMBER(NULL, ledger_end(host, &ledger, LEDGER_APPLIED), 0);
        EXPECT_NUMBER(NULL, ledger_read(host, pool, 1, &read), 0);
        EXPECT_NUMBER("ended", read.state, LEDGER_APPLIED);
        EXPECT_NUMBER("promises", read.promise_count, 2);
        EXPECT_TEXT("promise", read.promises[1].id, "cmdline.quiet");
        EXPECT_TEXT("of any bytes", read.promises[1].want, "quiet=\xff");
        EXPECT_NUMBER(NULL, ledger_end(host, &ledger, LEDGER_UNDONE), 0);
        EXPECT_NUMBER(NULL, ledger_read(host, pool, 1, &read), 0);
        EXPECT_NUMBER("taken back", read.state, LEDGER_UNDONE);
        EXPECT("had come to its end", read.applied);
        EXPECT_NUMBER("the next id", ledger_begin(host, pool, &ledger), 0);
        EXPECT_NUMBER("the next id", ledger.id, 2);
        EXPECT_NUMBER(NULL, ledger_ids(host, pool, &ids, &count), 0);
        EXPECT_NUMBER(NULL, count, 2);
        tree_free(tree);
}

/* Cut at every byte: the rows whose lines are whole are there, and nothing that was not written. */
static void cut_anywhere(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host = tree_host(tree);
        struct ledger ledger;
        const void *bytes;
        size_t size, begin;

        write_two(host, pool, &ledger);
        EXPECT_NUMBER(NULL, host_read_bytes(host, pool, &bytes, &size, LOG), 0);
        begin = (size_t)((const char *)memchr(bytes, '\n', size) - (const char *)bytes);
        for (size_t cut = 0; cut <= size; cut++) {
                autopool struct pool *scratch = pool_new();
                struct ledger read;
                size_t lines = 0;
                int r = ledger_parse(scratch, bytes, cut, &read);

                for (size_t i = 0; i < cut; i++)
                        lines += ((const char *)bytes)[i] == '\n';
                if (cut < begin) {
                        EXPECT_NUMBER("before the first record is whole", r, -EBADMSG);
                        continue;
                }
                EXPECT_NUMBER("readable", r, 0);
                /* A line that lacks nothing but its newline is whole too. */
                EXPECT(NULL, read.count + 1 == lines || (read.count == lines && read.torn) || cut == begin);
                EXPECT_NUMBER("nothing is damaged", read.damaged, 0);
                EXPECT_NUMBER("never ended", read.state, LEDGER_OPEN);
        }
        tree_free(tree);
}

/* Any byte flipped: its line is not believed. */
static void damaged(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host = tree_host(tree);
        struct ledger ledger;
        const void *bytes;
        size_t size;

        write_two(host, pool, &ledger);
        EXPECT_NUMBER(NULL, host_read_bytes(host, pool, &bytes, &size, LOG), 0);
        for (size_t at = 0; at < size; at += 3) {
                autopool struct pool *scratch = pool_new();
                char *copy = pool_copy(scratch, bytes, size);
                struct ledger read = { 0 };
                int r;

                copy[at] = (char)(copy[at] ^ 1);
                r = ledger_parse(scratch, copy, size, &read);
                EXPECT("one row fewer, or no ledger at all", r == -EBADMSG || read.count < 2);
        }
        tree_free(tree);
}

/* After a full disk the next record begins on a line of its own. */
static void full_disk(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct host *host = tree_host(tree);
        struct ledger_row row = { .target = "/x", .how = LEDGER_WRITE, .text_before = "1" };
        struct ledger ledger, read;

        write_two(host, pool, &ledger);
        host_fault(host, FAULT_FULL, 1);
        EXPECT_NUMBER(NULL, ledger_record(host, &ledger, &row), -ENOSPC);
        EXPECT_NUMBER(NULL, ledger_end(host, &ledger, LEDGER_UNDONE), 0);
        EXPECT_NUMBER(NULL, ledger_read(host, pool, 1, &read), 0);
        EXPECT_NUMBER("the end was read", read.state, LEDGER_UNDONE);
        EXPECT_NUMBER("the rows before it too", read.count, 2);
        tree_free(tree);
}

static const struct test tests[] = {
        { "round trip", round_trip },
        { "cut anywhere", cut_anywhere },
        { "damaged", damaged },
        { "full disk", full_disk },
        { NULL, NULL },
};

const struct suite suite_ledger = { "ledger", tests };

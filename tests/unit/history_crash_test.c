/* A crash at each byte of what is added to a segment: no audit that was told of before is lost. */

#include "agent/history_inside.h"

#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <string.h>

#define FIRST HISTORY_FOLDER "/00000001.log"

static int add(struct tree *tree, int64_t at, const char *swappiness)
{
        autojson json_t *json = json_pack("{s:I, s:s, s:i, s:s, s:s, s:s, s:s, s:[], s:{s:{s:s}}}", "at", (json_int_t)at,
                                          "verb", "audit", "exit", 0, "boot_id", "b", "profile", "p", "sha256", "s", "verdict",
                                          "ready", "wrong", "state", "running", "sysctl.vm.swappiness", swappiness);

        return history_add(tree_host(tree), json, NULL, NULL);
}

static const char *bytes_of(struct tree *tree, struct pool *pool, const char *path, size_t *size)
{
        const void *bytes = NULL;

        EXPECT_NUMBER(path, host_read_bytes(tree_host(tree), pool, &bytes, size, "%s", path), 0);
        return bytes;
}

/* How many audits there are by id, up to this one; each was at 100 times its id. */
static unsigned found(struct tree *tree, unsigned last, size_t *damaged)
{
        autohistory struct history *history = NULL;
        unsigned count = 0;
        int64_t at;

        EXPECT_NUMBER(NULL, history_read(tree_host(tree), &history), 0);
        for (unsigned id = 1; id <= last; id++)
                count += history_find(history, id, &at) != NULL && at == 100 * (int64_t)id;
        *damaged = history->damaged_count;
        return count;
}

/* Six audits that found the same, and then another line or two in the segment: cut after so many bytes, with `last` still there. */
static void crash(const char *name, unsigned audits, const char *value)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        const char *before, *last, *after;
        size_t size, last_size, whole;

        tree_folder(tree, "/var/lib/plumbline");
        for (unsigned id = 1; id <= audits; id++)
                EXPECT_NUMBER(name, add(tree, 100 * (int64_t)id, "1"), 0);
        before = bytes_of(tree, pool, FIRST, &size);
        last = bytes_of(tree, pool, HISTORY_LAST, &last_size);
        EXPECT_NUMBER(name, add(tree, 100 * (int64_t)(audits + 1), value), 0);
        after = bytes_of(tree, pool, FIRST, &whole);
        EXPECT(name, whole > size && !memcmp(before, after, size));
        for (size_t cut = size; cut < whole; cut++) {
                autopool struct pool *here = pool_new();
                struct tree *other = tree_new();
                char *row = pool_format(here, "%s, cut at %zu", name, cut - size);
                bool ends_whole = after[cut - 1] == '\n', in_list = cut < size + last_size;
                size_t damaged;

                tree_bytes(other, FIRST, after, cut);
                tree_bytes(other, HISTORY_LAST, last, last_size);
                EXPECT_NUMBER(row, found(other, audits, &damaged), audits);
                EXPECT_NUMBER(row, damaged, ends_whole ? 0 : 1);
                EXPECT_NUMBER(row, add(other, 100 * (int64_t)(audits + 1), "60"), 0);
                EXPECT_NUMBER(row, found(other, audits + 1, &damaged), audits + 1);
                /* It is mended where the whole of it is known; what else was cut off is named. */
                EXPECT_NUMBER(row, damaged, ends_whole || in_list ? 0 : 1);
                EXPECT_NUMBER(row, add(other, 100 * (int64_t)(audits + 2), "60"), 0);
                EXPECT_NUMBER(row, add(other, 100 * (int64_t)(audits + 3), "61"), 0);
                EXPECT_NUMBER(row, found(other, audits + 3, &damaged), audits + 3);
                tree_free(other);
        }
        tree_free(tree);
}

static void before_a_change(void)
{
        crash("a change", 6, "60");
}

/* The list is full, and goes into the segment before the next one begins. */
static void before_the_next_list(void)
{
        crash("the same again", AGAIN_MAX + 1, "1");
}

/* A line in the middle is damaged, too: nothing is mended, and both are named. */
static void other_damage(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        const char *bytes;
        size_t size, damaged;
        char *copy;

        tree_folder(tree, "/var/lib/plumbline");
        for (int id = 1; id <= 6; id++)
                EXPECT_NUMBER(NULL, add(tree, 100 * (int64_t)id, id < 3 ? "1" : "2"), 0);
        bytes = bytes_of(tree, pool, FIRST, &size);
        copy = pool_format(pool, "%.*s0123456789abcdef {\"rec", (int)size, bytes);
        copy[30] ^= 1;
        tree_bytes(tree, FIRST, copy, strlen(copy));
        host_forget(tree_host(tree));
        found(tree, 6, &damaged);
        EXPECT_NUMBER("before", damaged, 3);
        EXPECT_NUMBER(NULL, add(tree, 700, "60"), 0);
        found(tree, 7, &damaged);
        EXPECT_NUMBER("after", damaged, 3);
        tree_free(tree);
}

static const struct test tests[] = {
        { "before a change", before_a_change },
        { "before the next list", before_the_next_list },
        { "other damage", other_damage },
        { NULL, NULL },
};

const struct suite suite_history_crash = { "history_crash", tests };

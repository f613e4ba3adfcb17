/* How members of md arrays do: who is at work, who is failing, and what is only said. */

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define FIRST  "/sys/block/md0/md/dev-sda1/"
#define SECOND "/sys/block/md0/md/dev-sdb1/"

/* A mirror in order, as a kernel of today shows it. */
static struct tree *mirror(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/sys/block/md0/size", "3907029168\n");
        tree_file(tree, "/sys/block/md0/md/level", "raid1\n");
        tree_file(tree, "/sys/block/md0/md/array_state", "clean\n");
        tree_file(tree, "/sys/block/md0/md/raid_disks", "2\n");
        tree_file(tree, "/sys/block/md0/md/degraded", "0\n");
        tree_file(tree, "/sys/block/md0/md/sync_action", "idle\n");
        tree_file(tree, "/sys/block/md0/md/mismatch_cnt", "0\n");
        tree_file(tree, FIRST "slot", "0\n");
        tree_file(tree, FIRST "state", "in_sync\n");
        tree_file(tree, FIRST "errors", "0\n");
        tree_file(tree, FIRST "bad_blocks", "%s", "");
        tree_file(tree, SECOND "slot", "1\n");
        tree_file(tree, SECOND "state", "in_sync\n");
        tree_file(tree, SECOND "errors", "0\n");
        tree_file(tree, SECOND "bad_blocks", "%s", "");
        return tree;
}

/* What plumbline says of the mirror once this file says this. */
static const struct {
        const char *name, *file, *text, *state, *note, *members;
} cases[] = {
        { "in order", SECOND "errors", "0", "clean", NULL, "2" },
        { "a failed write", SECOND "state", "in_sync,write_error,want_replacement", "failing",
          "sdb1: write_error, want_replacement", "2" },
        { "to be replaced", FIRST "state", "in_sync,want_replacement", "failing", "sda1: want_replacement", "2" },
        { "words that mean nothing bad", SECOND "state", "in_sync,write_mostly,failfast,external_bbl", "clean", NULL, "2" },
        { "a word within another", SECOND "state", "in_sync,no_write_error", "clean", NULL, "2" },
        { "a bad block", SECOND "bad_blocks", "123456 128", "failing", "sdb1: bad blocks", "2" },
        { "two of them", SECOND "bad_blocks", "123456 128\n999999 8", "failing", "sdb1: bad blocks", "2" },
        { "a list that is none", SECOND "bad_blocks", "?", "unreadable", NULL, "2" },
        { "read errors", SECOND "errors", "17", "clean", "sdb1: 17 read errors made good", "2" },
        { "how many, nobody knows", SECOND "errors", "many", "clean", NULL, "2" },
        { "mismatches", "/sys/block/md0/md/mismatch_cnt", "4096", "clean", "4096 sectors did not match in the last check",
          "2" },
        { "a fault shows as degraded", SECOND "state", "faulty,write_error,want_replacement", "clean", NULL, "1" },
        { "a spare may be bad", SECOND "state", "spare,write_error", "clean", NULL, "1" },
        { "no state to read", SECOND "state", "", "unreadable", NULL, "unreadable" },
        { "no slot to read", SECOND "slot", "", "unreadable", NULL, "unreadable" },
};

static const char *said_of(const struct fact *fact, struct pool *pool)
{
        if (!fact)
                return "none";
        if (fact->status != FACT_KNOWN)
                return "unreadable";
        return fact->value.kind == VALUE_TEXT ? fact->value.text : pool_format(pool, "%lld", (long long)fact->value.number);
}

static void expect_array(const char *name, struct tree *tree, const char *state, const char *note, const char *members)
{
        autopool struct pool *pool = pool_new();
        autofacts struct facts *facts = probe_facts(tree_host(tree), &probe_raid);
        const struct fact *told = fact_find(facts, "raid.md0.state");

        EXPECT_TEXT(name, said_of(told, pool), state);
        EXPECT_TEXT(name, told && told->note ? told->note : "", note ? note : "");
        EXPECT_TEXT(name, said_of(fact_find(facts, "raid.md0.members"), pool), members);
        tree_free(tree);
}

static void test_health(void)
{
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct tree *tree = mirror();

                tree_file(tree, cases[i].file, "%s\n", cases[i].text);
                expect_array(cases[i].name, tree, cases[i].state, cases[i].note, cases[i].members);
        }
}

/* What is worse stays what it is, and what is less gives way. */
static void test_worst(void)
{
        struct tree *tree = mirror();

        tree_file(tree, SECOND "bad_blocks", "123456 128\n");
        tree_file(tree, "/sys/block/md0/md/degraded", "1\n");
        expect_array("degraded is worse", tree, "degraded", "sdb1: bad blocks", "2");

        tree = mirror();
        tree_file(tree, SECOND "bad_blocks", "123456 128\n");
        tree_file(tree, "/sys/block/md0/md/sync_action", "check\n");
        expect_array("a check is less", tree, "failing", "sdb1: bad blocks", "2");

        tree = mirror();
        tree_file(tree, FIRST "state", "in_sync,write_error\n");
        tree_file(tree, SECOND "errors", "3\n");
        tree_file(tree, "/sys/block/md0/md/mismatch_cnt", "8\n");
        expect_array("all that there is", tree, "failing",
                     "sda1: write_error; sdb1: 3 read errors made good; 8 sectors did not match in the last check", "2");

        tree = mirror();
        tree_remove(tree, FIRST "bad_blocks");
        tree_remove(tree, FIRST "errors");
        tree_remove(tree, FIRST "slot");
        tree_remove(tree, "/sys/block/md0/md/mismatch_cnt");
        expect_array("an old kernel", tree, "clean", NULL, "2");
}

/* The journal of a raid5 holds no data of the array. */
static void test_journal(void)
{
        struct tree *tree = mirror();

        tree_file(tree, "/sys/block/md0/md/dev-sdc1/slot", "journal\n");
        tree_file(tree, "/sys/block/md0/md/dev-sdc1/state", "journal\n");
        expect_array("a journal", tree, "clean", NULL, "2");

        tree = mirror();
        tree_file(tree, "/sys/block/md0/md/dev-sdc1/slot", "none\n");
        tree_file(tree, "/sys/block/md0/md/dev-sdc1/state", "faulty,journal\n");
        expect_array("one that failed", tree, "degraded", "its journal sdc1 failed", "2");
}

static const struct test tests[] = {
        { "health", test_health },
        { "worst", test_worst },
        { "journal", test_journal },
        { 0 },
};

const struct suite suite_raid_md = { "raid_md", tests };

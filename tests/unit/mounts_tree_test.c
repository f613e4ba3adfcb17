/* Which mounts lie below others, so that their path leads elsewhere. */

#include "agent/core/host.h"
#include "probes/mounts_tree.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT         "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
#define NUMBERS      "bsize 1\nblocks 100\nbfree 50\nbavail 50\nfiles 100\nffree 50\nfavail 50\n"
#define HIDDEN       "hidden by another mount: its path leads to that"

static const struct row {
        const char *name, *text, *want; /* of /srv/data */
} rows[] = {
        { "by itself", ROOT "30 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n", "50.00" },
        { "another over a folder above",
          ROOT "30 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n31 22 8:3 / /srv rw - ext4 /dev/sda3 rw\n",
          "unreadable ENODATA" },
        { "memory over a folder above",
          ROOT "30 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n31 22 0:9 / /srv rw - tmpfs tmpfs rw\n", "unreadable ENODATA" },
        { "on that other", ROOT "31 22 8:3 / /srv rw - ext4 /dev/sda3 rw\n30 31 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n",
          "50.00" },
        { "on that other, which came to it later",
          ROOT "30 31 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n31 22 8:3 / /srv rw - ext4 /dev/sda3 rw\n", "50.00" },
        { "another over the other",
          ROOT "31 22 8:3 / /srv rw - ext4 /dev/sda3 rw\n30 31 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n"
               "32 31 0:9 / /srv rw - tmpfs tmpfs rw\n",
          "unreadable ENODATA" },
        { "another beside it",
          ROOT "30 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n31 22 8:3 / /srv/da rw - ext4 /dev/sda3 rw\n"
               "32 22 8:4 / /srv/data2 rw - ext4 /dev/sda4 rw\n",
          "50.00" },
        { "another below it",
          ROOT "30 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n31 30 8:3 / /srv/data/x rw - ext4 /dev/sda3 rw\n", "50.00" },
        { "on a root over the first root",
          "21 1 0:2 / / rw - rootfs rootfs rw\n22 21 8:1 / / rw - ext4 /dev/sda1 rw\n"
          "30 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n",
          "50.00" },
        { "below a root over the first root",
          "21 1 8:9 / / rw - ext4 /dev/sda9 rw\n30 21 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n"
          "22 21 8:1 / / rw - ext4 /dev/sda1 rw\n",
          "unreadable ENODATA" },
        { "two over a folder above",
          ROOT "30 22 8:2 / /srv rw - ext4 /dev/sda2 rw\n"
               "31 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n"
               "32 30 0:9 / /srv rw - tmpfs tmpfs rw\n",
          "unreadable ENODATA" },
        { "numbers that go round",
          ROOT "30 31 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n31 30 8:3 / /srv rw - ext4 /dev/sda3 rw\n", "50.00" },
        { "one number for all", "22 22 8:1 / / rw - ext4 /dev/sda1 rw\n22 22 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n",
          "50.00" },
        { "what it hangs on is not told", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 29 8:2 / /srv/data rw - ext4 /dev/sda2 rw\n",
          "50.00" },
};

static void test_hidden(void)
{
        for (size_t i = 0; i < COUNT(rows); i++) {
                const struct fact_row wanted[] = { { "disk./srv/data.free", rows[i].want },
                                                   { "disk./srv/data.inodes", rows[i].want },
                                                   { "disk./srv/data.filesystem", "ext4" } };
                struct tree *tree = tree_new();
                struct facts *facts;
                const struct fact *fact;

                tree_file(tree, "/proc/self/mountinfo", "%s", rows[i].text);
                tree_file(tree, "/.plumbline/ask/statvfs/%2fsrv%2fdata", "%s", NUMBERS);
                facts = probe_facts(tree_host(tree), &probe_disk);
                expect_facts(rows[i].name, facts, wanted, COUNT(wanted));
                fact = fact_find(facts, "disk./srv/data.free");
                EXPECT_TEXT(rows[i].name, fact ? fact->note : NULL, rows[i].want[0] == 'u' ? HIDDEN : NULL);
                facts_free(facts);
                tree_free(tree);
        }
}

/* Mounts that lie on each other by the thousands: looking has an end. */
static void test_budget(void)
{
        static struct mount_place places[5000];
        struct mount_tree tree = { places, COUNT(places), MOUNT_TREE_BUDGET };

        for (size_t i = 0; i < COUNT(places); i++)
                places[i] = (struct mount_place){ i + 2, i + 1, "/" };
        EXPECT("the one on top", !mount_is_hidden(&tree, COUNT(places) - 1));
        EXPECT("below it", mount_is_hidden(&(struct mount_tree){ places, COUNT(places), MOUNT_TREE_BUDGET }, 1));
        tree.budget = 10 * COUNT(places);
        EXPECT("too long to tell", !mount_is_hidden(&tree, 1));
        places[0].parent = COUNT(places) + 1;
        tree.budget = MOUNT_TREE_BUDGET;
        EXPECT("a round", !mount_is_hidden(&tree, 1));
        EXPECT("which took all there was", tree.budget < COUNT(places));
}

static const struct test tests[] = {
        { "hidden", test_hidden },
        { "thousands", test_budget },
        { NULL, NULL },
};

const struct suite suite_mounts_tree = { "mounts_tree", tests };

/* How much devices of one size or of several hold of data that btrfs stores once or more often. */

#include "probes/btrfs_profile.h"

#include "tests/unit/suites.h"

#include <errno.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* How much devices of these sizes hold. */
static void test_room(void)
{
        static const struct {
                const char *name;
                struct btrfs_profile profile;
                int64_t sizes[4], want;
                int r;
        } cases[] = {
                { "two like each other", { "raid1", "raid1", 2, 0, 1 }, { 100, 100 }, 100, 0 },
                { "one larger", { "raid1", "raid1", 2, 0, 1 }, { 100, 300 }, 100, 0 },
                { "one larger than needed", { "raid1", "raid1", 2, 0, 1 }, { 100, 900, 100 }, 200, 0 },
                { "one larger, all needed", { "raid1", "raid1", 2, 0, 1 }, { 100, 150, 100 }, 175, 0 },
                { "three copies, one large", { "raid1c3", "raid1", 3, 0, 2 }, { 100, 900, 100, 100 }, 150, 0 },
                { "three copies, two large", { "raid1c3", "raid1", 3, 0, 2 }, { 900, 900, 40, 60 }, 100, 0 },
                { "stripes of one size", { "raid10", "raid10", 2, 0, 1 }, { 100, 100, 100, 100 }, 200, 0 },
                { "stripes of several", { "raid10", "raid10", 2, 0, 1 }, { 100, 100, 100, 200 }, 0, -EOPNOTSUPP },
                { "one after another", { "single", "single", 1, 0, 0 }, { 100, 30 }, 130, 0 },
                { "too few", { "raid6", "raid6", 1, 2, 2 }, { 100, 100 }, 0, -ENODATA },
                { "beyond 64 bits", { "single", "single", 1, 0, 0 }, { INT64_MAX, INT64_MAX }, 0, -ERANGE },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                int64_t sizes[4], bytes = 0;
                size_t count = 0;

                for (; count < 4 && cases[i].sizes[count]; count++)
                        sizes[count] = cases[i].sizes[count];
                EXPECT_NUMBER(cases[i].name, btrfs_profile_room(&cases[i].profile, sizes, count, &bytes), cases[i].r);
                EXPECT_NUMBER(cases[i].name, bytes, cases[i].want);
        }
}

static const struct test tests[] = {
        { "room", test_room },
        { 0 },
};

const struct suite suite_btrfs_profile = { "btrfs_profile", tests };

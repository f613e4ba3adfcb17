/* The status lines of the device mapper's RAID targets. Those that name a kernel file are of its form, others were printed by
 * `dmsetup status`. */

#include "probes/raid_status.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <string.h>

struct line {
        const char *name, *line, *level, *state, *note;
        unsigned count, lost;
};

static void check_lines(const struct line *lines, size_t count)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < count; i++) {
                struct raid_status status = { 0 };
                const char *problem = NULL;

                EXPECT_NUMBER(lines[i].name, raid_status_parse(pool, lines[i].line, strlen(lines[i].line), &status, &problem),
                              0);
                EXPECT_TEXT(lines[i].name, problem, NULL);
                if (problem)
                        continue;
                EXPECT_TEXT(lines[i].name, status.level, lines[i].level);
                EXPECT_TEXT(lines[i].name, raid_status_state(&status), lines[i].state);
                EXPECT_TEXT(lines[i].name, raid_status_note(pool, &status), lines[i].note);
                EXPECT_NUMBER(lines[i].name, status.count, lines[i].count);
                EXPECT_NUMBER(lines[i].name, status.failed + status.rebuilding, lines[i].lost);
        }
}

/* raid_status() in drivers/md/dm-raid.c, Documentation/admin-guide/device-mapper/dm-raid.rst */
static void raid(void)
{
        static const struct line lines[] = {
                { "in order", "0 131072 raid raid1 2 AA 131072/131072 idle 0 0 -\n", "raid1", "active", NULL, 2, 0 },
                { "no newline", "0 131072 raid raid1 2 AA 131072/131072 idle 0 0 -", "raid1", "active", NULL, 2, 0 },
                { "older than 1.9.0", "0 131072 raid raid1 2 AA 131072/131072 idle 0\n", "raid1", "active", NULL, 2, 0 },
                { "older than 1.10.0", "0 131072 raid raid1 2 AA 131072/131072 idle 0 0\n", "raid1", "active", NULL, 2, 0 },
                { "first sync", "0 131072 raid raid1 2 aa 16384/131072 resync 0 0 -\n", "raid1", "resync", "12 % done", 2, 0 },
                { "waiting for it", "0 131072 raid raid1 2 aa 0/131072 idle 0 0 -\n", "raid1", "resync", "0 % in sync", 2, 0 },
                { "halted", "0 131072 raid raid1 2 aa 65536/131072 frozen 0 0 -\n", "raid1", "resync", "50 % in sync", 2, 0 },
                { "nobody in sync", "0 131072 raid raid1 2 aa 131072/131072 idle 0 0 -\n", "raid1", "resync", NULL, 2, 0 },
                { "frozen in order", "0 8 raid raid1 2 AA 8/8 frozen 0 0 -\n", "raid1", "active", NULL, 2, 0 },
                { "a leg failed", "0 131072 raid raid1 2 AD 131072/131072 idle 0 0 -\n", "raid1", "degraded",
                  "1 of 2 images failed", 2, 1 },
                { "a gap", "0 131072 raid raid1 2 A- 131072/131072 idle 0 0 -\n", "raid1", "degraded", "1 of 2 images failed",
                  2, 1 },
                { "all failed", "0 131072 raid raid1 2 DD 131072/131072 idle 0 0 -\n", "raid1", "failed",
                  "2 of 2 images failed", 2, 2 },
                { "rebuilding", "0 131072 raid raid1 2 Aa 32768/131072 recover 0 0 -\n", "raid1", "degraded",
                  "1 of 2 images being rebuilt; recover, 25 % done", 2, 1 },
                { "to be rebuilt", "0 131072 raid raid1 2 Aa 131072/131072 idle 0 0 -\n", "raid1", "degraded",
                  "1 of 2 images being rebuilt", 2, 1 },
                { "check", "0 131072 raid raid1 2 AA 65536/131072 check 0 0 -\n", "raid1", "check", "50 % done", 2, 0 },
                { "repair", "0 131072 raid raid1 2 AA 131072/131072 repair 0 0 -\n", "raid1", "repair", NULL, 2, 0 },
                { "mismatches", "0 131072 raid raid1 2 AA 131072/131072 idle 128 0 -\n", "raid1", "active",
                  "128 mismatches in the last check", 2, 0 },
                { "raid5", "0 1960893648 raid raid5_ls 5 AAAAA 490221568/490221568 idle 0 0 -\n", "raid5", "active", NULL, 5,
                  0 },
                { "raid5, one failed", "0 1960893648 raid raid5_ls 5 AADAA 8/8 idle 0 0 -\n", "raid5", "degraded",
                  "1 of 5 images failed", 5, 1 },
                { "raid5, two failed", "0 1960893648 raid raid5_ls 5 ADDAA 8/8 idle 0 0 -\n", "raid5", "failed",
                  "2 of 5 images failed", 5, 2 },
                { "raid5, one failed and one not whole", "0 8 raid raid5_ls 5 ADaAA 4/8 recover 0 0 -\n", "raid5", "failed",
                  "1 of 5 images failed; 1 of 5 images being rebuilt; recover, 50 % done", 5, 2 },
                { "raid6, two failed", "0 8 raid raid6_zr 5 ADDAA 8/8 idle 0 0 -\n", "raid6", "degraded",
                  "2 of 5 images failed", 5, 2 },
                { "raid6_n_6", "0 8 raid raid6_n_6 5 AAAAA 8/8 idle 0 0 -\n", "raid6", "active", NULL, 5, 0 },
                { "raid4", "0 8 raid raid4 3 AAA 8/8 idle 0 0 -\n", "raid4", "active", NULL, 3, 0 },
                { "raid10", "0 8 raid raid10 4 AAAA 8/8 idle 0 0 -\n", "raid10", "active", NULL, 4, 0 },
                { "raid10, two failed", "0 8 raid raid10_near 4 DAAD 8/8 idle 0 0 -\n", "raid10", "degraded",
                  "2 of 4 images failed", 4, 2 },
                { "raid0", "0 8 raid raid0 2 AA 8/8 idle 0 0 -\n", "raid0", "active", NULL, 2, 0 },
                { "raid0, one failed", "0 8 raid raid0 2 AD 8/8 idle 0 0 -\n", "raid0", "failed", "1 of 2 images failed", 2,
                  1 },
                { "reshape", "0 8 raid raid5_ls 4 aaaa 2/8 reshape 0 256 -\n", "raid5", "reshape", "25 % done", 4, 0 },
                { "journal through", "0 8 raid raid5_ls 3 AAA 8/8 idle 0 0 A\n", "raid5", "active", NULL, 3, 0 },
                { "journal back", "0 8 raid raid5_ls 3 AAA 8/8 idle 0 0 a\n", "raid5", "active", NULL, 3, 0 },
                { "journal failed", "0 8 raid raid5_ls 3 AAA 8/8 idle 0 0 D\n", "raid5", "degraded", "its log failed", 3, 0 },
        };

        check_lines(lines, sizeof lines / sizeof lines[0]);
}

/* mirror_status() in drivers/md/dm-raid1.c, core_status() and disk_status() in drivers/md/dm-log.c */
static void mirror(void)
{
        static const struct line lines[] = {
                { "in order", "0 8 mirror 2 253:3 253:4 1024/1024 1 AA 3 disk 253:2 A\n", "raid1", "active", NULL, 2, 0 },
                { "log in memory", "0 8 mirror 2 253:3 253:4 1024/1024 1 AA 1 core\n", "raid1", "active", NULL, 2, 0 },
                { "syncing", "0 8 mirror 2 253:3 253:4 256/1024 1 AA 1 core\n", "raid1", "resync", "25 % done", 2, 0 },
                { "failed write", "0 8 mirror 2 253:3 253:4 1024/1024 1 AD 1 core\n", "raid1", "degraded",
                  "1 of 2 images failed", 2, 1 },
                { "failed flush", "0 8 mirror 2 253:3 253:4 8/8 1 FA 1 core\n", "raid1", "degraded", "1 of 2 images failed", 2,
                  1 },
                { "failed sync", "0 8 mirror 2 253:3 253:4 4/8 1 AS 1 core\n", "raid1", "degraded",
                  "1 of 2 images failed; resync, 50 % done", 2, 1 },
                { "failed read", "0 8 mirror 3 253:3 253:4 253:5 8/8 1 ARA 1 core\n", "raid1", "degraded",
                  "1 of 3 images failed", 3, 1 },
                { "all failed", "0 8 mirror 2 253:3 253:4 8/8 1 DU 1 core\n", "raid1", "failed", "2 of 2 images failed", 2, 2 },
                { "log failed", "0 8 mirror 2 253:3 253:4 8/8 1 AA 3 disk 253:2 D\n", "raid1", "degraded", "its log failed", 2,
                  0 },
                { "log not flushed", "0 8 mirror 2 253:3 253:4 8/8 1 AA 3 disk 253:2 F\n", "raid1", "degraded",
                  "its log failed", 2, 0 },
        };

        check_lines(lines, sizeof lines / sizeof lines[0]);
}

/* Not one of these may say anything of an array. */
static void hostile(void)
{
        static const struct {
                const char *line, *problem;
        } cases[] = {
                { "", "it has no table" },
                { "\n", "it is no line of a table that starts with the volume" },
                { "0 8 raid raid1 2 AA 8/8 idle 0 0 -\n0 8 raid raid1 2 AA 8/8 idle 0 0 -\n", "it has more than one target" },
                { "0 8 raid raid1 2 AA 8/8 idle 0 0 -\n\n", "it has more than one target" },
                { "vg-v: 0 8 raid raid1 2 AA 8/8 idle 0 0 -\n", "it is no line of a table that starts with the volume" },
                { "8 8 raid raid1 2 AA 8/8 idle 0 0 -\n", "it is no line of a table that starts with the volume" },
                { "0 0 raid raid1 2 AA 8/8 idle 0 0 -\n", "it is no line of a table that starts with the volume" },
                { "0 -8 raid raid1 2 AA 8/8 idle 0 0 -\n", "it is no line of a table that starts with the volume" },
                { "0 8\n", "it is no line of a table that starts with the volume" },
                { "0 8 linear \n", "its target is linear, neither raid nor mirror" },
                { "0 8 striped 2 253:3 253:4 1 AA\n", "its target is striped, neither raid nor mirror" },
                { "0 8 snapshot-origin \n", "its target is snapshot-origin, neither raid nor mirror" },
                { "0 8 error \n", "its target is error, neither raid nor mirror" },
                { "0 8 \033[2J x\n", "its target is ?[2J, neither raid nor mirror" },
                { "0 8 raid\n", "its type is missing" },
                { "0 8 raid raid99 2 AA 8/8 idle 0 0 -\n", "it has a type of unknown name" },
                { "0 8 raid raid 2 AA 8/8 idle 0 0 -\n", "it has a type of unknown name" },
                { "0 8 raid raid1 0  8/8 idle 0 0 -\n", "the number of images makes no sense" },
                { "0 8 raid raid1 254 AA 8/8 idle 0 0 -\n", "the number of images makes no sense" },
                { "0 8 raid raid1 99999999999999999999 AA 8/8 idle 0 0 -\n", "the number of images makes no sense" },
                { "0 8 raid raid1 +2 AA 8/8 idle 0 0 -\n", "the number of images makes no sense" },
                { "0 8 raid raid1 2 A 8/8 idle 0 0 -\n", "there is not one letter for each image" },
                { "0 8 raid raid1 2 AAA 8/8 idle 0 0 -\n", "there is not one letter for each image" },
                { "0 8 raid raid1 2\n", "there is not one letter for each image" },
                { "0 8 raid raid1 2 AX 8/8 idle 0 0 -\n", "an image is in a condition of unknown name" },
                { "0 8 raid raid1 2 AR 8/8 idle 0 0 -\n", "an image is in a condition of unknown name" },
                { "0 8 raid raid1 2 AA\n", "how far it is in sync is missing" },
                { "0 8 raid raid1 2 AA 9/8 idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA 0/0 idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA 8 idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA /8 idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA 8/ idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA 8/8/8 idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA 18446744073709551616/8 idle 0 0 -\n", "how far it is in sync makes no sense" },
                { "0 8 raid raid1 2 AA 8/8\n", "what it does is missing" },
                { "0 8 raid raid1 2 AA 8/8 undef 0 0 -\n", "it does something of unknown name" },
                { "0 1960893648 raid raid4 5 AAAAA 2/490221568 init 0\n",
                  "it does something of unknown name" }, /* dm-raid.rst */
                { "0 8 raid raid1 2 AA 8/8 idle\n", "the number of mismatches makes no sense" },
                { "0 8 raid raid1 2 AA 8/8 idle x 0 -\n", "the number of mismatches makes no sense" },
                { "0 8 raid raid1 2 AA 8/8 idle 0 - -\n", "the data offset makes no sense" },
                { "0 8 raid raid1 2 AA 8/8 idle 0 0 AA\n", "its journal is in a condition of unknown name" },
                { "0 8 raid raid1 2 AA 8/8 idle 0 0 - more\n", "there is more than is known of such a line" },
                { "0 8 mirror 2 253:3 8/8 1 AA 1 core\n", "an image is missing" },
                { "0 8 mirror 0 8/8 1 AA 1 core\n", "the number of images makes no sense" },
                { "0 8 mirror 2 253:3 253:4 8/8 2 AA AA 1 core\n", "there is not one word on the images" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 Aa 1 core\n", "an image is in a condition of unknown name" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 AA\n", "its log makes no sense" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 AA 1 disk\n", "its log is of an unknown kind" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 AA 3 clustered-disk 253:2 A\n", "its log is of an unknown kind" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 AA 3 disk 253:2\n", "its log is of an unknown kind" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 AA 3 disk 253:2 X\n", "its log is in a condition of unknown name" },
                { "0 8 mirror 2 253:3 253:4 8/8 1 AA 1 core core\n", "there is more than is known of such a line" },
        };
        static const char zero[] = "0 8 raid raid1 2 AA 8/8 idle 0 0\0-";
        autopool struct pool *pool = pool_new();
        struct raid_status status = { .count = 7 };
        const char *problem;

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                problem = NULL;
                EXPECT_NUMBER(cases[i].line, raid_status_parse(pool, cases[i].line, strlen(cases[i].line), &status, &problem),
                              -EINVAL);
                EXPECT_TEXT(cases[i].line, problem, cases[i].problem);
        }
        problem = NULL;
        EXPECT_NUMBER("a NUL", raid_status_parse(pool, zero, sizeof zero - 1, &status, &problem), -EINVAL);
        EXPECT_TEXT("a NUL", problem, "that is no line of text");
        EXPECT_NUMBER("untouched", status.count, 7);
}

/* Every beginning of a line is refused, but for those that an older kernel would have written. */
static void cut_off(void)
{
        static const char line[] = "0 131072 raid raid1 2 AA 131072/131072 idle 0 0 -";
        static const char old[] = "0 131072 raid raid1 2 AA 131072/131072 idle 0";
        autopool struct pool *pool = pool_new();

        for (size_t size = 0; size < sizeof old - 1; size++) {
                autofree char *part = memory_zero(size ? size : 1); /* so that a step beyond is seen */
                struct raid_status status;
                const char *problem;

                memcpy(part, line, size);
                EXPECT_NUMBER(pool_format(pool, "%zu bytes", size), raid_status_parse(pool, part, size, &status, &problem),
                              -EINVAL);
        }
}

static const struct test tests[] = {
        { "raid", raid }, { "mirror", mirror }, { "hostile", hostile }, { "cut_off", cut_off }, { NULL, NULL },
};

const struct suite suite_raid_status = { "raid_status", tests };

/* btrfs filesystems of several devices: how they are stored, what is missing, how much they hold, what they are called. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"
#include "tests/unit/raid_btrfs_tree.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A line of what is otherwise there: "PATH TEXT" a file, "-PATH" nothing, "+PROFILE" one more, below the filesystem. */
static void change(struct tree *tree, const char *line)
{
        autopool struct pool *pool = pool_new();
        const char *blank = strchr(line, ' ');

        if (line[0] == '-')
                tree_remove(tree, pool_format(pool, BTRFS_TRADE "/%s", line + 1));
        else if (line[0] == '+')
                raid_btrfs_store(tree, BTRFS_TRADE, line + 1);
        else if (line[0] == '/')
                tree_remove(tree, line);
        else if (blank)
                tree_file(tree, pool_format(pool, BTRFS_TRADE "/%.*s", (int)(blank - line), line), "%s\n", blank + 1);
}

static void check_note(const char *name, const struct facts *facts, const char *of, const char *words)
{
        const struct fact *fact = fact_find(facts, of);

        expect(fact && fact->note && strstr(fact->note, words), __FILE__, __LINE__, name, "%s: \"%s\" should say \"%s\"", of,
               fact && fact->note ? fact->note : "nothing", words);
}

#define LEVEL     "raid.btrfs-trade.level"
#define STATE     "raid.btrfs-trade.state"
#define MEMBERS   "raid.btrfs-trade.members"
#define SIZE      "raid.btrfs-trade.size"
#define TRANSPORT "raid.btrfs-trade.transport"
#define WHOLE     "1920383410176"

/* Each is a mirror of two drives, but for what the lines change. */
static void test_conditions(void)
{
        static const struct {
                const char *name, *lines[5];
                struct fact_row rows[6];
                const char *of, *words; /* the fact whose note has these words */
        } cases[] = {
                { "in order",
                  { NULL },
                  { { LEVEL, "raid1" },
                    { STATE, "active" },
                    { MEMBERS, "2" },
                    { SIZE, WHOLE },
                    { TRANSPORT, "nvme" },
                    { "raid.count", "1" } },
                  NULL,
                  NULL },
                { "missing when it was mounted",
                  { "-devices/nvme1n1", "devinfo/2/missing 1" },
                  { { LEVEL, "raid1" },
                    { STATE, "degraded" },
                    { MEMBERS, "1" },
                    { SIZE, "unreadable EOPNOTSUPP" },
                    { TRANSPORT, "nvme" } },
                  STATE,
                  "1 of 2 devices missing" },
                { "pulled since: the link is there, the device is not",
                  { "/sys/class/block/nvme1n1" },
                  { { STATE, "degraded" }, { MEMBERS, "1" }, { SIZE, "unreadable EOPNOTSUPP" }, { TRANSPORT, "nvme" } },
                  MEMBERS,
                  "of 2" },
                { "missing, though its link is there",
                  { "devinfo/2/missing 1" },
                  { { STATE, "degraded" }, { MEMBERS, "1" }, { SIZE, "unreadable EOPNOTSUPP" } },
                  NULL,
                  NULL },
                { "both at once are one",
                  { "/sys/class/block/nvme1n1", "devinfo/2/missing 1" },
                  { { STATE, "degraded" }, { MEMBERS, "1" } },
                  STATE,
                  "1 of 2 devices missing" },
                { "nothing twice, and one missing",
                  { "-allocation/data/raid1", "+data/raid0", "-devices/nvme1n1", "devinfo/2/missing 1" },
                  { { LEVEL, "raid0" }, { STATE, "failed" } },
                  NULL,
                  NULL },
                { "written to while one was missing",
                  { "+data/single", "-devices/nvme1n1", "devinfo/2/missing 1" },
                  { { LEVEL, "single" }, { STATE, "degraded" } },
                  LEVEL,
                  "raid1 and single at once, of which the worse counts" },
                { "being converted",
                  { "+data/single", "exclusive_operation balance" },
                  { { LEVEL, "single" }, { STATE, "reshape" }, { SIZE, "unreadable EOPNOTSUPP" } },
                  STATE,
                  "balance" },
                { "the conversion waits",
                  { "+data/raid0", "exclusive_operation balance paused" },
                  { { LEVEL, "raid0" }, { STATE, "active" } },
                  STATE,
                  "balance paused" },
                { "a device is replaced",
                  { "exclusive_operation device replace", "devinfo/0/replace_target 1", "devinfo/0/missing 0",
                    "devices/nvme2n1 link" },
                  { { STATE, "recover" }, { MEMBERS, "2" }, { SIZE, "unreadable EOPNOTSUPP" }, { TRANSPORT, "nvme" } },
                  SIZE,
                  "being replaced" },
                { "an operation nobody knows",
                  { "exclusive_operation dance" },
                  { { STATE, "unreadable EINVAL" } },
                  NULL,
                  NULL },
                { "an older kernel without the file",
                  { "-exclusive_operation" },
                  { { STATE, "active" } },
                  STATE,
                  "a balance is not told" },
                { "metadata forgotten in a conversion",
                  { "-allocation/metadata/raid1", "+metadata/dup" },
                  { { LEVEL, "dup" }, { SIZE, WHOLE } },
                  LEVEL,
                  "data is raid1, but metadata only dup" },
                { "what leads to the metadata forgotten",
                  { "-allocation/system/raid1", "+system/single" },
                  { { LEVEL, "single" } },
                  NULL,
                  NULL },
                { "metadata stored better",
                  { "-allocation/metadata/raid1", "+metadata/raid1c3" },
                  { { LEVEL, "raid1" } },
                  NULL,
                  NULL },
                { "data and metadata together",
                  { "-allocation/data", "-allocation/metadata", "+mixed/raid1" },
                  { { LEVEL, "raid1" }, { SIZE, WHOLE } },
                  NULL,
                  NULL },
                { "a profile nobody knows",
                  { "+data/raid7" },
                  { { LEVEL, "unreadable EINVAL" }, { SIZE, "unreadable EINVAL" }, { STATE, "active" }, { MEMBERS, "2" } },
                  NULL,
                  NULL },
                { "nothing is stored", { "-allocation/data/raid1" }, { { LEVEL, "unreadable ENODATA" } }, NULL, NULL },
                { "no word on how it is stored",
                  { "-allocation" },
                  { { LEVEL, "unreadable ENOENT" }, { "raid.count", "1" } },
                  NULL,
                  NULL },
                { "writes that failed",
                  { "devinfo/2/error_stats write_errs 7\nread_errs 0\nflush_errs 0\ngeneration_errs 0" },
                  { { STATE, "degraded" } },
                  STATE,
                  "device 2: write_errs 7; a scrub" },
                { "reads that were mended",
                  { "devinfo/1/error_stats write_errs 0\nread_errs 3\nflush_errs 0\ncorruption_errs 1\ngeneration_errs 0" },
                  { { STATE, "active" } },
                  STATE,
                  "device 1: read_errs 3" },
                { "flushes that failed",
                  { "devinfo/2/error_stats write_errs 0\nread_errs 0\nflush_errs 1\ngeneration_errs 0" },
                  { { STATE, "degraded" } },
                  STATE,
                  "device 2: flush_errs 1; a scrub" },
                { "a device that was away while others were written",
                  { "devinfo/2/error_stats write_errs 0\nread_errs 0\nflush_errs 0\ngeneration_errs 12" },
                  { { STATE, "degraded" } },
                  STATE,
                  "device 2: generation_errs 12; a scrub" },
                { "no counter", { "devinfo/2/error_stats " }, { { STATE, "unreadable EINVAL" } }, NULL, NULL },
                { "not all counters",
                  { "devinfo/2/error_stats write_errs 0\nread_errs 0\nflush_errs 0" },
                  { { STATE, "unreadable EBADMSG" } },
                  NULL,
                  NULL },
                { "not all counters, and one that tells",
                  { "devinfo/2/error_stats write_errs 3" },
                  { { STATE, "degraded" } },
                  STATE,
                  "write_errs 3" },
                { "counters not read yet",
                  { "devinfo/1/error_stats invalid" },
                  { { STATE, "unreadable EINVAL" } },
                  NULL,
                  NULL },
                { "a kernel without counters", { "-devinfo/1/error_stats" }, { { STATE, "active" } }, NULL, NULL },
                { "a kernel that tells of none missing",
                  { "-devinfo" },
                  { { LEVEL, "raid1" }, { STATE, "unreadable ENOENT" }, { MEMBERS, "2" } },
                  NULL,
                  NULL },
                { "the same, with one device",
                  { "-devinfo", "-devices/nvme1n1" },
                  { { LEVEL, "raid1" }, { MEMBERS, "1" } },
                  NULL,
                  NULL },
                { "is it missing?",
                  { "devinfo/2/missing perhaps" },
                  { { "raid.btrfs-trade.*", "unreadable EINVAL" }, { "raid.count", "unreadable EINVAL" }, { LEVEL, "none" } },
                  NULL,
                  NULL },
                { "sizes out of reach",
                  { "/sys/devices/pci0/0000:01:00.0/nvme/nvme1/nvme1n1/size" },
                  { { SIZE, "unreadable ENOENT" } },
                  NULL,
                  NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = raid_btrfs_machine();
                struct facts *facts;
                size_t count = 0;

                raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 2, "raid1");
                for (size_t k = 0; k < COUNT(cases[i].lines) && cases[i].lines[k]; k++)
                        change(tree, cases[i].lines[k]);
                facts = probe_facts(tree_host(tree), &probe_raid);
                while (count < COUNT(cases[i].rows) && cases[i].rows[count].name)
                        count++;
                expect_facts(cases[i].name, facts, cases[i].rows, count);
                if (cases[i].of)
                        check_note(cases[i].name, facts, cases[i].of, cases[i].words);
                facts_free(facts);
                tree_free(tree);
        }
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_raid);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_more_devices(void)
{
        static const struct {
                const char *profile, *level, *size, *note;
        } cases[] = {
                { "raid1", "raid1", "3840766820352", "2 copies on 4 devices" },
                { "raid1c3", "raid1", "2560511213568", "raid1c3; 3 copies on 4 devices" },
                { "raid1c4", "raid1", WHOLE, "raid1c4" },
                { "raid10", "raid10", "3840766820352", NULL },
                { "raid0", "raid0", "7681533640704", NULL },
                { "single", "single", "7681533640704", NULL },
                { "dup", "dup", "3840766820352", NULL },
                { "raid5", "raid5", "5761150230528", NULL },
                { "raid6", "raid6", "3840766820352", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row rows[] = { { LEVEL, cases[i].level }, { SIZE, cases[i].size }, { MEMBERS, "4" } };
                struct tree *tree = raid_btrfs_machine();
                struct facts *facts;

                raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 4, cases[i].profile);
                facts = probe_facts(tree_host(tree), &probe_raid);
                expect_facts(cases[i].profile, facts, rows, COUNT(rows));
                if (cases[i].note)
                        check_note(cases[i].profile, facts, LEVEL, cases[i].note);
                facts_free(facts);
                tree_free(tree);
        }
}

/* One device is no array, whatever it is called, and does not count. */
static void test_alone(void)
{
        static const struct fact_row rows[] = { { "raid.count", "0" }, { LEVEL, "none" }, { "raid.btrfs-trade.*", "none" } };
        struct tree *tree = raid_btrfs_machine();

        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 1, "single");
        check("alone", tree, rows, COUNT(rows));

        tree = raid_btrfs_machine();
        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 1, "dup");
        tree_file(tree, BTRFS_TRADE "/devinfo/0/replace_target", "1\n");
        check("it moves to another", tree, rows, COUNT(rows));

        tree = raid_btrfs_machine();
        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 1, "single");
        tree_remove(tree, BTRFS_TRADE "/devinfo");
        check("alone on an older kernel", tree, rows, COUNT(rows));
}

/* Two namespaces of one drive die together; partitions and mappings lead down to their drives. */
static void test_below(void)
{
        static const struct fact_row rows[] = { { TRANSPORT, "nvme-shared" } }, mapped[] = { { TRANSPORT, "nvme" } },
                                     lost[] = { { TRANSPORT, "unreadable ENOENT" } };
        struct tree *tree = raid_btrfs_machine();

        tree_link(tree, "/sys/class/block/nvme0n2", "../../devices/pci0/0000:00:00.0/nvme/nvme0/nvme0n2");
        tree_folder(tree, "/sys/devices/pci0/0000:00:00.0/nvme/nvme0/nvme0n2");
        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 2, "raid1");
        tree_remove(tree, BTRFS_TRADE "/devices/nvme1n1");
        tree_link(tree, BTRFS_TRADE "/devices/nvme0n2", "../../../../class/block/nvme0n2");
        check("one drive", tree, rows, COUNT(rows));

        tree = raid_btrfs_machine();
        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 2, "raid1");
        tree_remove(tree, BTRFS_TRADE "/devices/nvme1n1");
        tree_link(tree, BTRFS_TRADE "/devices/dm-0", "../../../../class/block/dm-0");
        tree_folder(tree, "/sys/class/block/dm-0/slaves/nvme1n1");
        check("encrypted", tree, mapped, COUNT(mapped));

        tree = raid_btrfs_machine();
        raid_btrfs_add(tree, BTRFS_TRADE, "trade\n", 2, "raid1");
        tree_remove(tree, BTRFS_TRADE "/devices/nvme1n1");
        tree_link(tree, BTRFS_TRADE "/devices/dm-0", "../../../../class/block/dm-0");
        tree_folder(tree, "/sys/class/block/dm-0/slaves/nvme9n1");
        check("on what is gone", tree, lost, COUNT(lost));
}

static const struct test tests[] = {
        { "conditions", test_conditions },
        { "more devices", test_more_devices },
        { "alone", test_alone },
        { "below", test_below },
        { 0 },
};

const struct suite suite_raid_btrfs = { "raid_btrfs", tests };

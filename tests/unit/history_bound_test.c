/* The history is bounded at every moment, in number also where nothing happens, in bytes however large a record is, and a large record
 * makes it no shorter than it must. */

#include "agent/history_inside.h"

#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static json_t *entry(const char *verb, int64_t at, const char *swappiness)
{
        return json_pack("{s:I, s:s, s:i, s:s, s:s, s:s, s:s, s:[], s:{s:{s:s, s:s}}}", "at", (json_int_t)at, "verb", verb,
                         "exit", 0, "boot_id", "b", "profile", "p", "sha256", "s", "verdict", "ready", "wrong", "state",
                         "running", "sysctl.vm.swappiness", swappiness, "cpu.governor", "performance");
}

static int add(struct tree *tree, const char *verb, int64_t at, const char *swappiness)
{
        autojson json_t *json = entry(verb, at, swappiness);

        return history_add(tree_host(tree), json, NULL, NULL);
}

static void seed(struct tree *tree)
{
        tree_folder(tree, "/var/lib/plumbline");
}

/* A segment as it was written: a whole record, and then the same again and again. */
static void write_segment(struct tree *tree, unsigned id, unsigned count, int64_t *at)
{
        autopool struct pool *pool = pool_new();
        autojson json_t *whole = entry("audit", *at, "1");
        autobuffer struct text_buffer text = { 0 };

        json_object_set_new(whole, "record", json_string("whole"));
        json_object_set_new(whole, "id", json_integer(id));
        text_add(&text, history_line(pool, whole));
        for (unsigned done = 1; done < count;) {
                unsigned some = count - done < AGAIN_MAX ? count - done : AGAIN_MAX;
                autojson json_t *again = json_pack("{s:s, s:i, s:[]}", "record", "again", "id", (int)(id + done), "after");

                for (unsigned i = 0; i < some; i++)
                        json_array_append_new(json_object_get(again, "after"), json_integer(900));
                text_add(&text, history_line(pool, again));
                done += some;
        }
        *at += 900 * (int64_t)count;
        tree_file(tree, pool_format(pool, HISTORY_FOLDER "/%08u.log", id), "%s", text.at);
}

static int64_t last_time_of(const struct history *history)
{
        const struct history_record *last = &history->records[history->count - 1];

        return last->again_count ? last->again[last->again_count - 1] : last->at;
}

static unsigned count_audits(const struct history *history)
{
        const struct history_record *last = &history->records[history->count - 1];

        return last->id + (unsigned)last->again_count - history->records[0].id + 1;
}

/* Audits that all found the same are bounded in number, too: the oldest go, a year and more is left, and all of it can be read. */
static void bound_in_number(void)
{
        static const struct {
                const char *name;
                unsigned segment,
                        segments; /* how many audits in each, and how many of them, before one is added after the other */
                unsigned least;
        } cases[] = {
                { "segments as they are written", 2048, 25, 35040 },
                { "and nearly as many as there may be", 1999, 20, 35040 },
                { "fuller ones", 4096, 12, 32000 },
                { "one that was never ended", 39000, 1, 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                unsigned next = 1, most = 0;
                int64_t at = 1700000000;
                struct tree *tree = tree_new();

                seed(tree);
                for (unsigned j = 0; j < cases[i].segments; j++, next += cases[i].segment)
                        write_segment(tree, next, cases[i].segment, &at);
                for (unsigned j = 0; j < 40; j++, next++, at += 900) {
                        autohistory struct history *history = NULL;
                        unsigned count;

                        EXPECT_NUMBER(cases[i].name, add(tree, "audit", at, "1"), 0);
                        EXPECT_NUMBER(cases[i].name, history_read(tree_host(tree), &history), 0);
                        EXPECT_NUMBER(cases[i].name, history->damaged_count, 0);
                        count = count_audits(history);
                        most = count > most ? count : most;
                        EXPECT_NUMBER("the newest is there", history->records[0].id + count - 1, next);
                        EXPECT_NUMBER("when", last_time_of(history), at);
                }
                EXPECT(cases[i].name, most <= HISTORY_AUDITS_MAX);
                EXPECT(cases[i].name, most >= cases[i].least);
                tree_free(tree);
        }
}

/* --- bytes ---------------------------------------------------------------------------------------------------------------- */

/* So many facts of 150 bytes each, of which `different` are others in each round. */
static int add_large(struct tree *tree, int round, int facts, int different)
{
        autopool struct pool *pool = pool_new();
        autojson json_t *json = entry("audit", 900 * round, "1");
        json_t *items = json_object();

        for (int j = 0; j < facts; j++)
                json_object_set_new(items, pool_format(pool, "fact.%d", j),
                                    json_string(pool_format(pool, "%0150d", j < different ? round : 0)));
        json_object_set_new(json_object_get(json, "state"), "fact", items);
        return history_add(tree_host(tree), json, NULL, NULL);
}

static uint64_t bytes_of(struct tree *tree, size_t *files)
{
        autopool struct pool *pool = pool_new();
        const char *const *names;
        uint64_t bytes = 0;

        EXPECT_NUMBER(NULL, host_list(tree_host(tree), pool, &names, HISTORY_FOLDER), 0);
        for (*files = 0; *names; names++) {
                struct host_stat stat;

                EXPECT_NUMBER(*names, host_stat(tree_host(tree), &stat, HISTORY_FOLDER "/%s", *names), 0);
                bytes += stat.size;
                *files += text_ends(*names, ".log");
        }
        return bytes;
}

/* However large a record is, one that is the same again is a number. */
static void large_and_quiet(void)
{
        static const int facts[] = { 10, 500, 2500, 7000 };

        for (size_t i = 0; i < COUNT(facts); i++) {
                autopool struct pool *pool = pool_new();
                char *row = pool_format(pool, "%d facts", facts[i]);
                struct tree *tree = tree_new();
                uint64_t first, bytes;
                size_t files;

                seed(tree);
                EXPECT_NUMBER(row, add_large(tree, 1, facts[i], 0), 0);
                first = bytes_of(tree, &files);
                for (int round = 2; round < 6; round++)
                        EXPECT_NUMBER(row, add_large(tree, round, facts[i], 0), 0);
                bytes = bytes_of(tree, &files);
                EXPECT_NUMBER(row, files, 1);
                EXPECT(row, bytes < first + 200);
                tree_free(tree);
        }
}

/* How long a segment is, so that a year and more is left where the size of the first records lets it: all but the oldest one are full. */
static void long_segments(void)
{
        static const struct {
                const char *name;
                size_t first;
                unsigned least; /* audits that are left when the oldest segment has gone */
        } cases[] = {
                { "nothing", 0, 37000 },    { "a small host", 5000, 37000 },    { "a large one", 40000, 37000 },
                { "a year", 90000, 35040 }, { "eleven months", 169834, 32000 }, { "the half of it", 430000, 20000 },
                { "one alone", 700000, 0 }, { "too large", 5000000, 0 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                unsigned audits = history_segment_audits(cases[i].first);
                size_t segments = HISTORY_AUDITS_MAX / audits;

                EXPECT(cases[i].name, audits >= 2048 && audits <= HISTORY_AUDITS_MAX);
                EXPECT(cases[i].name, HISTORY_AUDITS_MAX - audits >= cases[i].least);
                EXPECT(cases[i].name,
                       segments == 1 || segments * cases[i].first + (size_t)4 * HISTORY_AUDITS_MAX < HISTORY_BYTES_MAX);
                EXPECT(cases[i].name, history_segment_bytes(cases[i].first) >= 65536);
                /* Two of them fit, each with changes; or there is one. */
                EXPECT(cases[i].name, 2 * history_segment_bytes(cases[i].first) < HISTORY_BYTES_MAX ||
                                              cases[i].first > HISTORY_BYTES_MAX / 8 * 3);
                EXPECT(cases[i].name, history_segment_bytes(cases[i].first) > cases[i].first + 65536 ||
                                              cases[i].first < 65536 || cases[i].first > HISTORY_BYTES_MAX / 8 * 7);
        }
}

/* After each audit it is within its bounds, whatever changed in it; a record that is larger than that stands alone. */
static void bound_in_bytes(void)
{
        static const struct {
                const char *name;
                int facts, different, rounds;
                unsigned least; /* records that are left */
        } cases[] = {
                { "everything changes", 800, 800, 20, 5 },      { "a little changes", 800, 40, 120, 40 },
                { "a large host", 2000, 200, 25, 6 },           { "half of the bound", 3200, 300, 20, 1 },
                { "nearly all of the bound", 6000, 20, 12, 1 }, { "more than the bound", 7000, 1, 4, 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                autohistory struct history *history = NULL;
                uint64_t most = 0, first = 0;
                size_t files;

                seed(tree);
                for (int round = 1; round <= cases[i].rounds; round++) {
                        uint64_t bytes;

                        EXPECT_NUMBER(cases[i].name, add_large(tree, round, cases[i].facts, cases[i].different), 0);
                        bytes = bytes_of(tree, &files);
                        first = round == 1 ? bytes : first;
                        most = bytes > most ? bytes : most;
                }
                EXPECT(cases[i].name, first > HISTORY_BYTES_MAX ? most < first + 200 : most <= HISTORY_BYTES_MAX);
                EXPECT_NUMBER(cases[i].name, history_read(tree_host(tree), &history), 0);
                EXPECT_NUMBER(cases[i].name, history->damaged_count, 0);
                EXPECT(cases[i].name, history->count >= cases[i].least);
                EXPECT(cases[i].name, cases[i].facts > 6500 || most > HISTORY_BYTES_MAX / 2);
                EXPECT_NUMBER(cases[i].name, last_time_of(history), 900 * cases[i].rounds);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "bound_in_number", bound_in_number },
        { "large and quiet", large_and_quiet },
        { "long segments", long_segments },
        { "bound in bytes", bound_in_bytes },
        { NULL, NULL },
};

const struct suite suite_history_bound = { "history_bound", tests };

/* The history: what is added comes back, stays small, survives being cut off anywhere, and damage is skipped and named. */

#include "agent/history_inside.h"

#include "agent/core/pool.h"
#include "agent/state.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FIRST        HISTORY_FOLDER "/00000001.log"

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

/* "1 audit 100 +900 +900 [1]; 4 audit 3000 [60]": each record, its repetitions, and the swappiness it found. */
static const char *words(struct pool *pool, const struct history *history)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < history->count; i++) {
                const struct history_record *record = &history->records[i];
                autojson json_t *state = history_state(history, record);
                int64_t before = record->at;

                text_addf(&text, "%s%u %s %lld", i ? "; " : "", record->id,
                          json_string_value(json_object_get(record->json, "verb")), (long long)record->at);
                for (size_t j = 0; j < record->again_count; j++) {
                        text_addf(&text, " +%lld", (long long)(record->again[j] - before));
                        before = record->again[j];
                }
                text_addf(&text, " [%s]",
                          state ? json_string_value(json_object_get(json_object_get(state, "running"), "sysctl.vm.swappiness"))
                                : "lost");
        }
        return pool_dup(pool, text.at);
}

static void expect_words(const char *row, struct tree *tree, const char *want, size_t damaged)
{
        autohistory struct history *history = NULL;
        autopool struct pool *pool = pool_new();

        EXPECT_NUMBER(row, history_read(tree_host(tree), &history), 0);
        if (!history)
                return;
        EXPECT_TEXT(row, words(pool, history), want);
        EXPECT_NUMBER(row, history->damaged_count, damaged);
}

static void same_and_other(void)
{
        struct tree *tree = tree_new();
        autohistory struct history *history = NULL;
        int64_t at = 0;

        seed(tree);
        expect_words("nothing yet", tree, "", 0);
        EXPECT_NUMBER(NULL, add(tree, "baseline", 50, "1"), 0);
        EXPECT_NUMBER(NULL, add(tree, "audit", 100, "1"), 0);
        EXPECT_NUMBER(NULL, add(tree, "audit", 1000, "1"), 0);
        EXPECT_NUMBER(NULL, add(tree, "audit", 1902, "1"), 0);
        expect_words("the same again", tree, "1 baseline 50 [1]; 2 audit 100 +900 +902 [1]", 0);
        EXPECT_NUMBER(NULL, add(tree, "audit", 3000, "60"), 0);
        EXPECT_NUMBER(NULL, add(tree, "audit", 2990, "60"), 0);
        EXPECT_NUMBER(NULL, add(tree, "audit", 4000, "1"), 0);
        EXPECT_NUMBER(NULL, add(tree, "apply", 4100, "1"), 0);
        EXPECT_NUMBER(NULL, add(tree, "apply", 4200, "1"), 0);
        expect_words(
                "each apply is one of its own, and a clock may step back", tree,
                "1 baseline 50 [1]; 2 audit 100 +900 +902 [1]; 5 audit 3000 +-10 [60]; 7 audit 4000 [1]; 8 apply 4100 [1]; "
                "9 apply 4200 [1]",
                0);
        EXPECT_NUMBER(NULL, history_read(tree_host(tree), &history), 0);
        EXPECT("by id", history_find(history, 4, &at) == &history->records[1]);
        EXPECT_NUMBER("when", at, 1902);
        EXPECT("none before", history_find(history, 0, &at) == NULL);
        EXPECT("none behind", history_find(history, 10, &at) == NULL);
        tree_free(tree);
}

/* Lists of repetitions end, segments end, and no audit is lost at either. */
static void long_runs(void)
{
        struct tree *tree = tree_new();
        autohistory struct history *history = NULL;
        struct host_stat stat;

        seed(tree);
        for (int i = 0; i < 1100; i++)
                EXPECT_NUMBER(NULL, add(tree, "audit", 900 * i, "1"), 0);
        EXPECT_NUMBER(NULL, history_read(tree_host(tree), &history), 0);
        EXPECT_NUMBER("one record", history->count, 1);
        EXPECT_NUMBER("nothing damaged", history->damaged_count, 0);
        EXPECT_NUMBER("all of them", history->records[0].again_count, 1099);
        EXPECT_NUMBER("when", history->records[0].again[1098], 900 * 1099);
        EXPECT_NUMBER("the segment", host_stat(tree_host(tree), &stat, FIRST), 0);
        EXPECT("four bytes each", stat.size < 6000);
        tree_free(tree);
}

/* Whatever audits find, what is kept stays below its bounds. */
static void bounds(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        autohistory struct history *history = NULL;
        const char *const *names;
        uint64_t bytes = 0;

        seed(tree);
        for (int i = 0; i < 60; i++) {
                autojson json_t *json = entry("audit", i, "1");
                json_t *items = json_object();

                for (int j = 0; j < 800; j++)
                        json_object_set_new(items, pool_format(pool, "fact.%d", j),
                                            json_string(pool_format(pool, "%0150d", i)));
                json_object_set_new(json_object_get(json, "state"), "fact", items);
                EXPECT_NUMBER(NULL, history_add(tree_host(tree), json, NULL, NULL), 0);
        }
        EXPECT_NUMBER(NULL, host_list(tree_host(tree), pool, &names, HISTORY_FOLDER), 0);
        for (; *names; names++) {
                struct host_stat stat;

                EXPECT_NUMBER(*names, host_stat(tree_host(tree), &stat, HISTORY_FOLDER "/%s", *names), 0);
                bytes += stat.size;
        }
        EXPECT("bytes", bytes <= HISTORY_BYTES_MAX);
        EXPECT_NUMBER(NULL, history_read(tree_host(tree), &history), 0);
        EXPECT_NUMBER("nothing damaged", history->damaged_count, 0);
        EXPECT("the oldest are gone", history->count && history->records[0].id > 1);
        EXPECT_NUMBER("the newest is there", history->records[history->count - 1].id, 60);
        tree_free(tree);
}

/* --- damage ---------------------------------------------------------------------------------------------------------------- */

static void fill(struct tree *tree)
{
        seed(tree);
        add(tree, "baseline", 50, "1");
        add(tree, "audit", 100, "1");
        add(tree, "audit", 200, "1");
        add(tree, "audit", 300, "60");
        add(tree, "audit", 400, "10");
        add(tree, "audit", 500, "10");
}

static const char *segment(struct tree *tree, struct pool *pool, size_t *size)
{
        const void *bytes = NULL;

        EXPECT_NUMBER("segment", host_read_bytes(tree_host(tree), pool, &bytes, size, FIRST), 0);
        return bytes;
}

static void damaged_lines(void)
{
        static const struct {
                unsigned line;
                const char *words;
                size_t damaged;
        } cases[] = {
                { 1, "2 audit 100 +100 [lost]; 4 audit 300 [lost]; 5 audit 400 +100 [lost]", 1 },
                { 2, "1 baseline 50 [1]; 4 audit 300 [lost]; 5 audit 400 +100 [lost]", 2 },
                { 3, "1 baseline 50 [1]; 2 audit 100 [1]; 4 audit 300 [lost]; 5 audit 400 +100 [lost]", 1 },
                { 4, "1 baseline 50 [1]; 2 audit 100 +100 [1]; 5 audit 400 +100 [lost]", 1 },
                { 5, "1 baseline 50 [1]; 2 audit 100 +100 [1]; 4 audit 300 [60]", 2 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                autopool struct pool *pool = pool_new();
                char *row = pool_format(pool, "line %u", cases[i].line), *copy, *at;
                const char *bytes;
                size_t size;

                fill(tree);
                bytes = segment(tree, pool, &size);
                copy = pool_copy(pool, bytes, size);
                at = copy;
                for (unsigned line = 1; line < cases[i].line; line++)
                        at = strchr(at, '\n') + 1;
                at[30] ^= 1;
                tree_bytes(tree, FIRST, copy, size);
                host_forget(tree_host(tree));
                expect_words(row, tree, cases[i].words, cases[i].damaged);
                /* What comes next is whole, in a segment of its own. */
                EXPECT_NUMBER(row, add(tree, "audit", 600, "77"), 0);
                EXPECT_NUMBER(row, add(tree, "audit", 700, "77"), 0);
                EXPECT_NUMBER(row, add(tree, "audit", 800, "78"), 0);
                {
                        autohistory struct history *history = NULL;

                        EXPECT_NUMBER(row, history_read(tree_host(tree), &history), 0);
                        EXPECT(row, strstr(words(pool, history), " +100 [77]; ") != NULL);
                        EXPECT(row, text_ends(words(pool, history), " audit 800 [78]"));
                }
                tree_free(tree);
        }
}

static void cut_anywhere(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        const char *bytes;
        size_t size;

        fill(tree);
        bytes = segment(tree, pool, &size);
        for (size_t cut = 0; cut < size; cut += 7) {
                struct tree *other = tree_new();
                autopool struct pool *here = pool_new();
                autohistory struct history *history = NULL;
                char *row = pool_format(here, "cut at %zu", cut);

                seed(other);
                tree_bytes(other, FIRST, bytes, cut);
                EXPECT_NUMBER(row, history_read(tree_host(other), &history), 0);
                EXPECT_NUMBER(row, history->damaged_count, cut && bytes[cut - 1] != '\n');
                EXPECT_NUMBER(row, add(other, "audit", 900, "5"), 0);
                history_free(history);
                history = NULL;
                EXPECT_NUMBER(row, history_read(tree_host(other), &history), 0);
                EXPECT(row, text_ends(words(here, history), " audit 900 [5]"));
                tree_free(other);
        }
        tree_free(tree);
}

/* The n-th change fails, or the disk is full: what was added before is there, and the next one can be added. */
static void failing(void)
{
        static const enum host_fault faults[] = { FAULT_FAIL, FAULT_FULL };

        for (size_t i = 0; i < COUNT(faults); i++) {
                for (unsigned nth = 1; nth < 14; nth++) {
                        static const char *const values[] = { "1", "1", "60", "60", "60", "1" };
                        struct tree *tree = tree_new();
                        autopool struct pool *pool = pool_new();
                        autohistory struct history *history = NULL;
                        char *row = pool_format(pool, "change %u, fault %zu", nth, i);
                        size_t added = 0, had = 0;

                        seed(tree);
                        EXPECT_NUMBER(row, add(tree, "audit", 10, "1"), 0);
                        host_fault(tree_host(tree), faults[i], nth);
                        for (size_t j = 0; j < COUNT(values); j++)
                                added += add(tree, "audit", 20 + (int64_t)j, values[j]) == 0;
                        host_fault(tree_host(tree), FAULT_NONE, 0);
                        EXPECT_NUMBER(row, add(tree, "audit", 99, "7"), 0);
                        EXPECT_NUMBER(row, history_read(tree_host(tree), &history), 0);
                        for (size_t j = 0; j < history->count; j++)
                                had += 1 + history->records[j].again_count;
                        EXPECT(row, had >= added + 2);
                        EXPECT(row, text_ends(words(pool, history), " audit 99 [7]"));
                        tree_free(tree);
                }
        }
}

/* The list of repetitions stands in the segment already, and the crash came before `last` was taken away. */
static void last_twice(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        const void *bytes;
        size_t size;

        seed(tree);
        add(tree, "audit", 100, "1");
        add(tree, "audit", 200, "1");
        add(tree, "audit", 300, "1");
        EXPECT_NUMBER(NULL, host_read_bytes(tree_host(tree), pool, &bytes, &size, HISTORY_LAST), 0);
        EXPECT_NUMBER(NULL, host_append(tree_host(tree), FIRST, bytes, size), 0);
        expect_words("told once", tree, "1 audit 100 +100 +100 [1]", 0);
        add(tree, "audit", 400, "1");
        add(tree, "audit", 500, "2");
        expect_words("and it goes on", tree, "1 audit 100 +100 +100 +100 [1]; 5 audit 500 [2]", 0);
        tree_free(tree);
}

/* With a checksum that fits. */
static void hostile(void)
{
        static const char *const lines[] = {
                "[]",
                "{}",
                "7",
                "{\"record\": \"whole\"}",
                "{\"record\": 5}",
                "{\"record\": \"again\", \"id\": 2}",
                "{\"record\": \"again\", \"id\": 2, \"after\": []}",
                "{\"record\": \"again\", \"id\": 2, \"after\": [\"x\"]}",
                "{\"record\": \"again\", \"id\": 2, \"after\": [9223372036854775807]}",
                "{\"record\": \"again\", \"id\": 2, \"after\": [-9223372036854775807]}",
                "{\"record\": \"again\", \"id\": 7, \"after\": [1]}",
                "{\"record\": \"again\", \"id\": -9223372036854775807, \"after\": [1,2]}",
                "{\"record\": \"change\", \"id\": 1, \"at\": 1}",
                "{\"record\": \"change\", \"id\": 99999999999, \"at\": 1}",
                "{\"record\":\"change\",\"id\":2,\"at\":-1,\"verb\":\"audit\",\"boot_id\":\"b\",\"profile\":\"p\",\"sha256\":"
                "\"s\","
                "\"verdict\":\"x\",\"exit\":0,\"wrong\":[],\"state\":{}}",
                "{\"record\":\"change\",\"id\":2,\"at\":1,\"verb\":\"audit\",\"boot_id\":\"b\",\"profile\":\"p\",\"sha256\":"
                "\"s\","
                "\"verdict\":\"x\",\"exit\":0,\"wrong\":[7],\"state\":{}}",
                "{\"record\":\"change\",\"id\":2,\"at\":1,\"verb\":\"audit\",\"boot_id\":\"b\",\"profile\":\"p\",\"sha256\":"
                "\"s\","
                "\"verdict\":\"x\",\"exit\":0,\"wrong\":[],\"state\":{\"running\":[]}}",
                "{\"record\":\"change\",\"id\":2,\"at\":1,\"verb\":\"audit\",\"boot_id\":\"b\",\"profile\":\"p\",\"sha256\":"
                "\"s\","
                "\"verdict\":\"x\",\"exit\":0,\"wrong\":[],\"state\":{\"else\":{}}}",
                "{\"record\":\"change\",\"id\":2,\"at\":1,\"verb\":\"audit\",\"boot_id\":\"b\",\"profile\":\"p\",\"sha256\":"
                "\"s\","
                "\"verdict\":\"x\",\"exit\":0,\"wrong\":[],\"state\":{\"running\":{\"a\":{}}}}",
        };

        for (size_t i = 0; i < COUNT(lines); i++) {
                struct tree *tree = tree_new();
                autopool struct pool *pool = pool_new();
                json_t *json = json_loads(lines[i], JSON_DECODE_ANY, NULL);
                autofree char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
                const char *line;

                seed(tree);
                add(tree, "audit", 1, "1");
                line = json_is_object(json) ? history_line(pool, json) : pool_format(pool, "0123456789abcdef %s\n", text);
                EXPECT_NUMBER(lines[i], host_append(tree_host(tree), FIRST, line, strlen(line)), 0);
                expect_words(lines[i], tree, "1 audit 1 [1]", 1);
                EXPECT_NUMBER(lines[i], add(tree, "audit", 5, "2"), 0);
                json_decref(json);
                tree_free(tree);
        }
}

static void odd_folders(void)
{
        struct tree *tree = tree_new();

        seed(tree);
        tree_file(tree, HISTORY_FOLDER "/notes.txt", "x");
        tree_file(tree, HISTORY_FOLDER "/0000000x.log", "x");
        tree_file(tree, HISTORY_FOLDER "/00000000.log", "x");
        expect_words("names that are none of ours", tree, "", 0);
        tree_folder(tree, HISTORY_FOLDER "/00000007.log");
        expect_words("a folder in the place of a segment", tree, "", 1);
        tree_remove(tree, HISTORY_FOLDER "/00000007.log");
        tree_file(tree, HISTORY_FOLDER "/00000007.log", "%s", "");
        EXPECT_NUMBER("an empty segment", add(tree, "audit", 3, "1"), 0);
        expect_words("is left behind", tree, "8 audit 3 [1]", 0);
        tree_free(tree);
}

static const struct test tests[] = {
        { "same and other", same_and_other },
        { "long runs", long_runs },
        { "bounds", bounds },
        { "damaged lines", damaged_lines },
        { "cut anywhere", cut_anywhere },
        { "failing", failing },
        { "last twice", last_twice },
        { "hostile", hostile },
        { "odd folders", odd_folders },
        { NULL, NULL },
};

const struct suite suite_history = { "history", tests };

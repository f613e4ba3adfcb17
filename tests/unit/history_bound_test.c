/* The history of a host on which nothing happens is bounded in number. */

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
                for (unsigned j = 0; j < 3; j++, next++, at += 900) {
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
                /* The segment that was begun may still become full. */
                EXPECT(cases[i].name, most + 2048 - 3 <= HISTORY_AUDITS_MAX);
                EXPECT(cases[i].name, most >= cases[i].least);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "bound_in_number", bound_in_number },
        { NULL, NULL },
};

const struct suite suite_history_bound = { "history_bound", tests };

/* What an endpoint answers in JSON, held against what a profile wants of its members. */

#include "agent/profile.h"

#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/endpoint_judge.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tree.h"

#include <errno.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TOTALS       "connected: [\"> 0\", \"= ${total}\"]"

static const struct {
        const char *name, *want, *answer, *words;
} cases[] = {
        { "equal", TOTALS, "{\"connected\": 3, \"total\": 3}", "ok" },
        { "fewer", TOTALS, "{\"connected\": 2, \"total\": 3}", "answers connected: 2, not = total: 3" },
        { "more", TOTALS, "{\"connected\": 4, \"total\": 3}", "answers connected: 4, not = total: 3" },
        { "none of none", TOTALS, "{\"connected\": 0, \"total\": 0}", "answers connected: 0, not > 0" },
        { "less than none", TOTALS, "{\"connected\": -1, \"total\": -1}", "answers connected: -1, not > 0" },
        { "without the member", TOTALS, "{\"total\": 3}", "answers without \"connected\"" },
        { "without the other", TOTALS, "{\"connected\": 3}", "answers without \"total\"" },
        { "nothing", TOTALS, "{}", "answers without \"connected\"" },
        { "both in quotes", TOTALS, "{\"connected\": \"3\", \"total\": \"3\"}", "answers connected: \"3\", not > 0" },
        { "one in quotes", TOTALS, "{\"connected\": 3, \"total\": \"3\"}", "answers connected: 3, not = total: \"3\"" },
        { "a list of them", TOTALS, "{\"connected\": 3, \"total\": [1, 2, 3]}", "answers connected: 3, not = total: [1,2,3]" },
        { "null and null", "a: [\"= ${b}\"]", "{\"a\": null, \"b\": null}", "answers a: null, not = b: null" },
        { "lists alike", "a: [\"= ${b}\"]", "{\"a\": [], \"b\": []}", "answers a: [], not = b: []" },
        { "texts alike", "a: [\"= ${b}\"]", "{\"a\": \"x\", \"b\": \"x\"}", "ok" },
        { "texts that differ", "a: [\"= ${b}\"]", "{\"a\": \"x\", \"b\": \"X\"}", "answers a: \"x\", not = b: \"X\"" },
        { "texts have no order", "a: [\"< ${b}\"]", "{\"a\": \"x\", \"b\": \"y\"}", "answers a: \"x\", not < b: \"y\"" },
        { "truths", "a: [\"= ${b}\"]", "{\"a\": true, \"b\": true}", "ok" },
        { "truth and lie", "a: [\"= ${b}\"]", "{\"a\": true, \"b\": false}", "answers a: true, not = b: false" },
        { "truth and 1", "a: [\"= ${b}\"]", "{\"a\": true, \"b\": 1}", "answers a: true, not = b: 1" },
        { "whole and broken numbers", "a: [\"= ${b}\"]", "{\"a\": 3, \"b\": 3.0}", "ok" },
        { "a little less", "a: [\">= ${b}\"]", "{\"a\": 3, \"b\": 3.5}", "answers a: 3, not >= b: 3.5" },
        { "huge numbers", "a: [\"= ${b}\"]", "{\"a\": 9007199254740993, \"b\": 9007199254740992}",
          "answers a: 9007199254740993, not = b: 9007199254740992" },
        { "no number of 64 bits", "a: [\"> 0\"]", "{\"a\": 99999999999999999999}", "ok" },
        { "no number of 64 bits, below", "a: [\"> 0\"]", "{\"a\": -99999999999999999999}", "answers a: -1e20, not > 0" },
        { "no number of 64 bits, elsewhere", "a: 3", "{\"b\": [\"\\\"99999999999999999999\", -99999999999999999999], \"a\": 3}",
          "ok" },
        { "no digits lost beside it", "a: [\"= 9007199254740992\"]", "{\"b\": 99999999999999999999, \"a\": 9007199254740993}",
          "answers a: 9007199254740993, not \"9007199254740992\"" },
        { "nothing within quotes", "a: \"99999999999999999999\"",
          "{\"a\": \"99999999999999999999\", \"b\": 99999999999999999999}", "ok" },
        { "lost digits are not equal", "a: 99999999999999999999", "{\"a\": 99999999999999999998}",
          "answers a: 1e20, not \"99999999999999999999\"" },
        { "nor other", "a: [\"!= 99999999999999999999\"]", "{\"a\": 99999999999999999998}",
          "answers a: 1e20, not != 99999999999999999999" },
        { "nor at least", "a: [\">= 99999999999999999999\"]", "{\"a\": 99999999999999999998}",
          "answers a: 1e20, not >= 99999999999999999999" },
        { "nor beside another member", "a: [\"= ${b}\"]", "{\"a\": 99999999999999999998, \"b\": 99999999999999999999}",
          "answers a: 1e20, not = b: 1e20" },
        { "far enough", "a: [\"!= ${b}\", \"< ${b}\"]", "{\"a\": 99999999999999999998, \"b\": 199999999999999999998}", "ok" },
        { "a power that large", "a: 1e20", "{\"a\": 1e20}", "ok" },
        { "beyond all numbers", "a: 1", "{\"a\": 1, \"b\": 1e999}",
          "answers with something that is no JSON object: real number overflow near '1e999'" },
        { "no number of JSON, hexadecimal", "a: \"0x64\"", "{\"a\": 100}", "answers a: 100, not \"0x64\"" },
        { "no number of JSON, hexadecimal and broken", "a: \"0x64\"", "{\"a\": 100.0}", "answers a: 100.0, not \"0x64\"" },
        { "no number of JSON, with a blank", "a: \" 100\"", "{\"a\": 100}", "answers a: 100, not \" 100\"" },
        { "no number of JSON, with a blank behind", "a: \"100.0 \"", "{\"a\": 100.0}", "answers a: 100.0, not \"100.0 \"" },
        { "no number of JSON, with a sign", "a: [\"= +100\"]", "{\"a\": 100}", "answers a: 100, not \"+100\"" },
        { "no number of JSON, with a nought", "a: [\"= 0100\"]", "{\"a\": 100}", "answers a: 100, not \"0100\"" },
        { "two of one name", "a: 1", "{\"a\": 1, \"b\": 2, \"b\": 3}",
          "answers with something that is no JSON object: duplicate object key near '\"b\"'" },
        { "garbage behind", "a: 1", "{\"a\": 1} x",
          "answers with something that is no JSON object: end of file expected near 'x'" },
        { "cut off", "a: 1", "{\"a\": 1", "answers with something that is no JSON object: '}' expected near end of file" },
        { "a NUL in quotes", "a: 1", "{\"a\": 1, \"b\": \"\\u0000\"}",
          "answers with something that is no JSON object: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"'" },
        { "a mark before it", "a: 1", "\357\273\277{\"a\": 1}", "answers with a byte order mark before its JSON" },
        { "a list", "a: 1", "[1]", "answers with something that is no JSON object" },
        { "nested", "exchanges: { up: [\"= ${exchanges.all.known}\"] }",
          "{\"exchanges\": {\"up\": 2, \"all\": {\"known\": 2}}}", "ok" },
        { "nested, fewer", "exchanges: { up: [\"= ${exchanges.all.known}\"] }",
          "{\"exchanges\": {\"up\": 1, \"all\": {\"known\": 2}}}", "answers exchanges.up: 1, not = exchanges.all.known: 2" },
        { "a way that ends early", "exchanges: { up: [\"= ${exchanges.all.known}\"] }",
          "{\"exchanges\": {\"up\": 1, \"all\": 2}}", "answers without \"exchanges.all.known\"" },
        { "other", "a: [\"!= ${b}\"]", "{\"a\": 1, \"b\": 2}", "ok" },
        { "not other", "a: [\"!= ${b}\"]", "{\"a\": 2, \"b\": 2}", "answers a: 2, not != b: 2" },
        { "of other kinds", "a: [\"!= ${b}\"]", "{\"a\": 2, \"b\": \"2\"}", "answers a: 2, not != b: \"2\"" },
        { "other than a word", "a: [\"!= failed\"]", "{\"a\": \"fine\"}", "ok" },
        { "just that word", "a: [\"!= failed\"]", "{\"a\": \"failed\"}", "answers a: \"failed\", not != failed" },
        { "null is no other word", "a: [\"!= failed\"]", "{\"a\": null}", "answers a: null, not != failed" },
        { "a list is no other word", "a: [\"!= failed\"]", "{\"a\": [\"failed\"]}", "answers a: [\"failed\"], not != failed" },
        { "as it is written", "a: [\"= 3\"]", "{\"a\": \"3\"}", "ok" },
        { "a whole number, as a broken one", "a: [\"= 100.0\"]", "{\"a\": 100}", "ok" },
        { "a whole number, by its power", "a: [\"= 1e2\"]", "{\"a\": 100}", "ok" },
        { "another whole number", "a: [\"= 100.5\"]", "{\"a\": 100}", "answers a: 100, not \"100.5\"" },
        { "not other, as a broken one", "a: [\"!= 0.0\"]", "{\"a\": 0}", "answers a: 0, not != 0.0" },
        { "not other, by its power", "a: [\"!= 1e2\"]", "{\"a\": 100}", "answers a: 100, not != 1e2" },
        { "other, as a broken one", "a: [\"!= 0.5\"]", "{\"a\": 0}", "ok" },
        { "the last one, and one more", "a: [\"= 9223372036854775808\"]", "{\"a\": 9223372036854775807}",
          "answers a: 9223372036854775807, not \"9223372036854775808\"" },
        { "no digits lost", "a: [\"= 9007199254740992.0\"]", "{\"a\": 9007199254740993}",
          "answers a: 9007199254740993, not \"9007199254740992.0\"" },
        { "no number", "a: [\"= three\"]", "{\"a\": 3}", "answers a: 3, not \"three\"" },
        { "within bounds", "a: [\">= 1\", \"<= 2.5\", \"< 3\"]", "{\"a\": 2.5}", "ok" },
        { "out of bounds", "a: [\">= 1\", \"<= 2.5\", \"< 3\"]", "{\"a\": 2.75}", "answers a: 2.75, not <= 2.5" },
        { "a sign that is the value", "a: [\"= > 0\"]", "{\"a\": \"> 0\"}", "ok" },
};

static void test_members(void)
{
        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();
                struct profile *profile;
                const char *problem, *words;

                tree_file(tree, "/p/h.yaml",
                          "plumbline: 1\nhealth: { endpoints: { a: { http: \"http://localhost/\", json: { %s } } } }\n",
                          cases[i].want);
                profile_tree_load(tree, pool, "/p/h.yaml", &profile, &problem);
                if (EXPECT_TEXT(cases[i].name, problem, "")) {
                        words = endpoint_json_words(pool, &profile->endpoints[0], slice_of(cases[i].answer));
                        EXPECT_TEXT(cases[i].name, words ? words : "ok", cases[i].words);
                }
                profile_free(profile);
                tree_free(tree);
        }
}

/* Column 53 is that of the map. */
static const struct {
        const char *name, *json, *problem;
} refused[] = {
        { "no comparison", "{ m: [] }", "58: found an empty list, expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "no sign", "{ m: [3] }", "59: found \"3\", expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "another sign", "{ m: [\"~ a\"] }", "59: found \"~ a\", expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "a sign alone", "{ m: [\"> \"] }", "59: found \"> \", expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "the second", "{ m: [\"> 0\", x] }", "66: found \"x\", expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "a list in it", "{ m: [[\"> 0\"]] }", "59: found a list, expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "nothing in it", "{ m: [~] }", "59: found nothing, expected a comparison such as \"> 0\" or \"= ${total}\"" },
        { "order of words", "{ m: [\"> a\"] }",
          "59: found \"> a\", expected a number or a member such as \"${total}\" behind the sign" },
        { "a unit", "{ m: [\"> 3 s\"] }",
          "59: found \"> 3 s\", expected a number or a member such as \"${total}\" behind the sign" },
        { "no end", "{ m: [\"> 1e999\"] }",
          "59: found \"> 1e999\", expected a number or a member such as \"${total}\" behind the sign" },
        { "hexadecimal", "{ m: [\"> 0x3\"] }",
          "59: found \"> 0x3\", expected a number or a member such as \"${total}\" behind the sign" },
        { "a sign before it", "{ m: [\"> +3\"] }",
          "59: found \"> +3\", expected a number or a member such as \"${total}\" behind the sign" },
        { "a comparison alone", "{ m: \"> 0\" }",
          "58: found \"> 0\", expected a list for a comparison: [\"> 0\"], or for that very text: [\"= > 0\"]" },
        { "a comparison alone, inside", "{ m: { n: \"!= a\" } }",
          "63: found \"!= a\", expected a list for a comparison: [\"!= a\"], or for that very text: [\"= != a\"]" },
        { "a member alone", "{ m: \"${b}\" }", "58: found \"${b}\", expected a list to compare with a member: [\"= ${b}\"]" },
        { "two signs", "{ m: [\">> 3\"] }",
          "59: found \">> 3\", expected a number or a member such as \"${total}\" behind the sign" },
        { "a member without its end", "{ m: [\"= ${b\"] }",
          "59: found \"= ${b\", expected the name of a member between \"${\" and \"}\", with a point between each name and the "
          "next" },
        { "a member without a name", "{ m: [\"= ${}\"] }",
          "59: found \"= ${}\", expected the name of a member between \"${\" and \"}\", with a point between each name and the "
          "next" },
        { "a name of nothing", "{ m: [\"= ${a..b}\"] }",
          "59: found \"= ${a..b}\", expected the name of a member between \"${\" and \"}\", with a point between each name and "
          "the "
          "next" },
        { "more than a member", "{ m: [\"= ${a} b\"] }",
          "59: found \"= ${a} b\", expected the name of a member between \"${\" and \"}\", with a point between each name and "
          "the "
          "next" },
};

static void test_refused(void)
{
        for (size_t i = 0; i < COUNT(refused); i++) {
                autopool struct pool *pool = pool_new();
                const char *want = pool_format(pool, "@/p/w.yaml:2:%s", refused[i].problem), *problem;
                struct tree *tree = tree_new();
                struct profile *profile;

                tree_file(tree, "/p/w.yaml", "plumbline: 1\nhealth: { endpoints: { a: { http: \"http://a\", json: %s } } }\n",
                          refused[i].json);
                EXPECT_NUMBER(refused[i].name, profile_tree_load(tree, pool, "/p/w.yaml", &profile, &problem), -EINVAL);
                EXPECT_TEXT(refused[i].name, problem, want);
                profile_free(profile);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "members", test_members },
        { "refused", test_refused },
        { NULL, NULL },
};

const struct suite suite_endpoint_json = { "endpoint_json", tests };

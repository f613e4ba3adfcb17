/* The hash of a profile: the same for what is the same, and for nothing else. */

#include "agent/profile.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tree.h"
#include "tests/unit/suites.h"

#define HEAD "plumbline: 1\n"
#define BASE "require: { critical: { cpu.cores: 1 } }\n"

static void expect_hash(struct tree *tree, const char *name, const char *text, const char *hash, bool same)
{
        autopool struct pool *pool = pool_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/p/other.yaml", "%s", text);
        profile_tree_load(tree, pool, "/p/other.yaml", &profile, &problem);
        if (EXPECT_TEXT(name, problem, ""))
                EXPECT(name, text_equals(profile->sha256, hash) == same);
        profile_free(profile);
}

static void test_hash(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/p/one.yaml", HEAD "tune: { sysctl: { a: 1, b: 2 } }\n");
        profile_tree_load(tree, pool, "/p/one.yaml", &profile, &problem);
        if (EXPECT_TEXT("one", problem, "")) {
                expect_hash(tree, "same", HEAD "tune: { sysctl: { a: 1, b: 2 } }\n", profile->sha256, true);
                expect_hash(tree, "moved", HEAD "name: x\ntune:\n  sysctl:\n    b: 2\n    a: 1\n", profile->sha256, true);
                expect_hash(tree, "another value", HEAD "tune: { sysctl: { a: 1, b: 3 } }\n", profile->sha256, false);
                expect_hash(tree, "another key", HEAD "tune: { sysctl: { a: 1, c: 2 } }\n", profile->sha256, false);
                expect_hash(tree, "more", HEAD BASE "tune: { sysctl: { a: 1, b: 2 } }\n", profile->sha256, false);
        }
        profile_free(profile);
        tree_free(tree);
}

#define MEMBER(text)  "health: { endpoints: { h: { http: 'http://127.0.0.1/', json: " text " } } }"
#define COMMAND(text) "health: { endpoints: { h: { command: [/bin/x, " text "], user: me } } }"
#define ANSWER(text)  "health: { endpoints: { h: { http: 'http://127.0.0.1/', body: " text " } } }"

/* Each pair looks the same with points between the names, or without the ends of its texts. */
static const struct {
        const char *name, *one, *other;
} unlike[] = {
        { "members of an answer", MEMBER("{ a: { b: { c: 1 } } }"), MEMBER("{ a.b.c: 1 }") },
        { "a blank at the end", COMMAND("x"), COMMAND("'x '") },
        { "a blank at the beginning", COMMAND("x"), COMMAND("' x'") },
        { "what an answer holds", ANSWER("OK"), ANSWER("'OK '") },
        { "a long form", "tune: { sysctl: { a: { is: 1 } } }", "tune: { sysctl: { a.is: 1 } }" },
        { "two and one", COMMAND("a, b"), COMMAND("'a, b'") },
        { "two and one with quotes", COMMAND("'a,', b"), COMMAND("'a,\", b'") },
        { "nothing", "audit: { touching: [nic.*] }\ntune: { sysctl: { a: 1 } }", "tune: { sysctl: { a: 1 } }" },
};

static void test_unlike(void)
{
        for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();
                struct profile *profile;
                const char *problem;

                tree_file(tree, "/p/one.yaml", HEAD "%s\n", unlike[i].one);
                profile_tree_load(tree, pool, "/p/one.yaml", &profile, &problem);
                if (EXPECT_TEXT(unlike[i].name, problem, ""))
                        expect_hash(tree, unlike[i].name, pool_format(pool, HEAD "%s\n", unlike[i].other), profile->sha256,
                                    false);
                profile_free(profile);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "alike", test_hash },
        { "unlike", test_unlike },
        { NULL, NULL },
};

const struct suite suite_profile_hash = { "profile_hash", tests };

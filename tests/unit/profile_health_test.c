/* What the section `health` of a profile requires. */

#include "agent/profile.h"

#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tree.h"

static const char *show(struct pool *pool, const struct profile *profile)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < profile->requirement_count; i++) {
                const struct requirement *row = &profile->requirements[i];

                text_addf(&text, "%s %s: %s (%s)\n", tier_name(row->tier), row->id, row->want.text, row->from);
        }
        return pool_dup(pool, text.at);
}

static void test_units(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/p/h.yaml",
                  "plumbline: 1\n"
                  "require: { info: { unit.b.service.restarts: < 9 } }\n"
                  "health:\n"
                  "  units:\n"
                  "    - a\n"
                  "    - b.service\n"
                  "    - a.service\n"
                  "    - getty@tty1\n");
        profile_tree_load(tree, pool, "/p/h.yaml", &profile, &problem);
        if (EXPECT_TEXT("units", problem, ""))
                EXPECT_TEXT("units", show(pool, profile),
                            "info unit.b.service.restarts: < 9 (h.yaml:2)\n"
                            "critical unit.a.service.state: active (running) (h.yaml:5)\n"
                            "critical unit.a.service.restart_needed: false (h.yaml:5)\n"
                            "critical unit.a.service.reload_needed: false (h.yaml:5)\n"
                            "important unit.a.service.restarts: 0 (h.yaml:5)\n"
                            "critical unit.b.service.state: active (running) (h.yaml:6)\n"
                            "critical unit.b.service.restart_needed: false (h.yaml:6)\n"
                            "critical unit.b.service.reload_needed: false (h.yaml:6)\n"
                            "critical unit.getty@tty1.service.state: active (running) (h.yaml:8)\n"
                            "critical unit.getty@tty1.service.restart_needed: false (h.yaml:8)\n"
                            "critical unit.getty@tty1.service.reload_needed: false (h.yaml:8)\n"
                            "important unit.getty@tty1.service.restarts: 0 (h.yaml:8)\n");
        profile_free(profile);
        tree_free(tree);
}

static void test_addresses(void)
{
        static const struct {
                const char *endpoint, *node, *port; /* NULL: http */
        } cases[] = {
                { "tcp: \"127.0.0.1:9000\"", "127.0.0.1", "9000" }, { "tcp: \"localhost:1\"", "localhost", "1" },
                { "tcp: \"[::1]:65535\"", "::1", "65535" },         { "tcp: \"[fe80::1%eth0]:80\"", "fe80::1%eth0", "80" },
                { "http: \"http://localhost\"", NULL, NULL },       { "http: \"https://a_b-c.d:8080?x#y\"", NULL, NULL },
                { "http: \"http://[::1]/a:b@c\"", NULL, NULL },     { "http: \"http://[fe80::1%25eth0]:80/\"", NULL, NULL },
                { "http: \"http://h/%20x?a=[1]\"", NULL, NULL },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();
                struct profile *profile;
                const char *problem;

                tree_file(tree, "/p/h.yaml", "plumbline: 1\nhealth: { endpoints: { a: { %s } } }\n", cases[i].endpoint);
                profile_tree_load(tree, pool, "/p/h.yaml", &profile, &problem);
                if (EXPECT_TEXT(cases[i].endpoint, problem, "")) {
                        EXPECT_TEXT(cases[i].endpoint, profile->endpoints[0].node, cases[i].node);
                        EXPECT_TEXT(cases[i].endpoint, profile->endpoints[0].port, cases[i].port);
                }
                profile_free(profile);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "units", test_units },
        { "addresses", test_addresses },
        { NULL, NULL },
};

const struct suite suite_profile_health = { "profile_health", tests };

/* Profiles: what is read from one file, and how several are laid over each other. */

#include "agent/profile.h"

#include "agent/core/knob.h"
#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tree.h"
#include "tests/unit/suites.h"

#include <string.h>

#define HEAD "plumbline: 1\n"
#define BASE "require: { critical: { cpu.cores: 1 } }\n"

static char *show_lines(struct pool *pool, const struct profile *profile)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < profile->line_count; i++)
                text_addf(&text, "%s = %s (%s)\n", profile->lines[i].path, profile->lines[i].value, profile->lines[i].from);
        return pool_dup(pool, text.at);
}

static const char whole[] = HEAD "name: whole\n"
                                 "summary: >\n"
                                 "  All there\n"
                                 "  can be.\n"
                                 "cpus: { housekeeping: 2 per node, isolated: rest }\n"
                                 "require:\n"
                                 "  critical:\n"
                                 "    cpu.cores: \">= 32\"\n"
                                 "    any nvme.*.size: \">= 1.9 TB\"\n"
                                 "    kernel.rt: true\n"
                                 "    kernel.release: \">= 5.15\"\n"
                                 "    disk./.free: \">= 20 %\"\n"
                                 "  important:\n"
                                 "    every nvme.*.health: ok\n"
                                 "    memory.used: { is: \"< 80 %\", why: \"headroom\" }\n"
                                 "  important_pass: 75 %\n"
                                 "tune:\n  sysctl:\n"
                                 "    vm.swappiness: 1\n"
                                 "    fs.file-max: \">= 2097152\"\n"
                                 "    net.core.default_qdisc: fq\n"
                                 "  services: { off: [cups, snapd] }\n"
                                 "  cpu: { governor: { is: performance|schedutil, tier: info, absent: ok, why: speed } }\n"
                                 "  hugepages: { 2M: { node0: 4096 }, 1G: 4 }\n"
                                 "  cmdline: { isolcpus: \"domain,${cpus.isolated}\", quiet: \"\" }\n"
                                 "  irq: { default: \"${cpus.housekeeping}\" }\n"
                                 "health: { journal: { window: 1 h, allow: [ { message_id: "
                                 "8D45620C-1A4348DBB17410DA57C60C66 } ] },\n"
                                 "          endpoints: { feed: { tcp: 127.0.0.1:9000 } } }\n"
                                 "audit: { touching: [nic.*.link, nic.eth0.speed] }\n"
                                 "waivers:\n  - { id: cpu.cores, until: 2026-12-31, why: ordered, who: ops }\n";

static void check_requirements(const struct profile *profile)
{
        static const struct {
                const char *id, *pattern, *want, *from;
                enum quantifier quantifier;
                enum tier tier;
        } rows[] = {
                { "cpu.cores", "cpu.cores", ">= 32", "whole.yaml:9", QUANTIFIER_ONE, TIER_CRITICAL },
                { "any nvme.*.size", "nvme.*.size", ">= 1.9 TB", "whole.yaml:10", QUANTIFIER_ANY, TIER_CRITICAL },
                { "kernel.rt", "kernel.rt", "true", "whole.yaml:11", QUANTIFIER_ONE, TIER_CRITICAL },
                { "kernel.release", "kernel.release", ">= 5.15", "whole.yaml:12", QUANTIFIER_ONE, TIER_CRITICAL },
                { "disk./.free", "disk./.free", ">= 20 %", "whole.yaml:13", QUANTIFIER_ONE, TIER_CRITICAL },
                { "every nvme.*.health", "nvme.*.health", "ok", "whole.yaml:15", QUANTIFIER_EVERY, TIER_IMPORTANT },
                { "memory.used", "memory.used", "< 80 %", "whole.yaml:16", QUANTIFIER_ONE, TIER_IMPORTANT },
                { "endpoint.feed.state", "endpoint.feed.state", "ok", "whole.yaml:29", QUANTIFIER_ONE, TIER_CRITICAL },
        };
        size_t count = sizeof(rows) / sizeof(rows[0]);

        if (!EXPECT_NUMBER("requirements", profile->requirement_count, count))
                return;
        for (size_t i = 0; i < count; i++) {
                const struct requirement *have = &profile->requirements[i];

                EXPECT_TEXT(rows[i].id, have->id, rows[i].id);
                EXPECT_TEXT(rows[i].id, have->pattern, rows[i].pattern);
                EXPECT_TEXT(rows[i].id, have->want.text, rows[i].want);
                EXPECT_TEXT(rows[i].id, have->from, rows[i].from);
                EXPECT_NUMBER(rows[i].id, have->quantifier, rows[i].quantifier);
                EXPECT_NUMBER(rows[i].id, have->tier, rows[i].tier);
                EXPECT(rows[i].id, have->info != NULL);
        }
        EXPECT_TEXT("why", profile->requirements[6].why, "headroom");
        EXPECT("important_pass", profile->important_pass > 74.9 && profile->important_pass < 75.1);
}

static void check_tunes(const struct profile *profile)
{
        static const struct {
                const char *id, *text, *from, *keys[3];
        } rows[] = {
                { "cmdline.isolcpus", "domain,${cpus.isolated}", "whole.yaml:26", { "isolcpus" } },
                { "cmdline.quiet", "", "whole.yaml:26", { "quiet" } },
                { "services.off.cups", "true", "whole.yaml:23", { "off", "cups" } },
                { "services.off.snapd", "true", "whole.yaml:23", { "off", "snapd" } },
                { "sysctl.vm.swappiness", "1", "whole.yaml:20", { "vm.swappiness" } },
                { "sysctl.fs.file-max", ">= 2097152", "whole.yaml:21", { "fs.file-max" } },
                { "sysctl.net.core.default_qdisc", "fq", "whole.yaml:22", { "net.core.default_qdisc" } },
                { "hugepages.2M.node0", "4096", "whole.yaml:25", { "2M", "node0" } },
                { "hugepages.1G", "4", "whole.yaml:25", { "1G" } },
                { "cpu.governor", "performance|schedutil", "whole.yaml:24", { "governor" } },
                { "irq.default", "${cpus.housekeeping}", "whole.yaml:27", { "default" } },
        };
        size_t count = sizeof(rows) / sizeof(rows[0]);
        const struct setting *governor;

        if (!EXPECT_NUMBER("settings", profile->tune_count, count))
                return;
        for (size_t i = 0; i < count; i++) {
                const struct setting *have = &profile->tunes[i].setting;

                EXPECT_TEXT(rows[i].id, have->id, rows[i].id);
                EXPECT_TEXT(rows[i].id, have->text, rows[i].text);
                EXPECT_TEXT(rows[i].id, have->from, rows[i].from);
                for (size_t k = 0; k < SETTING_KEYS; k++)
                        EXPECT_TEXT(rows[i].id, have->keys[k], rows[i].keys[k]);
                EXPECT(rows[i].id, have->field != NULL);
        }
        governor = &profile->tunes[9].setting;
        EXPECT_NUMBER("tier", governor->tier, TIER_INFO);
        EXPECT("absent: ok", governor->absent_ok);
        EXPECT_TEXT("why", governor->why, "speed");
        EXPECT_NUMBER("alternatives", governor->want.op, OP_IN);
        EXPECT_NUMBER("alternatives", governor->want.count, 2);
        EXPECT_NUMBER("one-sided", profile->tunes[5].setting.want.op, OP_GE);
        EXPECT_NUMBER("critical unless said", profile->tunes[5].setting.tier, TIER_CRITICAL);
        EXPECT_NUMBER("text in a table of numbers", profile->tunes[6].setting.want.values[0].kind, VALUE_TEXT);
}

static void test_whole(void)
{
        struct tree *tree = tree_new();
        autopool struct pool *pool = pool_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/p/whole.yaml", "%s", whole);
        profile_tree_load(tree, pool, "/p/whole.yaml", &profile, &problem);
        if (EXPECT_TEXT("whole", problem, "")) {
                EXPECT_TEXT("name", profile->name, "whole");
                EXPECT_TEXT("summary", profile->summary, "All there can be.");
                EXPECT_TEXT("housekeeping", profile->housekeeping, "2 per node");
                EXPECT_TEXT("isolated", profile->isolated, "rest");
                EXPECT_NUMBER("window", profile->journal ? profile->journal->window_s : 0, 3600);
                EXPECT_TEXT("message id", profile->journal ? profile->journal->allows[0].text : NULL,
                            "8d45620c1a4348dbb17410da57c60c66");
                EXPECT_TEXT("cpus from", profile->cpus_from, "whole.yaml:6");
                EXPECT_NUMBER("touching", profile->touching_count, 2);
                EXPECT_NUMBER("hash", strlen(profile->sha256), 64);
                check_requirements(profile);
                check_tunes(profile);
        }
        profile_free(profile);
        profile_free(NULL);
        tree_free(tree);
}

/* b is below t: what t is then. */
static const struct {
        const char *name, *below, *above, *lines;
} merges[] = {
        { "key by key", "tune: { sysctl: { a: 1, b: 2 } }", "tune: { sysctl: { b: 3, c: 4 } }",
          "tune.sysctl.a = 1 (b.yaml:2)\ntune.sysctl.b = 3 (t.yaml:3)\ntune.sysctl.c = 4 (t.yaml:3)\n" },
        { "nothing of its own", "tune: { sysctl: { a: 1 } }", "", "tune.sysctl.a = 1 (b.yaml:2)\n" },
        { "drop a key", "tune: { sysctl: { a: 1, b: 2 } }", "tune: { sysctl: { a: !drop } }",
          "tune.sysctl.b = 2 (b.yaml:2)\n" },
        { "drop a knob", "tune: { sysctl: { a: 1 }, cpu: { boost: 0 } }", "tune: { sysctl: !drop }",
          "tune.cpu.boost = 0 (b.yaml:2)\n" },
        { "drop what is not there", "tune: { sysctl: { a: 1 } }", "tune: { sysctl: { z: !drop }, irq: !drop }",
          "tune.sysctl.a = 1 (b.yaml:2)\n" },
        { "long replaces short", "tune: { sysctl: { a: 1 } }", "tune: { sysctl: { a: { is: 2, tier: info } } }",
          "tune.sysctl.a.is = 2 (t.yaml:3)\ntune.sysctl.a.tier = info (t.yaml:3)\n" },
        { "short replaces long", "tune: { sysctl: { a: { is: 2, tier: info } } }", "tune: { sysctl: { a: 1 } }",
          "tune.sysctl.a = 1 (t.yaml:3)\n" },
        { "long replaces long as one", "tune: { sysctl: { a: { is: 2, tier: info, why: x } } }",
          "tune: { sysctl: { a: { is: 3 } } }", "tune.sysctl.a.is = 3 (t.yaml:3)\n" },
        { "long replaces a map", "tune: { hugepages: { 2M: { node0: 2 } } }", "tune: { hugepages: { 2M: { is: 4 } } }",
          "tune.hugepages.2M.is = 4 (t.yaml:3)\n" },
        { "a map replaces long", "tune: { hugepages: { 2M: { is: 4 } } }", "tune: { hugepages: { 2M: { node0: 2 } } }",
          "tune.hugepages.2M.node0 = 2 (t.yaml:3)\n" },
        { "map replaces value", "tune: { hugepages: { 2M: 4 } }", "tune: { hugepages: { 2M: { node0: 2 } } }",
          "tune.hugepages.2M.node0 = 2 (t.yaml:3)\n" },
        { "value replaces map", "tune: { hugepages: { 2M: { node0: 2 } } }", "tune: { hugepages: { 2M: 4 } }",
          "tune.hugepages.2M = 4 (t.yaml:3)\n" },
        { "lists replace", "tune: { services: { off: [a, b] } }", "tune: { services: { off: [\"c,d\", e] } }",
          "tune.services.off = [\"c,d\", e] (t.yaml:3)\n" },
        { "waivers add up", BASE "waivers: [ { id: a, until: 2026-01-01, why: x, who: y } ]",
          "waivers: [ { id: b, until: 2026-01-01, why: x, who: y } ]",
          "require.critical.cpu.cores = 1 (b.yaml:2)\n"
          "waivers[0].id = a (b.yaml:3)\nwaivers[0].until = 2026-01-01 (b.yaml:3)\nwaivers[0].why = x (b.yaml:3)\n"
          "waivers[0].who = y (b.yaml:3)\n"
          "waivers[1].id = b (t.yaml:3)\nwaivers[1].until = 2026-01-01 (t.yaml:3)\nwaivers[1].why = x (t.yaml:3)\n"
          "waivers[1].who = y (t.yaml:3)\n" },
        { "sections have an order", "waivers: []\ntune: { irq: { nic: local } }", BASE "cpus: { isolated: \"1\" }",
          "cpus.isolated = 1 (t.yaml:4)\nrequire.critical.cpu.cores = 1 (t.yaml:3)\ntune.irq.nic = local (b.yaml:3)\n"
          "waivers = [] (b.yaml:2)\n" },
};

static void test_merges(void)
{
        for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();
                struct profile *profile;
                const char *problem;

                tree_file(tree, "/shipped/b.yaml", HEAD "%s\n", merges[i].below);
                tree_file(tree, "/p/t.yaml", HEAD "extends: [b]\n%s\n", merges[i].above);
                profile_tree_load(tree, pool, "/p/t.yaml", &profile, &problem);
                if (EXPECT_TEXT(merges[i].name, problem, ""))
                        EXPECT_TEXT(merges[i].name, show_lines(pool, profile), merges[i].lines);
                profile_free(profile);
                tree_free(tree);
        }
}

/* "*" + "/nofile" is a number, and "root/" + "*" only "none": the key that comes first decides. */
static void test_fields(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/p/f.yaml", HEAD "tune: { limits: { root: { nofile: none }, hft: { nofile: 3 } } }\n");
        profile_tree_load(tree, pool, "/p/f.yaml", &profile, &problem);
        if (EXPECT_TEXT("fields", problem, "")) {
                EXPECT_TEXT("root", profile->tunes[0].setting.field->path, "root/*");
                EXPECT_TEXT("hft", profile->tunes[1].setting.field->path, "*/nofile");
        }
        profile_free(profile);
        tree_free(tree);
}

static void test_order_of_extends(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/shipped/low.yaml", HEAD "summary: low\ntune: { sysctl: { a: 1, b: 1, c: 1, d: 1 } }\n");
        tree_file(tree, "/shipped/mid.yaml", HEAD "extends: [low]\ntune: { sysctl: { b: 2 } }\n");
        tree_file(tree, "/local/side.yaml", HEAD "tune: { sysctl: { c: 3, d: !drop } }\n");
        tree_file(tree, "/p/top.yaml", HEAD "extends: [mid, side]\n");
        profile_tree_load(tree, pool, "/p/top.yaml", &profile, &problem);
        if (EXPECT_TEXT("top", problem, "")) {
                EXPECT_TEXT(
                        "lines", show_lines(pool, profile),
                        "tune.sysctl.a = 1 (low.yaml:3)\ntune.sysctl.b = 2 (mid.yaml:3)\ntune.sysctl.c = 3 (side.yaml:2)\n");
                EXPECT_TEXT("the file's name", profile->name, "top");
                EXPECT_TEXT("inherited summary", profile->summary, "low");
        }
        profile_free(profile);
        tree_free(tree);
}

/* The tables that a profile was loaded with are not those of this file. */
static const struct knob *knob_named(const struct profile *profile, const char *name)
{
        for (size_t i = 0; i < profile->tune_count; i++) {
                if (text_equals(profile->tunes[i].knob->name, name))
                        return profile->tunes[i].knob;
        }
        return NULL;
}

static void check_variables(const struct profile *profile, struct pool *pool)
{
        struct topology topology = { 0 };
        struct partition partition = { .valid = true }, broken = { .problem = "it cannot be" };
        const struct knob *cmdline = knob_named(profile, "cmdline"), other = { .name = "other" };
        struct settings settings;

        for (unsigned cpu = 0; cpu < 8; cpu++)
                cpus_add(cpu < 2 ? &partition.housekeeping : &partition.isolated, cpu);
        profile_settings(profile, cmdline, pool, &topology, &partition, &settings);
        if (EXPECT_NUMBER("cmdline", settings.count, 2)) {
                EXPECT_TEXT("replaced", settings.rows[0].text, "domain,2-7,0-1,2-7");
                EXPECT_TEXT("parsed", settings.rows[0].want.values[0].text, "domain,2-7,0-1,2-7");
                EXPECT_TEXT("not held", settings.rows[0].held, NULL);
                EXPECT_TEXT("no variable", settings.rows[1].text, "x$y");
                EXPECT("not held", !settings.held);
        }
        profile_settings(profile, knob_named(profile, "irq"), pool, &topology, &partition, &settings);
        if (EXPECT_NUMBER("irq", settings.count, 1))
                EXPECT_NUMBER("a mask", cpus_count(settings.rows[0].want.values[0].cpus), 2);
        profile_settings(profile, cmdline, pool, &topology, &broken, &settings);
        EXPECT_TEXT("not valid", settings.rows[0].held, "the CPU partition does not fit this host: see the finding cpus");
        EXPECT_TEXT("others are free", settings.rows[1].held, NULL);
        EXPECT("held", settings.held);
        profile_settings(profile, cmdline, pool, NULL, NULL, &settings);
        EXPECT("unknown", settings.held && settings.rows[0].held);
        partition.isolated = (struct cpus){ 0 };
        profile_settings(profile, cmdline, pool, &topology, &partition, &settings);
        EXPECT_TEXT("nothing isolated", settings.rows[0].held, "no CPU of this host is isolated");
        profile_settings(profile, &other, pool, &topology, &partition, &settings);
        EXPECT("nothing asked", settings.count == 0 && !settings.held);
}

static void test_variables(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct profile *profile;
        const char *problem;

        tree_file(tree, "/p/v.yaml",
                  HEAD
                  "cpus: { housekeeping: 1 per node, isolated: rest }\n"
                  "tune:\n"
                  "  cmdline: { isolcpus: \"domain,${cpus.isolated},${cpus.housekeeping},${cpus.isolated}\", other: x$y }\n"
                  "  irq: { default: \"${cpus.housekeeping}\" }\n");
        profile_tree_load(tree, pool, "/p/v.yaml", &profile, &problem);
        if (EXPECT_TEXT("v", problem, ""))
                check_variables(profile, pool);
        profile_free(profile);
        tree_free(tree);
}

static void test_waivers(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        struct profile *profile;
        const struct waiver *expired, *waiver;
        const char *problem;

        tree_file(tree, "/p/w.yaml",
                  HEAD BASE "waivers:\n"
                            "  - { id: cpu.cores, until: 2026-06-30, why: ordered, who: ops }\n"
                            "  - { id: cpu.cores, until: 2024-02-29, why: old, who: ops }\n");
        profile_tree_load(tree, pool, "/p/w.yaml", &profile, &problem);
        if (EXPECT_TEXT("w", problem, "")) {
                waiver = profile_waiver(profile, "cpu.cores", "2026-06-30", &expired);
                EXPECT_TEXT("the last day", waiver ? waiver->why : NULL, "ordered");
                EXPECT_TEXT("from", waiver ? waiver->from : NULL, "w.yaml:4");
                EXPECT_TEXT("the old one", expired ? expired->why : NULL, "old");
                waiver = profile_waiver(profile, "cpu.cores", "2026-07-01", &expired);
                EXPECT("the day after", !waiver);
                EXPECT_TEXT("the later of two", expired ? expired->why : NULL, "ordered");
                waiver = profile_waiver(profile, "cpu.core", "2026-01-01", &expired);
                EXPECT("another id", !waiver && !expired);
        }
        profile_free(profile);
        tree_free(tree);
}

static const struct test tests[] = {
        { "a whole profile", test_whole },
        { "one over another", test_merges },
        { "fields of a knob", test_fields },
        { "later wins", test_order_of_extends },
        { "variables", test_variables },
        { "waivers", test_waivers },
        { NULL, NULL },
};
const struct suite suite_profile = { "profile", tests };

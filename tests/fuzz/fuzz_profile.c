/* Any bytes as a profile: parsed, laid over itself and over a fixed one, checked against small tables, flattened. */

#include "agent/core/pool.h"
#include "agent/profile_extend.h"
#include "agent/profile_node.h"
#include "agent/profile_section.h"
#include "tests/unit/profile_tables.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char below[] = "plumbline: 1\n"
                            "cpus: { housekeeping: 1 per node, isolated: rest }\n"
                            "require: { critical: { cpu.cores: 1 }, info: { any nvme.*.size: { is: 1 TB, why: x } } }\n"
                            "tune: { sysctl: { a: 1 }, services: { off: [a] }, hugepages: { 2M: { node0: 1 } } }\n"
                            "waivers: [ { id: a, until: 2026-01-01, why: x, who: y } ]\n";

static void check(struct reading *reading, struct node *root)
{
        struct extended extended = { .root = root, .name = "fuzz" };
        struct profile *profile = pool_zero(reading->pool, sizeof(*profile));

        profile_prune(root);
        if (profile_build(reading, &fake_tables, &extended, profile) < 0 && !reading->problem)
                abort();
        for (size_t i = 0; fake_knobs[i]; i++) {
                struct settings settings;

                profile_settings(profile, fake_knobs[i], reading->pool, NULL, NULL, &settings);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        autopool struct pool *pool = pool_new();
        const char *text = pool_copy(pool, bytes, size), *name, *summary;
        struct reading reading = { .pool = pool, .problem_pool = pool, .nodes_left = NODE_COUNT_MAX, .files_left = 1 };
        struct node *root, *base;

        if (profile_parse(&reading, "fuzz.yaml", text, size, &root) < 0) {
                /* Every refusal says where. */
                if (!reading.problem || strncmp(reading.problem, "fuzz.yaml:", 10) != 0)
                        abort();
                return 0;
        }
        profile_head(&reading, root, &name, &summary);
        if (profile_parse(&reading, "below.yaml", below, strlen(below), &base) == 0)
                check(&reading, profile_merge(pool, base, root));
        if (profile_parse(&reading, "fuzz.yaml", text, size, &root) == 0)
                check(&reading, root);
        return 0;
}

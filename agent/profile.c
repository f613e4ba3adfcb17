/* Loading a profile: its file found, what it extends laid below it, every section checked. */

#include "agent/profile.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_extend.h"
#include "agent/profile_file.h"
#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include <errno.h>

static const struct node *section(const struct node *root, const char *key)
{
        const struct pair *pair = node_find(root, key);

        return pair ? pair->value : NULL;
}

static int read_sections(struct sections *sections, const struct node *root)
{
        int r;

        r = profile_cpus(sections, section(root, "cpus"));
        if (r == 0)
                r = profile_require(sections, section(root, "require"));
        if (r == 0)
                r = profile_tune(sections, section(root, "tune"));
        if (r == 0)
                r = profile_health(sections, section(root, "health"));
        if (r == 0)
                r = profile_audit(sections, section(root, "audit"));
        if (r == 0)
                r = profile_waivers(sections, section(root, "waivers"));
        if (r < 0)
                return r;
        /* Every host would be ready for a profile that asks nothing. */
        if (sections->profile->requirement_count == 0 && sections->profile->tune_count == 0)
                return reading_problem(sections->reading, root,
                                       "found a profile that asks nothing, expected something in require or tune, or units or "
                                       "endpoints in health");
        profile_flatten(sections, root);
        profile_hash(sections, root);
        return 0;
}

int profile_build(struct reading *reading, const struct profile_tables *tables, const struct extended *extended,
                  struct profile *profile)
{
        struct sections sections = { .reading = reading, .tables = tables, .profile = profile };

        profile->pool = reading->pool;
        profile->name = extended->name;
        profile->summary = extended->summary;
        return read_sections(&sections, extended->root);
}

static int find(struct reading *reading, const struct profile_places *places, const char *name, const char **path)
{
        int r;

        r = profile_file_find(reading, places, name, NULL, path);
        if (r == -ENOENT && text_starts(reading->problem, "at "))
                return reading_failure(reading, r, "%s: found no such profile", name);
        return r < 0 ? reading_failure(reading, r, "%s: found no such profile %s", name, reading->problem) : 0;
}

static int load(struct reading *reading, const char *name, const struct profile_places *places,
                const struct profile_tables *tables, struct profile *profile)
{
        struct extended extended;
        const char *path;
        int r;

        r = find(reading, places, name, &path);
        if (r < 0)
                return r;
        r = profile_extend(reading, places, path, &extended);
        if (r < 0)
                return r;
        profile->path = path;
        return profile_build(reading, tables, &extended, profile);
}

int profile_load(const char *name_or_file, const struct profile_places *places, const struct profile_tables *tables,
                 struct pool *problem_pool, struct profile **profile, const char **problem)
{
        autopool struct pool *pool = pool_new();
        struct profile *result = pool_zero(pool, sizeof(*result));
        struct reading reading = {
                .pool = pool,
                .problem_pool = problem_pool,
                .nodes_left = NODE_COUNT_MAX,
                .files_left = PROFILE_FILE_MAX,
        };
        int r;

        r = load(&reading, name_or_file, places, tables, result);
        if (r < 0) {
                *problem = reading.problem;
                return r;
        }
        *profile = result;
        pool = NULL; /* the profile owns it now */
        return 0;
}

void profile_free(struct profile *profile)
{
        if (profile)
                pool_free(profile->pool);
}

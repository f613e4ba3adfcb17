/* The section `cpus`: which CPUs keep house and which are left alone. Whether a host can hold it is for the host to show. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

static int read_text(struct sections *sections, const struct node *map, const char *key, const struct node **node)
{
        const struct pair *pair = node_find(map, key);

        *node = pair ? pair->value : NULL;
        return pair ? node_is_line(sections->reading, pair->value, "a CPU list, \"N per node\", \"rest\" or \"none\"") : 0;
}

/* On a host without a single CPU nothing but the writing can be wrong. */
static int check_text(struct sections *sections, const struct node *at, const char *housekeeping, const char *isolated)
{
        const struct topology nowhere = { 0 };
        struct partition partition;
        const char *problem;

        if (!at || partition_compute(&nowhere, sections->profile->pool, housekeeping, isolated, &partition, &problem) == 0)
                return 0;
        return reading_problem(sections->reading, at, "found %s, %s", reading_found(sections->reading, at), problem);
}

static int check_overlap(struct sections *sections, const struct node *housekeeping, const struct node *isolated)
{
        struct pool *pool = sections->profile->pool;
        struct cpus ours, theirs, both;

        if (cpus_parse(housekeeping->text, CPUS_STRICT, 0, &ours) < 0 ||
            cpus_parse(isolated->text, CPUS_STRICT, 0, &theirs) < 0)
                return 0;
        both = ours;
        cpus_intersect(&both, &theirs);
        if (cpus_empty(&both))
                return 0;
        return reading_problem(sections->reading, isolated,
                               "found CPU(s) %s in both housekeeping (%s) and isolated (%s), expected each "
                               "in one set",
                               cpus_format(pool, &both), cpus_format(pool, &ours), cpus_format(pool, &theirs));
}

int profile_cpus(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "housekeeping", "isolated", NULL };
        struct profile *profile = sections->profile;
        const struct node *housekeeping = NULL, *isolated = NULL;
        int r;

        if (!node)
                return 0;
        r = node_is_map(sections->reading, node, "housekeeping and isolated");
        if (r == 0)
                r = node_has_keys(sections->reading, node, keys);
        if (r == 0)
                r = read_text(sections, node, "housekeeping", &housekeeping);
        if (r == 0)
                r = read_text(sections, node, "isolated", &isolated);
        if (r < 0)
                return r;
        if (!housekeeping && !isolated)
                return 0;

        profile->housekeeping = housekeeping ? housekeeping->text : NULL;
        profile->isolated = isolated ? isolated->text : NULL;
        profile->cpus_from = node_from(profile->pool, housekeeping ? housekeeping : isolated);
        r = check_text(sections, housekeeping, profile->housekeeping, "none");
        if (r == 0)
                r = check_text(sections, isolated, "0", profile->isolated);
        if (r == 0)
                r = check_text(sections, isolated, profile->housekeeping, profile->isolated);
        if (r == 0 && housekeeping && isolated)
                r = check_overlap(sections, housekeeping, isolated);
        return r;
}

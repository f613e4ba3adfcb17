/* Loads profiles from a tree, against the small tables. */

#include "tests/unit/profile_tree.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/tree.h"
#include "tests/unit/profile_tables.h"

#include <string.h>

int profile_tree_load(struct tree *tree, struct pool *pool, const char *name, struct profile **profile, const char **problem)
{
        const char *root = tree_path(tree), *found, *rest;
        const struct profile_places places = { .shipped = pool_format(pool, "%s/shipped", root),
                                               .local = pool_format(pool, "%s/local", root) };
        autobuffer struct text_buffer shorter = { 0 };
        int r;

        *profile = NULL;
        *problem = "";
        r = profile_load(name[0] == '/' ? pool_format(pool, "%s%s", root, name) : name, &places, &fake_tables, pool, profile,
                         problem);
        for (rest = *problem; (found = strstr(rest, root)); rest = found + strlen(root)) {
                text_add_bytes(&shorter, rest, (size_t)(found - rest));
                text_add(&shorter, "@");
        }
        text_add(&shorter, rest);
        *problem = pool_dup(pool, shorter.at);
        return r;
}

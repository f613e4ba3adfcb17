/* Which profiles there are. */

#include "agent/profile.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_extend.h"
#include "agent/profile_file.h"
#include "agent/profile_node.h"

#include <stdlib.h>

static int read_summary(struct reading *reading, const struct profile_places *places, const char *path, const char **summary)
{
        struct profile_file file;
        struct node *root;
        const char *name;
        int r;

        r = profile_file_read(reading, places, path, &file);
        if (r == 0)
                r = profile_parse(reading, path, file.bytes, file.size, &root);
        if (r == 0)
                r = profile_head(reading, root, &name, summary);
        return r;
}

/* A profile that cannot be read stays in the list, with the reason: it may be the one that is looked for. */
static const char *summary_of(const struct profile_places *places, struct pool *pool, const char *path)
{
        autopool struct pool *scratch = pool_new();
        struct reading reading = { .pool = scratch, .problem_pool = scratch, .nodes_left = NODE_COUNT_MAX, .files_left = 1 };
        const char *summary = NULL;

        if (read_summary(&reading, places, path, &summary) < 0)
                return pool_format(pool, "not valid: %s", reading.problem);
        return pool_dup(pool, summary);
}

static bool has_name(const struct profile_name *names, size_t count, const char *name)
{
        for (size_t i = 0; i < count; i++) {
                if (text_equals(names[i].name, name))
                        return true;
        }
        return false;
}

static int compare(const void *a, const void *b)
{
        const struct profile_name *x = a, *y = b;

        return text_compare_natural(x->name, y->name);
}

int profile_list(const struct profile_places *places, struct pool *pool, struct profile_name **names, size_t *count)
{
        const char *const folders[] = { places->local, places->shipped };
        struct profile_name *found = NULL;
        size_t found_count = 0;
        int r;

        for (size_t i = 0; i < 2; i++) {
                const char **here;

                if (!folders[i])
                        continue;
                r = profile_file_names(pool, folders[i], &here);
                if (r < 0)
                        return r;
                for (; *here; here++) {
                        struct profile_name *row;

                        if (has_name(found, found_count, *here))
                                continue;
                        found = pool_grow(pool, found, found_count, sizeof(*found));
                        row = &found[found_count++];
                        row->name = *here;
                        row->path = pool_format(pool, "%s/%s.yaml", folders[i], *here);
                        row->summary = summary_of(places, pool, row->path);
                }
        }
        if (found_count > 0)
                qsort(found, found_count, sizeof(*found), compare);
        *names = found;
        *count = found_count;
        return 0;
}

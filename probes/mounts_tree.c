/* Walks the tree of mounts as the kernel walks a path. */

#include "probes/mounts_tree.h"

#include "agent/core/text.h"

/* NULL: none, or the list is so long that looking on would take too long. */
static const struct mount_place *find(struct mount_tree *tree, uint64_t id, uint64_t parent, struct slice point)
{
        if (tree->budget < tree->count)
                return NULL;
        tree->budget -= tree->count;
        /* The last of several is the one on top. */
        for (size_t i = tree->count; i-- > 0;) {
                const struct mount_place *place = &tree->places[i];

                if (point.at ? place->parent == parent && place->id != parent && slice_equals(point, place->point)
                             : place->id == id)
                        return place;
        }
        return NULL;
}

/* What is on top at a point: mounts at the same place lie one on the other. Numbers that go round are no kernel's, and end with the
 * budget. */
static const struct mount_place *climb(struct mount_tree *tree, const struct mount_place *from, struct slice point)
{
        const struct mount_place *child;

        while ((child = find(tree, 0, from->id, point)) != NULL)
                from = child;
        return from;
}

/* The mount that everything hangs on: what it hangs on itself is not in the list. NULL: there is none. */
static const struct mount_place *find_root(struct mount_tree *tree, const struct mount_place *place)
{
        const struct mount_place *parent;

        while ((parent = find(tree, place->parent, 0, (struct slice){ 0 })) != NULL && parent != place)
                place = parent;
        return text_equals(place->point, "/") ? place : NULL;
}

bool mount_is_hidden(struct mount_tree *tree, size_t at)
{
        const struct mount_place *place = &tree->places[at], *here = find_root(tree, place);

        if (!here)
                return false;
        here = climb(tree, here, (struct slice){ "/", 1 });
        for (const char *end = place->point + 1; *end; end++)
                if (end[1] == '/' || !end[1])
                        here = climb(tree, here, (struct slice){ place->point, (size_t)(end + 1 - place->point) });
        return tree->budget >= tree->count && here->id != place->id;
}

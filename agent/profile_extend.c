/* `extends`: the profiles below a profile, read in turn and laid over each other, the later ones on top. */

#include "agent/profile_extend.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_file.h"
#include "agent/profile_node.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* A profile that is being read, and who asked for it. */
struct link {
        const struct link *asking; /* NULL: the profile itself */
        struct profile_file file;
};

int profile_head(struct reading *reading, const struct node *root, const char **name, const char **summary)
{
        static const char *const keys[] = { "plumbline", "name",   "summary", "extends", "cpus", "require",
                                            "tune",      "health", "audit",   "waivers", NULL };
        const struct pair *pair = node_find(root, "plumbline");
        int r;

        *name = *summary = NULL;
        if (!pair)
                return reading_problem(reading, root, "found no \"plumbline\", expected \"plumbline: 1\" in it");
        if (!text_equals(pair->value->text, "1"))
                return reading_problem(reading, pair->value, "found %s as the version of the form, expected 1",
                                       reading_found(reading, pair->value));
        r = node_has_keys(reading, root, keys);
        if (r < 0)
                return r;
        pair = node_find(root, "name");
        if (pair) {
                r = node_is_line(reading, pair->value, "the profile's name");
                if (r < 0)
                        return r;
                if (!*pair->value->text)
                        return reading_problem(reading, pair->value, "found an empty name, expected one");
                *name = pair->value->text;
        }
        pair = node_find(root, "summary");
        return pair ? node_sentence(reading, pair->value, "a sentence about the profile", summary) : 0;
}

static int load(struct reading *reading, const struct profile_places *places, const char *path, const struct link *asking,
                const struct node *at, struct extended *extended);

static int check_loop(struct reading *reading, const struct link *asking, const struct profile_file *file,
                      const struct node *at)
{
        const char *chain = file->path;

        for (const struct link *link = asking; link; link = link->asking) {
                chain = pool_format(reading->pool, "%s -> %s", link->file.path, chain);
                if (link->file.device == file->device && link->file.inode == file->inode)
                        return reading_problem(reading, at, "found a loop: %s, expected profiles that do not extend each other",
                                               chain);
        }
        return 0;
}

static int find(struct reading *reading, const struct profile_places *places, const struct link *link, const struct node *item,
                const char **path)
{
        const char *quoted = reading_quote(reading, item->text);
        int r;

        r = profile_file_find(reading, places, item->text, &link->file, path);
        if (r == -ELOOP)
                return reading_problem(reading, item, "found a loop: %s -> %s, expected another profile", link->file.path,
                                       link->file.path);
        if (r < 0)
                return reading_problem(reading, item, "found %s, expected the name of a profile: there is none %s", quoted,
                                       reading->problem);
        return 0;
}

static int load_each(struct reading *reading, const struct profile_places *places, const struct link *link,
                     const struct node *names, struct extended *below)
{
        int r;

        for (size_t i = 0; i < names->count; i++) {
                const struct node *item = names->items[i];
                struct extended one = { 0 };
                const char *path = NULL;

                r = node_is_line(reading, item, "the name of a profile");
                if (r < 0)
                        return r;
                for (size_t j = 0; j < i; j++) {
                        if (strcmp(names->items[j]->text, item->text) == 0)
                                return reading_problem(reading, item, "found %s a second time, expected it once",
                                                       reading_found(reading, item));
                }
                r = find(reading, places, link, item, &path);
                if (r < 0)
                        return r;
                r = load(reading, places, path, link, item, &one);
                if (r < 0)
                        return r;
                below->root = profile_merge(reading->pool, below->root, one.root);
                if (one.summary)
                        below->summary = one.summary;
        }
        return 0;
}

/* at: the item of `extends` that asked for it; NULL for the profile itself. */
static int load(struct reading *reading, const struct profile_places *places, const char *path, const struct link *asking,
                const struct node *at, struct extended *extended)
{
        static const char *const head[] = { "plumbline", "name", "summary", "extends" };
        struct link link = { .asking = asking };
        struct extended below = { 0 };
        const struct pair *extends;
        struct node *root;
        int r;

        if (reading->files_left == 0 && at)
                return reading_problem(reading, at, "found more than %d profiles that extend each other, expected fewer",
                                       PROFILE_FILE_MAX);
        reading->files_left--;
        r = profile_file_read(reading, places, path, &link.file);
        if (r == -ENOENT && at)
                return reading_problem(reading, at, "found a profile that cannot be read: %s, expected a file",
                                       reading->problem);
        if (r < 0)
                return r;
        if (at) {
                r = check_loop(reading, asking, &link.file, at);
                if (r < 0)
                        return r;
        }
        r = profile_parse(reading, link.file.path, link.file.bytes, link.file.size, &root);
        if (r < 0)
                return r;
        r = profile_head(reading, root, &extended->name, &extended->summary);
        if (r < 0)
                return r;
        extends = node_find(root, "extends");
        if (extends) {
                r = node_is_list(reading, extends->value, "the profiles that this one extends");
                if (r < 0)
                        return r;
                r = load_each(reading, places, &link, extends->value, &below);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
                node_remove(root, head[i]);
        extended->root = profile_merge(reading->pool, below.root, root);
        /* What is wrong with the whole is said of the file that was asked for. */
        extended->root->file = root->file;
        extended->root->line = root->line;
        extended->root->column = root->column;
        if (!extended->name)
                extended->name = profile_file_name(reading->pool, link.file.path);
        if (!extended->summary)
                extended->summary = below.summary;
        return 0;
}

int profile_extend(struct reading *reading, const struct profile_places *places, const char *path, struct extended *extended)
{
        struct extended result = { 0 };
        int r;

        r = load(reading, places, path, NULL, NULL, &result);
        if (r < 0)
                return r;
        profile_prune(result.root);
        *extended = result;
        return 0;
}

/* Whether a command names a file that holds an item, by whatever spelling, or a folder in which it stands. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SEPARATORS " \t'\"<>=;|&(),"
/* Where files of sysctl stand; see evidence_names_holder for what they say. */
#define SYSCTL_FOLDERS "/etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d"

const char *evidence_whole_path(struct pool *pool, const char *path, const char *folder)
{
        autobuffer struct text_buffer whole = { 0 };
        struct slice part;

        if (*path != '/') {
                if (!folder || *folder != '/')
                        return NULL;
                path = pool_format(pool, "%s/%s", folder, path);
        }
        text_add(&whole, "");
        while (text_word(&path, "/", &part)) {
                if (slice_equals(part, ".."))
                        while (whole.size && whole.at[--whole.size] != '/')
                                ;
                else if (!slice_equals(part, "."))
                        text_addf(&whole, "/%.*s", (int)part.size, part.at);
                whole.at[whole.size] = '\0';
        }
        return whole.size ? pool_dup(pool, whole.at) : "/";
}

/* "/etc/sysctl.d/x*.conf", of a shell's own words or as sudo got it. */
static bool is_meant(struct pool *pool, const char *path, const char *file)
{
        const char *slash = strrchr(path, '/');
        char *pattern;

        if (!strpbrk(path, "*?[") || strpbrk(pool_copy(pool, path, (size_t)(slash - path)), "*?["))
                return false;
        pattern = pool_dup(pool, slash);
        for (char *c = pattern; *c; c++)
                *c = (char)(strchr("?[]", *c) ? '*' : *c);
        return !strncmp(path, file, (size_t)(slash - path)) && text_matches(file + (slash - path), pattern);
}

static bool is_above(const char *path, const char *file)
{
        size_t size = strlen(path);

        /* Of "/" everything is below, and whoever names it hardly means this. */
        return size > 1 && !strncmp(path, file, size) && file[size] == '/';
}

static bool is_above_sysctl(const struct drift_row *row, const char *path)
{
        const char *folders = SYSCTL_FOLDERS;
        size_t size = strlen(path);
        struct slice folder;

        if (!text_starts(row->name, "sysctl.") && !text_starts(row->name, "hugepages"))
                return false;
        while (size > 1 && text_word(&folders, " ", &folder))
                if (folder.size >= size && !strncmp(path, folder.at, size) && (folder.size == size || folder.at[size] == '/'))
                        return true;
        return false;
}

/* "/etc/x.conf" of the fact file./etc/x.conf.mode. */
static const char *own_path(struct pool *pool, const struct drift_row *row)
{
        const char *device = text_starts(row->name, "file.") ? evidence_device(pool, row->name) : NULL;

        return device && *device == '/' ? device : NULL;
}

static enum naming names_path(const struct evidence *evidence, const struct drift_row *row, const char *path, bool to_trees)
{
        const char *const *files = evidence->files[row - evidence->drift->rows];
        const char *own = own_path(evidence->pool, row);
        enum naming naming = evidence_names_holder(evidence, row, path);

        if (own && text_equals(own, path))
                return NAMES_FILE;
        if (own && to_trees && is_above(path, own))
                naming = NAMES_PERHAPS;
        for (; files && *files; files++) {
                if (text_equals(*files, path))
                        return NAMES_FILE;
                if (naming == NAMES_NOT && ((to_trees && is_above(path, *files)) || is_meant(evidence->pool, path, *files)))
                        naming = NAMES_PERHAPS;
        }
        if (naming == NAMES_NOT && to_trees && !text_equals(row->layer, "profile") && is_above_sysctl(row, path))
                naming = NAMES_PERHAPS;
        return naming;
}

/* Does it do something to what is below a folder? */
static bool goes_to_trees(struct pool *pool, const struct act *act)
{
        const char *arguments, *program = evidence_program(pool, act->words, &arguments);
        struct slice word;

        if (!program)
                return false;
        if (evidence_is_among(slice_of(program), "mv rsync git find tar unzip etckeeper xargs"))
                return true;
        while (evidence_is_among(slice_of(program), "rm cp scp chmod chown chattr") && evidence_argument(&arguments, &word))
                if (word.at[0] == '-' && (memchr(word.at, 'r', word.size) || memchr(word.at, 'R', word.size) ||
                                          (word.at[1] != '-' && memchr(word.at, 'a', word.size))))
                        return true;
        return false;
}

static const char *whole_paths(struct pool *pool, const char *text, const char *folder)
{
        autobuffer struct text_buffer paths = { 0 };
        struct slice word;

        while (text_word(&text, SEPARATORS, &word)) {
                const char *path = evidence_whole_path(pool, slice_dup(pool, word), folder);

                if (path)
                        text_addf(&paths, " %s", path);
        }
        return pool_dup(pool, paths.at ? paths.at : "");
}

void evidence_find_paths(struct pool *pool, struct act *act)
{
        act->paths = act->touched ? whole_paths(pool, act->touched, act->folder) : "";
        act->target_paths = act->targets ? whole_paths(pool, act->targets, act->folder) : "";
}

static enum naming names_paths(const struct evidence *evidence, const struct drift_row *row, const char *paths, bool to_trees)
{
        enum naming naming = NAMES_NOT;
        struct slice word;

        while (naming != NAMES_FILE && text_word(&paths, " ", &word)) {
                enum naming here = names_path(evidence, row, slice_dup(evidence->pool, word), to_trees);

                naming = here > naming ? here : naming;
        }
        return naming;
}

enum naming evidence_names_files(const struct evidence *evidence, const struct drift_row *row, const struct act *act)
{
        bool fact = text_equals(row->layer, "fact") && !text_starts(row->name, "file.");
        enum naming naming, target;

        if (fact || text_equals(row->layer, "package"))
                return NAMES_NOT;
        naming = names_paths(evidence, row, act->paths, goes_to_trees(evidence->pool, act));
        target = names_paths(evidence, row, act->target_paths, false);
        return naming > target ? naming : target;
}

/* Unit files and the links that enable them, found as systemd finds them. */

#include "tuning/unit_files.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/unit_name.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SCRIPT_FOLDER "/etc/init.d"
#define ALIASES_MAX   8
#define EVERY_FOLDER  UINT_MAX

/* In the order in which systemd looks (systemd.unit(5)); /lib is a folder of its own where /usr is not merged. */
static const char *const folders[] = { UNIT_OWN_FOLDER,           "/run/systemd/system", "/usr/local/lib/systemd/system",
                                       "/usr/lib/systemd/system", "/lib/systemd/system", NULL };

static int compare_names(const void *a, const void *b)
{
        const struct unit_file *left = a, *right = b;

        return strcmp(left->name, right->name);
}

static bool is_folder_of_links(const char *name)
{
        return text_ends(name, ".wants") || text_ends(name, ".requires") || text_ends(name, ".upholds");
}

static bool is_unit(const char *name)
{
        static const char *const endings[] = { ".service", ".socket", ".timer", ".path", ".mount", ".target", NULL };

        for (const char *const *ending = endings; *ending; ending++)
                if (text_ends(name, *ending))
                        return true;
        return false;
}

/* A link to UNIT_MASK enables nothing: it masks. */
static void add_link(struct unit_files *files, const char *folder, const char *name, bool alias)
{
        const char *target;

        if (host_link(files->host, files->pool, &target, "%s/%s", folder, name) < 0 || text_equals(target, UNIT_MASK))
                return;
        files->links = pool_grow(files->pool, files->links, files->link_count, sizeof *files->links);
        files->links[files->link_count++] = (struct unit_link){
                .path = pool_format(files->pool, "%s/%s", folder, name),
                .name = name,
                .unit = basename(target),
                .alias = alias,
        };
}

static int read_links(struct unit_files *files)
{
        const char *const *names, *const *inner;
        int r;

        r = host_list(files->host, files->pool, &names, "%s", UNIT_OWN_FOLDER);
        if (r == -ENOENT || r == -ENOTDIR)
                return 0;
        if (r < 0)
                return r;
        for (; *names; names++) {
                const char *folder;

                if (!is_folder_of_links(*names)) {
                        if (is_unit(*names))
                                add_link(files, UNIT_OWN_FOLDER, *names, true);
                        continue;
                }
                folder = pool_format(files->pool, "%s/%s", UNIT_OWN_FOLDER, *names);
                r = host_list(files->host, files->pool, &inner, "%s", folder);
                if (r == -ENOENT || r == -ENOTDIR)
                        continue;
                if (r < 0)
                        return r;
                for (; *inner; inner++)
                        add_link(files, folder, *inner, false);
        }
        return 0;
}

static void sort_names(struct unit_files *files)
{
        size_t kept = 0;

        if (files->count)
                qsort(files->rows, files->count, sizeof *files->rows, compare_names);
        for (size_t i = 0; i < files->count; i++) {
                if (kept > 0 && text_equals(files->rows[kept - 1].name, files->rows[i].name))
                        files->rows[kept - 1].folders |= files->rows[i].folders;
                else
                        files->rows[kept++] = files->rows[i];
        }
        files->count = kept;
}

/* Where /usr is merged, /lib is a link, and its units are those of /usr/lib once more. */
static bool is_listed(const struct unit_files *files, const char *folder)
{
        const char *target;

        return text_starts(folder, "/lib/") && host_link(files->host, files->pool, &target, "/lib") >= 0 &&
               (text_equals(target, "usr/lib") || text_equals(target, "/usr/lib"));
}

static int read_folders(struct unit_files *files)
{
        bool found = host_exists(files->host, "%s", SCRIPT_FOLDER);
        const char *const *names;

        for (unsigned i = 0; folders[i] && !is_listed(files, folders[i]); i++) {
                int r;

                r = host_list(files->host, files->pool, &names, "%s", folders[i]);
                if (r == -ENOENT || r == -ENOTDIR)
                        continue;
                if (r < 0)
                        return r;
                found = true;
                for (; *names; names++) {
                        if (!is_unit(*names))
                                continue;
                        files->rows = pool_grow(files->pool, files->rows, files->count, sizeof *files->rows);
                        files->rows[files->count++] = (struct unit_file){ .name = *names, .folders = 1U << i };
                }
        }
        sort_names(files);
        return found ? read_links(files) : -ENOENT;
}

static void release(void *thing)
{
        const struct unit_files *files = thing;

        pool_free(files->pool);
}

int unit_files_read(struct host *host, struct unit_files *files)
{
        static const char name[] = "unit files";
        struct unit_files *kept = host_recall(host, name);
        autopool struct pool *pool = NULL;
        int r;

        if (!kept) {
                pool = pool_new();
                kept = pool_zero(pool, sizeof *kept);
                *kept = (struct unit_files){ .host = host, .pool = pool };
                r = read_folders(kept);
                if (r < 0)
                        return r;
                host_remember(host, name, kept, release);
                pool = NULL; /* the host keeps it now */
        }
        *files = *kept;
        return 0;
}

static const struct unit_file *find_name(const struct unit_files *files, const char *unit)
{
        const struct unit_file wanted = { .name = unit };

        return files->count ? bsearch(&wanted, files->rows, files->count, sizeof *files->rows, compare_names) : NULL;
}

static bool has_name(const struct unit_files *files, const char *unit)
{
        return find_name(files, unit) != NULL;
}

bool unit_files_have(const struct unit_files *files, const char *unit)
{
        const char *template = unit_name_template(files->pool, unit);

        if (has_name(files, unit) || (template && has_name(files, template)))
                return true;
        /* systemd-sysv-generator makes NAME.service of /etc/init.d/NAME, the ending ".sh" left out. */
        if (!text_ends(unit, ".service") || strchr(unit, '@'))
                return false;
        return host_exists(files->host, SCRIPT_FOLDER "/%s", unit_name_stem(files->pool, unit)) ||
               host_exists(files->host, SCRIPT_FOLDER "/%s.sh", unit_name_stem(files->pool, unit));
}

/* *target: where the file's link points, NULL if it is none. Only the folders that list the unit are looked into. */
static const char *find_path(const struct unit_files *files, const char *unit, const char **target)
{
        const struct unit_file *row = find_name(files, unit);
        unsigned in = row ? row->folders : is_unit(unit) ? 0 : EVERY_FOLDER;
        struct host_stat stat;

        for (unsigned i = 0; folders[i]; i++) {
                *target = NULL;
                if (!(in & 1U << i) || host_stat(files->host, &stat, "%s/%s", folders[i], unit) < 0)
                        continue;
                if (S_ISLNK(stat.mode) && (host_link(files->host, files->pool, target, "%s/%s", folders[i], unit) < 0 ||
                                           text_equals(*target, UNIT_MASK)))
                        continue;
                if (*target || S_ISREG(stat.mode))
                        return pool_format(files->pool, "%s/%s", folders[i], unit);
        }
        return NULL;
}

const char *unit_files_path(const struct unit_files *files, const char *unit)
{
        const char *target;

        return find_path(files, unit, &target);
}

const char *unit_files_real(const struct unit_files *files, const char *unit)
{
        for (unsigned depth = 0; depth < ALIASES_MAX; depth++) {
                const char *target, *next, *template;

                if (!find_path(files, unit, &target) || !target)
                        return unit;
                next = basename(target);
                template = unit_name_template(files->pool, unit);
                if (text_equals(next, unit) || text_equals(next, template) || !has_name(files, next))
                        return unit;
                unit = next;
        }
        return unit;
}

bool unit_files_is_own(const struct unit_files *files, const char *unit)
{
        struct host_stat stat;

        /* An empty file masks like a link to UNIT_MASK does. */
        return host_stat(files->host, &stat, "%s/%s", UNIT_OWN_FOLDER, unit) >= 0 && S_ISREG(stat.mode) && stat.size > 0;
}

bool unit_link_enables(const struct unit_files *files, const struct unit_link *link, const char *unit)
{
        if (link->alias && text_equals(link->name, unit))
                return false;
        if (text_equals(link->unit, unit) || (!link->alias && text_equals(link->name, unit)))
                return true;
        return unit_name_is_template(unit) && (text_equals(unit_name_template(files->pool, link->unit), unit) ||
                                               text_equals(unit_name_template(files->pool, link->name), unit));
}

/* "KEY=VALUE" without blanks around either; false for any other line, and for another key. */
static bool line_value(struct slice line, const char *key, struct slice *value)
{
        struct slice rest = slice_trim(line);
        const char *equals = rest.size ? memchr(rest.at, '=', rest.size) : NULL;

        if (!equals || !slice_equals(slice_trim((struct slice){ rest.at, (size_t)(equals - rest.at) }), key))
                return false;
        *value = slice_trim((struct slice){ equals + 1, rest.size - (size_t)(equals + 1 - rest.at) });
        return true;
}

/* The value of the last line "KEY=VALUE" of a unit file; NULL if there is none. */
static const char *last_value(struct pool *pool, const char *text, const char *key)
{
        struct slice line, found = { 0 };

        while (text_line(&text, &line))
                line_value(line, key, &found);
        return found.at ? slice_dup(pool, found) : NULL;
}

/* Does the unit's own file give it this name? The links that do so are gone once it is disabled, the file is not. */
static bool has_alias(const struct unit_files *files, const char *unit, const char *name)
{
        const char *path = unit_files_path(files, unit);
        struct slice line, rest, word;
        const char *text;

        if (!path || host_read(files->host, files->pool, &text, "%s", path) < 0)
                return false;
        while (text_line(&text, &line)) {
                if (!line_value(line, "Alias", &rest))
                        continue;
                while (slice_word(&rest, " \t", &word))
                        if (slice_equals(word, name))
                                return true;
        }
        return false;
}

static void look(const struct unit_files *files, struct unit_file *activator)
{
        const char *path = unit_files_path(files, activator->name);
        const char *text;
        int r;

        activator->looked = true;
        if (!path)
                return;
        r = host_read(files->host, files->pool, &text, "%s", path);
        if (r >= 0)
                activator->started = last_value(files->pool, text, text_ends(path, ".socket") ? "Service" : "Unit");
        else if (r != -ENOENT) /* a link that leads nowhere starts nothing */
                activator->error = r;
        if (r < 0)
                return;
        if (!activator->started)
                activator->started = unit_name_full(files->pool, unit_name_stem(files->pool, activator->name));
        if (unit_files_path(files, activator->started))
                activator->real = unit_files_real(files, activator->started);
}

int unit_file_starts(const struct unit_files *files, struct unit_file *activator, const char *unit)
{
        const char *name = activator->name;

        if (!text_ends(name, ".socket") && !text_ends(name, ".timer") && !text_ends(name, ".path"))
                return 0;
        if (text_ends(unit, ".service") && unit_name_stem_size(name) == unit_name_stem_size(unit) &&
            !strncmp(name, unit, unit_name_stem_size(unit)))
                return 1;
        if (!activator->looked)
                look(files, activator);
        if (activator->error || !activator->started)
                return activator->error;
        if (text_equals(activator->started, unit))
                return 1;
        /* syslog.socket starts rsyslog.service by its second name, of which only the unit's own file tells once it is disabled. */
        return activator->real ? text_equals(activator->real, unit) : has_alias(files, unit, activator->started);
}

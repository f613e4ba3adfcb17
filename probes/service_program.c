/* The program of a service: does its process run what its unit would start now? */

#include "probes/service_look.h"

#include "agent/core/pool.h"
#include "agent/core/unit_answer.h"
#include "probes/way.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The kernel adds it to the link of a program whose file has no name any more (d_path, fs/d_path.c). */
#define DELETED   " (deleted)"
#define PATH_MAX  4096
#define WORDS_MAX 64U

/* These start, or run, what their arguments name. That they are exchanged makes no older what they have started. */
static const char *const interpreters[] = { "sh",    "bash", "dash",   "zsh",  "ksh",  "perl*", "python*",
                                            "ruby*", "node", "nodejs", "php*", "java", NULL };
static const char *const wrappers[] = { "env",     "sudo",      "su",      "runuser", "setpriv",   "nice",    "ionice",
                                        "numactl", "taskset",   "chrt",    "setarch", "stdbuf",    "unshare", "nsenter",
                                        "ip",      "prlimit",   "timeout", "setsid",  "nohup",     "flock",   "chroot",
                                        "sg",      "catchsegv", "linux64", "tini",    "dumb-init", NULL };

static bool is_one_of(const char *path, const char *const *names)
{
        const char *name = basename(path);

        for (; *names; names++)
                if (text_matches(name, *names))
                        return true;
        return false;
}

static const char *show(const struct look *look, const char *path)
{
        return text_printable(look->pool, path, 200);
}

/* What packages bring is as old as they are, by whatever time it was unpacked. */
static bool is_of_package(const char *path)
{
        static const char *const places[] = { "/usr/", "/bin/", "/sbin/", "/lib" };

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
                if (text_starts(path, places[i]))
                        return !text_starts(path, "/usr/local/");
        return false;
}

/* Was it made since, whatever time it has by its writer's will? */
static bool is_new(const struct look *look, const struct step *step)
{
        return look_is_later(look, step->stat.modified) ||
               (!is_of_package(step->path) && look_is_later(look, step->stat.changed));
}

/* Two programs of one name, in directories that were both changed since: one was moved away, and the other to its place, with all that is
 * in it as old as ever. */
static bool traded_places(struct look *look, const struct way *way, const struct way *runs)
{
        const char *name = basename(pool_dup(look->pool, way->steps[way->count - 1].path));
        const char *other = basename(pool_dup(look->pool, runs->steps[runs->count - 1].path));
        size_t i = 0;

        while (i < way->count && i < runs->count && text_equals(way->steps[i].path, runs->steps[i].path))
                i++;
        return text_equals(name, other) && i + 1 < way->count && i + 1 < runs->count && S_ISDIR(way->steps[i].stat.mode) &&
               S_ISDIR(runs->steps[i].stat.mode) && !is_of_package(way->steps[i].path) &&
               look_is_later(look, way->steps[i].stat.changed) && look_is_later(look, runs->steps[i].stat.changed);
}

/* What the unit names leads to a file that is not what the process runs: since when? */
static void compare_way(struct look *look, const struct way *way, const struct way *runs)
{
        const struct step *end = &way->steps[way->count - 1];

        if (is_one_of(end->path, wrappers) || is_one_of(end->path, interpreters))
                return;
        if (look_is_later(look, end->stat.modified)) {
                look_add(&look->reasons, pool_format(look->pool, "%s was written since", show(look, end->path)));
                return;
        }
        for (size_t i = 0; i < way->count; i++) {
                const struct step *step = &way->steps[i];

                if (!S_ISLNK(step->stat.mode) || !is_new(look, step))
                        continue;
                look_add(&look->reasons, pool_format(look->pool, "the link %s was made since, and leads to %s",
                                                     show(look, step->path), show(look, end->path)));
                return;
        }
        if (traded_places(look, way, runs))
                look_add(&look->reasons, pool_format(look->pool, "%s was put in the place of %s since", show(look, end->path),
                                                     show(look, runs->steps[runs->count - 1].path)));
        else if (is_new(look, end))
                look_add(&look->reasons, pool_format(look->pool, "%s was put there or changed since", show(look, end->path)));
}

static bool is_same(const struct step *a, const struct step *b)
{
        if (a->stat.inode && b->stat.inode)
                return a->stat.inode == b->stat.inode && a->stat.device == b->stat.device;
        return text_equals(a->path, b->path);
}

/* Is this word of a command a program? An interpreter takes the first that is no option. */
static bool is_program(const struct step *end, bool script)
{
        return S_ISREG(end->stat.mode) && (script || end->stat.mode & 0111);
}

/* Walks the words of ExecStart. -ENOENT and its kin: what the unit starts is not there. */
static int compare_command(struct look *look, const char *command, const struct way *runs)
{
        const struct step *program = &runs->steps[runs->count - 1];
        const char *first = NULL;
        struct slice word;
        unsigned count = 0;
        bool named = false, script = false;

        while (text_word(&command, " ", &word) && count++ < WORDS_MAX) {
                struct way way = { 0 };
                int r;

                if (word.at[0] != '/') {
                        script = script && word.at[0] == '-';
                        continue;
                }
                r = way_walk(look->host, look->pool, slice_dup(look->pool, word), &way);
                if (r < 0 && !first)
                        return r;
                if (r < 0 || (first && !is_program(&way.steps[way.count - 1], script)))
                        continue;
                if (is_same(&way.steps[way.count - 1], program))
                        named = true;
                else
                        compare_way(look, &way, runs);
                script = !first && is_one_of(way.steps[way.count - 1].path, interpreters);
                if (!first)
                        first = way.steps[way.count - 1].path;
        }
        if (!named && first && !look->reasons.size)
                look_add(&look->notes,
                         pool_format(look->pool, "its unit starts %s, and its process runs %s: only their age was compared",
                                     show(look, first), show(look, program->path)));
        return 0;
}

static bool has_own_root(const struct look *look)
{
        static const char *const properties[] = { "RootDirectory", "RootImage" };

        for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
                const char *root = unit_property(look->pool, look->answer, properties[i]);

                if (root && *root && !text_equals(root, "/"))
                        return true;
        }
        return false;
}

static int compare_program(struct look *look, const char *path)
{
        const char *command = unit_property(look->pool, look->answer, "ExecStart");
        struct way way = { 0 };
        int r;

        r = has_own_root(look) ? -ENOENT : way_walk(look->host, look->pool, path, &way);
        if (r == -ENOENT || r == -ENOTDIR) {
                look_add(&look->notes,
                         pool_format(look->pool, "its program %s is not found on this host: its process sees other files",
                                     show(look, path)));
                return -ENOENT;
        }
        if (r < 0)
                return r;
        if (look_is_later(look, way.steps[way.count - 1].stat.modified))
                look_add(&look->reasons, pool_format(look->pool, "%s was written since", show(look, path)));
        if (!command || *command != '/') {
                look_add(&look->notes, "what its unit starts was not told, so only the age of its program was compared");
                return 0;
        }
        r = compare_command(look, command, &way);
        if (r < 0)
                look_add(&look->notes, "what its unit starts could not be found");
        return r;
}

int look_at_program(struct look *look)
{
        const char *program;
        size_t size;
        int r;

        r = host_link(look->host, look->pool, &program, "/proc/%llu/exe", (unsigned long long)look->pid);
        if (r < 0)
                return r;
        size = strlen(program);
        if (size > PATH_MAX)
                return -ENAMETOOLONG;
        if (!text_ends(program, DELETED))
                return compare_program(look, program);
        look_add(&look->reasons, pool_format(look->pool, "its program %s was removed or exchanged",
                                             show(look, pool_copy(look->pool, program, size - strlen(DELETED)))));
        return 0;
}

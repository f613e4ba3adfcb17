/* Walks a path step by step, since links and directories on it count as well as what it ends at. */

#include "probes/way.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 40U /* as the kernel follows (path_resolution(7)) */
#define STEPS_MAX 4096U

static int add_step(struct host *host, struct pool *pool, struct way *way, const char *path)
{
        struct step step = { .path = path };
        int r;

        if (way->count == STEPS_MAX)
                return -ELOOP;
        r = host_stat(host, &step.stat, "%s", path);
        if (r < 0)
                return r;
        way->steps = pool_grow(pool, way->steps, way->count, sizeof *way->steps);
        way->steps[way->count++] = step;
        return 0;
}

/* A directory that a link passes through counts as well. */
int way_walk(struct host *host, struct pool *pool, const char *path, struct way *way)
{
        const char *at = "", *rest = path, *target;
        unsigned links = 0;
        struct slice word;
        int r;

        if (path[0] != '/')
                return -EINVAL;
        r = add_step(host, pool, way, "/");
        while (r == 0 && text_word(&rest, "/", &word)) {
                struct step *last;

                if (slice_equals(word, "."))
                        continue;
                if (slice_equals(word, ".."))
                        at = strrchr(at, '/') ? pool_format(pool, "%.*s", (int)(strrchr(at, '/') - at), at) : "";
                else
                        at = pool_format(pool, "%s/%.*s", at, (int)word.size, word.at);
                r = add_step(host, pool, way, *at ? at : "/");
                if (r < 0)
                        return r;
                last = &way->steps[way->count - 1];
                if (!S_ISLNK(last->stat.mode))
                        continue;
                if (++links > LINKS_MAX)
                        return -ELOOP;
                r = host_link(host, pool, &target, "%s", at);
                if (r < 0)
                        return r;
                rest = pool_format(pool, "%s/%s", target, rest);
                at = target[0] == '/' ? "" : pool_format(pool, "%.*s", (int)(strrchr(at, '/') - at), at);
                /* The link stays on the way: its owner can exchange it. What it leads on from comes behind it. */
                r = add_step(host, pool, way, *at ? at : "/");
                if (r < 0)
                        return r;
        }
        return r;
}

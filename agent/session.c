/* Opening what a verb works on: the host, its profile, the time. */

#include "agent/verb.h"

#include "agent/core/archive.h"
#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "probes/probes.h"
#include "tuning/knobs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAME_MAX_SHOWN 128
#define SHIPPED        "/usr/share/plumbline/profiles"
#define LOCAL          "/etc/plumbline"
#define LOCAL_PROFILE  LOCAL "/profile.yaml"
#define LOCAL_PROFILES LOCAL "/profiles"

/* A program in build/ beside its sources uses the profiles of those sources, an installed one the installed profiles. */
static const char *shipped_folder(struct pool *pool)
{
        char path[PATH_MAX];
        ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
        char *build = NULL;

        if (size <= 0)
                return SHIPPED;
        path[size] = 0;
        for (char *found = strstr(path, "/build/"); found; found = strstr(found + 1, "/build/"))
                build = found;
        if (!build)
                return SHIPPED;
        snprintf(build, sizeof path - (size_t)(build - path), "/profiles/base.yaml");
        if (access(path, R_OK) < 0)
                return SHIPPED;
        *strrchr(path, '/') = 0;
        return pool_dup(pool, path);
}

/* The name itself, and not what a link of that name leads to. */
static bool is_there(struct host *host, const char *path)
{
        struct host_stat stat;

        return host_stat(host, &stat, "%s", path) != -ENOENT;
}

/* Where a file of the host is for the profile loader: NULL where there is none. With an error, which a link that leads nowhere is, too, it is
 * the name below the root, for those who tell of it. */
static int find_local(struct host *host, struct pool *pool, const char **outside, const char *path)
{
        const char *root;
        int r;

        r = host_outside_path(host, pool, outside, path);
        if (r >= 0)
                return 0;
        *outside = NULL;
        if (r == -ENOENT && !is_there(host, path) && (host_exists(host, LOCAL) || !is_there(host, LOCAL)))
                return 0;
        if (host_outside_root(host, pool, &root) < 0 || text_equals(root, "/"))
                root = "";
        *outside = pool_format(pool, "%s%s", root, path);
        return r;
}

/* What may not be looked into is named all the same: reading in it says why. */
struct profile_places session_places(struct host *host, struct pool *pool)
{
        struct profile_places places = { .shipped = shipped_folder(pool) };

        if (host)
                (void)find_local(host, pool, &places.local, LOCAL_PROFILES);
        if (host && !host_is_live(host) && host_outside_root(host, pool, &places.root) < 0)
                places.root = NULL;
        return places;
}

static const char *host_text(struct host *host, struct pool *pool, const char *path)
{
        const char *text;

        return host_read(host, pool, &text, "%s", path) < 0 ? NULL
                                                            : text_printable(pool, text_trim(pool, text), NAME_MAX_SHOWN);
}

/* What a capture says was so when it was made: a waiver that has ended since held then. */
void session_now(struct session *session)
{
        int64_t captured = 0;
        time_t now = session->host && host_captured_at(session->host, &captured) ? (time_t)captured : time(NULL);
        struct tm tm;

        session->seconds = now;
        gmtime_r(&now, &tm);
        strftime(session->today, sizeof session->today, "%Y-%m-%d", &tm);
        strftime(session->now, sizeof session->now, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static int refuse(struct session *session, const char *problem)
{
        session->problem = problem;
        return complain(EXIT_USAGE, "%s", problem);
}

int session_profile(struct session *session, const char *name)
{
        const struct profile_tables tables = { .knobs = knobs, .probes = probes };
        struct profile_places places = session_places(session->host, session->pool);
        const char *problem;
        int r = 0;

        if (!name)
                r = find_local(session->host, session->pool, &name, LOCAL_PROFILE);
        if (r < 0)
                return refuse(session, pool_format(session->pool, "%s: %s", name, strerror(-r)));
        if (!name)
                name = "trading";
        r = profile_load(name, &places, &tables, session->pool, &session->profile, &problem);
        if (r < 0)
                return refuse(session, problem);
        memcpy(session->profile->today, session->today, sizeof session->profile->today);
        host_watch(session->host, session->profile->endpoints, session->profile->endpoint_count);
        return 0;
}

static int open_host(const struct options *options, struct session *session)
{
        const char *word = options->ways & OPTION_SIDES ? "" : "--root ", *problem = NULL;
        int r;

        r = host_open(options->root, &session->host);
        if (r != -ENOTDIR || access(options->root, F_OK) < 0)
                return r < 0 ? refuse(session, pool_format(session->pool, "%s%s: %s", word, options->root, strerror(-r))) : 0;
        if (options->ways & OPTION_WRITES)
                return refuse(session,
                              pool_format(session->pool, "--root %s: is no folder; a capture can be read, and not changed",
                                          options->root));
        r = host_open_archive(options->root, session->pool, &session->host, &problem);
        return r < 0 ? refuse(session, pool_format(session->pool, "%s%s: %s", word, options->root, problem)) : 0;
}

int session_open(const struct options *options, bool with_profile, struct session *session)
{
        int r;

        *session = (struct session){ .pool = pool_new() };
        /* A refusal has a time, too. */
        session_now(session);
        r = open_host(options, session);
        if (r)
                return r;
        if (options->ways & OPTION_RECORD)
                host_record(session->host);
        session_now(session);
        if (options->quiet_only)
                host_allow(session->host, REACH_QUIET);
        session->boot_id = host_text(session->host, session->pool, "/proc/sys/kernel/random/boot_id");
        session->host_name = host_text(session->host, session->pool, "/proc/sys/kernel/hostname");
        if (!session->host_name)
                session->host_name = host_text(session->host, session->pool, "/etc/hostname");
        return with_profile ? session_profile(session, options->profile) : 0;
}

void session_close(struct session *session)
{
        host_close(session->host);
        profile_free(session->profile);
        pool_free(session->pool);
}

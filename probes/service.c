/* Services that somebody names: were they restarted, and do their processes run what their files say now? */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/process_limits.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"
#include "probes/probes.h"
#include "probes/service_look.h"

#include <errno.h>
#include <string.h>

#define HERE  " Told only of services that are asked for, by their whole name: unit.ssh.service.restarts."
#define WHERE "org.freedesktop.systemd1 on the system bus, the properties of the unit"

static const struct fact_info service_facts[] = {
        { "unit.*.restarts", VALUE_NUMBER, UNIT_COUNT, REACH_TOUCHING,
          "How often systemd started a service again because it failed, since somebody started it. A service that crashes "
          "every minute is active (running) most of the time." HERE,
          WHERE ": NRestarts" },
        { "unit.*.reload_needed", VALUE_FLAG, UNIT_NONE, REACH_TOUCHING,
          "Whether the files of a unit were changed and systemd has not read them since: what runs is not what they say, and "
          "systemctl daemon-reload is missing." HERE,
          WHERE ": NeedDaemonReload" },
        { "unit.*.restart_needed", VALUE_FLAG, UNIT_NONE, REACH_TOUCHING,
          "Whether the main process of a service is older than what it should run: its program was removed, exchanged or "
          "written since, what ExecStart names is another file since then (a link on its way was made, a directory took the "
          "place of another, or the file or script "
          "itself was put there or written), files of its unit were written since, or it has lower limits than the unit sets. "
          "The note says which. Behind a wrapper (numactl, sudo, a shell) the paths among its arguments are followed as "
          "well; what the wrapper itself is does not count. Where the process runs something that none of them names, only "
          "ages are compared, and the note says so. "
          "Unknown where the process sees other files than the host (RootDirectory, RootImage). A unit file that a package "
          "brought is as old as its package and does not count; nor do libraries, since looking at the memory of a process "
          "holds it up." HERE,
          WHERE ": MainPID, ExecMainStartTimestamp, ExecStart, RootDirectory, RootImage, FragmentPath, DropInPaths, Limit*; "
                "/proc/PID/exe, /proc/PID/limits, lstat along the paths" },
        { 0 },
};

static const struct fact_touch service_touches[] = {
        { "unit.*.restarts", "unit/*" },
        { "unit.*.reload_needed", "unit/*" },
        { "unit.*.restart_needed", "unit/*" },
        { NULL, NULL },
};

/* Was it written after the process began? What is not there is none of ours: the process may see other files than the host. */
static void compare_age(struct look *look, const char *path)
{
        struct host_stat stat;

        if (host_stat(look->host, &stat, "%s", path) == 0 && look_is_later(look, stat.modified))
                look_add(&look->reasons,
                         pool_format(look->pool, "%s was written since", text_printable(look->pool, path, 200)));
}

static void compare_files(struct look *look)
{
        static const char *const properties[] = { "FragmentPath", "DropInPaths" };

        for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
                const char *paths = unit_property(look->pool, look->answer, properties[i]);
                struct slice path;

                while (paths && text_word(&paths, " ", &path))
                        compare_age(look, slice_dup(look->pool, path));
        }
}

/* As systemd and as the kernel write a limit: false where that is no limit. */
static bool read_limit(const char *text, const char *none, uint64_t *limit)
{
        *limit = UINT64_MAX;
        return text && (text_equals(text, none) || text_u64(text, 10, limit) == 0);
}

/* A process may lower its own limits, but these nobody does without; one that raised its own is served. */
static int compare_limits(struct look *look)
{
        static const struct {
                const char *label, *hard, *soft;
        } limits[] = {
                { "Max open files", "LimitNOFILE", "LimitNOFILESoft" },
                { "Max locked memory", "LimitMEMLOCK", "LimitMEMLOCKSoft" },
                { "Max realtime priority", "LimitRTPRIO", "LimitRTPRIOSoft" },
                { "Max nice priority", "LimitNICE", "LimitNICESoft" },
                { "Max processes", "LimitNPROC", "LimitNPROCSoft" },
        };
        const char *text, *soft, *hard;
        int r;

        r = host_read(look->host, look->pool, &text, "/proc/%llu/limits", (unsigned long long)look->pid);
        if (r < 0)
                return r;
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
                const char *unit_hard = unit_property(look->pool, look->answer, limits[i].hard);
                const char *unit_soft = unit_property(look->pool, look->answer, limits[i].soft);
                uint64_t want_hard, want_soft, have_hard, have_soft;

                if (!read_limit(unit_hard, "infinity", &want_hard) || !read_limit(unit_soft, "infinity", &want_soft))
                        continue;
                if (!process_limits_find(look->pool, text, limits[i].label, &soft, &hard) ||
                    !read_limit(hard, "unlimited", &have_hard) || !read_limit(soft, "unlimited", &have_soft))
                        return -EBADMSG;
                if (have_hard < want_hard || have_soft < want_soft)
                        look_add(&look->reasons, pool_format(look->pool, "%s is %s:%s, and the unit sets %s:%s", limits[i].hard,
                                                             soft, hard, unit_soft, unit_hard));
        }
        return 0;
}

static void add_restart(struct host *host, struct facts *facts, struct pool *pool, const char *answer, const char *fact)
{
        const char *pid = unit_property(pool, answer, "MainPID");
        const char *started = unit_property(pool, answer, "ExecMainStartTimestamp");
        struct look look = { .host = host, .pool = pool, .answer = answer };
        int r, limits;

        if (text_equals(pid, "0")) {
                fact_absent(facts, "MainPID", "%s", fact);
                fact_note(facts, "it has no main process now");
                return;
        }
        if (!pid || text_u64(pid, 10, &look.pid) < 0 || !started || text_u64(started, 10, &look.started_us) < 0) {
                fact_unknown(facts, pid && started ? -EBADMSG : -ENODATA, "MainPID", "%s", fact);
                return;
        }
        compare_files(&look);
        r = look_at_program(&look);
        limits = compare_limits(&look);
        if (look.reasons.size || (r == 0 && limits == 0))
                fact_known(facts, value_flag(look.reasons.size > 0), "MainPID", "%s", fact);
        else
                fact_unknown(facts, r < 0 ? r : limits, "MainPID", "%s", fact);
        if (look.reasons.size || look.notes.size)
                fact_note(facts, "%s", look.reasons.size ? look.reasons.at : look.notes.at);
        text_buffer_free(&look.reasons);
        text_buffer_free(&look.notes);
}

static void add_restarts(struct facts *facts, struct pool *pool, const char *answer, const char *fact)
{
        const char *text = unit_property(pool, answer, "NRestarts");
        uint64_t count;

        if (!text)
                fact_absent(facts, "NRestarts", "%s", fact);
        else if (text_u64(text, 10, &count) < 0 || count > INT64_MAX)
                fact_unknown(facts, -EBADMSG, "NRestarts", "%s", fact);
        else
                fact_known(facts, value_number((int64_t)count, UNIT_COUNT), "NRestarts", "%s", fact);
}

static void add_reload(struct facts *facts, struct pool *pool, const char *answer, const char *fact)
{
        const char *text = unit_property(pool, answer, "NeedDaemonReload");

        if (text_equals(text, "yes") || text_equals(text, "no"))
                fact_known(facts, value_flag(text_equals(text, "yes")), "NeedDaemonReload", "%s", fact);
        else
                fact_unknown(facts, text ? -EBADMSG : -ENODATA, "NeedDaemonReload", "%s", fact);
}

static void add_fact(struct host *host, struct facts *facts, const char *unit, const char *what)
{
        autopool struct pool *pool = pool_new();
        const char *fact = pool_format(pool, "unit.%s.%s", unit, what), *answer = NULL;
        int r;

        r = strchr(unit, '/') ? -ENOENT : unit_ask(host, pool, unit, &answer);
        if (r == -ENOENT)
                fact_absent(facts, unit, "%s", fact);
        else if (r < 0)
                fact_unknown(facts, r, unit, "%s", fact);
        else if (text_equals(what, "restarts"))
                add_restarts(facts, pool, answer, fact);
        else if (text_equals(what, "reload_needed"))
                add_reload(facts, pool, answer, fact);
        else
                add_restart(host, facts, pool, answer, fact);
}

static int service_run(struct host *host, struct facts *facts)
{
        for (const struct fact_info *info = service_facts; info->name; info++) {
                const char *unit;
                size_t at = 0;

                while ((unit = fact_named(facts, info->name, &at)) != NULL)
                        add_fact(host, facts, unit, strrchr(info->name, '.') + 1);
        }
        return 0;
}

const struct probe probe_service = {
        .name = "service",
        .help = "Services that somebody names: were they restarted, and do their processes run what their files say now.",
        .facts = service_facts,
        .touches = service_touches,
        .run = service_run,
};

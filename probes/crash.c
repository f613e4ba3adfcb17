/* What is left of crashes of the kernel. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define NAME        "kernel.crashes"
#define PSTORE      "/sys/fs/pstore"
#define BACKEND     "/sys/module/pstore/parameters/backend"
#define MOUNTS      "/proc/self/mountinfo"
#define KEPT        "/var/lib/systemd/pstore"
#define DEPTH_MAX   2 /* folders that systemd-pstore makes one in another: TIMESTAMP/NUMBER (src/pstore/pstore.c) */
#define FOLDERS_MAX 4096

static const struct fact_info crash_facts[] = {
        { NAME, VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Records of crashes of the kernel, its oopses, and machine checks: what the firmware or a piece of memory kept over "
          "the "
          "reboot, and what systemd-pstore has put away since, for as long as nobody clears it (tmpfiles: 14 days). Long "
          "messages come "
          "in several records, so one crash may count for many. Their content is never read. Absent where nothing keeps such "
          "records: "
          "a crash would leave nothing then.",
          PSTORE ", the files dmesg-* and mce-*; such files below " KEPT },
        { 0 },
};

struct kept {
        struct host *host;
        struct pool *pool;
        unsigned folders;
        int64_t count;
        const char *at; /* what was listed last */
};

/* The others (console-, ftrace-, pmsg-) are written at every reboot (fs/pstore/platform.c, pstore_type_names). */
static bool is_record(const char *name)
{
        return text_starts(name, "dmesg-") || text_starts(name, "mce-");
}

/* A file among the folders, such as the dmesg.txt that systemd-pstore puts together, is no folder to look into. */
static int count_kept(struct kept *kept, const char *folder, unsigned depth)
{
        const char *const *names;
        int r;

        if (kept->folders++ == FOLDERS_MAX)
                return -E2BIG;
        kept->at = folder;
        r = host_list(kept->host, kept->pool, &names, "%s", folder);
        if (r < 0)
                return depth && r == -ENOTDIR ? 0 : r;
        for (; *names; names++) {
                if (is_record(*names))
                        kept->count++;
                else if (depth < DEPTH_MAX && strchr("0123456789", **names) && **names)
                        r = count_kept(kept, pool_format(kept->pool, "%s/%s", folder, *names), depth + 1);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* 1, 0, or a negative errno. */
static int is_mounted(struct host *host, struct pool *pool)
{
        const char *text;
        struct slice line, word;
        int r;

        r = host_read(host, pool, &text, MOUNTS);
        while (r == 0 && text_line(&text, &line))
                for (unsigned i = 0; i < 5 && slice_word(&line, " ", &word); i++)
                        if (i == 4 && slice_equals(word, PSTORE))
                                return 1;
        return r;
}

/* "(null)": no driver has a place to keep anything (pstore_register in fs/pstore/platform.c writes its name here). */
static bool has_backend(struct host *host, struct pool *pool)
{
        const char *text;

        return host_read(host, pool, &text, BACKEND) < 0 || !text_equals(text_trim(pool, text), "(null)");
}

/* How many records the kernel shows. -ENOTSUP: nothing keeps any; -ENXIO: there may be some, behind a mount that is missing. */
static int count_shown(struct host *host, struct pool *pool, int64_t *count)
{
        const char *const *names;
        int r;

        *count = 0;
        r = host_list(host, pool, &names, PSTORE);
        if (r == -ENOENT)
                return host_exists(host, "/sys/fs") ? -ENOTSUP : -ENODATA;
        if (r < 0)
                return r;
        if (!*names) {
                if (!has_backend(host, pool))
                        return -ENOTSUP;
                r = is_mounted(host, pool);
                return r == 0 ? -ENXIO : r < 0 ? r : 0;
        }
        for (; *names; names++)
                *count += is_record(*names);
        return 0;
}

static int crash_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        struct kept kept = { .host = host, .pool = pool, .at = KEPT };
        int64_t shown;
        int r, showing;

        showing = count_shown(host, pool, &shown);
        r = count_kept(&kept, KEPT, 0);
        if (r == -ENOENT)
                r = 0;
        if (r < 0) {
                fact_unknown(facts, r, kept.at, NAME);
        } else if (showing == -ENOTSUP && !kept.count) {
                fact_absent(facts, PSTORE, NAME);
                fact_note(facts, "no driver of this kernel keeps records of crashes");
        } else if (showing < 0 && showing != -ENOTSUP) {
                fact_unknown(facts, showing == -ENXIO ? -ENODATA : showing, PSTORE, NAME);
                if (showing == -ENXIO)
                        fact_note(facts, "pstore is not mounted at %s", PSTORE);
        } else {
                fact_known(facts, value_number(shown + kept.count, UNIT_COUNT), shown ? PSTORE : KEPT, NAME);
                if (shown || kept.count)
                        fact_note(facts, "%lld in %s, %lld in %s", (long long)shown, PSTORE, (long long)kept.count, KEPT);
        }
        return 0;
}

const struct probe probe_crash = {
        .name = "crash",
        .help = "What is left of crashes of the kernel.",
        .facts = crash_facts,
        .run = crash_run,
};

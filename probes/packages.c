/* The packages: how many wait for a newer version, and whether the kernel is kept. */

#include "probes/packages_held.h"
#include "probes/probes.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define QUESTION "packages/pending"
#define LISTS    "/var/lib/apt/lists"
#define PENDING  "packages.pending"
#define DAY_S    86400
/* Security archives are made anew every week (Valid-Until); a month without is an archive that nobody asks, or that nobody keeps. */
#define OLD_DAYS 30

static const struct fact_info packages_facts[] = {
        { .name = PENDING,
          .kind = VALUE_NUMBER,
          .unit = UNIT_COUNT,
          .reach = REACH_TOUCHING,
          .help = "Installed packages of which apt would take a newer version: what an upgrade takes, and what it keeps back "
                  "because of a hold, a phased update or a new dependency. As far as apt's lists know, and the note says of "
                  "which day they are: where the newest is more than a month old, what is pending is unknown. "
                  "Takes a second or two of CPU time, so it is told only where it is asked for.",
          .where = "apt-get --simulate upgrade, without its caches; " LISTS },
        { .name = HELD,
          .kind = VALUE_FLAG,
          .reach = REACH_QUIET,
          .help = "Whether a hold keeps apt from replacing a kernel: some linux-image package that is installed is on hold. A "
                  "hold of "
                  "one release alone (linux-image-6.1.0-28-amd64) is none where the package that brings the next one "
                  "(linux-image-amd64) is installed and free. The note names them. "
                  "What a pin does depends on what the archive has, so a pin is no hold; the note names the file it stands in. "
                  "Told only where it is asked for.",
          .where = STATUS "; for the note " PINS " and " PINS ".d" },
        { .name = NULL },
};

static const struct fact_touch packages_touches[] = {
        { PENDING, QUESTION },
        { NULL, NULL },
};

/* --- what is pending -------------------------------------------------------------------------------------------------- */

/* The day of the newest list, and how many days ago that was; 0 where that is not known, as in a copy of a host's files. apt gives a list
 * the time that the archive made it. */
static int lists_date(struct host *host, struct pool *pool, const char **date, int64_t *days)
{
        const char *const *names;
        int64_t newest = INT64_MIN, now = time(NULL);
        bool any = false;
        char text[32];
        struct tm tm;
        time_t made;
        int r;

        r = host_list(host, pool, &names, LISTS);
        if (r < 0)
                return r == -ENOENT ? -ENODATA : r;
        for (; *names; names++) {
                struct host_stat stat;

                if (!strstr(*names, "_Packages") && !text_ends(*names, "_InRelease"))
                        continue;
                any = any || strstr(*names, "_Packages");
                if (host_stat(host, &stat, LISTS "/%s", *names) == 0 && stat.modified > newest)
                        newest = stat.modified;
        }
        made = newest;
        if (!any || !gmtime_r(&made, &tm) || !strftime(text, sizeof text, "%Y-%m-%d", &tm))
                return -ENODATA;
        *date = pool_dup(pool, text);
        *days = 0;
        if (host_is_live(host) || host_captured_at(host, &now))
                *days = (now - newest) / DAY_S;
        return 0;
}

/* "3 upgraded, 0 newly installed, 0 to remove and 12 not upgraded." (apt-private/private-output.cc, Stats) */
static bool read_summary(struct pool *pool, struct slice line, uint64_t *upgraded, uint64_t *kept)
{
        static const char *const words[] = { NULL, "upgraded,", NULL,  "newly", "installed,", NULL,
                                             "to", "remove",    "and", NULL,    "not",        "upgraded." };
        uint64_t numbers[4];
        struct slice word;
        size_t count = 0;

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
                if (!slice_word(&line, " ", &word))
                        return false;
                if (words[i] ? !slice_equals(word, words[i]) : text_u64(slice_dup(pool, word), 10, &numbers[count++]) < 0)
                        return false;
        }
        *upgraded = numbers[0];
        *kept = numbers[3];
        return numbers[0] <= INT32_MAX && numbers[3] <= INT32_MAX;
}

static int find_summary(struct pool *pool, const void *answer, size_t size, uint64_t *upgraded, uint64_t *kept)
{
        const char *cursor = pool_copy(pool, answer, size);
        unsigned found = 0;
        struct slice line;

        if (memchr(answer, 0, size))
                return -EILSEQ;
        while (text_line(&cursor, &line))
                if (line.size > 0 && line.at[0] >= '0' && line.at[0] <= '9')
                        found += read_summary(pool, line, upgraded, kept);
        return found == 1 ? 0 : -EBADMSG;
}

static void add_pending(struct host *host, struct facts *facts, struct pool *pool)
{
        uint64_t upgraded = 0, kept = 0;
        const void *answer;
        const char *date;
        int64_t days = 0;
        size_t size;
        int r;

        r = lists_date(host, pool, &date, &days);
        if (r < 0) {
                fact_unknown(facts, r, LISTS, PENDING);
                if (r == -ENODATA)
                        fact_note(facts, "apt has no lists of packages: apt-get update gets them");
                return;
        }
        if (days > OLD_DAYS) {
                fact_unknown(facts, -ENODATA, LISTS, PENDING);
                fact_note(facts, "the lists are of %s, %lld days ago: apt-get update gets newer ones", date, (long long)days);
                return;
        }
        r = host_ask(host, pool, &answer, &size, QUESTION);
        if (r == 0)
                r = find_summary(pool, answer, size, &upgraded, &kept);
        if (r < 0) {
                fact_unknown(facts, r, QUESTION, PENDING);
                if (r == -EIO)
                        fact_note(facts, "apt-get fails: run apt-get check");
                return;
        }
        fact_known(facts, value_number((int64_t)(upgraded + kept), UNIT_COUNT), QUESTION, PENDING);
        fact_note(facts, "%u would be upgraded, %u kept back, by lists of %s", (unsigned)upgraded, (unsigned)kept, date);
}

static int packages_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();

        if (fact_is_asked(facts, PENDING))
                add_pending(host, facts, pool);
        if (fact_is_asked(facts, HELD))
                packages_held_fact(host, facts, pool);
        return 0;
}

const struct probe probe_packages = {
        .name = "packages",
        .help = "The packages: how many wait for a newer version, and whether the kernel is kept.",
        .facts = packages_facts,
        .touches = packages_touches,
        .run = packages_run,
};

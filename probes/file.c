/* Files that somebody names: what they are, whose, and who could exchange them. What is in them is never read. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"
#include "probes/accounts.h"
#include "probes/probes.h"
#include "probes/way.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define AHEAD_MAX_S 1
#define HERE        " Links are followed. Told only of paths that are asked for: file./etc/hosts.mode."
#define WHERE       "lstat of the path and of every directory above it"

static const struct fact_info file_facts[] = {
        { "file.*.state", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "What is at a path: file, directory, socket, fifo or device." HERE, WHERE },
        { "file.*.mode", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "Permissions of a file or directory, as four octal digits: 0600 for what holds passwords." HERE, WHERE },
        { "file.*.owner", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Who owns a file or directory: the name, else the number." HERE,
          WHERE ", " ACCOUNT_PASSWD },
        { "file.*.group", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Its group: the name, else the number." HERE,
          WHERE ", " ACCOUNT_GROUP },
        { "file.*.protected", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether nobody but root and its owner can change or exchange it: neither it nor any directory on the way may be "
          "written by "
          "group or others (a sticky directory such as /tmp may), and each belongs to root or to that owner. The note names "
          "the first "
          "that breaks this." HERE,
          WHERE },
        { "file.*.age", VALUE_REAL, UNIT_SECONDS, REACH_QUIET,
          "How long ago it was last written: a log that is fed is young. Unknown where that is in the future, by more than a "
          "second. On the live host, and in a capture as of its making." HERE,
          WHERE },
        { 0 },
};

static const char *state_of(mode_t mode)
{
        return S_ISREG(mode)    ? "file"
               : S_ISDIR(mode)  ? "directory"
               : S_ISSOCK(mode) ? "socket"
               : S_ISFIFO(mode) ? "fifo"
                                : "device";
}

static bool is_open(const struct step *step, uid_t owner)
{
        bool sticky = S_ISDIR(step->stat.mode) && (step->stat.mode & S_ISVTX);

        if (S_ISLNK(step->stat.mode)) /* its mode means nothing */
                return step->stat.uid != 0 && step->stat.uid != owner;
        return (step->stat.uid != 0 && step->stat.uid != owner) || (step->stat.mode & (S_IWGRP | S_IWOTH) && !sticky);
}

static void add_protected(struct host *host, struct facts *facts, struct pool *pool, const struct way *way, const char *path,
                          const char *fact)
{
        uid_t owner = way->steps[way->count - 1].stat.uid;

        for (size_t i = 0; i < way->count; i++) {
                const struct step *step = &way->steps[i];

                if (!is_open(step, owner))
                        continue;
                fact_known(facts, value_flag(false), path, "%s", fact);
                fact_note(facts, "%s is %04o and belongs to %s:%s", text_printable(pool, step->path, 200),
                          (unsigned)step->stat.mode & 07777U, account_name_of(host, pool, ACCOUNT_PASSWD, step->stat.uid),
                          account_name_of(host, pool, ACCOUNT_GROUP, step->stat.gid));
                return;
        }
        fact_known(facts, value_flag(true), path, "%s", fact);
}

/* The clock of a file server may be a little ahead of ours; a file far in the future would stay fresh for ever. */
static void add_age(struct host *host, struct facts *facts, const struct host_stat *stat, const char *path, const char *fact)
{
        int64_t now = time(NULL), age;

        if (!host_is_live(host) && !host_captured_at(host, &now)) {
                fact_unknown(facts, -ENODATA, path, "%s", fact);
                return;
        }
        age = now - stat->modified;
        if (age < -AHEAD_MAX_S) {
                fact_unknown(facts, -ERANGE, path, "%s", fact);
                fact_note(facts, "it was written %lld s after now, by this host's clock", (long long)-age);
                return;
        }
        fact_known(facts, value_real(age < 0 ? 0 : (double)age, UNIT_SECONDS), path, "%s", fact);
}

static void add_known(struct host *host, struct facts *facts, struct pool *pool, const struct way *way, const char *path,
                      const char *fact)
{
        const struct host_stat *stat = &way->steps[way->count - 1].stat;
        const char *what = strrchr(fact, '.') + 1, *text = NULL;

        if (text_equals(what, "protected"))
                add_protected(host, facts, pool, way, path, fact);
        else if (text_equals(what, "age"))
                add_age(host, facts, stat, path, fact);
        else if (text_equals(what, "state"))
                text = state_of(stat->mode);
        else if (text_equals(what, "mode"))
                text = pool_format(pool, "%04o", (unsigned)stat->mode & 07777U);
        else if (text_equals(what, "owner"))
                text = account_name_of(host, pool, ACCOUNT_PASSWD, stat->uid);
        else
                text = account_name_of(host, pool, ACCOUNT_GROUP, stat->gid);
        if (text)
                fact_known(facts, value_text(pool, text), path, "%s", fact);
}

static int file_run(struct host *host, struct facts *facts)
{
        for (const struct fact_info *info = file_facts; info->name; info++) {
                const char *path;
                size_t at = 0;

                while ((path = fact_named(facts, info->name, &at)) != NULL) {
                        autopool struct pool *pool = pool_new();
                        const char *fact = pool_format(pool, "file.%s%s", path, strrchr(info->name, '.'));
                        struct way way = { 0 };
                        int r;

                        r = way_walk(host, pool, path, &way);
                        if (r == -ENOENT || r == -ENOTDIR)
                                fact_absent(facts, path, "%s", fact);
                        else if (r < 0)
                                fact_unknown(facts, r, path, "%s", fact);
                        else
                                add_known(host, facts, pool, &way, path, fact);
                }
        }
        return 0;
}

const struct probe probe_file = {
        .name = "file",
        .help = "Files that somebody names: what they are, whose, and who could exchange them.",
        .facts = file_facts,
        .run = file_run,
};

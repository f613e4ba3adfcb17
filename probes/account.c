/* Users and groups that somebody names. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/account_sources.h"
#include "probes/accounts.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define HERE                                                                                                                   \
        " Told only of those that are asked for by name. A directory service is not asked: where " NSSWITCH                    \
        " names one, what the files do not have is unknown, not absent."
#define SOURCES ", " NSSWITCH

static const struct fact_info account_facts[] = {
        { "user.*.uid", VALUE_NUMBER, UNIT_NONE, REACH_QUIET, "Number of a user." HERE, ACCOUNT_PASSWD SOURCES },
        { "user.*.gid", VALUE_NUMBER, UNIT_NONE, REACH_QUIET, "Number of a user's own group." HERE, ACCOUNT_PASSWD SOURCES },
        { "user.*.home", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Home directory of a user." HERE, ACCOUNT_PASSWD SOURCES },
        { "user.*.shell", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "Login shell of a user. Who only runs services has /usr/sbin/nologin." HERE, ACCOUNT_PASSWD SOURCES },
        { "user.*.groups", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "The groups a user is in, his own among them. Unknown where a directory service may know of more." HERE,
          ACCOUNT_GROUP ", " ACCOUNT_PASSWD SOURCES },
        { "group.*.gid", VALUE_NUMBER, UNIT_NONE, REACH_QUIET, "Number of a group." HERE, ACCOUNT_GROUP SOURCES },
        { "group.*.members", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "Users whom the group lists. Those whose own group it is are not among them." HERE, ACCOUNT_GROUP SOURCES },
        { 0 },
};

static void add_number(struct facts *facts, const char *text, const char *file, const char *fact)
{
        int64_t id;

        if (account_id(text, &id) < 0)
                fact_unknown(facts, -EINVAL, file, "%s", fact);
        else
                fact_known(facts, value_number(id, UNIT_NONE), file, "%s", fact);
}

static bool is_listed(const char *members, const char *name)
{
        struct slice member;

        while (text_word(&members, ",", &member))
                if (slice_equals(slice_trim(member), name))
                        return true;
        return false;
}

/* The files do not decide. */
static void add_elsewhere(struct facts *facts, const struct account_sources *others, const char *fact)
{
        fact_unknown(facts, others->error < 0 ? others->error : -ENODATA, NSSWITCH, "%s", fact);
        if (others->others)
                fact_note(facts, "it also names %s, which is not asked", others->others);
}

static void add_groups(struct host *host, struct facts *facts, struct pool *pool, const struct account *user, const char *fact)
{
        autobuffer struct text_buffer names = { 0 };
        struct account_sources others;
        struct account group;
        const char *text;
        int64_t own, id;
        int r;

        r = account_id(user->columns[ACCOUNT_GID], &own);
        if (r == 0)
                r = host_read(host, pool, &text, ACCOUNT_GROUP);
        if (r < 0) {
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, ACCOUNT_GROUP, "%s", fact);
                return;
        }
        others = account_sources_read(host, pool, "initgroups");
        if (!others.others)
                others = account_sources_read(host, pool, "group");
        while (account_next(pool, &text, 4, &group))
                if (is_listed(group.columns[ACCOUNT_MEMBERS], user->columns[ACCOUNT_NAME]) ||
                    (account_id(group.columns[ACCOUNT_ID], &id) == 0 && id == own))
                        text_addf(&names, "%s ", group.columns[ACCOUNT_NAME]);
        if (others.error < 0 || others.others) {
                add_elsewhere(facts, &others, fact);
                if (others.others)
                        fact_note(facts, "in the files: %s; " NSSWITCH " also names %s, which is not asked",
                                  names.at ? text_trim(pool, names.at) : "none", others.others);
                return;
        }
        fact_known(facts, value_words(pool, names.at ? names.at : ""), ACCOUNT_GROUP, "%s", fact);
}

static void add_members(struct facts *facts, struct pool *pool, const struct account *group, const char *fact)
{
        char *members = pool_dup(pool, group->columns[ACCOUNT_MEMBERS]);

        for (char *comma = members; (comma = strchr(comma, ',')) != NULL;)
                *comma = ' ';
        fact_known(facts, value_words(pool, members), ACCOUNT_GROUP, "%s", fact);
}

static void add_column(struct host *host, struct facts *facts, struct pool *pool, const struct account *account,
                       const char *column, const char *fact)
{
        bool user = text_starts(fact, "user.");

        if (text_equals(column, "uid"))
                add_number(facts, account->columns[ACCOUNT_ID], ACCOUNT_PASSWD, fact);
        else if (text_equals(column, "gid"))
                add_number(facts, account->columns[user ? ACCOUNT_GID : ACCOUNT_ID], user ? ACCOUNT_PASSWD : ACCOUNT_GROUP,
                           fact);
        else if (text_equals(column, "home"))
                fact_known(facts, value_text(pool, account->columns[ACCOUNT_HOME]), ACCOUNT_PASSWD, "%s", fact);
        else if (text_equals(column, "shell") && !*account->columns[ACCOUNT_SHELL])
                fact_known(facts, value_text(pool, "/bin/sh"), ACCOUNT_PASSWD, "%s", fact); /* passwd(5) */
        else if (text_equals(column, "shell"))
                fact_known(facts, value_text(pool, account->columns[ACCOUNT_SHELL]), ACCOUNT_PASSWD, "%s", fact);
        else if (text_equals(column, "groups"))
                add_groups(host, facts, pool, account, fact);
        else
                add_members(facts, pool, account, fact);
}

static void add_fact(struct host *host, struct facts *facts, struct pool *pool, const char *name, const char *column,
                     const char *fact)
{
        bool user = text_starts(fact, "user.");
        const char *file = user ? ACCOUNT_PASSWD : ACCOUNT_GROUP;
        struct account_sources others = account_sources_read(host, pool, user ? "passwd" : "group");
        struct account account;
        int r;

        r = account_find(host, pool, file, name, &account);
        if ((r == 0 && others.before) || (r == -ENOENT && (others.error < 0 || others.others)))
                add_elsewhere(facts, &others, fact);
        else if (r == 0)
                add_column(host, facts, pool, &account, column, fact);
        else if (r == -ENOENT)
                fact_absent(facts, file, "%s", fact);
        else
                fact_unknown(facts, r, file, "%s", fact);
}

static int account_run(struct host *host, struct facts *facts)
{
        for (const struct fact_info *info = account_facts; info->name; info++) {
                const char *column = strrchr(info->name, '.') + 1, *name;
                size_t at = 0;

                while ((name = fact_named(facts, info->name, &at)) != NULL) {
                        autopool struct pool *pool = pool_new();

                        add_fact(host, facts, pool, name, column,
                                 pool_format(pool, "%.*s%s.%s", (int)(strchr(info->name, '*') - info->name), info->name, name,
                                             column));
                }
        }
        return 0;
}

const struct probe probe_account = {
        .name = "account",
        .help = "Users and groups that somebody names.",
        .facts = account_facts,
        .run = account_run,
};

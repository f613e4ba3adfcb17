/* Lines of /etc/passwd and /etc/group. */

#include "probes/accounts.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define GROUP_COLUMNS 4
#define NO_ID         INT64_C(4294967295) /* (uid_t)-1: "leave it" to chown(2) */

bool account_next(struct pool *pool, const char **cursor, unsigned columns, struct account *account)
{
        struct slice line;

        while (text_line(cursor, &line)) {
                char *at = slice_dup(pool, line);
                unsigned count = 0;

                for (char *end = at; end && count < ACCOUNT_COLUMNS; at = end ? end + 1 : at) {
                        end = strchr(at, ':');
                        if (end)
                                *end = '\0';
                        account->columns[count++] = at;
                }
                /* '+' and '-' stand for what other hosts tell (nsswitch.conf(5), compat). */
                if (count != columns || !*account->columns[0] || strchr("+-#", *account->columns[0]))
                        continue;
                while (count < ACCOUNT_COLUMNS)
                        account->columns[count++] = "";
                return true;
        }
        return false;
}

static unsigned columns_of(const char *file)
{
        return text_equals(file, ACCOUNT_GROUP) ? GROUP_COLUMNS : ACCOUNT_COLUMNS;
}

int account_find(struct host *host, struct pool *pool, const char *file, const char *name, struct account *account)
{
        const char *text;
        int r;

        r = host_read(host, pool, &text, "%s", file);
        if (r < 0)
                return r == -ENOENT ? -ENODATA : r;
        while (account_next(pool, &text, columns_of(file), account))
                if (text_equals(account->columns[ACCOUNT_NAME], name))
                        return 0;
        return -ENOENT;
}

int account_id(const char *text, int64_t *id)
{
        uint64_t number;

        if (!*text || text[strspn(text, "0123456789")] || text_u64(text, 10, &number) < 0 || number >= (uint64_t)NO_ID)
                return -EINVAL;
        *id = (int64_t)number;
        return 0;
}

const char *account_name_of(struct host *host, struct pool *pool, const char *file, uint32_t id)
{
        struct account account;
        const char *text;
        int64_t found;

        if (host_read(host, pool, &text, "%s", file) == 0)
                while (account_next(pool, &text, columns_of(file), &account))
                        if (account_id(account.columns[ACCOUNT_ID], &found) == 0 && found == id)
                                return account.columns[ACCOUNT_NAME];
        return pool_format(pool, "%u", (unsigned)id);
}

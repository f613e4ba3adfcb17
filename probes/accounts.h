/* Lines of /etc/passwd and /etc/group. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

struct host;
struct pool;

#define ACCOUNT_PASSWD "/etc/passwd"
#define ACCOUNT_GROUP  "/etc/group"

/* passwd(5), group(5) */
enum account_column { ACCOUNT_NAME, ACCOUNT_PASSWORD, ACCOUNT_ID, ACCOUNT_GID, ACCOUNT_GECOS, ACCOUNT_HOME, ACCOUNT_SHELL };
#define ACCOUNT_MEMBERS ACCOUNT_GID
#define ACCOUNT_COLUMNS 7

struct account {
        const char *columns[ACCOUNT_COLUMNS]; /* "" where the line is empty there, and behind its end */
};

/* The next line from *cursor that is one, with this many columns; in the pool. False at the end. */
bool account_next(struct pool *pool, const char **cursor, unsigned columns, struct account *account);
/* The first line whose name is this, as getpwnam(3) finds it. -ENOENT: there is none; -ENODATA: no such file. */
int account_find(struct host *host, struct pool *pool, const char *file, const char *name, struct account *account);
/* An id between 0 and 2^32 - 2. -EINVAL: it is none. */
int account_id(const char *text, int64_t *id);
/* The name that goes with an id; the number where nobody has it. */
const char *account_name_of(struct host *host, struct pool *pool, const char *file, uint32_t id);

/* One line of the history: a check in front of what it says. */

#include "agent/history_inside.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"

#include <string.h>

#define CHECK_SIZE 16

const char *const history_inherited[HISTORY_INHERITED] = {
        "boot_id", "profile", "sha256", "wrong", "unread", "carried", "known"
};

const char *history_line(struct pool *pool, const json_t *json)
{
        autofree char *text = json_dumps(json, JSON_COMPACT);
        char check[65];

        sha256_hex(text, strlen(text), check);
        return pool_format(pool, "%.*s %s\n", CHECK_SIZE, check, text);
}

json_t *history_open(struct slice line)
{
        char check[65];

        if (line.size <= CHECK_SIZE + 1 || line.size > HISTORY_LINE_MAX || line.at[CHECK_SIZE] != ' ')
                return NULL;
        sha256_hex(line.at + CHECK_SIZE + 1, line.size - CHECK_SIZE - 1, check);
        if (memcmp(check, line.at, CHECK_SIZE) != 0)
                return NULL;
        return json_loadb(line.at + CHECK_SIZE + 1, line.size - CHECK_SIZE - 1, JSON_REJECT_DUPLICATES, NULL);
}

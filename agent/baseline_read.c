/* The baseline read again, and the history's record of it where its file is damaged. */

#include "agent/baseline.h"

#include "agent/history_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>

static json_t *read_file(struct host *host, int *error)
{
        autopool struct pool *pool = pool_new();
        autohistory struct history *history = NULL;
        const void *bytes;
        size_t size;

        *error = host_read_bytes(host, pool, &bytes, &size, BASELINE_PATH);
        if (*error == -ENOTDIR)
                *error = -ENOENT;
        if (*error < 0)
                return NULL;
        history = history_new();
        history_parse(history, "baseline", bytes, size);
        if (history->count != 1 || history->damaged_count || !history->records[0].whole) {
                *error = -EBADMSG;
                return NULL;
        }
        return json_deep_copy(history->records[0].json);
}

/* An apply that was not accepted has no "ledger"; earlier versions put it into no record. */
static bool was_accepted(const struct history_record *record)
{
        return json_object_get(record->json, "ledger") ||
               text_equals(json_string_value(json_object_get(record->json, "verb")), "baseline");
}

/* The newest: where that one is lost, no older one stands for it. */
static json_t *read_history(struct host *host)
{
        autohistory struct history *history = NULL;

        if (history_read(host, &history) < 0)
                return NULL;
        for (size_t i = history->count; i-- > 0;)
                if (was_accepted(&history->records[i]))
                        return history_whole(history, &history->records[i]);
        return NULL;
}

json_t *baseline_read(struct host *host, const char **damage, int *error)
{
        json_t *baseline = read_file(host, error);

        *damage = *error == -EBADMSG ? "is damaged" : *error == -EINVAL || *error == -EISDIR ? "is no file" : NULL;
        return *damage ? read_history(host) : baseline;
}

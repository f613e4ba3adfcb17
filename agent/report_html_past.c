/* The past of this host, in HTML: since when something is wrong, and the audits one after the other. */

#include "agent/report_html.h"

#include "agent/history.h"

#include "agent/core/pool.h"

/* A record names no more than these; what is not among so many may have been wrong all the same. */
#define WRONG_NAMED 64

enum told { TOLD_NOTHING, TOLD_WRONG, TOLD_OTHERWISE };

/* What a record says of the finding. It means the same only under the same profile. */
static enum told tells(const struct html *html, const struct history_record *record, const char *id)
{
        const json_t *wrong = json_object_get(record->json, "wrong");
        const char *profile = json_string_value(json_object_get(record->json, "profile"));

        if (!json_is_array(wrong) || !text_equals(profile, html->report->session->profile->name))
                return TOLD_NOTHING;
        for (size_t i = 0; i < json_array_size(wrong); i++)
                if (text_equals(json_string_value(json_array_get(wrong, i)), id))
                        return TOLD_WRONG;
        return json_array_size(wrong) < WRONG_NAMED ? TOLD_OTHERWISE : TOLD_NOTHING;
}

static int64_t last_at(const struct history_record *record)
{
        return record->again_count ? record->again[record->again_count - 1] : record->at;
}

const char *html_since(const struct html *html, const struct finding *finding)
{
        const struct history *history = html->history;
        const char *id = text_printable(html->pool, finding->id, 200);
        const struct history_record *first = NULL;

        /* What is for information is not recorded. */
        if (!history || !history->count || finding->tier == TIER_INFO)
                return NULL;
        for (size_t i = history->count; i-- > 0;) {
                const struct history_record *record = &history->records[i];
                enum told told = tells(html, record, id);

                if (told == TOLD_NOTHING)
                        break;
                if (told == TOLD_OTHERWISE)
                        return first ? pool_format(html->pool, "%s; not yet wrong at %s", history_time(html->pool, first->at),
                                                   history_time(html->pool, last_at(record)))
                                     : pool_format(html->pool, "now: not yet wrong at %s, the last record",
                                                   history_time(html->pool, last_at(record)));
                first = record;
        }
        return first ? pool_format(html->pool, "%s at least, as far back as the history tells",
                                   history_time(html->pool, first->at))
                     : NULL;
}

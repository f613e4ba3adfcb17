/* What every JSON answer is made of: texts, values and the head. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <string.h>

json_t *report_json_text(const char *text)
{
        autopool struct pool *pool = NULL;
        json_t *json;

        if (!text)
                return json_null();
        json = json_string(text);
        if (json)
                return json;
        pool = pool_new();
        return json_string(text_printable(pool, text, strlen(text) + 1));
}

json_t *report_json_head(const char *verb, const struct session *session)
{
        json_t *json = json_pack("{s:s, s:i, s:s}", "plumbline", PLUMBLINE_VERSION, "schema", PLUMBLINE_SCHEMA, "verb", verb);

        json_object_set_new(json, "time", report_json_text(session->now));
        json_object_set_new(json, "host", report_json_text(session->host_name));
        json_object_set_new(json, "boot_id", report_json_text(session->boot_id));
        if (session->profile)
                json_object_set_new(json, "profile",
                                    json_pack("{s:o, s:s}", "name", report_json_text(session->profile->name), "sha256",
                                              session->profile->sha256));
        return json;
}

json_t *report_json_value(const struct value *value)
{
        autopool struct pool *pool = pool_new();

        switch (value->kind) {
        case VALUE_FLAG:
                return json_boolean(value->flag);
        case VALUE_NUMBER:
                return json_integer(value->number);
        case VALUE_REAL:
                return json_real(value->real);
        case VALUE_CPUS:
        case VALUE_MASK:
                return report_json_text(cpus_format(pool, value->cpus));
        case VALUE_TEXT:
        case VALUE_VERSION:
        case VALUE_WORDS:
        case VALUE_FIELDS:
        case VALUE_CHOICE:
                break;
        }
        return report_json_text(value_show(pool, value));
}

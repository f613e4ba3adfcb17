/* Reading an answer of plumbline: is it one, and is it whole? */

#include "agent/answer.h"

#include "agent/answer_file.h"
#include "agent/json_text.h"
#include "agent/report.h"

#include "agent/core/pool.h"

#include <string.h>

#define NAME_MAX_SIZE 500

static bool is_name(const char *text)
{
        return text && *text && strlen(text) <= NAME_MAX_SIZE;
}

static bool is_status(const char *word)
{
        for (enum status status = STATUS_PASS; word && status <= STATUS_FAIL; status++)
                if (text_equals(word, status_name(status)))
                        return true;
        return false;
}

static bool is_finding(const json_t *row)
{
        const json_t *have = json_object_get(row, "have");

        return is_name(json_text(row, "id")) && is_status(json_text(row, "status")) &&
               (json_is_null(have) || json_is_string(have));
}

static bool is_fact(const json_t *row)
{
        const char *status = json_text(row, "status");
        const json_t *value = json_object_get(row, "value");

        if (!is_name(json_text(row, "name")) || !json_text(row, "unit"))
                return false;
        if (text_equals(status, "known"))
                return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
        return text_equals(status, "absent") || text_equals(status, "unreadable");
}

static bool is_unread(const json_t *row)
{
        return is_name(json_text(row, "id"));
}

/* The first row that is not what it should be; the size of the list where all are. */
static size_t first_wrong(const json_t *list, bool (*is_right)(const json_t *row))
{
        size_t i = 0;

        while (i < json_array_size(list) && is_right(json_array_get(list, i)))
                i++;
        return i;
}

static const char *wrong_list(struct pool *pool, const json_t *json, const char *name, bool (*is_right)(const json_t *row))
{
        const json_t *list = json_object_get(json, name);
        size_t wrong;

        if (!json_is_array(list))
                return pool_format(pool, "is no report: it has no list of %s", name);
        wrong = first_wrong(list, is_right);
        return wrong < json_array_size(list) ? pool_format(pool, "is damaged: %s[%zu] is not whole", name, wrong) : NULL;
}

static bool find_verdict(const char *word, enum verdict *verdict)
{
        for (*verdict = VERDICT_READY; *verdict <= VERDICT_UNKNOWN; (*verdict)++)
                if (word && text_equals(word, verdict_name(*verdict)))
                        return true;
        return false;
}

static bool is_time(const char *text)
{
        static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

        if (!text || strlen(text) != sizeof form - 1)
                return false;
        for (size_t i = 0; form[i]; i++)
                if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
                        return false;
        return true;
}

static const char *check(struct pool *pool, struct answer *answer)
{
        const json_t *json = answer->json, *host = json_object_get(json, "host"), *schema = json_object_get(json, "schema");
        const char *problem;

        answer->verb = json_text(json, "verb");
        answer->time = json_text(json, "time");
        answer->boot_id = json_text(json, "boot_id");
        if (!answer->verb || !json_text(json, "plumbline"))
                return "is no answer of plumbline";
        if (!json_is_integer(schema) || json_integer_value(schema) != PLUMBLINE_SCHEMA)
                return "has a form that this version does not know";
        if (!is_time(answer->time) || !(json_is_null(host) || json_is_string(host)))
                return "is damaged: its head is not whole";
        answer->host = json_is_string(host) && *json_string_value(host) ? json_string_value(host) : NULL;
        if (text_equals(answer->verb, "facts"))
                return wrong_list(pool, json, "facts", is_fact);
        if (!text_equals(answer->verb, "check") && !text_equals(answer->verb, "audit"))
                return pool_format(pool, "is an answer of %s; of check, audit or facts was expected",
                                   text_printable(pool, answer->verb, 40));
        if (!find_verdict(json_text(json, "verdict"), &answer->verdict))
                return "is damaged: it has no verdict";
        problem = wrong_list(pool, json, "findings", is_finding);
        if (!problem && text_equals(answer->verb, "audit"))
                problem = wrong_list(pool, json, "unread", is_unread);
        if (!problem && json_object_get(json, "left_out"))
                problem = wrong_list(pool, json, "left_out", is_unread);
        return problem;
}

const char *answer_read(struct pool *pool, const char *place, struct answer *answer)
{
        autofree char *bytes = NULL;
        const char *problem;
        json_error_t error;
        size_t size;

        *answer = (struct answer){ 0 };
        if (answer_file_read(place, &bytes, &size, &problem) < 0)
                return problem;
        answer->json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
        if (!answer->json)
                return pool_format(pool, "is no JSON: line %d, column %d: %s", error.line, error.column, error.text);
        return check(pool, answer);
}

void answer_release(struct answer *answer)
{
        json_decref(answer->json);
}

bool answer_is_at(const char *place)
{
        autofree char *bytes = NULL;
        const char *problem;
        size_t size, at = 0;

        if (answer_file_read(place, &bytes, &size, &problem) < 0)
                return false;
        while (at < size && strchr(" \t\r\n", bytes[at]) && bytes[at])
                at++;
        return at < size && bytes[at] == '{';
}

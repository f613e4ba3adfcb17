/* Reading one report of another host, of which nothing is believed but what it says of that host. */

#include "agent/fleet.h"

#include "agent/answer_file.h"
#include "agent/diff.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"

#include <string.h>

#define NAME_MAX_SIZE 500

static const char *text_of(const json_t *json, const char *key)
{
        return json_string_value(json_object_get(json, key));
}

/* --- is it one? -------------------------------------------------------------------------------------------------------------- */

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

        return is_name(text_of(row, "id")) && is_status(text_of(row, "status")) && (json_is_null(have) || json_is_string(have));
}

static bool is_fact(const json_t *row)
{
        const char *status = text_of(row, "status");
        const json_t *value = json_object_get(row, "value");

        if (!is_name(text_of(row, "name")) || !text_of(row, "unit"))
                return false;
        if (text_equals(status, "known"))
                return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
        return text_equals(status, "absent") || text_equals(status, "unreadable");
}

static bool is_unread(const json_t *row)
{
        return is_name(text_of(row, "id"));
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

/* Why it is no report, or NULL with *report filled in. */
static const char *problem_of(struct pool *pool, const json_t *json, const char *place, struct fleet_report *report)
{
        const json_t *host = json_object_get(json, "host"), *schema = json_object_get(json, "schema");
        const char *verb = text_of(json, "verb"), *problem;

        if (!verb || !text_of(json, "plumbline"))
                return "is no answer of plumbline";
        if (!json_is_integer(schema) || json_integer_value(schema) != PLUMBLINE_SCHEMA)
                return "has a form that this version does not know";
        if (!is_time(text_of(json, "time")) || !(json_is_null(host) || json_is_string(host)))
                return "is damaged: its head is not whole";
        *report = (struct fleet_report){ .place = place, .verb = verb, .time = text_of(json, "time") };
        report->host = json_is_string(host) && *json_string_value(host) ? json_string_value(host) : place;
        if (text_equals(verb, "facts")) {
                report->kind = FLEET_FACTS;
                return wrong_list(pool, json, "facts", is_fact);
        }
        if (!text_equals(verb, "check") && !text_equals(verb, "audit"))
                return pool_format(pool, "is an answer of %s; of check, audit or facts was expected",
                                   text_printable(pool, verb, 40));
        report->kind = FLEET_FINDINGS;
        if (!find_verdict(text_of(json, "verdict"), &report->verdict))
                return "is damaged: it has no verdict";
        problem = wrong_list(pool, json, "findings", is_finding);
        if (!problem && text_equals(verb, "audit"))
                problem = wrong_list(pool, json, "unread", is_unread);
        return problem;
}

/* --- what it says ------------------------------------------------------------------------------------------------------------ */

/* Of what differs by nature only what it is judged to be is compared. */
static bool is_compared(const char *name)
{
        bool presence;

        if (text_starts(name, "any "))
                name += strlen("any ");
        else if (text_starts(name, "every "))
                name += strlen("every ");
        return !diff_nature(name, &presence) && diff_tolerance(name) <= 0;
}

static void say_findings(struct fleet *fleet, size_t report, const json_t *json)
{
        const json_t *profile = json_object_get(json, "profile"), *findings = json_object_get(json, "findings");
        const json_t *unread = json_object_get(json, "unread");
        autopool struct pool *pool = pool_new();
        const char *name = text_of(profile, "name"), *sha256 = text_of(profile, "sha256");

        if (name && sha256)
                fleet_say(fleet, report, "report.profile", "known", sha256,
                          pool_format(pool, "%s (sha256 %.12s)", name, sha256));
        fleet_say(fleet, report, "report.plumbline", "known", text_of(json, "plumbline"), text_of(json, "plumbline"));
        for (size_t i = 0; i < json_array_size(findings); i++) {
                const json_t *row = json_array_get(findings, i);
                const char *id = text_of(row, "id"), *have = is_compared(id) ? text_of(row, "have") : NULL;

                fleet_say(fleet, report, id, text_of(row, "status"), have, have);
        }
        for (size_t i = 0; i < json_array_size(unread); i++)
                fleet_say(fleet, report, text_of(json_array_get(unread, i), "id"), FLEET_UNREAD, NULL, NULL);
}

static const char *fact_words(struct pool *pool, const json_t *row)
{
        const json_t *json = json_object_get(row, "value");
        struct value value;
        enum unit unit = UNIT_NONE;

        while (unit < UNIT_HERTZ && !text_equals(text_of(row, "unit"), unit_name(unit)))
                unit++;
        if (json_is_string(json))
                return *json_string_value(json) ? json_string_value(json) : "none";
        value = json_is_integer(json) ? value_number(json_integer_value(json), unit)
                : json_is_real(json)  ? value_real(json_real_value(json), unit)
                                      : value_flag(json_is_true(json));
        return value_show(pool, &value);
}

/* A command line speaks for each of its parameters. */
static void say_parameters(struct fleet *fleet, size_t report, const char *text)
{
        autoitems struct items *items = items_new();

        items_add_parameters(items, text);
        for (size_t i = 0; i < items->count; i++) {
                const struct item *item = &items->rows[i];

                if (is_compared(item->name))
                        fleet_say(fleet, report, item->name, item->status == ITEM_KNOWN ? "known" : "unreadable",
                                  item->key ? item->key : item->text, item->text);
        }
}

static void say_facts(struct fleet *fleet, size_t report, const json_t *json)
{
        const json_t *facts = json_object_get(json, "facts");

        for (size_t i = 0; i < json_array_size(facts); i++) {
                const json_t *row = json_array_get(facts, i), *value = json_object_get(row, "value");
                const char *name = text_of(row, "name"), *status = text_of(row, "status"), *shown = NULL;
                autopool struct pool *pool = pool_new();
                autofree char *compared = NULL;

                if (!is_compared(name))
                        continue;
                if (text_equals(name, "kernel.cmdline") && json_is_string(value)) {
                        say_parameters(fleet, report, json_string_value(value));
                        continue;
                }
                if (text_equals(status, "known")) {
                        compared = json_dumps(value, JSON_ENCODE_ANY);
                        shown = fact_words(pool, row);
                }
                if (!text_matches(name, "unit.*.state") || !text_equals(shown, "inactive (dead)"))
                        fleet_say(fleet, report, name, status, compared, shown);
        }
}

static void refuse(struct fleet *fleet, const char *place, const char *why)
{
        fleet->damaged = pool_grow(fleet->pool, fleet->damaged, fleet->damaged_count, sizeof *fleet->damaged);
        fleet->damaged[fleet->damaged_count++] = (struct fleet_refusal){
                .place = text_printable(fleet->pool, place, 300),
                .why = text_printable(fleet->pool, why, 300),
        };
}

void fleet_read(struct fleet *fleet, const char *place)
{
        autopool struct pool *pool = pool_new();
        autojson json_t *json = NULL;
        autofree char *bytes = NULL;
        struct fleet_report report = { 0 };
        const char *problem;
        json_error_t error;
        size_t size, number;

        if (answer_file_read(place, &bytes, &size, &problem) < 0) {
                refuse(fleet, place, problem);
                return;
        }
        json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
        problem = json ? problem_of(pool, json, place, &report)
                       : pool_format(pool, "is no JSON: line %d, column %d: %s", error.line, error.column, error.text);
        if (problem) {
                refuse(fleet, place, problem);
                return;
        }
        number = fleet_add(fleet, &report);
        if (number == SIZE_MAX)
                return;
        if (report.kind == FLEET_FACTS)
                say_facts(fleet, number, json);
        else
                say_findings(fleet, number, json);
}

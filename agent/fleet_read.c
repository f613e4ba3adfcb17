/* Reading one report of another host, of which nothing is believed but what it says of that host. */

#include "agent/fleet.h"

#include "agent/answer.h"
#include "agent/diff.h"
#include "agent/json_text.h"
#include "agent/state.h"

#include "agent/core/pool.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

/* Whole numbers below this are exact as a double. */
#define EXACT_MAX 9007199254740992.0

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

/* Whoever is of another version may say less, or say it otherwise. */
static void say_version(struct fleet *fleet, size_t report, const json_t *json)
{
        fleet_say(fleet, report, "report.plumbline", "known", json_text(json, "plumbline"), json_text(json, "plumbline"));
}

/* What an audit left unread, and what a check before the services start left out. */
static const char *const left[] = { "unread", "left_out" };

static void say_findings(struct fleet *fleet, size_t report, const json_t *json)
{
        const json_t *profile = json_object_get(json, "profile"), *findings = json_object_get(json, "findings");
        autopool struct pool *pool = pool_new();
        const char *name = json_text(profile, "name"), *sha256 = json_text(profile, "sha256");

        if (name && sha256)
                fleet_say(fleet, report, "report.profile", "known", sha256,
                          pool_format(pool, "%s (sha256 %.12s)", name, sha256));
        say_version(fleet, report, json);
        for (size_t i = 0; i < json_array_size(findings); i++) {
                const json_t *row = json_array_get(findings, i);
                const char *id = json_text(row, "id"), *have = is_compared(id) ? json_text(row, "have") : NULL;

                fleet_say(fleet, report, id, json_text(row, "status"), have, have);
        }
        for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
                for (size_t j = 0; j < json_array_size(json_object_get(json, left[i])); j++)
                        fleet_say(fleet, report, json_text(json_array_get(json_object_get(json, left[i]), j), "id"),
                                  FLEET_UNREAD, NULL, NULL);
}

static const char *fact_words(struct pool *pool, const json_t *row)
{
        const json_t *json = json_object_get(row, "value");
        const char *name = json_text(row, "unit");
        enum unit unit = UNIT_NONE;
        struct value value;

        if (json_is_string(json))
                return *json_string_value(json) ? json_string_value(json) : "none";
        while (unit <= UNIT_HERTZ && !text_equals(name ? name : "", unit_name(unit)))
                unit++;
        value = json_is_integer(json) ? value_number(json_integer_value(json), unit <= UNIT_HERTZ ? unit : UNIT_NONE)
                : json_is_real(json)  ? value_real(json_real_value(json), unit <= UNIT_HERTZ ? unit : UNIT_NONE)
                                      : value_flag(json_is_true(json));
        if (unit > UNIT_HERTZ)
                return pool_format(pool, "%s %s", value_show(pool, &value), text_printable(pool, name, 40));
        return value_show(pool, &value);
}

/* 1 and 1.0 are one number; of another unit it is another. The caller frees it. */
static char *compared_text(const json_t *row)
{
        const json_t *value = json_object_get(row, "value");
        double real = json_is_real(value) ? json_real_value(value) : 0.5;
        autojson json_t *both = json_array();

        if (fabs(real) < EXACT_MAX && real == trunc(real))
                json_array_append_new(both, json_integer((json_int_t)real));
        else
                json_array_append(both, (json_t *)(uintptr_t)value);
        json_array_append(both, json_object_get(row, "unit"));
        return json_dumps(both, JSON_ENCODE_ANY);
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

        say_version(fleet, report, json);
        for (size_t i = 0; i < json_array_size(facts); i++) {
                const json_t *row = json_array_get(facts, i), *value = json_object_get(row, "value");
                const char *name = json_text(row, "name"), *status = json_text(row, "status"), *shown = NULL;
                autopool struct pool *pool = pool_new();
                autofree char *compared = NULL;

                if (!is_compared(name))
                        continue;
                if (text_equals(name, "kernel.cmdline") && json_is_string(value)) {
                        say_parameters(fleet, report, json_string_value(value));
                        continue;
                }
                if (text_equals(status, "known")) {
                        compared = compared_text(row);
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

/* It would count over all that the host says from now on. A day: clocks and time zones of those who gather reports differ. */
static const char *future_problem(struct pool *pool, const char *when)
{
        time_t tomorrow = time(NULL) + 24 * 60 * 60;
        char text[32];
        struct tm tm;

        gmtime_r(&tomorrow, &tm);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
        return when && strcmp(when, text) > 0 ? pool_format(pool, "is dated %s, which is in the future", when) : NULL;
}

void fleet_read(struct fleet *fleet, const char *place)
{
        autopool struct pool *pool = pool_new();
        autoanswer struct answer answer = { 0 };
        const char *problem = answer_read(pool, place, &answer);
        struct fleet_report report = {
                .place = place,
                .host = answer.host ? answer.host : place,
                .verb = answer.verb,
                .time = answer.time,
                .boot_id = answer.boot_id,
                .verdict = answer.verdict,
        };
        size_t number;

        if (!problem)
                problem = future_problem(pool, answer.time);
        if (problem) {
                refuse(fleet, place, problem);
                return;
        }
        report.kind = text_equals(answer.verb, "facts") ? FLEET_FACTS : FLEET_FINDINGS;
        report.version = json_text(answer.json, "plumbline");
        for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
                report.partial = report.partial ||
                                 (report.kind == FLEET_FINDINGS && json_array_size(json_object_get(answer.json, left[i])) > 0);
        number = fleet_add(fleet, &report);
        if (number == FLEET_NONE)
                return;
        if (report.kind == FLEET_FACTS)
                say_facts(fleet, number, answer.json);
        else
                say_findings(fleet, number, answer.json);
}

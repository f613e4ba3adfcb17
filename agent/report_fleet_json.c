/* Many hosts for programs. */

#include "agent/report.h"

#include "agent/fleet.h"

static json_t *answer_json(const struct fleet *fleet, const struct fleet_answer *answer, bool with_hosts)
{
        json_t *json = json_pack("{s:s, s:o, s:I}", "status", answer->status, "have", report_json_text(answer->have), "count",
                                 (json_int_t)answer->count);
        json_t *hosts = json_array();

        if (!with_hosts || !answer->reports) {
                json_decref(hosts);
                return json;
        }
        for (size_t i = 0; i < answer->count; i++)
                json_array_append_new(hosts, report_json_text(fleet->reports[answer->reports[i]].host));
        json_object_set_new(json, "hosts", hosts);
        return json;
}

/* NULL for an item in which nobody stands out. */
static json_t *item_json(const struct fleet *fleet, const struct fleet_item *item)
{
        static const char *const kinds[FLEET_KINDS] = { "finding", "fact" };
        json_t *others = json_array();

        for (size_t i = 0; i < item->count; i++)
                if ((item->split || &item->answers[i] != item->most) && !text_equals(item->answers[i].status, FLEET_UNREAD))
                        json_array_append_new(others, answer_json(fleet, &item->answers[i], true));
        if (!json_array_size(others)) {
                json_decref(others);
                return NULL;
        }
        return json_pack("{s:o, s:s, s:b, s:I, s:o, s:o}", "name", report_json_text(item->name), "kind", kinds[item->kind],
                         "split", (int)item->split, "of", (json_int_t)item->of, "most",
                         item->most ? answer_json(fleet, item->most, false) : json_null(), "others", others);
}

static json_t *report_json(const struct fleet_report *report)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:I}", "host", report_json_text(report->host), "place",
                         report_json_text(report->place), "verb", report_json_text(report->verb), "time",
                         report_json_text(report->time), "verdict",
                         report->kind == FLEET_FINDINGS ? json_string(verdict_name(report->verdict)) : json_null(), "partial",
                         (int)report->partial, "outliers", (json_int_t)report->outliers);
}

/* Hosts that are named for one reason. */
static json_t *namesakes_json(const struct fleet *fleet)
{
        json_t *list = json_array();

        for (size_t i = 0; i < fleet->host_count; i++)
                if (fleet->hosts[i].namesakes)
                        json_array_append_new(list, json_pack("{s:o, s:o}", "host", report_json_text(fleet->hosts[i].name),
                                                              "why", report_json_text(fleet->hosts[i].namesakes)));
        return list;
}

static json_t *stale_json(const struct fleet *fleet)
{
        json_t *list = json_array();

        for (size_t i = 0; i < fleet->host_count; i++)
                if (fleet->hosts[i].stale)
                        json_array_append_new(list, json_pack("{s:o, s:o}", "host", report_json_text(fleet->hosts[i].name),
                                                              "time", report_json_text(fleet->hosts[i].oldest)));
        return list;
}

static json_t *versions_json(const struct fleet *fleet)
{
        json_t *list = json_array();

        for (size_t i = 0; i < fleet->version_count; i++)
                if (fleet->versions[i].untold)
                        json_array_append_new(list, json_pack("{s:o, s:I, s:I}", "plumbline",
                                                              report_json_text(fleet->versions[i].name), "reports",
                                                              (json_int_t)fleet->versions[i].reports, "untold",
                                                              (json_int_t)fleet->versions[i].untold));
        return list;
}

static json_t *refusals_json(const struct fleet_refusal *rows, size_t count)
{
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, json_pack("{s:o, s:o}", "place", report_json_text(rows[i].place), "why",
                                                      report_json_text(rows[i].why)));
        return list;
}

void report_json_fleet(const struct fleet *fleet, const struct session *session, struct text_buffer *out)
{
        json_t *json = report_json_head("fleet", session), *reports = json_array(), *items = json_array();
        json_t *verdicts = json_object();

        for (enum verdict verdict = VERDICT_READY; verdict <= VERDICT_UNKNOWN; verdict++)
                json_object_set_new(verdicts, verdict_name(verdict), json_integer((json_int_t)fleet->verdicts[verdict]));
        json_object_set_new(verdicts, "ready-as-far-as-looked", json_integer((json_int_t)fleet->ready_partly));
        for (size_t i = 0; i < fleet->count; i++)
                if (!fleet->reports[i].replaced)
                        json_array_append_new(reports, report_json(&fleet->reports[i]));
        for (size_t i = 0; i < fleet->item_count; i++) {
                json_t *item = item_json(fleet, &fleet->items[i]);

                if (item)
                        json_array_append_new(items, item);
        }
        json_object_set_new(json, "exit", json_integer(fleet->exit));
        json_object_set_new(json, "hosts", json_integer((json_int_t)fleet->host_count));
        json_object_set_new(json, "oldest", report_json_text(fleet->oldest));
        json_object_set_new(json, "verdicts", verdicts);
        json_object_set_new(json, "reports", reports);
        json_object_set_new(json, "items", items);
        json_object_set_new(json, "namesakes", namesakes_json(fleet));
        json_object_set_new(json, "stale", stale_json(fleet));
        json_object_set_new(json, "versions", versions_json(fleet));
        json_object_set_new(json, "damaged", refusals_json(fleet->damaged, fleet->damaged_count));
        json_object_set_new(json, "older", refusals_json(fleet->older, fleet->older_count));
        report_json_print(json, out);
}

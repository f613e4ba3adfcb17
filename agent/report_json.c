/* JSON for programs: the same numbers as the text. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <string.h>

static void set(json_t *json, const char *key, const char *text)
{
        if (text)
                json_object_set_new(json, key, report_json_text(text));
}

json_t *report_json_facts(const struct facts *facts, const char *const *patterns, size_t count)
{
        static const char *const statuses[] = { "known", "absent", "unreadable" };
        json_t *list = json_array();

        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                json_t *json;

                if (!report_selects(fact->name, patterns, count))
                        continue;
                json = json_pack("{s:o, s:o, s:s, s:s, s:o, s:s}", "name", report_json_text(fact->name), "value",
                                 fact->status == FACT_KNOWN ? report_json_value(&fact->value) : json_null(), "unit",
                                 unit_name(fact->info->unit), "status", statuses[fact->status], "source",
                                 report_json_text(fact->source), "reach", reach_name(fact->info->reach));
                if (fact->status == FACT_UNREADABLE)
                        set(json, "reason", error_words(fact->error));
                set(json, "note", fact->note);
                json_array_append_new(list, json);
        }
        return list;
}

json_t *report_json_findings(const struct findings *findings)
{
        json_t *list = json_array();

        for (size_t i = 0; i < findings->count; i++) {
                const struct finding *finding = &findings->rows[i];
                json_t *json =
                        json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", report_json_text(finding->id), "kind",
                                  finding_kind_name(finding->kind), "tier", tier_name(finding->tier), "status",
                                  status_name(finding->status), "have", report_json_text(finding->have), "want",
                                  report_json_text(finding->want), "unit", report_json_text(finding->unit ? finding->unit : ""),
                                  "source", report_json_text(finding->source), "from", report_json_text(finding->from));

                set(json, "why", finding->why);
                set(json, "fix", finding->fix);
                set(json, "note", finding->note);
                set(json, "waiver", finding->waiver);
                json_array_append_new(list, json);
        }
        return list;
}

static json_t *json_unread(const struct findings *unread)
{
        json_t *list = json_array();

        for (size_t i = 0; i < unread->count; i++) {
                const struct finding *finding = &unread->rows[i];

                json_array_append_new(list, json_pack("{s:o, s:s, s:s, s:o}", "id", report_json_text(finding->id), "kind",
                                                      finding_kind_name(finding->kind), "tier", tier_name(finding->tier),
                                                      "source", report_json_text(finding->source)));
        }
        return list;
}

json_t *report_json_counts(const struct judgement *judgement)
{
        json_t *json = json_object(), *settings = json_object();

        for (unsigned tier = TIER_CRITICAL; tier <= TIER_INFO; tier++) {
                const struct tally *tally = &judgement->tiers[tier];

                json_object_set_new(json, tier_name(tier),
                                    json_pack("{s:i, s:i, s:i, s:i}", "pass", tally->pass, "fail", tally->fail, "unknown",
                                              tally->unknown, "waived", tally->waived));
        }
        for (unsigned status = STATUS_PASS; status <= STATUS_FAIL; status++)
                if (judgement->settings[status] || status == STATUS_PASS || status == STATUS_DRIFT)
                        json_object_set_new(settings, status_name(status), json_integer(judgement->settings[status]));
        json_object_set_new(json, "settings", settings);
        json_object_set_new(json, "important_share",
                            json_pack("{s:i, s:i, s:f}", "pass", judgement->important_pass, "of", judgement->important_of,
                                      "needed", judgement->important_needed));
        return json;
}

static json_t *json_streak(const struct streak *streak)
{
        bool counted = streak->error == 0;
        json_t *json = json_pack("{s:b, s:i, s:o, s:o}", "due", streak_alerts(streak), "after", (int)streak->after, "failures",
                                 counted ? json_integer(streak->failures) : json_null(), "since",
                                 report_json_text(counted && streak->failures ? streak->since : NULL));

        if (!counted)
                set(json, "reason", error_words(streak->error));
        return json;
}

int report_json_check(const struct report *report, struct text_buffer *out)
{
        const struct judgement *judgement = report->judgement;
        json_t *json = report_json_head(report->verb, report->session);

        json_object_set_new(json, "verdict", json_string(verdict_name(judgement->verdict)));
        json_object_set_new(json, "exit", json_integer(judgement->exit));
        json_object_set_new(json, "counts", report_json_counts(judgement));
        json_object_set_new(json, "findings", report_json_findings(report->findings));
        if (report->given_up)
                json_object_set_new(json, "given_up", report_json_text(report->given_up));
        if (report->past)
                json_object_set_new(json, "past",
                                    json_pack("{s:o, s:f}", "time", report_json_text(report->past), "age", report->past_age_s));
        if (report->streak.after)
                json_object_set_new(json, "alert", json_streak(&report->streak));
        if (judgement->left_out == LEFT_SERVICES)
                json_object_set_new(json, "left_out", json_unread(report->unread));
        if (text_equals(report->verb, "audit")) {
                json_object_set_new(json, "unread", json_unread(report->unread));
                json_object_set_new(json, "drift", report_json_drift(report->drift));
        }
        report_json_print(json, out);
        return judgement->exit;
}

json_t *report_json_steps(const struct plan *plan)
{
        json_t *list = json_array();

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                json_t *json;

                if (!step_is_due(step))
                        continue;
                json = json_pack("{s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "setting", report_json_text(step->id),
                                 "target", report_json_text(step->target), "how", step_how_name(step->how), "when",
                                 step_when_name(step->when), "risk", risk_name(step->risk), "now", report_json_text(step->now),
                                 "want", report_json_text(step->want), "from", report_json_text(step->from), "layer",
                                 layer_name(step->layer));
                set(json, "note", step->note);
                json_array_append_new(list, json);
        }
        return list;
}

json_t *report_json_outcomes(const struct outcomes *outcomes)
{
        json_t *list = json_array();

        for (size_t i = 0; i < outcomes->count; i++) {
                const struct outcome *row = &outcomes->rows[i];
                json_t *json = json_pack("{s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "setting", report_json_text(row->id),
                                         "target", report_json_text(row->target), "how", step_how_name(row->how), "when",
                                         step_when_name(row->when), "risk", risk_name(row->risk), "now",
                                         report_json_text(row->now), "want", report_json_text(row->want), "from",
                                         report_json_text(row->from), "result", step_result_name(row->result));

                set(json, "kept", row->kept);
                set(json, "note", row->note);
                if (row->result == RESULT_FAILED)
                        set(json, "error", strerror(-row->error));
                if (outcomes->ledger)
                        json_object_set_new(json, "id", json_integer(outcomes->ledger));
                json_array_append_new(list, json);
        }
        return list;
}

void report_json_print(json_t *json, struct text_buffer *out)
{
        autofree char *text = json_dumps(json, JSON_INDENT(2));

        json_decref(json);
        text_add(out, text ? text : "{}");
        text_add(out, "\n");
}

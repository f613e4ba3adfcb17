/* The answer of drift: what differs from the baseline, item by item, since when, and what may have done it. */

#include "agent/drift_report.h"

#include "agent/audit_reach.h"
#include "agent/baseline.h"
#include "agent/drift.h"
#include "agent/drift_known.h"
#include "agent/evidence.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define BASELINE "/var/lib/plumbline/baseline"

/* What is compared with. */
struct reference {
        json_t *record;     /* NULL: there is none */
        bool accepted;      /* it is a baseline, and no audit */
        const char *damage; /* what is wrong with the baseline's file; then it is the history's record of it */
};

static const char *reference_words(struct pool *pool, const struct reference *reference)
{
        const char *time = history_time(pool, json_integer_value(json_object_get(reference->record, "at")));
        unsigned id = (unsigned)json_integer_value(json_object_get(reference->record, "id"));

        if (reference->damage)
                return pool_format(pool, "the baseline of %s (record %u of the history, as " BASELINE " %s)", time, id,
                                   reference->damage);
        return pool_format(pool, "%s of %s (record %u)",
                           reference->accepted ? "the baseline" : "the last good audit, as there is no baseline,", time, id);
}

static int exit_of(const struct drift *drift)
{
        int status = EXIT_READY;

        for (size_t i = 0; i < drift->count; i++) {
                if (drift->rows[i].waiver || (drift->rows[i].fleeting && !drift->rows[i].unreadable))
                        continue;
                if (!drift->rows[i].unreadable)
                        return EXIT_NOT_READY;
                status = EXIT_CANNOT_TELL;
        }
        return status;
}

static bool is_setting(const struct drift_row *row)
{
        return text_equals(row->layer, "files") || text_equals(row->layer, "next-boot") || text_equals(row->layer, "running");
}

static void add_advice(const struct drift *drift, struct text_buffer *out)
{
        bool settings = false, facts = false;

        for (size_t i = 0; i < drift->count; i++) {
                const struct drift_row *row = &drift->rows[i];

                settings = settings || (is_setting(row) && !row->waiver);
                facts = facts || (text_equals(row->layer, "fact") && !row->waiver);
        }
        text_add(out, "\nWhat to do:\n");
        if (settings)
                text_add(out, "  plumbline apply                makes the settings what the profile wants\n");
        if (facts)
                text_add(out, "  mend the box                   where a fact of it became worse\n");
        text_add(out, "  plumbline baseline             accepts what is now, where it is meant\n");
}

/* With --verbose: what is as it was. */
static void add_right(const json_t *before, const json_t *now, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();

        text_add(out, "\nAs it was:\n");
        for (size_t i = 0; i < STATE_LAYERS; i++) {
                const json_t *items = json_object_get(now, state_layers[i]);
                const char *name;
                json_t *value;

                json_object_foreach(json_object_get(before, state_layers[i]), name, value)
                {
                        if (!strchr(name, '*') && json_equal(value, json_object_get(items, name)))
                                text_addf(out, "%-10s %-40s %s\n", state_layers[i], text_printable(pool, name, 200),
                                          text_printable(pool, json_string_value(value), 400));
                }
        }
}

static void print_text(const struct session *session, const struct drift *drift, const struct history *history,
                       const char *reference, bool screen, struct text_buffer *out)
{
        static const char *const words[] = {
                [EXIT_READY] = "IN LINE", [EXIT_NOT_READY] = "DRIFT", [EXIT_CANNOT_TELL] = "CANNOT TELL"
        };

        text_addf(out, "%s   %s, against %s\n", words[exit_of(drift)], session->host_name ? session->host_name : "this host",
                  reference);
        report_text_drift(drift, screen, out);
        if (drift->unseen) {
                text_add(out, "\nno evidence could be looked for in:");
                report_add_wrapped(out, strlen("no evidence could be looked for in:"), 2, screen ? REPORT_SCREEN_WIDTH : 0,
                                   pool_format(drift->pool, " %s", drift->unseen));
        }
        for (size_t i = 0; i < history->damaged_count; i++)
                text_addf(out, "%sdamaged, and skipped: %s\n", i ? "" : "\n", history->damaged[i]);
        if (exit_of(drift) == EXIT_NOT_READY)
                add_advice(drift, out);
}

static void print_json(const struct session *session, const struct drift *drift, const struct history *history,
                       const struct reference *reference, int status, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        json_t *json = report_json_head("drift", session), *damaged = json_array();

        for (size_t i = 0; i < history->damaged_count; i++)
                json_array_append_new(damaged, report_json_text(history->damaged[i]));
        if (reference->damage)
                json_array_append_new(damaged, report_json_text(pool_format(pool, BASELINE ": %s", reference->damage)));
        json_object_set_new(json, "against",
                            json_pack("{s:s, s:I, s:s}", "kind", reference->accepted ? "baseline" : "audit", "id",
                                      json_integer_value(json_object_get(reference->record, "id")), "time",
                                      history_time(pool, json_integer_value(json_object_get(reference->record, "at")))));
        json_object_set_new(json, "exit", json_integer(status));
        json_object_set_new(json, "items", report_json_drift(drift));
        json_object_set_new(json, "new", json_integer((json_int_t)drift->new_count));
        json_object_set_new(json, "untold", json_integer((json_int_t)drift->untold_count));
        json_object_set_new(json, "damaged", damaged);
        json_object_set_new(json, "unseen", report_json_text(drift->unseen));
        report_json_print(json, out);
}

/* Without a baseline: the last record that found everything right. */
static json_t *last_good(const struct history *history)
{
        for (size_t i = history->count; i-- > 0;) {
                const struct history_record *record = &history->records[i];
                json_t *whole = NULL;

                if (json_integer_value(json_object_get(record->json, "exit")) == EXIT_READY)
                        whole = history_whole(history, record);
                if (whole)
                        return whole;
        }
        return NULL;
}

static struct reference find_reference(const struct session *session, const struct history *history, const char **problem)
{
        struct reference reference = { .accepted = true };
        int error;

        reference.record = baseline_read(session->host, &reference.damage, &error);
        if (reference.record)
                return reference;
        if (reference.damage)
                *problem = pool_format(session->pool,
                                       BASELINE
                                       ": %s, and the history has no record of what was accepted; see plumbline check for "
                                       "what is not as the profile wants it, and accept with plumbline baseline what is right",
                                       reference.damage);
        else if (error != -ENOENT)
                *problem = pool_format(session->pool, BASELINE ": %s", error_words(error));
        if (*problem)
                return reference;
        reference.accepted = false;
        reference.record = last_good(history);
        if (!reference.record)
                *problem = "there is nothing to compare with; plumbline baseline accepts what is now";
        return reference;
}

/* What is there as the audits look, which leave unread what would disturb. */
static json_t *look_as_audits_do(const struct session *session)
{
        autoexamination struct examination examination = { 0 };
        struct host *host = session->host;
        json_t *state;

        host_forget(host);
        host_allow(host, REACH_QUIET);
        host_allow_also(host, audit_sources(session->pool, session->profile, probes));
        host_record_refusals(host, false);
        examine(session, LEFT_LOUD, &examination);
        state = state_look(session, &examination);
        host_record_refusals(host, true);
        host_allow_also(host, NULL);
        host_allow_usual(host);
        host_forget(host);
        return state;
}

/* Audits that never read an item cannot tell that it was not there. */
static void leave_out_unread(json_t *now, const json_t *before, const json_t *quiet)
{
        const char *layer, *name;
        json_t *items, *value;
        void *next;

        json_object_foreach(now, layer, items) json_object_foreach_safe(items, next, name, value)
        {
                if (!json_object_get(json_object_get(before, layer), name) &&
                    !json_object_get(json_object_get(quiet, layer), name))
                        json_object_del(items, name);
        }
}

int drift_report(const struct session *session, const struct examination *examination, const struct options *options,
                 enum evidence_wanted evidence, struct text_buffer *out, const char **problem)
{
        autohistory struct history *history = NULL;
        autojson json_t *record = NULL, *now = NULL;
        autodrift struct drift *drift = NULL;
        struct reference reference;
        int r, status;

        *problem = NULL;
        r = history_read(session->host, &history);
        if (r < 0) {
                *problem = pool_format(session->pool, "/var/lib/plumbline/history: %s", error_words(r));
                return EXIT_CANNOT_TELL;
        }
        reference = find_reference(session, history, problem);
        record = reference.record;
        if (!record)
                return EXIT_CANNOT_TELL;
        now = state_look(session, examination);
        if (!reference.accepted && !options->quiet_only) {
                autojson json_t *quiet = look_as_audits_do(session);

                leave_out_unread(now, json_object_get(record, "state"), quiet);
        }
        if (options->quiet_only)
                state_carry(now, json_object_get(record, "state"), examination, NULL);
        drift = drift_find(record, now, session->boot_id, session->seconds, history);
        drift_pass_over(drift, record, probes);
        drift_settle(drift, session->profile);
        drift_waive(drift, session->profile, session->today);
        evidence_find(session, examination, history, evidence, drift);
        status = exit_of(drift);
        if (options->format == FORMAT_TEXT)
                print_text(session, drift, history, reference_words(session->pool, &reference), options->screen, out);
        if (options->format == FORMAT_TEXT && options->verbose)
                add_right(json_object_get(record, "state"), now, out);
        if (options->format != FORMAT_TEXT)
                print_json(session, drift, history, &reference, status, out);
        return status;
}

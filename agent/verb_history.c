/* history: what was recorded, one line each, or one record whole. */

#include "agent/history.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"

#include <string.h>

/* "2 wrong: cpu.cores, ...; 3 changed" */
static const char *summary(struct pool *pool, const struct history_record *record)
{
        autobuffer struct text_buffer text = { 0 };
        const json_t *wrong = history_member(record, "wrong");
        size_t count = json_array_size(wrong), changed = state_size(json_object_get(record->json, "state"));

        if (count)
                text_addf(&text, "%zu wrong:", count);
        for (size_t i = 0; i < count && i < 4; i++)
                text_addf(&text, "%s %s", i ? "," : "", json_string_value(json_array_get(wrong, i)));
        if (count > 4)
                text_add(&text, ", ...");
        if (!record->whole && changed)
                text_addf(&text, "%s%zu changed", count ? "; " : "", changed);
        return text_printable(pool, text.at ? text.at : "", 160);
}

static json_t *head_json(struct pool *pool, const struct history_record *record, unsigned id, int64_t at)
{
        json_t *wrong = history_member(record, "wrong");
        json_t *row = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:i}", "id", (int)id, "time", history_time(pool, at), "verb",
                                history_text(record, "verb"), "boot_id", history_text(record, "boot_id"), "profile",
                                history_text(record, "profile"), "verdict", history_text(record, "verdict"), "exit",
                                (int)json_integer_value(history_member(record, "exit")));

        json_object_set(row, "wrong", wrong ? wrong : json_null());
        /* The first of a segment is written whole, whatever changed. */
        json_object_set_new(row, "changed",
                            id != record->id ? json_integer(0)
                            : record->whole  ? json_null()
                                             : json_integer((json_int_t)state_size(history_member(record, "state"))));
        return row;
}

static json_t *damaged_json(const struct history *history)
{
        json_t *list = json_array();

        for (size_t i = 0; i < history->damaged_count; i++)
                json_array_append_new(list, report_json_text(history->damaged[i]));
        return list;
}

static void add_line(struct pool *pool, const struct history_record *record, unsigned id, int64_t at, struct text_buffer *out)
{
        const char *rest = id == record->id ? summary(pool, record) : "the same";

        text_addf(out, "%7u  %s  %-8s  %s", id, history_time(pool, at), text_printable(pool, history_text(record, "verb"), 8),
                  text_printable(pool, history_text(record, "verdict"), 9));
        text_addf(out, "%s%s\n", *rest ? ", " : "", rest);
}

/* With --verbose: all that is wrong, and what changed. */
static void add_more(struct pool *pool, const struct history_record *record, struct text_buffer *out)
{
        const json_t *wrong = history_member(record, "wrong"), *state = json_object_get(record->json, "state");

        for (size_t i = 0; i < json_array_size(wrong); i++)
                text_addf(out, "         wrong:   %s\n",
                          text_printable(pool, json_string_value(json_array_get(wrong, i)), 200));
        for (size_t i = 0; i < STATE_LAYERS && !record->whole; i++) {
                json_t *items = json_object_get(state, state_layers[i]), *value;
                const char *name;

                json_object_foreach(items, name, value)
                        text_addf(out, "         changed: %s %s: %s\n", state_layers[i], text_printable(pool, name, 200),
                                  json_is_null(value) ? "gone" : text_printable(pool, json_string_value(value), 400));
        }
}

static void list_text(const struct history *history, bool verbose, struct text_buffer *out)
{
        for (size_t i = 0; i < history->count; i++) {
                const struct history_record *record = &history->records[i];

                for (unsigned again = 0; again <= record->again_count; again++) {
                        autopool struct pool *pool = pool_new();

                        add_line(pool, record, record->id + again, again ? record->again[again - 1] : record->at, out);
                        if (verbose && !again)
                                add_more(pool, record, out);
                }
        }
        if (!history->count)
                text_add(out, "nothing was recorded yet: see plumbline audit\n");
        for (size_t i = 0; i < history->damaged_count; i++)
                text_addf(out, "damaged, and skipped: %s\n", history->damaged[i]);
}

static json_t *list_json(const struct history *history)
{
        json_t *list = json_array();

        for (size_t i = 0; i < history->count; i++) {
                const struct history_record *record = &history->records[i];
                autopool struct pool *pool = pool_new();

                for (unsigned again = 0; again <= record->again_count; again++)
                        json_array_append_new(list, head_json(pool, record, record->id + again,
                                                              again ? record->again[again - 1] : record->at));
        }
        return list;
}

static void state_text(const json_t *state, struct text_buffer *out)
{
        for (size_t i = 0; i < STATE_LAYERS; i++) {
                json_t *items = json_object_get(state, state_layers[i]), *value;
                const char *name;

                if (json_object_size(items))
                        text_addf(out, "\n%s\n", state_layers[i]);
                json_object_foreach(items, name, value)
                {
                        autopool struct pool *pool = pool_new();

                        text_addf(out, "  %-40s %s\n", text_printable(pool, name, 200),
                                  json_is_null(value) ? "gone" : text_printable(pool, json_string_value(value), 400));
                }
        }
}

/* One record whole: what changed with it, and the state that it found. */
static void show(const struct session *session, const struct history *history, const struct history_record *record, unsigned id,
                 int64_t at, const struct options *options, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        autojson json_t *state = history_state(history, record);
        json_t *json;

        if (options->format == FORMAT_TEXT) {
                add_line(pool, record, id, at, out);
                text_addf(out, "         boot %s, profile %s\n", text_printable(pool, history_text(record, "boot_id"), 40),
                          text_printable(pool, history_text(record, "profile"), 80));
                for (size_t i = 0; i < json_array_size(history_member(record, "wrong")); i++)
                        text_addf(out, "         wrong: %s\n",
                                  text_printable(pool, json_string_value(json_array_get(history_member(record, "wrong"), i)),
                                                 200));
                if (!record->whole && id == record->id) {
                        bool changed = state_size(json_object_get(record->json, "state"));

                        text_add(out, changed ? "\n-- changed with it\n" : "\n-- nothing changed with it\n");
                        state_text(json_object_get(record->json, "state"), out);
                        text_add(out, "\n-- what it found\n");
                }
                if (state)
                        state_text(state, out);
                else
                        text_add(out, "the state is lost with a damaged record before it\n");
                return;
        }
        json = report_json_head("history", session);
        json_object_set_new(json, "record", head_json(pool, record, id, at));
        json_object_set_new(json, "changes",
                            record->whole || id != record->id ? json_null()
                                                              : json_deep_copy(json_object_get(record->json, "state")));
        json_object_set_new(json, "state", state ? json_incref(state) : json_null());
        json_object_set_new(json, "damaged", damaged_json(history));
        report_json_print(json, out);
}

static int show_id(const struct session *session, const struct history *history, const struct options *options,
                   struct text_buffer *out)
{
        const struct history_record *record = NULL;
        uint64_t id;
        int64_t at = 0;

        if (text_u64(options->arguments[0], 10, &id) == 0 && id <= UINT32_MAX)
                record = history_find(history, (unsigned)id, &at);
        if (!record)
                return complain(EXIT_USAGE, "history: there is no record %s; see plumbline history", options->arguments[0]);
        show(session, history, record, (unsigned)id, at, options, out);
        return EXIT_READY;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autohistory struct history *history = NULL;
        autosession struct session session = { 0 };
        json_t *json;
        int r, status;

        status = session_open(options, false, &session);
        if (status)
                return status;
        r = history_read(session.host, &history);
        if (r < 0)
                return complain(EXIT_CANNOT_TELL, "history: /var/lib/plumbline/history: %s", error_words(r));
        if (options->count)
                return show_id(&session, history, options, out);
        if (options->format == FORMAT_TEXT) {
                list_text(history, options->verbose, out);
                return EXIT_READY;
        }
        json = report_json_head("history", &session);
        json_object_set_new(json, "records", list_json(history));
        json_object_set_new(json, "damaged", damaged_json(history));
        report_json_print(json, out);
        return EXIT_READY;
}

const struct verb verb_history = {
        .name = "history",
        .arguments = "[ID]",
        .help = "Past audits, applies and baselines, one line each; with an id, one whole.",
        .options = OPTION_ROOT,
        .most_arguments = 1,
        .run = run,
};

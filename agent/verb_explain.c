/* explain: one fact or setting. */

#include "agent/explain_keys.h"
#include "agent/report.h"
#include "agent/survey.h"
#include "agent/verb.h"

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tuning/knobs.h"

#include <string.h>

static const char *or_dash(const char *text)
{
        return text ? text : "-";
}

static void add_paragraph(struct text_buffer *out, const char *label, const char *text)
{
        const char *cursor = text;
        struct slice word;
        size_t used = 0;

        text_addf(out, "  %-11s", label);
        while (text_word(&cursor, " \n", &word)) {
                if (used && used + word.size > 84) {
                        text_add(out, "\n             ");
                        used = 0;
                }
                text_addf(out, "%s%.*s", used ? " " : "", (int)word.size, word.at);
                used += word.size + 1;
        }
        text_add(out, "\n");
}

static void explain_fact(const struct fact_info *info, const char *name, const struct options *options, struct text_buffer *out)
{
        if (options->format == FORMAT_JSON) {
                report_json_print(json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "plumbline",
                                            PLUMBLINE_VERSION, "schema", PLUMBLINE_SCHEMA, "verb", "explain", "name", name,
                                            "what", "fact", "is", value_kind_name(info->kind), "unit", unit_name(info->unit),
                                            "help", or_dash(info->help), "where", or_dash(info->where), "reach",
                                            reach_name(info->reach)),
                                  out);
                return;
        }
        text_addf(out, "%s: a fact, %s%s%s\n", name, value_kind_name(info->kind), info->unit == UNIT_NONE ? "" : " in ",
                  unit_name(info->unit));
        add_paragraph(out, "what", or_dash(info->help));
        add_paragraph(out, "read from", or_dash(info->where));
        add_paragraph(out, "reach", reach_name(info->reach));
}

/* The finding about the partition is called so. */
static const struct field cpus_field = {
        .path = "cpus",
        .kind = VALUE_TEXT,
        .help = "Which CPUs are for housekeeping, and which are isolated for trading. Settings are made of it, and one that "
                "the host "
                "cannot hold holds them up.",
        .where = "The section cpus of the profile, held against /sys/devices/system/cpu and the nodes. It is set by what is "
                 "made of it: "
                 "the kernel command line, interrupts.",
        .risk = "Quiet by itself.",
};
static const struct knob cpus_knob = { .name = "cpus", .help = "The partition of the CPUs." };

static const char *help_of(const struct field *field, const char *name)
{
        const char *key = explain_key(name);

        return key ? key : or_dash(field->help);
}

static json_t *field_json(const struct knob *knob, const struct field *field, const char *name)
{
        json_t *json = json_pack("{s:s, s:i, s:s, s:o, s:s, s:s, s:o}", "plumbline", PLUMBLINE_VERSION, "schema",
                                 PLUMBLINE_SCHEMA, "verb", "explain", "name", report_json_text(name), "what", "setting", "is",
                                 value_kind_name(field->kind), "help", report_json_text(help_of(field, name)));

        json_object_set_new(json, "knob", json_string(knob->help));
        json_object_set_new(json, "where", report_json_text(or_dash(field->where)));
        json_object_set_new(json, "risk", report_json_text(or_dash(field->risk)));
        if (field->choices)
                json_object_set_new(json, "choices", json_string(field->choices));
        return json;
}

static void explain_field(const struct field *field, const char *name, struct text_buffer *out)
{
        text_addf(out, "%s: a setting, %s%s%s\n", name, value_kind_name(field->kind), field->choices ? ": " : "",
                  field->choices ? field->choices : "");
        add_paragraph(out, "what", help_of(field, name));
        if (explain_key(name))
                add_paragraph(out, "value", or_dash(field->help));
        add_paragraph(out, "how", or_dash(field->where));
        add_paragraph(out, "risk", or_dash(field->risk));
        if (field != &cpus_field)
                add_paragraph(out, "waived", "apply leaves it as it is while a waiver of the profile names it");
}

static void explain_knob(const struct knob *knob, const struct options *options, struct text_buffer *out)
{
        json_t *json, *fields;

        if (options->format == FORMAT_TEXT) {
                text_addf(out, "%s: %s\n", knob->name, knob->help);
                for (const struct field *field = knob->fields; field->path; field++) {
                        autobuffer struct text_buffer name = { 0 };

                        text_addf(&name, "%s.%s", knob->name, field->path);
                        text_add(out, "\n");
                        explain_field(field, name.at, out);
                }
                return;
        }
        fields = json_array();
        for (const struct field *field = knob->fields; field->path; field++) {
                autobuffer struct text_buffer name = { 0 };

                text_addf(&name, "%s.%s", knob->name, field->path);
                json_array_append_new(fields, field_json(knob, field, name.at));
        }
        json = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:o}", "plumbline", PLUMBLINE_VERSION, "schema", PLUMBLINE_SCHEMA,
                         "verb", "explain", "name", knob->name, "what", "knob", "help", knob->help, "fields", fields);
        report_json_print(json, out);
}

/* "sysctl.vm.swappiness" is knob sysctl and the field "*"; a dotted name below a '*' counts as one component. */
static const struct field *match_field(const struct knob *knob, const char *rest)
{
        const struct field *best = NULL;

        for (const struct field *field = knob->fields; field->path; field++) {
                autobuffer struct text_buffer pattern = { 0 };

                for (const char *c = field->path; *c; c++)
                        text_add_bytes(&pattern, *c == '/' ? "." : c, 1);
                if (text_equals(pattern.at, rest))
                        return field;
                if (text_matches(rest, pattern.at) && (!best || strlen(field->path) > strlen(best->path)))
                        best = field;
                if (field->flags & FIELD_LIST && text_starts(rest, pattern.at) && rest[pattern.size] == '.')
                        best = field;
        }
        return best;
}

static bool explain_setting(const char *name, const struct options *options, struct text_buffer *out)
{
        if (text_equals(name, cpus_field.path)) {
                if (options->format == FORMAT_JSON)
                        report_json_print(field_json(&cpus_knob, &cpus_field, name), out);
                else
                        explain_field(&cpus_field, name, out);
                return true;
        }
        for (const struct knob *const *knob = knobs; *knob; knob++) {
                size_t size = strlen((*knob)->name);
                const struct field *field;

                if (!text_starts(name, (*knob)->name))
                        continue;
                if (!name[size]) {
                        explain_knob(*knob, options, out);
                        return true;
                }
                field = name[size] == '.' ? match_field(*knob, name + size + 1) : NULL;
                if (!field)
                        continue;
                if (options->format == FORMAT_JSON)
                        report_json_print(field_json(*knob, field, name), out);
                else
                        explain_field(field, name, out);
                return true;
        }
        return false;
}

static const char *nearest_name(struct pool *pool, const char *name)
{
        const char **names = NULL;
        size_t count = 0;

        for (const struct probe *const *probe = probes; *probe; probe++)
                for (const struct fact_info *info = (*probe)->facts; info->name; info++) {
                        names = pool_grow(pool, names, count, sizeof *names);
                        names[count++] = info->name;
                }
        for (const struct knob *const *knob = knobs; *knob; knob++)
                for (const struct field *field = (*knob)->fields; field->path; field++) {
                        names = pool_grow(pool, names, count, sizeof *names);
                        names[count++] = pool_format(pool, "%s.%s", (*knob)->name, field->path);
                }
        names = pool_grow(pool, names, count, sizeof *names);
        names[count] = NULL;
        return text_nearest(name, names);
}

/* "any nvme.*.size", in one word or two, is about nvme.*.size. */
static const char *asked_name(const struct options *options, struct pool *pool)
{
        static const char *const words[] = { "any ", "every " };
        const char *name = options->arguments[0];

        if (options->count > 1)
                name = pool_format(pool, "%s %s", name, options->arguments[1]);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (text_starts(name, words[i]))
                        return text_trim(pool, name + strlen(words[i]));
        return name;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        const struct fact_info *info;
        const char *name, *nearest;

        if (!options->count)
                return complain(EXIT_USAGE, "explain: the name of a fact or setting is missing");
        name = asked_name(options, pool);
        info = survey_info(probes, name);
        if (info) {
                explain_fact(info, name, options, out);
                return EXIT_READY;
        }
        if (explain_setting(name, options, out))
                return EXIT_READY;
        nearest = nearest_name(pool, name);
        return complain(EXIT_USAGE, "explain: nothing is called \"%s\"%s%s%s", name, nearest ? "; did you mean \"" : "",
                        nearest ? nearest : "", nearest ? "\"?" : "");
}

const struct verb verb_explain = {
        .name = "explain",
        .arguments = "NAME",
        .help = "One fact or setting: what it is, why it matters, where it is read, how it is set and undone, its risk.",
        .most_arguments = 2,
        .run = run,
};

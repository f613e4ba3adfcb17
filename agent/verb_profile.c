/* profile: what the profiles are, what one comes to, and whether a file is right. */

#include "agent/report.h"
#include "agent/verb.h"

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tuning/knobs.h"

#include <string.h>

static int list(const struct options *options, const struct session *session, struct text_buffer *out)
{
        struct profile_places places = session_places(session->host, session->pool);
        struct profile_name *names;
        size_t count;
        json_t *json, *rows;
        int r;

        r = profile_list(&places, session->pool, &names, &count);
        if (r < 0)
                return complain(EXIT_CANNOT_TELL, "profile list: %s: %s", places.shipped, strerror(-r));
        if (options->format == FORMAT_TEXT) {
                for (size_t i = 0; i < count; i++)
                        text_addf(out, "%-12s %s\n", names[i].name, names[i].summary ? names[i].summary : "");
                return EXIT_READY;
        }
        rows = json_array();
        for (size_t i = 0; i < count; i++)
                json_array_append_new(rows,
                                      json_pack("{s:o, s:o, s:o}", "name", report_json_text(names[i].name), "summary",
                                                report_json_text(names[i].summary), "path", report_json_text(names[i].path)));
        json = report_json_head("profile", session);
        json_object_set_new(json, "profiles", rows);
        report_json_print(json, out);
        return EXIT_READY;
}

static int load(const struct options *options, const char *name, struct session *session)
{
        struct options with = *options;

        if (name)
                with.profile = name;
        session_close(session);
        return session_open(&with, true, session);
}

static int show(const struct options *options, struct session *session, struct text_buffer *out)
{
        const struct profile *profile;
        json_t *json, *rows;
        int status;

        status = load(options, options->count > 1 ? options->arguments[1] : NULL, session);
        if (status)
                return status;
        profile = session->profile;
        if (options->format == FORMAT_TEXT) {
                text_addf(out, "%s: %s\n%s\n\n", profile->name, profile->summary ? profile->summary : "", profile->path);
                for (size_t i = 0; i < profile->line_count; i++)
                        text_addf(out, "%-44s %-40s %s\n", profile->lines[i].path,
                                  text_printable(session->pool, profile->lines[i].value, 200), profile->lines[i].from);
                return EXIT_READY;
        }
        rows = json_array();
        for (size_t i = 0; i < profile->line_count; i++)
                json_array_append_new(rows, json_pack("{s:o, s:o, s:o}", "path", report_json_text(profile->lines[i].path),
                                                      "value", report_json_text(profile->lines[i].value), "from",
                                                      report_json_text(profile->lines[i].from)));
        json = report_json_head("profile", session);
        json_object_set_new(json, "summary", report_json_text(profile->summary));
        json_object_set_new(json, "lines", rows);
        report_json_print(json, out);
        return EXIT_READY;
}

static void add_number(struct text_buffer *out, size_t number, const char *what, const char *behind)
{
        text_addf(out, "%zu %s%s%s", number, what, number == 1 ? "" : "s", behind);
}

static int lint(const struct options *options, struct session *session, struct text_buffer *out)
{
        autopool struct pool *pool = pool_new();
        const char *file = options->count > 1 ? options->arguments[1] : NULL;
        json_t *json;
        int status;

        if (!file)
                return complain(EXIT_USAGE, "profile lint: a file is missing; see plumbline profile --help");
        status = load(options, strchr(file, '/') ? file : pool_format(pool, "./%s", file), session);
        if (status && options->format == FORMAT_JSON) {
                json = report_json_head("profile", session);
                json_object_set_new(json, "valid", json_false());
                json_object_set_new(json, "problem", report_json_text(session->problem));
                report_json_print(json, out);
        }
        if (status)
                return status;
        if (options->format == FORMAT_TEXT) {
                text_addf(out, "%s is right: ", file);
                add_number(out, session->profile->requirement_count, "requirement", ", ");
                add_number(out, session->profile->tune_count, "setting", ", ");
                add_number(out, session->profile->waiver_count, "waiver", "\n");
                return EXIT_READY;
        }
        json = report_json_head("profile", session);
        json_object_set_new(json, "valid", json_true());
        report_json_print(json, out);
        return EXIT_READY;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autosession struct session session = { 0 };
        int status;

        status = session_open(options, false, &session);
        if (status)
                return status;
        if (!options->count)
                return complain(EXIT_USAGE, "profile: list, show or lint is missing; see plumbline profile --help");
        if (options->profile && (!text_equals(options->arguments[0], "show") || options->count > 1))
                return complain(EXIT_USAGE, "profile %s: takes no --profile", options->arguments[0]);
        if (text_equals(options->arguments[0], "list"))
                return options->count > 1
                               ? complain(EXIT_USAGE, "profile list: takes no argument, found \"%s\"", options->arguments[1])
                               : list(options, &session, out);
        return text_equals(options->arguments[0], "show") ? show(options, &session, out) : lint(options, &session, out);
}

static const char *const words[] = { "list", "show", "lint", NULL };

const struct verb verb_profile = {
        .name = "profile",
        .arguments = "list | show [NAME|FILE] | lint FILE",
        .help = "The profiles; one with the origin of each line; is this file right?",
        .options = OPTIONS_HOST,
        .most_arguments = 2,
        .words = words,
        .run = run,
};

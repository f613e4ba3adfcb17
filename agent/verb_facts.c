/* facts: what is. */

#include "agent/report.h"
#include "agent/survey.h"
#include "agent/verb.h"

#include "agent/core/pool.h"
#include "probes/probes.h"

static int unknown_fact(const struct facts *facts, const char *word)
{
        autopool struct pool *pool = pool_new();
        const char **names = pool_zero(pool, (facts->count + 1) * sizeof *names);
        const char *nearest;

        for (size_t i = 0; i < facts->count; i++)
                names[i] = facts->rows[i].name;
        nearest = text_nearest(word, names);
        if (nearest)
                return complain(EXIT_USAGE, "facts: no fact matches \"%s\"; did you mean \"%s\"?", word, nearest);
        return complain(EXIT_USAGE, "facts: no fact matches \"%s\"; see plumbline facts", word);
}

static const char *const *asked_for(const struct options *options, struct pool *pool)
{
        const char **asked = pool_zero(pool, (options->count + 1) * sizeof *asked);

        for (size_t i = 0; i < options->count; i++)
                asked[i] = options->arguments[i];
        return options->count ? asked : NULL;
}

static int run(const struct options *options, struct text_buffer *out)
{
        autofacts struct facts *facts = facts_new();
        autosession struct session session = { 0 };
        json_t *json;
        int status;

        /* The window of the journal and what counts in it are a profile's to say. */
        status = session_open(options, options->profile != NULL, &session);
        if (status)
                return status;
        facts->asked = asked_for(options, facts->pool);
        if (session.profile)
                facts->journal = session.profile->journal;
        survey_run(session.host, probes, facts);
        if (options->format == FORMAT_TEXT) {
                report_text_facts(facts, options->arguments, options->count, options, out);
        } else {
                json = report_json_head("facts", &session);
                json_object_set_new(json, "facts", report_json_facts(facts, options->arguments, options->count));
                report_json_print(json, out);
        }
        for (size_t i = 0; i < options->count; i++) {
                bool found = false;

                for (size_t j = 0; j < facts->count && !found; j++)
                        found = report_selects(facts->rows[j].name, &options->arguments[i], 1);
                if (!found)
                        return unknown_fact(facts, options->arguments[i]);
        }
        return EXIT_READY;
}

const struct verb verb_facts = {
        .name = "facts",
        .arguments = "[PATTERN...]",
        .help = "What is: every fact, its value, unit and source.",
        .verbose = "also where each is read",
        .options = OPTIONS_HOST,
        .most_arguments = 64,
        .run = run,
};

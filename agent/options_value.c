/* What the options of the command line may be set to. */

#include "agent/options_inside.h"

#include "agent/core/pool.h"

#define SETTLE_MAX     3600
#define FAILURES_MAX   1000
#define AGE_MAX_S      86400.0
#define DURATION_MIN_S 0.1
#define LIMIT_MAX_S    3600.0

bool option_unknown(const struct verb *verb, const char *what, const char *word, const char *nearest)
{
        if (nearest)
                complain(EXIT_USAGE, "%s: unknown %s \"%s\"; did you mean \"%s\"?", verb->name, what, word, nearest);
        else
                complain(EXIT_USAGE, "%s: unknown %s \"%s\"; see plumbline %s --help", verb->name, what, word, verb->name);
        return false;
}

#define FORMAT_NAME(upper, lower, plain)  [FORMAT_##upper] = #lower,
#define FORMAT_PLAIN(upper, lower, plain) [FORMAT_##upper] = (plain),
static const char *const format_names[] = { FORMATS(FORMAT_NAME) };
static const bool format_plain[] = { FORMATS(FORMAT_PLAIN) };
#define FORMAT_COUNT (sizeof format_names / sizeof format_names[0])

static bool has_format(const struct verb *verb, size_t format)
{
        if (verb->options & OPTION_WORDS)
                return format == FORMAT_TEXT;
        return format_plain[format] || (verb->options & OPTION_VERDICT) ||
               (format == FORMAT_HTML && verb->options & OPTION_PAGE);
}

void option_add_formats(const struct verb *verb, const char *between, struct text_buffer *out)
{
        for (size_t i = 0; i < FORMAT_COUNT; i++)
                if (has_format(verb, i))
                        text_addf(out, "%s%s", i ? between : "", format_names[i]);
}

bool option_format(const struct verb *verb, const char *word, struct options *options)
{
        for (size_t i = 0; i < FORMAT_COUNT; i++)
                if (text_equals(word, format_names[i]) && has_format(verb, i)) {
                        options->format = (enum format)i;
                        return true;
                }
        return false;
}

static bool set_format(const struct verb *verb, const char *value, struct options *options)
{
        autobuffer struct text_buffer all = { 0 };
        const char *names[FORMAT_COUNT + 1] = { NULL }, *nearest;
        bool elsewhere = false;
        size_t count = 0;

        if (option_format(verb, value, options))
                return true;
        for (size_t i = 0; i < FORMAT_COUNT; i++) {
                elsewhere = elsewhere || text_equals(value, format_names[i]);
                if (has_format(verb, i))
                        names[count++] = format_names[i];
        }
        option_add_formats(verb, ", ", &all);
        nearest = text_nearest(value, names);
        if (verb->options & OPTION_WORDS)
                complain(EXIT_USAGE, "%s: is for people, and has no other format than text", verb->name);
        else if (elsewhere)
                complain(EXIT_USAGE, "%s: has no verdict, which is all that %s can show; its formats: %s", verb->name, value,
                         all.at);
        else if (nearest)
                option_unknown(verb, "format", value, nearest);
        else
                complain(EXIT_USAGE, "%s: unknown format \"%s\"; its formats: %s", verb->name, value, all.at);
        return false;
}

static bool refuse_word(const struct verb *verb, const char *name, const char *value, const char *words)
{
        complain(EXIT_USAGE, "%s: %s \"%s\": %s was expected", verb->name, name, value, words);
        return false;
}

static bool set_color(const struct verb *verb, const char *value, struct options *options)
{
        if (text_equals(value, "always"))
                options->color = true;
        else if (text_equals(value, "never"))
                options->color = false;
        else if (!text_equals(value, "auto"))
                return refuse_word(verb, "--color", value, "auto, always or never");
        return true;
}

static bool set_journal(const struct verb *verb, const char *value, struct options *options)
{
        if (!text_equals(value, "audit") && !text_equals(value, "gate"))
                return refuse_word(verb, "--journal", value, "audit or gate");
        options->journal = value;
        return true;
}

/* what: "a number of seconds" */
static bool set_count(const struct verb *verb, const char *name, const char *value, const char *what, unsigned most,
                      unsigned *count)
{
        int64_t number;

        if (text_i64(value, &number) < 0 || number < 1 || number > most) {
                complain(EXIT_USAGE, "%s: %s \"%s\": %s from 1 to %u was expected", verb->name, name, value, what, most);
                return false;
        }
        *count = (unsigned)number;
        return true;
}

static bool set_duration(const struct verb *verb, const char *name, const char *value, double most_s, double *seconds)
{
        autopool struct pool *pool = pool_new();
        struct value duration;

        if (value_parse(pool, value, VALUE_REAL, UNIT_SECONDS, &duration) < 0 ||
            !(duration.real >= DURATION_MIN_S && duration.real <= most_s)) {
                complain(EXIT_USAGE, "%s: %s \"%s\": a duration such as \"30 s\" was expected, of %g s to %g s", verb->name,
                         name, value, DURATION_MIN_S, most_s);
                return false;
        }
        *seconds = duration.real;
        return true;
}

bool option_set(const struct verb *verb, enum option_name name, const char *value, struct options *options)
{
        switch (name) {
        case NAME_ROOT:
                options->root = value;
                return true;
        case NAME_PROFILE:
                options->profile = value;
                return true;
        case NAME_FORMAT:
                return set_format(verb, value, options);
        case NAME_OUTPUT:
                options->output = value;
                return true;
        case NAME_QUIET_ONLY:
                options->quiet_only = true;
                return true;
        case NAME_SETTLE:
                return set_count(verb, "--settle", value, "a number of seconds", SETTLE_MAX, &options->settle);
        case NAME_ALERT_AFTER:
                return set_count(verb, "--alert-after", value, "a number of failures", FAILURES_MAX, &options->alert_after);
        case NAME_MAX_AGE:
                return set_duration(verb, "--max-age", value, AGE_MAX_S, &options->max_age_s);
        case NAME_TIME_LIMIT:
                return set_duration(verb, "--time-limit", value, LIMIT_MAX_S, &options->time_limit_s);
        case NAME_JOURNAL:
                return set_journal(verb, value, options);
        case NAME_RUNNING:
                options->running = true;
                return true;
        case NAME_REDACT:
        case NAME_NO_REDACT:
                options->no_redact = name == NAME_NO_REDACT;
                return true;
        case NAME_BEFORE_START:
                options->before_start = true;
                return true;
        case NAME_AFTER_APPLY:
                options->after_apply = true;
                return true;
        case NAME_EVIDENCE:
                options->evidence = true;
                return true;
        case NAME_COLOR:
                return set_color(verb, value, options);
        case NAME_VERBOSE:
                options->verbose = true;
                return true;
        case NAME_HELP:
                options->help = true;
                return true;
        }
        return false;
}

/* Reading the command line: whatever is not known is named, with the nearest thing that is. */

#include "agent/options_inside.h"

#include "agent/core/pool.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
        const char *name;
        const char *argument; /* NULL: takes none */
        const char *help;
        unsigned flag; /* 0: every verb takes it */
} table[] = {
        [NAME_ROOT] = { "--root", "PATH", "read the host from this folder or capture instead of /", OPTION_ROOT },
        [NAME_PROFILE] = { "--profile", "NAME|FILE", "the profile (else /etc/plumbline/profile.yaml, else trading)",
                           OPTION_PROFILE },
        [NAME_FORMAT] = { "--format", "text|json", "how to print", 0 },
        [NAME_OUTPUT] = { "--output", "FILE", "write it there (whole, by rename); also -o FILE", 0 },
        [NAME_QUIET_ONLY] = { "--quiet-only", NULL, "use only sources that disturb nobody; the rest is unknown",
                              OPTION_QUIET_ONLY },
        [NAME_SETTLE] = { "--settle", "SECONDS", "not ready, so soon after the boot: look again until then", OPTION_SETTLE },
        [NAME_MAX_AGE] = { "--max-age", "DURATION", "a result of this boot and profile that is no older will do",
                           OPTION_MAX_AGE },
        [NAME_TIME_LIMIT] = { "--time-limit", "DURATION", "end in time, whatever hangs; what is given up is unknown",
                              OPTION_TIME_LIMIT },
        [NAME_ALERT_AFTER] = { "--alert-after", "COUNT", "an alert only at so many failures in a row, counted from run to run",
                               OPTION_ALERT_AFTER },
        [NAME_BEFORE_START] = { "--before-start", NULL,
                                "leave out the units and endpoints of health: they start behind this gate",
                                OPTION_BEFORE_START },
        [NAME_AFTER_APPLY] = { "--after-apply", NULL, "only if something was applied since the last baseline",
                               OPTION_AFTER_APPLY },
        [NAME_JOURNAL] = { "--journal", "audit|gate", "tell the journal the verdict, and each finding not in order",
                           OPTION_JOURNAL },
        [NAME_RUNNING] = { "--running", NULL, "only what no file carries over a reboot, of the profile applied last",
                           OPTION_RUNNING },
        [NAME_REDACT] = { "--redact", NULL, "take serial numbers, addresses and host names out: so it is anyway",
                          OPTION_REDACT },
        [NAME_NO_REDACT] = { "--no-redact", NULL, "keep them", OPTION_REDACT },
        [NAME_EVIDENCE] = { "--evidence", NULL, "for a change ticket: also check, plan and drift of now, and what apply did",
                            OPTION_EVIDENCE },
        [NAME_COLOR] = { "--color", "auto|always|never", "colour, by itself only on a terminal", 0 },
        [NAME_VERBOSE] = { "--verbose", NULL, "also what is right, and in history what changed", 0 },
        [NAME_HELP] = { "--help", NULL, "this text", 0 },
};
#define NAMES (sizeof table / sizeof table[0])

static const char *nearest_option(const char *word)
{
        const char *names[NAMES + 1];

        for (size_t i = 0; i < NAMES; i++)
                names[i] = table[i].name;
        names[NAMES] = NULL;
        return text_nearest(word, names);
}

static int find_option(const char *word, size_t size)
{
        if (size == 2 && !strncmp(word, "-o", 2))
                return NAME_OUTPUT;
        if (size == 2 && !strncmp(word, "-h", 2))
                return NAME_HELP;
        for (size_t i = 0; i < NAMES; i++)
                if (strlen(table[i].name) == size && !strncmp(word, table[i].name, size))
                        return (int)i;
        return -1;
}

/* One option at words[*at], with its value in the same word or the next. */
static bool read_option(const struct verb *verb, int count, char *const *words, int *at, struct options *options)
{
        const char *word = words[*at], *equals = strchr(word, '=');
        int name = find_option(word, equals ? (size_t)(equals - word) : strlen(word));
        const char *value = equals ? equals + 1 : NULL;

        if (name < 0)
                return option_unknown(verb, "option", word, nearest_option(word));
        if (table[name].flag && !(verb->options & table[name].flag)) {
                complain(EXIT_USAGE, "%s: takes no %s", verb->name, table[name].name);
                return false;
        }
        if (!table[name].argument && value) {
                complain(EXIT_USAGE, "%s: %s takes no value", verb->name, table[name].name);
                return false;
        }
        if (table[name].argument && !value) {
                if (*at + 1 >= count) {
                        complain(EXIT_USAGE, "%s: %s needs a value: %s", verb->name, table[name].name, table[name].argument);
                        return false;
                }
                value = words[++*at];
        }
        if (table[name].argument && !*value) {
                complain(EXIT_USAGE, "%s: the value of %s is empty", verb->name, table[name].name);
                return false;
        }
        return option_set(verb, (enum option_name)name, value, options);
}

static bool read_words(const struct verb *verb, int count, char *const *words, struct pool *pool, struct options *options)
{
        const char **arguments = NULL;
        bool only_arguments = false;

        *options = (struct options){ .color = isatty(STDOUT_FILENO), .screen = isatty(STDOUT_FILENO), .ways = verb->options };
        for (int at = 0; at < count; at++) {
                if (!only_arguments && text_equals(words[at], "--")) {
                        only_arguments = true;
                        continue;
                }
                if (!only_arguments && words[at][0] == '-' && words[at][1]) {
                        if (!read_option(verb, count, words, &at, options))
                                return false;
                        continue;
                }
                if (options->count == 0 && verb->words && !options->help) {
                        bool known = false;

                        for (const char *const *word = verb->words; *word; word++)
                                known = known || text_equals(*word, words[at]);
                        if (!known)
                                return option_unknown(verb, "word", words[at], text_nearest(words[at], verb->words));
                }
                if (options->count == verb->most_arguments) {
                        complain(EXIT_USAGE, "%s: one argument too many: \"%s\"; see plumbline %s --help", verb->name,
                                 words[at], verb->name);
                        return false;
                }
                arguments = pool_grow(pool, arguments, options->count, sizeof *arguments);
                arguments[options->count++] = words[at];
        }
        options->arguments = arguments;
        if (options->output)
                options->color = options->screen = false;
        return true;
}

void options_find_format(const struct verb *verb, int count, char *const *words, struct options *options)
{
        for (int i = 0; i < count; i++) {
                const char *value = text_starts(words[i], "--format=")                   ? strchr(words[i], '=') + 1
                                    : text_equals(words[i], "--format") && i + 1 < count ? words[i + 1]
                                                                                         : "";

                option_format(verb, value, options);
        }
}

bool options_read(const struct verb *verb, int count, char *const *words, struct pool *pool, struct options *options)
{
        if (read_words(verb, count, words, pool, options))
                return true;
        options->output = NULL;
        options_find_format(verb, count, words, options);
        return false;
}

void options_usage(const struct verb *verb, struct text_buffer *out)
{
        text_addf(out, "usage: plumbline %s%s%s [OPTION...]\n%s\n\n", verb->name, *verb->arguments ? " " : "", verb->arguments,
                  verb->help);
        for (size_t i = 0; i < NAMES; i++) {
                autobuffer struct text_buffer word = { 0 };

                if (table[i].flag && !(verb->options & table[i].flag))
                        continue;
                text_addf(&word, "%s%s", table[i].name, table[i].argument ? " " : "");
                if (i == NAME_FORMAT)
                        option_add_formats(verb, "|", &word);
                else if (table[i].argument)
                        text_add(&word, table[i].argument);
                text_addf(out, "  %-28s%s%s\n", word.at, word.size > 28 ? "\n                                " : "  ",
                          i == NAME_VERBOSE && verb->verbose ? verb->verbose : table[i].help);
        }
}

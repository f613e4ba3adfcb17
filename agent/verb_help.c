/* help: the verbs, or one of them. */

#include "agent/report.h"
#include "agent/verb.h"

static int run(const struct options *options, struct text_buffer *out)
{
        const char *names[VERBS_MAX];
        size_t count = 0;

        for (const struct verb *const *verb = verbs; *verb; verb++) {
                if (options->count && text_equals((*verb)->name, options->arguments[0])) {
                        options_usage(*verb, out);
                        return EXIT_READY;
                }
                names[count++] = (*verb)->name;
        }
        names[count] = NULL;
        if (options->count) {
                const char *nearest = text_nearest(options->arguments[0], names);

                return complain(EXIT_USAGE, "help: unknown verb \"%s\"%s%s%s", options->arguments[0],
                                nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
        }
        text_add(out, "usage: plumbline VERB [ARGUMENT...] [OPTION...]\n\n");
        for (const struct verb *const *verb = verbs; *verb; verb++)
                text_addf(out, "  %-9s  %s\n", (*verb)->name, (*verb)->help);
        text_add(out,
                 "\nplumbline VERB --help shows the options of one.\n\n"
                 "exit status: 0 ready, in line or done; 1 not ready or drift; 2 wrong usage or a profile that is not valid;\n"
                 "3 could not tell; 4 right after a reboot; 5 another apply is running.\n");
        return EXIT_READY;
}

const struct verb verb_help = {
        .name = "help",
        .arguments = "[VERB]",
        .help = "The verbs, or the options of one.",
        .options = OPTION_WORDS,
        .most_arguments = 1,
        .run = run,
};

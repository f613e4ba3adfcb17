/* plumbline: makes a trading box what its profile says, proves it, explains drift, and can always take it back. */

#include "agent/output.h"
#include "agent/report.h"
#include "agent/verb.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

static const struct verb *find_verb(const char *word)
{
        const char *names[VERBS_MAX];
        const char *nearest;

        if (text_equals(word, "--help") || text_equals(word, "-h"))
                return &verb_help;
        if (text_equals(word, "--version"))
                return &verb_version;
        for (size_t i = 0; verbs[i]; i++) {
                if (text_equals(word, verbs[i]->name))
                        return verbs[i];
                names[i] = verbs[i]->name;
                names[i + 1] = NULL;
        }
        nearest = text_nearest(word, names);
        if (nearest)
                complain(EXIT_USAGE, "unknown verb \"%s\"; did you mean \"%s\"?", word, nearest);
        else
                complain(EXIT_USAGE, "unknown verb \"%s\"; see plumbline help", word);
        return NULL;
}

static int print(const struct options *options, const struct text_buffer *out, int status)
{
        int r;

        if (!out->size)
                return status;
        r = output_write(options->output, out);
        if (r == -EPIPE || r >= 0)
                return status;
        complain(EXIT_CANNOT_TELL, "%s: %s", options->output ? options->output : "standard output",
                 r == -ENXIO       ? "nobody reads it"
                 : r == -ETIMEDOUT ? "its reader takes nothing"
                                   : strerror(-r));
        /* What is known to be wrong outranks that it could not be told where it should; so do a WARNING and a CRITICAL of Nagios. */
        return status == EXIT_READY || status == EXIT_PENDING ? EXIT_CANNOT_TELL : status;
}

/* A verb that is none has no answer, but who asks as Nagios does must be told. */
static int refuse(const struct verb *verb, const struct options *options, struct text_buffer *out)
{
        int status = EXIT_USAGE;

        if (verb ? verb->options & OPTION_VERDICT : options->format == FORMAT_NAGIOS)
                status = report_refused(verb ? verb->name : "", options, status, "wrong usage, see standard error", out);
        return print(options, out, status);
}

/* A terminal that says less than this of itself says nothing. */
#define WIDTH_MIN 40U
/* Wider lines are hard to read. */
#define WIDTH_MAX 110U

static unsigned terminal_width(const struct options *options)
{
        struct winsize size = { 0 };

        if (options->output || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < WIDTH_MIN)
                return 0;
        return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

int main(int argc, char **argv)
{
        autobuffer struct text_buffer out = { 0 };
        autopool struct pool *pool = pool_new();
        struct options options = { 0 };
        const struct verb *verb;
        int status;

        output_fill();
        /* Who reads a report may not be who asked for it: the node exporter runs as nobody. */
        umask(022);
        signal(SIGPIPE, SIG_IGN);
        if (argc < 2) {
                complain(EXIT_USAGE, "a verb is missing; see plumbline help");
                return EXIT_USAGE;
        }
        verb = find_verb(argv[1]);
        if (!verb) {
                options_find_format(&verb_check, argc - 1, argv + 1, &options);
                return refuse(NULL, &options, &out);
        }
        if (!options_read(verb, argc - 2, argv + 2, pool, &options)) {
                return refuse(verb, &options, &out);
        }
        if (options.help) {
                options_usage(verb, &out);
                return print(&options, &out, 0);
        }
        options.width = terminal_width(&options);
        status = verb->run(&options, &out);
        return print(&options, &out, status);
}

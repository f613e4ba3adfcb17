/* plumbline: makes a trading box what its profile says, proves it, explains drift, and can always take it back. */

#include "agent/report.h"
#include "agent/verb.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int write_all(int fd, const struct text_buffer *out)
{
        for (size_t done = 0; done < out->size;) {
                ssize_t put = write(fd, out->at + done, out->size - done);

                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return -errno;
                done += (size_t)put;
        }
        return 0;
}

/* The reader of a report never sees half of one: it is written beside its place and renamed. */
static int write_file(const char *path, const struct text_buffer *out)
{
        char beside[PATH_MAX];
        struct stat st;
        int fd, r;

        /* /dev/null and pipes are written to, not replaced. */
        if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
                fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
                if (fd < 0)
                        return -errno;
                r = write_all(fd, out);
                close(fd);
                return r;
        }
        if ((size_t)snprintf(beside, sizeof beside, "%s.plumbline-new", path) >= sizeof beside)
                return -ENAMETOOLONG;
        /* What a run that was cut off left there, or somebody else put there, is neither written to nor waited for. */
        unlink(beside);
        fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd < 0)
                return -errno;
        r = write_all(fd, out);
        if (r >= 0 && fsync(fd) < 0)
                r = -errno;
        close(fd);
        if (r >= 0 && rename(beside, path) < 0)
                r = -errno;
        if (r < 0)
                unlink(beside);
        return r;
}

static int print(const struct options *options, const struct text_buffer *out, int status)
{
        int r;

        if (!out->size)
                return status;
        r = options->output ? write_file(options->output, out) : write_all(STDOUT_FILENO, out);
        if (r == -EPIPE)
                return status;
        if (r < 0)
                return complain(EXIT_CANNOT_TELL, "%s: %s", options->output ? options->output : "standard output",
                                strerror(-r));
        return status;
}

int main(int argc, char **argv)
{
        autobuffer struct text_buffer out = { 0 };
        autopool struct pool *pool = pool_new();
        struct options options = { 0 };
        const struct verb *verb;
        int status;

        /* Who reads a report may not be who asked for it: the node exporter runs as nobody. */
        umask(022);
        signal(SIGPIPE, SIG_IGN);
        if (argc < 2) {
                complain(EXIT_USAGE, "a verb is missing; see plumbline help");
                return EXIT_USAGE;
        }
        verb = find_verb(argv[1]);
        if (!verb)
                return EXIT_USAGE;
        if (!options_read(verb, argc - 2, argv + 2, pool, &options)) {
                status = report_refused(&options, EXIT_USAGE, "wrong usage, see standard error", &out);
                return print(&options, &out, status);
        }
        if (options.help) {
                options_usage(verb, &out);
                return print(&options, &out, 0);
        }
        status = verb->run(&options, &out);
        return print(&options, &out, status);
}

/* The command behind others that only say how it is to run: env, nice, sudo, nsenter. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define DEPTH_MAX 6

/* Between those around it an argument's own quotes are escaped. */
static bool ends_argument(const char *quote)
{
        return quote[-1] != '\\' && (!quote[1] || quote[1] == ' ' || quote[1] == '\t');
}

bool evidence_argument(const char **cursor, struct slice *argument)
{
        const char *at = *cursor + strspn(*cursor, " \t"), *end = NULL;

        if (!*at)
                return false;
        if (*at == '\'' || *at == '"')
                for (end = strchr(at + 1, *at); end && !ends_argument(end); end = strchr(end + 1, *at))
                        ;
        if (end) {
                *argument = (struct slice){ at + 1, (size_t)(end - at - 1) };
                *cursor = end + 1;
                return true;
        }
        *argument = (struct slice){ at, strcspn(at, " \t") };
        *cursor = at + argument->size;
        return true;
}

const char *evidence_program(struct pool *pool, const char *words, const char **arguments)
{
        static const char *const folders[] = { "/bin/", "/sbin/", "/usr/", "/lib/", "/snap/bin/" };
        const char *program;
        struct slice word;

        *arguments = words;
        if (!evidence_argument(arguments, &word))
                return NULL;
        program = slice_dup(pool, word);
        if (!strchr(program, '/'))
                return program;
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
                if (text_starts(program, folders[i]))
                        return basename(program);
        return program;
}

bool evidence_is_among(struct slice word, const char *words)
{
        struct slice one;

        while (text_word(&words, " ", &one))
                if (one.size == word.size && !memcmp(one.at, word.at, one.size))
                        return true;
        return false;
}

/* By their manual pages. */
static const struct {
        const char *program;
        const char *valued; /* options with a word of their own behind them */
        const char *others; /* with one of these it is about something that is there already, or is a tool of its own */
        unsigned operands;  /* that stand before the command */
        enum shell alone;   /* what it does without one */
        bool by_shell;
} outers[] = {
        { "sudo", "-u -g -h -p -C -D -R -T -U -r -t --user --group --chdir --host", "-l -v -k -K -V -e --list --validate", 0,
          SHELL_TYPED, false },
        { "doas", "-u -C", "-L", 0, SHELL_TYPED, false },
        { "pkexec", "--user", "--version --help", 0, SHELL_TYPED, false },
        { "env", "-u -C --unset --chdir", "", 0, SHELL_NOTHING, false },
        { "nohup", "", "", 0, SHELL_NOTHING, false },
        { "time", "-f -o --format --output", "", 0, SHELL_NOTHING, false },
        { "nice", "-n --adjustment", "", 0, SHELL_NOTHING, false },
        { "ionice", "-c -n --class --classdata", "-p --pid -P -u", 0, SHELL_NOTHING, false },
        { "chrt", "-T -P -D", "-p --pid -m --max", 1, SHELL_NOTHING, false },
        { "taskset", "", "-p --pid -cp -pc", 1, SHELL_NOTHING, false },
        { "numactl", "-N -m -C -i -p --cpunodebind --membind --physcpubind --interleave", "-H --hardware -s --show", 0,
          SHELL_NOTHING, false },
        { "timeout", "-k -s --kill-after --signal", "", 1, SHELL_NOTHING, false },
        { "stdbuf", "-i -o -e", "", 0, SHELL_NOTHING, false },
        { "setsid", "", "", 0, SHELL_NOTHING, false },
        { "flock", "-w -E", "-u", 1, SHELL_NOTHING, false },
        { "xargs", "-n -I -P -L -d -a -s -E", "", 0, SHELL_NOTHING, false },
        { "watch", "-n --interval -q", "", 0, SHELL_NOTHING, true },
        { "strace", "-o -e -p -s -a -u", "-p", 0, SHELL_NOTHING, false },
        { "nsenter", "-t -S -G --target", "", 0, SHELL_TYPED, false },
        { "unshare", "-S -G", "", 0, SHELL_TYPED, false },
        { "chroot", "", "", 1, SHELL_TYPED, false },
        { "systemd-run", "-p -u -M -H -E --unit --property --uid --gid --slice --description --nice --on-active", "", 0,
          SHELL_TYPED, false },
        { "busybox", "", "--list", 0, SHELL_NOTHING, false },
        { "exec", "-a", "", 0, SHELL_NOTHING, false },
        { "command", "", "-v -V", 0, SHELL_NOTHING, false },
        { "eval", "", "", 0, SHELL_NOTHING, true },
        { "if", "", "", 0, SHELL_NOTHING, false },
        { "then", "", "", 0, SHELL_NOTHING, false },
        { "elif", "", "", 0, SHELL_NOTHING, false },
        { "else", "", "", 0, SHELL_NOTHING, false },
        { "while", "", "", 0, SHELL_NOTHING, false },
        { "until", "", "", 0, SHELL_NOTHING, false },
        { "do", "", "", 0, SHELL_NOTHING, false },
        { "!", "", "", 0, SHELL_NOTHING, false },
};

/* "A=b" */
static bool is_variable(struct slice word)
{
        const char *equals = memchr(word.at, '=', word.size);

        return equals && equals > word.at && !memchr(word.at, '/', (size_t)(equals - word.at)) &&
               !memchr(word.at, '.', (size_t)(equals - word.at));
}

/* sudo and its kin run it as somebody else than root. */
static bool is_as_other(const char *program, struct slice option, const char *arguments)
{
        struct slice user;

        if (!evidence_is_among(slice_of(program), "sudo doas pkexec") || !evidence_is_among(option, "-u --user"))
                return false;
        return evidence_argument(&arguments, &user) && !evidence_is_among(user, "root #0 0");
}

/* One step further in; false: it is no such command, or it is about something else. */
static bool strip(struct pool *pool, struct bare *bare)
{
        const char *arguments, *program = evidence_program(pool, bare->command, &arguments), *at;
        size_t i = 0, count = sizeof outers / sizeof outers[0];
        unsigned operands;
        struct slice word;

        while (program && i < count && !text_equals(program, outers[i].program))
                i++;
        if (!program || i == count)
                return false;
        operands = outers[i].operands;
        for (at = arguments; evidence_argument(&at, &word); arguments = at) {
                if (word.at[0] == '-' && evidence_is_among(word, outers[i].others))
                        return false;
                if (is_as_other(program, word, at)) {
                        bare->shell = SHELL_NOTHING;
                        return false;
                }
                if (word.at[0] == '-')
                        (void)(evidence_is_among(word, outers[i].valued) && evidence_argument(&at, &word));
                else if (!is_variable(word) && !operands--)
                        break;
        }
        arguments += strspn(arguments, " \t");
        if (!*arguments)
                bare->shell = outers[i].alone;
        bare->by_shell = bare->by_shell || outers[i].by_shell;
        bare->command = arguments;
        return *arguments;
}

struct bare evidence_bare(struct pool *pool, const char *command)
{
        struct bare bare = { .command = command };

        for (unsigned depth = 0; depth < DEPTH_MAX; depth++) {
                const char *at = bare.command;
                struct slice word;

                /* Variables that a shell sets for one command only. */
                while (evidence_argument(&at, &word) && is_variable(word))
                        bare.command = at;
                bare.command += strspn(bare.command, " \t");
                if (!strip(pool, &bare))
                        break;
        }
        return bare;
}

/* What a shell, or what opens one, was begun for: to type in, to run a script, or to run the words behind -c. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define QUOTES "'\""

/* sudo(8) puts a backslash before what is no letter, number, '_', '-' or '$' for the shell that it begins with -i and -s (set_cmnd,
 * plugins/sudoers/policy.c), and from 1.9.13 on writes each backslash and quote down with one more (lib/eventlog/eventlog.c). */
static const char *without_backslashes(struct pool *pool, struct slice words)
{
        char *text = slice_dup(pool, words), *to = text;

        for (const char *at = text; *at; at++) {
                while (*at == '\\' && at[1])
                        at++;
                *to++ = *at;
        }
        *to = '\0';
        return text;
}

/* Of the words behind -c, or --command: without the options that may still stand there, and without the quotes around them; what stands
 * behind those goes into the words. An older sudo logs arguments as they are, without any. */
static const char *behind_c(struct pool *pool, const char *words)
{
        struct slice word;

        words += strspn(words, " ");
        while (*words == '-' || *words == '+') {
                words += strcspn(words, " ");
                words += strspn(words, " ");
        }
        if (*words && strchr(QUOTES, *words)) {
                const char *rest = words;

                evidence_argument(&rest, &word);
                if (word.at == words)
                        return without_backslashes(pool, slice_of(words + 1));
                return pool_format(pool, "%s%s", without_backslashes(pool, word), rest);
        }
        return without_backslashes(pool, slice_trim(slice_of(words)));
}

/* An option, or several in one word, that have the shell only print, or only read (bash(1), dash(1)). */
static bool only_prints(struct slice option)
{
        if (option.size > 2 && !strncmp(option.at, "--", 2))
                return evidence_is_among(option, "--version --help --dump-strings --dump-po-strings --no-execute");
        return option.size > 1 && option.at[0] == '-' && option.at[1] != '-' && memchr(option.at, 'n', option.size);
}

static enum shell look_at_shell(struct pool *pool, const char *arguments, const char **words)
{
        struct slice option;

        while (evidence_argument(&arguments, &option)) {
                bool is_long = option.size > 1 && !strncmp(option.at, "--", 2);

                if (only_prints(option))
                        return SHELL_NOTHING;
                if (option.size > strlen("--command=") && !strncmp(option.at, "--command=", strlen("--command="))) {
                        *words = behind_c(pool, strchr(option.at, '=') + 1);
                        return SHELL_WORDS;
                }
                if (slice_equals(option, "--command") ||
                    (option.at[0] == '-' && !is_long && memchr(option.at, 'c', option.size))) {
                        *words = behind_c(pool, arguments);
                        return SHELL_WORDS;
                }
                if ((option.at[0] != '-' && option.at[0] != '+') || slice_equals(option, "--"))
                        return SHELL_SCRIPT;
                if ((!is_long && strchr("oO", option.at[option.size - 1])) ||
                    evidence_is_among(option, "--rcfile --init-file --init-command"))
                        evidence_argument(&arguments, &option);
        }
        return SHELL_TYPED;
}

/* --- su ------------------------------------------------------------------------------------------------------------------- */

static bool is_root(struct slice user)
{
        return evidence_is_among(user, "root 0 #0");
}

/* Behind -c: what stands between quotes, and the user may follow; without quotes all of it is, as an older sudo logs it, where it is not one
 * word and a name. */
static const char *su_words(struct pool *pool, const char **arguments, bool user_known)
{
        const char *at = *arguments + strspn(*arguments, " "), *behind = at;
        struct slice word = { 0 }, name;

        if (*at != '-')
                evidence_argument(&behind, &word);
        if (word.size && strchr(QUOTES, *at) && word.at > at) {
                *arguments = behind;
                return without_backslashes(pool, word);
        }
        if (word.size && !user_known && evidence_argument(&behind, &name) && !strpbrk(slice_dup(pool, name), "-/=.") &&
            !behind[strspn(behind, " ")]) {
                *arguments = behind - name.size;
                return slice_dup(pool, word);
        }
        *arguments = "";
        return behind_c(pool, at);
}

/* su(1) and runuser(1) take their options behind the user, too; without one they make root. */
static enum shell look_at_su(struct pool *pool, const char *arguments, bool runuser, const char **words)
{
        struct slice option, user = slice_of("root");
        bool user_known = false;

        while (evidence_argument(&arguments, &option)) {
                const char *text = slice_dup(pool, option), *equals = strchr(text, '=');
                bool is_long = text_starts(text, "--");

                if (evidence_is_among(option, "--help -h --version -V"))
                        return SHELL_NOTHING;
                if (equals && (text_starts(text, "--command=") || text_starts(text, "--session-command="))) {
                        *words = *equals && arguments ? behind_c(pool, pool_format(pool, "%s%s", equals + 1, arguments)) : NULL;
                        arguments = "";
                } else if (evidence_is_among(option, "--command --session-command") ||
                           (*text == '-' && !is_long && text[1] && text_ends(text, "c"))) {
                        *words = su_words(pool, &arguments, user_known);
                } else if (runuser && evidence_is_among(option, "-u --user")) {
                        user_known = evidence_argument(&arguments, &user);
                } else if (evidence_is_among(option, "-s --shell -g --group -G --supp-group -w --whitelist-environment")) {
                        evidence_argument(&arguments, &option);
                } else if (*text != '-' && !user_known) {
                        user = option;
                        user_known = true;
                }
        }
        if (!is_root(user))
                return SHELL_NOTHING;
        return *words ? SHELL_WORDS : SHELL_TYPED;
}

/* --- what has shells in it -------------------------------------------------------------------------------------------------- */

/* tmux(1): without a command, and with these, somebody types in it; these others only tell. */
static enum shell look_at_tmux(const char *arguments)
{
        struct slice word;

        while (evidence_argument(&arguments, &word)) {
                if (word.at[0] != '-')
                        return evidence_is_among(word, "attach attach-session a at new new-session neww new-window splitw "
                                                       "split-window")
                                       ? SHELL_TYPED
                               : evidence_is_among(word,
                                                   "ls list-sessions lsw list-windows lsp list-panes lsc list-clients has "
                                                   "has-session info kill-session kill-server show-options")
                                       ? SHELL_NOTHING
                                       : SHELL_NONE;
                if (evidence_is_among(word, "-V"))
                        return SHELL_NOTHING;
                if (evidence_is_among(word, "-L -S -f -c"))
                        evidence_argument(&arguments, &word);
        }
        return SHELL_TYPED;
}

static enum shell look_at_screen(const char *arguments)
{
        struct slice word;

        while (evidence_argument(&arguments, &word)) {
                if (evidence_is_among(word, "-ls -list -wipe -v --version -h --help"))
                        return SHELL_NOTHING;
                /* It is begun for nobody, or is told what to do. */
                if (evidence_is_among(word, "-dm -dmS -Dm -m -X"))
                        return SHELL_NONE;
        }
        return SHELL_TYPED;
}

/* machinectl(1): `shell` and `login`; behind a machine's name a program may stand. */
static enum shell look_at_machinectl(const char *arguments)
{
        struct slice word;
        unsigned operands = 0;
        bool opens = false;

        while (evidence_argument(&arguments, &word)) {
                if (word.at[0] == '-')
                        continue;
                opens = opens || (operands == 0 && evidence_is_among(word, "shell login"));
                operands++;
        }
        return opens && operands <= 2 ? SHELL_TYPED : SHELL_NONE;
}

enum shell evidence_shell(struct pool *pool, const char *command, const char **words)
{
        const char *arguments, *program = evidence_program(pool, command, &arguments);

        *words = NULL;
        if (!program)
                return SHELL_NONE;
        if (evidence_is_among(slice_of(program), "bash sh zsh dash ksh mksh fish rbash ash"))
                return look_at_shell(pool, arguments, words);
        if (text_equals(program, "su") || text_equals(program, "runuser"))
                return look_at_su(pool, arguments, text_equals(program, "runuser"), words);
        if (text_equals(program, "tmux"))
                return look_at_tmux(arguments);
        if (text_equals(program, "screen"))
                return look_at_screen(arguments);
        return text_equals(program, "machinectl") ? look_at_machinectl(arguments) : SHELL_NONE;
}

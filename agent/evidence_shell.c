/* What a shell was begun for: to type in, to run a script, or to run the words behind -c. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define DEPTH_MAX 4 /* of shells in the words of shells */
#define QUOTES    "'\""

static bool is_among(const char *name, const char *const *names, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (text_equals(names[i], name))
                        return true;
        return false;
}

/* Of the words behind -c, or --command: without the options that may still stand there, and without quotes. sudo(8) logs arguments as they
 * are, without any. */
static const char *behind_c(struct pool *pool, const char *words)
{
        struct slice rest;

        words += strspn(words, " ");
        while (*words == '-' || *words == '+') {
                words += strcspn(words, " ");
                words += strspn(words, " ");
        }
        rest = slice_trim(slice_of(words));
        for (; rest.size && strchr(QUOTES, rest.at[0]); rest.size--)
                rest.at++;
        while (rest.size && strchr(QUOTES, rest.at[rest.size - 1]))
                rest.size--;
        return slice_dup(pool, rest);
}

/* NULL: there is no -c. *script: there is a file of what it is to do. su(1) takes its options behind the user, too. */
static const char *find_c(struct pool *pool, const char *arguments, bool su, bool *script)
{
        static const char *const with_file[] = { "--rcfile", "--init-file" };
        struct slice word;

        *script = false;
        while (text_word(&arguments, " ", &word)) {
                const char *option = slice_dup(pool, word);
                bool is_long = text_starts(option, "--");

                if (text_starts(option, "--command=") || text_starts(option, "--session-command="))
                        return behind_c(pool, pool_format(pool, "%s%s", strchr(option, '=') + 1, arguments));
                if (text_equals(option, "--command") || text_equals(option, "--session-command") ||
                    (*option == '-' && !is_long && strchr(option, 'c')))
                        return behind_c(pool, arguments);
                if (su)
                        continue;
                *script = (*option != '-' && *option != '+') || text_equals(option, "--");
                if (*script)
                        return NULL;
                if ((!is_long && strchr("oO", option[strlen(option) - 1])) || is_among(option, with_file, 2))
                        text_word(&arguments, " ", &word);
        }
        return NULL;
}

static enum shell look(struct pool *pool, const char *command, unsigned depth, const char **words)
{
        static const char *const shells[] = { "bash", "sh", "zsh", "dash", "ksh", "fish", "su" };
        const char *arguments = command, *program, *part;
        struct slice word;
        bool script;

        *words = NULL;
        if (!text_word(&arguments, " ", &word))
                return SHELL_NONE;
        program = basename(slice_dup(pool, word));
        if (!is_among(program, shells, sizeof shells / sizeof shells[0]))
                return SHELL_NONE;
        *words = find_c(pool, arguments, text_equals(program, "su"), &script);
        if (!*words)
                return script ? SHELL_SCRIPT : SHELL_TYPED;
        for (const char *rest = *words; depth && text_word(&rest, ";&|(){}\n", &word);) {
                const char *inner;

                part = slice_dup(pool, slice_trim(word));
                if (text_starts(part, "exec "))
                        part += strlen("exec ");
                if (look(pool, part, depth - 1, &inner) == SHELL_TYPED)
                        return SHELL_TYPED;
        }
        return SHELL_WORDS;
}

enum shell evidence_shell(struct pool *pool, const char *command, const char **words)
{
        return look(pool, command, DEPTH_MAX, words);
}

/* Taking apart what a command does: each program that it runs, in whatever it is wrapped. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define DEPTH_MAX 5 /* of shells in the words of shells */
#define ACTS_MAX  100
/* Of one command: with what variables carry along each of them may be as long as all of it. */
#define SCRIPTS_MAX 30

static void add_words(struct acts *acts, const char *words, const char *folder, unsigned depth);
static void add_script(struct acts *acts, const char *script, const char **folder, unsigned depth);

static void add_act(struct acts *acts, const struct act *act)
{
        if (acts->count == ACTS_MAX)
                return;
        acts->rows = pool_grow(acts->pool, acts->rows, acts->count, sizeof *acts->rows);
        acts->rows[acts->count++] = *act;
}

static void heed_shell(struct acts *acts, enum shell shell)
{
        if (acts->shell != SHELL_TYPED)
                acts->shell = shell;
}

/* A simple command. act: what is known of it so far. */
static void add(struct acts *acts, struct act act, unsigned depth)
{
        struct bare bare = evidence_bare(acts->pool, act.words);
        const char *words = NULL, *folder = act.folder;
        enum shell shell = bare.shell;

        act.words = bare.command;
        if (shell == SHELL_NONE && !bare.by_shell)
                shell = evidence_shell(acts->pool, bare.command, &words);
        if (shell == SHELL_TYPED || shell == SHELL_SCRIPT)
                heed_shell(acts, shell);
        if (shell == SHELL_WORDS && words && depth)
                add_script(acts, words, &folder, depth - 1);
        else if (bare.by_shell && shell == SHELL_NONE && depth)
                add_script(acts, bare.command, &folder, depth - 1);
        act.touched = shell == SHELL_NONE && !bare.by_shell ? evidence_touched(acts->pool, bare.command)
                      : shell == SHELL_SCRIPT               ? bare.command
                                                            : NULL;
        if (act.touched || act.targets)
                add_act(acts, &act);
}

static void add_words(struct acts *acts, const char *words, const char *folder, unsigned depth)
{
        add(acts, (struct act){ .words = words, .folder = folder }, depth);
}

/* "cd X" tells where all behind it runs. */
static bool changes_folder(struct pool *pool, const char *words, const char **folder)
{
        const char *arguments, *program = evidence_program(pool, words, &arguments);
        struct slice to;

        if (!program || !text_equals(program, "cd"))
                return false;
        *folder = evidence_argument(&arguments, &to) ? evidence_whole_path(pool, slice_dup(pool, to), *folder) : "/root";
        return true;
}

/* What is fed to these is what they do: `echo X | sh`, `find | xargs rm`. */
static const char *fed_by(struct pool *pool, const struct part *part, const struct part *before)
{
        const char *arguments, *program = part->fed ? evidence_program(pool, part->words, &arguments) : NULL;

        return program && evidence_is_among(slice_of(program), "xargs parallel sh bash dash while sudo sysctl sysctl.sh tee dd")
                       ? before->words
                       : NULL;
}

static const char *without_quotes(struct pool *pool, const char *text)
{
        struct slice words;

        return evidence_argument(&text, &words) && !*text ? slice_dup(pool, words)
                                                          : pool_format(pool, "%.*s%s", (int)words.size, words.at, text);
}

static void add_script(struct acts *acts, const char *script, const char **folder, unsigned depth)
{
        struct parts parts;

        if (acts->scripts++ >= SCRIPTS_MAX)
                return;
        evidence_script(acts->pool, script, &parts);
        for (size_t i = 0; i < parts.count; i++) {
                const struct part *part = &parts.rows[i];
                struct act act = { .words = part->words, .targets = part->targets, .folder = *folder };
                const char *fed = i > 0 ? fed_by(acts->pool, part, part - 1) : NULL, *at = part->words;
                struct slice first = { 0 };

                if (changes_folder(acts->pool, part->words, folder))
                        continue;
                act.fed = fed;
                evidence_argument(&at, &first);
                if (fed && evidence_is_among(first, "sh bash dash") && text_starts(fed, "echo ") && depth) {
                        add_script(acts, without_quotes(acts->pool, fed + strlen("echo ")), folder, depth - 1);
                        continue;
                }
                /* What they are fed is theirs to do something to. */
                if (fed && !evidence_is_among(first, "tee dd"))
                        act.words = pool_format(acts->pool, "%s %s", part->words, fed);
                if (parts.carries && part->targets && strchr(part->targets, '$'))
                        act.targets = script;
                if (parts.carries && strchr(part->words, '$'))
                        act.words = pool_format(acts->pool, "%s %s", act.words, script);
                add(acts, act, depth);
        }
}

void evidence_acts(struct pool *pool, const char *command, const char *folder, bool shell, struct acts *acts)
{
        *acts = (struct acts){ .pool = pool };
        if (shell)
                add_script(acts, command, &folder, DEPTH_MAX);
        else
                add_words(acts, command, folder, DEPTH_MAX);
}

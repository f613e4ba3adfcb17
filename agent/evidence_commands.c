/* What people did: commands that sudo, or a shell, told the journal of. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX    160
#define LOGGED_WORDS "somebody in a shell, by its own log: "
#define LOGGED_MAX   2 /* of such lines, which anybody can write as many of as he likes */

struct command {
        int64_t at;
        struct sudo_line sudo; /* without a user: a shell's own word, which anybody can write */
        const char *words;     /* NULL: nobody knows */
        enum shell shell;      /* root's: from a shell on anything may have been typed, and in a script anything may stand */
        const char *script;    /* the words behind -c of a shell; NULL: there are none */
        const char *below;     /* see evidence_below */
};

/* Settings are root's: what ran as somebody else is a poor suspect. */
static unsigned weight_of(const struct command *command, enum naming naming)
{
        if (naming == NAMES_PERHAPS)
                return command->sudo.user && !command->sudo.as ? 55 : 25;
        if (!command->sudo.user)
                return 65;
        return command->sudo.as ? 40 : 95;
}

/* "alice by sudo as postgres: vi notes"; where it names nothing, it may have been anything. */
static const char *words_of(struct pool *pool, const struct command *command, enum naming naming)
{
        const char *words = command->words ? text_printable(pool, command->words, SHOWN_MAX) : NULL, *user, *as;

        if (!command->sudo.user)
                return pool_format(pool, LOGGED_WORDS "%s", words);
        user = text_printable(pool, command->sudo.user, 60);
        if (!words)
                return pool_format(pool, "%s by sudo: what, its line is too long to tell", user);
        if (naming == NAMES_NOT)
                return pool_format(pool, "%s %s as root by sudo: %s", user,
                                   command->shell == SHELL_SCRIPT ? "ran a script" : "opened a shell", words);
        as = command->sudo.as ? text_printable(pool, command->sudo.as, 60) : NULL;
        return pool_format(pool, "%s by sudo%s%s: %s", user, as ? " as " : "", as ?: "", words);
}

static enum naming naming_of(const struct evidence *evidence, const struct command *command, const struct drift_row *row)
{
        enum naming naming = NAMES_FILE, loaded;

        if (!command->words)
                return NAMES_NOT;
        if (!evidence_names(evidence, row, command->words) &&
            !(command->below && evidence_names(evidence, row, command->below))) {
                naming = evidence_names_file(evidence, row, command->words, command->sudo.folder);
                loaded = evidence_names_load(evidence, row, command->words, command->sudo.folder);
                naming = loaded > naming ? loaded : naming;
        }
        return naming != NAMES_NOT && evidence_only_reads(evidence->pool, command->script ? command->script : command->words)
                       ? NAMES_NOT
                       : naming;
}

/* told: what is said of it, by whether it names the item; it is put together once. */
static void hold_against(const struct evidence *evidence, const struct command *command, const char *told[2],
                         struct drift_row *row)
{
        bool sudo = command->sudo.user != NULL;
        enum naming naming;
        unsigned weight;

        if (!evidence_fits(row, command->at))
                return;
        naming = naming_of(evidence, command, row);
        if (naming == NAMES_NOT && command->words && command->shell != SHELL_TYPED && command->shell != SHELL_SCRIPT)
                return;
        weight = naming == NAMES_NOT ? 35 : evidence_weigh(row, command->at, weight_of(command, naming));
        if (!told[naming != NAMES_NOT])
                told[naming != NAMES_NOT] = words_of(evidence->pool, command, naming);
        evidence_add_some(evidence, row, &(struct clue){ "command", weight, command->at, told[naming != NAMES_NOT] },
                          sudo ? "" : LOGGED_WORDS, sudo ? CLUES_MAX : LOGGED_MAX);
}

static void hold(const struct evidence *evidence, const struct journal_line *line)
{
        struct command command = { .at = line->at, .words = text_trim(evidence->pool, line->message) };
        const char *told[2] = { NULL };

        if (text_equals(line->who, "sudo")) {
                if (!evidence_read_sudo(evidence->pool, line->message, &command.sudo))
                        return;
                command.words = command.sudo.words;
                command.below = command.words ? evidence_below(evidence, command.words, command.sudo.folder) : NULL;
        } else if (!text_equals(line->who, "shell") || !*command.words) {
                return;
        }
        if (command.words)
                command.shell = evidence_shell(evidence->pool, command.words, &command.script);
        if (!command.sudo.user || command.sudo.as)
                command.shell = SHELL_NONE;
        for (size_t i = 0; i < evidence->drift->count; i++)
                hold_against(evidence, &command, told, &evidence->drift->rows[i]);
}

void evidence_of_commands(const struct evidence *evidence)
{
        evidence_read_journal(evidence, "commands", "commands", hold);
}

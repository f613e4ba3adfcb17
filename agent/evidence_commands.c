/* What people did: commands that sudo, or a shell, told the journal of. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX    160
#define LOGGED_WORDS "somebody in a shell, by its own log: "
#define LOGGED_MAX   2 /* of such lines, which anybody can write as many of as he likes */
#define RAN_WORDS    "%s ran as root by sudo: %s"
#define RAN_MAX      2

/* What is said of a command; it is put together once of each. */
enum told { TOLD_NAMES, TOLD_OTHER_VALUE, TOLD_SHELL, TOLD_RAN, TOLD_WAYS };

struct command {
        int64_t at;
        struct sudo_line sudo; /* without a user: a shell's own word, which anybody can write */
        const char *words;     /* NULL: nobody knows */
        struct acts acts;
        bool open; /* root's: there is no telling from the words what it did */
        const char *told[TOLD_WAYS];
};

/* How well a command fits an item. */
struct fit {
        enum naming naming;
        enum sets sets;
        bool writes; /* by a program that is known to change what it names; another may only look */
        const struct act *act;
};

/* Settings are root's: what ran as somebody else is a poor suspect. What the kernel said of a device (80) goes before what may have only looked
 * at it. */
static unsigned weight_of(const struct command *command, const struct fit *fit)
{
        bool sudo = command->sudo.user, root = sudo && !command->sudo.as;

        if (fit->naming == NAMES_PERHAPS)
                return root ? 55 : 25;
        if (fit->sets == SETS_OTHER)
                return root ? 45 : 25;
        if (!sudo)
                return fit->sets == SETS_NOW ? 66 : 65;
        if (!root)
                return 40;
        return fit->sets == SETS_NOW ? 97 : fit->writes ? 95 : 75;
}

static bool is_long(const struct command *command)
{
        return command->words && strlen(command->words) > SHOWN_MAX;
}

/* Of a long one the beginning, and what in it names the item. */
static const char *shown(struct pool *pool, const struct command *command, const struct act *act)
{
        const char *words = command->words ? text_printable(pool, command->words, SHOWN_MAX) : NULL;

        return is_long(command) && act && act->words != command->words
                       ? pool_format(pool, "%s and in it: %s", words, text_printable(pool, act->words, SHOWN_MAX))
                       : words;
}

/* "alice by sudo as postgres: vi notes"; where it names nothing, it may have been anything. */
static const char *words_of(struct pool *pool, const struct command *command, enum told told, const struct act *act)
{
        const char *words = shown(pool, command, act), *user, *as;
        const char *other = told == TOLD_OTHER_VALUE ? ", which sets another value" : "";

        if (!command->sudo.user)
                return pool_format(pool, LOGGED_WORDS "%s%s", words, other);
        user = text_printable(pool, command->sudo.user, 60);
        if (!words)
                return pool_format(pool, "%s by sudo: what, its line is too long to tell", user);
        if (told == TOLD_RAN)
                return pool_format(pool, RAN_WORDS, user, words);
        if (told == TOLD_SHELL)
                return pool_format(pool, "%s %s as root by sudo: %s", user,
                                   command->acts.shell == SHELL_SCRIPT ? "ran a script" : "opened a shell", words);
        as = command->sudo.as ? text_printable(pool, command->sudo.as, 60) : NULL;
        return pool_format(pool, "%s by sudo%s%s: %s%s", user, as ? " as " : "", as ?: "", words, other);
}

/* The words that count, the paths among them also as they are without "..", and what is meant by those within /proc and /sys. */
static const char *spelled(const struct evidence *evidence, const struct act *act)
{
        struct pool *pool = evidence->pool;
        const char *text = pool_format(pool, "%s %s", act->touched ? act->touched : "", act->targets ? act->targets : "");
        const char *below = evidence_below(evidence, text, act->folder), *at = text;
        autobuffer struct text_buffer whole = { 0 };
        struct slice word;

        text_addf(&whole, "%s%s", text, below ? below : "");
        while (evidence_argument(&at, &word)) {
                const char *path = slice_dup(pool, word);

                if (strstr(path, "//") || strstr(path, "./"))
                        path = evidence_whole_path(pool, path, act->folder);
                if (path && path[0] == '/' && strlen(path) != word.size)
                        text_addf(&whole, " %s", path);
        }
        return pool_dup(pool, whole.at);
}

static enum naming naming_of(const struct evidence *evidence, const struct act *act, const struct drift_row *row)
{
        enum naming naming, other;

        if (text_equals(row->layer, "files") || text_equals(row->layer, "next-boot"))
                return evidence_names_stored(evidence, row, act);
        naming = evidence_names_files(evidence, row, act);
        if (naming != NAMES_FILE && evidence_names(evidence, row, act->spelled))
                return NAMES_FILE;
        /* What only prints may print that into a file. */
        if (!act->touched)
                return naming == NAMES_PERHAPS && evidence_names(evidence, row, act->words) ? NAMES_FILE : naming;
        other = evidence_names_load(evidence, row, act->words, act->folder);
        naming = other > naming ? other : naming;
        other = evidence_drives(evidence, row, act->words);
        return other > naming ? other : naming;
}

static struct fit fit_of(const struct evidence *evidence, const struct command *command, const struct drift_row *row)
{
        struct fit best = { .naming = NAMES_NOT };

        for (size_t i = 0; i < command->acts.count; i++) {
                const struct act *act = &command->acts.rows[i];
                const char *arguments, *program = evidence_program(evidence->pool, act->words, &arguments);
                struct fit fit = { .naming = naming_of(evidence, act, row), .act = act };

                fit.writes = act->targets || (program && evidence_is_writer(program));
                if (fit.naming == NAMES_FILE)
                        fit.sets = evidence_sets(evidence->pool, row, act);
                if (best.naming == NAMES_NOT ||
                    (fit.naming != NAMES_NOT && weight_of(command, &fit) > weight_of(command, &best)))
                        best = fit;
        }
        return best;
}

static void add(const struct evidence *evidence, struct command *command, struct drift_row *row, enum told told,
                unsigned weight, const struct act *act)
{
        struct clue clue = { "command", weight, command->at, NULL };

        if (!command->told[told] || is_long(command))
                command->told[told] = words_of(evidence->pool, command, told, act);
        clue.text = command->told[told];
        if (!command->sudo.user)
                evidence_add_some(evidence, row, &clue, LOGGED_WORDS "*", LOGGED_MAX);
        else if (told == TOLD_RAN)
                evidence_add_some(evidence, row, &clue, "* ran as root by sudo: *", RAN_MAX);
        else
                evidence_add_some(evidence, row, &clue, "*", CLUES_MAX);
}

static void hold_against(const struct evidence *evidence, struct command *command, struct drift_row *row)
{
        bool root = command->sudo.user && !command->sudo.as;
        struct fit fit;

        if (!evidence_fits(row, command->at))
                return;
        fit = fit_of(evidence, command, row);
        if (fit.naming != NAMES_NOT)
                add(evidence, command, row, fit.sets == SETS_OTHER ? TOLD_OTHER_VALUE : TOLD_NAMES,
                    evidence_weigh(row, command->at, weight_of(command, &fit)), fit.act);
        else if (root && (!command->words || command->acts.shell == SHELL_TYPED || command->acts.shell == SHELL_SCRIPT))
                add(evidence, command, row, TOLD_SHELL, 35, NULL);
        else if (root && command->open)
                add(evidence, command, row, TOLD_RAN, 20, NULL);
}

static bool fits_any(const struct drift *drift, int64_t at)
{
        for (size_t i = 0; i < drift->count; i++)
                if (evidence_fits(&drift->rows[i], at))
                        return true;
        return false;
}

static bool read_command(const struct evidence *evidence, const struct command_line *line, struct command *command)
{
        struct pool *pool = evidence->pool;

        *command = (struct command){ .at = line->at, .words = text_trim(pool, line->message) };
        if (text_starts(line->who, "sudo")) {
                if (!evidence_read_sudo(pool, line->message, &command->sudo))
                        return false;
                command->words = command->sudo.words;
        } else if (!text_equals(line->who, "shell") || !*command->words) {
                return false;
        }
        if (command->words)
                evidence_acts(pool, command->words, command->sudo.folder, !command->sudo.user, &command->acts);
        for (size_t i = 0; i < command->acts.count; i++) {
                struct act *act = &command->acts.rows[i];
                const char *arguments, *program = evidence_program(pool, act->words, &arguments);

                evidence_find_paths(pool, act);
                act->spelled = spelled(evidence, act);
                command->open = command->open || (program && act->touched && evidence_is_open(program, arguments));
        }
        return true;
}

void evidence_of_commands(const struct evidence *evidence)
{
        struct command_lines lines = { .pool = evidence->pool };

        evidence_read_commands(evidence, &lines);
        for (size_t i = 0; i < lines.count; i++) {
                autopool struct pool *pool = pool_new();
                struct evidence one = *evidence;
                struct command command;

                one.pool = pool;
                if (!fits_any(evidence->drift, lines.rows[i].at) || !read_command(&one, &lines.rows[i], &command))
                        continue;
                for (size_t j = 0; j < evidence->drift->count; j++)
                        hold_against(&one, &command, &evidence->drift->rows[j]);
        }
        evidence_of_open_shells(evidence, &lines);
}

/* What people did: commands that sudo, or a shell, told the journal of. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX   160
#define SHELL_WORDS "somebody in a shell, by its own log: "
#define SHELLS_MAX  2 /* of such lines, which anybody can write as many of as he likes */

struct command {
        int64_t at;
        const char *user;   /* NULL: a shell's own word, which anybody can write */
        const char *folder; /* in which it ran; NULL: not known */
        const char *as;     /* whom sudo ran it as; NULL: root, or nobody knows */
        const char *words;
};

/* "postgres" of "TTY=pts/0 ; PWD=/ ; USER=postgres ; GROUP=adm"; NULL for root. The last one counts: what stands before it may be the name
 * of a folder. */
static const char *target_user(struct pool *pool, const char *fields)
{
        static const char before[] = " ; USER=";
        const char *found = NULL, *user;

        for (const char *at = strstr(fields, before); at; at = strstr(at + 1, before))
                found = at + sizeof before - 1;
        if (!found && text_starts(fields, "USER="))
                found = fields + strlen("USER=");
        if (!found)
                return NULL;
        user = pool_copy(pool, found, strcspn(found, " ;"));
        return text_equals(user, "root") || text_equals(user, "#0") ? NULL : user;
}

/* "/root" of "TTY=pts/0 ; PWD=/root ; USER=root" */
static const char *folder_of(struct pool *pool, const char *fields)
{
        const char *found = strstr(fields, "PWD="), *end = found ? strstr(found, " ; ") : NULL;

        if (!found)
                return NULL;
        found += strlen("PWD=");
        return end ? pool_copy(pool, found, (size_t)(end - found)) : found;
}

/* A command is a path, or sudoedit; "list" and "validate" are sudo's own words for `sudo -l` and `sudo -v`, which do nothing. */
static bool is_command(const char *words)
{
        size_t size = strcspn(words, " ");

        return memchr(words, '/', size) || text_starts(words, "sudoedit ");
}

/* "   alice : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60" (sudoers(5), "Accepted command log
 * entries"), without TTY where there is none; what was refused has a reason in front of them. */
static bool read_sudo(struct pool *pool, const char *message, struct command *command)
{
        const char *text = text_trim(pool, message), *colon = strstr(text, " : "), *words = strstr(text, " ; COMMAND=");
        const char *fields;

        if (!colon || !words || words < colon || (!text_starts(colon + 3, "TTY=") && !text_starts(colon + 3, "PWD=")))
                return false;
        command->user = text_trim(pool, pool_copy(pool, text, (size_t)(colon - text)));
        fields = pool_copy(pool, colon + 3, (size_t)(words - colon - 3));
        command->as = target_user(pool, fields);
        command->folder = folder_of(pool, fields);
        command->words = words + strlen(" ; COMMAND=");
        return is_command(command->words);
}

/* From then on anything may have been typed. */
static bool is_shell(const struct command *command)
{
        static const char *const shells[] = { "/bash", "/sh", "/zsh", "/dash", "/ksh", "/su", "/fish" };
        size_t size = strcspn(command->words, " ");

        for (size_t i = 0; command->user && !command->as && i < sizeof shells / sizeof shells[0]; i++)
                if (size > strlen(shells[i]) &&
                    !strncmp(command->words + size - strlen(shells[i]), shells[i], strlen(shells[i])))
                        return true;
        return false;
}

/* Settings are root's: what ran as somebody else is a poor suspect. */
static unsigned weight_of(const struct command *command, enum naming naming)
{
        if (naming == NAMES_PERHAPS)
                return command->user && !command->as ? 55 : 25;
        if (!command->user)
                return 65;
        return command->as ? 40 : 95;
}

/* "alice by sudo as postgres: vi notes" */
static const char *words_of(struct pool *pool, const struct command *command)
{
        const char *words = text_printable(pool, command->words, SHOWN_MAX);

        if (!command->user)
                return pool_format(pool, SHELL_WORDS "%s", words);
        return pool_format(pool, "%s by sudo%s%s: %s", text_printable(pool, command->user, 60), command->as ? " as " : "",
                           command->as ? text_printable(pool, command->as, 60) : "", words);
}

static void hold_against(const struct evidence *evidence, const struct command *command, struct drift_row *row)
{
        enum naming naming;

        if (!evidence_fits(row, command->at))
                return;
        naming = evidence_names(evidence, row, command->words)
                         ? NAMES_FILE
                         : evidence_names_file(evidence, row, command->words, command->folder);
        if (naming != NAMES_NOT && evidence_only_reads(evidence->pool, command->words))
                return;
        if (naming != NAMES_NOT)
                evidence_add_some(evidence, row,
                                  &(struct clue){ "command", evidence_weigh(row, command->at, weight_of(command, naming)),
                                                  command->at, words_of(evidence->pool, command) },
                                  command->user ? "" : SHELL_WORDS, command->user ? CLUES_MAX : SHELLS_MAX);
        else if (is_shell(command))
                evidence_add(evidence, row, "command", 35, command->at,
                             pool_format(evidence->pool, "%s opened a shell as root by sudo: %s",
                                         text_printable(evidence->pool, command->user, 60),
                                         text_printable(evidence->pool, command->words, SHOWN_MAX)));
}

static void hold(const struct evidence *evidence, const struct journal_line *line)
{
        struct command command = { .at = line->at, .words = text_trim(evidence->pool, line->message) };

        if (text_equals(line->who, "sudo") ? !read_sudo(evidence->pool, line->message, &command)
                                           : !text_equals(line->who, "shell") || !*command.words)
                return;
        for (size_t i = 0; i < evidence->drift->count; i++)
                hold_against(evidence, &command, &evidence->drift->rows[i]);
}

void evidence_of_commands(const struct evidence *evidence)
{
        evidence_read_journal(evidence, "commands", "commands", hold);
}

/* What people did: commands that sudo, or a shell, told the journal of. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 160

struct command {
        int64_t at;
        const char *user; /* NULL: a shell's own word, which anybody can write */
        const char *words;
};

/* "   alice : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60" (sudoers(5), "Accepted command log
 * entries"), without TTY where there is none; what was refused has a reason in front of them. */
static bool read_sudo(struct pool *pool, const char *message, struct command *command)
{
        const char *text = text_trim(pool, message), *colon = strstr(text, " : "), *words = strstr(text, " ; COMMAND=");

        if (!colon || !words || words < colon || (!text_starts(colon + 3, "TTY=") && !text_starts(colon + 3, "PWD=")))
                return false;
        command->user = text_trim(pool, pool_copy(pool, text, (size_t)(colon - text)));
        command->words = words + strlen(" ; COMMAND=");
        return true;
}

/* From then on anything may have been typed. */
static bool is_shell(const struct command *command)
{
        static const char *const shells[] = { "/bash", "/sh", "/zsh", "/dash", "/ksh", "/su", "/fish" };
        size_t size = strcspn(command->words, " ");

        for (size_t i = 0; command->user && i < sizeof shells / sizeof shells[0]; i++)
                if (size > strlen(shells[i]) &&
                    !strncmp(command->words + size - strlen(shells[i]), shells[i], strlen(shells[i])))
                        return true;
        return false;
}

static void hold_against(const struct evidence *evidence, const struct command *command, struct drift_row *row)
{
        const char *words = text_printable(evidence->pool, command->words, SHOWN_MAX);

        if (!evidence_fits(row, command->at))
                return;
        if (evidence_names(evidence, row, command->words))
                evidence_add(evidence, row, "command", evidence_weigh(row, command->at, command->user ? 95 : 75), command->at,
                             command->user ? pool_format(evidence->pool, "%s by sudo: %s",
                                                         text_printable(evidence->pool, command->user, 60), words)
                                           : pool_format(evidence->pool, "somebody in a shell, by its own log: %s", words));
        else if (is_shell(command))
                evidence_add(evidence, row, "command", 35, command->at,
                             pool_format(evidence->pool, "%s opened a shell as root by sudo: %s",
                                         text_printable(evidence->pool, command->user, 60), words));
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

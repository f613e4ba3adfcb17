/* What people did: commands that sudo, or a shell, told the journal of. */

#include "agent/evidence_inside.h"

#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
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

/* "entry US sudo|shell MESSAGE" */
static bool read_entry(struct pool *pool, struct slice line, struct command *command)
{
        struct slice word, when, who;
        uint64_t us;

        if (!slice_word(&line, " ", &word) || !slice_equals(word, "entry") || !slice_word(&line, " ", &when) ||
            !slice_word(&line, " ", &who) || text_u64(slice_dup(pool, when), 10, &us) < 0)
                return false;
        *command = (struct command){ .at = (int64_t)(us / 1000000) };
        if (slice_equals(who, "sudo"))
                return read_sudo(pool, slice_dup(pool, line), command);
        command->words = text_trim(pool, slice_dup(pool, line));
        return slice_equals(who, "shell") && *command->words;
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
                evidence_add(evidence, row, "command", command->user ? 95 : 75, command->at,
                             command->user ? pool_format(evidence->pool, "%s by sudo: %s",
                                                         text_printable(evidence->pool, command->user, 60), words)
                                           : pool_format(evidence->pool, "somebody in a shell, by its own log: %s", words));
        else if (is_shell(command))
                evidence_add(evidence, row, "command", 35, command->at,
                             pool_format(evidence->pool, "%s opened a shell as root by sudo: %s",
                                         text_printable(evidence->pool, command->user, 60), words));
}

static int64_t earliest(const struct drift *drift)
{
        int64_t since = drift->rows[0].last_right;

        for (size_t i = 1; i < drift->count; i++)
                if (drift->rows[i].last_right < since)
                        since = drift->rows[i].last_right;
        return since;
}

void evidence_of_commands(const struct evidence *evidence)
{
        struct drift *drift = evidence->drift;
        int64_t since = earliest(drift);
        const void *answer;
        const char *text;
        struct slice line;
        size_t size;
        int r;

        r = host_ask(evidence->session->host, evidence->pool, &answer, &size, "journal/commands/%s",
                     journal_window_for(evidence->session->seconds - since));
        if (r < 0) {
                evidence_unseen(evidence, "commands in the journal", r);
                return;
        }
        text = pool_copy(evidence->pool, answer, size);
        while (text_line(&text, &line)) {
                autopool struct pool *pool = pool_new();
                const struct evidence one = { evidence->session, evidence->examination, evidence->history, drift, pool };
                struct slice rest = line, word;
                struct command command;
                uint64_t oldest;

                if (slice_word(&rest, " ", &word) && slice_equals(word, "oldest_us") && slice_word(&rest, " ", &word) &&
                    text_u64(slice_dup(pool, word), 10, &oldest) == 0 && (int64_t)(oldest / 1000000) > since)
                        evidence_unseen(evidence, "commands before the journal begins", -ENODATA);
                if (!read_entry(pool, line, &command))
                        continue;
                for (size_t i = 0; i < drift->count; i++)
                        hold_against(&one, &command, &drift->rows[i]);
        }
}

/* The journal's lines of commands, each with what stands in further ones, from a week ago on: a shell that was opened then may still be open. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* A line of more than syslog_maxlen goes on in others; blanks where it was cut are left out (sudoers(5); lib/eventlog/eventlog.c of sudo). */
#define CONTINUED   " : (command continued) "
#define MESSAGE_MAX 16384
/* Of other commands, which stand between. */
#define BETWEEN_MAX 50

/* "alice" of " alice : ..." */
static struct slice user_in(const char *message)
{
        const char *colon = strstr(message, " : ");

        return slice_trim((struct slice){ message, colon ? (size_t)(colon - message) : 0 });
}

static struct command_line *find_begun(const struct command_lines *lines, const char *who, struct slice user)
{
        for (size_t i = lines->count; i-- > 0 && lines->count - i <= BETWEEN_MAX;) {
                struct command_line *line = &lines->rows[i];
                struct slice other = user_in(line->message);

                if (text_equals(line->who, who) && other.size && other.size == user.size &&
                    !memcmp(other.at, user.at, user.size))
                        return line;
        }
        return NULL;
}

static void collect(const struct evidence *evidence, const struct journal_line *line, void *into)
{
        struct command_lines *lines = into;
        struct slice user = user_in(line->message);
        const char *more = user.size ? strstr(line->message, " : ") : NULL;
        struct command_line *begun;

        (void)evidence;
        if (more && text_starts(more, CONTINUED) && text_starts(line->who, "sudo")) {
                begun = find_begun(lines, line->who, user);
                if (begun && strlen(begun->message) < MESSAGE_MAX)
                        begun->message = pool_format(lines->pool, "%s %s", begun->message, more + strlen(CONTINUED));
                return;
        }
        lines->rows = pool_grow(lines->pool, lines->rows, lines->count, sizeof *lines->rows);
        lines->rows[lines->count++] =
                (struct command_line){ line->at, pool_dup(lines->pool, line->who), pool_dup(lines->pool, line->message) };
}

void evidence_read_commands(const struct evidence *evidence, struct command_lines *lines)
{
        evidence_read_journal(evidence, "commands", "commands", "week", collect, lines);
}

/* The journal's lines of commands. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

static void collect(const struct evidence *evidence, const struct journal_line *line, void *into)
{
        struct command_lines *lines = into;

        (void)evidence;
        lines->rows = pool_grow(lines->pool, lines->rows, lines->count, sizeof *lines->rows);
        lines->rows[lines->count++] =
                (struct command_line){ line->at, pool_dup(lines->pool, line->who), pool_dup(lines->pool, line->message) };
}

void evidence_read_commands(const struct evidence *evidence, struct command_lines *lines)
{
        evidence_read_journal(evidence, "commands", "commands", NULL, collect, lines);
}

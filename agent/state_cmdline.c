/* What is recorded of the kernel's command line: no passwords, and nothing that names a disk, a host or an address. */

#include "agent/state.h"

#include "agent/private_parameter.h"

#include "agent/core/cmdline.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define MISSING "without " /* and the words that the next entry lacks: tuning/cmdline.c */

static const char *without_private(struct pool *pool, const char *cmdline, const char *hidden)
{
        autobuffer struct text_buffer text = { 0 };
        struct cmdline parsed;

        if (cmdline_parse(pool, cmdline, &parsed) < 0)
                return hidden;
        for (size_t i = 0; i < parsed.count; i++) {
                const struct parameter *row = &parsed.rows[i];

                text_addf(&text, "%s%s", i ? " " : "", row->name);
                if (!row->value)
                        continue;
                if (private_parameter(row->name) != PRIVATE_NOT || private_value(row->value))
                        text_addf(&text, "=%s", hidden);
                else
                        text_addf(&text, strpbrk(row->value, " \t") ? "=\"%s\"" : "=%s", row->value);
        }
        return pool_dup(pool, text.at ? text.at : "");
}

/* No hash stands in: that of an address is soon worked back. */
const char *state_cmdline(struct pool *pool, const char *cmdline)
{
        return without_private(pool, cmdline, STATE_UNRECORDED);
}

const char *state_without_private(struct pool *pool, const char *id, const char *text, const char *hidden)
{
        bool missing = text_equals(id, "cmdline") && text_starts(text, MISSING);
        const char *name = text_starts(id, "cmdline.") ? id + strlen("cmdline.") : NULL;

        if (missing)
                return pool_format(pool, MISSING "%s", without_private(pool, text + strlen(MISSING), hidden));
        if (!name || text_starts(text, STATE_UNREADABLE) || (text_starts(text, "no ") && text_equals(text + 3, name)))
                return text;
        return private_parameter(name) != PRIVATE_NOT || private_value(text) ? hidden : text;
}

/* What is recorded of the kernel's command line: no passwords, and nothing that names a disk, a host or an address. */

#include "agent/state.h"

#include "agent/private_parameter.h"

#include "agent/core/cmdline.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* No hash stands in: that of an address is soon worked back. */
const char *state_cmdline(struct pool *pool, const char *cmdline)
{
        autobuffer struct text_buffer text = { 0 };
        struct cmdline parsed;

        if (cmdline_parse(pool, cmdline, &parsed) < 0)
                return STATE_UNRECORDED;
        for (size_t i = 0; i < parsed.count; i++) {
                const struct parameter *row = &parsed.rows[i];

                text_addf(&text, "%s%s", i ? " " : "", row->name);
                if (!row->value)
                        continue;
                if (private_parameter(row->name) != PRIVATE_NOT || private_value(row->value))
                        text_add(&text, "=" STATE_UNRECORDED);
                else
                        text_addf(&text, strpbrk(row->value, " \t") ? "=\"%s\"" : "=%s", row->value);
        }
        return pool_dup(pool, text.at ? text.at : "");
}

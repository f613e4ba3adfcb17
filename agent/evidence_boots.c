/* Whether the host was started again in between. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#define SHOWN_MAX 200

/* What came with that boot, in the words of other items. */
static const char *with_it(const struct evidence *evidence, const struct drift_row *of)
{
        static const char *const names[] = { "kernel.release", "host.bios.version", "cpu.microcode" };
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < evidence->drift->count; i++) {
                const struct drift_row *row = &evidence->drift->rows[i];

                for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
                        if (row != of && text_equals(row->name, names[j]) && row->wrong_look == of->wrong_look &&
                            row->baseline && row->now)
                                text_addf(&text, ", with %s %s in place of %s", names[j], row->now, row->baseline);
        }
        return text_printable(evidence->pool, text.at, SHOWN_MAX);
}

bool evidence_started_again(const struct evidence *evidence, const struct drift_row *row)
{
        const char *after = row->wrong_look == DRIFT_NOW ? evidence->session->boot_id : row->wrong_boot;

        return row->right_boot && after && !text_equals(row->right_boot, after);
}

void evidence_of_boots(const struct evidence *evidence)
{
        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];
                bool running = text_equals(row->layer, "running"), fact = text_equals(row->layer, "fact");

                if (!evidence_started_again(evidence, row) || text_equals(row->layer, "profile"))
                        continue;
                evidence_add(evidence, row, "reboot",
                             running ? 65
                             : fact  ? 75
                                     : 30,
                             0,
                             pool_format(evidence->pool, "the host was started again%s%s", with_it(evidence, row),
                                         running ? ": what no file carries over was gone then" : ""));
        }
}

/* Whether the host was started again in between, and which tool that runs now has the item in its hands. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"

#include <string.h>

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

/* "irqbalance.service (pid 512)" */
static const char *tool_words(const struct evidence *evidence, const struct step *step)
{
        const char *name = text_printable(evidence->pool, step->target, SHOWN_MAX), *answer, *pid;

        if (!text_ends(step->target, ".service") ||
            unit_ask(evidence->session->host, evidence->pool, step->target, &answer) < 0)
                return name;
        pid = unit_property(evidence->pool, answer, "MainPID");
        return pid && !text_equals(pid, "0")
                       ? pool_format(evidence->pool, "%s (pid %s)", name, text_printable(evidence->pool, pid, 20))
                       : name;
}

/* "cpu" for cpu.governor and cpu.governors, "irq" for irq.default. */
static bool is_subject(const struct step *step, const struct drift_row *row)
{
        size_t size = strlen(step->knob);

        return !strncmp(row->name, step->knob, size) && (row->name[size] == '.' || !row->name[size]);
}

void evidence_of_tools(const struct evidence *evidence)
{
        const struct plan *plan = evidence->examination->plan;

        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                for (size_t j = 0; j < plan->count; j++) {
                        const struct step *step = plan->rows[j];

                        if (step->status == STATUS_CONTESTED && is_subject(step, row) && !text_equals(row->layer, "profile"))
                                evidence_add(
                                        evidence, row, "tool", 68, 0,
                                        pool_format(evidence->pool, "%s%s%s", tool_words(evidence, step),
                                                    step->note ? ": " : " runs, and does the same",
                                                    step->note ? text_printable(evidence->pool, step->note, SHOWN_MAX) : ""));
                }
        }
}

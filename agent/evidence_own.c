/* Files of the profile's own that are not what they were at the baseline, and what plumbline's ledger knows of them. */

#include "agent/evidence_inside.h"

#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 200

/* The newest apply that touched the file, or the undo of it, and what it left there. */
struct written {
        const struct evidence_deed *deed;
        const struct content *content;
};

/* What is written last stands last, and what undo writes last stands first. */
static bool find_in(const struct evidence_deed *deed, const char *target, struct written *written)
{
        const struct ledger *ledger = deed->ledger;

        for (size_t i = 0; i < ledger->count; i++) {
                const struct ledger_row *row = &ledger->rows[deed->undone ? i : ledger->count - 1 - i];

                if (row->how != LEDGER_FILE || !text_equals(row->target, target))
                        continue;
                *written = (struct written){ deed, deed->undone ? &row->before : &row->after };
                return true;
        }
        return false;
}

/* deed NULL: none did. */
static struct written find_written(const struct evidence *evidence, const char *target)
{
        struct written written = { 0 };

        for (size_t i = 0; i < evidence->deeds->count; i++)
                if (find_in(&evidence->deeds->rows[i], target, &written))
                        break;
        return written;
}

/* The row of the drift that tells of the step's file; NULL: it is what it was. */
static const struct drift_row *changed_row(const struct evidence *evidence, const struct step *step)
{
        for (size_t i = 0; i < evidence->drift->count; i++) {
                const struct drift_row *row = &evidence->drift->rows[i];

                if (text_equals(row->layer, layer_name(step->layer)) && text_equals(row->name, step->id))
                        return text_equals(row->baseline, state_row_text(evidence->pool, step)) ? NULL : row;
        }
        return NULL;
}

/* The baseline has one text for all the files of a setting; where they were not alike, it does not tell what each of them was. */
static bool was_alike(const struct drift_row *changed)
{
        return !changed->baseline || !strstr(changed->baseline, " on ");
}

/* In words that the ledger, or else the baseline, bears out; NULL: neither does. */
static const char *change_words(const struct evidence *evidence, const struct step *step, const struct drift_row *changed)
{
        struct written written = find_written(evidence, step->target);
        struct pool *pool = evidence->pool;
        const char *path = text_printable(pool, step->target, SHOWN_MAX), *by;
        bool gone = step->before.kind == CONTENT_ABSENT;

        if (!written.deed && !was_alike(changed))
                return NULL;
        if (!written.deed && (!changed->baseline || text_equals(changed->baseline, "absent")))
                return pool_format(pool, "%s was not there at the baseline", path);
        if (!written.deed)
                return pool_format(pool, "%s %s", path,
                                   gone ? "was there at the baseline, and is gone" : "is not what it was at the baseline");
        by = evidence_deed_words(pool, written.deed);
        if (content_equals(written.content, &step->before))
                return pool_format(pool, gone ? "%s is gone since %s" : "%s is as %s left it", path, by);
        if (written.deed->undone || written.content->kind == CONTENT_ABSENT)
                return pool_format(pool, "%s is not as %s left it", path, by);
        return pool_format(pool, gone ? "%s, which plumbline wrote, is gone" : "%s is not as plumbline wrote it", path);
}

static void hold_against(const struct evidence *evidence, const struct step *step, const char *words, struct drift_row *row)
{
        bool exact = text_equals(step->id, row->name);
        struct host_stat stat = { 0 };
        unsigned weight;

        if (!evidence_is_of(step, row) || text_equals(row->layer, "fact") || text_equals(row->layer, "package") ||
            text_equals(row->layer, "profile"))
                return;
        if (host_stat(evidence->session->host, &stat, "%s", step->target) < 0)
                weight = exact ? 78 : 60;
        else
                weight = evidence_weigh_file(row, stat.modified, exact ? 80 : 62, 10);
        if (weight > CLUE_LATE && evidence_was_before(evidence, row, step->id))
                weight = CLUE_LATE;
        evidence_add(evidence, row, "file", weight, stat.modified, words);
}

void evidence_of_own_files(const struct evidence *evidence)
{
        const struct plan *plan = evidence->examination->plan;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                const struct drift_row *changed = step->how == STEP_FILE ? changed_row(evidence, step) : NULL;
                const char *words;

                if (!changed || changed->unreadable || step->status == STATUS_UNKNOWN)
                        continue;
                words = change_words(evidence, step, changed);
                for (size_t j = 0; words && j < evidence->drift->count; j++)
                        hold_against(evidence, step, words, &evidence->drift->rows[j]);
        }
}

/* Files of the profile's own that are not what they were at the baseline, and what plumbline's ledger knows of them. */

#include "agent/evidence_inside.h"

#include "agent/ledger.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define SHOWN_MAX   200
#define LEDGERS_MAX 64 /* the newest ones, which are looked at */

/* What the last apply that touched it left there, or the undo of it. */
struct written {
        const char *target;
        unsigned id;
        bool undone;
        struct content content;
};

struct written_list {
        size_t count;
        struct written *rows;
};

static const struct written *find_written(const struct written_list *list, const char *target)
{
        for (size_t i = 0; i < list->count; i++)
                if (text_equals(list->rows[i].target, target))
                        return &list->rows[i];
        return NULL;
}

static void add_ledger(const struct evidence *evidence, const struct ledger *ledger, struct written_list *list)
{
        bool undone = ledger->state == LEDGER_UNDONE;

        /* What is written last stands last, and what undo writes last stands first. */
        for (size_t i = 0; i < ledger->count; i++) {
                const struct ledger_row *row = &ledger->rows[undone ? i : ledger->count - 1 - i];

                if (row->how != LEDGER_FILE || find_written(list, row->target))
                        continue;
                list->rows = pool_grow(evidence->pool, list->rows, list->count, sizeof *list->rows);
                list->rows[list->count++] =
                        (struct written){ row->target, ledger->id, undone, undone ? row->before : row->after };
        }
}

/* From the newest on, until one that was cut off or cannot be read: what it did is not known, and so not what those before it left. */
static void read_ledgers(const struct evidence *evidence, struct written_list *list)
{
        struct host *host = evidence->session->host;
        struct ledger ledger;
        unsigned *ids;
        size_t count;

        if (ledger_ids(host, evidence->pool, &ids, &count) < 0)
                return;
        for (size_t i = count; i-- > 0 && count - i <= LEDGERS_MAX;) {
                if (ledger_read(host, evidence->pool, ids[i], &ledger) < 0 || ledger.state == LEDGER_OPEN || ledger.damaged)
                        return;
                add_ledger(evidence, &ledger, list);
        }
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
static const char *change_words(const struct evidence *evidence, const struct step *step, const struct written *written,
                                const struct drift_row *changed)
{
        struct pool *pool = evidence->pool;
        const char *path = text_printable(pool, step->target, SHOWN_MAX);
        bool gone = step->before.kind == CONTENT_ABSENT;

        if (!written && !was_alike(changed))
                return NULL;
        if (!written && (!changed->baseline || text_equals(changed->baseline, "absent")))
                return pool_format(pool, "%s was not there at the baseline", path);
        if (!written)
                return pool_format(pool, "%s %s", path,
                                   gone ? "was there at the baseline, and is gone" : "is not what it was at the baseline");
        if (content_equals(&written->content, &step->before))
                return pool_format(pool, gone ? "%s is gone since plumbline's %s %u" : "%s is as plumbline's %s %u left it",
                                   path, written->undone ? "undo of apply" : "apply", written->id);
        if (written->undone || written->content.kind == CONTENT_ABSENT)
                return pool_format(pool, "%s is not as plumbline's %s %u left it", path,
                                   written->undone ? "undo of apply" : "apply", written->id);
        return pool_format(pool, gone ? "%s, which plumbline wrote, is gone" : "%s is not as plumbline wrote it", path);
}

static void hold_against(const struct evidence *evidence, const struct step *step, const char *words, struct drift_row *row)
{
        bool exact = text_equals(step->id, row->name), fits;
        struct host_stat stat = { 0 };

        if (!evidence_is_of(step, row) || text_equals(row->layer, "fact") || text_equals(row->layer, "package") ||
            text_equals(row->layer, "profile"))
                return;
        if (host_stat(evidence->session->host, &stat, "%s", step->target) < 0) {
                evidence_add(evidence, row, "file", exact ? 78 : 60, 0, words);
                return;
        }
        fits = evidence_surely_fits(row, stat.modified);
        evidence_add(evidence, row, "file", (exact ? 80U : 62U) + (fits ? 10U : 0U), stat.modified, words);
}

void evidence_of_own_files(const struct evidence *evidence)
{
        const struct plan *plan = evidence->examination->plan;
        struct written_list list = { 0 };
        bool read = false;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                const struct drift_row *changed = step->how == STEP_FILE ? changed_row(evidence, step) : NULL;
                const char *words;

                if (!changed || changed->unreadable || step->status == STATUS_UNKNOWN)
                        continue;
                if (!read)
                        read_ledgers(evidence, &list);
                read = true;
                words = change_words(evidence, step, find_written(&list, step->target), changed);
                for (size_t j = 0; words && j < evidence->drift->count; j++)
                        hold_against(evidence, step, words, &evidence->drift->rows[j]);
        }
}

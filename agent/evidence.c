/* Gathers what may have made items differ, and puts the best first. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <string.h>

bool evidence_fits(const struct drift_row *row, int64_t at)
{
        if (row->last_right <= row->first_seen)
                return at >= row->since && at <= row->first_seen;
        return at >= row->last_right || (row->since && at >= row->since && at <= row->first_seen);
}

int64_t evidence_since(const struct drift *drift)
{
        int64_t since = INT64_MAX;

        for (size_t i = 0; i < drift->count; i++) {
                const struct drift_row *row = &drift->rows[i];
                int64_t from = row->since ? row->since : row->first_seen;

                since = from < since ? from : since;
        }
        return since;
}

/* A clock that was set back shows such a time twice. */
static bool is_twice(const struct drift_row *row, int64_t at)
{
        return row->last_right > row->first_seen && at < row->last_right;
}

bool evidence_surely_fits(const struct drift_row *row, int64_t at)
{
        return evidence_fits(row, at) && !is_twice(row, at);
}

unsigned evidence_weigh(const struct drift_row *row, int64_t at, unsigned weight)
{
        return is_twice(row, at) && weight >= CLUE_LIKELY ? CLUE_LIKELY - 1 : weight;
}

/* The one of these that goes first: the lightest, and of those the one that is furthest before the first wrong look. A time that is not
 * known is the furthest; what came later stands further back. */
static size_t find_worst(const struct drift_row *row, const char *beginning, size_t *count)
{
        size_t worst = 0;

        *count = 0;
        for (size_t i = 0; i < row->clue_count; i++) {
                const struct clue *clue = &row->clues[i], *other = &row->clues[worst];

                if (!text_starts(clue->text, beginning))
                        continue;
                if (!(*count)++ || clue->weight < other->weight || (clue->weight == other->weight && clue->at < other->at))
                        worst = i;
        }
        return worst;
}

/* Makes room where there is none; false: it is the new one that has to go. */
static bool make_room(struct drift_row *row, const char *beginning, size_t max, unsigned weight, int64_t at)
{
        size_t count, worst = find_worst(row, beginning, &count);
        const struct clue *other;

        if (count < max)
                return true;
        other = &row->clues[worst];
        row->clues_left++;
        if (other->weight > weight || (other->weight == weight && other->at > at))
                return false;
        row->clue_count--;
        memmove(row->clues + worst, row->clues + worst + 1, (row->clue_count - worst) * sizeof *row->clues);
        return true;
}

static bool has_clue(const struct drift_row *row, int64_t at, const char *text)
{
        for (size_t i = 0; i < row->clue_count; i++)
                if (row->clues[i].at == at && text_equals(row->clues[i].text, text))
                        return true;
        return false;
}

void evidence_add_some(const struct evidence *evidence, struct drift_row *row, const struct clue *clue, const char *beginning,
                       size_t max)
{
        struct pool *pool = evidence->drift->pool;

        if (has_clue(row, clue->at, clue->text) || !make_room(row, beginning, max, clue->weight, clue->at) ||
            !make_room(row, "", CLUES_MAX, clue->weight, clue->at))
                return;
        if (!row->clues)
                row->clues = pool_zero(pool, CLUES_MAX * sizeof *row->clues);
        if (!text_equals(*evidence->copied, clue->text))
                *evidence->copied = pool_dup(pool, clue->text);
        row->clues[row->clue_count] = *clue;
        row->clues[row->clue_count++].text = *evidence->copied;
}

void evidence_add(const struct evidence *evidence, struct drift_row *row, const char *kind, unsigned weight, int64_t at,
                  const char *text)
{
        evidence_add_some(evidence, row, &(struct clue){ kind, weight, at, text }, "", CLUES_MAX);
}

void evidence_unseen(const struct evidence *evidence, const char *what, int error)
{
        struct drift *drift = evidence->drift;

        drift->unseen = pool_format(drift->pool, "%s%s%s: %s", drift->unseen ? drift->unseen : "", drift->unseen ? "; " : "",
                                    what, error_words(error));
}

bool evidence_is_of(const struct step *step, const struct drift_row *row)
{
        size_t size = strlen(step->id);

        return text_equals(step->id, row->name) || (!strncmp(row->name, step->id, size) && row->name[size] == '.');
}

static int by_weight(const void *a, const void *b)
{
        const struct clue *left = a, *right = b;

        if (left->weight != right->weight)
                return left->weight < right->weight ? 1 : -1;
        return left->at < right->at ? 1 : left->at > right->at ? -1 : strcmp(left->text, right->text);
}

static const char *const *step_files(const struct evidence *evidence, const struct drift_row *row)
{
        const struct plan *plan = evidence->examination->plan;
        const char **list = NULL;
        size_t count = 0;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                const char *path =
                        step->target && evidence_is_of(step, row) ? evidence_path(evidence->pool, step->target) : NULL;

                if (!path)
                        continue;
                list = pool_grow(evidence->pool, list, count, sizeof *list);
                list[count++] = path;
        }
        list = pool_grow(evidence->pool, list, count, sizeof *list);
        list[count] = NULL;
        return list;
}

/* Of each row, once: there may be thousands of commands, and of steps. */
static const char *const **files_of(const struct evidence *evidence)
{
        const struct drift *drift = evidence->drift;
        const char *const **files = pool_zero(evidence->pool, drift->count * sizeof *files);

        for (size_t i = 0; i < drift->count; i++) {
                const char **one;

                if (!text_equals(drift->rows[i].layer, "profile")) {
                        files[i] = step_files(evidence, &drift->rows[i]);
                        continue;
                }
                one = pool_zero(evidence->pool, 2 * sizeof *one);
                one[0] = evidence_profile_path(evidence, &drift->rows[i]);
                files[i] = one;
        }
        return files;
}

static const char **devices_of(const struct evidence *evidence)
{
        const struct drift *drift = evidence->drift;
        const char **devices = pool_zero(evidence->pool, drift->count * sizeof *devices);

        for (size_t i = 0; i < drift->count; i++)
                devices[i] = evidence_mount_device(evidence, &drift->rows[i]);
        return devices;
}

void evidence_find(const struct session *session, const struct examination *examination, const struct history *history,
                   struct drift *drift)
{
        autopool struct pool *pool = pool_new();
        struct evidence_owners owners = { .pool = pool };
        struct evidence_file file = { 0 };
        const char *copied = NULL;
        struct evidence evidence = { session, examination, history, drift, NULL, NULL, &owners, &copied, &file, pool };

        if (!drift->count)
                return;
        evidence.files = files_of(&evidence);
        evidence.devices = devices_of(&evidence);
        evidence_of_files(&evidence);
        evidence_of_own_files(&evidence);
        evidence_of_hugepages(&evidence);
        evidence_of_profile(&evidence);
        evidence_of_udev(&evidence);
        evidence_of_commands(&evidence);
        evidence_of_kernel(&evidence);
        evidence_of_hardware(&evidence);
        evidence_of_packages(&evidence);
        evidence_of_boots(&evidence);
        evidence_of_tools(&evidence);
        pool_free(file.pool);
        for (size_t i = 0; i < drift->count; i++)
                if (drift->rows[i].clue_count)
                        qsort(drift->rows[i].clues, drift->rows[i].clue_count, sizeof(struct clue), by_weight);
}

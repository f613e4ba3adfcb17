/* One clue: whether it fits a row, what it weighs there, and that a row keeps the heaviest. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

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

/* A file is set in its own layer by what stands in it, whenever that was written. */
static bool is_files_own(const struct drift_row *row)
{
        return text_equals(row->layer, "files") || text_equals(row->layer, "next-boot") || text_equals(row->layer, "profile");
}

unsigned evidence_weigh_file(const struct drift_row *row, int64_t at, unsigned weight, unsigned more)
{
        bool late = at > row->first_seen && row->last_right <= row->first_seen;

        if (at && late && weight > CLUE_LATE && !is_files_own(row))
                return CLUE_LATE;
        return at && evidence_surely_fits(row, at) ? weight + more : weight;
}

bool evidence_was_before(const struct evidence *evidence, const struct drift_row *row, const char *name)
{
        const struct drift *drift = evidence->drift;

        for (size_t i = 0; !is_files_own(row) && i < drift->count; i++)
                if (text_equals(drift->rows[i].layer, "files") && text_equals(drift->rows[i].name, name) &&
                    drift->rows[i].right_look >= row->wrong_look)
                        return true;
        return false;
}

/* The one of these that goes first: the lightest, and of those the one that is furthest before the first wrong look. A time that is not
 * known is the furthest; what came later stands further back. */
static size_t find_worst(const struct drift_row *row, const char *pattern, size_t *count)
{
        size_t worst = 0;

        *count = 0;
        for (size_t i = 0; i < row->clue_count; i++) {
                const struct clue *clue = &row->clues[i], *other = &row->clues[worst];

                if (!text_matches(clue->text, pattern))
                        continue;
                if (!(*count)++ || clue->weight < other->weight || (clue->weight == other->weight && clue->at < other->at))
                        worst = i;
        }
        return worst;
}

/* Makes room where there is none; false: it is the new one that has to go. */
static bool make_room(struct drift_row *row, const char *pattern, size_t max, unsigned weight, int64_t at)
{
        size_t count, worst = find_worst(row, pattern, &count);
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

void evidence_add_some(const struct evidence *evidence, struct drift_row *row, const struct clue *clue, const char *pattern,
                       size_t max)
{
        struct pool *pool = evidence->drift->pool;

        if (has_clue(row, clue->at, clue->text) || !make_room(row, pattern, max, clue->weight, clue->at) ||
            !make_room(row, "*", CLUES_MAX, clue->weight, clue->at))
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
        evidence_add_some(evidence, row, &(struct clue){ kind, weight, at, text }, "*", CLUES_MAX);
}

void evidence_unseen(const struct evidence *evidence, const char *what, int error)
{
        struct drift *drift = evidence->drift;

        drift->unseen = pool_format(drift->pool, "%s%s%s%s%s", drift->unseen ? drift->unseen : "", drift->unseen ? "; " : "",
                                    what, error ? ": " : "", error ? error_words(error) : "");
}

bool evidence_is_of(const struct step *step, const struct drift_row *row)
{
        size_t size = strlen(step->id);

        return text_equals(step->id, row->name) || (!strncmp(row->name, step->id, size) && row->name[size] == '.');
}

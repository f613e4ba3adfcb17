/* Reading what the journal holds of the time in which items went wrong; and what the kernel said then. */

#include "agent/evidence_inside.h"

#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>

#define SHOWN_MAX    160
#define KERNEL_WORDS "the kernel said: "
/* A link that flaps says the same all night. */
#define KERNEL_CLUES_MAX 4

static bool read_us(struct pool *pool, struct slice *rest, int64_t *seconds)
{
        struct slice word;
        uint64_t us;

        if (!slice_word(rest, " ", &word) || text_u64(slice_dup(pool, word), 10, &us) < 0)
                return false;
        *seconds = (int64_t)(us / 1000000);
        return true;
}

void evidence_read_journal(const struct evidence *evidence, const char *question, const char *what,
                           void (*hold)(const struct evidence *evidence, const struct journal_line *line))
{
        int64_t since = evidence_since(evidence->drift), oldest;
        const void *answer;
        const char *text;
        struct slice line;
        size_t size;
        int r;

        r = host_ask(evidence->session->host, evidence->pool, &answer, &size, "journal/%s/%s", question,
                     journal_window_for(evidence->session->seconds - since));
        if (r < 0) {
                evidence_unseen(evidence, pool_format(evidence->pool, "%s in the journal", what), r);
                return;
        }
        text = pool_copy(evidence->pool, answer, size);
        while (text_line(&text, &line)) {
                autopool struct pool *pool = pool_new();
                struct evidence one = *evidence;
                struct journal_line entry;
                struct slice word;

                one.pool = pool;
                if (!slice_word(&line, " ", &word))
                        continue;
                if (slice_equals(word, "oldest_us") && read_us(pool, &line, &oldest) && oldest > since)
                        evidence_unseen(evidence, pool_format(evidence->pool, "%s before the journal begins", what), -ENODATA);
                /* The answer has a bound, and the newest are missing then. */
                if (slice_equals(word, "more"))
                        evidence_unseen(evidence, pool_format(evidence->pool, "%s behind the first 4 MiB of them", what),
                                        -ENODATA);
                if (!slice_equals(word, "entry") || !read_us(pool, &line, &entry.at) || !slice_word(&line, " ", &word))
                        continue;
                entry.who = slice_dup(pool, word);
                entry.message = slice_dup(pool, line);
                hold(&one, &entry);
        }
}

/* --- what the kernel said ------------------------------------------------------------------------------------------------- */

static bool was_said(const struct drift_row *row, const char *text)
{
        for (size_t i = 0; i < row->clue_count; i++)
                if (text_equals(row->clues[i].text, text))
                        return true;
        return false;
}

static void hold_kernel(const struct evidence *evidence, const struct journal_line *line)
{
        const char *words = pool_format(evidence->pool, KERNEL_WORDS "%s",
                                        text_printable(evidence->pool, text_trim(evidence->pool, line->message), SHOWN_MAX));

        for (size_t i = 0; text_equals(line->who, "kernel") && i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                if (evidence_fits(row, line->at) && evidence_names(evidence, row, line->message) && !was_said(row, words))
                        evidence_add_some(evidence, row,
                                          &(struct clue){ "kernel", evidence_weigh(row, line->at, 80), line->at, words },
                                          KERNEL_WORDS, KERNEL_CLUES_MAX);
        }
}

void evidence_of_kernel(const struct evidence *evidence)
{
        evidence_read_journal(evidence, "kernel", "the kernel's words", hold_kernel);
}

/* Reading what the journal holds of the time in which items went wrong; and what the kernel said then. */

#include "agent/evidence_inside.h"

#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

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

static void say_missing(const struct evidence *evidence, const char *what, struct slice word, struct slice line)
{
        struct pool *pool = evidence->pool;
        int64_t since = evidence_since(evidence->drift), at;

        if (slice_equals(word, "oldest_us") && read_us(pool, &line, &at) && at > since)
                evidence_unseen(evidence, pool_format(pool, "%s before the journal begins", what), -ENODATA);
        if (slice_equals(word, "older") && read_us(pool, &line, &at) && at >= since)
                evidence_unseen(evidence,
                                pool_format(pool, "%s until %s, since those after it are more than drift reads at once", what,
                                            history_time(pool, at)),
                                0);
        /* Captures of an earlier plumbline: the newest are missing there. */
        if (slice_equals(word, "more"))
                evidence_unseen(evidence, pool_format(pool, "the newest of %s, which this capture had no room for", what), 0);
}

/* What the answer said so far. */
struct said {
        struct pool *pool;
        size_t count;
        const char **rows;
};

static void add_said(struct said *said, const struct journal_line *entry)
{
        said->rows = pool_grow(said->pool, said->rows, said->count, sizeof *said->rows);
        said->rows[said->count++] = entry->message;
}

/* "entry WHEN WHO MESSAGE", or "same NUMBER WHEN WHO": what that entry said. */
static bool read_entry(struct said *said, struct slice word, struct slice line, struct journal_line *entry)
{
        struct pool *pool = said->pool;
        struct slice who, number;
        uint64_t place;

        if (slice_equals(word, "same") && slice_word(&line, " ", &number) &&
            text_u64(slice_dup(pool, number), 10, &place) == 0 && place >= 1 && place <= said->count) {
                entry->message = said->rows[place - 1];
                if (!read_us(pool, &line, &entry->at) || !slice_word(&line, " ", &who))
                        return false;
                entry->who = slice_dup(pool, who);
                return true;
        }
        if (!slice_equals(word, "entry") || !read_us(pool, &line, &entry->at) || !slice_word(&line, " ", &who))
                return false;
        entry->who = slice_dup(pool, who);
        entry->message = slice_dup(pool, line);
        add_said(said, entry);
        return true;
}

static int ask(const struct evidence *evidence, const char *question, const char *window, const char **text)
{
        const void *answer;
        size_t size;
        int r;

        r = host_ask(evidence->session->host, evidence->pool, &answer, &size, "journal/%s/%s", question, window);
        if (r == 0)
                *text = pool_copy(evidence->pool, answer, size);
        return r;
}

/* What is wanted beyond the time that counts is left out where it is not there, or leaves no room for that, as in captures of an earlier
 * plumbline. */
static int ask_widely(const struct evidence *evidence, const char *question, const char *window, const char **text)
{
        const char *needed = journal_window_for(evidence->session->seconds - evidence_since(evidence->drift));

        if (window && journal_window_seconds(window) > journal_window_seconds(needed) &&
            ask(evidence, question, window, text) == 0 && !text_ends(*text, "\nmore\n"))
                return 0;
        return ask(evidence, question, needed, text);
}

void evidence_read_journal(const struct evidence *evidence, const char *question, const char *what, const char *window,
                           void (*hold)(const struct evidence *evidence, const struct journal_line *line, void *into),
                           void *into)
{
        struct said said = { .pool = evidence->pool };
        struct slice line;
        const char *text;
        int r;

        r = ask_widely(evidence, question, window, &text);
        if (r < 0) {
                evidence_unseen(evidence, pool_format(evidence->pool, "%s in the journal", what), r);
                return;
        }
        while (text_line(&text, &line)) {
                autopool struct pool *pool = pool_new();
                struct evidence one = *evidence;
                struct journal_line entry;
                struct slice word;

                one.pool = pool;
                if (!slice_word(&line, " ", &word))
                        continue;
                say_missing(evidence, what, word, line);
                if (read_entry(&said, word, line, &entry))
                        hold(&one, &entry, into);
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

/* "CPU 7 is now offline", "CPU7: shutdown", "smpboot: ..."; offline are drives and memory, too. */
static bool is_of_cpus(const char *message)
{
        for (const char *at = strstr(message, "CPU"); at; at = strstr(at + 1, "CPU")) {
                const char *number = at + strlen("CPU") + strspn(at + strlen("CPU"), " #");

                if (isdigit((unsigned char)*number))
                        return true;
        }
        return evidence_has_word(message, "smpboot");
}

static bool is_named(const struct evidence *evidence, const struct drift_row *row, const char *message)
{
        return evidence_names(evidence, row, message) && (!text_equals(row->name, "cpu.online") || is_of_cpus(message));
}

static void hold_kernel(const struct evidence *evidence, const struct journal_line *line, void *into)
{
        const char *words = pool_format(evidence->pool, KERNEL_WORDS "%s",
                                        text_printable(evidence->pool, text_trim(evidence->pool, line->message), SHOWN_MAX));

        (void)into;
        for (size_t i = 0; text_equals(line->who, "kernel") && i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];

                if (evidence_fits(row, line->at) && is_named(evidence, row, line->message) && !was_said(row, words))
                        evidence_add_some(evidence, row,
                                          &(struct clue){ "kernel", evidence_weigh(row, line->at, 80), line->at, words },
                                          KERNEL_WORDS "*", KERNEL_CLUES_MAX);
        }
}

void evidence_of_kernel(const struct evidence *evidence)
{
        evidence_read_journal(evidence, "kernel", "the kernel's words", NULL, hold_kernel, NULL);
}

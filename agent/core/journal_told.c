/* Putting an answer of entries together that are met from the newest back: where there are too many, the oldest are what is missing. What
 * watches a host by sudo says the same thousands of times a day. */

#include "agent/core/journal_told.h"

#include "agent/core/pool.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* "entry 18446744073709551615 " and the newline, or "same 4294967295 18446744073709551615" and its own. */
#define LINE_MAX 38

struct words {
        const char *text;
        unsigned number; /* of the line that has them; 0: none yet */
};

struct told {
        uint64_t when_us;
        struct words *words;
};

struct journal_told {
        struct pool *pool;
        size_t most, size, count;
        struct told *rows;
        void *by_words; /* a tree of tsearch(3) */
        bool ended;
        uint64_t ended_us;
};

static int compare(const void *a, const void *b)
{
        return strcmp(((const struct words *)a)->text, ((const struct words *)b)->text);
}

struct journal_told *journal_told_new(size_t most)
{
        struct pool *pool = pool_new();
        struct journal_told *told = pool_zero(pool, sizeof *told);

        told->pool = pool;
        told->most = most;
        return told;
}

static void free_nothing(void *words)
{
        (void)words;
}

void journal_told_free(struct journal_told *told)
{
        tdestroy(told->by_words, free_nothing);
        pool_free(told->pool);
}

/* A clock may have been wrong then: it is no later than the one before. */
void journal_told_end(struct journal_told *told, uint64_t when_us)
{
        uint64_t before_us = told->count ? told->rows[told->count - 1].when_us : 0;

        if (told->ended)
                return;
        told->ended = true;
        told->ended_us = when_us > before_us ? when_us : before_us;
}

bool journal_told_add(struct journal_told *told, uint64_t when_us, const char *words)
{
        struct words wanted = { .text = words }, *own;
        struct words *const *found = tfind(&wanted, &told->by_words, compare);
        size_t size = LINE_MAX + (found ? 0 : strlen(words));

        if (told->ended || size > told->most - told->size) {
                journal_told_end(told, when_us);
                return false;
        }
        if (!found) {
                own = pool_zero(told->pool, sizeof *own);
                own->text = pool_dup(told->pool, words);
                found = tsearch(own, &told->by_words, compare);
                if (!found)
                        abort();
        }
        told->size += size;
        told->rows = pool_grow(told->pool, told->rows, told->count, sizeof *told->rows);
        told->rows[told->count++] = (struct told){ when_us, *found };
        return true;
}

void journal_told_tell(struct journal_told *told, struct text_buffer *text)
{
        unsigned number = 0;

        if (told->ended)
                text_addf(text, "older %llu\n", (unsigned long long)told->ended_us);
        for (size_t i = told->count; i-- > 0;) {
                struct words *words = told->rows[i].words;
                unsigned long long when = told->rows[i].when_us;

                if (words->number) {
                        text_addf(text, "same %u %llu\n", words->number, when);
                        continue;
                }
                words->number = ++number;
                text_addf(text, "entry %llu %s\n", when, words->text);
        }
}

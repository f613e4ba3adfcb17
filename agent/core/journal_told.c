/* Putting an answer of entries together that are met from the newest back: where there are too many, the oldest are what is missing. What
 * watches a host by sudo says the same thousands of times a day. */

#include "agent/core/journal_told.h"

#include "agent/core/pool.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* "entry 18446744073709551615  " and the newline, or "same 4294967295 18446744073709551615 " and its own. */
#define LINE_MAX 39

struct message {
        const char *text;
        unsigned number; /* of the line that has it; 0: none yet */
};

struct told {
        uint64_t when_us;
        const char *who;
        struct message *message;
};

struct journal_told {
        struct pool *pool;
        size_t most, size, count;
        struct told *rows;
        void *by_message; /* a tree of tsearch(3) */
        bool ended;
        uint64_t ended_us;
};

static int compare(const void *a, const void *b)
{
        return strcmp(((const struct message *)a)->text, ((const struct message *)b)->text);
}

struct journal_told *journal_told_new(size_t most)
{
        struct pool *pool = pool_new();
        struct journal_told *told = pool_zero(pool, sizeof *told);

        told->pool = pool;
        told->most = most;
        return told;
}

static void free_nothing(void *message)
{
        (void)message;
}

void journal_told_free(struct journal_told *told)
{
        tdestroy(told->by_message, free_nothing);
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
        size_t who_size = strcspn(words, " ");
        struct message wanted = { .text = words + who_size + (words[who_size] == ' ') }, *own;
        struct message *const *found = tfind(&wanted, &told->by_message, compare);
        size_t size = LINE_MAX + who_size + (found ? 0 : strlen(wanted.text));

        if (told->ended || size > told->most - told->size) {
                journal_told_end(told, when_us);
                return false;
        }
        if (!found) {
                own = pool_zero(told->pool, sizeof *own);
                own->text = pool_dup(told->pool, wanted.text);
                found = tsearch(own, &told->by_message, compare);
                if (!found)
                        abort();
        }
        told->size += size;
        told->rows = pool_grow(told->pool, told->rows, told->count, sizeof *told->rows);
        told->rows[told->count++] = (struct told){ when_us, slice_dup(told->pool, (struct slice){ words, who_size }), *found };
        return true;
}

void journal_told_tell(struct journal_told *told, struct text_buffer *text)
{
        unsigned number = 0;

        if (told->ended)
                text_addf(text, "older %llu\n", (unsigned long long)told->ended_us);
        for (size_t i = told->count; i-- > 0;) {
                struct message *message = told->rows[i].message;
                unsigned long long when = told->rows[i].when_us;

                if (message->number) {
                        text_addf(text, "same %u %llu %s\n", message->number, when, told->rows[i].who);
                        continue;
                }
                message->number = ++number;
                text_addf(text, "entry %llu %s %s\n", when, told->rows[i].who, message->text);
        }
}

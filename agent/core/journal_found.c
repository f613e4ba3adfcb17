/* The errors that were found in the files of the journal, one file after the other. */

#include "agent/core/journal_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <string.h>

size_t journal_found_boot(struct journal_found *found, sd_id128_t id)
{
        for (size_t i = 0; i < found->boot_count; i++)
                if (sd_id128_equal(found->boots[i].id, id))
                        return i;
        found->boots = pool_grow(found->pool, found->boots, found->boot_count, sizeof *found->boots);
        found->boots[found->boot_count] = (struct journal_boot){ .id = id };
        return found->boot_count++;
}

void journal_found_begin(struct journal_found *found)
{
        found->file++;
        found->file_line = found->line_count;
        for (size_t i = 0; i < found->boot_count; i++)
                found->boots[i].last_us = 0;
}

void journal_found_forget(struct journal_found *found)
{
        found->line_count = found->file_line;
        found->more = false;
}

/* Files are read from the newest, so that the boot that was met last is the oldest. */
static int compare(const void *one, const void *other)
{
        const struct journal_line *a = one, *b = other;

        if (a->boot != b->boot)
                return a->boot > b->boot ? -1 : 1;
        if (a->since_boot_us != b->since_boot_us)
                return a->since_boot_us < b->since_boot_us ? -1 : 1;
        return a->at < b->at ? -1 : a->at > b->at;
}

void journal_found_sort(struct journal_found *found, size_t from)
{
        if (found->line_count > from)
                qsort(found->lines + from, found->line_count - from, sizeof *found->lines, compare);
}

bool journal_found_has(const struct journal_found *found, size_t boot, uint64_t since_boot_us)
{
        size_t low = found->file_line, high = found->line_count;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;
                const struct journal_line *line = &found->lines[middle];

                if (line->boot == boot && line->since_boot_us == since_boot_us)
                        return true;
                if (line->boot > boot || (line->boot == boot && line->since_boot_us < since_boot_us))
                        low = middle + 1;
                else
                        high = middle;
        }
        return false;
}

/* Somebody may have copied a file of the journal beside it: libsystemd, too, takes what is the same in two files for one entry. */
static bool is_told(const struct journal_found *found, size_t number)
{
        const struct journal_line *line = &found->lines[number];

        for (size_t i = number; i-- > 0;) {
                const struct journal_line *before = &found->lines[i];

                if (before->boot != line->boot || before->since_boot_us != line->since_boot_us)
                        return false;
                if (before->file != line->file && before->size == line->size &&
                    memcmp(found->text.at + before->at, found->text.at + line->at, line->size) == 0)
                        return true;
        }
        return false;
}

void journal_found_tell(struct journal_found *found, struct text_buffer *text)
{
        journal_found_sort(found, 0);
        for (size_t i = 0; i < found->line_count; i++)
                if (!is_told(found, i))
                        text_add_bytes(text, found->text.at + found->lines[i].at, found->lines[i].size);
        if (found->more)
                text_add(text, "more\n");
}

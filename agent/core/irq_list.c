/* Reading the interrupts of a host. */

#include "agent/core/irq_list.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 9U
#define SHOWN_MAX  160U

/* "/proc/interrupts" is read only where nothing else names an interrupt, and once. */
struct table {
        bool looked;
        bool readable;
        size_t count;
        struct table_row {
                unsigned number;
                const char *actions;
        } * rows; /* as in the file: by number */
};

struct reader {
        struct host *host;
        struct pool *pool;
        struct table table;
};

static bool number_of(const char *name, unsigned *number)
{
        uint64_t found;

        if (!*name || strlen(name) > DIGITS_MAX || name[strspn(name, "0123456789")] || (name[0] == '0' && name[1]))
                return false;
        if (text_u64(name, 10, &found) < 0)
                return false;
        *number = (unsigned)found;
        return true;
}

/* --- names --------------------------------------------------------------------------------------------------------------- */

/* "512000-edge", "16": what stands between the chip's name and the actions since kernel 3.19 or so. */
static bool is_hwirq(struct slice word)
{
        size_t digits = 0;

        while (digits < word.size && word.at[digits] >= '0' && word.at[digits] <= '9')
                digits++;
        return digits > 0 && (digits == word.size || word.at[digits] == '-');
}

/* What stands behind the count, the name of the chip and the number of its line. */
static const char *line_actions(const struct reader *reader, struct slice line)
{
        struct slice word, before;

        for (size_t skipped = 0; skipped < 2; skipped++)
                if (!slice_word(&line, " \t", &word))
                        return "";
        before = line;
        if (slice_word(&line, " \t", &word) && !is_hwirq(word))
                line = before;
        return slice_dup(reader->pool, slice_trim(line));
}

static void read_table(struct reader *reader)
{
        struct table *table = &reader->table;
        struct slice line, word;
        const char *cursor;

        table->looked = true;
        if (host_interrupts(reader->host, reader->pool, &cursor) < 0)
                return;
        table->readable = true;
        while (text_line(&cursor, &line)) {
                unsigned number;

                if (!slice_word(&line, " \t", &word) || word.at[word.size - 1] != ':')
                        continue;
                word.size--;
                if (!number_of(slice_dup(reader->pool, word), &number))
                        continue;
                table->rows = pool_grow(reader->pool, table->rows, table->count, sizeof *table->rows);
                table->rows[table->count++] = (struct table_row){ number, line_actions(reader, line) };
        }
}

static int compare_rows(const void *a, const void *b)
{
        const struct table_row *left = a, *right = b;

        return left->number < right->number ? -1 : left->number > right->number;
}

/* NULL: the table has no such line, and so nobody uses the interrupt; "" where there is no table. */
static const char *table_actions(struct reader *reader, unsigned number)
{
        const struct table_row wanted = { .number = number };
        const struct table_row *row = NULL;

        if (!reader->table.looked)
                read_table(reader);
        if (!reader->table.readable)
                return "";
        if (reader->table.count)
                row = bsearch(&wanted, reader->table.rows, reader->table.count, sizeof wanted, compare_rows);
        return row ? row->actions : NULL;
}

/* The kernel makes a folder for each action (register_handler_proc() in kernel/irq/proc.c). */
static const char *folder_actions(const struct reader *reader, unsigned number)
{
        static const char *const files[] = { "affinity_hint",
                                             "effective_affinity",
                                             "effective_affinity_list",
                                             "node",
                                             "smp_affinity",
                                             "smp_affinity_list",
                                             "spurious",
                                             NULL };
        autobuffer struct text_buffer text = { 0 };
        const char *const *names;

        if (host_list(reader->host, reader->pool, &names, "/proc/irq/%u", number) < 0)
                return NULL;
        for (; *names; names++) {
                const char *const *file = files;

                while (*file && !text_equals(*file, *names))
                        file++;
                if (!*file)
                        text_addf(&text, "%s%s", text.size ? "," : "", *names);
        }
        return text.size ? pool_dup(reader->pool, text.at) : NULL;
}

/* NULL: nobody uses the interrupt; "": its name is not known. */
static const char *read_actions(struct reader *reader, unsigned number)
{
        const char *text;

        if (host_read(reader->host, reader->pool, &text, "/sys/kernel/irq/%u/actions", number) >= 0) {
                text = text_trim(reader->pool, text);
                return *text && !text_equals(text, "(null)") ? text : NULL;
        }
        text = folder_actions(reader, number);
        return text ? text : table_actions(reader, number);
}

static bool is_fixed(unsigned number, const char *actions)
{
        return (number == 0 && text_equals(actions, "timer")) || text_equals(actions, "cascade") ||
               text_equals(actions, "arch_timer") || text_starts(actions, "arm-pmu");
}

static bool all_managed(struct pool *pool, const char *actions)
{
        struct slice action;
        size_t count = 0;

        for (; text_word(&actions, ", ", &action); count++)
                if (!irq_name_is_managed(slice_dup(pool, action)))
                        return false;
        return count > 0;
}

static int read_irqs(struct reader *reader, struct irq_list *list)
{
        const char *const *names;
        int r;

        r = host_list(reader->host, reader->pool, &names, "/proc/irq");
        if (r < 0)
                return r == -ENOTDIR ? -ENOENT : r;
        for (; *names; names++) {
                const char *actions;
                unsigned number;

                if (!number_of(*names, &number))
                        continue;
                actions = read_actions(reader, number);
                if (!actions)
                        continue;
                actions = text_printable(reader->pool, actions, SHOWN_MAX);
                list->rows = pool_grow(reader->pool, list->rows, list->count, sizeof *list->rows);
                list->rows[list->count++] = (struct irq){
                        .number = number,
                        .actions = actions,
                        .queue = IRQ_QUEUE_UNKNOWN,
                        .managed = all_managed(reader->pool, actions),
                        .fixed = is_fixed(number, actions),
                };
        }
        return 0;
}

/* --- devices ------------------------------------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
        const struct irq *left = a, *right = b;

        return left->number < right->number ? -1 : left->number > right->number;
}

static struct irq *find_irq(const struct irq_list *list, unsigned number)
{
        const struct irq wanted = { .number = number };

        return list->count ? bsearch(&wanted, list->rows, list->count, sizeof *list->rows, compare_numbers) : NULL;
}

static void set_device(const struct irq_list *list, unsigned number, const char *pci)
{
        struct irq *irq = find_irq(list, number);

        if (irq && !irq->pci)
                irq->pci = pci;
}

/* The line that a card without message interrupts shares with others stands in its file "irq"; 0 is none. */
static void read_device(const struct reader *reader, const struct irq_list *list, const char *pci)
{
        const char *const *names;
        bool found = false;
        unsigned number;
        int64_t line;

        if (host_list(reader->host, reader->pool, &names, "/sys/bus/pci/devices/%s/msi_irqs", pci) >= 0) {
                for (; *names; names++) {
                        if (!number_of(*names, &number))
                                continue;
                        set_device(list, number, pci);
                        found = true;
                }
        }
        if (!found && host_number(reader->host, &line, "/sys/bus/pci/devices/%s/irq", pci) >= 0 && line > 0 && line < INT32_MAX)
                set_device(list, (unsigned)line, pci);
}

static void read_devices(const struct reader *reader, struct irq_list *list)
{
        const char *const *names;

        if (list->count)
                qsort(list->rows, list->count, sizeof *list->rows, compare_numbers);
        if (host_list(reader->host, reader->pool, &names, "/sys/bus/pci/devices") < 0)
                return;
        for (; *names; names++)
                read_device(reader, list, *names);
}

int irq_list_read(struct host *host, struct pool *pool, struct irq_list *list)
{
        struct reader reader = { .host = host, .pool = pool };
        int r;

        *list = (struct irq_list){ 0 };
        r = read_irqs(&reader, list);
        if (r < 0)
                return r;
        read_devices(&reader, list);
        return irq_nics_read(host, pool, list);
}

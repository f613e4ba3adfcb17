/* What the next boot was to bring: recorded when an apply ends, and held against the host once it was restarted. */

#include "agent/apply_inside.h"

#include "agent/core/boot.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

static bool is_promise(const struct step *step)
{
        return step->status == STATUS_PENDING && step->when == WHEN_BOOT && step->want;
}

void promise_record(struct pool *pool, const struct plan *plan, struct ledger *ledger)
{
        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];

                if (!is_promise(step))
                        continue;
                ledger->promises = pool_grow(pool, ledger->promises, ledger->promise_count, sizeof *ledger->promises);
                ledger->promises[ledger->promise_count++] =
                        (struct ledger_promise){ .id = pool_dup(pool, step->id), .want = pool_dup(pool, step->want) };
        }
}

/* All that is needed of the ledger, read once for a plan in which something is pending. */
struct past {
        struct host *host;
        struct pool *pool;
        const char *boot_id;
        int64_t began; /* this boot; 0 unknown */
        size_t count;
        struct ledger *ledgers; /* those that hold, the newest first */
};

static void read_past(struct past *past)
{
        unsigned *ids;
        size_t count;

        past->boot_id = ledger_boot_id(past->host, past->pool);
        past->began = boot_time(past->host);
        if (!*past->boot_id || ledger_ids(past->host, past->pool, &ids, &count) < 0)
                return;
        for (size_t i = count; i-- > 0;) {
                struct ledger ledger;

                if (ledger_read(past->host, past->pool, ids[i], &ledger) < 0 || ledger.state != LEDGER_APPLIED)
                        continue;
                past->ledgers = pool_grow(past->pool, past->ledgers, past->count, sizeof *past->ledgers);
                past->ledgers[past->count++] = ledger;
        }
}

static bool is_same_knob(const char *id, const char *other)
{
        size_t size = strcspn(id, ".");

        return size == strcspn(other, ".") && !strncmp(id, other, size);
}

/* Whoever wrote a file of the knob again in this boot made a new promise, and the ledger may not know of it. */
static bool is_renewed(const struct past *past, const char *id)
{
        for (size_t i = 0; i < past->count; i++) {
                const struct ledger *ledger = &past->ledgers[i];

                for (size_t j = 0; j < ledger->count; j++) {
                        const struct ledger_row *row = &ledger->rows[j];
                        struct host_stat stat;

                        if (row->how != LEDGER_FILE || row->after.kind != CONTENT_FILE || !row->id ||
                            !is_same_knob(row->id, id))
                                continue;
                        if (past->began && host_stat(past->host, &stat, "%s", row->target) == 0 && stat.modified >= past->began)
                                return true;
                }
        }
        return false;
}

/* The newest ledger that promised this; NULL if none did before this boot. */
static const struct ledger *find_promise(const struct past *past, const struct step *step)
{
        for (size_t i = 0; i < past->count; i++) {
                const struct ledger *ledger = &past->ledgers[i];

                for (size_t j = 0; j < ledger->promise_count; j++) {
                        if (!text_equals(ledger->promises[j].id, step->id) ||
                            !text_equals(ledger->promises[j].want, step->want))
                                continue;
                        return text_equals(ledger->boot_id, past->boot_id) ? NULL : ledger;
                }
        }
        return NULL;
}

static void break_promise(struct plan *plan, struct step *step, const struct ledger *ledger)
{
        bool loader = is_same_knob(step->id, "cmdline") || is_same_knob(step->id, "kernel");

        step->status = STATUS_DRIFT;
        step->when = WHEN_NOW;
        step->risk = RISK_QUIET;
        step->note = pool_format(plan->pool,
                                 loader ? "the boot loader's entry has it since %s, and the kernel that runs was not started "
                                          "with it although the host was restarted since"
                                        : "it was to hold from the next boot on since %s, and does not although the host was "
                                          "restarted since",
                                 text_printable(plan->pool, ledger->time, 40));
        step->fix = loader ? "find out what started this kernel: another menu entry, another loader, kexec, a hypervisor"
                           : "find out what sets it at boot";
}

void promise_judge(struct host *host, struct plan *plan)
{
        autopool struct pool *pool = pool_new();
        struct past past = { .host = host, .pool = pool };
        bool read = false;

        for (size_t i = 0; i < plan->count; i++) {
                struct step *step = plan->rows[i];
                const struct ledger *ledger;

                if (!is_promise(step))
                        continue;
                if (!read)
                        read_past(&past);
                read = true;
                ledger = find_promise(&past, step);
                if (ledger && !is_renewed(&past, step->id))
                        break_promise(plan, step, ledger);
        }
}

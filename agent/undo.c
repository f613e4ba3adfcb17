/* Taking back: the ledger read from its end, each row put to what it was. */

#include "agent/apply_inside.h"
#include "agent/event.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

int lock_take(struct host *host)
{
        int r;

        r = host_lock(host, LOCK_FILE, false);
        if (r != -ENOENT && r != -ENOTDIR)
                return r;
        r = host_make_folder(host, LOCK_FOLDER, 0755);
        if (r < 0)
                return r;
        return host_lock(host, LOCK_FILE, true);
}

/* A file that was being made beside its place when the power went. */
static int remove_beside(struct host *host, const char *path)
{
        autopool struct pool *pool = pool_new();
        const char *slash = strrchr(path, '/');
        const struct content nothing = { .kind = CONTENT_ABSENT };
        struct host_stat stat;
        const char *beside;

        if (!slash)
                return 0;
        beside = pool_format(pool, "%.*s/.%s.plumbline-new", (int)(slash - path), path, slash + 1);
        return host_stat(host, &stat, "%s", beside) < 0 ? 0 : host_replace(host, beside, &nothing);
}

static int undo_file(struct host *host, struct pool *pool, const struct ledger_row *row, struct outcome *outcome)
{
        struct content now;
        int r;

        r = remove_beside(host, row->target);
        if (r < 0)
                return r;
        r = host_content(host, pool, &now, row->target);
        if (r < 0)
                return r;
        if (content_equals(&now, &row->before))
                return 0;
        if (!content_equals(&now, &row->after))
                outcome->note = "somebody changed it after the apply; it was put back to what was there before the apply";
        r = host_replace(host, row->target, &row->before);
        if (r == -ENOTEMPTY) {
                outcome->result = RESULT_SKIPPED;
                outcome->note = "the folder is in use now and stays";
                return 0;
        }
        return r;
}

/* What a kernel file holds, for people: tabs and the newline as blanks. */
static const char *one_line(struct pool *pool, const char *text)
{
        char *line;

        if (!text)
                return NULL;
        line = text_trim(pool, text);
        for (char *c = line; *c; c++)
                if (*c == '\t' || *c == '\n')
                        *c = ' ';
        return line;
}

static int undo_write(struct host *host, struct pool *pool, const struct ledger_row *row, struct outcome *outcome)
{
        const char *now;
        int r;

        r = host_read(host, pool, &now, "%s", row->target);
        if (r == -ENOENT || r == -ENOTDIR) {
                outcome->result = RESULT_SKIPPED;
                outcome->note = "it is gone";
                return 0;
        }
        if (r >= 0 && text_equals(now, row->text_before))
                return 0;
        if (r >= 0 && row->text_after && !text_equals(one_line(pool, now), one_line(pool, row->text_after)))
                outcome->note = pool_format(pool, "it was %s meanwhile", text_printable(pool, one_line(pool, now), 60));
        r = host_write(host, row->target, row->text_before);
        if (r < 0 && row->refusal_harmless) {
                outcome->result = RESULT_SKIPPED;
                outcome->note = "the kernel keeps it";
                return 0;
        }
        return r;
}

static void undo_row(struct host *host, struct pool *pool, const struct ledger_row *row, bool same_boot,
                     struct refreshes *refreshes, struct outcomes *outcomes)
{
        struct outcome outcome = {
                .id = row->id,
                .target = row->target,
                .from = row->from,
                .when = row->when,
                .risk = row->risk,
                .result = RESULT_UNDONE,
                .how = row->how == LEDGER_WRITE  ? STEP_WRITE
                       : row->how == LEDGER_FILE ? STEP_FILE
                                                 : STEP_CALL,
        };
        int r = 0;

        if (row->how != LEDGER_FILE && row->when == WHEN_NOW && !same_boot) {
                outcome.result = RESULT_SKIPPED;
                outcome.note = "the reboot took it back already";
        } else if (row->how == LEDGER_FILE) {
                refresh_want(refreshes, row->refresh);
                r = undo_file(host, pool, row, &outcome);
        } else if (!row->text_before) {
                outcome.result = RESULT_SKIPPED;
                outcome.note = "nothing to take back";
        } else if (row->how == LEDGER_WRITE) {
                r = undo_write(host, pool, row, &outcome);
        } else {
                r = host_tell(host, row->target, row->text_before);
                refresh_want(refreshes, row->refresh);
        }
        if (r < 0) {
                outcome.result = RESULT_FAILED;
                outcome.error = r;
        }
        outcome.now = row->how == LEDGER_FILE ? content_words(pool, &row->after) : one_line(pool, row->text_after);
        outcome.want = row->how == LEDGER_FILE ? content_words(pool, &row->before) : one_line(pool, row->text_before);
        outcome_add(outcomes, &outcome);
}

/* What a profile stopped is started last, when every file is back and systemd has read them again: until then a unit may be masked. */
static bool is_start(const struct ledger_row *row)
{
        return row->how == LEDGER_CALL && text_starts(row->target, "unit/") && text_equals(row->text_before, "start");
}

int ledger_undo(struct host *host, struct pool *pool, struct ledger *ledger, struct outcomes *outcomes)
{
        bool same_boot = text_equals(ledger->boot_id, ledger_boot_id(host, pool));
        size_t before = outcomes->count;
        struct refreshes refreshes = { 0 };
        int r, first = 0;
        size_t lost;

        outcomes->rebooted = outcomes->rebooted || !same_boot;
        for (size_t i = ledger->count; i-- > 0;)
                if (!is_start(&ledger->rows[i]))
                        undo_row(host, pool, &ledger->rows[i], same_boot, &refreshes, outcomes);
        r = refresh_all(host, &refreshes);
        for (size_t i = ledger->count; i-- > 0;)
                if (is_start(&ledger->rows[i]))
                        undo_row(host, pool, &ledger->rows[i], same_boot, &refreshes, outcomes);
        for (size_t i = before; i < outcomes->count; i++)
                if (outcomes->rows[i].result == RESULT_FAILED && first == 0)
                        first = outcomes->rows[i].error;
        if (first == 0)
                first = r;
        if (first < 0)
                return first;
        /* In one that was cut off, a line without a row behind it is the record that a full disk cut short: it was not acted on. */
        lost = ledger->state == LEDGER_OPEN ? ledger->lost : ledger->damaged;
        r = ledger_end(host, ledger, LEDGER_UNDONE);
        if (r < 0)
                outcomes->problem = pool_format(outcomes->pool,
                                                "everything was taken back, but ledger %u could not be closed (%s): run "
                                                "plumbline recover when there is room",
                                                ledger->id, strerror(-r));
        if (r < 0 || !lost)
                return r;
        event_send(host, event_ledger_damaged(pool, ledger, lost));
        /* Closed all the same: another try would find no more in it. */
        outcomes->problem = pool_format(outcomes->pool,
                                        "ledger %u is damaged: %zu of its records could not be read, all others were undone",
                                        ledger->id, lost);
        return -EBADMSG;
}

/* The last apply of an administrator that is not undone yet; where only such are left that were made at boot, the first of them.
 * 0: none. */
static unsigned find_last(struct host *host, const unsigned *ids, size_t count)
{
        autopool struct pool *pool = pool_new();
        unsigned first = 0;

        for (size_t i = count; i-- > 0;) {
                struct ledger ledger;

                if (ledger_read(host, pool, ids[i], &ledger) < 0 || ledger.state == LEDGER_UNDONE)
                        continue;
                if (!ledger.running)
                        return ids[i];
                first = ids[i];
        }
        return first;
}

/* passing: not even the first record of some can be read, and nobody asked for those. */
static int undo_from(struct host *host, const unsigned *ids, size_t count, unsigned id, bool passing, struct outcomes *outcomes)
{
        autopool struct pool *pool = pool_new();
        bool found = false;

        for (size_t i = count; i-- > 0 && ids[i] >= id;) {
                struct ledger ledger;
                int r;

                r = ledger_read(host, pool, ids[i], &ledger);
                if (r == -EBADMSG && passing)
                        continue;
                if (r < 0)
                        return r;
                if (ledger.state == LEDGER_UNDONE)
                        continue;
                found = true;
                outcomes->ledger = ids[i];
                r = ledger_undo(host, pool, &ledger, outcomes);
                if (r < 0)
                        return r;
        }
        return found ? 0 : -ENOENT;
}

int undo_run(struct host *host, unsigned id, struct outcomes *outcomes)
{
        autopool struct pool *pool = pool_new();
        bool known = id == 0;
        unsigned *ids;
        size_t count;
        int r;

        r = ledger_ids(host, pool, &ids, &count);
        if (r < 0)
                return r;
        for (size_t i = 0; i < count; i++)
                known = known || ids[i] == id;
        if (!known || !count)
                return -ENOENT;
        r = lock_take(host);
        if (r < 0)
                return r;
        if (id)
                return undo_from(host, ids, count, id, false, outcomes);
        id = find_last(host, ids, count);
        return id ? undo_from(host, ids, count, id, true, outcomes) : -ENOENT;
}

int recover_open(struct host *host, struct outcomes *outcomes, bool *found)
{
        autopool struct pool *pool = pool_new();
        unsigned *ids;
        size_t count;
        int r, first = 0;

        *found = false;
        r = ledger_ids(host, pool, &ids, &count);
        if (r < 0)
                return r;
        for (size_t i = count; i-- > 0;) {
                struct ledger ledger;

                /* Not even its first record reached the disk: then nothing was changed under it. */
                if (ledger_read(host, pool, ids[i], &ledger) < 0 || ledger.state != LEDGER_OPEN)
                        continue;
                *found = true;
                outcomes->ledger = ids[i];
                r = ledger_undo(host, pool, &ledger, outcomes);
                if (first == 0)
                        first = r;
        }
        return first;
}

int recover_run(struct host *host, struct outcomes *outcomes)
{
        autopool struct pool *pool = pool_new();
        unsigned *ids;
        size_t count;
        int r;

        r = ledger_ids(host, pool, &ids, &count);
        if (r < 0 || !count)
                return r;
        r = lock_take(host);
        if (r < 0)
                return r;
        return recover_open(host, outcomes, &outcomes->undone);
}

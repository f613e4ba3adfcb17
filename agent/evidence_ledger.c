/* What plumbline itself did, by its own ledgers: its applies, and what took them back. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>
#include <time.h>

#define FOLDER      "/var/lib/plumbline/ledger"
#define LEDGERS_MAX 64 /* the newest ones, which are looked at */
#define SHOWN_MAX   200

static int64_t read_time(const char *text)
{
        struct tm tm = { 0 };
        const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;

        return end && !*end ? timegm(&tm) : 0;
}

static void add(const struct evidence *evidence, const struct ledger *ledger, bool undone, int64_t from, int64_t to)
{
        struct evidence_deeds *deeds = evidence->deeds;

        deeds->rows = pool_grow(evidence->pool, deeds->rows, deeds->count, sizeof *deeds->rows);
        deeds->rows[deeds->count++] = (struct evidence_deed){ ledger, undone, from, to };
}

/* A ledger was written to last when its apply came to its end, or was taken back. */
void evidence_read_deeds(const struct evidence *evidence)
{
        struct host *host = evidence->session->host;
        unsigned *ids;
        size_t count;

        if (ledger_ids(host, evidence->pool, &ids, &count) < 0)
                return;
        /* From the newest on, until one that was cut off or cannot be read: what it did is not known, and so not what those before it left. */
        for (size_t i = count; i-- > 0 && count - i <= LEDGERS_MAX;) {
                struct ledger *ledger = pool_zero(evidence->pool, sizeof *ledger);
                struct host_stat stat = { 0 };
                int64_t began;

                if (ledger_read(host, evidence->pool, ids[i], ledger) < 0 || ledger->state == LEDGER_OPEN || ledger->damaged)
                        return;
                began = read_time(ledger->time);
                host_stat(host, &stat, FOLDER "/%06u.log", ids[i]);
                if (ledger->state == LEDGER_UNDONE)
                        add(evidence, ledger, true, stat.modified, stat.modified);
                add(evidence, ledger, false, began, ledger->state == LEDGER_UNDONE ? began : stat.modified);
        }
}

const char *evidence_deed_words(struct pool *pool, const struct evidence_deed *deed)
{
        return pool_format(pool, "plumbline's %s %u", deed->undone ? "undo of apply" : "apply", deed->ledger->id);
}

static bool fits(const struct drift_row *row, const struct evidence_deed *deed)
{
        return (deed->from && evidence_fits(row, deed->from)) || (deed->to && evidence_fits(row, deed->to));
}

static bool is_below(const char *name, const char *id)
{
        size_t size = strlen(id);

        return !strncmp(name, id, size) && (!name[size] || name[size] == '.');
}

/* Was the item's own place written? What is a device's own is none of a file's that only stands in its folder. */
static bool touches(const struct evidence *evidence, const struct drift_row *row, const struct ledger_row *written)
{
        bool fact = text_equals(row->layer, "fact"), runs = text_equals(row->layer, "running");

        if (written->how == LEDGER_FILE)
                return (text_equals(row->layer, "files") || text_equals(row->layer, "next-boot")) &&
                       is_below(row->name, written->id);
        if (fact)
                return !drift_device_size(row->name) && evidence_names(evidence, row, written->target);
        return text_equals(row->layer, "next-boot") ? is_below(row->name, written->id)
                                                    : runs && text_equals(row->name, written->id);
}

static const struct step *step_of(const struct evidence *evidence, const struct ledger_row *written)
{
        const struct plan *plan = evidence->examination->plan;

        for (size_t i = 0; i < plan->count; i++)
                if (plan->rows[i]->how == STEP_WRITE && plan->rows[i]->undo_text &&
                    text_equals(plan->rows[i]->target, written->target))
                        return plan->rows[i];
        return NULL;
}

/* Is what was written there still what is there? The plan read the same place, and knows the kind of its value. */
static enum saying says_now(const struct evidence *evidence, const struct drift_row *row, const struct ledger_row *written,
                            const char *left)
{
        const struct step *step = step_of(evidence, written);
        struct value then, now;

        if (written->how != LEDGER_WRITE)
                return SAYS;
        if (!step || value_parse_kernel(evidence->pool, left, step->kind, step->unit, &then) < 0 ||
            value_parse_kernel(evidence->pool, step->undo_text, step->kind, step->unit, &now) < 0)
                return evidence_saying(evidence->pool, row, text_trim(evidence->pool, left));
        if (value_equals(&then, &now))
                return SAYS;
        return evidence_saying(evidence->pool, row, value_show(evidence->pool, &then)) == SAYS_BASELINE ? SAYS_BASELINE
                                                                                                        : SAYS_OTHER;
}

/* What an apply, or an undo, did to the item. */
struct told {
        const struct ledger_row *first;
        const char *left;
        size_t count;
        enum saying saying;
};

static void look_at(const struct evidence *evidence, const struct drift_row *row, const struct evidence_deed *deed,
                    struct told *told)
{
        for (size_t i = 0; i < deed->ledger->count; i++) {
                const struct ledger_row *written = &deed->ledger->rows[i];
                const char *left = deed->undone ? written->text_before : written->text_after;
                enum saying here;

                if (written->how == LEDGER_FILE || !left || !touches(evidence, row, written))
                        continue;
                here = says_now(evidence, row, written, left);
                told->count++;
                if (here <= told->saying)
                        continue;
                told->saying = here;
                told->first = written;
                told->left = left;
        }
}

static const char *words_of(struct pool *pool, const struct evidence_deed *deed, const struct told *told)
{
        const char *left = text_printable(pool, text_trim(pool, told->left), 80);
        const char *more = told->count > 1 ? pool_format(pool, ", and %zu more", told->count - 1) : "";

        return pool_format(pool, "%s %s %s%s%s%s", evidence_deed_words(pool, deed),
                           told->first->how == LEDGER_CALL ? "did" : "set",
                           text_printable(pool, told->first->target, SHOWN_MAX),
                           told->first->how == LEDGER_CALL ? ": " : " to ", left, more);
}

/* The newest that fits tells what it is now; what came before it is over. */
static void hold_against(const struct evidence *evidence, struct drift_row *row)
{
        const struct evidence_deeds *deeds = evidence->deeds;

        for (size_t i = 0; i < deeds->count; i++) {
                const struct evidence_deed *deed = &deeds->rows[i];
                struct told told = { 0 };
                int64_t at = deed->to && evidence_fits(row, deed->to) ? deed->to : deed->from;

                if (!fits(row, deed))
                        continue;
                look_at(evidence, row, deed, &told);
                if (!told.first)
                        continue;
                if (told.saying != SAYS_BASELINE)
                        evidence_add(evidence, row, "tool", told.saying == SAYS ? evidence_weigh(row, at, 97) : CLUE_OTHER, at,
                                     words_of(evidence->pool, deed, &told));
                return;
        }
}

void evidence_of_ledgers(const struct evidence *evidence)
{
        for (size_t i = 0; i < evidence->drift->count; i++)
                hold_against(evidence, &evidence->drift->rows[i]);
}

/* `plumbline --root / undo 3`: 'u', or 'a' of apply; recover takes back, too. 0: it is nothing of the kind. */
static char verb_in(struct pool *pool, const char *text)
{
        bool own = false;
        struct slice word;

        while (text_word(&text, " \t'\";|&()", &word)) {
                if (own && (slice_equals(word, "undo") || slice_equals(word, "recover")))
                        return 'u';
                if (own && slice_equals(word, "apply"))
                        return 'a';
                own = own || text_equals(basename(slice_dup(pool, word)), "plumbline");
        }
        return 0;
}

static bool wrote_file(const struct evidence *evidence, const struct drift_row *row, const struct evidence_deed *deed)
{
        for (size_t i = 0; i < deed->ledger->count; i++)
                if (deed->ledger->rows[i].how == LEDGER_FILE && touches(evidence, row, &deed->ledger->rows[i]))
                        return true;
        return false;
}

enum naming evidence_names_deed(const struct evidence *evidence, const struct drift_row *row, const char *text)
{
        const struct evidence_deeds *deeds = evidence->deeds;
        char verb = strstr(text, "plumbline") ? verb_in(evidence->pool, text) : 0;
        enum naming naming = NAMES_NOT;

        for (size_t i = 0; verb && i < deeds->count && naming != NAMES_FILE; i++) {
                const struct evidence_deed *deed = &deeds->rows[i];
                struct told told = { 0 };

                if (deed->undone != (verb == 'u') || !fits(row, deed))
                        continue;
                look_at(evidence, row, deed, &told);
                if (told.saying == SAYS || wrote_file(evidence, row, deed))
                        naming = NAMES_FILE;
                else if (told.saying == SAYS_OTHER)
                        naming = NAMES_PERHAPS;
        }
        return naming;
}

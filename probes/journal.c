/* The journal: how many errors stand in it. */

#include "probes/probes.h"

#include "agent/core/host.h"
#include "agent/core/journal.h"
#include "agent/core/pattern.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ERRORS      "journal.errors"
#define SOURCE      "journal/errors/"
#define FIRST_SHOWN 3
/* journald starts within the first seconds of a boot; a journal of this boot that begins later has lost its beginning. */
#define BEGINNING_US UINT64_C(60000000)

static const struct fact_info journal_facts[] = {
        { .name = ERRORS,
          .kind = VALUE_NUMBER,
          .unit = UNIT_COUNT,
          .reach = REACH_TOUCHING,
          .help = "Entries of the journal of priority err and worse: since the boot, or in the window that the profile sets "
                  "(health: journal: window). What its allow-list names does not count, by unit, message id or pattern, nor "
                  "does what plumbline itself "
                  "says. A window that begins before the oldest entry is unknown: what was rotated away may have been errors. "
                  "Told "
                  "only where it is asked for.",
          .where = "the journal, by libsystemd: PRIORITY 0 to 3" },
        { .name = NULL },
};

static const struct fact_touch journal_touches[] = {
        { ERRORS, SOURCE "*" },
        { NULL, NULL },
};

struct found {
        uint64_t oldest_us, earlier_boot, after_boot_us, since_us, counted, allowed;
        unsigned heads; /* bits: which of the first four were told */
        bool more;
        struct text_buffer first; /* the first that count */
};

struct entry {
        const char *unit, *id, *message;
};

static bool is_own(const char *unit)
{
        return text_equals(unit, "plumbline") || (text_starts(unit, "plumbline-") && text_ends(unit, ".service"));
}

static bool is_allowed(const struct journal_watch *watch, const struct entry *entry)
{
        const struct value message = { .kind = VALUE_TEXT, .text = entry->message };

        if (is_own(entry->unit))
                return true;
        for (size_t i = 0; watch && i < watch->allow_count; i++) {
                const struct journal_allow *allow = &watch->allows[i];

                if (allow->by == JOURNAL_BY_UNIT && text_equals(allow->text, entry->unit))
                        return true;
                if (allow->by == JOURNAL_BY_MESSAGE_ID && text_equals(allow->text, entry->id))
                        return true;
                if (allow->by == JOURNAL_BY_PATTERN && pattern_matches(allow->text, &message))
                        return true;
        }
        return false;
}

static int read_entry(struct slice line, const struct journal_watch *watch, struct found *found)
{
        autopool struct pool *pool = pool_new();
        struct slice unit, id;
        struct entry entry;

        if (!slice_word(&line, " ", &unit) || !slice_word(&line, " ", &id) || !line.size)
                return -EBADMSG;
        entry = (struct entry){ slice_dup(pool, unit), slice_dup(pool, id), slice_dup(pool, slice_trim(line)) };
        if (is_allowed(watch, &entry)) {
                found->allowed++;
                return 0;
        }
        if (found->counted++ < FIRST_SHOWN)
                text_addf(&found->first, "%s%s: %s", found->first.size ? "; " : "", entry.unit,
                          text_printable(pool, entry.message, 80));
        return 0;
}

static int read_line(struct pool *pool, struct slice line, const struct journal_watch *watch, struct found *found)
{
        const struct {
                const char *name;
                uint64_t *number;
        } heads[] = {
                { "oldest_us", &found->oldest_us },
                { "earlier_boot", &found->earlier_boot },
                { "after_boot_us", &found->after_boot_us },
                { "since_us", &found->since_us },
        };
        struct slice word;

        if (!slice_word(&line, " ", &word))
                return -EBADMSG;
        if (slice_equals(word, "entry"))
                return read_entry(line, watch, found);
        if (slice_equals(word, "more")) {
                found->more = true;
                return 0;
        }
        for (unsigned i = 0; i < sizeof heads / sizeof heads[0]; i++) {
                if (!slice_equals(word, heads[i].name) || found->heads & 1U << i)
                        continue;
                found->heads |= 1U << i;
                return text_u64(slice_dup(pool, line), 10, heads[i].number) < 0 ? -EBADMSG : 0;
        }
        return -EBADMSG;
}

static int read_answer(struct pool *pool, const void *answer, size_t size, const struct journal_watch *watch,
                       struct found *found)
{
        const char *cursor = pool_copy(pool, answer, size);
        struct slice line;
        int r = 0;

        if (memchr(answer, 0, size))
                return -EILSEQ;
        /* Half a line is half an answer. */
        if (size == 0 || cursor[size - 1] != '\n')
                return -EBADMSG;
        while (r == 0 && text_line(&cursor, &line))
                r = read_line(pool, line, watch, found);
        return r == 0 && found->heads != 0xf ? -EBADMSG : r;
}

/* Files are removed oldest first (journald.conf(5), SystemMaxUse): where an older boot is still there, nothing of this one is gone. */
static bool is_whole(const struct journal_watch *watch, const struct found *found)
{
        if (watch && watch->window_s)
                return found->oldest_us <= found->since_us;
        return found->earlier_boot || found->after_boot_us <= BEGINNING_US;
}

static void add_errors(struct facts *facts, const char *source, const struct found *found)
{
        const char *window = facts->journal && facts->journal->window_s ? "the window" : "the boot";

        if (!is_whole(facts->journal, found)) {
                fact_unknown(facts, -ENODATA, source, ERRORS);
                fact_note(facts, "the journal begins after %s did: what came before is gone; %llu since", window,
                          (unsigned long long)found->counted);
                return;
        }
        if (found->more) {
                fact_unknown(facts, -EFBIG, source, ERRORS);
                fact_note(facts, "too many entries to look at all: %llu count among the first",
                          (unsigned long long)found->counted);
                return;
        }
        fact_known(facts, value_number((int64_t)found->counted, UNIT_COUNT), source, ERRORS);
        if (found->counted)
                fact_note(facts, "%llu allowed; %s", (unsigned long long)found->allowed, found->first.at);
        else if (found->allowed)
                fact_note(facts, "%llu allowed", (unsigned long long)found->allowed);
}

static int journal_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        const struct journal_watch *watch = facts->journal;
        const char *source = SOURCE "boot";
        struct found found = { 0 };
        const void *answer;
        size_t size;
        int r;

        if (!fact_is_asked(facts, ERRORS))
                return 0;
        if (watch && watch->window_s)
                source = pool_format(pool, SOURCE "%llu", (unsigned long long)watch->window_s);
        r = host_ask(host, pool, &answer, &size, "%s", source);
        if (r == 0)
                r = read_answer(pool, answer, size, watch, &found);
        if (r == 0) {
                add_errors(facts, source, &found);
        } else {
                fact_unknown(facts, r, source, ERRORS);
                if (r == -EOPNOTSUPP)
                        fact_note(facts, "this host keeps no journal");
        }
        text_buffer_free(&found.first);
        return 0;
}

const struct probe probe_journal = {
        .name = "journal",
        .help = "The journal: how many errors stand in it.",
        .facts = journal_facts,
        .touches = journal_touches,
        .run = journal_run,
};

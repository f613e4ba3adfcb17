/* The journal: how many errors stand in it. */

#include "probes/probes.h"

#include "agent/core/host.h"
#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ERRORS      "journal.errors"
#define SOURCE      "journal/errors/"
#define FIRST_SHOWN 3
/* From the first process to journald, without a kernel that speaks: below a second; more where the disk is slow. */
#define JOURNALD_STARTS_US UINT64_C(60000000)
#define TICK_US            10000 /* USER_HZ is 100 for every program there is (proc_stat(5)) */
#define STARTTIME          19    /* words behind the name of the program and its state (proc_pid_stat(5)) */

static const struct fact_info journal_facts[] = {
        { .name = ERRORS,
          .kind = VALUE_NUMBER,
          .unit = UNIT_COUNT,
          .reach = REACH_TOUCHING,
          .help = "Entries of the journal of priority err and worse: since the boot, or in the window that the profile sets "
                  "(health: journal: window), of this boot by a clock that nobody sets, of earlier ones by their date. What "
                  "its "
                  "allow-list names does not count, by unit, message id or pattern, nor does what plumbline itself says. Where "
                  "the journal of this boot reaches back neither to the window's beginning nor to the boot's, it is unknown: "
                  "what was rotated away may have been errors. So it is where a file of it that may reach into the window is "
                  "seen to be damaged: one that libsystemd cannot read, or of which hash tables and entries do not agree. Told "
                  "only where it is asked for.",
          .where = "the journal, by libsystemd: PRIORITY 0 to 3" },
        { .name = NULL },
};

static const struct fact_touch journal_touches[] = {
        { ERRORS, SOURCE "*" },
        { NULL, NULL },
};

/* What the journal's first entry of this boot is. */
enum beginning { BEGINS_LATER, BEGINS_WITH_JOURNALD, BEGINS_WITH_KERNEL };

struct found {
        uint64_t oldest_us, since_us; /* both by this boot's CLOCK_MONOTONIC */
        enum beginning beginning;
        uint64_t counted, allowed;
        unsigned heads; /* bits: which of the first three were told */
        bool more;
        const char *damaged;      /* a file of the journal that could not be read, or "-" */
        struct text_buffer first; /* the first that count */
};

static bool is_own(const char *unit)
{
        return text_equals(unit, "plumbline") || (text_starts(unit, "plumbline-") && text_ends(unit, ".service"));
}

static int read_entry(struct slice line, const struct journal_watch *watch, struct found *found)
{
        autopool struct pool *pool = pool_new();
        struct journal_entry entry;

        if (!journal_read_entry(pool, line, &entry))
                return -EBADMSG;
        if (is_own(entry.unit) || journal_allows(watch, &entry)) {
                found->allowed++;
                return 0;
        }
        if (found->counted++ < FIRST_SHOWN)
                text_addf(&found->first, "%s%s: %s", found->first.size ? "; " : "", entry.unit,
                          text_printable(pool, entry.message, 80));
        return 0;
}

static int read_beginning(struct slice word, struct found *found)
{
        static const char *const names[] = {
                [BEGINS_LATER] = "later", [BEGINS_WITH_JOURNALD] = "journald", [BEGINS_WITH_KERNEL] = "kernel"
        };

        for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
                if (slice_equals(word, names[i])) {
                        found->beginning = (enum beginning)i;
                        return 0;
                }
        return -EBADMSG;
}

static int read_head(struct pool *pool, unsigned head, struct slice line, struct found *found)
{
        if (found->heads & 1U << head)
                return -EBADMSG;
        found->heads |= 1U << head;
        if (head == 2)
                return read_beginning(line, found);
        return text_u64(slice_dup(pool, line), 10, head ? &found->since_us : &found->oldest_us) < 0 ? -EBADMSG : 0;
}

static int read_line(struct pool *pool, struct slice line, const struct journal_watch *watch, struct found *found)
{
        static const char *const heads[] = { "boot_oldest_us", "boot_since_us", "boot_begins" };
        struct slice whole = line, word;

        if (!slice_word(&line, " ", &word))
                return -EBADMSG;
        if (slice_equals(word, "entry"))
                return read_entry(whole, watch, found);
        if (slice_equals(word, "damaged") && slice_trim(line).size > 0) {
                found->damaged = slice_dup(pool, slice_trim(line));
                return 0;
        }
        if (slice_equals(word, "more")) {
                found->more = true;
                return 0;
        }
        for (unsigned i = 0; i < sizeof heads / sizeof heads[0]; i++)
                if (slice_equals(word, heads[i]))
                        return read_head(pool, i, slice_trim(line), found);
        /* So begins an answer that went by the clock of the day, which tells neither what it passed over nor how far it reached. */
        return slice_equals(word, "oldest_us") ? -ENODATA : -EBADMSG;
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
        return r == 0 && found->heads != 7 ? -EBADMSG : r;
}

/* When the first process started, by a clock that runs on in suspend (CLOCK_BOOTTIME): then the two cannot be compared, and journald
 * seems to have started before it. A container has its own first process, but the clocks of its machine. */
static int read_start(struct host *host, uint64_t *start_us)
{
        autopool struct pool *pool = pool_new();
        const char *text, *cursor;
        struct slice word = { 0 };
        uint64_t ticks;
        int r;

        r = host_read(host, pool, &text, "/proc/1/stat");
        if (r < 0)
                return r;
        cursor = strrchr(text, ')');
        if (!cursor)
                return -EBADMSG;
        cursor++;
        for (unsigned i = 0; i <= STARTTIME; i++)
                if (!text_word(&cursor, " ", &word))
                        return -EBADMSG;
        if (text_u64(slice_dup(pool, word), 10, &ticks) < 0 || ticks > UINT64_MAX / TICK_US)
                return -EBADMSG;
        *start_us = ticks * TICK_US;
        return 0;
}

/* Does the journal hold this boot from its start? Where the kernel's own words are not in it, as in a container, it begins with
 * journald's; but so does the file that follows a crash of journald, at any later time. */
static bool has_start(struct host *host, const struct found *found)
{
        uint64_t start_us;

        if (found->beginning != BEGINS_WITH_JOURNALD)
                return found->beginning == BEGINS_WITH_KERNEL;
        return read_start(host, &start_us) == 0 && found->oldest_us >= start_us &&
               found->oldest_us - start_us <= JOURNALD_STARTS_US;
}

/* A window need not reach back behind the boot: errors before it count where they are still there, and are not asked for. */
static bool is_whole(struct host *host, const struct journal_watch *watch, const struct found *found)
{
        return (watch && watch->window_s && found->oldest_us <= found->since_us) || has_start(host, found);
}

static void add_errors(struct host *host, struct facts *facts, struct pool *pool, const char *source, const struct found *found)
{
        const char *window = facts->journal && facts->journal->window_s ? "the window" : "the boot";

        if (found->damaged) {
                fact_unknown(facts, -EBADMSG, source, ERRORS);
                fact_note(facts,
                          "%s of the journal is damaged, and left out; %llu count in the others, alone once it is moved away; "
                          "journalctl --verify tells more",
                          text_equals(found->damaged, "-") ? "a file" : text_printable(pool, found->damaged, 120),
                          (unsigned long long)found->counted);
                return;
        }
        if (!is_whole(host, facts->journal, found)) {
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
                add_errors(host, facts, pool, source, &found);
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

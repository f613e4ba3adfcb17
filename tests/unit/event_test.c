/* Events: which kind, how urgent, what they say, and that no value spoils an entry. */

#include "agent/event.h"

#include "agent/core/pool.h"
#include "agent/ledger.h"
#include "tests/support/expect.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The value of the field with this name; NULL: there is none. */
static const char *value_of(const struct event *event, const char *name)
{
        size_t size = strlen(name);

        for (size_t i = 0; i < event->count; i++)
                if (event->fields[i].size > size && !memcmp(event->fields[i].at, name, size) &&
                    event->fields[i].at[size] == '=')
                        return event->fields[i].at + size + 1;
        return NULL;
}

static void expect_event(const char *row, const struct event *event, const char *word, const char *priority,
                         const char *message)
{
        EXPECT_TEXT(row, value_of(event, "PLUMBLINE_EVENT"), word);
        EXPECT_TEXT(row, value_of(event, "PRIORITY"), priority);
        EXPECT_TEXT(row, value_of(event, "MESSAGE"), message);
}

static void ids(void)
{
#define EVENT_ID(name, word, id) id,
        static const char *const all[] = { EVENTS(EVENT_ID) };
#undef EVENT_ID

        for (size_t i = 0; i < COUNT(all); i++) {
                EXPECT(all[i], strlen(all[i]) == 32 && strspn(all[i], "0123456789abcdef") == 32);
                for (size_t j = 0; j < i; j++)
                        EXPECT(all[i], !text_equals(all[i], all[j]));
        }
}

static void values(void)
{
        autopool struct pool *pool = pool_new();
        struct event *event = event_new(pool, EVENT_FINDING, 4);
        char *vast = memory_zero(10001);
        size_t count;

        memset(vast, 'x', 10000);
        event_say(event, "have %s", "one\nPRIORITY=0\n\033[2J\377");
        EXPECT_TEXT("a message is one line of text", value_of(event, "MESSAGE"), "have one?PRIORITY=0??[2J?");
        event_add(event, "PLUMBLINE_HAVE", "one\nPRIORITY=0\n\377");
        EXPECT_TEXT("a value is as it was", value_of(event, "PLUMBLINE_HAVE"), "one\nPRIORITY=0\n\377");
        count = event->count;
        event_add(event, "PLUMBLINE_WANT", NULL);
        EXPECT_NUMBER("nothing is no field", event->count, count);
        event_add(event, "PLUMBLINE_WANT", vast);
        EXPECT_NUMBER("a vast value is cut", strlen(value_of(event, "PLUMBLINE_WANT")), 2048);
        event = event_new(pool, EVENT_FINDING, 4);
        event_say(event, "%s", vast);
        EXPECT_NUMBER("and a vast message", strlen(value_of(event, "MESSAGE")), 600);
        EXPECT("which shows it", text_ends(value_of(event, "MESSAGE"), "x..."));
        free(vast);
}

/* A run with so many rows of each result. */
static struct outcomes made(struct outcome *rows, size_t done, size_t kept, size_t undone, unsigned ledger)
{
        struct outcomes outcomes = { .count = done + kept + undone, .rows = rows, .ledger = ledger };

        for (size_t i = 0; i < outcomes.count; i++)
                rows[i].result = i < done ? RESULT_DONE : i < done + kept ? RESULT_KEPT : RESULT_UNDONE;
        return outcomes;
}

static void apply(void)
{
        static const struct {
                const char *name, *failure;
                size_t done, kept, undone;
                unsigned ledger;
                bool taken_back;
                int status;
                const char *word, *priority, *message;
        } cases[] = {
                { "in line", NULL, 0, 0, 0, 0, false, 0, "apply-done", "5", "apply of profile p had nothing to do: closing" },
                { "made", NULL, 2, 0, 0, 7, false, 0, "apply-done", "5",
                  "apply 7 of profile p is done: 2 steps made; closing" },
                { "reboot", NULL, 1, 0, 0, 7, false, 4, "apply-pending", "5",
                  "apply 7 of profile p is done: 1 step made; closing" },
                { "kept", NULL, 1, 2, 0, 7, false, 1, "apply-done", "4",
                  "apply 7 of profile p is done: 1 step made, for 2 the kernel kept something else; closing" },
                { "unread", NULL, 1, 0, 0, 7, false, 3, "apply-done", "4",
                  "apply 7 of profile p is done: 1 step made; closing" },
                { "before", "no room", 0, 0, 0, 0, false, 1, "apply-failed", "3",
                  "apply of profile p failed before it changed anything: no room" },
                { "taken back", "bad", 0, 0, 2, 7, true, 1, "apply-failed", "3",
                  "apply 7 of profile p failed, and everything was taken back: bad" },
                { "stranded", "bad", 0, 0, 1, 7, false, 1, "apply-stranded", "2",
                  "apply of profile p failed, and not everything in ledger 7 could be taken back: bad" },
        };
        const struct profile profile = { .name = "p", .sha256 = "abc" };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct outcome rows[4] = { 0 };
                struct outcomes outcomes = made(rows, cases[i].done, cases[i].kept, cases[i].undone, cases[i].ledger);
                struct event *event;

                outcomes.undone = cases[i].taken_back;
                event = event_apply_ended(pool, &profile, &outcomes, cases[i].failure, cases[i].status, "closing");
                expect_event(cases[i].name, event, cases[i].word, cases[i].priority, cases[i].message);
                EXPECT_TEXT(cases[i].name, value_of(event, "PLUMBLINE_EXIT"), pool_format(pool, "%d", cases[i].status));
                EXPECT_TEXT(cases[i].name, value_of(event, "PLUMBLINE_PROFILE_SHA256"), "abc");
                EXPECT_TEXT(cases[i].name, value_of(event, "PLUMBLINE_FAILURE"), cases[i].failure);
                EXPECT_TEXT(cases[i].name, value_of(event, "PLUMBLINE_LEDGER"), cases[i].ledger ? "7" : NULL);
        }
}

static void taken_back(void)
{
        static const struct {
                const char *name, *failure;
                bool recover;
                unsigned ledger;
                int status;
                const char *word, *priority, *message;
        } cases[] = {
                { "undo", NULL, false, 3, 0, "undo-done", "5", "undone, back to before apply 3: 2 steps taken back" },
                { "undo, reboot", NULL, false, 3, 4, "undo-done", "5",
                  "undone, back to before apply 3: 2 steps taken back; the kernel that runs needs a reboot to be rid of it" },
                { "undo fails", "bad", false, 3, 1, "undo-failed", "3",
                  "undo of apply 3 failed: not everything could be put back: bad" },
                { "undo, no lock", "bad", false, 0, 1, "undo-failed", "3", "undo failed before it put anything back: bad" },
                { "recover", NULL, true, 3, 0, "recover-done", "4", "apply 3 was cut off, and is taken back now: 2 steps" },
                { "recover in apply", NULL, true, 3, -1, "recover-done", "4",
                  "apply 3 was cut off, and is taken back now: 2 steps" },
                { "recover fails", "bad", true, 3, 1, "recover-failed", "2",
                  "an apply that was cut off could not be taken back: bad" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct outcome rows[2] = { 0 };
                struct outcomes outcomes = made(rows, 0, 0, 2, cases[i].ledger);
                struct event *event = cases[i].recover
                                              ? event_recover_ended(pool, "v", &outcomes, cases[i].failure, cases[i].status)
                                              : event_undo_ended(pool, &outcomes, cases[i].failure, cases[i].status);

                expect_event(cases[i].name, event, cases[i].word, cases[i].priority, cases[i].message);
                EXPECT_TEXT(cases[i].name, value_of(event, "PLUMBLINE_VERB"), cases[i].recover ? "v" : "undo");
                EXPECT_TEXT(cases[i].name, value_of(event, "PLUMBLINE_EXIT"),
                            cases[i].status < 0 ? NULL : pool_format(pool, "%d", cases[i].status));
        }
}

static void ledger_damaged(void)
{
        autopool struct pool *pool = pool_new();
        const struct ledger ledger = { .id = 9, .profile = "p" };
        struct event *event = event_ledger_damaged(pool, &ledger, 2);

        expect_event(NULL, event, "ledger-damaged", "3",
                     "ledger 9 is damaged: 2 of its records could not be read, and what they changed was not undone");
        EXPECT_TEXT(NULL, value_of(event, "PLUMBLINE_LOST"), "2");
        EXPECT_TEXT(NULL, value_of(event, "PLUMBLINE_LEDGER"), "9");
}

static void add_row(struct findings *findings, const char *id, enum tier tier, enum status status)
{
        finding_add(findings, &(struct finding){ .id = id, .tier = tier, .status = status, .have = "h", .want = "w" });
}

static void gravest_first(void)
{
        static const struct {
                const char *id, *priority;
        } order[] = { { "critical failed", "4" },  { "critical unread", "4" }, { "critical pending", "5" },
                      { "important failed", "5" }, { "info failed", "6" },     { NULL, "4" } };
        const struct judgement judgement = { .verdict = VERDICT_NOT_READY, .exit = 1 };
        const struct profile profile = { .name = "p" };
        struct findings *findings = findings_new();
        autopool struct pool *pool = pool_new();
        struct event **events;
        size_t count;

        add_row(findings, "info failed", TIER_INFO, STATUS_FAIL);
        add_row(findings, "important failed", TIER_IMPORTANT, STATUS_DRIFT);
        add_row(findings, "critical pending", TIER_CRITICAL, STATUS_PENDING);
        add_row(findings, "critical right", TIER_CRITICAL, STATUS_PASS);
        add_row(findings, "critical unread", TIER_CRITICAL, STATUS_UNKNOWN);
        add_row(findings, "critical waived", TIER_CRITICAL, STATUS_WAIVED);
        add_row(findings, "critical failed", TIER_CRITICAL, STATUS_FAIL);
        events = events_of_check(pool, EVENT_AUDIT, &profile, findings, &judgement, &count);
        if (EXPECT_NUMBER("those not in order, and the verdict", count, COUNT(order)))
                for (size_t i = 0; i < count; i++) {
                        EXPECT_TEXT(order[i].id, value_of(events[i], "PLUMBLINE_FINDING"), order[i].id);
                        EXPECT_TEXT(order[i].id, value_of(events[i], "PRIORITY"), order[i].priority);
                }
        EXPECT_TEXT(NULL, value_of(events[0], "MESSAGE"), "critical requirement critical failed: fail: have h, want w");
        EXPECT_TEXT(NULL, value_of(events[count - 1], "PLUMBLINE_FINDINGS"), "5");
        findings_free(findings);
}

static void verdicts(void)
{
        static const struct {
                const char *name;
                enum verdict verdict;
                enum event_kind kind;
                const char *word, *priority, *message;
        } cases[] = {
                { "ready", VERDICT_READY, EVENT_GATE, "gate", "6", "gate: ready: profile p, everything is in order" },
                { "not-ready", VERDICT_NOT_READY, EVENT_AUDIT, "audit", "4",
                  "audit: not ready: profile p, everything is in order" },
                { "pending", VERDICT_PENDING, EVENT_AUDIT, "audit", "5",
                  "audit: ready after a reboot: profile p, everything is in order" },
                { "unknown", VERDICT_UNKNOWN, EVENT_GATE, "gate", "4",
                  "gate: could not tell: profile p, everything is in order" },
        };
        const struct profile profile = { .name = "p" };
        struct findings *findings = findings_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct judgement judgement = { .verdict = cases[i].verdict, .exit = (int)i };
                autopool struct pool *pool = pool_new();
                struct event **events;
                size_t count;

                events = events_of_check(pool, cases[i].kind, &profile, findings, &judgement, &count);
                EXPECT_NUMBER(cases[i].name, count, 1);
                expect_event(cases[i].name, events[0], cases[i].word, cases[i].priority, cases[i].message);
                EXPECT_TEXT(cases[i].name, value_of(events[0], "PLUMBLINE_VERDICT"), cases[i].name);
                EXPECT_TEXT(cases[i].name, value_of(events[0], "PLUMBLINE_EXIT"), pool_format(pool, "%zu", i));
        }
        findings_free(findings);
}

/* Of what was left out the journal must not hear that it is in order. */
static void verdict_of_a_part(void)
{
        const struct judgement judgement = { .verdict = VERDICT_READY, .unread = 2 };
        const struct profile profile = { .name = "p" };
        struct findings *findings = findings_new();
        autopool struct pool *pool = pool_new();
        struct event **events;
        size_t count;

        events = events_of_check(pool, EVENT_GATE, &profile, findings, &judgement, &count);
        expect_event("a part", events[0], "gate", "6", "gate: ready: profile p, everything that was looked at is in order");
        findings_free(findings);
}

static void many_findings(void)
{
        const struct judgement judgement = { .verdict = VERDICT_NOT_READY, .exit = 1 };
        const struct profile profile = { .name = "p" };
        struct findings *findings = findings_new();
        autopool struct pool *pool = pool_new();
        struct event **events;
        size_t count;

        for (unsigned i = 0; i < EVENT_FINDINGS_MAX + 6; i++)
                add_row(findings, "one", TIER_CRITICAL, STATUS_FAIL);
        events = events_of_check(pool, EVENT_AUDIT, &profile, findings, &judgement, &count);
        EXPECT_NUMBER(NULL, count, EVENT_FINDINGS_MAX + 1);
        expect_event(NULL, events[count - 1], "audit", "4",
                     "audit: not ready: profile p, 70 findings are not in order, 64 of them recorded, the gravest: "
                     "critical requirement one: fail: have h, want w");
        EXPECT_TEXT(NULL, value_of(events[count - 1], "PLUMBLINE_FINDINGS"), "70");
        EXPECT_TEXT(NULL, value_of(events[count - 1], "PLUMBLINE_RECORDED"), "64");
        findings_free(findings);
}

static const struct test tests[] = {
        { "ids", ids },
        { "values", values },
        { "apply", apply },
        { "undo and recover", taken_back },
        { "ledger damaged", ledger_damaged },
        { "the gravest first", gravest_first },
        { "verdicts", verdicts },
        { "a verdict of a part", verdict_of_a_part },
        { "many findings", many_findings },
        { NULL, NULL },
};

const struct suite suite_event = { "event", tests };

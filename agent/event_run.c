/* Events of the runs that change the host: apply, undo and recover. */

#include "agent/event.h"

#include "agent/core/pool.h"
#include "agent/ledger.h"
#include "agent/verb.h"

#include <syslog.h>

static unsigned long count_results(const struct outcomes *outcomes, enum step_result result)
{
        unsigned long count = 0;

        for (size_t i = 0; i < outcomes->count; i++)
                count += outcomes->rows[i].result == result;
        return count;
}

static const char *plural(unsigned long count)
{
        return count == 1 ? "" : "s";
}

struct event *event_apply_begun(struct pool *pool, const struct profile *profile, unsigned ledger)
{
        struct event *event = event_new(pool, EVENT_APPLY_BEGUN, LOG_NOTICE);

        event_say(event, "apply %u begins: profile %s", ledger, profile->name);
        event_add(event, "PLUMBLINE_VERB", "apply");
        event_add_profile(event, profile);
        event_add_number(event, "PLUMBLINE_LEDGER", ledger);
        return event;
}

static struct event *apply_failed(struct pool *pool, const struct profile *profile, const struct outcomes *outcomes,
                                  const char *failure)
{
        struct event *event;

        if (outcomes->ledger && !outcomes->undone) {
                event = event_new(pool, EVENT_APPLY_STRANDED, LOG_CRIT);
                event_say(event, "apply of profile %s failed, and not everything in ledger %u could be taken back: %s",
                          profile->name, outcomes->ledger, failure);
                return event;
        }
        event = event_new(pool, EVENT_APPLY_FAILED, LOG_ERR);
        if (outcomes->ledger)
                event_say(event, "apply %u of profile %s failed, and everything was taken back: %s", outcomes->ledger,
                          profile->name, failure);
        else
                event_say(event, "apply of profile %s failed before it changed anything: %s", profile->name, failure);
        return event;
}

static struct event *apply_made(struct pool *pool, const struct profile *profile, const struct outcomes *outcomes, int status,
                                const char *closing)
{
        unsigned long done = count_results(outcomes, RESULT_DONE), kept = count_results(outcomes, RESULT_KEPT);
        bool good = status == EXIT_READY || status == EXIT_PENDING;
        struct event *event;

        event = event_new(pool, status == EXIT_PENDING ? EVENT_APPLY_PENDING : EVENT_APPLY_DONE,
                          good ? LOG_NOTICE : LOG_WARNING);
        if (!outcomes->count)
                event_say(event, "apply of profile %s had nothing to do: %s", profile->name, closing);
        else if (kept)
                event_say(event, "apply %u of profile %s is done: %lu step%s made, for %lu the kernel kept something else; %s",
                          outcomes->ledger, profile->name, done, plural(done), kept, closing);
        else
                event_say(event, "apply %u of profile %s is done: %lu step%s made; %s", outcomes->ledger, profile->name, done,
                          plural(done), closing);
        event_add_number(event, "PLUMBLINE_STEPS", done);
        event_add_number(event, "PLUMBLINE_KEPT", kept);
        return event;
}

struct event *event_apply_ended(struct pool *pool, const struct profile *profile, const struct outcomes *outcomes,
                                const char *failure, int status, const char *closing)
{
        struct event *event =
                failure ? apply_failed(pool, profile, outcomes, failure) : apply_made(pool, profile, outcomes, status, closing);

        event_add(event, "PLUMBLINE_VERB", "apply");
        event_add_profile(event, profile);
        if (outcomes->ledger)
                event_add_number(event, "PLUMBLINE_LEDGER", outcomes->ledger);
        event_add_number(event, "PLUMBLINE_EXIT", (unsigned long)status);
        event_add(event, "PLUMBLINE_FAILURE", failure);
        return event;
}

/* What undo and recover have in common, behind the sentence. */
static void add_taken_back(struct event *event, const char *verb, const struct outcomes *outcomes, const char *failure,
                           int status)
{
        event_add(event, "PLUMBLINE_VERB", verb);
        if (outcomes->ledger)
                event_add_number(event, "PLUMBLINE_LEDGER", outcomes->ledger);
        if (status >= 0)
                event_add_number(event, "PLUMBLINE_EXIT", (unsigned long)status);
        event_add_number(event, "PLUMBLINE_STEPS", count_results(outcomes, RESULT_UNDONE));
        event_add(event, "PLUMBLINE_FAILURE", failure);
}

struct event *event_undo_ended(struct pool *pool, const struct outcomes *outcomes, const char *failure, int status)
{
        unsigned long undone = count_results(outcomes, RESULT_UNDONE);
        struct event *event;

        if (failure) {
                event = event_new(pool, EVENT_UNDO_FAILED, LOG_ERR);
                if (outcomes->ledger)
                        event_say(event, "undo of apply %u failed: not everything could be put back: %s", outcomes->ledger,
                                  failure);
                else
                        event_say(event, "undo failed before it put anything back: %s", failure);
        } else {
                event = event_new(pool, EVENT_UNDO_DONE, LOG_NOTICE);
                event_say(event, "undone, back to before apply %u: %lu step%s taken back%s", outcomes->ledger, undone,
                          plural(undone),
                          status == EXIT_PENDING ? "; the kernel that runs needs a reboot to be rid of it" : "");
        }
        add_taken_back(event, "undo", outcomes, failure, status);
        return event;
}

struct event *event_recover_ended(struct pool *pool, const char *verb, const struct outcomes *outcomes, const char *failure,
                                  int status)
{
        unsigned long undone = count_results(outcomes, RESULT_UNDONE);
        struct event *event;

        if (failure) {
                event = event_new(pool, EVENT_RECOVER_FAILED, LOG_CRIT);
                event_say(event, "an apply that was cut off could not be taken back: %s", failure);
        } else {
                event = event_new(pool, EVENT_RECOVER_DONE, LOG_WARNING);
                event_say(event, "apply %u was cut off, and is taken back now: %lu step%s%s", outcomes->ledger, undone,
                          plural(undone),
                          status == EXIT_PENDING ? "; the kernel that runs needs a reboot to be rid of it" : "");
        }
        add_taken_back(event, verb, outcomes, failure, status);
        return event;
}

struct event *event_ledger_damaged(struct pool *pool, const struct ledger *ledger, size_t lost)
{
        struct event *event = event_new(pool, EVENT_LEDGER_DAMAGED, LOG_ERR);

        event_say(event, "ledger %u is damaged: %zu of its records could not be read, and what they changed was not undone",
                  ledger->id, lost);
        event_add(event, "PLUMBLINE_PROFILE", ledger->profile);
        event_add_number(event, "PLUMBLINE_LEDGER", ledger->id);
        event_add_number(event, "PLUMBLINE_LOST", lost);
        return event;
}

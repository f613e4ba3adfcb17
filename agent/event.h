/* Events: what the system's journal is told of a run, in fields that programs can search for, with an id for each kind. */

#pragma once

#include "agent/apply.h"
#include "agent/judge.h"

#include "agent/core/text.h"

/* Name, the word in PLUMBLINE_EVENT, MESSAGE_ID. An id stays with its meaning for ever: people search and alert by it.
 * packaging/plumbline.catalog explains each to them, docs/journal.md lists them. */
#define EVENTS(E)                                                                                                              \
        E(APPLY_BEGUN, "apply-begun", "32a9a2fc84c14da28297aff948f27f00")                                                      \
        E(APPLY_DONE, "apply-done", "944c0ca9bdcc4ed5b7dd9915aec8a9b8")                                                        \
        E(APPLY_PENDING, "apply-pending", "43df1bd4533c47a686e6f4a0d3ba2e69")                                                  \
        E(APPLY_FAILED, "apply-failed", "505fb64772024990837d1b0311199b7b")                                                    \
        E(APPLY_STRANDED, "apply-stranded", "8dd386edf1bc48adb742ac6dedf8f7cc")                                                \
        E(UNDO_DONE, "undo-done", "3017d1ab1bd9420abb039daca1242286")                                                          \
        E(UNDO_FAILED, "undo-failed", "b7ac562267254eada4043dbe06549de6")                                                      \
        E(RECOVER_DONE, "recover-done", "7279cc7cb6b544629f7f177b62a846e6")                                                    \
        E(RECOVER_FAILED, "recover-failed", "4d0a98dbb85d424ab478d1bf6727f32d")                                                \
        E(LEDGER_DAMAGED, "ledger-damaged", "a6907b40508447d2b33e59e441493d2e")                                                \
        E(FINDING, "finding", "1fc6cdbcdd084a81902b146848862113")                                                              \
        E(AUDIT, "audit", "b8488e72e89440b29618d4df3b28d433")                                                                  \
        E(GATE, "gate", "96c6b0bc56294335814d66e87cfebcfa")

#define EVENT_ENUM(name, word, id) EVENT_##name,
enum event_kind { EVENTS(EVENT_ENUM) };
#undef EVENT_ENUM

struct ledger;

struct event {
        struct pool *pool; /* owns all below and this */
        size_t count;
        struct slice *fields; /* "NAME=value"; only in MESSAGE is the value sure to be printable */
};

/* --- building: nothing is sent ------------------------------------------------------------------------------------------ */

/* priority: as in syslog(3). */
struct event *event_new(struct pool *pool, enum event_kind kind, int priority);
/* The sentence for people, made printable. */
void event_say(struct event *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A field, its value as it is but bounded; NULL: none. */
void event_add(struct event *event, const char *name, const char *value);
void event_add_number(struct event *event, const char *name, unsigned long number);
void event_add_profile(struct event *event, const struct profile *profile); /* NULL: none */

/* Sends it to the journal of the live host; a tree has none. Never fails. */
void event_send(struct host *host, const struct event *event);

/* --- what is told ------------------------------------------------------------------------------------------------------- */

/* The first change of an apply is about to be made. */
struct event *event_apply_begun(struct pool *pool, const struct profile *profile, unsigned ledger);
/* failure: why it failed as a whole, NULL if it did not; closing: how the settings are now, for people. */
struct event *event_apply_ended(struct pool *pool, const struct profile *profile, const struct outcomes *outcomes,
                                const char *failure, int status, const char *closing);
struct event *event_undo_ended(struct pool *pool, const struct outcomes *outcomes, const char *failure, int status);
/* verb: recover, or the apply that first took back the one before it; its own status is not known then (negative). */
struct event *event_recover_ended(struct pool *pool, const char *verb, const struct outcomes *outcomes, const char *failure,
                                  int status);
struct event *event_ledger_damaged(struct pool *pool, const struct ledger *ledger, size_t lost);

#define EVENT_FINDINGS_MAX 64
/* One for each finding that is not in order, the gravest first and at most EVENT_FINDINGS_MAX, and the verdict behind them. kind:
 * EVENT_AUDIT or EVENT_GATE. The array lives in the pool. */
struct event **events_of_check(struct pool *pool, enum event_kind kind, const struct profile *profile,
                               const struct findings *findings, const struct judgement *judgement, size_t *count);

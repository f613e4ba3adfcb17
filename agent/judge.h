/* From facts and plan rows to findings, and from findings to one verdict. */

#pragma once

#include "agent/core/fact.h"
#include "agent/core/plan.h"
#include "agent/profile.h"

enum verdict { VERDICT_READY, VERDICT_NOT_READY, VERDICT_PENDING, VERDICT_UNKNOWN };
const char *verdict_name(enum verdict verdict); /* "ready", "not-ready", "pending", "unknown" */

/* What is left out of a verdict, and named beside it. */
enum left_out {
        LEFT_NOTHING,
        LEFT_LOUD,     /* what an audit may not read, since reading it would disturb */
        LEFT_SERVICES, /* units and endpoints of `health`, which start behind the gate */
};

struct tally {
        unsigned pass, fail, unknown, waived, pending;
};

struct judgement {
        enum verdict verdict;
        int exit;
        struct tally tiers[TIER_INFO + 1];     /* requirements, by tier */
        unsigned settings[STATUS_FAIL + 1];    /* settings and conflicts, by status; no waiver that names nothing */
        unsigned important_pass, important_of; /* requirements and settings of the important tier */
        double important_needed;               /* percent */
        size_t unread;                         /* so many are left out: they judged nothing; set by the caller, as is why */
        enum left_out left_out;
};

/* One finding for each requirement; today is "2026-11-20". */
void judge_requirements(const struct facts *facts, const struct profile *profile, const char *today, struct findings *findings);
/* One finding for each setting: its rows merged, the worst first in words. */
void judge_settings(const struct plan *plan, const struct profile *profile, const char *today, struct findings *findings);
/* Is the row unknown, and for no other reason than that reading was refused as too loud? */
bool judge_was_refused(const struct step *step);
/* For an audit, before judge_settings: rows that were left unread say nothing where another row of their setting was read. What
 * they are about is named in `unread`. */
void judge_drop_refused(struct plan *plan, struct findings *unread);
/* Before judge_set_aside: what the profile requires of its services is left unread, whatever it is now. */
void judge_leave_services(const struct profile *profile, struct findings *findings);
/* Before judge_all: findings that are unknown only because they were left unread move to `unread`. */
void judge_set_aside(struct findings *findings, struct findings *unread);
/* The hypervisor below, where the profile requires that there is none and no waiver holds; else NULL. */
const char *judge_guest(const struct facts *facts, const struct profile *profile, const char *today);
/* Of a guest (NULL: none), what holds of its hardware is not verifiable. */
void judge_doubt(struct pool *pool, const struct facts *facts, const char *guest, const struct requirement *requirement,
                 struct finding *finding);
/* A waiver that holds turns what is not fine into `waived`; one that has ended is named in the note. */
void judge_waive(struct pool *pool, const struct profile *profile, const char *today, struct finding *finding);
/* A finding for each waiver that names neither a finding nor a fact, nor anything of the baseline (whose drift it may be for): asked
 * last. */
void judge_waivers(struct host *host, const struct facts *facts, const struct profile *profile, struct findings *findings);
/* Counts and decides. */
void judge_all(const struct findings *findings, const struct profile *profile, struct judgement *judgement);
/* The same of all settings, by what becomes of them. What is waived holds nothing back, and is not right. */
struct tally judge_settings_tally(const struct judgement *judgement);
unsigned tally_all(const struct tally *tally);
/* Is this finding about a waiver that names nothing, and about no setting? */
bool judge_is_of_waiver(const struct profile *profile, const struct finding *finding);
/* Is this finding one of those that keep the box from being ready? There is one exactly when the verdict is not ready: what is for
 * information never is, and what is important only when too little of it holds, or when it waits for a reboot. */
bool judge_decides(const struct finding *finding, const struct judgement *judgement);

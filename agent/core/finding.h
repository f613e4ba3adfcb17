/* Findings: what every verdict is made of. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pool;

enum tier { TIER_CRITICAL, TIER_IMPORTANT, TIER_INFO };
const char *tier_name(enum tier tier);

enum status {
        STATUS_PASS,
        STATUS_NOT_APPLICABLE, /* absent, and that is as good as wanted */
        STATUS_EXEMPT,         /* the kernel keeps it: a managed interrupt */
        STATUS_NO_EFFECT,      /* the key exists and does nothing */
        STATUS_WAIVED,
        STATUS_PENDING,     /* right at the next boot */
        STATUS_UNKNOWN,     /* could not be read */
        STATUS_CONTESTED,   /* right now, but another running tool owns it */
        STATUS_SHADOWED,    /* right now, but another file will win at the next boot */
        STATUS_UNSUPPORTED, /* this kernel or hardware has no such thing, and that is not as good as wanted */
        STATUS_DRIFT,       /* a setting differs */
        STATUS_FAIL,        /* a requirement does not hold */
};
const char *status_name(enum status status);
/* PASS to WAIVED. */
bool status_is_fine(enum status status);
/* CONTESTED to FAIL: known to be wrong. */
bool status_is_failure(enum status status);

enum finding_kind { FINDING_REQUIREMENT, FINDING_SETTING, FINDING_CONFLICT };
const char *finding_kind_name(enum finding_kind kind);

struct finding {
        const char *id;
        enum finding_kind kind;
        enum tier tier;
        enum status status;
        const char *have, *want, *unit, *source; /* source: file or question, or the target of a setting */
        const char *from, *why, *fix;            /* any may be NULL */
        const char *note;                        /* one sentence more about what was found; may be NULL */
        bool unread;        /* UNKNOWN, and for no other reason than that reading it was refused as too loud */
        const char *waiver; /* WAIVED: "until 2026-12-01 by ops: spare ordered" */
};

struct findings {
        struct pool *pool; /* owns all below */
        size_t count;
        struct finding *rows;
};

struct findings *findings_new(void);
void findings_free(struct findings *findings);
/* A local that frees itself: `autofindings struct findings *findings = findings_new();` */
void findings_release(struct findings **findings);
#define autofindings __attribute__((cleanup(findings_release)))
/* Copies the row and every text in it; returns the copy, which stays valid until the next call. */
struct finding *finding_add(struct findings *findings, const struct finding *row);

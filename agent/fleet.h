/* Many hosts by their reports: what most of them say, and who says something else. */

#pragma once

#include "agent/judge.h"
#include "agent/verb.h"

#include <jansson.h>

/* What a report is made of: findings (check, audit) or facts. Of one host the newest of each counts. */
enum fleet_kind { FLEET_FINDINGS, FLEET_FACTS };
#define FLEET_KINDS 2

struct fleet_report {
        const char *place; /* the argument */
        const char *host;  /* the place, where the report names none */
        const char *verb, *time;
        enum fleet_kind kind;
        enum verdict verdict; /* FINDINGS only */
        bool replaced;        /* there is a newer one of this host */
        size_t outliers;      /* set by fleet_judge */
};

/* What some of the reports say of one item. */
struct fleet_answer {
        const char *status; /* FLEET_MISSING: they do not speak of it; FLEET_UNREAD: they did not look */
        const char *have;   /* may be NULL */
        uint64_t hash;
        size_t count;
        size_t *reports; /* NULL: more than half of all, not listed */
};
#define FLEET_MISSING "missing"
#define FLEET_UNREAD  "unread"

struct fleet_item {
        const char *name;
        enum fleet_kind kind;
        size_t spoken; /* the number of the report that spoke of it last, plus one */
        size_t count;
        struct fleet_answer *answers;
        /* Set by fleet_judge: */
        size_t of; /* reports that count for it */
        const struct fleet_answer
                *most; /* what more than half of them say, have NULL where only the status is the same; or NULL */
        bool split;    /* there is no one answer that more than half give */
};

/* A file that does not count, and why. */
struct fleet_refusal {
        const char *place, *why;
};

struct fleet_outlier {
        const struct fleet_report *report;
        const struct fleet_item *item;
        const struct fleet_answer *answer;
};

struct fleet {
        struct pool *pool; /* owns all below */
        size_t count;
        struct fleet_report *reports; /* by host in natural order, once fleet_judge was called; then numbers rise with it */
        size_t item_count;
        struct fleet_item *items; /* in natural order by name, once fleet_judge was called */
        size_t damaged_count, older_count;
        struct fleet_refusal *damaged, *older;
        json_t *item_places, *host_places; /* where in the lists above, by name */
        /* Set by fleet_judge: */
        size_t kinds[FLEET_KINDS]; /* how many reports of each count */
        size_t hosts;
        size_t verdicts[VERDICT_UNKNOWN + 1]; /* how many hosts have each */
        size_t outlier_count, split_count;
        struct fleet_outlier *outliers; /* by host, then by item */
        int exit;
};

struct fleet *fleet_new(void);
void fleet_release(struct fleet **fleet);
#define autofleet __attribute__((cleanup(fleet_release)))

/* Takes one file in; one that is no report is kept as damaged. */
void fleet_read(struct fleet *fleet, const char *place);
/* Adds a report that counts, and returns its number; SIZE_MAX where there is a newer one of this host. The texts are copied. */
size_t fleet_add(struct fleet *fleet, const struct fleet_report *report);
/* The newest check or audit of a host; NULL. */
const struct fleet_report *fleet_findings_of(const struct fleet *fleet, const char *host);
/* A report speaks of an item; the first time of each counts. compared may be NULL; shown is what people see of it. */
void fleet_say(struct fleet *fleet, size_t report, const char *name, const char *status, const char *compared,
               const char *shown);
/* Once all are read. */
void fleet_judge(struct fleet *fleet);

void report_text_fleet(const struct fleet *fleet, const struct options *options, struct text_buffer *out);
void report_html_fleet(const struct fleet *fleet, const struct session *session, struct text_buffer *out);
void report_json_fleet(const struct fleet *fleet, const struct session *session, struct text_buffer *out);

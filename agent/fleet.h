/* Many hosts by their reports: what most of them say, and who says something else. */

#pragma once

#include "agent/judge.h"
#include "agent/verb.h"

#include <jansson.h>

/* What a report is made of: findings (check, audit) or facts. Of one host the newest of each counts. */
enum fleet_kind { FLEET_FINDINGS, FLEET_FACTS };
#define FLEET_KINDS 2
#define FLEET_NONE  SIZE_MAX

struct fleet_report {
        const char *place; /* the argument */
        const char *host;  /* the place, where the report names none */
        const char *verb, *time;
        const char *boot_id, *version; /* NULL: not told */
        enum fleet_kind kind;
        enum verdict verdict; /* FINDINGS only */
        bool partial;         /* FINDINGS that leave something unread: an audit, or a check before the services start */
        bool replaced;        /* there is a newer one of this host */
        /* Set by fleet_judge: */
        bool beside; /* partial, and newer than the whole one of this host, which counts with it */
        size_t host_at, version_at;
        size_t outliers;
};

/* The reports of one name, which stand one behind the other. */
struct fleet_host {
        const char *name;
        size_t first, count;
        bool judged; /* there are findings of it */
        enum verdict verdict;
        bool partial;       /* only as far as was looked */
        const char *oldest; /* the time of the oldest report that counts */
        size_t first_outlier, outliers;
        bool stale;            /* older than the newest of all by more than a day */
        const char *namesakes; /* why it may be two hosts; NULL */
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

/* What one version of plumbline tells of facts. */
struct fleet_version {
        const char *name;
        size_t reports; /* that count */
        size_t untold;  /* facts that others tell, and no report of this version */
};

struct fleet_outlier {
        const struct fleet_report *report;
        const struct fleet_item *item;
        const struct fleet_answer *answer;
};

struct fleet {
        struct pool *pool; /* owns all below */
        size_t count;
        struct fleet_report *reports;     /* by host in natural order, once fleet_judge was called; then numbers rise with it */
        size_t host_count, version_count; /* set by fleet_judge, as these lists */
        struct fleet_host *hosts;
        struct fleet_version *versions; /* of facts */
        size_t item_count;
        struct fleet_item *items; /* in natural order by name, once fleet_judge was called */
        size_t damaged_count, older_count;
        struct fleet_refusal *damaged, *older;
        json_t *item_places, *host_places; /* where in the lists above, by name */
        /* Set by fleet_judge: */
        size_t kinds[FLEET_KINDS];            /* how many hosts have a report of each */
        size_t verdicts[VERDICT_UNKNOWN + 1]; /* how many hosts have each; ready: those that were looked at whole */
        size_t ready_partly;                  /* ready as far as was looked */
        size_t namesake_count, stale_count;   /* hosts */
        size_t outlier_count, split_count;
        const char *oldest;             /* the time of the oldest report that counts; NULL: there is none */
        struct fleet_outlier *outliers; /* by host, then by item */
        int exit;
};

struct fleet *fleet_new(void);
void fleet_release(struct fleet **fleet);
#define autofleet __attribute__((cleanup(fleet_release)))

/* Takes one file in; one that is no report is kept as damaged. */
void fleet_read(struct fleet *fleet, const char *place);
/* Adds a report, and returns its number; FLEET_NONE where there is a newer one of this host. The texts are copied. */
size_t fleet_add(struct fleet *fleet, const struct fleet_report *report);
/* That one report counts and the other, of the same host, does not. */
void fleet_add_older(struct fleet *fleet, const struct fleet_report *older, const struct fleet_report *newer);
/* Is a to count, and not b, of the same host? */
bool fleet_is_newer(const struct fleet_report *a, const struct fleet_report *b);
/* A report speaks of an item; the first time of each counts. compared may be NULL; shown is what people see of it. */
void fleet_say(struct fleet *fleet, size_t report, const char *name, const char *status, const char *compared,
               const char *shown);
/* Once all are read. */
void fleet_judge(struct fleet *fleet);
/* Part of it: which reports of each host count, and its verdict, age and namesakes. */
void fleet_judge_hosts(struct fleet *fleet);
/* 0 is the best. */
unsigned fleet_rank(enum verdict verdict);
/* Does the report count, and speak for its host alone? */
bool fleet_speaks(const struct fleet_report *report);
/* Seconds since the epoch of "2026-11-20T09:30:00Z". */
int64_t fleet_seconds(const char *time);
/* "3 days": how old what was found then is now. */
const char *fleet_age(struct pool *pool, const char *time, int64_t now);
/* "ready as far as looked": the verdict on a host, for people; "" for none. */
const char *fleet_verdict_words(const struct fleet_host *host);

void report_text_fleet(const struct fleet *fleet, const struct session *session, const struct options *options,
                       struct text_buffer *out);
void report_html_fleet(const struct fleet *fleet, const struct session *session, struct text_buffer *out);
void report_json_fleet(const struct fleet *fleet, const struct session *session, struct text_buffer *out);

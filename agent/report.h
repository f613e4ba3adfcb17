/* Turning results into text for people and JSON for programs. */

#pragma once

#include "agent/apply.h"
#include "agent/core/fact.h"
#include "agent/judge.h"
#include "agent/streak.h"
#include "agent/verb.h"

#include <jansson.h>

struct drift;

#define PLUMBLINE_SCHEMA 1

/* What a verb with a verdict found. */
struct report {
        const char *verb;
        const struct session *session;
        const struct options *options;
        const struct facts *facts;
        const struct plan *plan; /* what the settings are made of; NULL: not told */
        const struct findings *findings;
        const struct findings *unread; /* what an audit left unread; none in a check */
        const char *past;              /* when this was found; NULL: now */
        double past_age_s;
        const char *given_up;      /* within a time limit; NULL: nothing */
        struct streak streak;      /* failures in a row; zeroed: nobody counts */
        const struct drift *drift; /* from the baseline; NULL: nothing was compared */
        const struct judgement *judgement;
};

/* Adds the report in the format that is asked for, and returns the exit status that goes with it. */
int report_check(const struct report *report, struct text_buffer *out);
/* There is no report of the verb, because status (EXIT_USAGE) came out before it: adds what the format has for that, and returns the exit
 * status that it has. report_refused.c */
int report_refused(const char *verb, const struct options *options, int status, const char *problem, struct text_buffer *out);
void report_prometheus_refused(struct text_buffer *out);

#define REPORT_FORMAT(upper, lower, plain) int report_##lower##_check(const struct report *report, struct text_buffer *out);
FORMATS(REPORT_FORMAT)
#undef REPORT_FORMAT

/* --- words that all formats share ----------------------------------------------------------------------------------------- */

/* What became of a finding, in one word; the worst is last. What an audit left unread decides nothing, and is not fine. */
enum state { STATE_OK, STATE_WAIVED, STATE_PENDING, STATE_UNREAD, STATE_UNKNOWN, STATE_FAILED };
#define STATES 6
const char *report_state_name(enum state state);
/* The findings, then what was left unread; NULL behind the last. state may be NULL. */
const struct finding *report_row(const struct report *report, size_t i, enum state *state);
/* "have 2, want >= 32", or the one of the two there is; printable, each cut at limit bytes. */
const char *report_words(struct pool *pool, const struct finding *finding, size_t limit);
/* What was given up for a time limit, as a part of a sentence; NULL: nothing. In the pool. */
const char *report_given_up(const struct report *report, struct pool *pool);
/* "not ready": the verdict, for a line that people read. */
const char *report_verdict_words(enum verdict verdict);

/* The few things a person can do, each with how many findings that makes right. */
struct report_advice {
        unsigned apply, reboot, root, box, services;
};
struct report_advice report_advice(const struct findings *findings);

/* The number of a flag, a number or a real, in its base unit; false for what is none. */
bool report_number(const struct value *value, double *number);
/* As metrics are written: whole numbers whole, "NaN", never in a form that depends on the locale. */
const char *report_number_words(struct pool *pool, double number);

/* A character that means something in a format, and what stands for it there. */
struct escape {
        char character;
        const char *as;
};
/* Adds the text, made printable and cut at REPORT_TEXT_MAX bytes, with what the table names escaped; NULL adds nothing.
 * The table ends with character 0. */
void report_escape(struct text_buffer *out, const char *text, const struct escape *table);
#define REPORT_TEXT_MAX 4000

/* --- JSON ---------------------------------------------------------------------------------------------------------------- */

/* The head that every JSON answer begins with; profile may be NULL. The caller owns it. */
json_t *report_json_head(const char *verb, const struct session *session);
json_t *report_json_facts(const struct facts *facts, const char *const *patterns, size_t count);
json_t *report_json_findings(const struct findings *findings);
/* Rows of a comparison with the baseline; dated ones with their dates. null for NULL. */
json_t *report_json_drift(const struct drift *drift);
json_t *report_json_counts(const struct judgement *judgement);
json_t *report_json_steps(const struct plan *plan);
json_t *report_json_outcomes(const struct outcomes *outcomes);
/* Adds the text of json, two blanks a level, and frees it. */
void report_json_print(json_t *json, struct text_buffer *out);
/* A number in its base unit, a flag, or a text. */
json_t *report_json_value(const struct value *value);
/* Text that may hold anything, as a JSON string; null for NULL. */
json_t *report_json_text(const char *text);

/* --- text: a screen that says first what is wrong ------------------------------------------------------------------------- */

/* Names what differs from the baseline; nothing where nothing does, or nothing was compared. */
void report_text_drifted(const struct drift *drift, struct text_buffer *out);
/* The rows, one below the other, with their dates. screen: broken between words, where somebody reads it on a terminal. */
void report_text_drift(const struct drift *drift, bool screen, struct text_buffer *out);
/* Text behind so many characters of its line, which it ends. What would reach beyond the width stands on the next line, behind the indent: it is
 * broken at blanks only, and never where the width is 0. */
#define REPORT_SCREEN_WIDTH 80 /* the narrowest that people have */
void report_add_wrapped(struct text_buffer *out, size_t used, size_t indent, size_t width, const char *text);
void report_text_facts(const struct facts *facts, const char *const *patterns, size_t count, const struct options *options,
                       struct text_buffer *out);
void report_text_plan(const struct plan *plan, const struct options *options, struct text_buffer *out);
void report_text_outcomes(const struct outcomes *outcomes, const struct options *options, struct text_buffer *out);

/* Does the name match one of the patterns? No patterns: all do. A pattern without '*' also matches as the first parts of a name. */
bool report_selects(const char *name, const char *const *patterns, size_t count);

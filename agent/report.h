/* Turning results into text for people and JSON for programs. */

#pragma once

#include "agent/apply.h"
#include "agent/core/fact.h"
#include "agent/judge.h"
#include "agent/verb.h"

#include <jansson.h>

struct drift;

#define PLUMBLINE_SCHEMA 1

/* --- JSON ---------------------------------------------------------------------------------------------------------------- */

/* The head that every JSON answer begins with; profile may be NULL. The caller owns it. */
json_t *report_json_head(const char *verb, const struct session *session);
json_t *report_json_facts(const struct facts *facts, const char *const *patterns, size_t count);
json_t *report_json_findings(const struct findings *findings);
/* What an audit left unread: id, kind, tier and source of each. */
json_t *report_json_unread(const struct findings *unread);
/* Rows of a comparison with the baseline; dated ones with their dates. null for NULL. */
json_t *report_json_drift(const struct drift *drift);
json_t *report_json_counts(const struct judgement *judgement);
json_t *report_json_steps(const struct plan *plan);
json_t *report_json_outcomes(const struct outcomes *outcomes);
/* Adds the text of json, two blanks a level, and frees it. */
void report_json_print(json_t *json, struct text_buffer *out);
/* Text that may hold anything, as a JSON string; null for NULL. */
json_t *report_json_text(const char *text);

/* --- text: a screen that says first what is wrong ------------------------------------------------------------------------- */

void report_text_check(const struct session *session, const struct findings *findings, const struct judgement *judgement,
                       const struct options *options, struct text_buffer *out);
/* Names what an audit left unread; nothing where there is nothing. */
void report_text_unread(const struct findings *unread, struct text_buffer *out);
/* Names what differs from the baseline; nothing where nothing does, or nothing was compared. */
void report_text_drifted(const struct drift *drift, struct text_buffer *out);
/* The rows, one below the other, with their dates. */
void report_text_drift(const struct drift *drift, struct text_buffer *out);
void report_text_facts(const struct facts *facts, const char *const *patterns, size_t count, const struct options *options,
                       struct text_buffer *out);
void report_text_plan(const struct plan *plan, const struct options *options, struct text_buffer *out);
void report_text_outcomes(const struct outcomes *outcomes, const struct options *options, struct text_buffer *out);

/* Does the name match one of the patterns? No patterns: all do. A pattern without '*' also matches as the first parts of a name. */
bool report_selects(const char *name, const char *const *patterns, size_t count);

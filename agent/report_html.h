/* The parts of the HTML page; nobody else includes this. */

#pragma once

#include "agent/core/text.h"
#include "agent/report.h"

struct history;

/* What the parts share. */
struct html {
        const struct report *report;
        struct text_buffer *out;
        struct pool *pool;
        struct history *history;     /* NULL: there is none to read */
        const char *history_problem; /* why not; NULL: nothing is wrong with it */
};

/* Adds markup of our own, in which each %s stands for a text of somebody else, that is made printable, cut and escaped (NULL: nothing),
 * and %u and %zu for numbers. There is no other way for a text into the page. */
void html_add(const struct html *html, const char *markup, ...) __attribute__((format(printf, 2, 3)));
#define HTML_TEXT_MAX 1000

/* One class and one sign for each state and each verdict: what is told by colour is told by a sign and a word too. */
const char *html_state_class(enum state state);
const char *html_state_sign(enum state state); /* markup */
const char *html_verdict_class(const char *verdict);
const char *html_verdict_sign(const char *verdict); /* markup */

/* The style sheet and the script, and the policy that lets nothing but these two in. */
void html_add_head(const struct html *html);
void html_add_script(const struct html *html);

/* From the doctype to the link that leads past the header to #wrong, and what stands behind </main>. */
void html_begin_page(const struct html *html, const char *title, const char *skip);
void html_end_page(const struct html *html, const char *time);

/* "What is wrong": how many findings it shows. */
unsigned html_count_wrong(const struct html *html);
void html_add_wrong(const struct html *html);
/* Sockets, nodes, cores, devices and wires, as an inline SVG and in words. */
void html_add_machine(const struct html *html);
/* The audits one after the other. */
void html_add_past(const struct html *html);
/* All that was judged. */
void html_add_tables(const struct html *html);

/* The section of all tables, with what searches them; it is left open. */
void html_begin_tables(const struct html *html, const char *title);
/* A table with these columns (ends with NULL); its rows come next. */
void html_begin_table(const struct html *html, const char *const *columns);
void html_end_table(const struct html *html);
/* A cell of it, in which no word or number of usual length is broken; NULL is an empty one. */
void html_add_cell(const struct html *html, const char *label, const char *text);

/* Since when a finding is wrong, as far as the history knows; NULL: it knows nothing of it. */
const char *html_since(const struct html *html, const struct finding *finding);

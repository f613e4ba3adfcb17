/* Taking text apart without changing it. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

/* A piece of somebody else's text; not NUL-terminated. */
struct slice {
        const char *at;
        size_t size;
};

bool text_equals(const char *a, const char *b); /* NULL equals only NULL */
bool text_starts(const char *text, const char *start);
bool text_ends(const char *text, const char *end);
bool slice_equals(struct slice slice, const char *text);

/* The next line (without its newline) from *cursor, which moves on. False at the end. A NUL ends the text. */
bool text_line(const char **cursor, struct slice *line);
/* The next word between any of the separators; runs of separators count as one. False at the end. */
bool text_word(const char **cursor, const char *separators, struct slice *word);
/* The same within a slice, which shrinks. */
bool slice_word(struct slice *rest, const char *separators, struct slice *word);
/* White space at both ends removed. */
struct slice slice_trim(struct slice slice);
struct slice slice_of(const char *text);
char *slice_dup(struct pool *pool, struct slice slice);
/* A copy without white space at both ends. */
char *text_trim(struct pool *pool, const char *text);

/* Whole-text numbers, surrounding white space allowed. -EINVAL: not a number; -ERANGE: does not fit. */
int text_u64(const char *text, unsigned base, uint64_t *number);
int text_i64(const char *text, int64_t *number);

/* Does name match the pattern, in which '*' stands for any run of characters, dots included? */
bool text_matches(const char *name, const char *pattern);
/* Is there a name that both patterns match? Not for a pattern of more than 256 bytes. */
bool text_patterns_meet(const char *a, const char *b);
/* Order for people: "eth2" before "eth10". Like strcmp. */
int text_compare_natural(const char *a, const char *b);
/* The candidate nearest to text by edit distance, or NULL if none is near. NULL ends candidates. */
const char *text_nearest(const char *text, const char *const *candidates);
/* Printable on one line: control characters and invalid UTF-8 replaced by "?", cut at limit bytes with "...". */
char *text_printable(struct pool *pool, const char *text, size_t limit);

/* Text that grows: starts as { 0 }; at is NULL only while nothing was added. Free with text_buffer_free. */
struct text_buffer {
        char *at;
        size_t size;
};
void text_add(struct text_buffer *buffer, const char *text);
void text_addf(struct text_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text_buffer *buffer, const void *bytes, size_t size);
void text_buffer_free(struct text_buffer *buffer);
#define autobuffer __attribute__((cleanup(text_buffer_free)))

/* The kernel command line as the kernel reads it: quotes, '-' equals '_' in names, the last of a name wins except where the
 * kernel accumulates (hugepagesz= with the hugepages= behind it, console=, earlycon=...) or keeps the first (isolcpus=, nohz_full=). */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pool;

struct parameter {
        const char *name;  /* '-' written as '_' up to the '=' */
        const char *value; /* NULL: a bare word */
};

struct cmdline {
        size_t count;
        struct parameter *rows; /* in order; what stands behind "--" belongs to init and is left out */
};

int cmdline_parse(struct pool *pool, const char *text, struct cmdline *cmdline);
/* Does the command line make `name` take `value`? CPU lists are compared as sets (isolcpus flags too), sizes as sizes,
 * everything else as text; value NULL or "": the bare word is there. */
bool cmdline_has(const struct cmdline *cmdline, const char *name, const char *value);
/* The value in force, "" for a bare word, NULL if absent. */
const char *cmdline_get(const struct cmdline *cmdline, const char *name);
/* Do the two say the same, order aside where order has no meaning? */
bool cmdline_equals(const struct cmdline *a, const struct cmdline *b);
/* Does some hugepagesz= of this size have this hugepages= behind it? */
bool cmdline_has_pages(const struct cmdline *cmdline, const char *size, const char *pages);
/* "4 of 1073741824, 512 of 2097152": the same for two that have the same pages of each size, in whatever order. */
const char *cmdline_pages(struct pool *pool, const struct cmdline *cmdline);
/* Does the kernel keep the first of several (isolcpus=, nohz_full=) rather than the last? */
bool cmdline_keeps_first(const char *name);

/* Typed values, and how a wanted one is compared with what is there. Text enters in the profile parser and leaves in the report. */

#pragma once

#include "agent/core/cpus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

enum value_kind {
        VALUE_FLAG,    /* true, false; reads 1/0, y/n, yes/no, on/off too */
        VALUE_NUMBER,  /* a whole number in the base unit */
        VALUE_REAL,    /* a number with a fraction */
        VALUE_TEXT,    /* compared byte for byte after trimming */
        VALUE_VERSION, /* "5.15" < "5.15.0-91-generic" < "6.1.0-28-rt-amd64"; compared by its numbers */
        VALUE_CPUS,    /* a CPU list, compared as a set */
        VALUE_MASK,    /* a CPU set that the kernel writes as hex groups; the profile writes a list */
        VALUE_WORDS,   /* a set of words, order-free: "performance schedutil" */
        VALUE_FIELDS,  /* one or more whole numbers between white space, up to 64 bits each: "4096 131072 6291456" */
        VALUE_CHOICE,  /* one of several with brackets around the chosen: "always [madvise] never" is "madvise" */
};

enum unit {
        UNIT_NONE,
        UNIT_COUNT,
        UNIT_BYTES,
        UNIT_BITRATE, /* bit/s */
        UNIT_SECONDS,
        UNIT_PERCENT,
        UNIT_TRANSFERS, /* MT/s */
        UNIT_CELSIUS,
        UNIT_HERTZ,
};

#define VALUE_FIELDS_MAX 16
struct value_field {
        bool negative;
        uint64_t magnitude;
};

struct value {
        enum value_kind kind;
        enum unit unit;
        union {
                bool flag;
                int64_t number;
                double real;
                const char *text;        /* TEXT, VERSION, CHOICE; WORDS in natural order, between single blanks */
                const struct cpus *cpus; /* CPUS, MASK */
                struct {
                        size_t count;
                        struct value_field at[VALUE_FIELDS_MAX];
                } fields;
        };
};

struct value value_flag(bool flag);
struct value value_number(int64_t number, enum unit unit);
struct value value_real(double real, enum unit unit);
struct value value_text(struct pool *pool, const char *text); /* copies */
struct value value_version(struct pool *pool, const char *text);
struct value value_cpus(struct pool *pool, const struct cpus *cpus); /* copies */
struct value value_words(struct pool *pool, const char *text);       /* copies, sorts, removes doubles */

/* Reads what a person wrote: "128 GiB", "1.9 TB", "10 Gbit/s", "20 %", "3200 MT/s", "100 us", "true", "5.15", "0-3".
 * A bare number is in the base unit. -EINVAL: not of this kind; -ERANGE: does not fit; -EDOM: a unit that cannot fit. */
int value_parse(struct pool *pool, const char *text, enum value_kind kind, enum unit unit, struct value *value);
/* Reads what the kernel wrote (trailing newline, tabs, brackets, leading zeros). -EINVAL, -ERANGE. */
int value_parse_kernel(struct pool *pool, const char *text, enum value_kind kind, enum unit unit, struct value *value);

/* For people: "128 GiB", "1.92 TB", "10 Gbit/s", "yes", "0-3". */
char *value_show(struct pool *pool, const struct value *value);
/* For a kernel file: "1", "4096 131072 67108864", hex groups for a MASK. */
char *value_kernel(struct pool *pool, const struct value *value);

bool value_equals(const struct value *a, const struct value *b);
/* <0, 0, >0 in *order; -EDOM if the two have no order (text, sets, fields of different count). */
int value_compare(const struct value *a, const struct value *b, int *order);

const char *unit_name(enum unit unit);             /* "bytes", "bit/s", "percent", ... ; "" for UNIT_NONE */
const char *value_kind_name(enum value_kind kind); /* for messages: "a number", "a version", "a CPU list" */

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_MATCH, OP_IN, OP_HAS };

/* What is wanted of a value: "= 4", ">= 128 GiB", "~ ^AMD", "in [a, b]", "has a b" (of words: these among others),
 * "performance|schedutil" (alternatives, first choice first). */
struct want {
        enum op op;
        size_t count; /* 1, save for OP_IN */
        const struct value *values;
        const char *pattern; /* OP_MATCH: an extended regular expression */
        const char *text;    /* as written, for the report */
};

enum want_flags {
        WANT_PLAIN = 0,
        WANT_ALTERNATIVES = 1 << 0, /* "a|b" becomes OP_IN in that order */
        WANT_UNIT = 1 << 1,         /* where units differ by powers of ten, a number other than 0 must have one */
};

/* -EINVAL and its kin with *problem set to one clear sentence from the pool ("a size was expected, such as \"128 GiB\""). */
int want_parse(struct pool *pool, const char *text, enum value_kind kind, enum unit unit, unsigned flags, struct want *want,
               const char **problem);
/* Compares by kind; things of two kinds never hold, not even by "!=". FIELDS with an order hold when every field holds and
 * the counts agree. A VERSION is compared as far as the wanted one goes: "5.15.0-91-generic" is "= 5.15" and not "> 5.15".
 * WORDS hold "in" and "~" when every word does, and never when there is none; they hold "has" when every wanted word is there. */
bool want_holds(const struct want *want, const struct value *have);
/* What should be written so that it holds, least change first: the value, or field by field the better of have and wanted for
 * >= and <=; have may be NULL. -EDOM if the want names no value to write (!=, ~, <, >). */
int want_target(struct pool *pool, const struct want *want, const struct value *have, struct value *target);

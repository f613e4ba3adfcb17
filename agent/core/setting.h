/* A setting: one value that the profile wants under `tune`, ready for a knob. */

#pragma once

#include "agent/core/finding.h"
#include "agent/core/topology.h"
#include "agent/core/value.h"

#define SETTING_KEYS 3

struct setting {
        const char *id; /* "sysctl.vm.swappiness": the knob's name and the keys, joined by dots */
        const char *keys
                [SETTING_KEYS]; /* below the knob's key: {"vm.swappiness"}, {"hft_user","nofile"}, {"2M","node0"}, {"off","cups"} */
        const struct field *field; /* the row of the knob's table that it matched */
        const char *text;          /* the value as written, variables replaced */
        struct want want;          /* text by the field's kind */
        enum tier tier;
        bool absent_ok;
        const char *why;  /* may be NULL */
        const char *from; /* "trading.yaml:31" */
        const char *held; /* not NULL: a variable has no value on this host, for this reason; text and want must not be used */
};

struct settings {
        size_t count;
        const struct setting *rows;        /* of one knob, in the order of the profile */
        bool held;                         /* some row is held: a whole file made of these rows must be left alone */
        const struct topology *topology;   /* NULL where the host has no CPU folder */
        const struct partition *partition; /* NULL where the profile has no `cpus`; may be not valid */
};

/* What a knob accepts below its key in the profile. */
enum field_flags {
        FIELD_LIST = 1 << 0,      /* a list of names: each item becomes a setting of its own, with the item as its last key and
                                        the value "true" */
        FIELD_ONE_SIDED = 1 << 1, /* ">= N" and "<= N" are accepted */
        FIELD_ALTERNATIVES = 1 << 2, /* "a|b": the first that the host offers */
        FIELD_TEXT_TOO =
                1 << 3, /* a value that is not of the kind and has no operator is a want of kind VALUE_TEXT, compared as
                                        text: "fq", "bbr" in a table of numbers. The kind to use is want.values[0].kind */
};
struct field {
        const char *path; /* components between '/', '*' in one: any name: "flavour", "*", "* then /nofile" */
        enum value_kind kind;
        enum unit unit;
        unsigned flags;
        const char *choices; /* "rt|generic": the only values (of a FIELD_LIST or a '*': no limit); NULL: any of the kind */
        const char *help;    /* whole sentences for `explain`: what it is, why it matters */
        const char *where;   /* for `explain`: where it is read and how it is set and undone */
        const char *risk;    /* for `explain` */
};

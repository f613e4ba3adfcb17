/* Two hosts side by side: what is known of each, item by item, and where they differ. */

#pragma once

#include "agent/examine.h"

/* The item of layer "package" that stands for the whole database. */
#define DIFF_PACKAGES "/var/lib/dpkg/status"

enum item_status {
        ITEM_KNOWN,
        ITEM_ABSENT,  /* looked for, and not there */
        ITEM_UNKNOWN, /* it may be there; text says why that is not known */
};

struct item {
        const char *layer; /* of state_layers */
        const char *name;
        enum item_status status;
        const char *text;          /* for people; NULL for what is absent */
        const char *key;           /* KNOWN, without a value: what is compared in the text's place; NULL: the text */
        const struct value *value; /* KNOWN: a fact's; else NULL */
};

/* One side. */
struct items {
        struct pool *pool; /* owns all below */
        size_t count;
        struct item *rows; /* by layer and name, once items_sort was called */
        bool partial;      /* what is missing was perhaps never asked for */
};
struct items *items_new(void);
void items_release(struct items **items);
#define autoitems __attribute__((cleanup(items_release)))
struct item *items_add(struct items *items, const char *layer, const char *name, enum item_status status, const char *text);
/* Interfaces that are called by their hardware address ("enx02beefc0ffee") are called by their number from then on. */
void items_sort(struct items *items);
const struct item *items_find(const struct items *items, const char *layer, const char *name);

/* What was found: facts, packages, and the settings of the profile in their layers; sorted. The examination must outlive the items. */
void items_look(struct items *items, struct host *host, const struct examination *examination);
/* Of these facts alone; a fact must outlive the items. */
void items_add_facts(struct items *items, const struct facts *facts);
/* An item for each setting of the plan in each layer; the plan need not outlive them. */
void items_add_settings(struct items *items, const struct facts *facts, const struct plan *plan);
/* An item for each parameter of a kernel command line, "kernel.cmdline.NAME"; what is given more than once stays together. */
void items_add_parameters(struct items *items, const char *text);
/* A parameter whose value is a secret, or names the host, a disk or an address of it. */
bool items_is_private(const char *parameter, const char *text);
/* What a step says is there, for people. */
const char *items_step_text(struct pool *pool, const struct step *step);
/* What a step of a kernel parameter is compared by: one text for all that mean the same; NULL for any other step. */
const char *items_step_key(struct pool *pool, const struct facts *facts, const struct step *step);

/* What facts said of a host, of which nothing but the form was checked. */
struct answer;
void items_add_answer(struct items *items, const struct answer *answer);
/* An answer may have been asked for by patterns: of what every host tells, and the other side did, it tells that it does not. Both
 * sorted. */
void items_doubt(struct items *items, const struct items *other);

/* What two hosts that are both right differ in: why, in words, or NULL. *presence: but not in whether it is there. */
const char *diff_nature(const char *name, bool *presence);
/* The share of itself by which a number may differ; 0: by nothing. */
double diff_tolerance(const char *name);

enum diff_group {
        GROUP_HARDWARE,
        GROUP_FIRMWARE,
        GROUP_KERNEL,
        GROUP_SETTINGS,
        GROUP_PACKAGES,
        GROUP_SERVICES,
        GROUP_NETWORK,
        GROUP_FILES,
        GROUP_ACCOUNTS,
        GROUP_OTHER,
};
#define GROUPS 10
const char *diff_group_name(enum diff_group group);
enum diff_group diff_group_of(const char *layer, const char *name);

enum diff_status {
        DIFF_DIFFERENT,
        DIFF_UNKNOWN, /* one side, or neither, tells: never equal */
        DIFF_NATURE,  /* differs, as two right hosts do */
};
const char *diff_status_name(enum diff_status status);

struct diff_row {
        enum diff_group group;
        enum diff_status status;
        const char *layer, *name;
        const char *why;             /* NATURE only */
        struct item a, b;            /* ABSENT where a side has no such item */
        const char *a_text, *b_text; /* for people: never the same words for two values */
};

struct diff {
        struct pool *pool; /* owns all below; the items are the sides' */
        size_t compared, different, unknown, nature;
        size_t count;
        struct diff_row *rows; /* by group, then layer and name */
};
/* Both sorted; they must outlive the result. */
struct diff *diff_find(const struct items *a, const struct items *b);
void diff_release(struct diff **diff);
#define autodiff __attribute__((cleanup(diff_release)))

/* One of the two as it is named. */
struct diff_side {
        const char *place; /* the argument; NULL: this host */
        const char *host, *boot_id, *time;
};
struct diff_report {
        const struct session *session; /* of what is printed: the time of now, the profile of both */
        struct diff_side a, b;
        const struct diff *diff;
        int exit;
};
void report_text_diff(const struct diff_report *report, const struct options *options, struct text_buffer *out);
void report_json_diff(const struct diff_report *report, const struct options *options, struct text_buffer *out);

/* The sections of a resolved profile: each is checked against the tables and put into struct profile. */

#pragma once

#include "agent/profile.h"

struct endpoint;
struct extended;
struct node;
struct pair;
struct reading;

struct sections {
        struct reading *reading;
        const struct profile_tables *tables;
        struct profile *profile;
};

/* Fills the profile (zeroed) from the resolved tree. */
int profile_build(struct reading *reading, const struct profile_tables *tables, const struct extended *extended,
                  struct profile *profile);

/* Each takes the value of its key, NULL where it is absent, and returns 0, or -EINVAL with the problem. */
int profile_cpus(struct sections *sections, const struct node *node);
int profile_require(struct sections *sections, const struct node *node);
int profile_tune(struct sections *sections, const struct node *node);             /* after profile_cpus */
int profile_health(struct sections *sections, const struct node *node);           /* after profile_require */
int profile_health_units(struct sections *sections, const struct node *node);     /* its part `units` */
int profile_health_journal(struct sections *sections, const struct node *node);   /* its part `journal` */
int profile_health_endpoints(struct sections *sections, const struct node *node); /* its part `endpoints` */
/* Where an endpoint is, and of http only whether that can be one. */
int profile_endpoint_tcp(struct sections *sections, const struct node *node, struct endpoint *endpoint);
int profile_endpoint_url(struct sections *sections, const struct node *node);
/* The part `json` of an endpoint. */
int profile_endpoint_members(struct sections *sections, const struct node *node, struct endpoint *endpoint);
int profile_audit(struct sections *sections, const struct node *node);
int profile_waivers(struct sections *sections, const struct node *node);

/* The lines of the resolved tree, and the hash over them. */
void profile_flatten(struct sections *sections, const struct node *root);
/* The hash of the resolved tree. */
void profile_hash(struct sections *sections, const struct node *root);

/* A value in its short or its long form. */
struct long_form {
        const struct node *is;
        enum tier tier; /* critical, unless said */
        bool absent_ok;
        const char *why; /* NULL: not said */
};
/* keys: those that the long form may have here, with `is`. A map without `is` is an error. */
int profile_long_form(struct reading *reading, const struct node *node, const char *const *keys, struct long_form *form);

/* The tier that a key's value names; critical where pair is NULL. */
int profile_tier(struct reading *reading, const struct pair *pair, enum tier *tier);

/* Requires a fact for what another section says at the node. A requirement of that name which the profile wrote itself stays as it is.
 * why may be NULL. */
int profile_require_fact(struct sections *sections, const struct node *at, const char *fact, const char *want, enum tier tier,
                         const char *why);

/* The row that a name, or a pattern with '*', stands for. A pattern may stand for several rows, if they are of one kind and unit.
 * at: its node. */
int profile_fact(struct sections *sections, const struct node *at, const char *pattern, const struct fact_info **info);
/* Can any fact match the pattern? -EINVAL if not. */
int profile_pattern(struct sections *sections, const struct node *at);

/* Is the setting's text, written at the node, what its field and its knob accept? Parses the want unless it has a variable. */
int profile_check_setting(struct sections *sections, const struct node *at, const struct knob *knob, struct setting *setting);

/* Parses a text by the field's kind; -EINVAL and its kin with the problem. */
int profile_want(struct pool *pool, const struct field *field, const char *text, struct want *want, const char **problem);

/* profile_variables.c */
#define HOUSEKEEPING "${cpus.housekeeping}"
#define ISOLATED     "${cpus.isolated}"
bool profile_has_variable(const char *text);
/* Only the two variables there are, and only where the profile has `cpus`. */
int profile_check_variables(struct sections *sections, const struct node *at);
/* The text with CPU lists in place of its variables. */
const char *profile_replace_variables(struct pool *pool, const char *text, const char *housekeeping, const char *isolated);

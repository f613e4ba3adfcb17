/* A profile as a tree of nodes, each with the place it was written at, and how its problems are told. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pool;

/* Limits of one load, all the profiles it extends included: far above any sane profile, far below what hurts. */
#define NODE_COUNT_MAX   20000
#define NODE_DEPTH_MAX   16
#define NODE_KEY_MAX     256
#define PROFILE_FILE_MAX 64

enum node_kind { NODE_SCALAR, NODE_MAP, NODE_LIST };

struct node {
        enum node_kind kind;
        const char *file;      /* as messages name it */
        unsigned line, column; /* from 1 */
        const char *text;      /* SCALAR */
        bool nothing;          /* SCALAR: no value was written, not even "" */
        bool drop;             /* SCALAR: !drop */
        size_t count;
        struct pair *pairs;  /* MAP, in the order of the file */
        struct node **items; /* LIST */
};

struct pair {
        struct node *key; /* SCALAR */
        struct node *value;
};

/* What the stages of reading one profile share. */
struct reading {
        struct pool *pool;         /* of the profile: nodes, and what is made of them */
        struct pool *problem_pool; /* of the caller */
        const char *problem;       /* set by whoever returns an error */
        size_t nodes_left;
        unsigned files_left;
};

/* Sets the problem "file:line:column: ...", on one line. Returns -EINVAL. */
int reading_problem(struct reading *reading, const struct node *at, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* Sets a problem that has no line. Returns error. */
int reading_failure(struct reading *reading, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The text between quotes, printable and not too long. */
const char *reading_quote(struct reading *reading, const char *text);
/* What was found: "a map", "nothing", "\"text\"". */
const char *reading_found(struct reading *reading, const struct node *node);
/* "found unknown WHAT "X", expected one of ...": names the nearest candidate, and all of them if they are few. -EINVAL. */
int reading_unknown(struct reading *reading, const struct node *at, const char *what, const char *const *candidates);

/* Parses one file's bytes, which may hold anything. The tree lives in reading->pool; *root is a map. -EINVAL. */
int profile_parse(struct reading *reading, const char *file, const char *bytes, size_t size, struct node **root);

struct pair *node_find(const struct node *map, const char *key); /* NULL if there is none */
void node_remove(struct node *map, const char *key);

/* Each is 0, or -EINVAL with the problem; what names the thing in it: "the list of units". */
int node_is_map(struct reading *reading, const struct node *node, const char *what);
int node_is_list(struct reading *reading, const struct node *node, const char *what);
/* A scalar with a value, without control characters. */
int node_is_line(struct reading *reading, const struct node *node, const char *what);
int node_has_keys(struct reading *reading, const struct node *map, const char *const *valid);
/* A scalar with a value; line breaks and other control characters become blanks. */
int node_sentence(struct reading *reading, const struct node *node, const char *what, const char **sentence);

/* "base.yaml:12" */
const char *node_from(struct pool *pool, const struct node *node);

/* above over below, key by key; below may be NULL. Takes both apart. Lists under the key `waivers` of the roots are joined. */
struct node *profile_merge(struct pool *pool, struct node *below, struct node *above);
/* Takes out what is still marked !drop. */
void profile_prune(struct node *node);

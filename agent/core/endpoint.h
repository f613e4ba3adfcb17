/* Endpoints: what the services of this host must answer when they are asked. */

#pragma once

#include "agent/core/value.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

#define ENDPOINT_MAX        64            /* of one profile: each is asked by a child of its own, all at once */
#define ENDPOINT_ANSWER_MAX (size_t)65536 /* bytes that are kept of a body, or of what a command prints */

enum endpoint_kind { ENDPOINT_TCP, ENDPOINT_HTTP, ENDPOINT_COMMAND };

/* A member of the answer's JSON, and what it must be, or how it must compare with another member. */
struct endpoint_field {
        const char *const *path;  /* the names on the way to it; ends with NULL */
        enum op op;               /* OP_EQ, OP_NE, or an order of numbers */
        const char *want;         /* as it is written; behind an order a number; NULL beside other */
        const char *const *other; /* the names on the way to the other member; NULL: none */
};

struct endpoint {
        const char *name;
        enum endpoint_kind kind;
        const char *what; /* for people: "tcp 127.0.0.1:9000", the address, "command /usr/bin/redis-cli" */
        unsigned timeout_ms;
        /* TCP */
        const char *node, *port;
        /* HTTP */
        const char *url, *ca; /* ca: a file with the certificates to trust; NULL: those of the system */
        long status;
        const char *body; /* NULL: any */
        size_t field_count;
        const struct endpoint_field *fields;
        /* COMMAND */
        const char *const *argv; /* the first is a path; ends with NULL */
        const char *user;
        const char *output; /* NULL: any */
};

/* The raw answer, as a stored one is written:
 *   "open\n"                       TCP: somebody listens there
 *   "status N\n\n" and the body    HTTP
 *   "exit N\n\n" and the output, "signal N\n\n" and the output    COMMAND
 *   "failed SENTENCE\n"            there is no such answer, and that is the endpoint's fault
 *   "unasked ERRNO SENTENCE\n"     it could not be asked, and nothing is known of it */
struct endpoint_answer {
        int error; /* -ETIMEDOUT: past its time limit; any other: there is no answer for this reason; 0: the bytes hold it */
        const char *bytes; /* NUL behind them */
        size_t size;
};

/* No hexadecimal, no infinity, no sign before a positive one and no white space (RFC 8259, section 6). */
bool endpoint_is_number(const char *text);
/* The endpoints that the profile names; the caller keeps them until the host is closed. */
void host_watch(struct host *host, const struct endpoint *endpoints, size_t count);
/* Until then no endpoint of a live host is asked. */
void host_allow_endpoints(struct host *host);
/* Asks all of them at once, each within its own time limit. The arrays, of *count, live in the pool. Reach: touching. */
void host_endpoints(struct host *host, struct pool *pool, const struct endpoint **endpoints,
                    const struct endpoint_answer **answers, size_t *count);

/* What systemd says of a unit, property by property. */

#pragma once

struct host;
struct pool;

/* Asks for a unit by its full name; the answer is in the pool. -ENOENT: there is no such unit; -EOPNOTSUPP: no systemd. */
int unit_ask(struct host *host, struct pool *pool, const char *unit, const char **answer);
/* The value of a property, such as "active" of ActiveState, in the pool; NULL: it was not told. */
const char *unit_property(struct pool *pool, const char *answer, const char *property);

/* How much an audit may disturb. */

#pragma once

struct host;
struct pool;
struct probe;
struct profile;

/* The sources louder than quiet that the facts named in the profile's `audit: touching` need: patterns for host_allow_also, in the
 * pool. probes ends with NULL. */
const char *const *audit_sources(struct pool *pool, const struct profile *profile, const struct probe *const *probes);

/* Whether the kernel is kept. For packages.c. */

#pragma once

#define STATUS "/var/lib/dpkg/status"
#define PINS   "/etc/apt/preferences"
#define HELD   "packages.kernel_held"

struct facts;
struct host;
struct pool;

void packages_held_fact(struct host *host, struct facts *facts, struct pool *pool);

/* Swap: how much, how full, and whether it has disks of its own. */

#pragma once

struct facts;
struct host;
struct mounts;
struct pool;

/* Adds swap.size, swap.used and swap.separate. mounts NULL: not known. */
void swap_facts(struct host *host, struct facts *facts, struct pool *pool, const struct mounts *mounts);

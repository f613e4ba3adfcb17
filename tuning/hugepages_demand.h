/* Which pool of huge pages should hold how much. Private to tuning/. */

#pragma once

#include "agent/core/plan.h"

#define HUGEPAGES_WHOLE_HOST (-1)

struct hugepages_size {
        const char *name;
        unsigned kib;
};

/* One pool that should hold so many pages. */
struct hugepages_demand {
        const struct setting *setting;
        const struct hugepages_size *size;
        int node; /* or HUGEPAGES_WHOLE_HOST */
        uint64_t pages;
};

struct hugepages_round {
        struct host *host;
        struct plan *plan;
        const struct settings *settings;
        bool by_node; /* NUMA can be believed, and the kernel has folders for it */
        size_t count;
        struct hugepages_demand *demands;
};

/* "2M" or "1G"; NULL for any other. */
const struct hugepages_size *hugepages_size(const char *name);
/* "node3" is 3; -EINVAL. */
int hugepages_node(const char *name, int *node);
/* The folder of the pool. */
const char *hugepages_folder(struct pool *pool, const struct hugepages_size *size, int node);

/* Rows that only tell: something that this host cannot do, and something that it does not have. */
struct step *hugepages_tell(struct hugepages_round *round, const struct setting *setting, enum status status,
                            const char *target, const char *note);
void hugepages_tell_absent(struct hugepages_round *round, const struct setting *setting, const char *target, const char *note);

/* Adds the demands of all settings; what cannot become one gets its row. */
void hugepages_collect(struct hugepages_round *round);

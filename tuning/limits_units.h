/* Limits of services, which pam_limits never sees: drop-ins of systemd, and what a running service has. Private to tuning/. */

#pragma once

#include "agent/core/plan.h"
#include "tuning/limits_items.h"
#include "tuning/unit_files.h"

/* One limit of one domain. */
struct limits_wish {
        const struct setting *setting;
        const char *domain;
        const struct limits_item *item;
        struct limits_value value;
};

struct limits_round {
        struct host *host;
        struct plan *plan;
        const struct settings *settings;
        size_t count;
        struct limits_wish *wishes;
        int units_error; /* negative errno where unit files could not be listed */
        struct unit_files units;
        size_t drop_in_count;
        const char **drop_ins; /* paths of those that are wanted */
};

/* The rows for one service that should have the limits of its domain. */
void limits_plan_service(struct limits_round *round, const struct setting *setting);
/* Rows that take away drop-ins of ours for services that the profile no longer names. */
void limits_plan_leftovers(struct limits_round *round);

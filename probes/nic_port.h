/* One network port with a device behind it. */

#pragma once

#include "agent/core/fact.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct pool;

struct nic_port {
        const char *name;   /* as the kernel has it */
        const char *label;  /* the same, fit to stand in the name of a fact */
        const char *folder; /* "/sys/class/net/eth0" */
        const char *pci;    /* NULL: on another bus */
        bool ethernet;      /* false: InfiniBand, wireless and the like */
        int linked;         /* 1, 0, or why that is not known */
        uint64_t speed;     /* bit/s; 0 where speed_error says why there is none */
        int speed_error;    /* 0; or a negative errno */
};

/* Whether there is a link, how fast, and what the driver says about it. Fills linked, speed and speed_error. */
void nic_link_facts(struct host *host, struct facts *facts, struct pool *pool, struct nic_port *port);
/* Which device it is, where it sits, and what it counted. */
void nic_device_facts(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port);

/* One network port with a device behind it. */

#pragma once

#include "agent/core/fact.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NIC_FOLDER "/sys/class/net"

struct host;
struct netlink_address;
struct netlink_link;
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
/* The largest packet, of a port or of what stands on ports: "nic.LABEL.mtu", "interface.LABEL.mtu". */
void nic_mtu_fact(struct host *host, struct facts *facts, struct pool *pool, const char *kind, const char *label,
                  const char *folder);

/* Whether what stands on ports can carry traffic: "interface.LABEL.link". */
void nic_stack_link_fact(struct host *host, struct facts *facts, struct pool *pool, const char *name, const char *label,
                         const char *folder);
/* Does a bond not use this port, though it may have a link? 1, with why in words; 0; or why that cannot be told, with what was read. */
int nic_bond_leaves_out(struct host *host, struct pool *pool, const char *bond, const char *port, const char **why);
/* "interface.LABEL.active". */
void nic_bond_active_fact(struct host *host, struct facts *facts, struct pool *pool, const char *label, const char *folder);

/* The fastest of the Ethernet ports that have a link, counted one after the other; starts zeroed. */
struct nic_fastest {
        unsigned ports, linked;
        unsigned silent;  /* a link, or perhaps one, of unknown speed */
        unsigned unwired; /* those of the silent that a hypervisor made: no wire is theirs */
        int error;        /* of the first silent port, one with a wire before others */
        const char *silent_label;
        uint64_t best;
        const char *best_source;
};
void nic_fastest_count(struct host *host, struct pool *pool, const struct nic_port *port, struct nic_fastest *fastest);
void nic_fastest_fact(struct host *host, struct facts *facts, struct pool *pool, const struct nic_fastest *fastest);

/* What the kernel's own list says about the links: asked once, as each asking takes the rtnl lock. Empty without an answer. */
struct nic_links {
        int error; /* negative: no answer, or one that cannot be read */
        const struct netlink_link *rows;
        size_t count;
};

/* The addresses of all interfaces: asked once, like the links. */
struct nic_addresses {
        int error; /* negative: they are not known */
        const struct netlink_address *rows;
        size_t count;
};
struct nic_addresses nic_addresses_ask(struct host *host, struct pool *pool);
/* Those of one interface: "nic.NAME.addresses", "interface.NAME.addresses". */
void nic_address_fact(struct facts *facts, struct pool *pool, const struct nic_links *links,
                      const struct nic_addresses *addresses, const char *kind, const char *name);
/* Those of the host. */
void nic_addresses_fact(struct facts *facts, struct pool *pool, const struct nic_links *links,
                        const struct nic_addresses *addresses);

/* What stands on ports: bonds, VLANs, bridges and their like. names: all of /sys/class/net, ending with NULL; ports: the physical ones
 * among them, whose links and speeds are known. */
void nic_stack_facts(struct host *host, struct facts *facts, struct pool *pool, const char *const *names,
                     const struct nic_links *links, const struct nic_addresses *addresses, const struct nic_port *ports,
                     size_t count);

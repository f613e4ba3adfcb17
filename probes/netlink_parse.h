/* What the kernel's raw netlink answers say. Pure: bytes in, values out; any bytes are safe. The bytes must be aligned for any
 * type, as host_ask returns them. A message or attribute that is cut, or lies about its length, makes the whole answer
 * -EBADMSG; attributes nobody knows yet are passed over. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

struct netlink_link {
        unsigned index;
        unsigned type;         /* ARPHRD_*: 1 Ethernet, 32 InfiniBand */
        unsigned flags;        /* IFF_* */
        const char *name;      /* never NULL */
        const char *kind;      /* "vlan", "bond" ...: a link that software made; NULL: none */
        const char *port_name; /* "p0", "pf0vf1": the port of an embedded switch; NULL: none */
};

/* The answer to "rtnl/links"; the array lives in the pool. */
int netlink_parse_links(struct pool *pool, const void *bytes, size_t size, const struct netlink_link **links, size_t *count);

/* One address of an interface: its own, also where another end of the line has one. */
struct netlink_address {
        unsigned index; /* of the interface */
        int family;     /* AF_INET or AF_INET6 */
        unsigned char bytes[16];
        unsigned prefix; /* bits of the network; all where only the other end is in it */
        unsigned scope;  /* RT_SCOPE_* */
        unsigned flags;  /* IFA_F_* */
};

/* The answer to "rtnl/addresses", by interface, family and bytes; the array lives in the pool. */
int netlink_parse_addresses(struct pool *pool, const void *bytes, size_t size, const struct netlink_address **addresses,
                            size_t *count);

/* A way to everywhere, or to half of it, in the main table: one for each next hop of a route. */
struct netlink_way {
        int family; /* AF_INET or AF_INET6 */
        bool half;  /* 0.0.0.0/1, ::/1; upper: 128.0.0.0/1, 8000::/1 */
        bool upper;
        uint32_t metric; /* the lowest goes first */
        unsigned index;  /* of the interface; 0: not told */
        uint32_t object; /* the next hop object that the route leads to; 0: none */
};

/* The answer to "rtnl/routes"; the array lives in the pool. */
int netlink_parse_ways(struct pool *pool, const void *bytes, size_t size, const struct netlink_way **ways, size_t *count);

struct netlink_modes {
        bool speed_known;
        uint64_t speed;      /* bit/s */
        const char *duplex;  /* "full", "half"; NULL: the driver does not say */
        uint64_t max_speed;  /* bit/s, the fastest mode that the port supports; 0: it names none that we know */
        uint64_t peer_speed; /* bit/s, the fastest mode that the other end says it can; 0: it does not say */
};

/* The answer to "ethtool/linkmodes/IF". */
int netlink_parse_linkmodes(const void *bytes, size_t size, struct netlink_modes *modes);
/* The answer to "ethtool/linkstate/IF". -ENODATA: the driver does not say. */
int netlink_parse_linkstate(const void *bytes, size_t size, bool *up);
/* Of the same answer: why there is no link, in words; NULL: the driver does not say, or it is none that we know. */
const char *netlink_parse_no_link(const void *bytes, size_t size);
/* The answer to "ethtool/tsinfo/IF": the number of the PTP clock, -1 for none. */
int netlink_parse_tsinfo(const void *bytes, size_t size, int *clock);

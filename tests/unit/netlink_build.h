/* Builds the kernel's netlink answers by hand. */

#pragma once

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_ROOM 4096

struct netlink_room {
        _Alignas(struct nlmsghdr) char bytes[NETLINK_ROOM];
        size_t size; /* of all messages in it */
};

/* Adds a link that is switched on to a dump. kind, port_name: NULL none. */
void build_link(struct netlink_room *room, unsigned index, const char *name, unsigned type, const char *kind,
                const char *port_name);
/* An address, as text. local, address: NULL not said. flags: NO_FLAGS not said beside those of the header. */
struct build_address {
        unsigned index;
        const char *local, *address;
        unsigned prefix, scope, header_flags, flags;
};
#define NO_FLAGS UINT32_MAX
/* Adds an address to a dump. */
void build_address(struct netlink_room *room, const struct build_address *address);
/* Starts an ethtool reply, with its header and an attribute nobody knows; room->size is right once it is finished. */
struct nlmsghdr *build_reply(struct netlink_room *room, uint8_t command);
void build_finish(struct netlink_room *room, const struct nlmsghdr *reply);
/* A whole answer to LINKMODES_GET: speed in Mb/s, ETHTOOL_LINK_MODE_* bits in `modes`, count 0: no bitset. */
void build_linkmodes(struct netlink_room *room, uint32_t megabits, uint8_t duplex, const unsigned *modes, size_t count);

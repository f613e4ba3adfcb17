/* Builds the kernel's netlink answers by hand. */

#include "tests/unit/netlink_build.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <string.h>

#define UNKNOWN_ATTRIBUTE 4000

void build_link(struct netlink_room *room, unsigned index, const char *name, unsigned type, const char *kind,
                const char *port_name)
{
        struct nlmsghdr *message = mnl_nlmsg_put_header(room->bytes + room->size);
        struct ifinfomsg *header;

        message->nlmsg_type = RTM_NEWLINK;
        message->nlmsg_flags = NLM_F_MULTI;
        header = mnl_nlmsg_put_extra_header(message, sizeof *header);
        header->ifi_index = (int)index;
        header->ifi_type = (unsigned short)type;
        header->ifi_flags = IFF_UP;
        mnl_attr_put_u32(message, UNKNOWN_ATTRIBUTE, 7);
        mnl_attr_put_strz(message, IFLA_IFNAME, name);
        if (port_name)
                mnl_attr_put_strz(message, IFLA_PHYS_PORT_NAME, port_name);
        if (kind) {
                struct nlattr *nest = mnl_attr_nest_start(message, IFLA_LINKINFO);

                mnl_attr_put_str(message, IFLA_INFO_KIND, kind); /* without a NUL: nobody may rely on it */
                mnl_attr_nest_end(message, nest);
        }
        room->size += MNL_ALIGN(message->nlmsg_len);
}

static void put_address(struct nlmsghdr *message, uint16_t type, const char *text)
{
        unsigned char bytes[16];

        if (text && inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, bytes) == 1)
                mnl_attr_put(message, type, strchr(text, ':') ? 16 : 4, bytes);
}

void build_address(struct netlink_room *room, const struct build_address *address)
{
        struct nlmsghdr *message = mnl_nlmsg_put_header(room->bytes + room->size);
        const char *text = address->local ? address->local : address->address;
        struct ifaddrmsg *header;

        message->nlmsg_type = RTM_NEWADDR;
        message->nlmsg_flags = NLM_F_MULTI;
        header = mnl_nlmsg_put_extra_header(message, sizeof *header);
        header->ifa_family = text && strchr(text, ':') ? AF_INET6 : AF_INET;
        header->ifa_prefixlen = (uint8_t)address->prefix;
        header->ifa_scope = (uint8_t)address->scope;
        header->ifa_flags = (uint8_t)address->header_flags;
        header->ifa_index = address->index;
        mnl_attr_put_u32(message, UNKNOWN_ATTRIBUTE, 7);
        put_address(message, IFA_ADDRESS, address->address);
        put_address(message, IFA_LOCAL, address->local);
        if (address->flags != NO_FLAGS)
                mnl_attr_put_u32(message, IFA_FLAGS, address->flags);
        room->size += MNL_ALIGN(message->nlmsg_len);
}

struct nlmsghdr *build_reply(struct netlink_room *room, uint8_t command)
{
        struct nlmsghdr *reply = mnl_nlmsg_put_header(room->bytes);
        struct genlmsghdr *generic;
        struct nlattr *nest;

        reply->nlmsg_type = 0x15;
        generic = mnl_nlmsg_put_extra_header(reply, sizeof *generic);
        generic->cmd = command;
        generic->version = ETHTOOL_GENL_VERSION;
        nest = mnl_attr_nest_start(reply, ETHTOOL_A_LINKMODES_HEADER);
        mnl_attr_put_u32(reply, ETHTOOL_A_HEADER_DEV_INDEX, 4);
        mnl_attr_put_strz(reply, ETHTOOL_A_HEADER_DEV_NAME, "eth0");
        mnl_attr_nest_end(reply, nest);
        mnl_attr_put_u32(reply, UNKNOWN_ATTRIBUTE, 7);
        return reply;
}

void build_finish(struct netlink_room *room, const struct nlmsghdr *reply)
{
        room->size = reply->nlmsg_len;
}

void build_linkmodes(struct netlink_room *room, uint32_t megabits, uint8_t duplex, const unsigned *modes, size_t count)
{
        struct nlmsghdr *reply = build_reply(room, ETHTOOL_MSG_LINKMODES_GET_REPLY);
        uint32_t words[8] = { 0 };
        struct nlattr *nest;

        for (size_t i = 0; i < count; i++)
                words[modes[i] / 32] |= 1U << modes[i] % 32;
        mnl_attr_put_u32(reply, ETHTOOL_A_LINKMODES_SPEED, megabits);
        mnl_attr_put_u8(reply, ETHTOOL_A_LINKMODES_DUPLEX, duplex);
        if (count) {
                nest = mnl_attr_nest_start(reply, ETHTOOL_A_LINKMODES_OURS);
                mnl_attr_put_u32(reply, ETHTOOL_A_BITSET_SIZE, sizeof words * 8);
                mnl_attr_put(reply, ETHTOOL_A_BITSET_VALUE, sizeof words, (const uint32_t[8]){ 0 });
                mnl_attr_put(reply, ETHTOOL_A_BITSET_MASK, sizeof words, words);
                mnl_attr_nest_end(reply, nest);
        }
        build_finish(room, reply);
}

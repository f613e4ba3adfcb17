/* Addresses in answers of rtnetlink(7): of the interfaces, and of the cards. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>

/* IFA_PROTO, since Linux 5.18: who added the address. */
#define PROTOCOL 11
/* RTA_NH_ID, since Linux 5.3. */
#define NEXT_HOP_OBJECT 30

/* The message behind this one; the last one may lack its padding. */
static struct nlmsghdr *next_message(struct nlmsghdr *message, unsigned *left)
{
        unsigned size = NLMSG_ALIGN(message->nlmsg_len);

        if (size > *left)
                size = *left;
        *left -= size;
        return (struct nlmsghdr *)((char *)message + size);
}

/* Each attribute of each message that begins with a header of so many bytes. What is left of a message or of the answer behind a length
 * that is a lie is blank: it may hold anything. */
static void replace(struct secrets *secrets, struct pool *pool, struct member *member, size_t header,
                    void (*replace_attribute)(struct secrets *, const void *header, struct rtattr *))
{
        struct nlmsghdr *message = pool_copy(pool, member->bytes, member->size);
        unsigned left = (unsigned)member->size;

        member->bytes = (const char *)message;
        for (; NLMSG_OK(message, left); message = next_message(message, &left)) {
                struct rtattr *attribute = (struct rtattr *)((char *)NLMSG_DATA(message) + NLMSG_ALIGN(header));
                int rest; /* below zero behind an attribute without its padding */

                if (message->nlmsg_len < NLMSG_LENGTH(header)) {
                        memset(NLMSG_DATA(message), 0, message->nlmsg_len - NLMSG_LENGTH(0));
                        continue;
                }
                rest = (int)(message->nlmsg_len - NLMSG_LENGTH(0)) - (int)NLMSG_ALIGN(header);
                for (; RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest))
                        replace_attribute(secrets, NLMSG_DATA(message), attribute);
                if (rest > 0)
                        memset(attribute, 0, (size_t)rest);
        }
        memset(message, 0, left);
}

/* "eth0:name": behind the colon stands what somebody wrote. */
static void blank_alias(struct rtattr *attribute)
{
        char *label = RTA_DATA(attribute), *colon = memchr(label, ':', RTA_PAYLOAD(attribute));

        if (colon)
                memset(colon, 0, RTA_PAYLOAD(attribute) - (size_t)(colon - label));
}

static void replace_address(struct secrets *secrets, const void *header, struct rtattr *attribute)
{
        int family = ((const struct ifaddrmsg *)header)->ifa_family;
        size_t size = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;

        switch (attribute->rta_type & NLA_TYPE_MASK) {
        case IFA_LABEL:
                blank_alias(attribute);
                return;
        case IFA_CACHEINFO:
        case IFA_FLAGS:
        case IFA_RT_PRIORITY:
        case IFA_TARGET_NETNSID:
        case PROTOCOL:
                return;
        case IFA_ADDRESS:
        case IFA_LOCAL:
        case IFA_BROADCAST:
        case IFA_ANYCAST:
        case IFA_MULTICAST:
                if (size && RTA_PAYLOAD(attribute) == size) {
                        redact_address_bytes(secrets, family, RTA_DATA(attribute));
                        return;
                }
                break;
        default:
                break;
        }
        /* Nobody knows what it is, so nobody misses it. */
        memset(RTA_DATA(attribute), 0, RTA_PAYLOAD(attribute));
}

void redact_interfaces(struct secrets *secrets, struct pool *pool, struct member *member)
{
        replace(secrets, pool, member, sizeof(struct ifaddrmsg), replace_address);
}

/* Nobody reads it, so nobody misses it: type 0 is nothing. */
static void blank(struct rtattr *attribute)
{
        attribute->rta_type = 0;
        memset(RTA_DATA(attribute), 0, RTA_PAYLOAD(attribute));
}

/* Of a link that software made only its kind is read; the rest holds ends of tunnels, and addresses that a bond asks for. */
static void blank_info(struct rtattr *nest)
{
        int rest = (int)RTA_PAYLOAD(nest);
        struct rtattr *attribute;

        for (attribute = RTA_DATA(nest); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest))
                if ((attribute->rta_type & NLA_TYPE_MASK) != IFLA_INFO_KIND)
                        blank(attribute);
}

/* A tunnel has an address of IP where others have that of a card, and InfiniBand one of 20 bytes. What is not known to be harmless goes:
 * ports and switches have identifiers made of hardware addresses, aliases and other names hold what somebody wrote. */
static void replace_link(struct secrets *secrets, const void *header, struct rtattr *attribute)
{
        (void)header;
        switch (attribute->rta_type & NLA_TYPE_MASK) {
        case IFLA_ADDRESS:
        case IFLA_BROADCAST:
        case IFLA_PERM_ADDRESS:
                if (RTA_PAYLOAD(attribute) == CARD_SIZE)
                        redact_card(secrets, RTA_DATA(attribute));
                else
                        blank(attribute);
                break;
        case IFLA_LINKINFO:
                blank_info(attribute);
                break;
        case IFLA_IFNAME:
        case IFLA_LINK:
        case IFLA_LINK_NETNSID:
        case IFLA_MASTER:
        case IFLA_MTU:
        case IFLA_MIN_MTU:
        case IFLA_MAX_MTU:
        case IFLA_QDISC:
        case IFLA_TXQLEN:
        case IFLA_NUM_TX_QUEUES:
        case IFLA_NUM_RX_QUEUES:
        case IFLA_OPERSTATE:
        case IFLA_LINKMODE:
        case IFLA_CARRIER:
        case IFLA_CARRIER_CHANGES:
        case IFLA_CARRIER_UP_COUNT:
        case IFLA_CARRIER_DOWN_COUNT:
        case IFLA_STATS:
        case IFLA_STATS64:
        case IFLA_PHYS_PORT_NAME:
                break;
        default:
                blank(attribute);
                break;
        }
}

void redact_links(struct secrets *secrets, struct pool *pool, struct member *member)
{
        replace(secrets, pool, member, sizeof(struct ifinfomsg), replace_link);
}

/* Of a next hop its interface is read; gateways go, and so does what is left behind a length that is a lie. */
static void blank_hops(struct rtattr *nest)
{
        struct rtnexthop *hop = RTA_DATA(nest);
        int left = (int)RTA_PAYLOAD(nest);

        while (left >= (int)sizeof *hop && RTNH_OK(hop, left)) {
                int size = RTNH_ALIGN(hop->rtnh_len);

                memset(RTNH_DATA(hop), 0, hop->rtnh_len - sizeof *hop);
                left -= size < left ? size : left;
                hop = (struct rtnexthop *)((char *)hop + size);
        }
        if (left > 0)
                memset(hop, 0, (size_t)left);
}

/* One that is too short stays too short: no answer becomes one where it was none. */
static void keep_number(struct rtattr *attribute)
{
        char *bytes = RTA_DATA(attribute);
        size_t size = RTA_PAYLOAD(attribute), kept = size < sizeof(uint32_t) ? 0 : sizeof(uint32_t);

        memset(bytes + kept, 0, size - kept);
}

static void keep_first_bit(struct rtattr *attribute)
{
        unsigned char *bytes = RTA_DATA(attribute);
        size_t size = RTA_PAYLOAD(attribute);

        for (size_t i = 0; i < size; i++)
                bytes[i] = i ? 0 : bytes[i] & 0x80;
}

/* Where everything goes is read, and half of everything is no address of anybody. */
static void replace_route(struct secrets *secrets, const void *header, struct rtattr *attribute)
{
        (void)secrets;
        switch (attribute->rta_type & NLA_TYPE_MASK) {
        case RTA_TABLE:
        case RTA_OIF:
        case RTA_PRIORITY:
        case NEXT_HOP_OBJECT:
                keep_number(attribute);
                break;
        case RTA_MULTIPATH:
                blank_hops(attribute);
                break;
        case RTA_DST:
                if (((const struct rtmsg *)header)->rtm_dst_len > 1)
                        blank(attribute);
                else
                        keep_first_bit(attribute);
                break;
        default:
                blank(attribute);
                break;
        }
}

void redact_routes(struct secrets *secrets, struct pool *pool, struct member *member)
{
        replace(secrets, pool, member, sizeof(struct rtmsg), replace_route);
}

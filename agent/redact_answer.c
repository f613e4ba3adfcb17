/* Network addresses as bytes, in answers of netlink, and as the kernel prints them in its tables. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* IFA_PROTO, since Linux 5.18: who added the address. */
#define PROTOCOL 11

struct nlmsghdr *redact_next(struct nlmsghdr *message, unsigned *left)
{
        unsigned size = NLMSG_ALIGN(message->nlmsg_len);

        if (size > *left)
                size = *left;
        *left -= size;
        return (struct nlmsghdr *)((char *)message + size);
}

/* The same as their text becomes; and that is looked for everywhere then. */
static void replace_bytes(struct secrets *secrets, int family, void *bytes)
{
        char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
        enum secret_kind kind = family == AF_INET ? SECRET_FOUR : SECRET_SIX;
        size_t size;

        inet_ntop(family, bytes, from, sizeof from);
        size = strlen(from);
        if (text_equals(from, "::") || text_equals(from, "::1") || (family == AF_INET && redact_is_own(from)))
                return;
        memcpy(to, from, size + 1);
        secret_address(secrets, kind, to, from, size);
        if (inet_pton(family, to, bytes) != 1)
                memset(bytes, 0, family == AF_INET ? 4 : 16);
        if (size >= ADDRESS_TEXT_LEAST)
                secret_add(secrets, kind, from, size);
}

static void replace_attribute(struct secrets *secrets, int family, struct rtattr *attribute)
{
        size_t size = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;

        switch (attribute->rta_type & NLA_TYPE_MASK) {
        case IFA_LABEL:
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
                        replace_bytes(secrets, family, RTA_DATA(attribute));
                        return;
                }
                break;
        default:
                break;
        }
        /* Nobody knows what it is, so nobody misses it. */
        memset(RTA_DATA(attribute), 0, RTA_PAYLOAD(attribute));
}

/* What is left of a message or of the answer behind a length that is a lie is blank: it may hold anything. */
void redact_answer(struct secrets *secrets, struct pool *pool, struct member *member)
{
        struct nlmsghdr *message = pool_copy(pool, member->bytes, member->size);
        unsigned left = (unsigned)member->size;

        member->bytes = (const char *)message;
        for (; NLMSG_OK(message, left); message = redact_next(message, &left)) {
                struct rtattr *attribute;
                int rest; /* below zero behind an attribute without its padding */

                if (message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifaddrmsg))) {
                        memset(NLMSG_DATA(message), 0, message->nlmsg_len - NLMSG_LENGTH(0));
                        continue;
                }
                rest = (int)IFA_PAYLOAD(message);
                for (attribute = IFA_RTA(NLMSG_DATA(message)); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest))
                        replace_attribute(secrets, ((struct ifaddrmsg *)NLMSG_DATA(message))->ifa_family, attribute);
                if (rest > 0)
                        memset(attribute, 0, (size_t)rest);
        }
        memset(message, 0, left);
}

/* "0100007F": words of an address, each printed as a number of a little-endian machine. */
static void replace_hex(struct secrets *secrets, char *hex, size_t size)
{
        unsigned char bytes[16];
        char text[9];

        for (size_t i = 0; i < size; i += 8) {
                uint32_t word;

                memcpy(text, hex + i, 8);
                text[8] = '\0';
                word = (uint32_t)strtoul(text, NULL, 16);
                for (unsigned k = 0; k < 4; k++)
                        bytes[i / 2 + k] = (unsigned char)(word >> 8 * k);
        }
        replace_bytes(secrets, size == 8 ? AF_INET : AF_INET6, bytes);
        for (size_t i = 0; i < size; i += 8) {
                snprintf(text, sizeof text, "%02X%02X%02X%02X", bytes[i / 2 + 3], bytes[i / 2 + 2], bytes[i / 2 + 1],
                         bytes[i / 2]);
                memcpy(hex + i, text, 8);
        }
}

void redact_table(struct secrets *secrets, struct pool *pool, struct member *member)
{
        char *text = pool_copy(pool, member->bytes, member->size);
        bool sockets = !text_ends(member->path, "/route");
        unsigned column = 0;

        member->bytes = text;
        for (size_t at = 0, size; at < member->size; at += size ? size : 1) {
                size = strspn(text + at, "0123456789abcdefABCDEF");
                if (text[at] == '\n')
                        column = 0;
                column += text[at] == '\t';
                /* Behind the address of a socket stands its port; of a route the second and third are the network and the gateway. */
                if (sockets ? (size == 8 || size == 32) && text[at + size] == ':' &&
                                      strspn(text + at + size + 1, "0123456789abcdefABCDEF") == 4
                            : size == 8 && (column == 1 || column == 2))
                        replace_hex(secrets, text + at, size);
        }
}

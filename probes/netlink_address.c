/* The addresses in a raw rtnetlink dump. */

#include "probes/netlink_parse.h"

#include "agent/core/pool.h"
#include "probes/netlink_walk.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

/* 0 for what is no address that anybody speaks to (AF_MCTP, AF_PHONET). */
static size_t size_of(int family)
{
        return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

static int read_bytes(const struct nlattr *attr, size_t size, const unsigned char **bytes)
{
        if (mnl_attr_get_payload_len(attr) != size)
                return -EBADMSG;
        *bytes = mnl_attr_get_payload(attr);
        return 0;
}

/* IFA_ADDRESS is the other end where IFA_LOCAL is the own one and differs (inet_fill_ifaddr in net/ipv4/devinet.c, inet6_fill_ifaddr in
 * net/ipv6/addrconf.c); the length of the network belongs to the other end then. *found stays false without either: 0.0.0.0. */
static int parse_address(struct walk attrs, struct netlink_address *address, bool *found)
{
        size_t size = size_of(address->family);
        const unsigned char *local = NULL, *other = NULL;
        const struct nlattr *attr;
        int r;

        if (address->prefix > size * 8)
                return -EBADMSG;
        while ((r = walk_next(&attrs, &attr)) > 0) {
                switch (mnl_attr_get_type(attr)) {
                case IFA_ADDRESS:
                        r = read_bytes(attr, size, &other);
                        break;
                case IFA_LOCAL:
                        r = read_bytes(attr, size, &local);
                        break;
                case IFA_FLAGS: /* all of them; the header has room for eight */
                        r = attr_u32(attr, &address->flags) ? 0 : -EBADMSG;
                        break;
                default:
                        break;
                }
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return r;
        *found = local || other;
        if (!*found)
                return 0;
        memcpy(address->bytes, local ? local : other, size);
        if (local && other && memcmp(local, other, size) != 0)
                address->prefix = (unsigned)size * 8;
        return 0;
}

static int compare(const void *a, const void *b)
{
        const struct netlink_address *x = a, *y = b;
        int order = memcmp(x->bytes, y->bytes, sizeof x->bytes);

        if (x->index != y->index)
                return x->index < y->index ? -1 : 1;
        if (x->family != y->family)
                return x->family < y->family ? -1 : 1;
        return order != 0 ? order : (x->prefix > y->prefix) - (x->prefix < y->prefix);
}

int netlink_parse_addresses(struct pool *pool, const void *bytes, size_t size, const struct netlink_address **addresses,
                            size_t *count)
{
        struct walk walk = { bytes, (const char *)bytes + size }, attrs;
        struct netlink_address *rows = NULL;
        const struct nlmsghdr *message;
        size_t known = 0;
        int r;

        while ((r = walk_message(&walk, sizeof(struct ifaddrmsg), &message, &attrs)) > 0) {
                const struct ifaddrmsg *header = mnl_nlmsg_get_payload(message);
                struct netlink_address address = {
                        .index = header->ifa_index,
                        .family = header->ifa_family,
                        .prefix = header->ifa_prefixlen,
                        .scope = header->ifa_scope,
                        .flags = header->ifa_flags,
                };
                bool found = false;

                if (message->nlmsg_type != RTM_NEWADDR || !size_of(address.family))
                        continue;
                r = parse_address(attrs, &address, &found);
                if (r < 0)
                        return r;
                if (!found)
                        continue;
                rows = pool_grow(pool, rows, known, sizeof *rows);
                rows[known++] = address;
        }
        if (r < 0)
                return r;
        if (known > 1)
                qsort(rows, known, sizeof *rows, compare);
        *addresses = rows;
        *count = known;
        return 0;
}

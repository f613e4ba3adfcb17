/* The routes to everywhere in a raw rtnetlink dump. */

#include "probes/netlink_parse.h"

#include "agent/core/pool.h"
#include "probes/netlink_walk.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

/* RTA_NH_ID, since Linux 5.3. */
#define NEXT_HOP_OBJECT 30

struct list {
        struct pool *pool;
        struct netlink_way *rows;
        size_t count;
};

static void add_way(struct list *list, struct netlink_way way)
{
        list->rows = pool_grow(list->pool, list->rows, list->count, sizeof *list->rows);
        list->rows[list->count++] = way;
}

/* The next hops of a route, each a header with attributes behind it. One that is dead carries nothing (fib_select_multipath in
 * net/ipv4/fib_semantics.c). */
static int add_hops(struct list *list, const struct nlattr *attr, struct netlink_way way)
{
        const char *at = mnl_attr_get_payload(attr);
        size_t left = mnl_attr_get_payload_len(attr);

        while (left > 0) {
                const struct rtnexthop *hop = (const void *)at;
                size_t size;

                if (left < sizeof *hop || hop->rtnh_len < sizeof *hop || hop->rtnh_len > left)
                        return -EBADMSG;
                way.index = (unsigned)hop->rtnh_ifindex;
                if (!(hop->rtnh_flags & RTNH_F_DEAD))
                        add_way(list, way);
                size = RTNH_ALIGN(hop->rtnh_len);
                if (size > left)
                        size = left;
                at += size;
                left -= size;
        }
        return 0;
}

static int add_route(struct list *list, const struct rtmsg *header, struct walk attrs)
{
        struct netlink_way way = { .family = header->rtm_family, .half = header->rtm_dst_len == 1 };
        const struct nlattr *attr, *hops = NULL;
        uint32_t table = header->rtm_table;
        int r;

        while ((r = walk_next(&attrs, &attr)) > 0) {
                bool whole = true;

                switch (mnl_attr_get_type(attr)) {
                case RTA_DST:
                        whole = mnl_attr_get_payload_len(attr) > 0;
                        way.upper = whole && *(const unsigned char *)mnl_attr_get_payload(attr) & 0x80;
                        break;
                case RTA_TABLE:
                        whole = attr_u32(attr, &table);
                        break;
                case RTA_OIF:
                        whole = attr_u32(attr, &way.index);
                        break;
                case RTA_PRIORITY:
                        whole = attr_u32(attr, &way.metric);
                        break;
                case NEXT_HOP_OBJECT:
                        whole = attr_u32(attr, &way.object);
                        break;
                case RTA_MULTIPATH:
                        hops = attr;
                        break;
                default:
                        break;
                }
                if (!whole)
                        return -EBADMSG;
        }
        if (r < 0 || table != RT_TABLE_MAIN)
                return r;
        if (hops)
                return add_hops(list, hops, way);
        if (!(header->rtm_flags & RTNH_F_DEAD))
                add_way(list, way);
        return 0;
}

int netlink_parse_ways(struct pool *pool, const void *bytes, size_t size, const struct netlink_way **ways, size_t *count)
{
        struct walk walk = { bytes, (const char *)bytes + size }, attrs;
        struct list list = { .pool = pool };
        const struct nlmsghdr *message;
        int r;

        while ((r = walk_message(&walk, sizeof(struct rtmsg), &message, &attrs)) > 0) {
                const struct rtmsg *header = mnl_nlmsg_get_payload(message);

                if (message->nlmsg_type != RTM_NEWROUTE || header->rtm_dst_len > 1 || header->rtm_type != RTN_UNICAST ||
                    header->rtm_flags & RTM_F_CLONED || (header->rtm_family != AF_INET && header->rtm_family != AF_INET6))
                        continue;
                r = add_route(&list, header, attrs);
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return r;
        *ways = list.rows;
        *count = list.count;
        return 0;
}

/* The links in a raw rtnetlink dump. */

#include "probes/netlink_parse.h"

#include "agent/core/pool.h"
#include "probes/netlink_walk.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

static int parse_linkinfo(struct pool *pool, const struct nlattr *nest, struct netlink_link *link)
{
        struct walk walk = walk_nest(nest);
        const struct nlattr *attr;
        int r;

        while ((r = walk_next(&walk, &attr)) > 0)
                if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
                        link->kind = attr_text(pool, attr);
        return r;
}

static int parse_link(struct pool *pool, const struct nlmsghdr *message, struct walk attrs, struct netlink_link *link)
{
        const struct ifinfomsg *header = mnl_nlmsg_get_payload(message);
        const struct nlattr *attr;
        int r;

        *link = (struct netlink_link){
                .index = (unsigned)header->ifi_index,
                .type = header->ifi_type,
                .flags = header->ifi_flags,
        };
        while ((r = walk_next(&attrs, &attr)) > 0) {
                switch (mnl_attr_get_type(attr)) {
                case IFLA_IFNAME:
                        link->name = attr_text(pool, attr);
                        break;
                case IFLA_PHYS_PORT_NAME:
                        link->port_name = attr_text(pool, attr);
                        break;
                case IFLA_LINKINFO:
                        r = parse_linkinfo(pool, attr, link);
                        if (r < 0)
                                return r;
                        break;
                default:
                        break;
                }
        }
        return r;
}

int netlink_parse_links(struct pool *pool, const void *bytes, size_t size, const struct netlink_link **links, size_t *count)
{
        struct walk walk = { bytes, (const char *)bytes + size }, attrs;
        struct netlink_link *found = NULL;
        const struct nlmsghdr *message;
        size_t known = 0;
        int r;

        while ((r = walk_message(&walk, sizeof(struct ifinfomsg), &message, &attrs)) > 0) {
                struct netlink_link link;

                if (message->nlmsg_type != RTM_NEWLINK)
                        continue;
                r = parse_link(pool, message, attrs, &link);
                if (r < 0)
                        return r;
                if (!link.name)
                        continue;
                found = pool_grow(pool, found, known, sizeof *found);
                found[known++] = link;
        }
        if (r < 0)
                return r;
        *links = found;
        *count = known;
        return 0;
}

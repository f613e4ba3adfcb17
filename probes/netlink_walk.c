/* Walking over netlink messages and attributes, trusting no length in them. */

#include "probes/netlink_walk.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

struct walk walk_nest(const struct nlattr *nest)
{
        const char *start = mnl_attr_get_payload(nest);

        return (struct walk){ start, start + mnl_attr_get_payload_len(nest) };
}

int walk_next(struct walk *walk, const struct nlattr **attr)
{
        const struct nlattr *here = (const void *)walk->at;
        ptrdiff_t left = walk->end - walk->at;

        if (left <= 0)
                return 0;
        if (left > INT32_MAX || !mnl_attr_ok(here, (int)left))
                return -EBADMSG;
        /* The padding behind the last attribute may be missing. */
        walk->at += left < MNL_ALIGN(here->nla_len) ? left : MNL_ALIGN(here->nla_len);
        *attr = here;
        return 1;
}

int walk_message(struct walk *walk, size_t header, const struct nlmsghdr **message, struct walk *attrs)
{
        const struct nlmsghdr *here = (const void *)walk->at;
        size_t left = (size_t)(walk->end - walk->at);

        if (left == 0)
                return 0;
        if (left < sizeof *here || here->nlmsg_len > left || here->nlmsg_len < MNL_NLMSG_HDRLEN + MNL_ALIGN(header))
                return -EBADMSG;
        *attrs = (struct walk){ walk->at + MNL_NLMSG_HDRLEN + MNL_ALIGN(header), walk->at + here->nlmsg_len };
        walk->at += left < MNL_ALIGN((size_t)here->nlmsg_len) ? left : MNL_ALIGN((size_t)here->nlmsg_len);
        *message = here;
        return 1;
}

bool attr_u8(const struct nlattr *attr, uint8_t *number)
{
        if (mnl_attr_get_payload_len(attr) < sizeof *number)
                return false;
        *number = mnl_attr_get_u8(attr);
        return true;
}

bool attr_u32(const struct nlattr *attr, uint32_t *number)
{
        if (mnl_attr_get_payload_len(attr) < sizeof *number)
                return false;
        *number = mnl_attr_get_u32(attr);
        return true;
}

const char *attr_text(struct pool *pool, const struct nlattr *attr)
{
        const char *text = mnl_attr_get_payload(attr);
        size_t size = strnlen(text, mnl_attr_get_payload_len(attr));

        return size ? pool_copy(pool, text, size) : NULL;
}

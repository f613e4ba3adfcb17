/* The addresses of interfaces, and which of them are in use. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/netlink_parse.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#define QUESTION "rtnl/addresses"
/* More are told by no list that anybody reads. */
#define ADDRESSES_MAX 4096
#define REMARKS_MAX   4

struct list {
        struct text_buffer words, remarks;
        unsigned count, remarked;
};

struct nic_addresses nic_addresses_ask(struct host *host, struct pool *pool)
{
        struct nic_addresses addresses = { 0 };
        const void *answer;
        size_t size;

        addresses.error = host_ask(host, pool, &answer, &size, QUESTION);
        if (addresses.error == 0)
                addresses.error = netlink_parse_addresses(pool, answer, size, &addresses.rows, &addresses.count);
        return addresses;
}

/* The bit of a temporary address of IPv6 says of one of IPv4 that it is not the first in its network. */
static bool is_temporary(const struct netlink_address *address)
{
        return address->family == AF_INET6 && address->flags & IFA_F_TEMPORARY;
}

/* Why nobody can speak to it; NULL: it is in use. An optimistic one is, while it is being looked for (RFC 4429). */
static const char *unused(const struct netlink_address *address, bool off)
{
        /* The kernel takes its routes away with the interface (fib_disable_ip in net/ipv4/fib_frontend.c). */
        if (off)
                return "not in use: its interface is switched off";
        if (address->flags & IFA_F_DADFAILED)
                return "not in use: another host has it";
        if (address->flags & IFA_F_TENTATIVE && !(address->flags & IFA_F_OPTIMISTIC))
                return "not in use: not yet known to be free";
        return NULL;
}

static const char *oddity(const struct netlink_address *address)
{
        if (address->flags & IFA_F_DEPRECATED)
                return is_temporary(address) ? "temporary and deprecated" : "deprecated";
        return is_temporary(address) ? "temporary" : NULL;
}

static void add_address(struct list *list, const struct netlink_address *address, bool off)
{
        const char *reason = unused(address, off), *remark = reason ? reason : oddity(address);
        char text[INET6_ADDRSTRLEN];

        inet_ntop(address->family, address->bytes, text, sizeof text);
        if (!reason) {
                text_addf(&list->words, "%s/%u ", text, address->prefix);
                list->count++;
        }
        if (remark && list->remarked++ < REMARKS_MAX)
                text_addf(&list->remarks, "%s%s/%u is %s", list->remarked > 1 ? "; " : "", text, address->prefix, remark);
}

__attribute__((format(printf, 4, 5))) static void add_fact(struct facts *facts, struct pool *pool, struct list *list,
                                                           const char *format, ...)
{
        const char *name;
        va_list args;

        va_start(args, format);
        name = pool_vformat(pool, format, args);
        va_end(args);
        if (list->count > ADDRESSES_MAX) {
                fact_unknown(facts, -E2BIG, QUESTION, "%s", name);
                fact_note(facts, "%u addresses are more than can be told", list->count);
        } else {
                fact_known(facts, value_words(pool, list->words.at), QUESTION, "%s", name);
                if (list->remarked > REMARKS_MAX)
                        text_addf(&list->remarks, "; and %u more", list->remarked - REMARKS_MAX);
                if (list->remarked)
                        fact_note(facts, "%s", list->remarks.at);
        }
        text_buffer_free(&list->words);
        text_buffer_free(&list->remarks);
}

/* The first row of this interface, or where it would be: the rows are sorted. */
static size_t first_of(const struct nic_addresses *addresses, int64_t index)
{
        size_t low = 0, high = addresses->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (addresses->rows[middle].index < index)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* Is it known that the interface is not up (IFF_UP)? Whether there is a link is another matter: the host answers without one. */
static bool is_off(const struct nic_links *links, int64_t index)
{
        for (size_t i = 0; i < links->count; i++)
                if (links->rows[i].index == index)
                        return !(links->rows[i].flags & IFF_UP);
        return false;
}

/* By the kernel's list, and not by /sys, which can show the interfaces of another network namespace. */
static int64_t index_of(const struct nic_links *links, const char *name)
{
        for (size_t i = 0; i < links->count; i++)
                if (text_equals(links->rows[i].name, name))
                        return links->rows[i].index;
        return -1;
}

void nic_address_fact(struct facts *facts, struct pool *pool, const struct nic_links *links,
                      const struct nic_addresses *addresses, const char *kind, const char *name)
{
        int r = addresses->error;
        int64_t index = index_of(links, name);
        struct list list = { 0 };
        bool off;

        if (r == 0 && index < 0)
                r = -ENODATA;
        name = text_printable(pool, name, 64);
        if (r < 0) {
                fact_unknown(facts, r, QUESTION, "%s.%s.addresses", kind, name);
                return;
        }
        off = is_off(links, index);
        for (size_t i = first_of(addresses, index); i < addresses->count && addresses->rows[i].index == index; i++)
                add_address(&list, &addresses->rows[i], off);
        add_fact(facts, pool, &list, "%s.%s.addresses", kind, name);
}

/* Without those of the host itself (127.0.0.1) and of its links (fe80::1). */
void nic_addresses_fact(struct facts *facts, struct pool *pool, const struct nic_links *links,
                        const struct nic_addresses *addresses)
{
        struct list list = { 0 };
        bool off = false;

        if (addresses->error < 0) {
                fact_unknown(facts, addresses->error, QUESTION, "net.addresses");
                return;
        }
        for (size_t i = 0; i < addresses->count; i++) {
                /* Sorted by interface. */
                if (i == 0 || addresses->rows[i].index != addresses->rows[i - 1].index)
                        off = is_off(links, addresses->rows[i].index);
                if (addresses->rows[i].scope < RT_SCOPE_LINK)
                        add_address(&list, &addresses->rows[i], off);
        }
        add_fact(facts, pool, &list, "net.addresses");
}

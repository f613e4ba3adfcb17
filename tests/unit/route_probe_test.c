/* Routes as rtnetlink tells them: several next hops, IPv6, halves of everything; what is told without it; and what a capture keeps. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/redact.h"
#include "probes/netlink_parse.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/netlink_build.h"
#include "tests/unit/probe_facts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define HOPS_MAX     3
#define NH_ID        30
#define TABLE        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"

struct route {
        const char *destination;                                                          /* NULL: none is told */
        unsigned prefix, table, index, metric, object, type, flags, hops[HOPS_MAX], dead; /* dead: the hop that is */
};

static void put_gateway(struct nlmsghdr *message, uint16_t type, const char *text)
{
        unsigned char bytes[16];
        bool six = strchr(text, ':') != NULL;

        EXPECT_NUMBER(text, inet_pton(six ? AF_INET6 : AF_INET, text, bytes), 1);
        mnl_attr_put(message, type, six ? 16 : 4, bytes);
}

static void build_route(struct netlink_room *room, bool six, const struct route *route)
{
        struct nlmsghdr *message = mnl_nlmsg_put_header(room->bytes + room->size);
        struct rtmsg *header;

        message->nlmsg_type = RTM_NEWROUTE;
        header = mnl_nlmsg_put_extra_header(message, sizeof *header);
        header->rtm_family = six ? AF_INET6 : AF_INET;
        header->rtm_dst_len = (uint8_t)route->prefix;
        header->rtm_table = RT_TABLE_COMPAT;
        header->rtm_type = (uint8_t)(route->type ? route->type : RTN_UNICAST);
        header->rtm_flags = route->flags;
        mnl_attr_put_u32(message, RTA_TABLE, route->table ? route->table : RT_TABLE_MAIN);
        if (route->destination)
                put_gateway(message, RTA_DST, route->destination);
        if (route->metric)
                mnl_attr_put_u32(message, RTA_PRIORITY, route->metric);
        if (route->object)
                mnl_attr_put_u32(message, NH_ID, route->object);
        put_gateway(message, RTA_PREFSRC, six ? "fd12:3456::17" : "10.20.30.40");
        if (route->index) {
                mnl_attr_put_u32(message, RTA_OIF, route->index);
                put_gateway(message, RTA_GATEWAY, six ? "fd12:3456::1" : "10.20.30.1");
        }
        if (route->hops[0]) {
                struct nlattr *nest = mnl_attr_nest_start(message, RTA_MULTIPATH);

                for (unsigned i = 0; i < HOPS_MAX && route->hops[i]; i++) {
                        struct rtnexthop *hop = mnl_nlmsg_get_payload_tail(message);

                        memset(hop, 0, sizeof *hop);
                        hop->rtnh_ifindex = (int)route->hops[i];
                        hop->rtnh_flags = route->dead == i + 1 ? RTNH_F_DEAD : 0;
                        message->nlmsg_len += sizeof *hop;
                        put_gateway(message, RTA_GATEWAY, six ? "fd12:3456::1" : "10.20.30.1");
                        hop->rtnh_len = (unsigned short)((char *)mnl_nlmsg_get_payload_tail(message) - (char *)hop);
                }
                mnl_attr_nest_end(message, nest);
        }
        room->size += MNL_ALIGN(message->nlmsg_len);
}

static const struct row {
        const char *name, *want, *note;
        struct route routes[3]; /* the first that is all zero ends them */
} rows[] = {
        { "none", "0", NULL, { { 0 } } },
        { "one", "1", "eth0 metric 100", { { .index = 2, .metric = 100 } } },
        { "two", "2", "eth0 metric 0, eth1 metric 200", { { .index = 2 }, { .index = 3, .metric = 200 } } },
        { "two next hops", "2", "eth0 metric 9, eth1 metric 9", { { .hops = { 2, 3 }, .metric = 9 } } },
        { "two next hops of an object", "2", "eth0 metric 0, eth1 metric 0", { { .hops = { 2, 3 }, .object = 7 } } },
        { "one of three is dead", "2", "eth0 metric 0, eth0 metric 0", { { .hops = { 2, 3, 2 }, .dead = 2 } } },
        { "an object, and no more is told",
          "unreadable ENODATA",
          "it leads to next hop object 7, which may be several",
          { { .object = 7 } } },
        { "a whole of two halves",
          "2",
          "eth0 metric 0, lower half eth1, upper half eth1, which go before a default route",
          { { .index = 2 }, { .index = 3, .prefix = 1 }, { .index = 3, .prefix = 1, .destination = "128.0.0.0" } } },
        { "one half",
          "1",
          "eth0 metric 0, upper half eth1, which goes before a default route",
          { { .index = 2 }, { .index = 3, .prefix = 1, .destination = "128.0.0.0" } } },
        { "another table", "0", NULL, { { .index = 2, .table = 100 } } },
        { "unreachable", "0", NULL, { { .index = 2, .type = RTN_UNREACHABLE } } },
        { "dead", "0", NULL, { { .index = 2, .flags = RTNH_F_DEAD } } },
        { "of a cache", "0", NULL, { { .index = 2, .flags = RTM_F_CLONED } } },
        { "a network", "0", NULL, { { .index = 2, .prefix = 24, .destination = "10.20.30.0" } } },
        { "a card that is gone", "1", "interface 9 metric 0", { { .index = 9 } } },
};

static bool is_end(const struct route *route)
{
        return !route->index && !route->hops[0] && !route->object;
}

static void build(struct netlink_room *room, const struct row *row, bool six)
{
        for (size_t i = 0; i < COUNT(row->routes) && !is_end(&row->routes[i]); i++) {
                struct route route = row->routes[i];

                if (six && route.destination)
                        route.destination = route.prefix == 1 ? "8000::" : "fd12:3456::";
                build_route(room, six, &route);
        }
}

static struct tree *make(const void *bytes, size_t size)
{
        struct tree *tree = tree_new();

        tree_file(tree, "/sys/class/net/eth0/ifindex", "2\n");
        tree_file(tree, "/sys/class/net/eth1/ifindex", "3\n");
        tree_file(tree, "/proc/net/route", TABLE "eth0\t00000000\t010011AC\t0003\t0\t0\t100\t00000000\t0\t0\t0\n");
        if (bytes)
                tree_bytes(tree, "/.plumbline/ask/rtnl/routes", bytes, size);
        return tree;
}

static void check(const char *name, struct tree *tree, const char *fact, const char *want, const char *note)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_route);
        const struct fact_row row = { fact, want };
        const struct fact *found = fact_find(facts, fact);

        expect_facts(name, facts, &row, 1);
        EXPECT_TEXT(name, found ? found->note : NULL, note);
        facts_free(facts);
}

static void test_asked(void)
{
        for (size_t i = 0; i < COUNT(rows); i++)
                for (unsigned six = 0; six < 2; six++) {
                        struct netlink_room room = { 0 };
                        struct tree *tree;

                        build(&room, &rows[i], six);
                        tree = make(room.bytes, room.size);
                        check(rows[i].name, tree, six ? "net.default_routes6" : "net.default_routes", rows[i].want,
                              rows[i].note);
                        check(rows[i].name, tree, six ? "net.default_routes" : "net.default_routes6", "0", NULL);
                        tree_free(tree);
                }
}

/* /sys may be of another network namespace. */
static void test_names(void)
{
        struct netlink_room routes = { 0 }, links = { 0 };
        struct tree *tree;

        build(&routes, &(struct row){ .routes = { { .index = 2 } } }, false);
        build_link(&links, 2, "feed", 1, NULL, NULL);
        tree = make(routes.bytes, routes.size);
        tree_bytes(tree, "/.plumbline/ask/rtnl/links", links.bytes, links.size);
        check("of the same answers", tree, "net.default_routes", "1", "feed metric 0");
        tree_free(tree);
}

/* Without an answer, or where asking is too loud, the kernel's table is what there is. */
static void test_table(void)
{
        static const char note[] = "eth0 metric 100; the next hops of one route are counted once here";
        struct netlink_room room = { 0 };
        struct tree *tree = make(NULL, 0);

        check("no answer", tree, "net.default_routes", "1", note);
        check("no answer", tree, "net.default_routes6", "unreadable ENODATA", NULL);
        tree_file(tree, "/proc/net/route",
                  TABLE "tun0\t00000000\t0\t0003\t0\t0\t0\t00000080\n"
                        "tun0\t00000080\t0\t0003\t0\t0\t0\t00000080\n");
        check("halves", tree, "net.default_routes", "1",
              "lower half tun0, upper half tun0, which go before a default route; the next hops of one route are counted once "
              "here");
        tree_free(tree);
        build(&room, &rows[3], false);
        tree = make(room.bytes, room.size);
        host_allow(tree_host(tree), REACH_QUIET);
        check("quiet", tree, "net.default_routes", "1", note);
        check("quiet", tree, "net.default_routes6", "unreadable ECANCELED", NULL);
        EXPECT_NUMBER("nothing was asked", host_reads(tree_host(tree), REACH_TOUCHING), 0);
        tree_free(tree);
}

/* Cut at every byte, and with every length a lie: no more is told than there is, and nothing is read behind the end. */
static void test_hostile(void)
{
        struct netlink_room room = { 0 };

        build(&room, &rows[3], false);
        for (size_t size = 0; size < room.size; size++) {
                autopool struct pool *pool = pool_new();
                const struct netlink_way *ways = NULL;
                size_t count = 0;
                void *bytes = pool_copy(pool, room.bytes, size);

                EXPECT("cut", netlink_parse_ways(pool, bytes, size, &ways, &count) == (size ? -EBADMSG : 0));
                EXPECT_NUMBER("cut", count, 0);
        }
        for (size_t at = 16; at + 1 < room.size; at += 2) {
                autopool struct pool *pool = pool_new();
                const struct netlink_way *ways = NULL;
                size_t count = 0;
                char *bytes = pool_copy(pool, room.bytes, room.size);

                memset(bytes + at, 0xff, 2);
                netlink_parse_ways(pool, bytes, room.size, &ways, &count);
                EXPECT("a lie", count <= 2);
        }
}

/* What a capture holds of routes says how many ways there are, and by which card, and no address. */
static void test_redacted(void)
{
        static const char v4[] = { 10, 20, 30 }, v6[] = { (char)0xfd, 0x12, 0x34, 0x56 };

        for (size_t i = 0; i < COUNT(rows); i++)
                for (unsigned six = 0; six < 2; six++) {
                        autopool struct pool *pool = pool_new();
                        struct netlink_room room = { 0 };
                        struct member row = { ".plumbline/ask/rtnl/routes", MEMBER_FILE, true, room.bytes, 0, 0 };
                        struct tree *tree;

                        build(&room, &rows[i], six);
                        row.size = room.size;
                        redact(pool, &row, 1, NULL);
                        EXPECT_NUMBER(rows[i].name, row.size, room.size);
                        EXPECT(rows[i].name, !memmem(row.bytes, row.size, v4, sizeof v4));
                        EXPECT(rows[i].name, !memmem(row.bytes, row.size, v6, sizeof v6));
                        tree = make(row.bytes, row.size);
                        check(rows[i].name, tree, six ? "net.default_routes6" : "net.default_routes", rows[i].want,
                              rows[i].note);
                        tree_free(tree);
                }
}

/* The same with every length a lie: what is left behind it goes, and the answer says as much as before. */
static void test_redacted_lies(void)
{
        struct netlink_room room = { 0 };

        build(&room, &rows[3], false);
        for (size_t at = 28; at + 1 < room.size; at += 2)
                for (unsigned lie = 0; lie < 256; lie += 5) {
                        autopool struct pool *pool = pool_new();
                        char *bytes = pool_copy(pool, room.bytes, room.size);
                        struct member row = { ".plumbline/ask/rtnl/routes", MEMBER_FILE, true, bytes, room.size, 0 };

                        const struct netlink_way *before = NULL, *after = NULL;
                        size_t count = 0, left = 0;
                        int r;

                        bytes[at] = (char)lie;
                        bytes[at + 1] = 0;
                        r = netlink_parse_ways(pool, pool_copy(pool, bytes, room.size), room.size, &before, &count);
                        redact(pool, &row, 1, NULL);
                        EXPECT_NUMBER("size", row.size, room.size);
                        EXPECT_NUMBER("as much of an answer as before",
                                      netlink_parse_ways(pool, row.bytes, row.size, &after, &left), r);
                        EXPECT_NUMBER("as many", left, count);
                        for (size_t i = 0; i < count && i < left; i++)
                                EXPECT("the same", before[i].index == after[i].index && before[i].metric == after[i].metric &&
                                                           before[i].upper == after[i].upper &&
                                                           before[i].object == after[i].object);
                }
}

static const struct test tests[] = {
        { "rtnetlink", test_asked },
        { "names", test_names },
        { "the kernel's table", test_table },
        { "hostile", test_hostile },
        { "redacted", test_redacted },
        { "redacted, with lengths that lie", test_redacted_lies },
        { NULL, NULL },
};

const struct suite suite_route_probe = { "route_probe", tests };

/* The routes of the host to everywhere. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"
#include "agent/core/text.h"
#include "probes/netlink_parse.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define ROUTES "/proc/net/route"
#define ASKED  "rtnl/routes"
#define COUNT  "net.default_routes"
#define COUNT6 "net.default_routes6"
#define HALF   0x00000080U /* 128.0.0.0 as /proc/net/route has it */
#define HIDDEN "the next hops of one route are counted once here"
/* include/uapi/linux/route.h */
#define RTF_UP     0x0001
#define RTF_REJECT 0x0200

static const struct fact_info route_facts[] = {
        { COUNT, VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Ways by which packets of IPv4 leave for everywhere, in the main table: default routes, each next hop of one that "
          "has "
          "several (ECMP) for itself, and 0.0.0.0/1 with 128.0.0.0/1, which go before them. With none nothing outside the own "
          "networks is reached; with two, the one of the lower metric is taken for as long as its card is there, and which "
          "that is may be an accident; next hops of one route share the traffic. The note names each. Where rtnetlink may not "
          "be asked, next hops are not seen, and the note says so.",
          "rtnetlink RTM_GETROUTE, else " ROUTES },
        { COUNT6, VALUE_NUMBER, UNIT_COUNT, REACH_TOUCHING, "The same of IPv6, with ::/1 and 8000::/1.",
          "rtnetlink RTM_GETROUTE" },
        { 0 },
};

static const struct fact_touch route_touches[] = {
        { COUNT, ASKED }, { COUNT6, ASKED }, { COUNT, "rtnl/links" }, { COUNT6, "rtnl/links" }, { NULL, NULL },
};

/* A list of ways, wherever it is from. */
struct ways {
        struct pool *pool;
        unsigned count, halves[2];
        struct text_buffer names, half_names;
        uint32_t object; /* a next hop that stands for nobody knows how many */
};

static void add_way(struct ways *ways, const char *interface, unsigned long long metric)
{
        text_addf(&ways->names, "%s%s metric %llu", ways->count ? ", " : "", text_printable(ways->pool, interface, 64), metric);
        ways->count++;
}

static void add_half(struct ways *ways, bool upper, const char *interface)
{
        ways->halves[upper]++;
        text_addf(&ways->half_names, "%s%s half %s", ways->half_names.size ? ", " : "", upper ? "upper" : "lower",
                  text_printable(ways->pool, interface, 64));
}

/* Two halves are a whole; one of them goes before the default route for what it covers. */
static void add_fact(struct facts *facts, struct ways *ways, const char *name, const char *source, const char *hidden)
{
        unsigned whole = ways->halves[0] && ways->halves[1]
                                 ? (ways->halves[0] > ways->halves[1] ? ways->halves[0] : ways->halves[1])
                                 : 0;
        const char *noted = ways->count ? ways->names.at : "";

        if (ways->object) {
                fact_unknown(facts, -ENODATA, source, "%s", name);
                fact_note(facts, "it leads to next hop object %u, which may be several", ways->object);
                return;
        }
        fact_known(facts, value_number(ways->count + whole, UNIT_COUNT), source, "%s", name);
        if (ways->half_names.size)
                noted = pool_format(ways->pool, "%s%s%s, which %s before a default route", noted, *noted ? ", " : "",
                                    ways->half_names.at, ways->halves[0] + ways->halves[1] > 1 ? "go" : "goes");
        if (hidden && *noted)
                noted = pool_format(ways->pool, "%s; %s", noted, hidden);
        if (*noted)
                fact_note(facts, "%s", noted);
}

static void free_ways(struct ways *ways)
{
        text_buffer_free(&ways->names);
        text_buffer_free(&ways->half_names);
}

/* "eth0 00000000 010011AC 0003 0 0 100 00000000 0 0 0": interface, destination, gateway, flags, ..., metric, mask. */
static int read_route(struct ways *ways, struct slice line)
{
        enum { INTERFACE, DESTINATION, GATEWAY, FLAGS, REFERENCES, USE, METRIC, MASK, COLUMNS };
        uint64_t destination, flags, metric, mask;
        struct pool *pool = ways->pool;
        struct slice words[COLUMNS];

        if (slice_trim(line).size == 0)
                return 0;
        for (unsigned i = 0; i < COLUMNS; i++)
                if (!slice_word(&line, " \t", &words[i]))
                        return -EBADMSG;
        if (text_u64(slice_dup(pool, words[DESTINATION]), 16, &destination) < 0 ||
            text_u64(slice_dup(pool, words[FLAGS]), 16, &flags) < 0 ||
            text_u64(slice_dup(pool, words[METRIC]), 10, &metric) < 0 || text_u64(slice_dup(pool, words[MASK]), 16, &mask) < 0)
                return -EBADMSG;
        if ((mask && mask != HALF) || !(flags & RTF_UP) || flags & RTF_REJECT)
                return 0;
        /* "ip route add blackhole default" is up and not rejecting, but on no interface (fib_route_seq_show, net/ipv4/fib_trie.c). */
        if (slice_equals(words[INTERFACE], "*"))
                return 0;
        if (mask)
                add_half(ways, destination == HALF, slice_dup(pool, words[INTERFACE]));
        else if (!destination)
                add_way(ways, slice_dup(pool, words[INTERFACE]), metric);
        return 0;
}

/* The kernel prints the first next hop of each route. */
static void read_table(struct host *host, struct facts *facts, struct pool *pool)
{
        struct ways ways = { .pool = pool };
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, pool, &text, ROUTES);
        if (r == 0 && (!text_line(&text, &line) || !text_starts(line.at, "Iface")))
                r = -EBADMSG;
        while (r == 0 && text_line(&text, &line))
                r = read_route(&ways, line);
        if (r < 0)
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, ROUTES, COUNT);
        else
                add_fact(facts, &ways, COUNT, ROUTES, HIDDEN);
        free_ways(&ways);
}

/* Who told of the routes names their interfaces: another network namespace than that of /sys has others by the same numbers. */
static const char *name_of(struct host *host, struct pool *pool, unsigned index)
{
        const struct netlink_link *links = NULL;
        const char *const *names;
        const void *answer;
        size_t size, count = 0;
        int64_t number;

        if (host_ask(host, pool, &answer, &size, "rtnl/links") == 0 &&
            netlink_parse_links(pool, answer, size, &links, &count) == 0)
                for (size_t i = 0; i < count; i++)
                        if (links[i].index == index)
                                return links[i].name;

        if (host_list(host, pool, &names, "/sys/class/net") == 0)
                for (; *names; names++)
                        if (host_number(host, &number, "/sys/class/net/%s/ifindex", *names) == 0 && number == index)
                                return *names;
        return pool_format(pool, "interface %u", index);
}

static void add_asked(struct host *host, struct facts *facts, struct pool *pool, const struct netlink_way *rows, size_t count,
                      int family)
{
        struct ways ways = { .pool = pool };

        for (size_t i = 0; i < count; i++) {
                const struct netlink_way *row = &rows[i];

                if (row->family != family)
                        continue;
                if (!row->index)
                        ways.object = row->object ? row->object : ways.object;
                else if (row->half)
                        add_half(&ways, row->upper, name_of(host, pool, row->index));
                else
                        add_way(&ways, name_of(host, pool, row->index), row->metric);
        }
        add_fact(facts, &ways, family == AF_INET ? COUNT : COUNT6, ASKED, NULL);
        free_ways(&ways);
}

static int route_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        const struct netlink_way *rows = NULL;
        const void *answer;
        size_t size, count = 0;
        int r;

        r = host_ask(host, pool, &answer, &size, ASKED);
        if (r == 0)
                r = netlink_parse_ways(pool, answer, size, &rows, &count);
        if (r == 0) {
                add_asked(host, facts, pool, rows, count, AF_INET);
                add_asked(host, facts, pool, rows, count, AF_INET6);
                return 0;
        }
        fact_unknown(facts, r, ASKED, COUNT6);
        read_table(host, facts, pool);
        return 0;
}

const struct probe probe_route = {
        .name = "route",
        .help = "The routes of the host.",
        .facts = route_facts,
        .touches = route_touches,
        .run = route_run,
};

/* The routes of the host. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define ROUTES "/proc/net/route"
#define COUNT  "net.default_routes"
/* include/uapi/linux/route.h */
#define RTF_UP     0x0001
#define RTF_REJECT 0x0200

static const struct fact_info route_facts[] = {
        { COUNT, VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Default routes of IPv4 in the main table. With none nothing outside the own networks is reached; with two, the one "
          "of the "
          "lower metric is taken for as long as its card is there, and which that is may be an accident. The note names each.",
          ROUTES },
        { 0 },
};

/* "eth0 00000000 010011AC 0003 0 0 100 00000000 0 0 0": interface, destination, gateway, flags, ..., metric, mask. */
static int read_route(struct pool *pool, struct slice line, unsigned *count, struct text_buffer *names)
{
        enum { INTERFACE, DESTINATION, GATEWAY, FLAGS, REFERENCES, USE, METRIC, MASK, COLUMNS };
        uint64_t destination, flags, metric, mask;
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
        if (destination || mask || !(flags & RTF_UP) || flags & RTF_REJECT)
                return 0;
        /* "ip route add blackhole default" is up and not rejecting, but on no interface (fib_route_seq_show, net/ipv4/fib_trie.c). */
        if (slice_equals(words[INTERFACE], "*"))
                return 0;
        text_addf(names, "%s%.*s metric %llu", *count ? ", " : "", (int)words[INTERFACE].size, words[INTERFACE].at,
                  (unsigned long long)metric);
        (*count)++;
        return 0;
}

static int route_run(struct host *host, struct facts *facts)
{
        autobuffer struct text_buffer names = { 0 };
        autopool struct pool *pool = pool_new();
        unsigned count = 0;
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, pool, &text, ROUTES);
        if (r == 0 && (!text_line(&text, &line) || !text_starts(line.at, "Iface")))
                r = -EBADMSG;
        while (r == 0 && text_line(&text, &line))
                r = read_route(pool, line, &count, &names);
        if (r < 0) {
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, ROUTES, COUNT);
                return 0;
        }
        fact_known(facts, value_number(count, UNIT_COUNT), ROUTES, COUNT);
        if (count)
                fact_note(facts, "%s", names.at);
        return 0;
}

const struct probe probe_route = {
        .name = "route",
        .help = "The routes of the host.",
        .facts = route_facts,
        .run = route_run,
};

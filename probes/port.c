/* Ports that somebody names: does anybody listen there, and at which addresses. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define HERE                                                                                                                   \
        " Told only of ports that are asked for: port.tcp.22.state. The kernel walks all sockets of the host for it, under "   \
        "the "                                                                                                                 \
        "locks of its tables."

static const struct fact_info port_facts[] = {
        { "port.tcp.*.state", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "listening where a process accepts connections at this TCP port, else closed." HERE,
          "/proc/net/tcp, /proc/net/tcp6" },
        { "port.tcp.*.addresses", VALUE_WORDS, UNIT_NONE, REACH_TOUCHING,
          "The addresses at which the port listens; 0.0.0.0 and :: are all of the host's. :: takes in IPv4, too, unless the "
          "process "
          "does not want it." HERE,
          "/proc/net/tcp, /proc/net/tcp6" },
        { "port.udp.*.state", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "listening where a process takes datagrams of anybody at this UDP port, else closed." HERE,
          "/proc/net/udp, /proc/net/udp6" },
        { "port.udp.*.addresses", VALUE_WORDS, UNIT_NONE, REACH_TOUCHING, "The addresses at which the UDP port listens." HERE,
          "/proc/net/udp, /proc/net/udp6" },
        { 0 },
};

static const struct fact_touch port_touches[] = {
        { "port.tcp.*.state", "/proc/net/tcp*" },
        { "port.tcp.*.addresses", "/proc/net/tcp*" },
        { "port.udp.*.state", "/proc/net/udp*" },
        { "port.udp.*.addresses", "/proc/net/udp*" },
        { NULL, NULL },
};

/* include/net/tcp_states.h: a TCP socket listens in state TCP_LISTEN; a UDP socket that is bound and not connected is TCP_CLOSE. */
#define LISTENS_TCP 0x0a
#define LISTENS_UDP 0x07

struct listener {
        uint64_t port;
        const char *address;
};

struct listeners {
        int error; /* negative: they are not known */
        size_t count;
        struct listener *rows;
};

/* "0100007F": the words of the address in network order, each printed as a number of this machine (get_tcp4_sock, net/ipv4/tcp_ipv4.c),
 * which is little-endian. */
static int read_address(struct pool *pool, struct slice hex, const char **address)
{
        unsigned char bytes[16];
        char text[INET6_ADDRSTRLEN];

        if (hex.size != 8 && hex.size != 32)
                return -EBADMSG;
        for (size_t i = 0; i < hex.size; i += 8) {
                uint64_t word;

                if (text_u64(slice_dup(pool, (struct slice){ hex.at + i, 8 }), 16, &word) < 0)
                        return -EBADMSG;
                for (unsigned k = 0; k < 4; k++)
                        bytes[i / 2 + k] = (unsigned char)(word >> 8 * k);
        }
        inet_ntop(hex.size == 8 ? AF_INET : AF_INET6, bytes, text, sizeof text);
        *address = pool_dup(pool, text);
        return 0;
}

/* "   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 ..." */
static int read_socket(struct pool *pool, struct slice line, unsigned wanted, struct listeners *listeners)
{
        struct slice number, local, remote, state, hex, port;
        struct listener row;
        uint64_t code;

        if (!slice_word(&line, " ", &number) || !slice_word(&line, " ", &local) || !slice_word(&line, " ", &remote) ||
            !slice_word(&line, " ", &state) || number.at[number.size - 1] != ':')
                return -EBADMSG;
        /* The rest of a line that was cut off would be missing. */
        if (state.size != 2 || !line.size || text_u64(slice_dup(pool, state), 16, &code) < 0)
                return -EBADMSG;
        if (code != wanted)
                return 0;
        if (!slice_word(&local, ":", &hex) || !slice_word(&local, ":", &port) || port.size != 4)
                return -EBADMSG;
        if (text_u64(slice_dup(pool, port), 16, &row.port) < 0 || read_address(pool, hex, &row.address) < 0)
                return -EBADMSG;
        listeners->rows = pool_grow(pool, listeners->rows, listeners->count, sizeof row);
        listeners->rows[listeners->count++] = row;
        return 0;
}

static int read_table(struct host *host, struct pool *pool, const char *file, unsigned wanted, struct listeners *listeners)
{
        autopool struct pool *scratch = pool_new();
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, scratch, &text, "%s", file);
        if (r < 0)
                return r;
        /* The first line names the columns. */
        if (!text_line(&text, &line) || !memmem(line.at, line.size, "local_address", strlen("local_address")))
                return -EBADMSG;
        while (r == 0 && text_line(&text, &line))
                r = read_socket(pool, line, wanted, listeners);
        return r;
}

static void read_listeners(struct host *host, struct pool *pool, const char *protocol, struct listeners *listeners)
{
        unsigned wanted = text_equals(protocol, "tcp") ? LISTENS_TCP : LISTENS_UDP;
        int r;

        *listeners = (struct listeners){ 0 };
        r = read_table(host, pool, pool_format(pool, "/proc/net/%s", protocol), wanted, listeners);
        if (r < 0) {
                listeners->error = r == -ENOENT ? -ENODATA : r;
                return;
        }
        r = read_table(host, pool, pool_format(pool, "/proc/net/%s6", protocol), wanted, listeners);
        /* A kernel without IPv6 has no such file. */
        if (r < 0 && r != -ENOENT)
                listeners->error = r;
}

static void add_port(struct facts *facts, struct pool *pool, const struct listeners *listeners, const char *number,
                     const char *source, const char *fact)
{
        autobuffer struct text_buffer addresses = { 0 };
        uint64_t port;
        int r;

        r = number[strspn(number, "0123456789")] || text_u64(number, 10, &port) < 0 || port == 0 || port > 65535
                    ? -EINVAL
                    : listeners->error;
        if (r < 0) {
                fact_unknown(facts, r, source, "%s", fact);
                if (r == -EINVAL)
                        fact_note(facts, "a port is a number from 1 to 65535");
                return;
        }
        for (size_t i = 0; i < listeners->count; i++)
                if (listeners->rows[i].port == port)
                        text_addf(&addresses, "%s ", listeners->rows[i].address);
        if (text_ends(fact, ".state"))
                fact_known(facts, value_text(pool, addresses.size ? "listening" : "closed"), source, "%s", fact);
        else
                fact_known(facts, value_words(pool, addresses.size ? addresses.at : ""), source, "%s", fact);
}

static int port_run(struct host *host, struct facts *facts)
{
        for (const struct fact_info *info = port_facts; info->name; info++) {
                const char *protocol = text_starts(info->name, "port.tcp.") ? "tcp" : "udp", *number;
                autopool struct pool *pool = pool_new();
                struct listeners listeners;
                bool is_read = false;
                size_t at = 0;

                while ((number = fact_named(facts, info->name, &at)) != NULL) {
                        if (!is_read)
                                read_listeners(host, pool, protocol, &listeners);
                        is_read = true;
                        add_port(facts, pool, &listeners, number, pool_format(pool, "/proc/net/%s", protocol),
                                 pool_format(pool, "port.%s.%s%s", protocol, number, strrchr(info->name, '.')));
                }
        }
        return 0;
}

const struct probe probe_port = {
        .name = "port",
        .help = "Ports that somebody names: does anybody listen there, and at which addresses.",
        .facts = port_facts,
        .touches = port_touches,
        .run = port_run,
};

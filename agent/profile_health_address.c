/* Addresses of endpoints: what no connection can come of is wrong in the profile, and not an endpoint that does not answer. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <arpa/inet.h>
#include <string.h>

#define ADDRESS_MAX 4096

/* What no name of a host holds; RFC 3986, appendix A, and what would be white space to others. */
#define NOT_IN_NAMES " \t\"#%/:<>?@[\\]^`{|}"

/* "[::1]", with or without the name of an interface: "[fe80::1%25eth0]" (RFC 6874), "[fe80::1%eth0]". */
static bool is_bracketed(struct pool *pool, struct slice host)
{
        unsigned char bytes[sizeof(struct in6_addr)];
        char *inside, *zone;

        if (host.size < 3 || host.at[0] != '[' || host.at[host.size - 1] != ']')
                return false;
        inside = slice_dup(pool, (struct slice){ host.at + 1, host.size - 2 });
        zone = strchr(inside, '%');
        if (zone)
                *zone = '\0';
        return inet_pton(AF_INET6, inside, bytes) == 1 && (!zone || zone[1]);
}

static bool is_port(struct pool *pool, struct slice port)
{
        char *digits = slice_dup(pool, port);
        uint64_t number;

        return strspn(digits, "0123456789") == port.size && text_u64(digits, 10, &number) == 0 && number >= 1 &&
               number <= 65535;
}

/* "HOST" or "HOST:PORT"; the port is empty where there is none. */
static bool split(struct pool *pool, struct slice text, struct slice *host, struct slice *port)
{
        const char *end = text.size && text.at[0] == '[' ? memchr(text.at, ']', text.size) : NULL;
        const char *colon = memchr(end ? end : text.at, ':', text.size - (end ? (size_t)(end - text.at) : 0));

        *host = (struct slice){ text.at, colon ? (size_t)(colon - text.at) : text.size };
        *port = (struct slice){ colon ? colon + 1 : "", colon ? text.size - host->size - 1 : 0 };
        if (colon && !is_port(pool, *port))
                return false;
        return is_bracketed(pool, *host) || (host->size && !strpbrk(slice_dup(pool, *host), NOT_IN_NAMES));
}

int profile_endpoint_tcp(struct sections *sections, const struct node *node, struct endpoint *endpoint)
{
        struct pool *pool = sections->profile->pool;
        struct slice host, port;
        int r;

        r = node_is_line(sections->reading, node, "an address such as \"127.0.0.1:9000\"");
        if (r < 0)
                return r;
        if (!split(pool, slice_of(node->text), &host, &port) || !port.size)
                return reading_problem(sections->reading, node,
                                       "found %s, expected an address such as \"127.0.0.1:9000\" or "
                                       "\"[::1]:9000\"",
                                       reading_found(sections->reading, node));
        if (host.at[0] == '[')
                host = (struct slice){ host.at + 1, host.size - 2 };
        endpoint->node = slice_dup(pool, host);
        endpoint->port = slice_dup(pool, port);
        endpoint->what = pool_format(pool, "tcp %s", node->text);
        return 0;
}

/* A password in an address would stand in every report. */
int profile_endpoint_url(struct sections *sections, const struct node *node)
{
        struct pool *pool = sections->profile->pool;
        struct slice host, port, authority;
        const char *rest;
        int r;

        r = node_is_line(sections->reading, node, "an address such as \"http://127.0.0.1:8080/health\"");
        if (r < 0)
                return r;
        rest = text_starts(node->text, "http://")    ? node->text + strlen("http://")
               : text_starts(node->text, "https://") ? node->text + strlen("https://")
                                                     : "";
        authority = (struct slice){ rest, strcspn(rest, "/?#") };
        if (!authority.size || strlen(node->text) > ADDRESS_MAX)
                return reading_problem(sections->reading, node,
                                       "found %s, expected an address that begins with http:// or https://",
                                       reading_found(sections->reading, node));
        if (memchr(rest, '@', authority.size))
                return reading_problem(sections->reading, node,
                                       "found a user in an address, expected none: a profile is no place for passwords");
        if (strpbrk(node->text, " \\"))
                return reading_problem(sections->reading, node,
                                       "found %s, expected an address without blanks and backslashes (a blank is %%20 there)",
                                       reading_found(sections->reading, node));
        if (!split(pool, authority, &host, &port))
                return reading_problem(sections->reading, node,
                                       "found %s, expected a host and a port from 1 to 65535, such as "
                                       "\"http://127.0.0.1:8080/health\" or \"http://[::1]:8080/health\"",
                                       reading_found(sections->reading, node));
        return 0;
}

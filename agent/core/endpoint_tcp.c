/* Is somebody listening at a TCP port? */

#include "agent/core/children.h"
#include "agent/core/endpoint_inside.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A port that nobody has can be the one that the kernel gives to the asking end, which is then connected with itself (RFC 9293,
 * section 3.5, simultaneous open). */
static bool is_itself(int fd)
{
        struct sockaddr_storage here = { 0 }, there = { 0 };
        socklen_t here_size = sizeof here, there_size = sizeof there;

        return getsockname(fd, (struct sockaddr *)&here, &here_size) == 0 &&
               getpeername(fd, (struct sockaddr *)&there, &there_size) == 0 && here_size == there_size &&
               memcmp(&here, &there, here_size) == 0;
}

static int reach(const struct addrinfo *address)
{
        int fd, r = 0;

        fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
        if (fd < 0)
                return -errno;
        if (connect(fd, address->ai_addr, address->ai_addrlen) < 0)
                r = -errno;
        else if (is_itself(fd))
                r = -ECONNREFUSED;
        close(fd);
        return r;
}

void endpoint_ask_tcp(const struct endpoint *endpoint, int out)
{
        static const char open_answer[] = "open\n";
        const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
        struct addrinfo *addresses = NULL;
        int r;

        r = getaddrinfo(endpoint->node, endpoint->port, &hints, &addresses);
        if (r != 0) {
                endpoint_failed(out, "%s: %s", endpoint->node, gai_strerror(r));
                return;
        }
        r = -EADDRNOTAVAIL;
        for (const struct addrinfo *at = addresses; at && r < 0; at = at->ai_next)
                r = reach(at);
        freeaddrinfo(addresses);
        if (r < 0)
                endpoint_failed(out, "%s", strerror(-r));
        else
                children_answer(out, open_answer, sizeof open_answer - 1);
}

/* One netlink request and its whole answer. Only the asking files of the door include this. */

#pragma once

#include <stddef.h>

struct nlmsghdr;
struct pool;

/* Room for any request we make: headers, and the longest name an interface can have. */
#define NETLINK_REQUEST_SIZE 512

/* Sends the request on a socket of its own and collects what the kernel answers, message behind message, without the one that
 * ends a dump. A dump that changed under way is asked again. -ETIMEDOUT: no answer in time; -EOPNOTSUPP: no such kind of socket
 * here; otherwise the kernel's own error. The answer lives in the pool, aligned for any type. */
int netlink_ask(int bus, struct nlmsghdr *request, struct pool *pool, const void **answer, size_t *size);

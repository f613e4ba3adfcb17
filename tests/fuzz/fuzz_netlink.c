/* Fuzzes the parsers of raw netlink answers. */

#include "agent/core/pool.h"
#include "probes/netlink_parse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        autopool struct pool *pool = pool_new();
        autofree void *aligned = memory_zero(size); /* of the exact size, so that a step beyond is seen */
        const struct netlink_link *links = NULL;
        const struct netlink_address *addresses = NULL;
        const struct netlink_way *ways = NULL;
        struct netlink_modes modes = { 0 };
        size_t count = 0;
        bool up;
        int clock;

        memcpy(aligned, bytes, size);
        if (netlink_parse_links(pool, aligned, size, &links, &count) == 0) {
                for (size_t i = 0; i < count; i++)
                        if (!links[i].name || !*links[i].name)
                                abort();
        }
        if (netlink_parse_addresses(pool, aligned, size, &addresses, &count) == 0) {
                for (size_t i = 0; i < count; i++)
                        if (addresses[i].prefix > (addresses[i].family == AF_INET ? 32U : 128U) ||
                            (i && addresses[i - 1].index > addresses[i].index))
                                abort();
        }
        if (netlink_parse_linkmodes(aligned, size, &modes) == 0 && modes.speed_known && modes.speed == 0)
                abort();
        netlink_parse_ways(pool, aligned, size, &ways, &count);
        netlink_parse_linkstate(aligned, size, &up);
        if (netlink_parse_tsinfo(aligned, size, &clock) == 0 && clock < -1)
                abort();
        return 0;
}

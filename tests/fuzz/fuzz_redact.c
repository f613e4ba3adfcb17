/* Fuzzes what takes addresses out of raw netlink answers and of the kernel's tables, and what names a host out of texts. */

#include "agent/redact.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "probes/netlink_parse.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* An answer says as much as before, and never becomes one where it was none. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        static const char *const paths[] = { ".plumbline/ask/rtnl/addresses", ".plumbline/ask/rtnl/routes",
                                             ".plumbline/ask/rtnl/links", "proc/net/route" };
        static const char *const texts[] = { "proc/cmdline", ".plumbline/ask/journal/errors/boot", "etc/hostname",
                                             "sys/firmware/dmi/tables/DMI" };
        static const char *const settings[] = { "etc/x.conf", "etc/udev/rules.d/60-x.rules", "etc/plumbline/profile.yaml",
                                                "proc/self/mountinfo" };
        autopool struct pool *pool = pool_new();
        const struct netlink_address *addresses;
        struct member rows[4];
        const struct netlink_way *ways;
        size_t before = 0, after = 0, ways_before = 0, ways_after = 0;
        const void *copy = pool_copy(pool, bytes, size);
        int r, routes;

        if (!size)
                return 0;
        for (size_t i = 0; i < 4; i++)
                rows[i] = (struct member){ paths[i], MEMBER_FILE, true, copy, size, 0 };
        r = netlink_parse_addresses(pool, copy, size, &addresses, &before);
        routes = netlink_parse_ways(pool, copy, size, &ways, &ways_before);
        redact(pool, rows, 4, NULL);
        if (rows[0].size != size || netlink_parse_addresses(pool, rows[0].bytes, size, &addresses, &after) != r ||
            before != after)
                abort();
        if (rows[1].size != size || netlink_parse_ways(pool, rows[1].bytes, size, &ways, &ways_after) != routes ||
            ways_before != ways_after)
                abort();
        for (size_t i = 0; i < 4; i++)
                rows[i] = (struct member){ texts[i], MEMBER_FILE, true, copy, size, 0 };
        redact(pool, rows, 4, NULL);
        for (size_t i = 0; i < 4; i++)
                rows[i] = (struct member){ settings[i], MEMBER_FILE, true, copy, size, 0 };
        redact(pool, rows, 4, NULL);
        for (size_t i = 0; i < 4; i++)
                if (rows[i].size != size)
                        abort();
        return 0;
}
